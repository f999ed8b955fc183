/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c: what a model makes of each sample, through the runtime, beside its float model. */
#include "config.h"
#include "tuner/evaluate.h"
#include "tuner/parallel.h"
#include "tuner/probe.h"
#include "tuner/step.h"

#include <glib/gi18n.h>

/* One graph in one thread. */
typedef struct
{
  FettleProbe *probe;
  const float *output;
  gsize n;
  FettleOutputKind kind;
  gboolean is_like_input;
} Contestant;

/* What one thread works with. */
typedef struct
{
  Contestant model, reference;
  float *input;
} Evaluator;

typedef struct
{
  FettleGraph *graph, *reference;
  FettleSamples *samples;
  GCancellable *cancellable;
  FettleEvaluation *evaluation;
  gsize width; /* of the output's rows */
  guint n_evaluators;
  Evaluator *evaluators;
} Job;

static gboolean
prepare (Contestant *contestant, FettleGraph *graph, GError **error)
{
  guint output = fettle_graph_get_output (graph, 0);

  contestant->probe = fettle_probe_new (graph, error);
  if (contestant->probe == NULL)
    return FALSE;
  contestant->output = fettle_probe_watch (contestant->probe, (gint32)output);
  contestant->n = fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, output));
  contestant->kind = fettle_output_get_kind (graph);
  contestant->is_like_input = fettle_output_is_like_input (graph);
  return TRUE;
}

static double
find_score (const Contestant *contestant, const float *input)
{
  double sum = 0.0;

  if (!contestant->is_like_input)
    return (double)contestant->output[contestant->n - 1];
  for (gsize i = 0; i < contestant->n; i++)
    {
      double difference = (double)contestant->output[i] - (double)input[i];

      sum += difference * difference;
    }
  return sum / (double)contestant->n;
}

static gboolean
judge (Contestant *contestant, const Job *job, const float *input, FettleVerdict *verdict,
       GError **error)
{
  if (!fettle_probe_run (contestant->probe, input, fettle_samples_get_size (job->samples),
                         job->cancellable, error))
    return FALSE;
  verdict->predicted =
      fettle_output_get_class (contestant->kind, contestant->output, contestant->n);
  verdict->score = find_score (contestant, input);
  return TRUE;
}

static void
compare (const Evaluator *evaluator, gsize width, FettleOutcome *outcome)
{
  const float *expected = evaluator->reference.output, *actual = evaluator->model.output;

  outcome->divergence = fettle_output_divergence (evaluator->reference.kind, expected,
                                                  actual, evaluator->model.n, width);
  for (gsize i = 0; i < evaluator->model.n; i++)
    {
      double difference = (double)actual[i] - (double)expected[i];

      outcome->signal += (double)expected[i] * (double)expected[i];
      outcome->error += difference * difference;
    }
}

static gboolean
evaluate_sample (guint worker, guint item, gpointer user_data, GError **error)
{
  Job *job = user_data;
  Evaluator *evaluator = &job->evaluators[worker];
  FettleOutcome *outcome =
      &g_array_index (job->evaluation->outcomes, FettleOutcome, item);

  fettle_samples_read (job->samples, item, evaluator->input);
  if (!fettle_samples_check_finite (job->samples, item, evaluator->input, error)
      || !judge (&evaluator->model, job, evaluator->input, &outcome->model, error))
    return FALSE;
  if (job->reference == NULL)
    return TRUE;
  if (!judge (&evaluator->reference, job, evaluator->input, &outcome->reference, error))
    return FALSE;
  compare (evaluator, job->width, outcome);
  return TRUE;
}

static gboolean
run_evaluators (Job *job, FettleParallelProgress progress, gpointer user_data,
                GError **error)
{
  guint n = fettle_samples_get_n (job->samples);

  for (guint i = 0; i < job->n_evaluators; i++)
    {
      Evaluator *evaluator = &job->evaluators[i];

      evaluator->input = g_new (float, fettle_samples_get_size (job->samples));
      if (!prepare (&evaluator->model, job->graph, error)
          || (job->reference != NULL
              && !prepare (&evaluator->reference, job->reference, error)))
        return FALSE;
    }
  g_array_set_size (job->evaluation->outcomes, n);
  return fettle_parallel_run (n, job->n_evaluators, evaluate_sample, job, progress,
                              user_data, job->cancellable, error);
}

static gboolean
check_shapes (FettleGraph *graph, FettleGraph *reference, GError **error)
{
  const FettleTensor *output =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  const FettleTensor *other =
      fettle_graph_get_tensor (reference, fettle_graph_get_output (reference, 0));
  g_autofree char *shape = fettle_tensor_format_shape (output);
  g_autofree char *other_shape = fettle_tensor_format_shape (other);

  if (fettle_tensor_get_n_elements (output) == fettle_tensor_get_n_elements (other))
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
               _ ("The model's output has the shape %s, its float model's %s; both must "
                  "agree to be compared."),
               shape, other_shape);
  return FALSE;
}

static FettleEvaluation *
evaluation_new (FettleGraph *graph, gboolean has_reference)
{
  FettleEvaluation *evaluation = g_new0 (FettleEvaluation, 1);
  const FettleTensor *output =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));

  evaluation->kind = fettle_output_get_kind (graph);
  evaluation->n_classes = (guint)fettle_tensor_get_n_elements (output);
  if (evaluation->kind == FETTLE_OUTPUT_PROBABILITIES && evaluation->n_classes == 1)
    evaluation->n_classes = 2;
  evaluation->has_reference = has_reference;
  evaluation->outcomes = g_array_new (FALSE, TRUE, sizeof (FettleOutcome));
  return evaluation;
}

static void
contestant_clear (Contestant *contestant)
{
  g_clear_pointer (&contestant->probe, fettle_probe_free);
}

FettleEvaluation *
fettle_evaluate (FettleGraph *graph, FettleGraph *reference, FettleSamples *samples,
                 void (*progress) (double fraction, gpointer user_data),
                 gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleEvaluation) evaluation = NULL;
  const FettleTensor *output;
  Job job = {
    .graph = graph, .reference = reference, .samples = samples, .cancellable = cancellable
  };
  gboolean is_complete;

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);
  g_return_val_if_fail (samples != NULL, NULL);

  if (reference != NULL && !check_shapes (graph, reference, error))
    return NULL;
  output = fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  job.width = output->rank > 0 ? (gsize)output->shape[output->rank - 1] : 1;
  job.evaluation = evaluation = evaluation_new (graph, reference != NULL);
  job.n_evaluators = fettle_parallel_count_workers (fettle_samples_get_n (samples));
  job.evaluators = g_new0 (Evaluator, job.n_evaluators);
  is_complete = run_evaluators (&job, progress, user_data, error);
  for (guint i = 0; i < job.n_evaluators; i++)
    {
      contestant_clear (&job.evaluators[i].model);
      contestant_clear (&job.evaluators[i].reference);
      g_free (job.evaluators[i].input);
    }
  g_free (job.evaluators);
  return is_complete ? g_steal_pointer (&evaluation) : NULL;
}

void
fettle_evaluation_free (FettleEvaluation *evaluation)
{
  if (evaluation == NULL)
    return;
  g_array_unref (evaluation->outcomes);
  g_free (evaluation);
}
