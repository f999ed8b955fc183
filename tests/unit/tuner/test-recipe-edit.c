/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-recipe-edit.c: a recipe made of another one by a change. */
#include "tuner/recipe-edit.h"

#include <string.h>

/* Names of the steps, with a minus before those that are off. */
static char *
list_steps (FettleRecipe *recipe)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "",
                              step->is_enabled ? "" : "-", step->kind->name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Takes RECIPE over. */
static void
assert_steps (FettleRecipe *recipe, const char *wanted)
{
  g_autofree char *steps = list_steps (recipe);

  g_assert_cmpstr (steps, ==, wanted);
  g_object_unref (recipe);
}

static FettleRecipe *
make_recipe (void)
{
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe = fettle_recipe_parse (
      "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"fold\"},{\"step\":\"calibrate\"},"
      "{\"step\":\"quantize\"}]}",
      &error);

  g_assert_no_error (error);
  return recipe;
}

static void
test_steps (void)
{
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  const FettleStepKind *round = fettle_step_kind_lookup ("round");
  const FettleStepKind *equalize = fettle_step_kind_lookup ("equalize");

  assert_steps (fettle_recipe_insert_step (recipe, 3, round, NULL),
                "fold calibrate quantize round");
  assert_steps (fettle_recipe_insert_step (recipe, 1, equalize, NULL),
                "fold equalize calibrate quantize");
  assert_steps (fettle_recipe_remove_step (recipe, 0), "calibrate quantize");
  assert_steps (fettle_recipe_move_step (recipe, 0, 2), "calibrate quantize fold");
  assert_steps (fettle_recipe_move_step (recipe, 2, 0), "quantize fold calibrate");
  assert_steps (fettle_recipe_enable_step (recipe, 1, FALSE), "fold -calibrate quantize");
  assert_steps (g_object_ref (recipe), "fold calibrate quantize");
}

static void
test_every_kind_can_be_inserted (void)
{
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  guint n_kinds;
  const FettleStepKind *const *kinds = fettle_step_kinds (&n_kinds);

  for (guint i = 0; i < n_kinds; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleRecipe) longer =
          fettle_recipe_insert_step (recipe, 0, kinds[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (fettle_recipe_get_n_steps (longer), ==, 4);
    }
}

static void
test_disabled_step_is_kept (void)
{
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  g_autoptr (FettleRecipe) without = fettle_recipe_enable_step (recipe, 0, FALSE);
  g_autoptr (FettleRecipe) again =
      fettle_recipe_parse (fettle_recipe_to_json (without), NULL);
  g_autoptr (FettleRecipe) with = fettle_recipe_enable_step (again, 0, TRUE);

  g_assert_nonnull (strstr (fettle_recipe_to_json (without), "\"enabled\" : false"));
  g_assert_null (strstr (fettle_recipe_to_json (recipe), "enabled"));
  g_assert_cmpstr (fettle_recipe_get_hash (without), !=, fettle_recipe_get_hash (recipe));
  g_assert_cmpstr (fettle_recipe_get_hash (with), ==, fettle_recipe_get_hash (recipe));
}

static void
test_enabled_must_be_true_or_false (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (
      "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"fold\",\"enabled\":1}]}", &error);

  g_assert_null (recipe);
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
}

static void
test_parameters (void)
{
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) other = fettle_recipe_set_parameter (
      recipe, 1, "outliers", g_variant_new_double (7), &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (
      fettle_step_get_number (fettle_recipe_get_step (other, 1), "outliers"), ==, 7);
  g_assert_cmpfloat (
      fettle_step_get_number (fettle_recipe_get_step (recipe, 1), "outliers"), ==, 100);
  g_assert_null (fettle_recipe_set_parameter (other, 1, "outliers",
                                              g_variant_new_double (-1), &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
  g_clear_error (&error);
  g_assert_null (fettle_recipe_set_parameter (other, 1, "method",
                                              g_variant_new_string ("guess"), &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
}

static void
assert_types (FettleRecipe *recipe, const char *layer, const char *weights,
              const char *activations)
{
  FettleLayerTypes types = fettle_recipe_get_layer_types (recipe, layer);

  g_assert_cmpstr (types.weights, ==, weights);
  g_assert_cmpstr (types.activations, ==, activations);
}

static void
test_layer_types (void)
{
  static const FettleLayerTypes int4 = { "int4", "same" };
  static const FettleLayerTypes as_float = { "same", "float32" };
  static const FettleLayerTypes same = { "same", "same" };
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) one =
      fettle_recipe_set_layer_types (recipe, "a", &int4, &error);
  g_autoptr (FettleRecipe) two =
      fettle_recipe_set_layer_types (one, "b", &as_float, &error);
  g_autoptr (FettleRecipe) back = fettle_recipe_set_layer_types (two, "b", &same, &error);

  g_assert_no_error (error);
  assert_types (recipe, "a", "same", "same");
  assert_types (two, "a", "int4", "same");
  assert_types (two, "b", "same", "float32");
  g_assert_cmpstr (fettle_recipe_get_hash (back), ==, fettle_recipe_get_hash (one));
}

static void
test_layer_keeps_its_granularity (void)
{
  static const FettleLayerTypes same = { "same", "same" };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (
      "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"quantize\",\"layers\":["
      "{\"match\":\"a\",\"weights\":\"int4\",\"granularity\":\"per-tensor\"},"
      "{\"match\":\"*\",\"weights\":\"int8\"}]}]}",
      &error);
  g_autoptr (FettleRecipe) back = NULL;
  g_autoptr (GVariant) entries = NULL;

  g_assert_no_error (error);
  back = fettle_recipe_set_layer_types (recipe, "a", &same, &error);
  g_assert_no_error (error);
  entries = fettle_step_get_list (fettle_recipe_get_step (back, 0), "layers");
  g_assert_cmpuint (g_variant_n_children (entries), ==, 2);
  assert_types (back, "a", "same", "same");
  g_assert_nonnull (strstr (fettle_recipe_to_json (back), "\"per-tensor\""));
}

static void
test_layer_types_need_a_quantization (void)
{
  static const FettleLayerTypes int4 = { "int4", "same" };
  g_autoptr (FettleRecipe) recipe = make_recipe ();
  g_autoptr (FettleRecipe) off = fettle_recipe_enable_step (recipe, 2, FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_recipe_set_layer_types (off, "a", &int4, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
  assert_types (off, "a", "same", "same");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/recipe-edit/steps", test_steps);
  g_test_add_func ("/tuner/recipe-edit/every-kind", test_every_kind_can_be_inserted);
  g_test_add_func ("/tuner/recipe-edit/disabled", test_disabled_step_is_kept);
  g_test_add_func ("/tuner/recipe-edit/enabled", test_enabled_must_be_true_or_false);
  g_test_add_func ("/tuner/recipe-edit/parameters", test_parameters);
  g_test_add_func ("/tuner/recipe-edit/layer-types", test_layer_types);
  g_test_add_func ("/tuner/recipe-edit/granularity", test_layer_keeps_its_granularity);
  g_test_add_func ("/tuner/recipe-edit/no-quantization",
                   test_layer_types_need_a_quantization);
  return g_test_run ();
}
