/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequence.h: operators that keep state between invocations: UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF. */
#pragma once

#include "model/graph-private.h"

G_BEGIN_DECLS

/* Places in the LSTM's list of 24 inputs. Gates: input, forget, cell, output. */
enum
{
  FETTLE_LSTM_INPUT_WEIGHTS = 1, /* of the four gates */
  FETTLE_LSTM_RECURRENT_WEIGHTS = 5,
  FETTLE_LSTM_PEEPHOLES = 9, /* three */
  FETTLE_LSTM_BIASES = 12,
  FETTLE_LSTM_PROJECTION = 16, /* weights and bias */
  FETTLE_LSTM_HIDDEN_STATE = 18,
  FETTLE_LSTM_CELL_STATE = 19,
  FETTLE_LSTM_NORMALIZATION = 20, /* four */
  FETTLE_LSTM_N_INPUTS = 24,
};

enum
{
  FETTLE_SVDF_FEATURE_WEIGHTS = 1,
  FETTLE_SVDF_TIME_WEIGHTS = 2,
  FETTLE_SVDF_BIAS = 3,
  FETTLE_SVDF_STATE = 4,
  FETTLE_SVDF_N_INPUTS = 5,
};

/* TRUE if OPCODE is one of the two. */
gboolean fettle_opcode_keeps_state (FettleOpcode opcode);

/* Of these operators: the place of state K among the inputs; 0 if there are not so many. */
guint fettle_sequence_get_state (FettleOpcode opcode, guint k);

/* As fettle_graph_check_operands and fettle_graph_infer_shape, for these operators. */
gboolean fettle_sequence_check_operands (FettleGraph *graph,
                                         const FettleOperator *operator_, GError **error);
gboolean fettle_sequence_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                                      guint *rank, gint32 shape[FETTLE_MAX_RANK],
                                      GError **error);

G_END_DECLS
