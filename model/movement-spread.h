/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movement-spread.h: operators that repeat, choose or regroup elements: FILL, BROADCAST_TO, TILE,
 * REVERSE_V2, SELECT, SELECT_V2, SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND. */
#pragma once

#include "model/graph-private.h"

G_BEGIN_DECLS

/* TRUE if OPCODE is one of them. */
gboolean fettle_opcode_spreads_data (FettleOpcode opcode);

/* TRUE if OPCODE is SELECT or SELECT_V2, whose input 0 is a condition. */
gboolean fettle_opcode_selects (FettleOpcode opcode);

/* As fettle_graph_infer_shape, for these operators. */
gboolean fettle_spread_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                                    guint *rank, gint32 shape[FETTLE_MAX_RANK],
                                    GError **error);

/* The axes that a valid REVERSE_V2 reverses, as bits. */
guint32 fettle_spread_get_axes (FettleGraph *graph, const FettleOperator *operator_);

/* Axis AXIS counted from the last, which is 0; 1 beyond the rank. */
gint32 fettle_extent_from_last (const FettleTensor *tensor, guint axis);

/* CONDITION, a vector, chooses rows of FIRST; otherwise it broadcasts. */
gboolean fettle_select_takes_rows (const FettleOperator *operator_,
                                   const FettleTensor *condition,
                                   const FettleTensor *first);

/* Along the axes of space: cells of a block, and cells that are added or cut off; 1 and 0 for an axis that
 * the input does not have. */
typedef struct
{
  gint32 size[2], before[2], after[2];
} FettleBlocks;

gboolean fettle_blocks_read (FettleGraph *graph, const FettleOperator *operator_,
                             FettleBlocks *blocks, GError **error);

G_END_DECLS
