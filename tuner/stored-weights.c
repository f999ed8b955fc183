/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored-weights.c: a layer's weights as they are stored, quantized or not, tap by tap. */
#include "config.h"
#include "tuner/stored-weights.h"
#include "model/window.h"

#include <math.h>
#include <string.h>

/* The two's complement number in the lower half of BITS. */
static gint
sign_extend (guint bits)
{
  return (gint)((bits & 7) - (bits & 8));
}

double
fettle_stored_element_read (FettleType type, gconstpointer data, gsize index)
{
  gint64 wide;
  guint8 pair;

  switch (type)
    {
    case FETTLE_TYPE_FLOAT32:
      return (double)((const float *)data)[index];
    case FETTLE_TYPE_INT8:
      return ((const gint8 *)data)[index];
    case FETTLE_TYPE_UINT8:
      return ((const guint8 *)data)[index];
    case FETTLE_TYPE_INT4:
      pair = ((const guint8 *)data)[index / 2];
      return sign_extend (index % 2 == 0 ? pair : pair >> 4);
    case FETTLE_TYPE_INT16:
      return GINT16_FROM_LE (((const gint16 *)data)[index]);
    case FETTLE_TYPE_INT32:
      return GINT32_FROM_LE (((const gint32 *)data)[index]);
    case FETTLE_TYPE_INT64:
      memcpy (&wide, (const char *)data + index * sizeof wide, sizeof wide);
      return (double)GINT64_FROM_LE (wide);
    default:
      return NAN;
    }
}

/* NULL if some are not finite. */
static double *
read_elements (const FettleTensor *tensor)
{
  gsize n = fettle_tensor_get_n_elements (tensor);
  g_autofree double *values = g_new (double, n);
  gconstpointer data = g_bytes_get_data (tensor->data, NULL);

  for (gsize i = 0; i < n; i++)
    {
      values[i] = fettle_stored_element_read (tensor->type, data, i);
      if (!isfinite (values[i]))
        return NULL;
    }
  return g_steal_pointer (&values);
}

/* The weights are stored [tap][output]; here they are [output][tap]. */
static void
transpose (FettleStoredWeights *self)
{
  gsize n = (gsize)self->n_taps * self->n_outputs;
  g_autofree double *stored = g_memdup2 (self->values, n * sizeof *stored);

  for (guint tap = 0; tap < self->n_taps; tap++)
    for (guint o = 0; o < self->n_outputs; o++)
      self->values[(gsize)o * self->n_taps + tap] =
          stored[(gsize)tap * self->n_outputs + o];
}

static gboolean
set_sizes (FettleStoredWeights *self, FettleOpcode opcode, const FettleTensor *input,
           const FettleTensor *weights)
{
  guint depth = (guint)weights->shape[weights->rank - 1];

  self->n_inputs = input->rank > 0 ? (guint)input->shape[input->rank - 1] : 1;
  switch (opcode)
    {
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      self->n_outputs = depth;
      self->n_taps = (guint)(weights->shape[1] * weights->shape[2]);
      self->n_group_inputs = 1;
      return TRUE;
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      self->n_outputs = (guint)weights->shape[0];
      self->n_taps = (guint)(weights->shape[1] * weights->shape[2]);
      self->n_group_inputs = depth;
      return TRUE;
    default:
      self->n_outputs = (guint)weights->shape[0];
      self->n_taps = depth / self->n_inputs;
      self->n_group_inputs = self->n_inputs;
      return depth % self->n_inputs == 0;
    }
}

static void
subtract (FettleStoredWeights *self, double zero_point)
{
  gsize n = (gsize)self->n_outputs * self->n_taps * self->n_group_inputs;

  for (gsize i = 0; i < n; i++)
    self->values[i] -= zero_point;
}

