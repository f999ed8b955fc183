/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-calibrate.c: the range that each tensor takes over the calibration data. */
#include "config.h"
#include "tuner/choose-ranges.h"
#include "tuner/histogram.h"
#include "tuner/observe.h"
#include "tuner/random-samples.h"
#include "tuner/sequence-ranges.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of the progress of "auto", which then tries ranges. */
#define OBSERVING_SHARE 0.2

typedef struct
{
  FettleGraph *graph;
  guint n_tensors;
  FettleRange *ranges;          /* per worker, per tensor of the graph */
  FettleHistogram **histograms; /* the same, or NULL if only the ranges are wanted */
} Calibration;

static const FettleRange range_empty = { INFINITY, -INFINITY };
static const FettleRange range_unbounded = { -INFINITY, INFINITY };

static void
widen (FettleRange *range, const float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        {
          *range = range_unbounded;
          return;
        }
      if (values[i] < range->minimum)
        range->minimum = values[i];
      if (values[i] > range->maximum)
        range->maximum = values[i];
    }
}

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  Calibration *calibration = user_data;

  gsize place = worker * calibration->n_tensors + tensor;

  widen (&calibration->ranges[place], values, n);
  fettle_sequence_widen_ranges (calibration->graph, tensor, values,
                                &calibration->ranges[worker * calibration->n_tensors]);
  if (calibration->histograms == NULL)
    return;
  if (calibration->histograms[place] == NULL)
    calibration->histograms[place] = g_new0 (FettleHistogram, 1);
  fettle_histogram_add (calibration->histograms[place], values, n);
}

/* All workers' ranges as one, and those of the float constants. */
static GArray *
merge_ranges (const Calibration *calibration, FettleGraph *graph, guint n_workers)
{
  guint n_tensors = calibration->n_tensors;
  GArray *ranges = g_array_sized_new (FALSE, FALSE, sizeof (FettleRange), n_tensors);

  for (guint i = 0; i < n_tensors; i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (graph, i);
      FettleRange range = range_empty;

      for (guint k = 0; k < n_workers; k++)
        {
          const FettleRange *seen = &calibration->ranges[k * n_tensors + i];

          range.minimum = MIN (range.minimum, seen->minimum);
          range.maximum = MAX (range.maximum, seen->maximum);
        }
      if (tensor->data != NULL && tensor->type == FETTLE_TYPE_FLOAT32)
        widen (&range, g_bytes_get_data (tensor->data, NULL),
               fettle_tensor_get_n_elements (tensor));
      g_array_append_val (ranges, range);
    }
  return ranges;
}

static gboolean
check_ranges (FettleGraph *graph, GArray *ranges, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gint32 tensor = fettle_operator_get_output (operator_, 0);
      const FettleRange *range = &g_array_index (ranges, FettleRange, tensor);

      if ((isfinite (range->minimum) && isfinite (range->maximum))
          || fettle_graph_get_tensor (graph, (guint)tensor)->type != FETTLE_TYPE_FLOAT32)
        continue;
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
          _ ("Layer %u (%s) computes values that are not finite numbers from the "
             "calibration data; check --scale and --offset."),
          i, operator_->name);
      return FALSE;
    }
  return TRUE;
}

/* TRUE if every value of TENSOR counts: clipped outputs and logits would be wrong where they matter
 * most. */
static gboolean
is_near_output (FettleGraph *graph, guint tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    if (fettle_graph_get_output (graph, i) == tensor)
      return TRUE;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (operator_->opcode == FETTLE_OPCODE_SOFTMAX
          && fettle_operator_get_input (operator_, 0) == (gint32)tensor)
        return TRUE;
    }
  return FALSE;
}

static FettleRange
choose_range (const FettleHistogram *histogram, const char *method,
              const FettleStep *step)
{
  if (g_str_equal (method, "percentile"))
    return fettle_histogram_find_percentile (
        histogram, fettle_step_get_number (step, "outliers") / 1e6);
  if (g_str_equal (method, "entropy"))
    return fettle_histogram_find_least_divergence (histogram);
  if (g_str_equal (method, "octav"))
    return fettle_histogram_find_octav (histogram);
  return fettle_histogram_find_least_error (histogram);
}

