/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aligned.h: memory at addresses that the runtime accepts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SIZE bytes of 0, aligned to FRT_ALIGNMENT; aborts if there is no memory, as g_malloc. */
gpointer fettle_aligned_alloc (gsize size);
void fettle_aligned_free (gpointer memory);

G_END_DECLS
