/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.c: accuracy and AUC of an evaluation. */
#include "config.h"
#include "tuner/metrics.h"
#include "tuner/labels.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>

/* Samples that are judged together. */
typedef struct
{
  double id;
  gboolean is_positive;
  guint first; /* sample, for messages */
  guint n;
  FettleOutcome sum; /* only the scores */
} Group;

static const FettleOutcome *
get_outcome (const FettleEvaluation *evaluation, guint sample)
{
  return &g_array_index (evaluation->outcomes, FettleOutcome, sample);
}

FettleFloatComparison
fettle_compare_with_float (const FettleEvaluation *evaluation)
{
  guint n = evaluation->outcomes->len, n_agreeing = 0;
  double divergence = 0.0, signal = 0.0, error = 0.0;
  FettleFloatComparison comparison = { (double)NAN, (double)NAN, INFINITY };

  g_return_val_if_fail (evaluation->has_reference && n > 0, comparison);
  for (guint i = 0; i < n; i++)
    {
      const FettleOutcome *outcome = get_outcome (evaluation, i);

      n_agreeing += outcome->model.predicted == outcome->reference.predicted;
      divergence += outcome->divergence;
      signal += outcome->signal;
      error += outcome->error;
    }
  if (error > 0.0)
    comparison.sqnr_db = 10.0 * log10 (signal / error);
  if (evaluation->kind != FETTLE_OUTPUT_VALUES)
    {
      comparison.agreement = (double)n_agreeing / n;
      comparison.divergence = divergence / n;
    }
  return comparison;
}

gboolean
fettle_measure_accuracy (const FettleEvaluation *evaluation, FettleNpy *labels,
                         FettleAccuracy *accuracy, GError **error)
{
  g_autofree guint *classes = fettle_labels_read (labels, evaluation->outcomes->len,
                                                  evaluation->n_classes, error);

  if (classes == NULL)
    return FALSE;
  *accuracy = (FettleAccuracy){ .n = evaluation->outcomes->len };
  for (guint i = 0; i < accuracy->n; i++)
    {
      const FettleOutcome *outcome = get_outcome (evaluation, i);
      gboolean is_right = outcome->model.predicted == classes[i];
      gboolean is_reference_right =
          evaluation->has_reference && outcome->reference.predicted == classes[i];

      accuracy->correct += is_right;
      accuracy->reference_correct += is_reference_right;
      accuracy->model_only += is_right && !is_reference_right;
      accuracy->reference_only += !is_right && is_reference_right;
    }
  accuracy->share = fettle_estimate_share (accuracy->correct, accuracy->n);
  if (evaluation->has_reference)
    accuracy->p_value =
        fettle_mcnemar_test (accuracy->model_only, accuracy->reference_only);
  else
    accuracy->model_only = 0;
  return TRUE;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const Group *first = a, *second = b;

  if (first->id != second->id)
    return first->id > second->id ? 1 : -1;
  return (first->first > second->first) - (first->first < second->first);
}

/* A group for each sample, with its number. */
static GArray *
read_groups (const FettleEvaluation *evaluation, const guint *labels, FettleNpy *ids,
             GError **error)
{
  guint n = evaluation->outcomes->len;
  g_autoptr (GArray) groups = g_array_sized_new (FALSE, FALSE, sizeof (Group), n);

  if (ids != NULL && fettle_npy_get_n_elements (ids) != n)
    {
      g_autofree char *shape = fettle_npy_format_shape (ids);

      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("The groups have the shape %s, but there are %u samples; give one "
                      "group number per sample."),
                   shape, n);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      Group group = { .id = i, .is_positive = labels[i] == 1, .first = i, .n = 1 };

      if (ids != NULL)
        group.id = fettle_npy_get (ids, i);
      if (!isfinite (group.id))
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("The group of sample %u is not a number."), i);
          return NULL;
        }
      group.sum = *get_outcome (evaluation, i);
      g_array_append_val (groups, group);
    }
  return g_steal_pointer (&groups);
}

/* Samples of the same number become one group. */
static gboolean
merge_groups (GArray *groups, GError **error)
{
  guint n = 0;

  g_array_sort (groups, compare_groups);
  for (guint i = 0; i < groups->len; i++)
    {
      const Group *sample = &g_array_index (groups, Group, i);
      Group *last = n > 0 ? &g_array_index (groups, Group, n - 1) : NULL;

      if (last == NULL || last->id != sample->id)
        {
          g_array_index (groups, Group, n++) = *sample;
          continue;
        }
      if (last->is_positive != sample->is_positive)
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("Samples %u and %u are in the same group (%g) but have "
                          "different labels; a group has one label."),
                       last->first, sample->first, last->id);
          return FALSE;
        }
      last->sum.model.score += sample->sum.model.score;
      last->sum.reference.score += sample->sum.reference.score;
      last->n++;
    }
  g_array_set_size (groups, n);
  return TRUE;
}

static FettleEstimate
estimate (GArray *groups, gboolean of_reference)
{
  g_autofree double *positive = g_new (double, groups->len);
  g_autofree double *negative = g_new (double, groups->len);
  guint n_positive = 0, n_negative = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);
      double sum = of_reference ? group->sum.reference.score : group->sum.model.score;

      if (group->is_positive)
        positive[n_positive++] = sum / group->n;
      else
        negative[n_negative++] = sum / group->n;
    }
  return fettle_estimate_auc (positive, n_positive, negative, n_negative);
}

gboolean
fettle_measure_auc (const FettleEvaluation *evaluation, FettleNpy *labels,
                    FettleNpy *groups, FettleAuc *auc, GError **error)
{
  g_autofree guint *classes =
      fettle_labels_read (labels, evaluation->outcomes->len, 2, error);
  g_autoptr (GArray) judged = NULL;

  if (classes == NULL)
    return FALSE;
  judged = read_groups (evaluation, classes, groups, error);
  if (judged == NULL || !merge_groups (judged, error))
    return FALSE;
  *auc = (FettleAuc){ 0 };
  for (guint i = 0; i < judged->len; i++)
    auc->n_positive += g_array_index (judged, Group, i).is_positive;
  auc->n_negative = judged->len - auc->n_positive;
  if (auc->n_positive == 0 || auc->n_negative == 0)
    {
      g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                           _ ("All labels are the same; the AUC needs samples of both "
                              "kinds, 0 and 1."));
      return FALSE;
    }
  auc->auc = estimate (judged, FALSE);
  if (evaluation->has_reference)
    auc->reference_auc = estimate (judged, TRUE);
  return TRUE;
}
