/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-intervals-weighted.c: between which values the channels of a layer with weights stay. */
#include "config.h"
#include "model/multiplier.h"
#include "tuner/channel-intervals.h"
#include "tuner/layer-runner.h"
#include "tuner/stored-weights.h"

#include <math.h>
#include <string.h>

/* Half a unit in the last place of a float, and half as much again. */
#define FLOAT_ROUNDING (1.5 * 0x1p-24)

/* Sums that a 48-bit accumulator may not leave. */
#define LARGEST_WIDE_SUM 0x1p47

typedef struct
{
  double minimum, maximum;
  double magnitude; /* of the terms, whatever their signs */
  gsize n_terms;
} Sum;

static void
add_term (Sum *sum, double weight, double low, double high, gboolean may_be_missing)
{
  double least = MIN (weight * low, weight * high);
  double most = MAX (weight * low, weight * high);

  if (may_be_missing)
    {
      least = MIN (least, 0.0);
      most = MAX (most, 0.0);
    }
  /* A weight of 0 counts for nothing beside an infinite end, too: inputs are finite. */
  if (weight == 0.0 || (least == 0.0 && most == 0.0))
    return;
  sum->minimum += least;
  sum->maximum += most;
  sum->magnitude += MAX (fabs (least), fabs (most));
  sum->n_terms++;
}

static Sum
bound_sum (const FettleStoredWeights *weights, const FettleIntervals *input, guint output)
{
  guint first = fettle_stored_weights_get_first_input (weights, output);
  double bias = weights->bias != NULL ? weights->bias[output] : 0.0;
  Sum sum = { bias, bias, fabs (bias), 0 };

  for (guint tap = 0; tap < weights->n_taps; tap++)
    {
      const double *values = fettle_stored_weights_get (weights, output, tap);

      for (guint i = 0; weights->is_read[tap] && i < weights->n_group_inputs; i++)
        add_term (&sum, values[i], input->minimum[first + i] - weights->input_zero_point,
                  input->maximum[first + i] - weights->input_zero_point,
                  weights->is_padded[tap]);
    }
  return sum;
}

/* A float sum may be off by this much, in whatever order it is formed. */
static double
bound_rounding (const Sum *sum)
{
  return sum->n_terms == 0 ? 0.0
                           : ((double)sum->n_terms + 2.0)
                                 * (FLOAT_ROUNDING * sum->magnitude + 0x1p-148);
}

/* The next float outwards, since ends are handed on as floats. */
static double
round_outwards (double value, float direction)
{
  float rounded = (float)value;

  if (direction < 0.0f ? (double)rounded > value : (double)rounded < value)
    rounded = nextafterf (rounded, direction);
  return (double)rounded;
}

static void
find_float (const FettleOperator *operator_, const FettleStoredWeights *weights,
            const FettleIntervals *input, FettleIntervals *output)
{
  float low, high;

  fettle_activation_range_f32 (operator_->options.activation, &low, &high);
  for (guint o = 0; o < weights->n_outputs; o++)
    {
      Sum sum = bound_sum (weights, input, o);
      double rounding = bound_rounding (&sum);
      double least = sum.minimum - rounding, most = sum.maximum + rounding;

      /* Also if one is NaN. */
      if (!(fabs (least) <= (double)G_MAXFLOAT && fabs (most) <= (double)G_MAXFLOAT))
        {
          least = -INFINITY;
          most = INFINITY;
        }
      output->minimum[o] =
          round_outwards (CLAMP (least, (double)low, (double)high), -INFINITY);
      output->maximum[o] =
          round_outwards (CLAMP (most, (double)low, (double)high), INFINITY);
    }
}

static FettleType
find_sum_type (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *bias = fettle_graph_get_operator_input (graph, operator_, 2);

  if (bias != NULL)
    return bias->type;
  return input->type == FETTLE_TYPE_INT8
                 || operator_->options.bias_type == FETTLE_TYPE_INT32
             ? FETTLE_TYPE_INT32
             : FETTLE_TYPE_INT64;
}

static gint32
add_like (FettleGraph *graph, const FettleTensor *like, FettleType type, guint rank,
          const gint32 *shape)
{
  const FettleQuantization *quantization = &like->quantization;
  guint index = fettle_graph_add_tensor (graph, "", type, rank, shape);

  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, index),
                                  quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
  return (gint32)index;
}

static GBytes *
make_zeros (const FettleTensor *weights)
{
  gsize size = fettle_tensor_get_size (weights);
  guint8 *bytes = g_malloc (size);
  gint32 zero_point;

  fettle_tensor_get_scale (weights, NULL, &zero_point);
  if (weights->type == FETTLE_TYPE_INT4)
    zero_point = (zero_point & 0xF) * 0x11;
  memset (bytes, zero_point & 0xFF, size);
  return g_bytes_new_take (bytes, size);
}

