/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-recipe.c: recipes as JSON. */
#include "tuner/recipe-builtin.h"

#include <string.h>

static void
test_default (void)
{
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();

  g_assert_cmpstr (fettle_recipe_to_json (recipe), ==,
                   "{\n"
                   "  \"fettle-recipe\" : 1,\n"
                   "  \"steps\" : [\n"
                   "    {\n"
                   "      \"step\" : \"fold\"\n"
                   "    },\n"
                   "    {\n"
                   "      \"step\" : \"remove-dead\",\n"
                   "      \"multiple\" : 1.0\n"
                   "    },\n"
                   "    {\n"
                   "      \"step\" : \"equalize\",\n"
                   "      \"method\" : \"activations\",\n"
                   "      \"relu6\" : \"replace\",\n"
                   "      \"spread\" : 1.0\n"
                   "    },\n"
                   "    {\n"
                   "      \"step\" : \"calibrate\",\n"
                   "      \"method\" : \"min-max\",\n"
                   "      \"outliers\" : 100.0,\n"
                   "      \"minimum\" : 0.0,\n"
                   "      \"maximum\" : 0.0\n"
                   "    },\n"
                   "    {\n"
                   "      \"step\" : \"quantize\",\n"
                   "      \"weights\" : \"int8\",\n"
                   "      \"granularity\" : \"per-channel\",\n"
                   "      \"activations\" : \"int8\",\n"
                   "      \"inputs\" : \"same\",\n"
                   "      \"outputs\" : \"same\",\n"
                   "      \"layers\" : []\n"
                   "    },\n"
                   "    {\n"
                   "      \"step\" : \"round\",\n"
                   "      \"method\" : \"auto\"\n"
                   "    }\n"
                   "  ]\n"
                   "}\n");
}

static void
test_canonical (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) short_form = fettle_recipe_parse (
      "{\"steps\":[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},"
      "{\"method\":\"activations\",\"step\":\"equalize\"},{\"step\":\"calibrate\"},"
      "{\"step\":\"quantize\"},{\"step\":\"round\"}],"
      "\"fettle-recipe\":1}",
      &error);
  g_autoptr (FettleRecipe) again = NULL;
  g_autoptr (FettleRecipe) standard = fettle_recipe_new_default ();

  g_assert_no_error (error);
  again = fettle_recipe_parse (fettle_recipe_to_json (short_form), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fettle_recipe_to_json (short_form), ==,
                   fettle_recipe_to_json (standard));
  g_assert_cmpstr (fettle_recipe_get_hash (again), ==, fettle_recipe_get_hash (standard));
  g_assert_cmpuint (strlen (fettle_recipe_get_hash (standard)), ==, 64);
}

static void
test_builtin (void)
{
  guint n_recipes;
  const FettleBuiltinRecipe *recipes = fettle_recipe_builtins (&n_recipes);
  g_autoptr (FettleRecipe) standard = fettle_recipe_new_default ();
  g_autoptr (FettleRecipe) unknown = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_recipes; i++)
    {
      g_autoptr (FettleRecipe) recipe = fettle_recipe_open (recipes[i].name, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (fettle_recipe_get_n_steps (recipe), >, 0);
      g_assert_cmpint (g_str_equal (fettle_recipe_get_hash (recipe),
                                    fettle_recipe_get_hash (standard)),
                       ==, g_str_equal (recipes[i].name, "int8"));
    }
  unknown = fettle_recipe_open ("loss", &error);
  g_assert_null (unknown);
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
  g_assert_nonnull (strstr (error->message, "lossless"));
}

