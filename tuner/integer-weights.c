/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integer-weights.c: the weights and bias of a quantized layer. */
#include "config.h"
#include "tuner/integer-weights.h"
#include "tuner/quantize-weights.h"

#include <float.h>
#include <math.h>

/* As in quantize-weights.c: products can be added to a bias of this size in 32 bits. */
#define BIAS_LIMIT 0x1p30

static FettleTensor *
get_operand (FettleGraph *graph, guint layer, guint k)
{
  gint32 index = fettle_operator_get_input (fettle_graph_get_operator (graph, layer), k);

  return index >= 0 ? fettle_graph_get_tensor (graph, (guint)index) : NULL;
}

static double *
read_bias (const FettleTensor *tensor, const FettleIntegerWeights *weights)
{
  guint n = fettle_layer_columns_count_channels (&weights->columns);
  double *bias = g_new (double, n);
  gconstpointer raw = g_bytes_get_data (tensor->data, NULL);

  for (guint c = 0; c < n; c++)
    {
      gint64 steps = tensor->type == FETTLE_TYPE_INT64
                         ? GINT64_FROM_LE (((const gint64 *)raw)[c])
                         : GINT32_FROM_LE (((const gint32 *)raw)[c]);

      bias[c] = (double)steps * weights->input_scale
                * fettle_integer_weights_get_scale (weights, c);
    }
  return bias;
}

/* The weights' scales for which the product of scales fits the output, and the bias its type. */
static void
find_scale_limits (FettleIntegerWeights *weights, const FettleTensor *output)
{
  double largest_bias = 0.0;
  float output_scale;

  fettle_tensor_get_scale (output, &output_scale, NULL);
  /* Below 1/2, as in step-quantize.c, or as large as they are. */
  weights->largest_scale = (double)output_scale / (2.0 * weights->input_scale);
  for (guint i = 0; i < weights->n_scales; i++)
    weights->largest_scale = MAX (weights->largest_scale, weights->scales[i]);
  if (weights->bias != NULL)
    for (guint c = 0; c < fettle_layer_columns_count_channels (&weights->columns); c++)
      largest_bias = MAX (largest_bias, fabs (weights->bias[c]));
  /* Twice, since the bias changes with the weights. */
  weights->smallest_scale =
      MAX (FLT_MIN, 2.0 * largest_bias / (BIAS_LIMIT * weights->input_scale));
}

FettleIntegerWeights *
fettle_integer_weights_new (FettleGraph *graph, guint layer)
{
  g_autoptr (FettleIntegerWeights) weights = g_new0 (FettleIntegerWeights, 1);
  const FettleTensor *tensor, *bias;
  float input_scale;

  if (!fettle_layer_columns_init (&weights->columns, graph, layer))
    return NULL;
  tensor = get_operand (graph, layer, 1);
  bias = get_operand (graph, layer, 2);
  fettle_tensor_get_scale (get_operand (graph, layer, 0), &input_scale, NULL);
  if (tensor->data == NULL || (bias != NULL && bias->data == NULL)
      || (tensor->type != FETTLE_TYPE_INT8 && tensor->type != FETTLE_TYPE_INT4)
      || !(input_scale > 0.0f))
    return NULL;
  weights->limit = fettle_weights_get_limit (tensor->type);
  weights->steps = fettle_weights_unpack (tensor);
  weights->n_scales = tensor->quantization.n_channels;
  weights->scales = g_new (double, weights->n_scales);
  for (guint i = 0; i < weights->n_scales; i++)
    weights->scales[i] = (double)tensor->quantization.scales[i];
  weights->input_scale = (double)input_scale;
  if (bias != NULL)
    weights->bias = read_bias (bias, weights);
  find_scale_limits (
      weights,
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (
                                          fettle_graph_get_operator (graph, layer), 0)));
  return g_steal_pointer (&weights);
}

void
fettle_integer_weights_free (FettleIntegerWeights *weights)
{
  if (weights == NULL)
    return;
  g_free (weights->steps);
  g_free (weights->scales);
  g_free (weights->bias);
  g_free (weights);
}

double
fettle_integer_weights_get_scale (const FettleIntegerWeights *weights, guint channel)
{
  return weights->scales[weights->n_scales > 1 ? channel : 0];
}

double *
fettle_integer_weights_read (const FettleIntegerWeights *weights)
{
  const FettleLayerColumns *columns = &weights->columns;
  double *values = g_new (double, columns->n_weights);

  for (guint c = 0; c < fettle_layer_columns_count_channels (columns); c++)
    for (guint k = 0; k < columns->n_columns; k++)
      values[(gsize)c * columns->n_columns + k] =
          fettle_integer_weights_get_scale (weights, c)
          * weights->steps[fettle_layer_columns_get_weight (columns, c, k)];
  return values;
}

void
fettle_integer_weights_separate (FettleGraph *graph)
{
  g_autoptr (GHashTable) owned = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (!fettle_opcode_has_weights (operator_->opcode))
        continue;
      for (guint k = 1; k < operator_->inputs->len; k++)
        {
          gint32 *place = &g_array_index (operator_->inputs, gint32, k);

          if (*place >= 0 && !g_hash_table_add (owned, GINT_TO_POINTER (*place)))
            *place = (gint32)fettle_graph_copy_tensor (graph, graph, (guint)*place);
        }
    }
}

static void
store_weights (const FettleIntegerWeights *weights, FettleTensor *tensor)
{
  g_autofree float *scales = g_new (float, weights->n_scales);
  g_autofree gint32 *zero_points = g_new0 (gint32, weights->n_scales);

  for (guint i = 0; i < weights->n_scales; i++)
    scales[i] = (float)weights->scales[i];
  g_bytes_unref (tensor->data);
  tensor->data =
      fettle_weights_pack (tensor->type, weights->steps, weights->columns.n_weights);
  fettle_tensor_set_quantization (tensor, weights->n_scales, tensor->quantization.axis,
                                  scales, zero_points);
}

static void
store_bias (const FettleIntegerWeights *weights, FettleTensor *tensor)
{
  guint n = fettle_layer_columns_count_channels (&weights->columns);
  g_autofree float *scales = g_new (float, weights->n_scales);
  g_autofree gint32 *zero_points = g_new0 (gint32, weights->n_scales);
  g_autofree gint64 *wide = g_new (gint64, n);
  g_autofree gint32 *narrow = g_new (gint32, n);

  for (guint i = 0; i < weights->n_scales; i++)
    scales[i] = (float)weights->input_scale * (float)weights->scales[i];
  for (guint c = 0; c < n; c++)
    {
      double scale = weights->input_scale * fettle_integer_weights_get_scale (weights, c);
      double steps = CLAMP (round (weights->bias[c] / scale), -BIAS_LIMIT, BIAS_LIMIT);

      wide[c] = GINT64_TO_LE ((gint64)steps);
      narrow[c] = GINT32_TO_LE ((gint32)steps);
    }
  g_bytes_unref (tensor->data);
  tensor->data = tensor->type == FETTLE_TYPE_INT64
                     ? g_bytes_new (wide, n * sizeof *wide)
                     : g_bytes_new (narrow, n * sizeof *narrow);
  fettle_tensor_set_quantization (tensor, weights->n_scales, 0, scales, zero_points);
}

void
fettle_integer_weights_store (const FettleIntegerWeights *weights, FettleGraph *graph,
                              guint layer)
{
  store_weights (weights, get_operand (graph, layer, 1));
  if (weights->bias != NULL)
    store_bias (weights, get_operand (graph, layer, 2));
}
