/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-quantize.c: a calibrated float graph as integers, inputs and outputs included. */
#include "config.h"
#include "tuner/fuse-activations.h"
#include "tuner/quantize-graph.h"
#include "tuner/quantize-weights.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

gboolean
fettle_step_require_float (FettleGraph *graph, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      guint output = (guint)fettle_operator_get_output (operator_, 0);
      FettleType type = fettle_graph_get_tensor (graph, output)->type;

      /* ARG_MAX and ARG_MIN have whole numbers as output in float models, too. */
      if (type != FETTLE_TYPE_INT8 && type != FETTLE_TYPE_INT16
          && type != FETTLE_TYPE_UINT8 && operator_->opcode != FETTLE_OPCODE_DEQUANTIZE)
        continue;
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                   _ ("The model is already quantized (layer %u, %s, is %s with %s "
                      "output); tune the float model that it was made from, or "
                      "run the recipe “requantize”, which loses a little more."),
                   i, operator_->name, fettle_opcode_get_name (operator_->opcode),
                   fettle_type_get_name (type));
      return FALSE;
    }
  return TRUE;
}

/* "same" is 0. */
static FettleType
read_end_type (const FettleStep *step, const char *parameter)
{
  static const FettleType types[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_FLOAT32 };
  const char *name = fettle_step_get_choice (step, parameter);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (fettle_type_get_name (types[i]), name))
      return types[i];
  return 0;
}

static gboolean
formats_are_equal (const FettleLayerFormat *a, const FettleLayerFormat *b,
                   gboolean has_weights)
{
  return a->activations == b->activations
         && (!has_weights
             || (a->weights == b->weights && a->is_per_channel == b->is_per_channel));
}

/* The layers for which another format than USUAL was asked. */
static void
report_requests (FettleTuning *tuning, FettleGraph *graph, GArray *formats,
                 const FettleLayerFormat *usual)
{
  for (guint i = 0; i < formats->len; i++)
    {
      const FettleLayerFormat *format = &g_array_index (formats, FettleLayerFormat, i);
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gboolean has_weights = fettle_opcode_has_weights (operator_->opcode);
      g_autofree char *text = fettle_layer_format_describe (format, has_weights);

      if (fettle_layer_is_real (graph, i)
          && !formats_are_equal (format, usual, has_weights))
        fettle_tuning_report (tuning, operator_->name, _ ("Gets %s."), text);
    }
}

static void
report_total (FettleTuning *tuning, FettleGraph *graph, GArray *formats,
              const FettleLayerFormat *usual)
{
  guint n_quantized = 0, n_real = 0;
  g_autofree char *text = fettle_layer_format_describe (usual, TRUE);

  for (guint i = 0; i < formats->len; i++)
    if (fettle_layer_is_real (graph, i))
      {
        n_real++;
        n_quantized += g_array_index (formats, FettleLayerFormat, i).activations
                       != FETTLE_TYPE_FLOAT32;
      }
  if (n_quantized == n_real)
    fettle_tuning_report (tuning, NULL, _ ("Quantized %u layers: %s."), n_quantized,
                          text);
  else
    fettle_tuning_report (tuning, NULL, _ ("Quantized %u of %u layers: %s."), n_quantized,
                          n_real, text);
}

static void
report_conversions (FettleTuning *tuning, FettleGraph *fused)
{
  guint n =
      fettle_graph_get_n_operators (tuning->graph) - fettle_graph_get_n_operators (fused);

  if (n > 0)
    fettle_tuning_report (tuning, NULL,
                          _ ("Inserted %u layers that convert from one type or scale to "
                             "another."),
                          n);
}

static gboolean
quantize (FettleTuning *tuning, const FettleStep *step, FettleGraph *fused,
          GArray *formats, GError **error)
{
  FettleEndTypes ends = {
    .inputs = read_end_type (step, "inputs"),
    .outputs = read_end_type (step, "outputs"),
  };
  g_autoptr (FettleGraph) quantized =
      fettle_quantize_graph (tuning, fused, tuning->ranges, formats, &ends, error);

  if (quantized == NULL)
    return FALSE;
  /* Tensor numbers have changed: the ranges belong to the old graph. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->reference, tuning->graph);
  g_set_object (&tuning->graph, quantized);
  return TRUE;
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) fused = NULL;
  g_autoptr (GArray) given = NULL;
  g_autoptr (GArray) formats = NULL;
  FettleLayerFormat usual;
  guint n_fused;

  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  if (tuning->ranges == NULL)
    {
      g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
                           _ ("The recipe quantizes before it calibrates; put a "
                              "“calibrate” step first."));
      return FALSE;
    }
  given = fettle_layer_formats_new (tuning->graph, step, &usual, error);
  if (given == NULL)
    return FALSE;
  fused = fettle_graph_copy (tuning->graph);
  n_fused = fettle_fuse_activations (tuning, fused);
  formats = fettle_layer_formats_select (given, tuning->graph, fused);
  report_requests (tuning, fused, formats, &usual);
  if (!quantize (tuning, step, fused, formats, error))
    return FALSE;
  if (n_fused > 0)
    fettle_tuning_report (
        tuning, NULL, _ ("Merged %u activations with the layers before them."), n_fused);
  report_conversions (tuning, fused);
  report_total (tuning, fused, formats, &usual);
  return TRUE;
}

static const char *const weight_types[] = { "int8", "int4", NULL };
static const char *const activation_types[] = { "int8", "int16", NULL };
static const char *const granularities[] = { "per-channel", "per-tensor", NULL };
static const char *const end_types[] = { "same", "int8", "int16", "float32", NULL };

static const FettleParameter parameters[] = {
  { .name = "weights",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the weights"),
    .choices = weight_types },
  { .name = "granularity",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether each output channel has a scale of its own"),
    .choices = granularities },
  { .name = "activations",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the activations"),
    .choices = activation_types },
  { .name = "inputs",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the model's inputs; same: of the layers that read them"),
    .choices = end_types },
  { .name = "outputs",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of its outputs; same: of the layers that write them"),
    .choices = end_types },
  { .name = "layers",
    .type = FETTLE_PARAMETER_LIST,
    .description = N_ ("Layers that get other types; later entries win"),
    .fields = fettle_layer_format_fields,
    .n_fields = FETTLE_LAYER_FORMAT_N_FIELDS },
};

const FettleStepKind fettle_step_quantize = {
  .name = "quantize",
  .description = N_ ("Turn weights and activations into integers"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
