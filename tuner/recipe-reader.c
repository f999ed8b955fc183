/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-reader.c: a recipe's steps from JSON text. */
#include "config.h"
#include "tuner/recipe-reader.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

/* json-glib parses nested brackets by recursion; more of them than any recipe needs are refused
 * before they can fill the stack. */
#define MAX_BRACKETS 1000

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE, message);
  return FALSE;
}

static gboolean
node_is_string (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
node_is_number (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64
             || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
read_choice (const FettleParameter *parameter, JsonNode *node, const char *place,
             GVariant **value, GError **error)
{
  const char *name = node == NULL            ? parameter->choices[0]
                     : node_is_string (node) ? json_node_get_string (node)
                                             : NULL;
  g_autofree char *known = NULL;

  for (guint i = 0; name != NULL && parameter->choices[i] != NULL; i++)
    if (g_str_equal (parameter->choices[i], name))
      {
        *value = g_variant_new_string (name);
        return TRUE;
      }
  known = g_strjoinv (", ", (char **)parameter->choices);
  return fail (error, _ ("“%s” of %s must be one of: %s."), parameter->name, place,
               known);
}

static gboolean
read_number (const FettleParameter *parameter, JsonNode *node, const char *place,
             GVariant **value, GError **error)
{
  double number = parameter->default_number;

  if (node != NULL && !node_is_number (node))
    return fail (error, _ ("“%s” of %s must be a number."), parameter->name, place);
  if (node != NULL)
    number = json_node_get_double (node);
  if (!(number >= parameter->minimum && number <= parameter->maximum))
    return fail (error, _ ("“%s” of %s must be a number from %g to %g."), parameter->name,
                 place, parameter->minimum, parameter->maximum);
  *value = g_variant_new_double (number);
  return TRUE;
}

static gboolean
read_boolean (const FettleParameter *parameter, JsonNode *node, const char *place,
              GVariant **value, GError **error)
{
  gboolean is_true = parameter->default_number != 0.0;

  if (node != NULL
      && !(JSON_NODE_HOLDS_VALUE (node)
           && json_node_get_value_type (node) == G_TYPE_BOOLEAN))
    return fail (error, _ ("“%s” of %s must be true or false."), parameter->name, place);
  if (node != NULL)
    is_true = json_node_get_boolean (node);
  *value = g_variant_new_boolean (is_true);
  return TRUE;
}

static gboolean
read_text (const FettleParameter *parameter, JsonNode *node, const char *place,
           GVariant **value, GError **error)
{
  if (!node_is_string (node) || *json_node_get_string (node) == '\0')
    return fail (error, _ ("“%s” of %s must be given, as text that is not empty."),
                 parameter->name, place);
  *value = g_variant_new_string (json_node_get_string (node));
  return TRUE;
}

static gboolean read_list (const FettleParameter *parameter, JsonNode *node,
                           const char *place, GVariant **value, GError **error);

static gboolean
read_parameter (const FettleParameter *parameter, JsonNode *node, const char *place,
                GVariant **value, GError **error)
{
  switch (parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
      return read_choice (parameter, node, place, value, error);
    case FETTLE_PARAMETER_NUMBER:
      return read_number (parameter, node, place, value, error);
    case FETTLE_PARAMETER_BOOLEAN:
      return read_boolean (parameter, node, place, value, error);
    case FETTLE_PARAMETER_TEXT:
      return read_text (parameter, node, place, value, error);
    case FETTLE_PARAMETER_LIST:
      return read_list (parameter, node, place, value, error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
check_members (JsonObject *object, const FettleParameter *parameters, guint n_parameters,
               const char *place, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name != NULL; name = name->next)
    {
      gboolean is_known = FALSE;

      for (guint i = 0; i < n_parameters && !is_known; i++)
        is_known = g_str_equal (name->data, parameters[i].name);
      if (!is_known)
        return fail (error, _ ("“%s” is not a parameter of %s."), (char *)name->data,
                     place);
    }
  return TRUE;
}

/* The parameters that OBJECT gives, with the defaults of the others; NULL with ERROR if one is wrong. */
static GVariant *
read_parameters (JsonObject *object, const FettleParameter *parameters,
                 guint n_parameters, const char *place, GError **error)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);

  if (!check_members (object, parameters, n_parameters, place, error))
    return NULL;
  for (guint i = 0; i < n_parameters; i++)
    {
      GVariant *value = NULL;

      if (!read_parameter (&parameters[i],
                           json_object_get_member (object, parameters[i].name), place,
                           &value, error))
        return NULL;
      g_variant_builder_add (builder, "{sv}", parameters[i].name, value);
    }
  return g_variant_builder_end (builder);
}

static gboolean
read_list (const FettleParameter *parameter, JsonNode *node, const char *place,
           GVariant **value, GError **error)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  JsonArray *array;

  if (node != NULL && !JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, _ ("“%s” of %s must be a list."), parameter->name, place);
  array = node != NULL ? json_node_get_array (node) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *entry_place =
          g_strdup_printf (_ ("entry %u of “%s” of %s"), i + 1, parameter->name, place);
      GVariant *entry;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return fail (error, _ ("“%s” of %s must be a list of objects; entry %u is none."),
                     parameter->name, place, i + 1);
      entry = read_parameters (json_node_get_object (element), parameter->fields,
                               parameter->n_fields, entry_place, error);
      if (entry == NULL)
        return FALSE;
      g_variant_builder_add_value (builder, entry);
    }
  *value = g_variant_builder_end (builder);
  return TRUE;
}