/* Every goal has a recipe of its own, with a reason for each step. */
static void
test_goals (void)
{
  g_autoptr (GHashTable) hashes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 8; i++)
    {
      FettleRecipeGoal goal = { i & 1 ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8, (i & 2) != 0,
                                i & 4 ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8 };
      g_autoptr (FettleRecipe) recipe = fettle_recipe_new_for_goal (&goal);
      guint n_quantizing = 0;

      for (guint k = 0; k < fettle_recipe_get_n_steps (recipe); k++)
        {
          const FettleStep *step = fettle_recipe_get_step (recipe, k);

          g_assert_cmpuint (strlen (fettle_recipe_goal_explain (&goal, k)), >, 0);
          if (!g_str_equal (step->kind->name, "quantize"))
            continue;
          n_quantizing++;
          g_assert_cmpstr (fettle_step_get_choice (step, "weights"), ==,
                           fettle_type_get_name (goal.weights));
          g_assert_cmpstr (fettle_step_get_choice (step, "activations"), ==,
                           fettle_type_get_name (goal.activations));
          g_assert_cmpstr (fettle_step_get_choice (step, "granularity"), ==,
                           goal.is_per_tensor ? "per-tensor" : "per-channel");
        }
      g_assert_cmpuint (n_quantizing, ==, 1);
      g_hash_table_add (hashes, g_strdup (fettle_recipe_get_hash (recipe)));
    }
  g_assert_cmpuint (g_hash_table_size (hashes), ==, 8);
}

static void
test_parameters (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse ("{\"fettle-recipe\":1,\"steps\":[{\"step\":\"quantize\","
                           "\"granularity\":\"per-tensor\"}]}",
                           &error);
  g_autoptr (FettleRecipe) standard = fettle_recipe_new_default ();
  const FettleStep *step;

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_recipe_get_n_steps (recipe), ==, 1);
  step = fettle_recipe_get_step (recipe, 0);
  g_assert_true (step->kind == fettle_step_kind_lookup ("quantize"));
  g_assert_cmpstr (fettle_step_get_choice (step, "granularity"), ==, "per-tensor");
  g_assert_cmpstr (fettle_step_get_choice (step, "weights"), ==, "int8");
  g_assert_cmpstr (fettle_recipe_get_hash (recipe), !=,
                   fettle_recipe_get_hash (standard));
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse ("{\"fettle-recipe\":1,\"steps\":[{\"step\":\"quantize\","
                           "\"layers\":[{\"match\":\"conv*\",\"weights\":\"int4\"},"
                           "{\"activations\":\"float32\",\"match\":\"x\"}]}]}",
                           &error);
  g_autoptr (FettleRecipe) again = NULL;
  g_autoptr (GVariant) entries = NULL;
  g_autoptr (GVariant) entry = NULL;

  g_assert_no_error (error);
  entries = fettle_step_get_list (fettle_recipe_get_step (recipe, 0), "layers");
  g_assert_cmpuint (g_variant_n_children (entries), ==, 2);
  entry = g_variant_get_child_value (entries, 1);
  g_assert_cmpstr (fettle_step_entry_get_text (entry, "match"), ==, "x");
  g_assert_cmpstr (fettle_step_entry_get_text (entry, "activations"), ==, "float32");
  g_assert_cmpstr (fettle_step_entry_get_text (entry, "weights"), ==, "same");
  g_assert_nonnull (strstr (fettle_recipe_to_json (recipe),
                            "          \"match\" : \"conv*\",\n"
                            "          \"weights\" : \"int4\",\n"
                            "          \"granularity\" : \"same\",\n"
                            "          \"activations\" : \"same\"\n"));
  again = fettle_recipe_parse (fettle_recipe_to_json (recipe), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fettle_recipe_get_hash (again), ==, fettle_recipe_get_hash (recipe));
}

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse ("{\"fettle-recipe\":1,\"steps\":[]}", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_recipe_get_n_steps (recipe), ==, 0);
}

