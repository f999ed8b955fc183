/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aligned.c: memory at addresses that the runtime accepts. */
#include "model/aligned.h"
#include "runtime/frt.h"

gpointer
fettle_aligned_alloc (gsize size)
{
  return g_aligned_alloc0 (1, MAX (size, 1), FRT_ALIGNMENT);
}

void
fettle_aligned_free (gpointer memory)
{
  g_aligned_free (memory);
}
