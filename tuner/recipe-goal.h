/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-goal.h: what a recipe makes of a model, in a few words that can be changed. */
#pragma once

#include "tuner/recipe-default.h"

G_BEGIN_DECLS

/* What the last enabled "quantize" of RECIPE is for; FALSE if there is none. */
gboolean fettle_recipe_get_goal (FettleRecipe *recipe, FettleRecipeGoal *goal);

/* RECIPE for another goal, a new one. While its steps are those that were chosen for its present goal, they are chosen anew for
 * GOAL, with the types of single layers as they were; steps that somebody chose stay, but for the types of "quantize".
 * A recipe that quantizes nothing gets the chosen steps. */
FettleRecipe *fettle_recipe_set_goal (FettleRecipe *recipe, const FettleRecipeGoal *goal);

/* Why step INDEX is there, if it is one that is chosen for the recipe's goal; else NULL. Static. */
const char *fettle_recipe_explain_step (FettleRecipe *recipe, guint index);

/* "int4 weights, int8 activations; 2 exceptions": RECIPE in a line; free with g_free. */
char *fettle_recipe_summarize (FettleRecipe *recipe);

G_END_DECLS
