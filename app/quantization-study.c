/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-study.c: everything that can be measured of a tuned model's quantization. */
#include "config.h"

#include "app/quantization-study.h"

#include <glib/gi18n.h>

#define N_SAMPLES  32
#define REFRESH_MS 100
/* Runs of the model per sample that a part takes, for its share of the progress. */
#define SPREAD_RUNS 4.0
#define LAYER_RUNS  3.0 /* of the other parts, for each layer */

typedef enum
{
  PART_SPREAD,
  PART_ERRORS,
  PART_SENSITIVITY,
  N_PARTS
} Part;

struct _FettleQuantizationStudy
{
  GObject parent_instance;

  FettleContent *content;
  FettleData *data;
  gpointer parts[N_PARTS]; /* NULL while unknown */

  /* The work under way; NULL if there is none. */
  GCancellable *cancellable;
  FettleProgress *progress;
  guint activity_timeout;
};

G_DEFINE_FINAL_TYPE (FettleQuantizationStudy, fettle_quantization_study, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ACTIVITY_CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const GDestroyNotify free_funcs[N_PARTS] = {
  [PART_SPREAD] = (GDestroyNotify)fettle_spread_report_free,
  [PART_ERRORS] = (GDestroyNotify)fettle_error_report_free,
  [PART_SENSITIVITY] = (GDestroyNotify)fettle_sensitivity_free,
};

/* What a worker gets. */
typedef struct
{
  Part part;
  FettleContent *content;
  FettleData *data;
  FettleProgress *progress;
  double from, to; /* of the progress of all parts */
} Work;

static void
work_free (Work *work)
{
  fettle_content_unref (work->content);
  fettle_data_free (work->data);
  fettle_progress_unref (work->progress);
  g_free (work);
}

/* --- in the thread --- */

static const char *
describe_part (Part part)
{
  static const char *const texts[N_PARTS] = {
    [PART_SPREAD] = N_ ("Counting values"),
    [PART_ERRORS] = N_ ("Measuring layers one by one"),
    [PART_SENSITIVITY] = N_ ("Trying other types for each layer"),
  };

  return _ (texts[part]);
}

static void
report_progress (double fraction, gpointer user_data)
{
  const Work *work = user_data;

  fettle_progress_set (work->progress, describe_part (work->part),
                       work->from + fraction * (work->to - work->from));
}

static FettleSamples *
open_samples (const FettleData *data, FettleGraph *graph, GError **error)
{
  g_autoptr (FettleNpy) labels = NULL;

  if (data->labels == NULL)
    return fettle_samples_open (data->path, graph, &data->preprocessing, error);
  return fettle_samples_open_labelled (data->path, data->labels, graph,
                                       &data->preprocessing, &labels, error);
}

static gpointer
measure (Work *work, GCancellable *cancellable, GError **error)
{
  FettleGraph *graph = work->content->project->graph;
  FettleGraph *reference = fettle_project_get_reference (work->content->project);
  g_autoptr (FettleSamples) samples = open_samples (work->data, reference, error);

  if (samples == NULL)
    return NULL;
  switch (work->part)
    {
    case PART_SPREAD:
      return fettle_measure_spread (reference, graph, samples, N_SAMPLES, -1,
                                    report_progress, work, cancellable, error);
    case PART_ERRORS:
      return fettle_measure_layer_errors (reference, graph, samples, N_SAMPLES,
                                          report_progress, work, cancellable, error);
    case PART_SENSITIVITY:
    default:
      return fettle_measure_sensitivity (reference, graph, samples, NULL, N_SAMPLES,
                                         report_progress, work, cancellable, error);
    }
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  gpointer result;

  report_progress (0.0, work);
  result = measure (work, cancellable, &error);
  if (result != NULL)
    g_task_return_pointer (task, result, free_funcs[work->part]);
  else
    g_task_return_error (task, error);
}

/* --- in the main thread --- */

static gboolean
emit_activity_changed (gpointer data)
{
  g_signal_emit (data, signals[ACTIVITY_CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
end_work (FettleQuantizationStudy *self)
{
  g_clear_handle_id (&self->activity_timeout, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->progress, fettle_progress_unref);
}

static void begin_next_part (FettleQuantizationStudy *self);

static void
part_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleQuantizationStudy *self = FETTLE_QUANTIZATION_STUDY (source);
  const Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gpointer part = g_task_propagate_pointer (G_TASK (result), &error);

  /* Cancelled, and maybe begun anew: this is nobody's result any more. */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    {
      if (part != NULL)
        free_funcs[work->part](part);
      return;
    }
  if (part != NULL)
    {
      self->parts[work->part] = part;
      g_signal_emit (self, signals[CHANGED], 0);
      begin_next_part (self);
      return;
    }
  end_work (self);
  g_signal_emit (self, signals[FAILED], 0, error->message);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

/* Runs of the model that the parts before PART take. */
static double
count_runs (FettleQuantizationStudy *self, guint part)
{
  double layer_runs = LAYER_RUNS * fettle_content_get_n_layers (self->content);

  return (part > PART_SPREAD ? SPREAD_RUNS : 0.0)
         + (part > PART_ERRORS ? layer_runs : 0.0)
         + (part > PART_SENSITIVITY ? layer_runs : 0.0);
}

static void
begin_part (FettleQuantizationStudy *self, Part part)
{
  Work *work = g_new0 (Work, 1);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, part_done, NULL);

  work->part = part;
  work->content = fettle_content_ref (self->content);
  work->data = fettle_data_copy (self->data);
  work->progress = fettle_progress_ref (self->progress);
  work->from = count_runs (self, part) / count_runs (self, N_PARTS);
  work->to = count_runs (self, part + 1) / count_runs (self, N_PARTS);
  g_task_set_task_data (task, work, (GDestroyNotify)work_free);
  g_task_set_return_on_cancel (task, FALSE);
  g_task_run_in_thread (task, measure_in_thread);
}

static void
begin_next_part (FettleQuantizationStudy *self)
{
  for (guint part = 0; part < N_PARTS; part++)
    if (self->parts[part] == NULL)
      {
        begin_part (self, part);
        return;
      }
  end_work (self);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

void
fettle_quantization_study_resume (FettleQuantizationStudy *self)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self));

  if (!fettle_quantization_study_is_interrupted (self))
    return;
  self->cancellable = g_cancellable_new ();
  self->progress = fettle_progress_new (describe_part (PART_SPREAD));
  self->activity_timeout = g_timeout_add (REFRESH_MS, emit_activity_changed, self);
  begin_next_part (self);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

void
fettle_quantization_study_cancel (FettleQuantizationStudy *self)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self));

  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  end_work (self);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

