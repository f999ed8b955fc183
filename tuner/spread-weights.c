/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spread-weights.c: how weights are spread, in float and as integers. */
#include "config.h"
#include "tuner/dequantize-tensor.h"
#include "tuner/tensor-spread.h"

/* The layer of GRAPH that is called NAME; NULL if none is. */
static const FettleOperator *
find_layer (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (g_str_equal (operator_->name, name))
        return operator_;
    }
  return NULL;
}

static guint
get_channel_axis (FettleOpcode opcode, const FettleTensor *tensor)
{
  if (tensor->quantization.n_channels > 1)
    return tensor->quantization.axis;
  return opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D && tensor->rank > 0 ? tensor->rank - 1
                                                                       : 0;
}

/* What the integers of TENSOR stand for; free with g_bytes_unref. */
static GBytes *
dequantize (const FettleTensor *tensor)
{
  const FettleQuantization *quantization = &tensor->quantization;
  FettleTensor copy = *tensor;

  copy.data = g_bytes_ref (tensor->data);
  copy.quantization = (FettleQuantization){ .n_channels = 0 };
  fettle_tensor_dequantize (&copy, quantization->n_channels, quantization->axis,
                            quantization->scales, quantization->zero_points);
  return copy.data;
}

static void
add_channels (FettleTensorSpread *spread, const float *expected, const float *actual,
              gsize n, gsize run)
{
  for (gsize i = 0; i < n; i += run)
    fettle_value_spread_add (&spread->channels[i / run % spread->n_channels],
                             expected + i, actual + i, run);
}

static FettleTensorSpread *
compare_weights (guint layer, FettleOpcode opcode, const FettleTensor *reference,
                 const FettleTensor *tensor, gsize *n_histograms)
{
  guint axis = get_channel_axis (opcode, tensor);
  FettleTensorSpread *spread =
      fettle_tensor_spread_new (FETTLE_SPREAD_WEIGHTS, layer, tensor,
                                tensor->rank > 0 ? (guint)tensor->shape[axis] : 1);
  g_autoptr (GBytes) dequantized = dequantize (tensor);
  const float *expected = g_bytes_get_data (reference->data, NULL);
  const float *actual = g_bytes_get_data (dequantized, NULL);
  gsize n = fettle_tensor_get_n_elements (tensor), run = 1;
  gboolean has_channels =
      *n_histograms + spread->n_channels <= FETTLE_SPREAD_MAX_HISTOGRAMS;

  for (guint i = axis + 1; i < tensor->rank; i++)
    run *= (gsize)tensor->shape[i];
  add_channels (spread, expected, actual, n, run);
  fettle_tensor_spread_summarize (spread, has_channels);
  *n_histograms += has_channels ? spread->n_channels : 0;
  fettle_tensor_spread_count (spread, FETTLE_SIDE_FLOAT, expected, n, run);
  fettle_tensor_spread_count (spread, FETTLE_SIDE_QUANTIZED, actual, n, run);
  return spread;
}

void
fettle_spread_weights (const FettleLayerMatch *match, guint layer, GPtrArray *tensors,
                       gsize *n_histograms)
{
  FettleGraph *reference = match->graphs[FETTLE_SIDE_FLOAT];
  FettleGraph *quantized = match->graphs[FETTLE_SIDE_QUANTIZED];
  const FettleOperator *operator_ = fettle_graph_get_operator (quantized, layer);
  const FettleOperator *counterpart = find_layer (reference, operator_->name);

  if (counterpart == NULL)
    return;
  for (guint k = 0; k < MIN (operator_->inputs->len, counterpart->inputs->len); k++)
    {
      const FettleTensor *tensor =
          fettle_graph_get_operator_input (quantized, operator_, k);
      const FettleTensor *expected =
          fettle_graph_get_operator_input (reference, counterpart, k);

      if (tensor == NULL || expected == NULL || tensor->data == NULL
          || expected->data == NULL || !fettle_tensor_is_quantized (tensor)
          || expected->type != FETTLE_TYPE_FLOAT32
          || fettle_tensor_get_n_elements (tensor)
                 != fettle_tensor_get_n_elements (expected)
          || fettle_tensor_get_n_elements (tensor) == 0)
        continue;
      g_ptr_array_add (tensors, compare_weights (layer, operator_->opcode, expected,
                                                 tensor, n_histograms));
    }
}