static void
report_range (FettleTuning *tuning, guint tensor, const FettleRange *chosen,
              const FettleRange *seen)
{
  fettle_tuning_report (tuning, NULL, _ ("%s: range %.4g to %.4g, of %.4g to %.4g."),
                        fettle_graph_get_tensor (tuning->graph, tensor)->name,
                        (double)chosen->minimum, (double)chosen->maximum,
                        (double)seen->minimum, (double)seen->maximum);
}

static void
report_ranges (FettleTuning *tuning, GArray *chosen, GArray *seen)
{
  for (guint i = 0; i < seen->len; i++)
    {
      const FettleRange *range = &g_array_index (chosen, FettleRange, i);
      const FettleRange *before = &g_array_index (seen, FettleRange, i);

      if (range->minimum != before->minimum || range->maximum != before->maximum)
        report_range (tuning, i, range, before);
    }
}

/* What METHOD makes of RANGES; those near the output stay. Ends early if cancelled. */
static GArray *
narrow_ranges (FettleTuning *tuning, const FettleStep *step, const char *method,
               const Calibration *calibration, guint n_workers, GArray *ranges)
{
  GArray *narrowed = g_array_copy (ranges);

  for (guint i = 0;
       i < calibration->n_tensors && !g_cancellable_is_cancelled (tuning->cancellable);
       i++)
    {
      g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
      FettleRange *range = &g_array_index (narrowed, FettleRange, i);
      FettleRange chosen;

      for (guint k = 0; k < n_workers; k++)
        if (calibration->histograms[k * calibration->n_tensors + i] != NULL)
          fettle_histogram_merge (
              histogram, calibration->histograms[k * calibration->n_tensors + i]);
      if (histogram->n_values == 0 || is_near_output (tuning->graph, i))
        continue;
      chosen = choose_range (histogram, method, step);
      if (chosen.minimum > range->minimum || chosen.maximum < range->maximum)
        *range = chosen;
    }
  return narrowed;
}

/* "auto": per tensor what is best for the output. */
static GArray *
choose_best (FettleTuning *tuning, const FettleStep *step, const Calibration *calibration,
             guint n_workers, GArray *ranges, GError **error)
{
  g_autoptr (GArray) least_error =
      narrow_ranges (tuning, step, "mse", calibration, n_workers, ranges);
  g_autoptr (GArray) percentile =
      narrow_ranges (tuning, step, "percentile", calibration, n_workers, ranges);
  g_autofree gboolean *pinned = g_new (gboolean, calibration->n_tensors);
  GArray *const candidates[] = { ranges, least_error, percentile };
  g_autoptr (GArray) chosen = g_array_copy (ranges);
  FettleStepPhase phase;

  for (guint i = 0; i < calibration->n_tensors; i++)
    pinned[i] = is_near_output (tuning->graph, i);
  fettle_step_phase_begin (&phase, tuning, OBSERVING_SHARE, 1.0);
  if (!fettle_choose_ranges (&phase.tuning, chosen, candidates, pinned, error))
    return NULL;
  return g_steal_pointer (&chosen);
}

/* What the samples say, and then what METHOD makes of it. */
static GArray *
find_ranges (FettleTuning *tuning, const FettleStep *step, Calibration *calibration,
             guint n_workers, GError **error)
{
  const char *method = fettle_step_get_choice (step, "method");
  g_autoptr (GArray) ranges = NULL;
  GArray *chosen;
  FettleStepPhase phase;

  fettle_step_phase_begin (&phase, tuning, 0.0,
                           g_str_equal (method, "auto") ? OBSERVING_SHARE : 1.0);
  if (!fettle_observe (&phase.tuning, tuning->graph, observe, calibration, error))
    return NULL;
  ranges = merge_ranges (calibration, tuning->graph, n_workers);
  if (!check_ranges (tuning->graph, ranges, error))
    return NULL;
  if (calibration->histograms == NULL)
    return g_steal_pointer (&ranges);
  if (g_str_equal (method, "auto"))
    chosen = choose_best (tuning, step, calibration, n_workers, ranges, error);
  else
    chosen = narrow_ranges (tuning, step, method, calibration, n_workers, ranges);
  if (chosen == NULL)
    return NULL;
  if (g_cancellable_set_error_if_cancelled (tuning->cancellable, error))
    {
      g_array_unref (chosen);
      return NULL;
    }
  report_ranges (tuning, chosen, ranges);
  return chosen;
}

