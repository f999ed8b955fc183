/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-weights.c: integer weights and bias of a layer. */
#include "config.h"
#include "tuner/quantize-weights.h"

#include <float.h>
#include <glib/gi18n.h>
#include <math.h>

/* A quantized bias stays below this, so that the products of a layer with up to 2^30 / (127 * 255)
 * taps, over 33,000, can be added to it in 32 bits. Of 64 bits it does, too: weights small enough for a larger one
 * would have products too small for the multiplier, which the kernels take for 0. */
#define BIAS_LIMIT 0x1p30

/* The weights of a layer as this file works on them. */
typedef struct
{
  const FettleTensor *tensor;
  const float *values;
  gsize n;
  gint32 limit;     /* of the quantized ones */
  guint n_channels; /* output channels */
  guint axis;
  const float *bias; /* per channel, or NULL */
} Weights;

gboolean
fettle_opcode_has_weights (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_CONV_2D || opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D
         || opcode == FETTLE_OPCODE_FULLY_CONNECTED;
}

gboolean
fettle_opcode_get_weight_places (FettleOpcode opcode, FettleWeightPlaces *places)
{
  *places = (FettleWeightPlaces){
    .weights = 1,
    .bias = opcode == FETTLE_OPCODE_TRANSPOSE_CONV ? 3 : 2,
    .axis = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? 3 : 0,
  };
  return opcode == FETTLE_OPCODE_TRANSPOSE_CONV || fettle_opcode_has_weights (opcode);
}

/* The same on both sides of 0, so that no product is larger than its negative. */
gint32
fettle_weights_get_limit (FettleType type)
{
  return type == FETTLE_TYPE_INT4 ? 7 : 127;
}

GBytes *
fettle_weights_pack (FettleType type, const gint8 *steps, gsize n)
{
  gsize size = n / 2 + n % 2;
  guint8 *packed;

  if (type != FETTLE_TYPE_INT4)
    return g_bytes_new (steps, n);
  packed = g_new0 (guint8, size);
  for (gsize i = 0; i < n; i++)
    packed[i / 2] |= (guint8)((steps[i] & 0x0F) << (i % 2 * 4));
  return g_bytes_new_take (packed, size);
}

gint8 *
fettle_weights_unpack (const FettleTensor *tensor)
{
  gsize n = fettle_tensor_get_n_elements (tensor);
  const guint8 *packed = g_bytes_get_data (tensor->data, NULL);
  gint8 *steps;

  if (tensor->type != FETTLE_TYPE_INT4)
    return g_memdup2 (packed, n);
  steps = g_new (gint8, n);
  for (gsize i = 0; i < n; i++)
    {
      gint half = packed[i / 2] >> (i % 2 * 4) & 0x0F;

      steps[i] = (gint8)(half < 8 ? half : half - 16);
    }
  return steps;
}

static gsize
channel_of (const Weights *weights, gsize index)
{
  /* The axis is the outermost or the innermost one. */
  return weights->axis == 0 ? index / (weights->n / weights->n_channels)
                            : index % weights->n_channels;
}

static gboolean
is_finite_constant (const FettleTensor *tensor)
{
  const float *values;

  if (tensor->data == NULL || tensor->type != FETTLE_TYPE_FLOAT32)
    return FALSE;
  values = g_bytes_get_data (tensor->data, NULL);
  for (gsize i = 0; i < fettle_tensor_get_n_elements (tensor); i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
find_weights (FettleGraph *graph, guint layer, const FettleWeightPlaces *places,
              Weights *weights, GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 bias = fettle_operator_get_input (operator_, places->bias);
  const FettleTensor *bias_tensor =
      bias >= 0 ? fettle_graph_get_tensor (graph, (guint)bias) : NULL;
  const FettleTensor *tensor = fettle_graph_get_tensor (
      graph, (guint)fettle_operator_get_input (operator_, places->weights));

  if (!is_finite_constant (tensor)
      || (bias_tensor != NULL && !is_finite_constant (bias_tensor)))
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                   _ ("Layer %u (%s) cannot be quantized: its weights and bias must be "
                      "constants, and finite numbers."),
                   layer, operator_->name);
      return FALSE;
    }
  weights->tensor = tensor;
  weights->values = g_bytes_get_data (tensor->data, NULL);
  weights->n = fettle_tensor_get_n_elements (tensor);
  weights->axis = places->axis;
  weights->n_channels = (guint)tensor->shape[weights->axis];
  weights->bias = bias_tensor != NULL ? g_bytes_get_data (bias_tensor->data, NULL) : NULL;
  return TRUE;
}

