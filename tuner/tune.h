/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune.h: runs a recipe. */
#pragma once

#include "model/project-file.h"
#include "tuner/recipe.h"

G_BEGIN_DECLS

/* FRACTION of the whole recipe; STEP is what is being done, for people. */
typedef void (*FettleTuneProgress) (const char *step, double fraction,
                                    gpointer user_data);

/* Applies RECIPE to PROJECT's source graph (its graph, if no source is kept), calibrated on
 * SAMPLES (NULL if no step needs data). The result holds both graphs, recipe, hashes and PREPROCESSING.
 * REPORT, if not NULL, receives FettleReportLine, freed with the array. Runs in any thread; PROJECT is not changed. */
FettleProject *fettle_tune (FettleProject *project, FettleRecipe *recipe,
                            FettleSamples *samples,
                            const FettlePreprocessing *preprocessing,
                            FettleTuneProgress progress, gpointer user_data,
                            GCancellable *cancellable, GPtrArray **report,
                            GError **error);

G_END_DECLS
