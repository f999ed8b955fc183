/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mixed-graph.c: a graph of which some layers are float and the others quantized. */
#include "config.h"
#include "model/type-boundaries.h"
#include "tuner/mixed-graph.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum
{
  LAYER_ABSENT,
  LAYER_BEGUN, /* what it reads is being added */
  LAYER_ADDED,
} LayerState;

typedef struct
{
  const FettleLayerMatch *match;
  const FettleSide *sides;
  FettleMixedGraph *mixed;
  gint32
      *copies[2]; /* per tensor of a side: its number in the mixed graph, -1 if absent */
  LayerState *states[2]; /* per layer of a side */
  GArray *readings;      /* FettleReading */
} Mixer;

static gboolean add_layer (Mixer *mixer, FettleSide side, guint layer, GError **error);

static gint32
copy_tensor (Mixer *mixer, FettleSide side, gint32 tensor)
{
  const FettleTensor *original =
      fettle_graph_get_tensor (mixer->match->graphs[side], (guint)tensor);
  guint number =
      fettle_graph_add_tensor (mixer->mixed->graph, original->name, original->type,
                               original->rank, original->shape);
  FettleTensor *copy = fettle_graph_get_tensor (mixer->mixed->graph, number);

  copy->is_variable = original->is_variable;
  copy->data = original->data != NULL ? g_bytes_ref (original->data) : NULL;
  if (original->quantization.n_channels > 0)
    fettle_tensor_set_quantization (
        copy, original->quantization.n_channels, original->quantization.axis,
        original->quantization.scales, original->quantization.zero_points);
  mixer->copies[side][tensor] = (gint32)number;
  return (gint32)number;
}

/* The pair's tensor in the mixed graph, with all layers that it takes. */
static gboolean
add_pair (Mixer *mixer, gint32 pair, gint32 *number, GError **error)
{
  FettleSide side = mixer->sides[pair];
  gint32 writer = fettle_layer_match_get_writer (mixer->match, side, pair);
  gint32 tensor =
      g_array_index (mixer->match->tensor_pairs, FettleTensorPair, pair).tensors[side];

  /* The inputs of the model are there from the start. */
  if (mixer->copies[side][tensor] < 0 && !add_layer (mixer, side, (guint)writer, error))
    return FALSE;
  *number = mixer->mixed->tensors[pair] = mixer->copies[side][tensor];
  return TRUE;
}

/* TENSOR of SIDE, which a layer of SIDE reads, in the mixed graph. */
static gboolean
add_operand (Mixer *mixer, FettleSide side, gint32 tensor, gint32 *number, GError **error)
{
  gint32 pair = tensor >= 0 ? mixer->match->pairs[side][tensor] : -1;

  if (pair >= 0)
    return add_pair (mixer, pair, number, error);
  if (tensor < 0)
    *number = -1;
  else if (mixer->copies[side][tensor] >= 0)
    *number = mixer->copies[side][tensor];
  else if (mixer->match->writers[side][tensor] < 0)
    *number = copy_tensor (mixer, side, tensor);
  else if (add_layer (mixer, side, (guint)mixer->match->writers[side][tensor], error))
    *number = mixer->copies[side][tensor];
  else
    return FALSE;
  return TRUE;
}

static void
note_reading (Mixer *mixer, FettleSide side, const FettleOperator *operator_, guint input)
{
  gint32 tensor = fettle_operator_get_input (operator_, input);
  gint32 pair = tensor >= 0 ? mixer->match->pairs[side][tensor] : -1;
  FettleReading reading = {
    .layer = fettle_graph_get_n_operators (mixer->mixed->graph) - 1,
    .input = input,
  };

  if (pair < 0 || mixer->sides[pair] == side)
    return;
  reading.form = fettle_tensor_get_form (
      fettle_graph_get_tensor (mixer->match->graphs[side], (guint)tensor));
  g_array_append_val (mixer->readings, reading);
}

static void
copy_layer (Mixer *mixer, FettleSide side, const FettleOperator *operator_,
            const gint32 *inputs)
{
  g_autofree gint32 *outputs = g_new (gint32, operator_->outputs->len);
  guint number;

  for (guint k = 0; k < operator_->outputs->len; k++)
    outputs[k] = copy_tensor (mixer, side, fettle_operator_get_output (operator_, k));
  number = fettle_graph_add_operator (mixer->mixed->graph, operator_->opcode,
                                      operator_->name, inputs, operator_->inputs->len,
                                      outputs, operator_->outputs->len);
  fettle_graph_get_operator (mixer->mixed->graph, number)->options = operator_->options;
  for (guint k = 0; k < operator_->inputs->len; k++)
    note_reading (mixer, side, operator_, k);
}

