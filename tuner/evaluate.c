/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c: accuracy on labelled data, through the runtime. */
#include "config.h"
#include "model/runner.h"
#include "tuner/evaluate.h"
#include "tuner/output-error.h"
#include "tuner/parallel.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>

/* What one thread works with. */
typedef struct
{
  FettleRunner *runner;
  float *input;
  float *output;
  guint n_correct;
} Evaluator;

typedef struct
{
  const FettleTensor *input;
  const FettleTensor *output;
  gsize n_classes;
  FettleSamples *samples;
  const guint *labels;
  GCancellable *cancellable;
  guint n_evaluators;
  Evaluator *evaluators;
} Evaluation;

static gboolean
evaluate_sample (guint worker, guint item, gpointer user_data, GError **error)
{
  Evaluation *evaluation = user_data;
  Evaluator *evaluator = &evaluation->evaluators[worker];
  gsize size;

  fettle_samples_read (evaluation->samples, item, evaluator->input);
  if (!fettle_samples_check_finite (evaluation->samples, item, evaluator->input, error))
    return FALSE;
  fettle_runner_reset (evaluator->runner);
  fettle_tensor_encode (evaluation->input, evaluator->input,
                        fettle_runner_get_input (evaluator->runner, 0, &size),
                        fettle_samples_get_size (evaluation->samples));
  if (!fettle_runner_run (evaluator->runner, NULL, NULL, evaluation->cancellable, error))
    return FALSE;
  fettle_tensor_decode (evaluation->output,
                        fettle_runner_get_output (evaluator->runner, 0, &size),
                        evaluator->output, evaluation->n_classes);
  if (fettle_argmax (evaluator->output, evaluation->n_classes)
      == evaluation->labels[item])
    evaluator->n_correct++;
  return TRUE;
}

static gboolean
run_evaluators (Evaluation *evaluation, GBytes *image, GError **error)
{
  for (guint i = 0; i < evaluation->n_evaluators; i++)
    {
      Evaluator *evaluator = &evaluation->evaluators[i];

      evaluator->input = g_new (float, fettle_samples_get_size (evaluation->samples));
      evaluator->output = g_new (float, evaluation->n_classes);
      evaluator->runner = fettle_runner_new (image, error);
      if (evaluator->runner == NULL)
        return FALSE;
    }
  return fettle_parallel_run (fettle_samples_get_n (evaluation->samples),
                              evaluation->n_evaluators, evaluate_sample, evaluation, NULL,
                              NULL, evaluation->cancellable, error);
}

/* One class number per sample; free with g_free. */
static guint *
read_labels (FettleNpy *labels, guint n_samples, gsize n_classes, GError **error)
{
  g_autofree guint *classes = NULL;

  if (fettle_npy_get_n_elements (labels) != n_samples)
    {
      g_autofree char *shape = fettle_npy_format_shape (labels);

      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("The labels have the shape %s, but there are %u samples; give one "
                      "label per sample."),
                   shape, n_samples);
      return NULL;
    }
  classes = g_new (guint, n_samples);
  for (guint i = 0; i < n_samples; i++)
    {
      float label;

      fettle_npy_read (labels, i, 1, 1.0, 0.0, &label);
      if (!(label >= 0.0f && (double)label < (double)n_classes)
          || label != floorf (label))
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("The label of sample %u is %g, but the model's classes are the "
                          "whole numbers from 0 to %" G_GSIZE_FORMAT "."),
                       i, (double)label, n_classes - 1);
          return NULL;
        }
      classes[i] = (guint)label;
    }
  return g_steal_pointer (&classes);
}

gboolean
fettle_evaluate (FettleGraph *graph, FettleSamples *samples, FettleNpy *labels,
                 GCancellable *cancellable, FettleAccuracy *accuracy, GError **error)
{
  guint n = fettle_samples_get_n (samples);
  g_autoptr (FettleLowered) lowered = NULL;
  g_autofree guint *classes = NULL;
  Evaluation evaluation = { .samples = samples, .cancellable = cancellable };
  gboolean is_complete;

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), FALSE);
  g_return_val_if_fail (accuracy != NULL, FALSE);

  evaluation.input = fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  evaluation.output = fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  evaluation.n_classes = fettle_tensor_get_n_elements (evaluation.output);
  evaluation.labels = classes = read_labels (labels, n, evaluation.n_classes, error);
  if (classes == NULL)
    return FALSE;
  lowered = fettle_lower (graph, NULL, error);
  if (lowered == NULL)
    return FALSE;

  evaluation.n_evaluators = fettle_parallel_count_workers (n);
  evaluation.evaluators = g_new0 (Evaluator, evaluation.n_evaluators);
  is_complete = run_evaluators (&evaluation, lowered->image, error);
  *accuracy = (FettleAccuracy){ .n = n };
  for (guint i = 0; i < evaluation.n_evaluators; i++)
    {
      accuracy->correct += evaluation.evaluators[i].n_correct;
      fettle_runner_free (evaluation.evaluators[i].runner);
      g_free (evaluation.evaluators[i].input);
      g_free (evaluation.evaluators[i].output);
    }
  g_free (evaluation.evaluators);
  return is_complete;
}
