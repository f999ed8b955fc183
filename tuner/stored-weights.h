/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored-weights.h: a layer's weights as they are stored, quantized or not, tap by tap; private to the
 * room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Output channel o of a layer is the sum of its bias and of values[o][tap][i] times the input's
 * element at TAP, channel g * n_group_inputs + i, less the input's zero point; g is the group that o
 * belongs to. Whole numbers if quantized: of each weight its zero point is taken already. A
 * FULLY_CONNECTED that reads several places of its input at once has a tap for each. */
typedef struct
{
  guint n_outputs, n_inputs; /* channels */
  guint n_taps, n_group_inputs;
  double *values;
  double *bias; /* per output channel, or NULL */
  double input_zero_point;
  /* Per tap: lies in the padding for some output, lies in the input for some. */
  gboolean *is_padded, *is_read;
} FettleStoredWeights;

/* Of CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and TRANSPOSE_CONV. NULL if the layer is another, if its
 * numbers are not finite, or if the elements that an output channel reads are not the same channels
 * each time. */
FettleStoredWeights *fettle_stored_weights_new (FettleGraph *graph, guint layer);
void fettle_stored_weights_free (FettleStoredWeights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleStoredWeights, fettle_stored_weights_free)

/* The weights of output channel OUTPUT at TAP, one for each input of its group. */
const double *fettle_stored_weights_get (const FettleStoredWeights *weights, guint output,
                                         guint tap);
/* The first input channel of OUTPUT's group. */
guint fettle_stored_weights_get_first_input (const FettleStoredWeights *weights,
                                             guint output);

/* Element INDEX of DATA as stored, of type float32, an integer type, or int4; NaN for others. */
double fettle_stored_element_read (FettleType type, gconstpointer data, gsize index);

G_END_DECLS
