/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect.c: fettle-cli inspect, a model's layers and what they cost. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/hybrid.h"
#include "model/lower.h"
#include "model/model-file.h"

#include <glib/gi18n.h>

static const FettleTensor *
get_output (FettleGraph *graph, const FettleOperator *operator_)
{
  return fettle_graph_get_tensor (graph,
                                  (guint)fettle_operator_get_output (operator_, 0));
}

/* The weights of a layer that has some; else NULL. Bias and other constants are not weights. */
static const FettleTensor *
get_weights (FettleGraph *graph, const FettleOperator *operator_)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_SVDF:
    case FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM:
      return fettle_graph_get_tensor (graph,
                                      (guint)fettle_operator_get_input (operator_, 1));
    default:
      return NULL;
    }
}

/* "int8", or "int8 × int4" if the weights are of another type than the activations. */
static char *
format_types (const FettleTensor *output, const FettleTensor *weights)
{
  if (weights == NULL || weights->type == output->type)
    return g_strdup (fettle_type_get_name (output->type));
  return g_strdup_printf ("%s × %s", fettle_type_get_name (output->type),
                          fettle_type_get_name (weights->type));
}

static void
count_totals (FettleGraph *graph, guint64 *macs, guint64 *weight_bytes)
{
  *macs = 0;
  *weight_bytes = 0;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      *macs += fettle_graph_count_macs (graph, i);
      *weight_bytes += fettle_graph_count_weight_bytes (graph, i);
    }
}

static void
add_layer (JsonBuilder *builder, FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *output = get_output (graph, operator_);
  const FettleTensor *weights = get_weights (graph, operator_);

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "index", layer);
  fettle_cli_add_string (builder, "name", operator_->name);
  fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
  json_builder_set_member_name (builder, "output_shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < output->rank; i++)
    json_builder_add_int_value (builder, output->shape[i]);
  json_builder_end_array (builder);
  fettle_cli_add_string (builder, "type", fettle_type_get_name (output->type));
  if (weights != NULL)
    fettle_cli_add_string (builder, "weight_type", fettle_type_get_name (weights->type));
  fettle_cli_add_int (builder, "macs", fettle_graph_count_macs (graph, layer));
  fettle_cli_add_int (builder, "weight_bytes",
                      fettle_graph_count_weight_bytes (graph, layer));
  json_builder_end_object (builder);
}

static void
add_tensor (JsonBuilder *builder, const FettleTensor *tensor)
{
  float scale;
  gint32 zero_point;

  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "name", tensor->name);
  fettle_cli_add_string (builder, "type", fettle_type_get_name (tensor->type));
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensor->rank; i++)
    json_builder_add_int_value (builder, tensor->shape[i]);
  json_builder_end_array (builder);
  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  json_builder_set_member_name (builder, "scale");
  json_builder_add_double_value (builder, (double)scale);
  json_builder_set_member_name (builder, "zero_point");
  json_builder_add_int_value (builder, zero_point);
  json_builder_end_object (builder);
}

static void
print_json (FettleProject *project, FettleRounding rounding, const FettleLowered *lowered)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  FettleGraph *graph = project->graph;
  guint64 macs, weight_bytes;

  count_totals (graph, &macs, &weight_bytes);
  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "name", fettle_graph_get_name (graph));
  fettle_cli_add_string (builder, "model_hash", fettle_graph_get_source_hash (graph));
  fettle_cli_add_string (builder, "recipe_hash", project->recipe_hash);
  fettle_cli_add_string (builder, "rounding", fettle_rounding_get_name (rounding));
  fettle_cli_add_int (builder, "macs", macs);
  fettle_cli_add_int (builder, "weight_bytes", weight_bytes);
  fettle_cli_add_int (builder, "image_bytes", g_bytes_get_size (lowered->image));
  fettle_cli_add_int (builder, "arena_bytes", lowered->arena.size);
  fettle_cli_add_int (builder, "arena_lower_bound", lowered->arena.lower_bound);
  json_builder_set_member_name (builder, "inputs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    add_tensor (builder,
                fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i)));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "outputs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    add_tensor (builder,
                fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, i)));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    add_layer (builder, graph, i);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_tensor (const char *role, const FettleTensor *tensor)
{
  g_autofree char *shape = fettle_tensor_format_shape (tensor);

  fettle_cli_print ("%s %s: %s %s", role, tensor->name,
                    fettle_type_get_name (tensor->type), shape);
  if (tensor->quantization.n_channels > 0)
    {
      float scale;
      gint32 zero_point;

      fettle_tensor_get_scale (tensor, &scale, &zero_point);
      fettle_cli_print (_ (", scale %.9g, zero point %d"), (double)scale, zero_point);
    }
  fettle_cli_print ("\n");
}

