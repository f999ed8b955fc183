/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-correct-bias.c: biases that take the mean error out of each layer's output. */
#include "config.h"
#include "tuner/change-layers.h"
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

static double *
read_weights (const FettleIntegerWeights *weights)
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
  averaging.weights = values = read_weights (weights);
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

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  return fettle_change_layers (tuning, step, FETTLE_TARGET_MEANS, correct_layer, NULL,
                               error);
}

const FettleStepKind fettle_step_correct_bias = {
  .name = "correct-bias",
  .description = N_ ("Take the mean error out of each layer's output"),
  .apply = apply,
};
