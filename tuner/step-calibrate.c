/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-calibrate.c: the range that each tensor takes over the calibration data. */
#include "config.h"
#include "model/runner.h"
#include "tuner/parallel.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

/* What one thread has seen. */
typedef struct
{
  FettleGraph *graph;
  FettleRunner *runner;
  float *sample;
  FettleRange *ranges; /* per tensor of the graph */
} Observer;

typedef struct
{
  FettleTuning *tuning;
  guint n_observers;
  Observer *observers;
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
observe_layer (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Observer *observer = user_data;
  gint32 tensor =
      fettle_operator_get_output (fettle_graph_get_operator (observer->graph, layer), 0);

  if (fettle_graph_get_tensor (observer->graph, (guint)tensor)->type
      == FETTLE_TYPE_FLOAT32)
    widen (&observer->ranges[tensor], output, size / sizeof (float));
}

static gboolean
observe_sample (guint worker, guint item, gpointer user_data, GError **error)
{
  Calibration *calibration = user_data;
  Observer *observer = &calibration->observers[worker];
  FettleSamples *samples = calibration->tuning->samples;
  guint input = fettle_graph_get_input (observer->graph, 0);
  gsize size;

  fettle_samples_read (samples, item, observer->sample);
  if (!fettle_samples_check_finite (samples, item, observer->sample, error))
    return FALSE;
  widen (&observer->ranges[input], observer->sample, fettle_samples_get_size (samples));
  fettle_runner_reset (observer->runner);
  fettle_tensor_encode (fettle_graph_get_tensor (observer->graph, input),
                        observer->sample,
                        fettle_runner_get_input (observer->runner, 0, &size),
                        fettle_samples_get_size (samples));
  return fettle_runner_run (observer->runner, observe_layer, observer,
                            calibration->tuning->cancellable, error);
}

static gboolean
observer_init (Observer *observer, FettleTuning *tuning, GBytes *image, GError **error)
{
  guint n_tensors = fettle_graph_get_n_tensors (tuning->graph);

  observer->graph = tuning->graph;
  observer->sample = g_new (float, fettle_samples_get_size (tuning->samples));
  observer->ranges = g_new (FettleRange, n_tensors);
  for (guint i = 0; i < n_tensors; i++)
    observer->ranges[i] = range_empty;
  observer->runner = fettle_runner_new (image, error);
  return observer->runner != NULL;
}

static void
observer_clear (Observer *observer)
{
  fettle_runner_free (observer->runner);
  g_free (observer->sample);
  g_free (observer->ranges);
}

static gboolean
run_observers (Calibration *calibration, GBytes *image, GError **error)
{
  FettleTuning *tuning = calibration->tuning;

  for (guint i = 0; i < calibration->n_observers; i++)
    if (!observer_init (&calibration->observers[i], tuning, image, error))
      return FALSE;
  return fettle_parallel_run (
      fettle_samples_get_n (tuning->samples), calibration->n_observers, observe_sample,
      calibration, tuning->progress, tuning->progress_data, tuning->cancellable, error);
}

/* All observers' ranges as one, and those of the float constants. */
static GArray *
merge_ranges (Calibration *calibration)
{
  FettleGraph *graph = calibration->tuning->graph;
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  GArray *ranges = g_array_sized_new (FALSE, FALSE, sizeof (FettleRange), n_tensors);

  for (guint i = 0; i < n_tensors; i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (graph, i);
      FettleRange range = range_empty;

      for (guint k = 0; k < calibration->n_observers; k++)
        {
          const FettleRange *seen = &calibration->observers[k].ranges[i];

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

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  Calibration calibration = { .tuning = tuning };
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GArray) ranges = NULL;
  gboolean is_complete;

  if (tuning->samples == NULL)
    {
      g_set_error_literal (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
          _ ("The recipe calibrates, but no calibration data are given."));
      return FALSE;
    }
  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  lowered = fettle_lower (tuning->graph, NULL, error);
  if (lowered == NULL)
    return FALSE;

  calibration.n_observers =
      fettle_parallel_count_workers (fettle_samples_get_n (tuning->samples));
  calibration.observers = g_new0 (Observer, calibration.n_observers);
  is_complete = run_observers (&calibration, lowered->image, error);
  if (is_complete)
    ranges = merge_ranges (&calibration);
  for (guint i = 0; i < calibration.n_observers; i++)
    observer_clear (&calibration.observers[i]);
  g_free (calibration.observers);
  if (!is_complete || !check_ranges (tuning->graph, ranges, error))
    return FALSE;

  g_clear_pointer (&tuning->ranges, g_array_unref);
  tuning->ranges = g_steal_pointer (&ranges);
  g_ptr_array_add (tuning->report,
                   g_strdup_printf (_ ("Calibrated %u layers on %u samples (%s)."),
                                    fettle_graph_get_n_operators (tuning->graph),
                                    fettle_samples_get_n (tuning->samples),
                                    fettle_step_get_choice (step, "method")));
  return TRUE;
}

static const char *const methods[] = { "min-max", NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("How a range is chosen from the values seen"),
    .choices = methods },
};

const FettleStepKind fettle_step_calibrate = {
  .name = "calibrate",
  .description = N_ ("Find the range of each activation on the calibration data"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