/* Layer LAYER of SIDE, after those that it reads from. */
static gboolean
add_layer (Mixer *mixer, FettleSide side, guint layer, GError **error)
{
  const FettleOperator *operator_ =
      fettle_graph_get_operator (mixer->match->graphs[side], layer);
  g_autofree gint32 *inputs = g_new (gint32, operator_->inputs->len);

  if (mixer->states[side][layer] == LAYER_BEGUN)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                   _ ("The model computes “%s” in another order than its float model, so "
                      "their layers cannot be exchanged."),
                   operator_->name);
      return FALSE;
    }
  mixer->states[side][layer] = LAYER_BEGUN;
  for (guint k = 0; k < operator_->inputs->len; k++)
    if (!add_operand (mixer, side, fettle_operator_get_input (operator_, k), &inputs[k],
                      error))
      return FALSE;
  copy_layer (mixer, side, operator_, inputs);
  mixer->states[side][layer] = LAYER_ADDED;
  return TRUE;
}

static void
add_inputs (Mixer *mixer)
{
  FettleGraph *reference = mixer->match->graphs[FETTLE_SIDE_FLOAT];
  guint n = fettle_graph_get_n_inputs (reference);
  g_autofree gint32 *inputs = g_new (gint32, n);

  for (guint i = 0; i < n; i++)
    {
      guint tensor = fettle_graph_get_input (reference, i);
      gint32 pair = mixer->match->pairs[FETTLE_SIDE_FLOAT][tensor];
      FettleSide side = mixer->sides[pair];

      inputs[i] =
          copy_tensor (mixer, side,
                       g_array_index (mixer->match->tensor_pairs, FettleTensorPair, pair)
                           .tensors[side]);
      mixer->mixed->tensors[pair] = inputs[i];
    }
  fettle_graph_set_inputs (mixer->mixed->graph, inputs, n);
}

static void
add_outputs (Mixer *mixer)
{
  FettleGraph *reference = mixer->match->graphs[FETTLE_SIDE_FLOAT];
  guint n = fettle_graph_get_n_outputs (reference);
  g_autofree gint32 *outputs = g_new (gint32, n);

  for (guint i = 0; i < n; i++)
    outputs[i] =
        mixer->mixed
            ->tensors[mixer->match->pairs[FETTLE_SIDE_FLOAT]
                                         [fettle_graph_get_output (reference, i)]];
  fettle_graph_set_outputs (mixer->mixed->graph, outputs, n);
}

static gboolean
mix (Mixer *mixer, GError **error)
{
  FettleGraph *graph = mixer->mixed->graph;

  add_inputs (mixer);
  for (guint i = 0; i < mixer->match->tensor_pairs->len; i++)
    {
      gint32 number;

      if (!add_pair (mixer, (gint32)i, &number, error))
        return FALSE;
    }
  add_outputs (mixer);
  return fettle_graph_insert_conversions (
             graph, (const FettleReading *)(gpointer)mixer->readings->data,
             mixer->readings->len, error)
         && fettle_graph_validate (graph, error);
}

FettleMixedGraph *
fettle_mixed_graph_new (const FettleLayerMatch *match, const FettleSide *sides,
                        GError **error)
{
  Mixer mixer = { .match = match, .sides = sides };
  guint n_pairs;
  gboolean is_mixed;

  g_return_val_if_fail (match != NULL && sides != NULL, NULL);

  n_pairs = match->tensor_pairs->len;
  mixer.mixed = g_new0 (FettleMixedGraph, 1);
  mixer.mixed->graph = fettle_graph_new ();
  mixer.mixed->tensors = g_new (gint32, n_pairs);
  mixer.readings = g_array_new (FALSE, FALSE, sizeof (FettleReading));
  for (guint side = 0; side < 2; side++)
    {
      guint n_tensors = fettle_graph_get_n_tensors (match->graphs[side]);

      mixer.states[side] =
          g_new0 (LayerState, fettle_graph_get_n_operators (match->graphs[side]));
      mixer.copies[side] = g_new (gint32, n_tensors);
      for (guint i = 0; i < n_tensors; i++)
        mixer.copies[side][i] = -1;
    }
  is_mixed = mix (&mixer, error);
  for (guint side = 0; side < 2; side++)
    {
      g_free (mixer.states[side]);
      g_free (mixer.copies[side]);
    }
  g_array_unref (mixer.readings);
  if (!is_mixed)
    g_clear_pointer (&mixer.mixed, fettle_mixed_graph_free);
  return mixer.mixed;
}

void
fettle_mixed_graph_free (FettleMixedGraph *mixed)
{
  if (mixed == NULL)
    return;
  g_object_unref (mixed->graph);
  g_free (mixed->tensors);
  g_free (mixed);
}