static void
assert_refused (const char *json, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_recipe_parse (json, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
test_refused (void)
{
  static const char prefix[] = "{\"fettle-recipe\":1,\"steps\":";
  static const struct
  {
    const char *steps;
    const char *reason;
  } cases[] = {
    { "7}", "list" },
    { "[7]}", "Step 1" },
    { "[{}]}", "does not name" },
    { "[{\"step\":7}]}", "does not name" },
    { "[{\"step\":\"prune\"}]}", "“prune”" },
    { "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"bits\":4}]}", "“bits”" },
    { "[{\"step\":\"calibrate\",\"method\":\"psychic\"}]}", "min-max" },
    { "[{\"step\":\"calibrate\",\"method\":1}]}", "“method” of step 1 (calibrate)" },
    { "[],\"extra\":1}", "“extra”" },
    { "[{\"step\":\"quantize\",\"layers\":{}}]}", "must be a list" },
    { "[{\"step\":\"quantize\",\"layers\":[1]}]}", "entry 1 is none" },
    { "[{\"step\":\"quantize\",\"layers\":[{}]}]}", "“match” of entry 1 of “layers”" },
    { "[{\"step\":\"quantize\",\"layers\":[{\"match\":\"\"}]}]}", "not empty" },
    { "[{\"step\":\"quantize\",\"layers\":[{\"match\":\"a\",\"bits\":4}]}]}",
      "“bits” is not a parameter of entry 1 of “layers” of step 1 (quantize)" },
    { "[{\"step\":\"quantize\",\"layers\":[{\"match\":\"a\",\"weights\":\"int3\"}]}]}",
      "int4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strconcat (prefix, cases[i].steps, NULL);

      assert_refused (json, cases[i].reason);
    }
  assert_refused ("", "not a JSON object");
  assert_refused ("[]", "not a JSON object");
  assert_refused ("{", "not JSON");
  assert_refused ("{\"steps\":[]}", "fettle-recipe");
  assert_refused ("{\"fettle-recipe\":2,\"steps\":[]}", "fettle-recipe");
  assert_refused ("{\"fettle-recipe\":1}", "list");
  assert_refused ("\xff", "UTF-8");
}

static void
test_nesting (void)
{
  g_autoptr (GString) json = g_string_new ("{\"fettle-recipe\":1,\"steps\":");

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (json, '[');
  assert_refused (json->str, "more than");
}

/* What other rooms may rely on when they build an editor from the description. */
static void
test_kinds (void)
{
  guint n_kinds;
  const FettleStepKind *const *kinds = fettle_step_kinds (&n_kinds);

  g_assert_cmpuint (n_kinds, >=, 2);
  for (guint i = 0; i < n_kinds; i++)
    {
      g_assert_true (fettle_step_kind_lookup (kinds[i]->name) == kinds[i]);
      g_assert_nonnull (kinds[i]->description);
      for (guint k = 0; k < kinds[i]->n_parameters; k++)
        {
          g_assert_nonnull (kinds[i]->parameters[k].description);
          if (kinds[i]->parameters[k].type == FETTLE_PARAMETER_CHOICE)
            g_assert_nonnull (kinds[i]->parameters[k].choices[0]);
          if (kinds[i]->parameters[k].type == FETTLE_PARAMETER_LIST)
            g_assert_nonnull (kinds[i]->parameters[k].fields[0].description);
        }
    }
  g_assert_null (fettle_step_kind_lookup ("prune"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/recipe/default", test_default);
  g_test_add_func ("/tuner/recipe/canonical", test_canonical);
  g_test_add_func ("/tuner/recipe/builtin", test_builtin);
  g_test_add_func ("/tuner/recipe/goals", test_goals);
  g_test_add_func ("/tuner/recipe/parameters", test_parameters);
  g_test_add_func ("/tuner/recipe/list", test_list);
  g_test_add_func ("/tuner/recipe/empty", test_empty);
  g_test_add_func ("/tuner/recipe/refused", test_refused);
  g_test_add_func ("/tuner/recipe/nesting", test_nesting);
  g_test_add_func ("/tuner/recipe/kinds", test_kinds);
  return g_test_run ();
}
