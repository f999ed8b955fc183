/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-correct-bias.c: biases that take the mean error out of each layer's output. */
#include "config.h"
#include "tuner/change-layers.h"
#include "tuner/graph-moments.h"
#include "tuner/integer-weights.h"
#include "tuner/parallel.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

/* The sums of a quantized layer, averaged over the positions of each sample. */
typedef struct
{
  FettleLayerWalk *walk;
  guint input;
  const FettleLayerColumns *columns;
  double *weights; /* real numbers, n_columns for each output channel */
  double *sums;    /* [item][output channel] */
} Averaging;

static gboolean
average_item (guint worker, guint item, gpointer user_data, GError **error)
{
  Averaging *averaging = user_data;
  g_autofree float *input =
      g_new (float, fettle_layer_walk_get_n (averaging->walk, averaging->input));

  fettle_layer_walk_read (averaging->walk, item, averaging->input, input);
  fettle_layer_columns_mean_sums (
      averaging->columns, averaging->weights, input,
      averaging->sums
          + (gsize)item * fettle_layer_columns_count_channels (averaging->columns));
  return TRUE;
}

/* The bias that makes the mean of each channel the float layer's; returns the root mean square of the
 * changes. */
static double
set_bias (FettleIntegerWeights *weights, const FettleLayerTarget *target,
          const double *sums)
{
  guint n = fettle_layer_columns_count_channels (&weights->columns);
  double square = 0.0;

  for (guint c = 0; c < n; c++)
    {
      double wanted = 0.0, change;

      for (guint item = 0; item < target->n_items; item++)
        wanted += target->mean_sums[(gsize)item * n + c] - sums[(gsize)item * n + c];
      wanted = target->bias[c] + wanted / target->n_items;
      change = wanted - weights->bias[c];
      square += change * change;
      weights->bias[c] = wanted;
    }
  return sqrt (square / n);
}

static gboolean
correct_layer (FettleTuning *tuning, FettleLayerWalk *walk, FettleGraph *graph,
               guint layer, const FettleLayerTarget *target, gpointer user_data,
               GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleIntegerWeights) weights = NULL;
  g_autofree double *values = NULL;
  g_autofree double *sums = NULL;
  Averaging averaging = { .walk = walk };

  if (target->mean_sums == NULL)
    return TRUE;
  weights = fettle_integer_weights_new (graph, layer);
  if (weights == NULL || weights->bias == NULL)
    return TRUE;
  averaging.input = (guint)fettle_operator_get_input (operator_, 0);
  averaging.columns = &weights->columns;
  averaging.weights = values = fettle_integer_weights_read (weights);
  averaging.sums = sums = g_new (
      double,
      (gsize)target->n_items *fettle_layer_columns_count_channels (&weights->columns));
  if (!fettle_parallel_run (target->n_items,
                            fettle_parallel_count_workers (target->n_items), average_item,
                            &averaging, NULL, NULL, tuning->cancellable, error))
    return FALSE;
  fettle_tuning_report (tuning, operator_->name, _ ("Mean error of %.3g taken out."),
                        set_bias (weights, target, sums));
  fettle_integer_weights_store (weights, graph, layer);
  return TRUE;
}

/* --- Without data --- */

/* What TENSOR's steps reach from and to. */
static FettleRange
get_representable (const FettleTensor *tensor)
{
  FettleRange range = { -INFINITY, INFINITY };
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  if (tensor->quantization.n_channels != 1
      || (tensor->type != FETTLE_TYPE_INT8 && tensor->type != FETTLE_TYPE_INT16))
    return range;
  if (tensor->type == FETTLE_TYPE_INT8)
    range = (FettleRange){ scale * (float)(G_MININT8 - zero_point),
                           scale * (float)(G_MAXINT8 - zero_point) };
  else
    range = (FettleRange){ scale * G_MININT16, scale * G_MAXINT16 };
  return range;
}

