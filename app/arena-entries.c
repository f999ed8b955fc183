/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-entries.c: what lies in the arena, in words. */
#include "config.h"

#include "app/arena-entries.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

static void
clear_item (gpointer data)
{
  FettleArenaItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->description);
}

static const char *
get_layer_name (FettleGraph *graph, guint layer)
{
  return fettle_graph_get_operator (graph, layer)->name;
}

/* What is there, and who puts it there. Free with g_free. */
static char *
describe_origin (FettleGraph *graph, const FettleArenaEntry *entry)
{
  const FettleTensor *tensor;
  g_autofree char *shape = NULL;

  if (entry->tensor < 0)
    return g_strdup_printf (_ ("Scratch memory of layer %d (%s)"), entry->layer,
                            get_layer_name (graph, (guint)entry->layer));
  tensor = fettle_graph_get_tensor (graph, (guint)entry->tensor);
  shape = fettle_tensor_format_shape (tensor);
  if (tensor->is_variable)
    return g_strdup_printf (_ ("State, %s %s, kept from run to run"), shape,
                            fettle_type_get_name (tensor->type));
  if (entry->layer < 0)
    return g_strdup_printf (_ ("Model input, %s %s"), shape,
                            fettle_type_get_name (tensor->type));
  return g_strdup_printf (_ ("Output of layer %d (%s), %s %s"), entry->layer,
                          get_layer_name (graph, (guint)entry->layer), shape,
                          fettle_type_get_name (tensor->type));
}

static gboolean
is_model_output (FettleGraph *graph, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    if ((gint32)fettle_graph_get_output (graph, i) == tensor)
      return TRUE;
  return FALSE;
}

/* Layers that leave the bytes where they are put no new buffer there: their names; "" if there are none. A layer K is one
 * if its output has no entry, and its input lies in this one, or in one that such a layer handed on. */
static char *
list_aliases (FettleGraph *graph, GArray *entries, const FettleArenaEntry *entry)
{
  g_autoptr (GHashTable) has_entry = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) here = g_hash_table_new (NULL, NULL);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    g_hash_table_add (
        has_entry, GINT_TO_POINTER (g_array_index (entries, FettleArenaEntry, i).tensor));
  g_hash_table_add (here, GINT_TO_POINTER (entry->tensor));
  for (guint i = 0; entry->tensor >= 0 && i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gint32 output = fettle_operator_get_output (operator_, 0);

      if (operator_->inputs->len == 0 || output < 0
          || g_hash_table_contains (has_entry, GINT_TO_POINTER (output))
          || !g_hash_table_contains (
              here, GINT_TO_POINTER (fettle_operator_get_input (operator_, 0))))
        continue;
      g_hash_table_add (here, GINT_TO_POINTER (output));
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", operator_->name);
    }
  return g_string_free (names, FALSE);
}

/* Why it is still there at its last step. Free with g_free. */
static char *
describe_end (FettleGraph *graph, const FettleArenaEntry *entry)
{
  guint last = entry->buffer.last;

  if (entry->tensor < 0)
    return g_strdup (_ ("free again after it"));
  if (is_model_output (graph, entry->tensor))
    return g_strdup (_ ("kept to the end: a model output"));
  return g_strdup_printf (_ ("needed until layer %u (%s) has read it"), last,
                          get_layer_name (graph, last));
}

static char *
describe_entry (FettleGraph *graph, GArray *entries, const FettleArenaEntry *entry)
{
  g_autofree char *origin = describe_origin (graph, entry);
  g_autofree char *end = describe_end (graph, entry);
  g_autofree char *size = fettle_format_bytes ((double)entry->buffer.size);
  g_autofree char *aliases = list_aliases (graph, entries, entry);
  g_autofree char *more =
      aliases[0] != '\0' ? g_strdup_printf (_ (" Also holds, in place: %s."), aliases)
                         : g_strdup ("");

  return g_strdup_printf (_ ("%s; %s. %s from address %" G_GSIZE_FORMAT ".%s"), origin,
                          end, size, entry->buffer.offset, more);
}

static char *
label_entry (FettleGraph *graph, const FettleArenaEntry *entry)
{
  if (entry->tensor < 0)
    return g_strdup (_ ("scratch"));
  if (entry->layer < 0)
    return g_strdup (fettle_graph_get_tensor (graph, (guint)entry->tensor)->name);
  return g_strdup (get_layer_name (graph, (guint)entry->layer));
}

GArray *
fettle_arena_entries_list (FettleGraph *graph, const FettleLowered *lowered)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (FettleArenaItem));

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph) && lowered != NULL, items);

  g_array_set_clear_func (items, clear_item);
  for (guint i = 0; i < lowered->entries->len; i++)
    {
      const FettleArenaEntry *entry =
          &g_array_index (lowered->entries, FettleArenaEntry, i);
      FettleArenaItem item = {
        .label = label_entry (graph, entry),
        .first = entry->buffer.first,
        .last = entry->buffer.last,
        .offset = entry->buffer.offset,
        .size = entry->buffer.size,
        .layer = entry->layer,
        .scratch = entry->tensor < 0,
        .description = describe_entry (graph, lowered->entries, entry),
      };

      g_array_append_val (items, item);
    }
  return items;
}
