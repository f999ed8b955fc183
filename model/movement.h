/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movement.h: operators that move or convert elements one by one: what they may be given, which shapes
 * they give, and which elements they take. */
#pragma once

#include "model/graph-private.h"

G_BEGIN_DECLS

/* RESHAPE, SLICE, PAD, GATHER, CAST, QUANTIZE, RESIZE_BILINEAR and their like. */
gboolean fettle_opcode_moves_data (FettleOpcode opcode);

/* As fettle_graph_check_operands and fettle_graph_infer_shape, for these operators. */
gboolean fettle_movement_check_types (FettleGraph *graph, const FettleOperator *operator_,
                                      GError **error);
gboolean fettle_movement_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                                      guint k, guint *rank, gint32 shape[FETTLE_MAX_RANK],
                                      GError **error);

/* For shapes that contradict each other; MESSAGE goes behind the layer's name. Returns FALSE. */
gboolean fettle_movement_refuse (const char *message, GError **error);

/* The axis VALUE of RANK axes, counted from the end if negative. */
gboolean fettle_movement_axis (gint64 value, guint rank, guint *axis, GError **error);

/* The elements that SLICE or STRIDED_SLICE take: along each axis of the input COUNT elements from START,
 * STEP apart; and the output's shape, where axes are dropped or new. */
typedef struct
{
  struct
  {
    gint32 start, step, count;
  } axes[FETTLE_MAX_RANK];
  guint rank;
  gint32 shape[FETTLE_MAX_RANK];
} FettleSlice;

gboolean fettle_slice_read (FettleGraph *graph, const FettleOperator *operator_,
                            FettleSlice *slice, GError **error);

G_END_DECLS
