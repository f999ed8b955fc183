/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-format.c: the types that each layer is quantized to. */
#include "config.h"
#include "tuner/layer-format.h"
#include "tuner/layer-pattern.h"
#include "tuner/quantize-weights.h"

#include <glib/gi18n.h>

#define UNCHANGED "same"

static const char *const weight_types[] = { UNCHANGED, "int8", "int4", NULL };
static const char *const granularities[] = { UNCHANGED, "per-channel", "per-tensor",
                                             NULL };
static const char *const activation_types[] = { UNCHANGED, "int8", "int16", "float32",
                                                NULL };

const FettleParameter fettle_layer_format_fields[FETTLE_LAYER_FORMAT_N_FIELDS] = {
  { .name = "match",
    .type = FETTLE_PARAMETER_TEXT,
    .description =
        N_ ("Name of the layers, or a pattern with * and ?, or type:OPERATOR") },
  { .name = "weights",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of their weights"),
    .choices = weight_types },
  { .name = "granularity",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether each of their output channels has a scale of its own"),
    .choices = granularities },
  { .name = "activations",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of their activations; float32 leaves them as they are"),
    .choices = activation_types },
};

static void
set_weights (FettleLayerFormat *format, const char *name)
{
  if (!g_str_equal (name, UNCHANGED))
    format->weights = g_str_equal (name, "int4") ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8;
}

static void
set_granularity (FettleLayerFormat *format, const char *name)
{
  if (!g_str_equal (name, UNCHANGED))
    format->is_per_channel = g_str_equal (name, "per-channel");
}

static void
set_activations (FettleLayerFormat *format, const char *name)
{
  if (g_str_equal (name, "float32"))
    format->activations = FETTLE_TYPE_FLOAT32;
  else if (!g_str_equal (name, UNCHANGED))
    format->activations =
        g_str_equal (name, "int16") ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8;
}

static gboolean
apply_entry (FettleGraph *graph, GVariant *entry, GArray *formats, GError **error)
{
  const char *pattern = fettle_step_entry_get_text (entry, "match");
  g_autofree char *nearest = NULL;
  gboolean has_matched = FALSE;

  for (guint i = 0; i < formats->len; i++)
    {
      FettleLayerFormat *format = &g_array_index (formats, FettleLayerFormat, i);

      if (!fettle_layer_matches (fettle_graph_get_operator (graph, i), pattern))
        continue;
      has_matched = TRUE;
      set_weights (format, fettle_step_entry_get_text (entry, "weights"));
      set_granularity (format, fettle_step_entry_get_text (entry, "granularity"));
      set_activations (format, fettle_step_entry_get_text (entry, "activations"));
    }
  if (has_matched)
    return TRUE;
  nearest = fettle_layer_find_nearest (graph, pattern);
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
               _ ("The recipe's “layers” name “%s”, which matches no layer of the model; "
                  "the nearest is “%s”."),
               pattern, nearest);
  return FALSE;
}

/* The runtime has no kernels for int16 with int4. */
static gboolean
check_types (FettleGraph *graph, GArray *formats, GError **error)
{
  for (guint i = 0; i < formats->len; i++)
    {
      const FettleLayerFormat *format = &g_array_index (formats, FettleLayerFormat, i);
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (format->activations != FETTLE_TYPE_INT16 || format->weights != FETTLE_TYPE_INT4
          || !fettle_opcode_has_weights (operator_->opcode))
        continue;
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
          _ ("Layer %s (%s) would have int4 weights and int16 activations, which "
             "the runtime has no kernel for; give it int8 weights or int8 "
             "activations."),
          operator_->name, fettle_opcode_get_name (operator_->opcode));
      return FALSE;
    }
  return TRUE;
}

GArray *
fettle_layer_formats_new (FettleGraph *graph, const FettleStep *step,
                          FettleLayerFormat *usual, GError **error)
{
  g_autoptr (GVariant) entries = fettle_step_get_list (step, "layers");
  g_autoptr (GArray) formats = g_array_new (FALSE, FALSE, sizeof (FettleLayerFormat));

  *usual = (FettleLayerFormat){ 0 };
  set_weights (usual, fettle_step_get_choice (step, "weights"));
  set_granularity (usual, fettle_step_get_choice (step, "granularity"));
  set_activations (usual, fettle_step_get_choice (step, "activations"));
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    g_array_append_vals (formats, usual, 1);
  for (gsize i = 0; i < g_variant_n_children (entries); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);

      if (!apply_entry (graph, entry, formats, error))
        return NULL;
    }
  return check_types (graph, formats, error) ? g_steal_pointer (&formats) : NULL;
}

GArray *
fettle_layer_formats_select (GArray *formats, FettleGraph *from, FettleGraph *to)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *selected = g_array_new (FALSE, FALSE, sizeof (FettleLayerFormat));

  for (guint i = 0; i < formats->len; i++)
    g_hash_table_insert (places, fettle_graph_get_operator (from, i)->name,
                         &g_array_index (formats, FettleLayerFormat, i));
  for (guint i = 0; i < fettle_graph_get_n_operators (to); i++)
    {
      const FettleLayerFormat *format =
          g_hash_table_lookup (places, fettle_graph_get_operator (to, i)->name);

      g_assert (format != NULL);
      g_array_append_val (selected, *format);
    }
  return selected;
}

char *
fettle_layer_format_describe (const FettleLayerFormat *format, gboolean has_weights)
{
  const char *activations = fettle_type_get_name (format->activations);

  if (!has_weights || format->activations == FETTLE_TYPE_FLOAT32)
    return g_strdup_printf (_ ("activations %s"), activations);
  return g_strdup_printf (
      _ ("weights %s %s, activations %s"), fettle_type_get_name (format->weights),
      format->is_per_channel ? "per-channel" : "per-tensor", activations);
}
