/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alternative-graph.c: a model's layers as another type, with the ranges that they have. */
#include "config.h"
#include "tuner/alternative-graph.h"
#include "model/type-boundaries.h"
#include "tuner/fuse-activations.h"
#include "tuner/quantize-graph.h"
#include "tuner/step-kinds.h"

#include <math.h>

/* A range of floats does not give back the last digit of a scale. */
#define SAME_SCALE 1e-5

/* What TENSOR can represent; an empty range for other types. */
static FettleRange
get_range (const FettleTensor *tensor)
{
  double least, most;
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  switch (tensor->type)
    {
    case FETTLE_TYPE_INT8:
      least = G_MININT8;
      most = G_MAXINT8;
      break;
    case FETTLE_TYPE_INT16:
      least = -G_MAXINT16;
      most = G_MAXINT16;
      break;
    default:
      return (FettleRange){ INFINITY, -INFINITY };
    }
  return (FettleRange){ (float)((least - zero_point) * (double)scale),
                        (float)((most - zero_point) * (double)scale) };
}

static FettleRange
find_constant_range (const FettleTensor *tensor)
{
  FettleRange range = { INFINITY, -INFINITY };
  const float *values;

  if (tensor->data == NULL || tensor->type != FETTLE_TYPE_FLOAT32)
    return range;
  values = g_bytes_get_data (tensor->data, NULL);
  for (gsize i = 0; i < fettle_tensor_get_n_elements (tensor); i++)
    {
      range.minimum = MIN (range.minimum, values[i]);
      range.maximum = MAX (range.maximum, values[i]);
    }
  return range;
}

static GArray *
find_ranges (const FettleLayerMatch *match)
{
  FettleGraph *graph = match->graphs[FETTLE_SIDE_FLOAT];
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FettleRange));

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      gint32 pair = match->pairs[FETTLE_SIDE_FLOAT][i];
      FettleRange range =
          pair >= 0 ? get_range (
              fettle_layer_match_get_tensor (match, FETTLE_SIDE_QUANTIZED, pair))
                    : find_constant_range (fettle_graph_get_tensor (graph, i));

      g_array_append_val (ranges, range);
    }
  return ranges;
}

/* Layers whose activations have no range, because the model has them as float, stay so. */
static GArray *
find_formats (FettleGraph *graph, GArray *ranges, FettleAlternativeKind kind)
{
  const FettleLayerFormat format = {
    kind == FETTLE_ALTERNATIVE_INT16 ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8,
    kind == FETTLE_ALTERNATIVE_INT4 ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8, TRUE
  };
  GArray *formats = g_array_new (FALSE, FALSE, sizeof (FettleLayerFormat));

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      FettleLayerFormat own = format;

      for (guint k = 0; k < operator_->inputs->len + operator_->outputs->len; k++)
        {
          gint32 tensor =
              k < operator_->inputs->len
                  ? fettle_operator_get_input (operator_, k)
                  : fettle_operator_get_output (operator_, k - operator_->inputs->len);
          const FettleRange *range =
              tensor >= 0 ? &g_array_index (ranges, FettleRange, tensor) : NULL;

          if (range != NULL && range->minimum > range->maximum
              && fettle_graph_get_tensor (graph, (guint)tensor)->data == NULL)
            own.activations = FETTLE_TYPE_FLOAT32;
        }
      g_array_append_val (formats, own);
    }
  return formats;
}

/* Without the last digit that ranges lost, no layer would have to convert between two forms that are the same. */
static void
take_over_scales (FettleGraph *graph, const FettleLayerMatch *match)
{
  FettleGraph *quantized = match->graphs[FETTLE_SIDE_QUANTIZED];
  g_autoptr (GHashTable) forms = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < match->tensor_pairs->len; i++)
    {
      const FettleTensorPair *pair =
          &g_array_index (match->tensor_pairs, FettleTensorPair, i);
      const FettleTensor *tensor = fettle_graph_get_tensor (
          quantized, (guint)pair->tensors[FETTLE_SIDE_QUANTIZED]);

      g_hash_table_insert (
          forms,
          fettle_layer_match_get_tensor (match, FETTLE_SIDE_FLOAT, (gint32)i)->name,
          (gpointer)tensor);
    }
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      FettleTensor *tensor = fettle_graph_get_tensor (graph, i);
      const FettleTensor *other = g_hash_table_lookup (forms, tensor->name);
      FettleForm own, wanted;

      if (other == NULL || tensor->data != NULL || tensor->type != other->type
          || tensor->quantization.n_channels != 1 || other->quantization.n_channels != 1)
        continue;
      own = fettle_tensor_get_form (tensor);
      wanted = fettle_tensor_get_form (other);
      if (own.zero_point == wanted.zero_point
          && fabs ((double)own.scale / (double)wanted.scale - 1.0) < SAME_SCALE)
        fettle_tensor_set_quantization (tensor, 1, 0, &wanted.scale, &wanted.zero_point);
    }
}

FettleGraph *
fettle_alternative_graph_new (const FettleLayerMatch *match, FettleAlternativeKind kind,
                              GError **error)
{
  FettleGraph *source = match->graphs[FETTLE_SIDE_FLOAT];
  g_autoptr (GPtrArray) report = fettle_report_new ();
  FettleTuning silent = { .graph = source, .report = report };
  FettleEndTypes ends = { 0 };
  g_autoptr (FettleGraph) fused = NULL;
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (GArray) formats = NULL;
  FettleGraph *graph;

  if (kind == FETTLE_ALTERNATIVE_FLOAT)
    return g_object_ref (source);
  fused = fettle_graph_copy (source);
  fettle_fuse_activations (&silent, fused);
  ranges = find_ranges (match);
  formats = find_formats (fused, ranges, kind);
  graph = fettle_quantize_graph (&silent, fused, ranges, formats, &ends, error);
  if (graph != NULL)
    take_over_scales (graph, match);
  return graph;
}