/* FettleRange per tensor of REFERENCE: that of the quantized tensor of the same name, if there is one. */
static GArray *
find_ranges (FettleGraph *reference, FettleGraph *graph)
{
  guint n = fettle_graph_get_n_tensors (reference);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *ranges = g_array_sized_new (FALSE, FALSE, sizeof (FettleRange), n);

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    g_hash_table_insert (numbers, fettle_graph_get_tensor (graph, i)->name,
                         fettle_graph_get_tensor (graph, i));
  for (guint i = 0; i < n; i++)
    {
      const FettleTensor *tensor =
          g_hash_table_lookup (numbers, fettle_graph_get_tensor (reference, i)->name);
      FettleRange range = { -INFINITY, INFINITY };

      if (tensor != NULL)
        range = get_representable (tensor);
      g_array_append_val (ranges, range);
    }
  return ranges;
}

static void
correct_by_moments (FettleTuning *tuning, FettleGraph *graph, guint layer,
                    GArray *moments)
{
  gint32 input = -1;
  g_autoptr (FettleLayerTarget) target =
      fettle_layer_target_new (tuning->reference, graph, layer, &input);
  g_autoptr (FettleIntegerWeights) weights =
      target != NULL ? fettle_integer_weights_new (graph, layer) : NULL;
  const float *means;
  g_autofree double *values = NULL;
  g_autofree double *sums = NULL;
  guint n;

  if (weights == NULL || weights->bias == NULL)
    return;
  means = g_array_index (moments, FettleTensorMoments, input).means;
  if (means == NULL)
    return;
  n = fettle_layer_columns_count_channels (&weights->columns);
  values = fettle_integer_weights_read (weights);
  sums = g_new (double, n);
  target->n_items = 1;
  target->mean_sums = g_new (double, n);
  fettle_layer_columns_mean_sums (&target->columns, target->weights, means,
                                  target->mean_sums);
  fettle_layer_columns_mean_sums (&weights->columns, values, means, sums);
  for (guint c = 0; c < n; c++)
    if (!isfinite (target->mean_sums[c]) || !isfinite (sums[c]))
      return;
  fettle_tuning_report (tuning, fettle_graph_get_operator (graph, layer)->name,
                        _ ("Mean error of %.3g taken out, as estimated."),
                        set_bias (weights, target, sums));
  fettle_integer_weights_store (weights, graph, layer);
}

static gboolean
correct_without_data (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (GArray) moments = NULL;
  double deviation = fettle_step_get_number (step, "deviation");
  FettleMoments inputs = { fettle_step_get_number (step, "mean"), deviation * deviation };

  if (!fettle_step_require_reference (tuning, step, error))
    return FALSE;
  graph = fettle_graph_copy (tuning->graph);
  fettle_integer_weights_separate (graph);
  ranges = find_ranges (tuning->reference, graph);
  moments = fettle_graph_moments_new (tuning->reference, ranges,
                                      deviation > 0.0 ? &inputs : NULL,
                                      tuning->cancellable, error);
  if (moments == NULL)
    return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    correct_by_moments (tuning, graph, i, moments);
  fettle_tuning_report (
      tuning, NULL,
      _ ("Mean errors are estimates: values are taken for independent and normal."));
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  if (g_str_equal (fettle_step_get_choice (step, "method"), "analytic"))
    return correct_without_data (tuning, step, error);
  return fettle_change_layers (tuning, step, FETTLE_TARGET_MEANS, correct_layer, NULL,
                               error);
}

static const char *const methods[] = { "empirical", "analytic", NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether the mean error is measured on the calibration data, or "
                       "follows from an assumption, without data"),
    .choices = methods },
  { .name = "mean",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("With “analytic”: the mean of the inputs"),
    .minimum = -1e9,
    .maximum = 1e9 },
  { .name = "deviation",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("And their standard deviation; 0: neither is known"),
    .maximum = 1e9 },
};

const FettleStepKind fettle_step_correct_bias = {
  .name = "correct-bias",
  .description = N_ ("Take the mean error out of each layer's output"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
