/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-text.c: a recipe in one line. */
#include "config.h"

#include "app/recipe-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* The types are what a reader looks for first: they are named even if they are the defaults. */
static gboolean
is_worth_naming (const FettleParameter *parameter, const char *choice)
{
  return strcmp (parameter->name, "weights") == 0
         || strcmp (parameter->name, "activations") == 0
         || strcmp (choice, parameter->choices[0]) != 0;
}

/* "weights int4" and the like, in the order of the parameters. */
static GPtrArray *
list_choices (const FettleStep *step)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < step->kind->n_parameters; i++)
    {
      const FettleParameter *parameter = &step->kind->parameters[i];
      const char *choice;

      if (parameter->type != FETTLE_PARAMETER_CHOICE)
        continue;
      choice = fettle_step_get_choice (step, parameter->name);
      if (is_worth_naming (parameter, choice))
        g_ptr_array_add (texts, g_strdup_printf ("%s %s", parameter->name, choice));
    }
  return texts;
}

char *
fettle_recipe_describe (FettleRecipe *recipe)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (FETTLE_IS_RECIPE (recipe), NULL);

  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      const FettleStep *step = fettle_recipe_get_step (recipe, i);
      g_autoptr (GPtrArray) choices = list_choices (step);
      g_autofree char *joined = NULL;

      g_string_append_printf (text, "%s%s", i > 0 ? " → " : "", step->kind->name);
      if (choices->len == 0)
        continue;
      g_ptr_array_add (choices, NULL);
      joined = g_strjoinv (", ", (char **)choices->pdata);
      g_string_append_printf (text, " (%s)", joined);
    }
  return g_string_free (text, FALSE);
}
