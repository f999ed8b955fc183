/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h: how far a worker thread has come, for the main thread to read. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FettleProgress FettleProgress;

FettleProgress *fettle_progress_new (const char *step);
FettleProgress *fettle_progress_ref (FettleProgress *self);
void fettle_progress_unref (FettleProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleProgress, fettle_progress_unref)

/* From any thread. FRACTION is 0..1, or negative when it cannot be known. */
void fettle_progress_set (FettleProgress *self, const char *step, double fraction);
/* From any thread. The step is returned, with the time that is left if that can be said; free with g_free. */
char *fettle_progress_get (FettleProgress *self, double *fraction);

G_END_DECLS
