/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-match.c: which tensors of a float graph and of its quantized form hold the same thing. */
#include "config.h"
#include "tuner/layer-match.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

/* What stands for a name that several tensors have: no counterpart can be told. */
#define AMBIGUOUS GINT_TO_POINTER (-1)

static gboolean
same_shape (const FettleTensor *a, const FettleTensor *b)
{
  return a->rank == b->rank
         && memcmp (a->shape, b->shape, a->rank * sizeof *a->shape) == 0;
}

static gboolean
is_activation (const FettleTensor *tensor)
{
  return tensor->data == NULL && !tensor->is_variable;
}

static void
add_pair (FettleLayerMatch *match, guint reference, guint quantized)
{
  FettleTensorPair pair = { { (gint32)reference, (gint32)quantized } };

  match->pairs[FETTLE_SIDE_FLOAT][reference] = (gint32)match->tensor_pairs->len;
  match->pairs[FETTLE_SIDE_QUANTIZED][quantized] = (gint32)match->tensor_pairs->len;
  g_array_append_val (match->tensor_pairs, pair);
}

static gboolean
pair_end (FettleLayerMatch *match, guint reference, guint quantized, GError **error)
{
  const FettleTensor *a =
      fettle_graph_get_tensor (match->graphs[FETTLE_SIDE_FLOAT], reference);
  const FettleTensor *b =
      fettle_graph_get_tensor (match->graphs[FETTLE_SIDE_QUANTIZED], quantized);

  if (!same_shape (a, b))
    {
      g_autofree char *shape = fettle_tensor_format_shape (a);
      g_autofree char *other = fettle_tensor_format_shape (b);

      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
          _ ("“%s” has the shape %s in the model and %s in the float model; both "
             "must agree to be compared."),
          b->name, other, shape);
      return FALSE;
    }
  if (match->pairs[FETTLE_SIDE_FLOAT][reference] < 0
      && match->pairs[FETTLE_SIDE_QUANTIZED][quantized] < 0)
    add_pair (match, reference, quantized);
  return TRUE;
}

static gboolean
pair_ends (FettleLayerMatch *match, GError **error)
{
  FettleGraph *reference = match->graphs[FETTLE_SIDE_FLOAT];
  FettleGraph *quantized = match->graphs[FETTLE_SIDE_QUANTIZED];

  if (fettle_graph_get_n_inputs (reference) != fettle_graph_get_n_inputs (quantized)
      || fettle_graph_get_n_outputs (reference) != fettle_graph_get_n_outputs (quantized))
    {
      g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                           _ ("The model and its float model have different numbers of "
                              "inputs or outputs and cannot be compared."));
      return FALSE;
    }
  for (guint i = 0; i < fettle_graph_get_n_inputs (reference); i++)
    if (!pair_end (match, fettle_graph_get_input (reference, i),
                   fettle_graph_get_input (quantized, i), error))
      return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_outputs (reference); i++)
    if (!pair_end (match, fettle_graph_get_output (reference, i),
                   fettle_graph_get_output (quantized, i), error))
      return FALSE;
  return TRUE;
}

/* Activations by name, as number + 1. */
static GHashTable *
collect_names (FettleGraph *graph)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (graph, i);

      if (is_activation (tensor))
        g_hash_table_insert (names, tensor->name,
                             g_hash_table_contains (names, tensor->name)
                                 ? AMBIGUOUS
                                 : GUINT_TO_POINTER (i + 1));
    }
  return names;
}

static gint32
look_up (GHashTable *names, const char *name)
{
  gpointer value = g_hash_table_lookup (names, name);

  return value == NULL || value == AMBIGUOUS ? -1 : (gint32)GPOINTER_TO_UINT (value) - 1;
}

static void
pair_names (FettleLayerMatch *match)
{
  FettleGraph *quantized = match->graphs[FETTLE_SIDE_QUANTIZED];
  g_autoptr (GHashTable) names = collect_names (match->graphs[FETTLE_SIDE_FLOAT]);
  g_autoptr (GHashTable) quantized_names = collect_names (quantized);

  for (guint i = 0; i < fettle_graph_get_n_tensors (quantized); i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (quantized, i);
      gint32 other = look_up (names, tensor->name);

      if (other < 0 || look_up (quantized_names, tensor->name) != (gint32)i
          || match->writers[FETTLE_SIDE_FLOAT][other] < 0
          || match->writers[FETTLE_SIDE_QUANTIZED][i] < 0
          || match->pairs[FETTLE_SIDE_FLOAT][other] >= 0
          || match->pairs[FETTLE_SIDE_QUANTIZED][i] >= 0)
        continue;
      if (same_shape (
              fettle_graph_get_tensor (match->graphs[FETTLE_SIDE_FLOAT], (guint)other),
              tensor))
        add_pair (match, (guint)other, i);
    }
}

static void
find_writers (FettleLayerMatch *match, FettleSide side)
{
  FettleGraph *graph = match->graphs[side];
  guint n_tensors = fettle_graph_get_n_tensors (graph);

  match->writers[side] = g_new (gint32, n_tensors);
  match->pairs[side] = g_new (gint32, n_tensors);
  for (guint i = 0; i < n_tensors; i++)
    match->writers[side][i] = match->pairs[side][i] = -1;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->outputs->len; k++)
        match->writers[side][fettle_operator_get_output (operator_, k)] = (gint32)i;
    }
}

FettleLayerMatch *
fettle_layer_match_new (FettleGraph *reference, FettleGraph *quantized, GError **error)
{
  g_autoptr (FettleLayerMatch) match = NULL;

  g_return_val_if_fail (FETTLE_IS_GRAPH (reference) && FETTLE_IS_GRAPH (quantized), NULL);

  match = g_new0 (FettleLayerMatch, 1);
  match->graphs[FETTLE_SIDE_FLOAT] = g_object_ref (reference);
  match->graphs[FETTLE_SIDE_QUANTIZED] = g_object_ref (quantized);
  match->tensor_pairs = g_array_new (FALSE, FALSE, sizeof (FettleTensorPair));
  find_writers (match, FETTLE_SIDE_FLOAT);
  find_writers (match, FETTLE_SIDE_QUANTIZED);
  if (!pair_ends (match, error))
    return NULL;
  pair_names (match);
  return g_steal_pointer (&match);
}

void
fettle_layer_match_free (FettleLayerMatch *match)
{
  if (match == NULL)
    return;
  for (guint side = 0; side < 2; side++)
    {
      g_object_unref (match->graphs[side]);
      g_free (match->writers[side]);
      g_free (match->pairs[side]);
    }
  g_array_unref (match->tensor_pairs);
  g_free (match);
}

gint32
fettle_layer_match_get_pair (const FettleLayerMatch *match, guint layer)
{
  const FettleOperator *operator_ =
      fettle_graph_get_operator (match->graphs[FETTLE_SIDE_QUANTIZED], layer);

  return match->pairs[FETTLE_SIDE_QUANTIZED][fettle_operator_get_output (operator_, 0)];
}

const FettleTensor *
fettle_layer_match_get_tensor (const FettleLayerMatch *match, FettleSide side,
                               gint32 pair)
{
  return fettle_graph_get_tensor (
      match->graphs[side],
      (guint)g_array_index (match->tensor_pairs, FettleTensorPair, pair).tensors[side]);
}

gint32
fettle_layer_match_get_writer (const FettleLayerMatch *match, FettleSide side,
                               gint32 pair)
{
  return match->writers[side][g_array_index (match->tensor_pairs, FettleTensorPair, pair)
                                  .tensors[side]];
}
