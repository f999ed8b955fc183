/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner.h: an image in an arena on the desktop, executed by the runtime that boards run. */
#pragma once

#include "model/lower.h"

G_BEGIN_DECLS

typedef struct _FettleRunner FettleRunner;

/* Keeps a reference to the image. Not for use by two threads at once; make one per thread. */
FettleRunner *fettle_runner_new (GBytes *image, GError **error);
void fettle_runner_free (FettleRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleRunner, fettle_runner_free)

/* State back to its initial value; a new runner is reset already. */
void fettle_runner_reset (FettleRunner *runner);

/* After layer LAYER: OUTPUT is the raw bytes of its output 0, valid during the call. */
typedef void (*FettleLayerFunc) (guint layer, gconstpointer output, gsize size,
                                 gpointer user_data);

/* FUNC may be NULL. Fails only if CANCELLABLE (may be NULL) was cancelled. */
gboolean fettle_runner_run (FettleRunner *runner, FettleLayerFunc func,
                            gpointer user_data, GCancellable *cancellable,
                            GError **error);

/* Bytes of input and output INDEX inside the arena; write inputs before each run (the plan may
 * reuse their place). */
gpointer fettle_runner_get_input (FettleRunner *runner, guint index, gsize *size);
gconstpointer fettle_runner_get_output (FettleRunner *runner, guint index, gsize *size);
guint fettle_runner_get_n_inputs (FettleRunner *runner);
guint fettle_runner_get_n_outputs (FettleRunner *runner);

/* --- values of a tensor as real numbers --- */

/* Quantizes N real values into RAW as TENSOR's type says: clamp (round (v / scale) + zero point) in
 * float, half away from zero; float32 copies. */
void fettle_tensor_encode (const FettleTensor *tensor, const float *values, gpointer raw,
                           gsize n);
/* And back. */
void fettle_tensor_decode (const FettleTensor *tensor, gconstpointer raw, float *values,
                           gsize n);

G_END_DECLS
