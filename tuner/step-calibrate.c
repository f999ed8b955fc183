/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-calibrate.c: the range that each tensor takes over the calibration data. */
#include "config.h"
#include "tuner/observe.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  guint n_tensors;
  FettleRange *ranges; /* per worker, per tensor of the graph */
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

  widen (&calibration->ranges[worker * calibration->n_tensors + tensor], values, n);
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

static GArray *
find_ranges (FettleTuning *tuning, GError **error)
{
  guint n_workers = fettle_observe_count_workers (tuning);
  Calibration calibration = { .n_tensors = fettle_graph_get_n_tensors (tuning->graph) };
  g_autofree FettleRange *seen = g_new (FettleRange, n_workers * calibration.n_tensors);

  calibration.ranges = seen;
  for (guint i = 0; i < n_workers * calibration.n_tensors; i++)
    seen[i] = range_empty;
  if (!fettle_observe (tuning, tuning->graph, observe, &calibration, error))
    return NULL;
  return merge_ranges (&calibration, tuning->graph, n_workers);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (GArray) ranges = NULL;

  if (!fettle_step_require_samples (tuning, step, error)
      || !fettle_step_require_float (tuning->graph, error))
    return FALSE;
  ranges = find_ranges (tuning, error);
  if (ranges == NULL || !check_ranges (tuning->graph, ranges, error))
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
