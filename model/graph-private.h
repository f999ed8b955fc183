/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-private.h: parts of a graph that only model/ may touch. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* No tensor of a valid graph is larger; the runtime opens no image or arena that is. */
#define FETTLE_MAX_TENSOR_SIZE (1u << 30) /* bytes */

gboolean fettle_type_is_known (gint64 type);
/* No dimension is below 1, and all bytes together are at most FETTLE_MAX_TENSOR_SIZE. */
gboolean fettle_tensor_has_possible_size (const FettleTensor *tensor);
/* A constant without elements: a shape of no dimensions, a list of no axes. */
gboolean fettle_tensor_is_empty_list (const FettleTensor *tensor);
/* The numbers that the type holds; those of int32 for wider types and for float. */
void fettle_type_get_range (FettleType type, gint32 *least, gint32 *most);

FettleTensor *fettle_tensor_new (const char *name, FettleType type, guint rank,
                                 const gint32 *shape);
FettleTensor *fettle_tensor_copy (const FettleTensor *tensor);
void fettle_tensor_free (FettleTensor *tensor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleTensor, fettle_tensor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleOperator, fettle_operator_free)

/* Takes TENSOR; returns its number. */
guint fettle_graph_take_tensor (FettleGraph *self, FettleTensor *tensor);

/* The shape that OPERATOR's output K must have, from its inputs; the types, arity and constants were
 * checked before. ERROR says what does not fit, without naming the layer. */
gboolean fettle_graph_infer_shape (FettleGraph *self, const FettleOperator *operator_,
                                   guint k, guint *rank, gint32 shape[FETTLE_MAX_RANK],
                                   GError **error);

/* The same of single operators; DIMENSIONS has FETTLE_MAX_RANK entries. */
gboolean fettle_infer_transpose_conv (const FettleTensor *input,
                                      const FettleTensor *weights,
                                      const FettleTensor *output_shape,
                                      const FettleOptions *options, gint32 *dimensions,
                                      GError **error);
gboolean fettle_infer_batch_matmul (const FettleTensor *first, const FettleTensor *second,
                                    const FettleOptions *options, guint *rank,
                                    gint32 *dimensions, GError **error);

/* Types, arity and constants of one operator. ERROR as above. */
gboolean fettle_graph_check_operands (FettleGraph *self, const FettleOperator *operator_,
                                      GError **error);

/* Types and shapes of weights and bias of the convolutions and FULLY_CONNECTED. ERROR as above. */
gboolean fettle_check_weighted (FettleGraph *self, const FettleOperator *operator_,
                                GError **error);

/* The axes that a MEAN, SUM, REDUCE_MAX or REDUCE_MIN reduces: bit k = axis k of INPUT. */
gboolean fettle_reduced_axes (const FettleTensor *input, const FettleTensor *axes,
                              guint32 *mask, GError **error);

/* The axis of INPUT along which ARG_MAX or ARG_MIN searches. */
gboolean fettle_arg_axis (const FettleTensor *input, const FettleTensor *axis,
                          guint *number, GError **error);

/* "Layer 3 (conv2d_3, CONV_2D): " in front of *ERROR. */
void fettle_graph_prefix_layer (FettleGraph *self, guint layer, GError **error);

G_END_DECLS
