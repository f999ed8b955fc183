/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-arena.c: lifetimes of the tensors in the arena. */
#include "model/lower-arena.h"
#include "model/graph-private.h"

typedef struct
{
  FettleGraph *graph;
  guint *last_use; /* per graph tensor: the last layer that needs it */
  gboolean *is_output;
  gint32 *entry_of_tensor;
  GArray *entries;
} Planner;

static void
find_last_uses (Planner *planner, gboolean keep_all_tensors)
{
  guint n_operators = fettle_graph_get_n_operators (planner->graph);

  for (guint i = 0; i < n_operators; i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (planner->graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        if (fettle_operator_get_input (operator_, k) >= 0)
          planner->last_use[fettle_operator_get_input (operator_, k)] = i;
      for (guint k = 0; k < operator_->outputs->len; k++)
        planner->last_use[fettle_operator_get_output (operator_, k)] = i;
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (planner->graph); i++)
    planner->is_output[fettle_graph_get_output (planner->graph, i)] = TRUE;
  for (guint i = 0; i < fettle_graph_get_n_tensors (planner->graph); i++)
    if (planner->is_output[i] || keep_all_tensors
        || fettle_graph_get_tensor (planner->graph, i)->is_variable)
      planner->last_use[i] = n_operators - 1;
}

static void
add_entry (Planner *planner, gint32 tensor, gint32 layer)
{
  const FettleTensor *of = fettle_graph_get_tensor (planner->graph, (guint)tensor);
  FettleArenaEntry entry = {
    .buffer = {
      .size = fettle_tensor_get_size (of),
      /* Inputs are written before the first layer; states are kept between runs. */
      .first = layer < 0 || of->is_variable ? 0 : (guint)layer,
      .last = planner->last_use[tensor],
    },
    .tensor = tensor,
    .layer = layer,
  };

  planner->entry_of_tensor[tensor] = (gint32)planner->entries->len;
  g_array_append_val (planner->entries, entry);
}

/* Operators that leave all bytes as they are and where they are. */
static gboolean
keeps_bytes (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_RESHAPE || opcode == FETTLE_OPCODE_SQUEEZE
         || opcode == FETTLE_OPCODE_EXPAND_DIMS;
}

/* TRUE if layer I only renames its input, which dies there: its output takes over the place. */
static gboolean
reshape_in_place (Planner *planner, guint i, gint32 output)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (planner->graph, i);
  gint32 input = fettle_operator_get_input (operator_, 0);
  gint32 entry = planner->entry_of_tensor[input];
  FettleArenaBuffer *buffer;

  if (!keeps_bytes (operator_->opcode) || entry < 0 || planner->last_use[input] != i
      || planner->is_output[input]
      || fettle_graph_get_tensor (planner->graph, (guint)input)->is_variable)
    return FALSE;
  buffer = &g_array_index (planner->entries, FettleArenaEntry, entry).buffer;
  buffer->last = MAX (buffer->last, planner->last_use[output]);
  planner->entry_of_tensor[output] = entry;
  return TRUE;
}

static void
add_outputs (Planner *planner, guint i, gboolean keep_all_tensors)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (planner->graph, i);

  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 output = fettle_operator_get_output (operator_, k);

      /* A variable has its place already. */
      if (fettle_graph_get_tensor (planner->graph, (guint)output)->is_variable)
        continue;
      if (keep_all_tensors || !reshape_in_place (planner, i, output))
        add_entry (planner, output, (gint32)i);
    }
}

static void
add_entries (Planner *planner, gboolean keep_all_tensors)
{
  FettleGraph *graph = planner->graph;

  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    add_entry (planner, (gint32)fettle_graph_get_input (graph, i), -1);
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    if (fettle_graph_get_tensor (graph, i)->is_variable
        && planner->entry_of_tensor[i] < 0)
      add_entry (planner, (gint32)i, -1);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    add_outputs (planner, i, keep_all_tensors);
}

GArray *
fettle_lower_list_arena (FettleGraph *graph, gboolean keep_all_tensors,
                         gint32 *entry_of_tensor)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autofree guint *last_use = g_new0 (guint, n_tensors);
  g_autofree gboolean *is_output = g_new0 (gboolean, n_tensors);
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (FettleArenaEntry));
  Planner planner = { graph, last_use, is_output, entry_of_tensor, entries };

  for (guint i = 0; i < n_tensors; i++)
    entry_of_tensor[i] = -1;
  find_last_uses (&planner, keep_all_tensors);
  add_entries (&planner, keep_all_tensors);
  return entries;
}

void
fettle_lower_add_scratch (GArray *entries, guint layer, gsize size)
{
  FettleArenaEntry entry = {
    .buffer = { .size = size, .first = layer, .last = layer },
    .tensor = -1,
    .layer = (gint32)layer,
  };

  g_array_append_val (entries, entry);
}

FettleArenaSummary
fettle_lower_place_arena (GArray *entries)
{
  g_autofree FettleArenaBuffer *buffers = g_new (FettleArenaBuffer, entries->len + 1);
  FettleArenaSummary summary;

  for (guint i = 0; i < entries->len; i++)
    buffers[i] = g_array_index (entries, FettleArenaEntry, i).buffer;
  summary = fettle_arena_plan_greedy (buffers, entries->len);
  for (guint i = 0; i < entries->len; i++)
    g_array_index (entries, FettleArenaEntry, i).buffer = buffers[i];
  return summary;
}
