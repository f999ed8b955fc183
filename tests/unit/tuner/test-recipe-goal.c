/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-recipe-goal.c: what a recipe makes of a model, read, changed and explained. */
#include "tuner/recipe-builtin.h"
#include "tuner/recipe-edit.h"
#include "tuner/recipe-goal.h"

static const FettleRecipeGoal int8 = { FETTLE_TYPE_INT8, FALSE, FETTLE_TYPE_INT8 };
static const FettleRecipeGoal int4 = { FETTLE_TYPE_INT4, FALSE, FETTLE_TYPE_INT8 };

static void
assert_same (FettleRecipe *a, FettleRecipe *b)
{
  g_assert_cmpstr (fettle_recipe_to_json (a), ==, fettle_recipe_to_json (b));
}

static void
test_every_goal_is_read_back (void)
{
  const FettleType weights[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT4 };
  const FettleType activations[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16 };

  for (guint i = 0; i < 8; i++)
    {
      const FettleRecipeGoal goal = { weights[i & 1], (i & 2) != 0, activations[i >> 2] };
      g_autoptr (FettleRecipe) recipe = fettle_recipe_new_for_goal (&goal);
      FettleRecipeGoal read;

      g_assert_true (fettle_recipe_get_goal (recipe, &read));
      g_assert_cmpint (read.weights, ==, goal.weights);
      g_assert_cmpint (read.is_per_tensor, ==, goal.is_per_tensor);
      g_assert_cmpint (read.activations, ==, goal.activations);
      for (guint k = 0; k < fettle_recipe_get_n_steps (recipe); k++)
        g_assert_cmpstr (fettle_recipe_explain_step (recipe, k), ==,
                         fettle_recipe_goal_explain (&goal, k));
    }
}

static void
test_chosen_steps_are_chosen_anew (void)
{
  static const FettleLayerTypes as_float = { "same", "float32" };
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_for_goal (&int8);
  g_autoptr (FettleRecipe) wanted = fettle_recipe_new_for_goal (&int4);
  g_autoptr (FettleRecipe) changed = fettle_recipe_set_goal (recipe, &int4);
  g_autoptr (FettleRecipe) mixed =
      fettle_recipe_set_layer_types (recipe, "a", &as_float, NULL);
  g_autoptr (FettleRecipe) mixed_wanted =
      fettle_recipe_set_layer_types (wanted, "a", &as_float, NULL);
  g_autoptr (FettleRecipe) mixed_changed = fettle_recipe_set_goal (mixed, &int4);

  assert_same (changed, wanted);
  assert_same (mixed_changed, mixed_wanted);
}

static void
test_own_steps_stay (void)
{
  g_autoptr (FettleRecipe) usual = fettle_recipe_new_for_goal (&int8);
  g_autoptr (FettleRecipe) own = fettle_recipe_remove_step (usual, 0);
  g_autoptr (FettleRecipe) changed = fettle_recipe_set_goal (own, &int4);
  FettleRecipeGoal goal;

  g_assert_cmpuint (fettle_recipe_get_n_steps (changed), ==,
                    fettle_recipe_get_n_steps (own));
  g_assert_true (fettle_recipe_get_goal (changed, &goal));
  g_assert_cmpint (goal.weights, ==, FETTLE_TYPE_INT4);
  /* This recipe equalizes otherwise than one that was chosen for int4. */
  g_assert_null (fettle_recipe_explain_step (changed, 1));
  g_assert_nonnull (fettle_recipe_explain_step (changed, 0));
}

static void
test_lossless_gets_steps (void)
{
  g_autoptr (FettleRecipe) lossless = fettle_recipe_open ("lossless", NULL);
  g_autoptr (FettleRecipe) wanted = fettle_recipe_new_for_goal (&int4);
  g_autoptr (FettleRecipe) changed = fettle_recipe_set_goal (lossless, &int4);
  FettleRecipeGoal goal;

  g_assert_false (fettle_recipe_get_goal (lossless, &goal));
  g_assert_null (fettle_recipe_explain_step (lossless, 0));
  assert_same (changed, wanted);
}

static void
test_summary (void)
{
  static const FettleLayerTypes as_float = { "same", "float32" };
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_for_goal (&int4);
  g_autoptr (FettleRecipe) mixed =
      fettle_recipe_set_layer_types (recipe, "a", &as_float, NULL);
  g_autoptr (FettleRecipe) lossless = fettle_recipe_open ("lossless", NULL);
  g_autofree char *plain = fettle_recipe_summarize (recipe);
  g_autofree char *exception = fettle_recipe_summarize (mixed);
  g_autofree char *steps = fettle_recipe_summarize (lossless);

  g_assert_cmpstr (plain, ==, "int4 weights, int8 activations");
  g_assert_cmpstr (exception, ==, "int4 weights, int8 activations; 1 exception");
  g_assert_cmpstr (steps, ==, "3 steps");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/recipe-goal/every-goal", test_every_goal_is_read_back);
  g_test_add_func ("/tuner/recipe-goal/chosen-anew", test_chosen_steps_are_chosen_anew);
  g_test_add_func ("/tuner/recipe-goal/own-steps", test_own_steps_stay);
  g_test_add_func ("/tuner/recipe-goal/lossless", test_lossless_gets_steps);
  g_test_add_func ("/tuner/recipe-goal/summary", test_summary);
  return g_test_run ();
}