static const FettleStepKind *
read_kind (JsonObject *object, guint position, GError **error)
{
  JsonNode *node = json_object_get_member (object, "step");
  g_autoptr (GString) known = g_string_new (NULL);
  const FettleStepKind *kind;
  const FettleStepKind *const *kinds;
  guint n_kinds;

  if (!node_is_string (node))
    {
      fail (error, _ ("Step %u of the recipe does not name its \"step\"."), position);
      return NULL;
    }
  kind = fettle_step_kind_lookup (json_node_get_string (node));
  if (kind != NULL)
    return kind;
  kinds = fettle_step_kinds (&n_kinds);
  for (guint i = 0; i < n_kinds; i++)
    g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", kinds[i]->name);
  fail (error,
        _ ("Step %u of the recipe is “%s”, which is not a step that this version "
           "knows; it knows: %s."),
        position, json_node_get_string (node), known->str);
  return NULL;
}

static gboolean
read_enabled (JsonObject *object, const char *place, gboolean *is_enabled, GError **error)
{
  static const FettleParameter parameter = { .name = FETTLE_RECIPE_ENABLED_KEY,
                                             .type = FETTLE_PARAMETER_BOOLEAN,
                                             .default_number = 1 };
  g_autoptr (GVariant) value = NULL;

  if (!read_boolean (&parameter, json_object_get_member (object, parameter.name), place,
                     &value, error))
    return FALSE;
  g_variant_ref_sink (value);
  *is_enabled = g_variant_get_boolean (value);
  json_object_remove_member (object, parameter.name);
  return TRUE;
}

static gboolean
read_step (JsonNode *node, guint position, FettleStep *step, GError **error)
{
  g_autofree char *place = NULL;
  GVariant *parameters;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, _ ("Step %u of the recipe is not an object."), position);
  object = json_node_get_object (node);
  step->kind = read_kind (object, position, error);
  if (step->kind == NULL)
    return FALSE;
  place = g_strdup_printf (_ ("step %u (%s)"), position, step->kind->name);
  json_object_remove_member (object, "step");
  if (!read_enabled (object, place, &step->is_enabled, error))
    return FALSE;
  parameters = read_parameters (object, step->kind->parameters, step->kind->n_parameters,
                                place, error);
  if (parameters == NULL)
    return FALSE;
  step->parameters = g_variant_ref_sink (parameters);
  return TRUE;
}

static JsonArray *
find_steps (JsonNode *root, GError **error)
{
  g_autoptr (GList) names = NULL;
  JsonObject *object;
  JsonNode *version, *steps;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      fail (error, _ ("The recipe is not a JSON object."));
      return NULL;
    }
  object = json_node_get_object (root);
  version = json_object_get_member (object, FETTLE_RECIPE_KEY);
  if (!node_is_number (version)
      || json_node_get_double (version) != FETTLE_RECIPE_VERSION)
    {
      fail (error, _ ("The recipe does not say \"%s\": %d; only that version is known."),
            FETTLE_RECIPE_KEY, FETTLE_RECIPE_VERSION);
      return NULL;
    }
  names = json_object_get_members (object);
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_str_equal (name->data, FETTLE_RECIPE_KEY)
        && !g_str_equal (name->data, "steps"))
      {
        fail (error, _ ("The recipe has no member “%s”."), (char *)name->data);
        return NULL;
      }
  steps = json_object_get_member (object, "steps");
  if (steps == NULL || !JSON_NODE_HOLDS_ARRAY (steps))
    {
      fail (error, _ ("The recipe has no list of \"steps\"."));
      return NULL;
    }
  return json_node_get_array (steps);
}

static gboolean
load_json (JsonParser *parser, const char *json, GError **error)
{
  g_autoptr (GError) cause = NULL;
  guint n_brackets = 0;

  if (!g_utf8_validate (json, -1, NULL))
    return fail (error, _ ("The recipe is not UTF-8 text."));
  for (const char *at = json; *at != '\0'; at++)
    if ((*at == '[' || *at == '{') && ++n_brackets > MAX_BRACKETS)
      return fail (error, _ ("The recipe has more than %d lists and objects."),
                   MAX_BRACKETS);
  if (!json_parser_load_from_data (parser, json, -1, &cause))
    return fail (error, _ ("The recipe is not JSON: %s."), cause->message);
  return TRUE;
}

gboolean
fettle_recipe_read_steps (const char *json, GArray *steps, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *array;

  if (!load_json (parser, json, error))
    return FALSE;
  array = find_steps (json_parser_get_root (parser), error);
  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      FettleStep step = { .is_enabled = TRUE };

      if (!read_step (json_array_get_element (array, i), i + 1, &step, error))
        return FALSE;
      g_array_append_val (steps, step);
    }
  return TRUE;
}