static void
forget (FettleQuantizationStudy *self)
{
  for (guint part = 0; part < N_PARTS; part++)
    g_clear_pointer (&self->parts[part], free_funcs[part]);
  g_clear_pointer (&self->content, fettle_content_unref);
  g_clear_pointer (&self->data, fettle_data_free);
}

void
fettle_quantization_study_set_subject (FettleQuantizationStudy *self,
                                       FettleContent *content, const FettleData *data)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self));
  g_return_if_fail (content == NULL || content->kind == FETTLE_CONTENT_TUNED);

  if (content == NULL || data == NULL)
    content = NULL;
  if (content == self->content
      && (content == NULL || fettle_data_equal (data, self->data)))
    return;
  fettle_quantization_study_cancel (self);
  forget (self);
  if (content != NULL)
    {
      self->content = fettle_content_ref (content);
      self->data = fettle_data_copy (data);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  fettle_quantization_study_resume (self);
}

gboolean
fettle_quantization_study_is_about (FettleQuantizationStudy *self, FettleContent *content)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self), FALSE);
  return self->content != NULL && self->content == content;
}

gboolean
fettle_quantization_study_is_interrupted (FettleQuantizationStudy *self)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self), FALSE);

  if (self->content == NULL || self->cancellable != NULL)
    return FALSE;
  for (guint part = 0; part < N_PARTS; part++)
    if (self->parts[part] == NULL)
      return TRUE;
  return FALSE;
}

char *
fettle_quantization_study_get_activity (FettleQuantizationStudy *self, double *fraction)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self) && fraction != NULL, NULL);

  return self->progress != NULL ? fettle_progress_get (self->progress, fraction) : NULL;
}

const FettleSpreadReport *
fettle_quantization_study_get_spread (FettleQuantizationStudy *self)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self), NULL);
  return self->parts[PART_SPREAD];
}

const FettleErrorReport *
fettle_quantization_study_get_errors (FettleQuantizationStudy *self)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self), NULL);
  return self->parts[PART_ERRORS];
}

const FettleSensitivity *
fettle_quantization_study_get_sensitivity (FettleQuantizationStudy *self)
{
  g_return_val_if_fail (FETTLE_IS_QUANTIZATION_STUDY (self), NULL);
  return self->parts[PART_SENSITIVITY];
}

const FettleLayerSensitivity *
fettle_quantization_study_get_layer_sensitivity (FettleQuantizationStudy *self,
                                                 guint layer)
{
  const FettleSensitivity *sensitivity = fettle_quantization_study_get_sensitivity (self);

  for (guint i = 0; sensitivity != NULL && i < sensitivity->layers->len; i++)
    {
      const FettleLayerSensitivity *found =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);

      if (found->layer == layer)
        return found;
    }
  return NULL;
}

static void
fettle_quantization_study_dispose (GObject *object)
{
  FettleQuantizationStudy *self = FETTLE_QUANTIZATION_STUDY (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  end_work (self);
  forget (self);
  G_OBJECT_CLASS (fettle_quantization_study_parent_class)->dispose (object);
}

static guint
add_signal (const char *name, guint n_parameters)
{
  return g_signal_new (name, FETTLE_TYPE_QUANTIZATION_STUDY, G_SIGNAL_RUN_LAST, 0, NULL,
                       NULL, NULL, G_TYPE_NONE, n_parameters, G_TYPE_STRING);
}

static void
fettle_quantization_study_class_init (FettleQuantizationStudyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_quantization_study_dispose;

  signals[CHANGED] = add_signal ("changed", 0);
  signals[ACTIVITY_CHANGED] = add_signal ("activity-changed", 0);
  signals[FAILED] = add_signal ("failed", 1);
}

static void
fettle_quantization_study_init (FettleQuantizationStudy *self)
{
}

FettleQuantizationStudy *
fettle_quantization_study_new (void)
{
  return g_object_new (FETTLE_TYPE_QUANTIZATION_STUDY, NULL);
}
