/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-edit.c: a recipe made of another one by a change. */
#include "config.h"
#include "tuner/recipe-edit.h"

#include <glib/gi18n.h>

#define SAME "same"

static void
clear_step (gpointer data)
{
  FettleStep *step = data;

  g_variant_unref (step->parameters);
}

static GArray *
copy_steps (FettleRecipe *recipe)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (FettleStep));

  g_array_set_clear_func (steps, clear_step);
  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      FettleStep step = *fettle_recipe_get_step (recipe, i);

      g_variant_ref (step.parameters);
      g_array_append_val (steps, step);
    }
  return steps;
}

static FettleRecipe *
make_recipe (GArray *steps, GError **error)
{
  return fettle_recipe_new_from_steps ((const FettleStep *)(gpointer)steps->data,
                                       steps->len, error);
}

/* For steps that were part of a recipe already, whose parameters are therefore valid. */
static FettleRecipe *
remake_recipe (GArray *steps)
{
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe = make_recipe (steps, &error);

  g_assert_no_error (error);
  return recipe;
}

FettleRecipe *
fettle_recipe_insert_step (FettleRecipe *recipe, guint index, const FettleStepKind *kind,
                           GError **error)
{
  g_autoptr (GArray) steps = NULL;
  GVariantDict parameters;
  FettleStep step = { .kind = kind, .is_enabled = TRUE };

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe) && kind != NULL, NULL);
  g_return_val_if_fail (index <= fettle_recipe_get_n_steps (recipe), NULL);

  steps = copy_steps (recipe);
  g_variant_dict_init (&parameters, NULL);
  for (guint i = 0; i < kind->n_parameters; i++)
    g_variant_dict_insert_value (&parameters, kind->parameters[i].name,
                                 fettle_parameter_get_default (&kind->parameters[i]));
  step.parameters = g_variant_ref_sink (g_variant_dict_end (&parameters));
  g_array_insert_val (steps, index, step);
  return make_recipe (steps, error);
}

FettleRecipe *
fettle_recipe_remove_step (FettleRecipe *recipe, guint index)
{
  g_autoptr (GArray) steps = NULL;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (index < fettle_recipe_get_n_steps (recipe), NULL);

  steps = copy_steps (recipe);
  g_array_remove_index (steps, index);
  return remake_recipe (steps);
}

FettleRecipe *
fettle_recipe_move_step (FettleRecipe *recipe, guint from, guint to)
{
  g_autoptr (GArray) steps = NULL;
  FettleStep step;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (from < fettle_recipe_get_n_steps (recipe), NULL);
  g_return_val_if_fail (to < fettle_recipe_get_n_steps (recipe), NULL);

  steps = copy_steps (recipe);
  step = g_array_index (steps, FettleStep, from);
  g_variant_ref (step.parameters);
  g_array_remove_index (steps, from);
  g_array_insert_val (steps, to, step);
  return remake_recipe (steps);
}

FettleRecipe *
fettle_recipe_enable_step (FettleRecipe *recipe, guint index, gboolean is_enabled)
{
  g_autoptr (GArray) steps = NULL;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (index < fettle_recipe_get_n_steps (recipe), NULL);

  steps = copy_steps (recipe);
  g_array_index (steps, FettleStep, index).is_enabled = is_enabled;
  return remake_recipe (steps);
}

FettleRecipe *
fettle_recipe_set_parameter (FettleRecipe *recipe, guint index, const char *parameter,
                             GVariant *value, GError **error)
{
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GVariant) old = NULL;
  g_autoptr (GArray) steps = NULL;
  GVariantDict parameters;
  FettleStep *step;

  g_return_val_if_fail (value != NULL, NULL);
  owned = g_variant_ref_sink (value);
  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe) && parameter != NULL, NULL);
  g_return_val_if_fail (index < fettle_recipe_get_n_steps (recipe), NULL);

  steps = copy_steps (recipe);
  step = &g_array_index (steps, FettleStep, index);
  old = g_variant_lookup_value (step->parameters, parameter, NULL);
  g_return_val_if_fail (old != NULL, NULL);
  g_return_val_if_fail (g_variant_is_of_type (value, g_variant_get_type (old)), NULL);

  g_variant_dict_init (&parameters, step->parameters);
  g_variant_dict_insert_value (&parameters, parameter, value);
  g_variant_unref (step->parameters);
  step->parameters = g_variant_ref_sink (g_variant_dict_end (&parameters));
  return make_recipe (steps, error);
}

