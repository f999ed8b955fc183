/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-text.c: layers, their errors and their times in words, the same on every page. */
#include "config.h"

#include "app/layer-text.h"
#include "tuner/quantization-error.h"

#include <glib/gi18n.h>
#include <math.h>

static const char *
name_activation (FettleActivation activation)
{
  switch (activation)
    {
    case FETTLE_ACTIVATION_RELU:
      return "RELU";
    case FETTLE_ACTIVATION_RELU_N1_TO_1:
      return "RELU_N1_TO_1";
    case FETTLE_ACTIVATION_RELU6:
      return "RELU6";
    case FETTLE_ACTIVATION_NONE:
    default:
      return NULL;
    }
}

char *
fettle_layer_format_operator (const FettleOperator *operator_)
{
  const char *activation = name_activation (operator_->options.activation);
  const char *name = fettle_opcode_get_name (operator_->opcode);

  return activation != NULL ? g_strdup_printf ("%s + %s", name, activation)
                            : g_strdup (name);
}

char *
fettle_layer_format_label (FettleContent *content, guint layer)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  /* A space as wide as a digit keeps names below each other. */
  const char *pad =
      layer < 10 && fettle_content_get_n_layers (content) > 10 ? "\u2007" : "";

  return g_strdup_printf ("%s%u  %s", pad, layer,
                          fettle_graph_get_operator (graph, layer)->name);
}

double
fettle_layer_relative_error (GArray *errors, guint layer)
{
  const FettleLayerError *error;

  if (errors == NULL || layer >= errors->len)
    return -1;
  error = &g_array_index (errors, FettleLayerError, layer);
  if (!error->is_known)
    return -1;
  return isinf (error->sqnr_db) ? 0 : pow (10, -error->sqnr_db / 20);
}

const char *
fettle_unit_get_label (FettleUnit unit)
{
  switch (unit)
    {
    case FETTLE_UNIT_CYCLES:
      return _ ("cycles");
    case FETTLE_UNIT_INSTRUCTIONS:
      return _ ("instructions");
    case FETTLE_UNIT_NANOSECONDS:
    default:
      return _ ("nanoseconds");
    }
}

const char *
fettle_unit_describe (FettleUnit unit)
{
  switch (unit)
    {
    case FETTLE_UNIT_CYCLES:
      return _ ("Core cycles, counted on the board");
    case FETTLE_UNIT_INSTRUCTIONS:
      return _ (
          "Executed instructions, not cycles: a virtual board has no pipeline to time");
    case FETTLE_UNIT_NANOSECONDS:
    default:
      return _ (
          "Nanoseconds on this computer, not cycles: they say nothing about a board");
    }
}
