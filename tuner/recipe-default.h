/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-default.h: the recipe that is sensible for a kind of result. */
#pragma once

#include "tuner/recipe.h"

G_BEGIN_DECLS

/* What a model is to become. */
typedef struct
{
  FettleType weights; /* INT8 or INT4 */
  gboolean
      is_per_tensor; /* one scale for all weights of a layer, else one per output channel */
  FettleType activations; /* INT8 or INT16 */
} FettleRecipeGoal;

/* The same for every model and for all data. */
FettleRecipe *fettle_recipe_new_for_goal (const FettleRecipeGoal *goal);

/* Why step INDEX of that recipe is there, and is as it is: a sentence or two; static. */
const char *fettle_recipe_goal_explain (const FettleRecipeGoal *goal, guint index);

G_END_DECLS
