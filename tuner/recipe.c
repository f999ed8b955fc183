/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe.c: the ordered list of tuning steps with their parameters, as JSON. */
#include "config.h"
#include "tuner/recipe.h"
#include "tuner/recipe-reader.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

struct _FettleRecipe
{
  GObject parent_instance;

  GArray *steps; /* FettleStep */
  char *json;
  char *hash;
};

G_DEFINE_FINAL_TYPE (FettleRecipe, fettle_recipe, G_TYPE_OBJECT)

static void
clear_step (gpointer data)
{
  FettleStep *step = data;

  g_variant_unref (step->parameters);
}

static void
fettle_recipe_finalize (GObject *object)
{
  FettleRecipe *self = FETTLE_RECIPE (object);

  g_array_unref (self->steps);
  g_free (self->json);
  g_free (self->hash);
  G_OBJECT_CLASS (fettle_recipe_parent_class)->finalize (object);
}

static void
fettle_recipe_class_init (FettleRecipeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_recipe_finalize;
}

static void
fettle_recipe_init (FettleRecipe *self)
{
  self->steps = g_array_new (FALSE, FALSE, sizeof (FettleStep));
  g_array_set_clear_func (self->steps, clear_step);
}

static void write_parameters (JsonBuilder *builder, GVariant *values,
                              const FettleParameter *parameters, guint n_parameters);

static void
write_list (JsonBuilder *builder, GVariant *entries, const FettleParameter *parameter)
{
  json_builder_begin_array (builder);
  for (gsize i = 0; i < g_variant_n_children (entries); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);

      json_builder_begin_object (builder);
      write_parameters (builder, entry, parameter->fields, parameter->n_fields);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
write_parameter (JsonBuilder *builder, GVariant *value, const FettleParameter *parameter)
{
  switch (parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
    case FETTLE_PARAMETER_TEXT:
      json_builder_add_string_value (builder, g_variant_get_string (value, NULL));
      break;
    case FETTLE_PARAMETER_NUMBER:
      json_builder_add_double_value (builder, g_variant_get_double (value));
      break;
    case FETTLE_PARAMETER_BOOLEAN:
      json_builder_add_boolean_value (builder, g_variant_get_boolean (value));
      break;
    case FETTLE_PARAMETER_LIST:
      write_list (builder, value, parameter);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
write_parameters (JsonBuilder *builder, GVariant *values,
                  const FettleParameter *parameters, guint n_parameters)
{
  for (guint i = 0; i < n_parameters; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_lookup_value (values, parameters[i].name, NULL);

      g_assert (value != NULL);
      json_builder_set_member_name (builder, parameters[i].name);
      write_parameter (builder, value, &parameters[i]);
    }
}

static void
write_step (JsonBuilder *builder, const FettleStep *step)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "step");
  json_builder_add_string_value (builder, step->kind->name);
  /* Written only where it says something, so that the hashes of older recipes stay. */
  if (!step->is_enabled)
    {
      json_builder_set_member_name (builder, FETTLE_RECIPE_ENABLED_KEY);
      json_builder_add_boolean_value (builder, FALSE);
    }
  write_parameters (builder, step->parameters, step->kind->parameters,
                    step->kind->n_parameters);
  json_builder_end_object (builder);
}

static char *
write_json (FettleRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, FETTLE_RECIPE_KEY);
  json_builder_add_int_value (builder, FETTLE_RECIPE_VERSION);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->steps->len; i++)
    write_step (builder, fettle_recipe_get_step (self, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_indent (generator, 2);
  text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}

FettleRecipe *
fettle_recipe_parse (const char *json, GError **error)
{
  g_autoptr (FettleRecipe) self = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (FETTLE_TYPE_RECIPE, NULL);
  if (!fettle_recipe_read_steps (json, self->steps, error))
    return NULL;
  self->json = write_json (self);
  self->hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->json, -1);
  return g_steal_pointer (&self);
}

FettleRecipe *
fettle_recipe_new_from_steps (const FettleStep *steps, guint n_steps, GError **error)
{
  g_autoptr (FettleRecipe) draft = g_object_new (FETTLE_TYPE_RECIPE, NULL);
  g_autofree char *json = NULL;

  g_return_val_if_fail (steps != NULL || n_steps == 0, NULL);

  for (guint i = 0; i < n_steps; i++)
    {
      FettleStep step = steps[i];

      g_variant_ref (step.parameters);
      g_array_append_val (draft->steps, step);
    }
  /* What was put together is read like what people wrote, and so refused by the same sentences. */
  json = write_json (draft);
  return fettle_recipe_parse (json, error);
}

FettleRecipe *
fettle_recipe_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  FettleRecipe *self = NULL;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (strlen (text) != length)
    g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
                         _ ("The recipe is not UTF-8 text."));
  else
    self = fettle_recipe_parse (text, error);
  name = g_filename_display_basename (path);
  if (self == NULL)
    g_prefix_error (error, "%s: ", name);
  return self;
}

const char *
fettle_recipe_to_json (FettleRecipe *self)
{
  g_return_val_if_fail (FETTLE_IS_RECIPE (self), NULL);
  return self->json;
}

const char *
fettle_recipe_get_hash (FettleRecipe *self)
{
  g_return_val_if_fail (FETTLE_IS_RECIPE (self), NULL);
  return self->hash;
}

guint
fettle_recipe_get_n_steps (FettleRecipe *self)
{
  g_return_val_if_fail (FETTLE_IS_RECIPE (self), 0);
  return self->steps->len;
}

const FettleStep *
fettle_recipe_get_step (FettleRecipe *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_RECIPE (self), NULL);
  g_return_val_if_fail (index < self->steps->len, NULL);
  return &g_array_index (self->steps, FettleStep, index);
}
