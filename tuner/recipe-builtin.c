/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-builtin.c: recipes that need no file. */
#include "config.h"
#include "tuner/recipe-builtin.h"
#include "tuner/recipe-reader.h"

#include <glib/gi18n.h>

static const FettleBuiltinRecipe recipes[] = {
  { .name = "int8",
    .description =
        N_ ("Weights of int8 with a scale for each channel, activations of int8"),
    .goal = { FETTLE_TYPE_INT8, FALSE, FETTLE_TYPE_INT8 } },
  { .name = "int8-per-tensor",
    .description = N_ ("Weights of int8 with one scale, activations of int8"),
    .goal = { FETTLE_TYPE_INT8, TRUE, FETTLE_TYPE_INT8 } },
  { .name = "int4",
    .description =
        N_ ("Weights of int4 with a scale for each channel, activations of int8"),
    .goal = { FETTLE_TYPE_INT4, FALSE, FETTLE_TYPE_INT8 } },
  { .name = "requantize",
    .description = N_ ("A quantized model back to float and to int8 again, in the ranges "
                       "that it has; lossy"),
    .steps = "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},"
             "{\"step\":\"requantize\"},{\"step\":\"quantize\"}]" },
  { .name = "lossless",
    .description = N_ ("Take out what makes no difference; needs no data"),
    .steps = "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},{\"step\":\"fold\"}]" },
};

const FettleBuiltinRecipe *
fettle_recipe_builtins (guint *n_recipes)
{
  g_return_val_if_fail (n_recipes != NULL, NULL);

  *n_recipes = G_N_ELEMENTS (recipes);
  return recipes;
}

static FettleRecipe *
make (const FettleBuiltinRecipe *builtin)
{
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe;

  if (builtin->steps == NULL)
    return fettle_recipe_new_for_goal (&builtin->goal);
  json = g_strdup_printf ("{\"%s\":%d,\"steps\":%s}", FETTLE_RECIPE_KEY,
                          FETTLE_RECIPE_VERSION, builtin->steps);
  recipe = fettle_recipe_parse (json, &error);
  g_assert_no_error (error);
  return recipe;
}

static char *
list_names (void)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", recipes[i].name);
  return g_string_free (names, FALSE);
}

FettleRecipe *
fettle_recipe_new_default (void)
{
  return make (&recipes[0]);
}

FettleRecipe *
fettle_recipe_open (const char *name, GError **error)
{
  g_autofree char *names = NULL, *display = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    if (g_str_equal (name, recipes[i].name))
      return make (&recipes[i]);
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return fettle_recipe_load (name, error);
  names = list_names ();
  display = g_filename_display_name (name);
  g_set_error (
      error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
      _ ("%s: There is no such file, nor is it a built-in recipe, of which there "
         "are: %s."),
      display, names);
  return NULL;
}