static GBytes *
make_sums (FettleType type, const double *sums, guint n)
{
  gsize size = fettle_type_get_size (type);
  guint8 *bytes = g_malloc (n * size);

  for (guint o = 0; o < n; o++)
    {
      gint64 sum = GINT64_TO_LE ((gint64)sums[o]);

      memcpy (bytes + o * size, &sum, size);
    }
  return g_bytes_new_take (bytes, n * size);
}

/* The layer with one input element, weights of zero, and SUMS for its bias. */
static FettleGraph *
make_bias_only (FettleGraph *graph, const FettleOperator *operator_, const double *sums)
{
  FettleGraph *made = fettle_graph_new ();
  FettleOperator *copy = fettle_operator_new (operator_->opcode, operator_->name);
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *weights = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  guint rank = weights->rank;
  guint axis = operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? 3 : 0;
  gint32 n = weights->shape[axis];
  const gint32 ones[] = { 1, 1, 1, 1 };
  gint32 weight_shape[] = { 1, 1, 1, 1 }, shape[] = { 1, 1, 1, 1 }, number;
  FettleType type = find_sum_type (graph, operator_);

  weight_shape[axis] = shape[rank - 1] = n;
  number = add_like (made, input, input->type, rank, ones);
  g_array_append_val (copy->inputs, number);
  number = add_like (made, weights, weights->type, rank, weight_shape);
  fettle_graph_get_tensor (made, (guint)number)->data =
      make_zeros (fettle_graph_get_tensor (made, (guint)number));
  g_array_append_val (copy->inputs, number);
  number = (gint32)fettle_graph_add_tensor (made, "", type, 1, &n);
  fettle_graph_get_tensor (made, (guint)number)->data = make_sums (type, sums, (guint)n);
  g_array_append_val (copy->inputs, number);
  number = add_like (made, output, output->type, rank, shape);
  g_array_append_val (copy->outputs, number);
  copy->options.activation = operator_->options.activation;
  copy->options.padding = FETTLE_PADDING_VALID;
  copy->options.stride_height = copy->options.stride_width = 1;
  copy->options.dilation_height = copy->options.dilation_width = 1;
  copy->options.depth_multiplier = n;
  fettle_graph_insert_operator (made, 0, copy);
  return made;
}

/* What the runtime makes of SUMS, one for each output channel. */
static gboolean
requantize (FettleGraph *graph, const FettleOperator *operator_, const double *sums,
            guint n, double *values)
{
  g_autoptr (FettleGraph) made = make_bias_only (graph, operator_, sums);
  g_autoptr (FettleLayerRunner) runner = fettle_layer_runner_new (made, 0, NULL);
  gboolean is_s8 =
      fettle_graph_get_operator_output (graph, operator_, 0)->type == FETTLE_TYPE_INT8;
  gconstpointer output;
  gpointer place;
  gsize size;

  if (runner == NULL)
    return FALSE;
  place = fettle_layer_runner_get_input (runner, 0, &size);
  memset (place, 0, size);
  fettle_layer_runner_run (runner);
  output = fettle_layer_runner_get_output (runner, 0, NULL);
  for (guint o = 0; o < n; o++)
    values[o] = is_s8 ? ((const gint8 *)output)[o] : ((const gint16 *)output)[o];
  return TRUE;
}

static void
find_quantized (FettleGraph *graph, const FettleOperator *operator_,
                const FettleStoredWeights *weights, const FettleIntervals *input,
                FettleIntervals *output)
{
  guint n = weights->n_outputs;
  g_autofree double *least = g_new (double, n);
  g_autofree double *most = g_new (double, n);
  g_autofree gboolean *fits = g_new (gboolean, n);
  gboolean is_wide = find_sum_type (graph, operator_) == FETTLE_TYPE_INT64;
  double limit = is_wide ? LARGEST_WIDE_SUM : (double)G_MAXINT32;

  for (guint o = 0; o < n; o++)
    {
      Sum sum = bound_sum (weights, input, o);

      fits[o] = sum.minimum >= -limit && sum.maximum <= limit;
      least[o] = fits[o] ? sum.minimum : 0.0;
      most[o] = fits[o] ? sum.maximum : 0.0;
    }
  if (!requantize (graph, operator_, least, n, least)
      || !requantize (graph, operator_, most, n, most))
    return;
  for (guint o = 0; o < n; o++)
    if (fits[o])
      {
        output->minimum[o] = least[o];
        output->maximum[o] = most[o];
      }
}

void
fettle_intervals_find_weighted (FettleGraph *graph, guint layer,
                                const FettleIntervals *input, FettleIntervals *output)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleStoredWeights) weights = fettle_stored_weights_new (graph, layer);

  if (weights == NULL || operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV
      || weights->n_inputs != input->n_channels
      || weights->n_outputs != output->n_channels)
    return;
  if (fettle_graph_get_operator_input (graph, operator_, 0)->type == FETTLE_TYPE_FLOAT32)
    find_float (operator_, weights, input, output);
  else
    find_quantized (graph, operator_, weights, input, output);
}