/* Per output channel: the largest weight on the last step, or less if the bias would not fit. */
static float *
choose_scales (const Weights *weights, float input_scale, gboolean per_channel,
               double *largest_scale)
{
  float *scales = g_new0 (float, weights->n_channels);
  float largest = 0.0f;

  for (gsize i = 0; i < weights->n; i++)
    {
      float *scale = &scales[channel_of (weights, i)];

      *scale = MAX (*scale, fabsf (weights->values[i]) / (float)weights->limit);
    }
  for (guint c = 0; c < weights->n_channels; c++)
    {
      double bias = weights->bias != NULL ? fabs ((double)weights->bias[c]) : 0.0;

      scales[c] = MAX (scales[c], (float)(bias / (BIAS_LIMIT * (double)input_scale)));
      largest = MAX (largest, scales[c]);
    }
  /* A channel that is all zero, bias too, computes 0 at any scale; so does one too small for a float. */
  largest = largest >= FLT_MIN ? largest : 1.0f;
  for (guint c = 0; c < weights->n_channels; c++)
    if (!per_channel || scales[c] < FLT_MIN)
      scales[c] = largest;
  *largest_scale = (double)largest;
  return scales;
}

static guint
add_weights (FettleGraph *graph, const Weights *weights, FettleType type,
             const float *scales, guint n_scales)
{
  g_autofree gint32 *zero_points = g_new0 (gint32, n_scales);
  g_autofree gint8 *quantized = g_new (gint8, weights->n);
  FettleTensor *tensor;
  guint index;

  for (gsize i = 0; i < weights->n; i++)
    {
      double steps =
          round ((double)weights->values[i] / (double)scales[channel_of (weights, i)]);

      quantized[i] = (gint8)CLAMP (steps, -weights->limit, weights->limit);
    }
  index = fettle_graph_add_tensor (graph, weights->tensor->name, type,
                                   weights->tensor->rank, weights->tensor->shape);
  tensor = fettle_graph_get_tensor (graph, index);
  tensor->data = fettle_weights_pack (type, quantized, weights->n);
  fettle_tensor_set_quantization (tensor, n_scales, weights->axis, scales, zero_points);
  return index;
}

static GBytes *
quantize_bias (const Weights *weights, FettleType type, float input_scale,
               const float *scales)
{
  gsize n = weights->n_channels;
  g_autofree gint32 *narrow = g_new (gint32, n);
  g_autofree gint64 *wide = g_new (gint64, n);

  for (gsize c = 0; c < n; c++)
    {
      double steps =
          round ((double)weights->bias[c] / ((double)input_scale * (double)scales[c]));

      steps = CLAMP (steps, -BIAS_LIMIT, BIAS_LIMIT);
      wide[c] = GINT64_TO_LE ((gint64)steps);
      narrow[c] = GINT32_TO_LE ((gint32)steps);
    }
  return type == FETTLE_TYPE_INT64 ? g_bytes_new (wide, n * sizeof *wide)
                                   : g_bytes_new (narrow, n * sizeof *narrow);
}

static guint
add_bias (FettleGraph *graph, const Weights *weights, const char *name,
          const FettleForm *input, const float *scales, guint n_scales)
{
  gint32 shape[] = { (gint32)weights->n_channels };
  g_autofree gint32 *zero_points = g_new0 (gint32, n_scales);
  g_autofree float *bias_scales = g_new (float, n_scales);
  FettleType type =
      input->type == FETTLE_TYPE_INT16 ? FETTLE_TYPE_INT64 : FETTLE_TYPE_INT32;
  guint index = fettle_graph_add_tensor (graph, name, type, 1, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, index);

  for (guint c = 0; c < n_scales; c++)
    bias_scales[c] = input->scale * scales[c];
  tensor->data = quantize_bias (weights, type, input->scale, scales);
  fettle_tensor_set_quantization (tensor, n_scales, 0, bias_scales, zero_points);
  return index;
}

gboolean
fettle_quantize_weights (FettleGraph *graph, guint layer, const FettleLayerFormat *format,
                         const FettleForm *input, double *largest_scale, GError **error)
{
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  FettleType type =
      fettle_opcode_has_weights (operator_->opcode) ? format->weights : FETTLE_TYPE_INT8;
  g_autofree float *scales = NULL;
  FettleWeightPlaces places;
  Weights weights;
  guint n_scales;

  if (!fettle_opcode_get_weight_places (operator_->opcode, &places))
    g_return_val_if_reached (FALSE);
  if (!find_weights (graph, layer, &places, &weights, error))
    return FALSE;
  weights.limit = fettle_weights_get_limit (type);
  scales = choose_scales (&weights, input->scale, format->is_per_channel, largest_scale);
  n_scales = format->is_per_channel ? weights.n_channels : 1;
  if (weights.bias != NULL)
    {
      gint32 *bias = &g_array_index (operator_->inputs, gint32, places.bias);
      const char *name = fettle_graph_get_tensor (graph, (guint)*bias)->name;

      *bias = (gint32)add_bias (graph, &weights, name, input, scales, n_scales);
    }
  g_array_index (operator_->inputs, gint32, places.weights) =
      (gint32)add_weights (graph, &weights, type, scales, n_scales);
  return TRUE;
}