/* --- types of single layers --- */

/* Of the last "quantize" that is run, -1 if none is. */
static int
find_quantize (FettleRecipe *recipe)
{
  const FettleStepKind *kind = fettle_step_kind_lookup ("quantize");

  for (int i = (int)fettle_recipe_get_n_steps (recipe) - 1; i >= 0; i--)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, (guint)i);

      if (step->kind == kind && step->is_enabled)
        return i;
    }
  return -1;
}

char *
fettle_layer_types_describe_edit (const char *layer, const FettleLayerTypes *types)
{
  g_return_val_if_fail (layer != NULL && types != NULL, NULL);

  if (g_str_equal (types->activations, "float32"))
    return g_strdup_printf (_ ("Leave %s in float"), layer);
  if (g_str_equal (types->weights, SAME) && g_str_equal (types->activations, SAME))
    return g_strdup_printf (_ ("Set %s to the recipe’s types"), layer);
  if (g_str_equal (types->activations, SAME))
    return g_strdup_printf (_ ("Set %s to %s weights"), layer, types->weights);
  if (g_str_equal (types->weights, SAME))
    return g_strdup_printf (_ ("Set %s to %s activations"), layer, types->activations);
  return g_strdup_printf (_ ("Set %s to %s weights, %s activations"), layer,
                          types->weights, types->activations);
}

FettleLayerTypes
fettle_recipe_get_layer_types (FettleRecipe *recipe, const char *layer)
{
  FettleLayerTypes types = { SAME, SAME };
  g_autoptr (GVariant) entries = NULL;
  int index;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe) && layer != NULL, types);

  index = find_quantize (recipe);
  if (index < 0)
    return types;
  entries =
      fettle_step_get_list (fettle_recipe_get_step (recipe, (guint)index), "layers");
  for (gsize i = 0; i < g_variant_n_children (entries); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
      const char *weights = fettle_step_entry_get_text (entry, "weights");
      const char *activations = fettle_step_entry_get_text (entry, "activations");

      if (!g_str_equal (fettle_step_entry_get_text (entry, "match"), layer))
        continue;
      if (!g_str_equal (weights, SAME))
        types.weights = g_intern_string (weights);
      if (!g_str_equal (activations, SAME))
        types.activations = g_intern_string (activations);
    }
  return types;
}

/* ENTRIES without those of exactly LAYER, and with one of its own at the end, where it wins. What the old ones said of its
 * granularity stays. */
static GVariant *
replace_entry (GVariant *entries, const char *layer, const FettleLayerTypes *types)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  const char *granularity = SAME;
  GVariantDict own;

  for (gsize i = 0; i < g_variant_n_children (entries); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
      const char *said = fettle_step_entry_get_text (entry, "granularity");

      if (!g_str_equal (fettle_step_entry_get_text (entry, "match"), layer))
        g_variant_builder_add_value (builder, entry);
      else if (!g_str_equal (said, SAME))
        granularity = g_intern_string (said);
    }
  if (!g_str_equal (types->weights, SAME) || !g_str_equal (types->activations, SAME)
      || !g_str_equal (granularity, SAME))
    {
      g_variant_dict_init (&own, NULL);
      g_variant_dict_insert (&own, "match", "s", layer);
      g_variant_dict_insert (&own, "weights", "s", types->weights);
      g_variant_dict_insert (&own, "granularity", "s", granularity);
      g_variant_dict_insert (&own, "activations", "s", types->activations);
      g_variant_builder_add_value (builder, g_variant_dict_end (&own));
    }
  return g_variant_builder_end (builder);
}

FettleRecipe *
fettle_recipe_set_layer_types (FettleRecipe *recipe, const char *layer,
                               const FettleLayerTypes *types, GError **error)
{
  g_autoptr (GVariant) entries = NULL;
  int index;

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (layer != NULL && types != NULL, NULL);

  index = find_quantize (recipe);
  if (index < 0)
    {
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
          _ ("The recipe has no “quantize” step that could give layer %s other types; "
             "add one."),
          layer);
      return NULL;
    }
  entries =
      fettle_step_get_list (fettle_recipe_get_step (recipe, (guint)index), "layers");
  return fettle_recipe_set_parameter (recipe, (guint)index, "layers",
                                      replace_entry (entries, layer, types), error);
}
