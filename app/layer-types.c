/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-types.c: the bit widths that a user can choose for a layer. */
#include "config.h"

#include "app/layer-types.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

static const struct
{
  const char *name;
  FettleLayerTypes types;
  int kind; /* FettleAlternativeKind, -1: not predicted */
} choices[FETTLE_N_CHOICES] = {
  [FETTLE_CHOICE_INT8] = { "int8", { "int8", "int8" }, FETTLE_ALTERNATIVE_INT8 },
  [FETTLE_CHOICE_INT4] = { "int4", { "int4", "int8" }, FETTLE_ALTERNATIVE_INT4 },
  [FETTLE_CHOICE_INT16] = { "int16", { "int8", "int16" }, FETTLE_ALTERNATIVE_INT16 },
  [FETTLE_CHOICE_FLOAT] = { "float32", { "same", "float32" }, FETTLE_ALTERNATIVE_FLOAT },
};

const char *
fettle_type_choice_get_name (FettleTypeChoice choice)
{
  g_return_val_if_fail (choice < FETTLE_N_CHOICES, NULL);
  return choices[choice].name;
}

FettleLayerTypes
fettle_type_choice_get_types (FettleTypeChoice choice)
{
  g_return_val_if_fail (choice < FETTLE_N_CHOICES, choices[0].types);
  return choices[choice].types;
}

static const FettleTensor *
get_output (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  return operator_->outputs->len > 0
             ? fettle_graph_get_operator_output (graph, operator_, 0)
             : NULL;
}

static gboolean
has_int4_weights (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  for (guint i = 0; i < operator_->inputs->len; i++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, i);

      if (input != NULL && input->data != NULL && input->type == FETTLE_TYPE_INT4)
        return TRUE;
    }
  return FALSE;
}

FettleTypeChoice
fettle_layer_get_choice (FettleGraph *graph, guint layer)
{
  const FettleTensor *output = get_output (graph, layer);

  if (output == NULL)
    return FETTLE_N_CHOICES;
  switch (output->type)
    {
    case FETTLE_TYPE_INT8:
      return has_int4_weights (graph, layer) ? FETTLE_CHOICE_INT4 : FETTLE_CHOICE_INT8;
    case FETTLE_TYPE_INT16:
      return FETTLE_CHOICE_INT16;
    case FETTLE_TYPE_FLOAT32:
      return FETTLE_CHOICE_FLOAT;
    default:
      return FETTLE_N_CHOICES;
    }
}

const char *
fettle_layer_get_type_name (FettleGraph *graph, guint layer)
{
  FettleTypeChoice choice = fettle_layer_get_choice (graph, layer);
  const FettleTensor *output = get_output (graph, layer);

  if (choice < FETTLE_N_CHOICES)
    return choices[choice].name;
  return output != NULL ? fettle_type_get_name (output->type) : "";
}

gboolean
fettle_layer_has_choices (FettleDocument *document, guint layer)
{
  FettleContent *content = fettle_document_get_content (document);
  FettleEditState *state = fettle_document_get_state (document);
  FettleGraph *graph = fettle_content_get_graph (content);
  FettleOpcode opcode = fettle_graph_get_operator (graph, layer)->opcode;

  return content->kind == FETTLE_CONTENT_TUNED && state != NULL && state->recipe != NULL
         && state->data != NULL && opcode != FETTLE_OPCODE_QUANTIZE
         && opcode != FETTLE_OPCODE_DEQUANTIZE
         && fettle_layer_get_choice (graph, layer) < FETTLE_N_CHOICES;
}

static const FettleAlternative *
get_alternative (FettlePredictions *predictions, guint layer, FettleTypeChoice choice)
{
  if (choices[choice].kind < 0)
    return NULL;
  return fettle_predictions_get_alternative (predictions, layer,
                                             (FettleAlternativeKind)choices[choice].kind);
}

gboolean
fettle_layer_can_be (FettleDocument *document, FettlePredictions *predictions,
                     guint layer, FettleTypeChoice choice)
{
  FettleGraph *graph = fettle_content_get_graph (fettle_document_get_content (document));

  g_return_val_if_fail (choice < FETTLE_N_CHOICES, FALSE);

  return choices[choice].kind < 0 || fettle_predictions_get (predictions) == NULL
         || fettle_layer_get_choice (graph, layer) == choice
         || get_alternative (predictions, layer, choice) != NULL;
}

/* "−1.1 KiB", "+200 B", "±0 B". */
static char *
format_change (gsize before, gsize after)
{
  g_autofree char *bytes = fettle_format_bytes ((double)after - (double)before);

  if (after == before)
    return g_strconcat ("±", bytes, NULL);
  return after > before ? g_strconcat ("+", bytes, NULL) : g_steal_pointer (&bytes);
}

char *
fettle_layer_describe_choice (FettleDocument *document, FettlePredictions *predictions,
                              guint layer, FettleTypeChoice choice)
{
  FettleGraph *graph = fettle_content_get_graph (fettle_document_get_content (document));
  const FettleSensitivity *sensitivity = fettle_predictions_get (predictions);
  const FettleAlternative *alternative = get_alternative (predictions, layer, choice);
  g_autofree char *change = NULL;
  g_autofree char *error = NULL;
  g_autofree char *now = NULL;

  if (fettle_layer_get_choice (graph, layer) == choice)
    return g_strdup_printf (_ ("%s (now)"), choices[choice].name);
  if (alternative == NULL)
    return g_strdup (choices[choice].name);
  change = format_change (sensitivity->present.image_bytes, alternative->image_bytes);
  error = fettle_format_decibel (alternative->output.error.sqnr_db);
  now = fettle_format_decibel (sensitivity->present.output.error.sqnr_db);
  return g_strdup_printf (_ ("%s: image %s, output %s (now %s)"), choices[choice].name,
                          change, error, now);
}
