/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-goal.c: what a recipe makes of a model, in a few words that can be changed. */
#include "config.h"
#include "tuner/recipe-edit.h"
#include "tuner/recipe-goal.h"

#include <glib/gi18n.h>

#define QUANTIZE "quantize"

/* Of the last "quantize" that is run, -1 if none is. */
static int
find_quantize (FettleRecipe *recipe)
{
  for (int i = (int)fettle_recipe_get_n_steps (recipe) - 1; i >= 0; i--)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, (guint)i);

      if (g_str_equal (step->kind->name, QUANTIZE) && step->is_enabled)
        return i;
    }
  return -1;
}

gboolean
fettle_recipe_get_goal (FettleRecipe *recipe, FettleRecipeGoal *goal)
{
  const FettleStep *step;
  const char *activations;
  int index;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe) && goal != NULL, FALSE);

  index = find_quantize (recipe);
  if (index < 0)
    return FALSE;
  step = fettle_recipe_get_step (recipe, (guint)index);
  activations = fettle_step_get_choice (step, "activations");
  goal->weights = g_str_equal (fettle_step_get_choice (step, "weights"), "int4")
                      ? FETTLE_TYPE_INT4
                      : FETTLE_TYPE_INT8;
  goal->is_per_tensor =
      g_str_equal (fettle_step_get_choice (step, "granularity"), "per-tensor");
  goal->activations =
      g_str_equal (activations, "int16") ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8;
  return TRUE;
}

/* TRUE if both do the same; the types of single layers do not count. */
static gboolean
steps_are_alike (const FettleStep *a, const FettleStep *b)
{
  if (a->kind != b->kind || a->is_enabled != b->is_enabled)
    return FALSE;
  for (guint i = 0; i < a->kind->n_parameters; i++)
    {
      const FettleParameter *parameter = &a->kind->parameters[i];
      g_autoptr (GVariant) first =
          g_variant_lookup_value (a->parameters, parameter->name, NULL);
      g_autoptr (GVariant) second =
          g_variant_lookup_value (b->parameters, parameter->name, NULL);

      if (parameter->type != FETTLE_PARAMETER_LIST && !g_variant_equal (first, second))
        return FALSE;
    }
  return TRUE;
}

static gboolean
recipes_are_alike (FettleRecipe *a, FettleRecipe *b)
{
  guint n = fettle_recipe_get_n_steps (a);

  if (n != fettle_recipe_get_n_steps (b))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!steps_are_alike (fettle_recipe_get_step (a, i), fettle_recipe_get_step (b, i)))
      return FALSE;
  return TRUE;
}

/* What was valid for a recipe with these steps is so for another one. */
static FettleRecipe *
set_valid (FettleRecipe *recipe, guint index, const char *parameter, GVariant *value)
{
  g_autoptr (GError) error = NULL;
  FettleRecipe *changed =
      fettle_recipe_set_parameter (recipe, index, parameter, value, &error);

  g_assert_no_error (error);
  return changed;
}

/* The recipe for GOAL, with the types of single layers that RECIPE has. */
static FettleRecipe *
choose_anew (FettleRecipe *recipe, int quantize, const FettleRecipeGoal *goal)
{
  g_autoptr (FettleRecipe) chosen = fettle_recipe_new_for_goal (goal);
  g_autoptr (GVariant) layers =
      fettle_step_get_list (fettle_recipe_get_step (recipe, (guint)quantize), "layers");

  return set_valid (chosen, (guint)find_quantize (chosen), "layers", layers);
}

static FettleRecipe *
set_types (FettleRecipe *recipe, guint quantize, const FettleRecipeGoal *goal)
{
  g_autoptr (FettleRecipe) first =
      set_valid (recipe, quantize, "weights",
                 g_variant_new_string (fettle_type_get_name (goal->weights)));
  g_autoptr (FettleRecipe) second = set_valid (
      first, quantize, "granularity",
      g_variant_new_string (goal->is_per_tensor ? "per-tensor" : "per-channel"));

  return set_valid (second, quantize, "activations",
                    g_variant_new_string (fettle_type_get_name (goal->activations)));
}

FettleRecipe *
fettle_recipe_set_goal (FettleRecipe *recipe, const FettleRecipeGoal *goal)
{
  g_autoptr (FettleRecipe) chosen = NULL;
  FettleRecipeGoal present;
  int quantize;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe) && goal != NULL, NULL);

  quantize = find_quantize (recipe);
  if (quantize < 0)
    return fettle_recipe_new_for_goal (goal);
  fettle_recipe_get_goal (recipe, &present);
  chosen = fettle_recipe_new_for_goal (&present);
  return recipes_are_alike (recipe, chosen) ? choose_anew (recipe, quantize, goal)
                                            : set_types (recipe, (guint)quantize, goal);
}

const char *
fettle_recipe_explain_step (FettleRecipe *recipe, guint index)
{
  g_autoptr (FettleRecipe) chosen = NULL;
  FettleRecipeGoal goal;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (index < fettle_recipe_get_n_steps (recipe), NULL);

  if (!fettle_recipe_get_goal (recipe, &goal))
    return NULL;
  chosen = fettle_recipe_new_for_goal (&goal);
  for (guint i = 0; i < fettle_recipe_get_n_steps (chosen); i++)
    if (steps_are_alike (fettle_recipe_get_step (recipe, index),
                         fettle_recipe_get_step (chosen, i)))
      return fettle_recipe_goal_explain (&goal, i);
  return NULL;
}

char *
fettle_recipe_summarize (FettleRecipe *recipe)
{
  g_autoptr (GVariant) layers = NULL;
  const FettleStep *step;
  g_autofree char *types = NULL;
  int index;
  guint n_layers, n_steps;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);

  index = find_quantize (recipe);
  n_steps = fettle_recipe_get_n_steps (recipe);
  if (index < 0)
    return g_strdup_printf (ngettext ("%u step", "%u steps", n_steps), n_steps);
  step = fettle_recipe_get_step (recipe, (guint)index);
  types = g_strdup_printf (_ ("%s weights, %s activations"),
                           fettle_step_get_choice (step, "weights"),
                           fettle_step_get_choice (step, "activations"));
  layers = fettle_step_get_list (step, "layers");
  n_layers = (guint)g_variant_n_children (layers);
  if (n_layers == 0)
    return g_steal_pointer (&types);
  return g_strdup_printf (ngettext ("%s; %u exception", "%s; %u exceptions", n_layers),
                          types, n_layers);
}
