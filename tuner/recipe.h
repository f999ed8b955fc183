/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe.h: the ordered list of tuning steps with their parameters, as JSON.
 *
 *   { "fettle-recipe": 1,
 *     "steps": [ { "step": "calibrate", "method": "min-max" },
 *                { "step": "quantize", "weights": "int8", "granularity": "per-channel",
 *                  "activations": "int8" } ] }
 */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_RECIPE (fettle_recipe_get_type ())
G_DECLARE_FINAL_TYPE (FettleRecipe, fettle_recipe, FETTLE, RECIPE, GObject)

/* Immutable: an edit makes a new one, so that undo is a list of recipes. The default is the built-in
 * recipe "int8". */
FettleRecipe *fettle_recipe_new_default (void);
/* Unknown steps and unknown parameters are refused by name. */
FettleRecipe *fettle_recipe_parse (const char *json, GError **error);
FettleRecipe *fettle_recipe_load (const char *path, GError **error);
/* Of STEPS, whose parameters must be of the types that their kinds say; values out of range are refused. */
FettleRecipe *fettle_recipe_new_from_steps (const FettleStep *steps, guint n_steps,
                                            GError **error);

/* Canonical text: every parameter written out, keys in a fixed order, indented. Same recipe = same
 * text. Owned by the recipe. */
const char *fettle_recipe_to_json (FettleRecipe *self);
/* Hex SHA-256 of it. */
const char *fettle_recipe_get_hash (FettleRecipe *self);

guint fettle_recipe_get_n_steps (FettleRecipe *self);
/* Borrowed. */
const FettleStep *fettle_recipe_get_step (FettleRecipe *self, guint index);

G_END_DECLS
