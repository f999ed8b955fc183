/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-effort.c: roughly how much work steps are, for their share of the progress. */
#include "config.h"
#include "tuner/step-effort.h"
#include "tuner/layer-columns.h"
#include "tuner/step-kinds.h"

/* What "auto" in calibration spends on trying ranges, in runs of all samples; see choose-ranges.c. */
#define CHOOSING_PASSES 5.0
/* Interval analysis goes over all weights a few times, and is repeated. */
#define INTERVAL_PASSES 40.0
/* What the rounding of a row costs in products of a vector with its matrix: starts, descents and refits, for each damping; with
 * 4 bits many scales are tried. See round-channel.c. */
#define INT8_ROW_PRODUCTS 30.0
#define INT4_ROW_PRODUCTS 40.0
/* Such a product is of doubles, each of which is used once: so many times the work of a float in a layer. */
#define DOUBLE_EFFORT 4.0
/* Nodes of the search for the best rounding of a short row. */
#define SEARCHED_ROW   16u
#define SEARCHED_NODES 4000.0

typedef struct
{
  FettleGraph *graph;
  guint n_samples;
  gboolean is_int4; /* what the weights are to become, by the last "quantize" */
} Estimation;

double
fettle_layer_estimate_run (FettleGraph *graph, guint layer, guint n_items)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 output = fettle_operator_get_output (operator_, 0);
  gsize n = fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, (guint)output));

  /* Layers without products touch each element, too. */
  return n_items * (double)(fettle_graph_count_macs (graph, layer) + n);
}

double
fettle_layer_estimate_rounding (FettleGraph *graph, guint layer, guint n_items,
                                gboolean is_int4)
{
  FettleLayerColumns columns;
  double n, n_channels, n_places, per_row;

  if (!fettle_layer_columns_init (&columns, graph, layer))
    return 0.0;
  n = columns.n_columns;
  n_channels = fettle_layer_columns_count_channels (&columns);
  n_places = MIN ((double)n_items * columns.n_positions,
                  is_int4 ? 16384.0 : MAX (2048.0, 2 * n));
  per_row = DOUBLE_EFFORT * (is_int4 ? INT4_ROW_PRODUCTS : INT8_ROW_PRODUCTS) * n * n;
  if (columns.n_columns <= SEARCHED_ROW)
    per_row += SEARCHED_NODES * n;
  /* Moments, their factors, products with what is wanted, and the rows. */
  return columns.n_groups * (n_places * n * n / 2.0 + n * n * n / 2.0)
         + 3.0 * n_places * n * n_channels + n_channels * per_row;
}

static double
estimate_runs (const Estimation *estimation)
{
  double effort = 0.0;

  for (guint i = 0; i < fettle_graph_get_n_operators (estimation->graph); i++)
    effort += fettle_layer_estimate_run (estimation->graph, i, estimation->n_samples);
  return effort;
}

static double
estimate_weights (const Estimation *estimation)
{
  double n = 1.0;

  for (guint i = 0; i < fettle_graph_get_n_operators (estimation->graph); i++)
    n += (double)fettle_graph_count_weight_bytes (estimation->graph, i);
  return n;
}

static double
estimate_rounding (const Estimation *estimation)
{
  double effort = 2.0 * estimate_runs (estimation);

  for (guint i = 0; i < fettle_graph_get_n_operators (estimation->graph); i++)
    effort += fettle_layer_estimate_rounding (estimation->graph, i, estimation->n_samples,
                                              estimation->is_int4);
  return effort;
}

static double
estimate (const Estimation *estimation, const FettleStep *step)
{
  double weights = estimate_weights (estimation);

  if (step->kind == &fettle_step_remove_dead)
    return INTERVAL_PASSES * weights;
  if (step->kind == &fettle_step_fold || step->kind == &fettle_step_quantize
      || step->kind == &fettle_step_requantize || estimation->n_samples == 0)
    return weights;
  if (step->kind == &fettle_step_round)
    return estimate_rounding (estimation);
  if (step->kind == &fettle_step_correct_bias)
    return weights + 3.0 * estimate_runs (estimation);
  if (step->kind == &fettle_step_calibrate
      && g_str_equal (fettle_step_get_choice (step, "method"), "auto"))
    return (1.0 + CHOOSING_PASSES) * estimate_runs (estimation);
  /* Equalizing, absorbing and calibrating look at all activations once. */
  return weights + estimate_runs (estimation);
}

void
fettle_recipe_estimate_efforts (FettleRecipe *recipe, FettleGraph *graph,
                                FettleSamples *samples, double *efforts)
{
  Estimation estimation = { .graph = graph,
                            .n_samples =
                                samples != NULL ? fettle_samples_get_n (samples) : 0 };

  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, i);

      if (step->is_enabled && step->kind == &fettle_step_quantize)
        estimation.is_int4 =
            g_str_equal (fettle_step_get_choice (step, "weights"), "int4");
      efforts[i] = step->is_enabled ? estimate (&estimation, step) : 0.0;
    }
}
