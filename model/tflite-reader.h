/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-reader.h: TensorFlow Lite files. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* TRUE if BYTES begin like a TensorFlow Lite file ("TFL3" at offset 4). */
gboolean fettle_tflite_probe (GBytes *bytes);

/* NAME is what errors call the model. Every access is checked: any bytes are safe.
 * Errors: FETTLE_MODEL_ERROR_FORMAT for damage (with the offset or table), UNSUPPORTED with all
 * unsupported operators by name and layer index, or with a sentence on hybrid models. */
FettleGraph *fettle_tflite_read (GBytes *bytes, const char *name, GError **error);

G_END_DECLS
