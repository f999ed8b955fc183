/* SPDX-License-Identifier: GPL-3.0-or-later */
/* variables.h: operators that read and write variable tensors.
 *
 * READ_VARIABLE copies the variable that is its input; ASSIGN_VARIABLE copies its input to the variable
 * that is its output. CALL_ONCE copies input k + 1, a constant, to output k, a variable, in the first run
 * behind a reset; its input 0 is a variable of type bool in which it remembers that it has done so.
 */
#pragma once

#include "model/graph-private.h"

G_BEGIN_DECLS

gboolean fettle_opcode_handles_variables (FettleOpcode opcode);

/* The outputs of OPCODE are variables, which may be written more than once. */
gboolean fettle_opcode_writes_variables (FettleOpcode opcode);

/* As fettle_graph_check_operands and fettle_graph_infer_shape, for these operators. Any shape will do
 * that holds as many elements. */
gboolean fettle_variables_check_operands (FettleGraph *graph,
                                          const FettleOperator *operator_,
                                          GError **error);
gboolean fettle_variables_infer_shape (FettleGraph *graph,
                                       const FettleOperator *operator_, guint k,
                                       guint *rank, gint32 shape[FETTLE_MAX_RANK]);

G_END_DECLS
