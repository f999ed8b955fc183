/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune.c: runs a recipe. */
#include "config.h"
#include "tuner/tune.h"
#include "model/hybrid.h"
#include "tuner/step-effort.h"
#include "tuner/step-kinds.h"

#include <float.h>
#include <glib/gi18n.h>

/* Where the steps' progress goes. */
typedef struct
{
  FettleTuneProgress progress;
  gpointer user_data;
  const char *step;
  double *efforts;             /* per step; see step-effort.h */
  double done, current, total; /* of these: before the current step, its own, all */
  double last;                 /* fraction reported */
} Reporter;

static void
report_progress (double fraction, gpointer user_data)
{
  Reporter *reporter = user_data;

  double whole = (reporter->done + fraction * reporter->current) / reporter->total;

  /* Some steps go over the data more than once; what is done stays done. */
  reporter->last = CLAMP (whole, reporter->last, 1.0);
  if (reporter->progress != NULL)
    reporter->progress (reporter->step, reporter->last, reporter->user_data);
}

static gboolean
apply_steps (FettleRecipe *recipe, FettleTuning *tuning, Reporter *reporter,
             GError **error)
{
  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, i);

      if (!step->is_enabled)
        continue;
      if (g_cancellable_set_error_if_cancelled (tuning->cancellable, error))
        return FALSE;
      reporter->current = reporter->efforts[i];
      tuning->step = i;
      reporter->step = _ (step->kind->description);
      report_progress (0.0, reporter);
      if (!step->kind->apply (tuning, step, error))
        return FALSE;
      reporter->done += reporter->current;
      report_progress (0.0, reporter);
    }
  /* What was done last may have looked for nothing but its end. */
  return !g_cancellable_set_error_if_cancelled (tuning->cancellable, error);
}

/* Runs all steps, with each step's share of the progress by what it has to do. */
static gboolean
run (FettleRecipe *recipe, FettleTuning *tuning, Reporter *reporter, GError **error)
{
  guint n_steps = fettle_recipe_get_n_steps (recipe);
  g_autofree double *efforts = g_new (double, n_steps);

  fettle_recipe_estimate_efforts (recipe, tuning->graph, tuning->samples, efforts);
  reporter->efforts = efforts;
  reporter->total = DBL_MIN;
  for (guint i = 0; i < n_steps; i++)
    reporter->total += efforts[i];
  return apply_steps (recipe, tuning, reporter, error);
}

static FettleProject *
make_project (FettleTuning *tuning, FettleGraph *source, FettleRecipe *recipe,
              const FettlePreprocessing *preprocessing)
{
  FettleProject *tuned = fettle_project_new (tuning->graph);

  g_set_object (&tuned->source, source);
  if (tuning->reference != source)
    g_set_object (&tuned->reference, tuning->reference);
  g_free (tuned->recipe);
  tuned->recipe = g_strdup (fettle_recipe_to_json (recipe));
  g_free (tuned->recipe_hash);
  tuned->recipe_hash = g_strdup (fettle_recipe_get_hash (recipe));
  g_free (tuned->data_hash);
  tuned->data_hash =
      g_strdup (tuning->samples != NULL ? fettle_samples_get_hash (tuning->samples) : "");
  if (preprocessing != NULL)
    tuned->preprocessing = *preprocessing;
  return tuned;
}

static void
report_hybrid (FettleTuning *tuning, FettleGraph *source)
{
  guint n = fettle_graph_get_n_hybrid_layers (source);

  if (n > 0)
    fettle_tuning_report (
        tuning, NULL,
        ngettext (
            "Warning: the model is hybrid, weights of %u layer were rounded when it "
            "was made, which cannot be undone; tune the original float model if you "
            "can.",
            "Warning: the model is hybrid, weights of %u layers were rounded when it "
            "was made, which cannot be undone; tune the original float model if you "
            "can.",
            n),
        n);
}

FettleProject *
fettle_tune (FettleProject *project, FettleRecipe *recipe, FettleSamples *samples,
             const FettlePreprocessing *preprocessing, FettleTuneProgress progress,
             gpointer user_data, GCancellable *cancellable, GPtrArray **report,
             GError **error)
{
  g_autoptr (GPtrArray) lines = fettle_report_new ();
  FettleProject *tuned = NULL;
  FettleGraph *source;
  Reporter reporter = { .progress = progress, .user_data = user_data };
  FettleTuning tuning = { .samples = samples,
                          .preprocessing = preprocessing,
                          .cancellable = cancellable,
                          .progress = report_progress,
                          .progress_data = &reporter,
                          .report = lines };

  g_return_val_if_fail (project != NULL, NULL);
  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);

  source = project->source != NULL ? project->source : project->graph;
  tuning.graph = g_object_ref (source);
  report_hybrid (&tuning, source);
  if (run (recipe, &tuning, &reporter, error))
    tuned = make_project (&tuning, source, recipe, preprocessing);
  g_clear_pointer (&tuning.ranges, g_array_unref);
  g_clear_object (&tuning.reference);
  g_object_unref (tuning.graph);
  if (tuned != NULL && report != NULL)
    *report = g_steal_pointer (&lines);
  return tuned;
}