static void
print_layers (FettleGraph *graph)
{
  const char *const titles[] = { "#",        _ ("Layer"), _ ("Operator"), _ ("Output"),
                                 _ ("Type"), _ ("MACs"),  _ ("Weights") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rllllrr", titles);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      const FettleTensor *output = get_output (graph, operator_);
      g_autofree char *shape = fettle_tensor_format_shape (output);
      g_autofree char *types = format_types (output, get_weights (graph, operator_));
      g_autofree char *size =
          fettle_cli_format_size (fettle_graph_count_weight_bytes (graph, i));

      fettle_cli_table_add (table, "%u", i);
      fettle_cli_table_add (table, "%s", operator_->name);
      fettle_cli_table_add (table, "%s", fettle_opcode_get_name (operator_->opcode));
      fettle_cli_table_add (table, "%s", shape);
      fettle_cli_table_add (table, "%s", types);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT,
                            fettle_graph_count_macs (graph, i));
      fettle_cli_table_add (table, "%s", size);
    }
  fettle_cli_table_print (table);
}

static gboolean
has_integer_layers (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleType type = get_output (graph, fettle_graph_get_operator (graph, i))->type;

      if (type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16)
        return TRUE;
    }
  return FALSE;
}

static void
print_rounding (FettleGraph *graph, FettleRounding rounding)
{
  if (!has_integer_layers (graph))
    return;
  if (rounding == FETTLE_ROUNDING_DOUBLE)
    fettle_cli_print (_ ("Rounding: double, as TensorFlow Lite Micro by default\n"));
  else
    fettle_cli_print (
        _ ("Rounding: single, as TensorFlow Lite Micro with TFLITE_SINGLE_ROUNDING\n"));
}

static void
print_text (FettleProject *project, FettleRounding rounding, const FettleLowered *lowered)
{
  FettleGraph *graph = project->graph;
  g_autofree char *image = fettle_cli_format_size (g_bytes_get_size (lowered->image));
  g_autofree char *arena = fettle_cli_format_size (lowered->arena.size);
  g_autofree char *bound = fettle_cli_format_size (lowered->arena.lower_bound);
  g_autofree char *weights = NULL;
  guint64 macs, weight_bytes;

  count_totals (graph, &macs, &weight_bytes);
  weights = fettle_cli_format_size (weight_bytes);
  fettle_cli_print ("%s\n", fettle_graph_get_name (graph));
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    print_tensor (_ ("Input"),
                  fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i)));
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    print_tensor (_ ("Output"),
                  fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, i)));
  print_rounding (graph, rounding);
  fettle_cli_print ("\n");
  print_layers (graph);
  fettle_cli_print (_ ("\nTotal: %u layers, %" G_GUINT64_FORMAT
                       " MACs, weights %s, image %s, arena %s (lower bound %s)\n"),
                    fettle_graph_get_n_operators (graph), macs, weights, image, arena,
                    bound);
  if (fettle_graph_get_n_hybrid_layers (graph) > 0)
    fettle_cli_print (_ ("Hybrid layers, made float: %u\n"),
                      fettle_graph_get_n_hybrid_layers (graph));
}

gboolean
fettle_cli_inspect (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  gboolean json = FALSE;
  g_autofree char *rounding = NULL;
  FettleLowerOptions options = { 0 };
  const GOptionEntry entries[] = { FETTLE_CLI_ROUNDING_ENTRY (&rounding),
                                   FETTLE_CLI_JSON_ENTRY (&json), G_OPTION_ENTRY_NULL };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleLowered) lowered = NULL;

  if (!fettle_cli_parse (argc, argv, entries,
                         _ ("Shows a model's layers and what they cost."), "MODEL", &path,
                         error)
      || !fettle_cli_read_rounding (rounding, &options.rounding, error))
    return FALSE;
  project = fettle_model_file_load (path, error);
  if (project == NULL)
    return FALSE;
  lowered = fettle_lower (project->graph, &options, error);
  if (lowered == NULL)
    return FALSE;
  if (json)
    print_json (project, options.rounding, lowered);
  else
    print_text (project, options.rounding, lowered);
  return TRUE;
}
