/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elementwise.h: operators that compute each element of the output from one element of each input. */
#pragma once

#include "model/graph-private.h"

G_BEGIN_DECLS

/* 1 or 2 (whose shapes broadcast); 0 for an operator that is not element-wise. */
guint8 fettle_elementwise_count_inputs (FettleOpcode opcode);

/* As fettle_graph_check_operands, for these operators. */
gboolean fettle_elementwise_check_types (FettleGraph *graph,
                                         const FettleOperator *operator_, GError **error);

G_END_DECLS