static GArray *
calibrate (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  guint n_workers = fettle_observe_count_workers (tuning);
  guint n_tensors = fettle_graph_get_n_tensors (tuning->graph);
  gsize n = (gsize)n_workers * n_tensors;
  Calibration calibration = { .graph = tuning->graph,
                              .n_tensors = n_tensors,
                              .ranges = g_new (FettleRange, n) };
  GArray *ranges;

  for (gsize i = 0; i < n; i++)
    calibration.ranges[i] = range_empty;
  if (!g_str_equal (fettle_step_get_choice (step, "method"), "min-max"))
    calibration.histograms = g_new0 (FettleHistogram *, n);
  ranges = find_ranges (tuning, step, &calibration, n_workers, error);
  for (gsize i = 0; i < n && calibration.histograms != NULL; i++)
    g_free (calibration.histograms[i]);
  g_free (calibration.histograms);
  g_free (calibration.ranges);
  return ranges;
}

/* The limits of the model's inputs: those given, or what preprocessing makes of bytes. The same twice: none
 * are known. */
static void
find_limits (const FettleTuning *tuning, const FettleStep *step, double *minimum,
             double *maximum)
{
  const FettlePreprocessing *preprocessing = tuning->preprocessing;
  double zero, last;

  *minimum = fettle_step_get_number (step, "minimum");
  *maximum = fettle_step_get_number (step, "maximum");
  if (*minimum < *maximum || preprocessing == NULL
      || (preprocessing->scale == 1.0 && preprocessing->offset == 0.0))
    return;
  zero = preprocessing->offset;
  last = preprocessing->offset + 255.0 * preprocessing->scale;
  *minimum = MIN (zero, last);
  *maximum = MAX (zero, last);
}

/* What can be said without data: how the model reacts to noise. */
static GArray *
calibrate_blindly (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleSamples) random = NULL;
  FettleTuning with_samples = *tuning;
  GArray *ranges;
  double minimum, maximum;

  find_limits (tuning, step, &minimum, &maximum);
  random = fettle_random_samples_new (tuning->graph, minimum, maximum, error);
  if (random == NULL)
    return NULL;
  with_samples.samples = random;
  ranges = calibrate (&with_samples, step, error);
  if (ranges == NULL)
    return NULL;
  if (minimum < maximum)
    {
      g_array_index (ranges, FettleRange, fettle_graph_get_input (tuning->graph, 0)) =
          (FettleRange){ (float)minimum, (float)maximum };
      fettle_tuning_report (
          tuning, NULL,
          _ ("Warning: without calibration data, ranges are guesses from %u random "
             "samples between %g and %g; check the accuracy, and give data if you can."),
          fettle_samples_get_n (random), minimum, maximum);
    }
  else
    fettle_tuning_report (
        tuning, NULL,
        _ ("Warning: without calibration data, ranges are guesses from %u samples of "
           "normal noise (mean 0, deviation 1); check the accuracy, and give data, or at "
           "least “minimum” and “maximum” of the inputs, if you can."),
        fettle_samples_get_n (random));
  return ranges;
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  GArray *ranges;

  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  ranges = tuning->samples != NULL ? calibrate (tuning, step, error)
                                   : calibrate_blindly (tuning, step, error);
  if (ranges == NULL)
    return FALSE;
  g_clear_pointer (&tuning->ranges, g_array_unref);
  tuning->ranges = ranges;
  if (tuning->samples != NULL)
    fettle_tuning_report (tuning, NULL, _ ("Calibrated %u layers on %u samples (%s)."),
                          fettle_graph_get_n_operators (tuning->graph),
                          fettle_samples_get_n (tuning->samples),
                          fettle_step_get_choice (step, "method"));
  return TRUE;
}

static const char *const methods[] = { "min-max", "percentile", "mse", "entropy",
                                       "octav",   "auto",       NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("How a range is chosen from the values seen"),
    .choices = methods },
  { .name = "outliers",
    .type = FETTLE_PARAMETER_NUMBER,
    .description =
        N_ ("With “percentile” and “auto”: how many of a million values to clip"),
    .minimum = 0.0,
    .maximum = 500000.0,
    .default_number = 100.0 },
  { .name = "minimum",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("Without calibration data: the least value of an input"),
    .minimum = -1e9,
    .maximum = 1e9 },
  { .name = "maximum",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("And the greatest; no more than the least: not known"),
    .minimum = -1e9,
    .maximum = 1e9 },
};

const FettleStepKind fettle_step_calibrate = {
  .name = "calibrate",
  .description = N_ ("Find the range of each activation on the calibration data"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