/* Along one axis: does tap K of the window ever lie outside the input, or inside? */
static void
find_taps_along (const FettleWindowAxis *axis, gint32 input, gint32 output, gint32 k,
                 gboolean *is_padded, gboolean *is_read)
{
  gint64 leading = fettle_window_leading_padding (axis, input, output);

  *is_padded = *is_read = FALSE;
  for (gint64 place = 0; place < output; place++)
    {
      gint64 at = place * axis->stride - leading + (gint64)k * axis->dilation;

      if (at >= 0 && at < input)
        *is_read = TRUE;
      else
        *is_padded = TRUE;
    }
}

static void
find_taps (FettleStoredWeights *self, FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleOptions *options = &operator_->options;
  const gint32 *in = fettle_graph_get_operator_input (graph, operator_, 0)->shape;
  const gint32 *filter = fettle_graph_get_operator_input (graph, operator_, 1)->shape;
  const gint32 *out = fettle_graph_get_operator_output (graph, operator_, 0)->shape;
  gboolean is_scattered = operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV;

  self->is_padded = g_new (gboolean, self->n_taps);
  self->is_read = g_new (gboolean, self->n_taps);
  for (guint tap = 0; tap < self->n_taps; tap++)
    {
      gboolean row_padded, row_read, column_padded, column_read;
      FettleWindowAxis rows, columns;

      /* Between the strides of a transposed convolution every tap is missing somewhere. */
      self->is_padded[tap] = is_scattered;
      self->is_read[tap] = TRUE;
      if (is_scattered || operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED)
        continue;
      rows = fettle_window_rows (options, filter[1]);
      columns = fettle_window_columns (options, filter[2]);
      find_taps_along (&rows, in[1], out[1], (gint32)tap / filter[2], &row_padded,
                       &row_read);
      find_taps_along (&columns, in[2], out[2], (gint32)tap % filter[2], &column_padded,
                       &column_read);
      self->is_padded[tap] = row_padded || column_padded;
      self->is_read[tap] = row_read && column_read;
    }
}

static gboolean
read_all (FettleStoredWeights *self, FettleGraph *graph, const FettleOperator *operator_)
{
  gboolean is_scattered = operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV;
  const FettleTensor *weights = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *bias =
      fettle_graph_get_operator_input (graph, operator_, is_scattered ? 3 : 2);
  const FettleTensor *input = fettle_graph_get_operator_input (
      graph, operator_, fettle_opcode_get_data_input (operator_->opcode));
  gint32 zero_point;

  if (weights->data == NULL || (bias != NULL && bias->data == NULL)
      || !set_sizes (self, operator_->opcode, input, weights))
    return FALSE;
  self->values = read_elements (weights);
  if (self->values == NULL)
    return FALSE;
  if (operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    transpose (self);
  /* Other kernels know no zero point of the weights. */
  if (operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED)
    {
      fettle_tensor_get_scale (weights, NULL, &zero_point);
      subtract (self, zero_point);
    }
  fettle_tensor_get_scale (input, NULL, &zero_point);
  self->input_zero_point = zero_point;
  find_taps (self, graph, operator_);
  if (bias != NULL)
    self->bias = read_elements (bias);
  return bias == NULL || self->bias != NULL;
}

FettleStoredWeights *
fettle_stored_weights_new (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleStoredWeights) self = NULL;

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      break;
    default:
      return NULL;
    }
  self = g_new0 (FettleStoredWeights, 1);
  return read_all (self, graph, operator_) ? g_steal_pointer (&self) : NULL;
}

void
fettle_stored_weights_free (FettleStoredWeights *weights)
{
  g_free (weights->values);
  g_free (weights->bias);
  g_free (weights->is_padded);
  g_free (weights->is_read);
  g_free (weights);
}

const double *
fettle_stored_weights_get (const FettleStoredWeights *weights, guint output, guint tap)
{
  return weights->values
         + ((gsize)output * weights->n_taps + tap) * weights->n_group_inputs;
}

guint
fettle_stored_weights_get_first_input (const FettleStoredWeights *weights, guint output)
{
  guint n_groups = weights->n_inputs / weights->n_group_inputs;

  return output / (weights->n_outputs / n_groups) * weights->n_group_inputs;
}
