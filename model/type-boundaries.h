/* SPDX-License-Identifier: GPL-3.0-or-later */
/* type-boundaries.h: QUANTIZE and DEQUANTIZE where layers of different types meet. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* How an activation holds its numbers. */
typedef struct
{
  FettleType type;
  float scale; /* float32 has neither */
  gint32 zero_point;
} FettleForm;

/* The form of TENSOR: its type, and its per-tensor scale. */
FettleForm fettle_tensor_get_form (const FettleTensor *tensor);

#define FETTLE_READ_AS_OUTPUT G_MAXUINT

/* Layer LAYER can read its input INPUT in this form only. With FETTLE_READ_AS_OUTPUT for a layer:
 * output INPUT of the model has this form. */
typedef struct
{
  guint layer;
  guint input;
  FettleForm form;
} FettleReading;

/* Where a reading asks for another form than the tensor has, lets the layer read a converted copy.
 * Layers that make the copies are inserted: DEQUANTIZE to float32, otherwise QUANTIZE; one per tensor and
 * form, however many layers read it; none where a copy in that form exists already, because the tensor
 * was dequantized from it, and then a DEQUANTIZE that nobody needs any more is removed. Constants are
 * converted at once. The larger copy lives shorter: a conversion to a smaller type follows the layer
 * that wrote the tensor, another one precedes its first reader.
 *
 * READINGS has at most one entry for a place; its layers count as before the call. New layers are named for the layer or input that they
 * convert and the new type, "conv1/int8", and so are the tensors that they write; the same graph and readings always give the same names.
 *
 * FALSE with ERROR, and the graph half changed, if a form is impossible: of a state, from or to bool or
 * int64, or an integer without a positive scale. Says nothing about layers without a reading; validate
 * the graph afterwards. */
gboolean fettle_graph_insert_conversions (FettleGraph *graph,
                                          const FettleReading *readings, guint n_readings,
                                          GError **error);

G_END_DECLS
