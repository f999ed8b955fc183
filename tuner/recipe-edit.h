/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-edit.h: a recipe made of another one by a change. */
#pragma once

#include "tuner/recipe.h"

G_BEGIN_DECLS

/* Each returns a new recipe and leaves RECIPE as it is. Those with ERROR may give NULL and a sentence. */

/* A step of KIND with its defaults before step INDEX, or at the end. */
FettleRecipe *fettle_recipe_insert_step (FettleRecipe *recipe, guint index,
                                         const FettleStepKind *kind, GError **error);
FettleRecipe *fettle_recipe_remove_step (FettleRecipe *recipe, guint index);
/* Step FROM becomes step TO. */
FettleRecipe *fettle_recipe_move_step (FettleRecipe *recipe, guint from, guint to);
FettleRecipe *fettle_recipe_enable_step (FettleRecipe *recipe, guint index,
                                         gboolean is_enabled);
/* VALUE, of the type that the parameter has, is taken over if floating. */
FettleRecipe *fettle_recipe_set_parameter (FettleRecipe *recipe, guint index,
                                           const char *parameter, GVariant *value,
                                           GError **error);

/* What the recipe's last enabled "quantize" says of one layer apart from all others; "same": nothing. */
typedef struct
{
  const char *weights;     /* "same", "int8" or "int4"; owned by the recipe, or static */
  const char *activations; /* "same", "int8", "int16" or "float32" */
} FettleLayerTypes;

/* "Set LAYER to int4 weights" and the like, for a list of edits; free with g_free. */
char *fettle_layer_types_describe_edit (const char *layer, const FettleLayerTypes *types);

/* LAYER is a layer's name. Patterns are not followed: only entries of exactly that name count. */
FettleLayerTypes fettle_recipe_get_layer_types (FettleRecipe *recipe, const char *layer);
/* Both "same" takes the layer's entry out, if it says no more. Refused if the recipe quantizes nothing. */
FettleRecipe *fettle_recipe_set_layer_types (FettleRecipe *recipe, const char *layer,
                                             const FettleLayerTypes *types,
                                             GError **error);

G_END_DECLS
