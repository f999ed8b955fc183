/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-page.c: the plan of the activation buffer, as a map. */
#include "config.h"

#include "app/arena-page.h"
#include "widgets/arena-map.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

struct _FettleArenaPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  GtkLabel *caption;
  FettleArenaMap *map;
};

G_DEFINE_FINAL_TYPE (FettleArenaPage, fettle_arena_page, GTK_TYPE_BOX)

static void
show_caption (FettleArenaPage *self, const FettleArenaSummary *arena)
{
  g_autofree char *size = fettle_format_bytes ((double)arena->size);
  g_autofree char *bound = fettle_format_bytes ((double)arena->lower_bound);
  g_autofree char *gap = NULL;
  g_autofree char *text = NULL;

  if (arena->size <= arena->lower_bound)
    text =
        g_strdup_printf (_ ("The arena takes %s. No plan for this order of layers can be "
                            "smaller: layer %u alone needs all of it."),
                         size, arena->peak_step);
  else
    {
      gap = fettle_format_bytes ((double)(arena->size - arena->lower_bound));
      text =
          g_strdup_printf (_ ("The arena takes %s, which is %s more than the lower bound "
                              "of %s that layer %u needs."),
                           size, gap, bound, arena->peak_step);
    }
  gtk_label_set_text (self->caption, text);
}

/* "1×16×16×8, written by layer 2, last read by layer 5". */
static char *
describe_entry (FettleGraph *graph, const FettleArenaEntry *entry)
{
  g_autofree char *shape = NULL;

  if (entry->tensor < 0)
    return g_strdup_printf (_ ("Scratch memory of layer %d"), entry->layer);
  shape =
      fettle_tensor_format_shape (fettle_graph_get_tensor (graph, (guint)entry->tensor));
  if (entry->layer < 0)
    return g_strdup_printf (_ ("%s, model input, last read by layer %u"), shape,
                            entry->buffer.last);
  return g_strdup_printf (_ ("%s, written by layer %d, needed until layer %u"), shape,
                          entry->layer, entry->buffer.last);
}

static const char *
label_entry (FettleGraph *graph, const FettleArenaEntry *entry)
{
  if (entry->tensor < 0)
    return _ ("scratch");
  if (entry->layer < 0)
    return fettle_graph_get_tensor (graph, (guint)entry->tensor)->name;
  return fettle_graph_get_operator (graph, (guint)entry->layer)->name;
}

static void
show_content (FettleArenaPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleGraph *graph = fettle_content_get_graph (content);
  GArray *entries = content->lowered->entries;
  g_autofree FettleArenaItem *items = g_new0 (FettleArenaItem, entries->len);
  g_autoptr (GPtrArray) descriptions = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < entries->len; i++)
    {
      const FettleArenaEntry *entry = &g_array_index (entries, FettleArenaEntry, i);

      g_ptr_array_add (descriptions, describe_entry (graph, entry));
      items[i] = (FettleArenaItem){
        .label = label_entry (graph, entry),
        .first = entry->buffer.first,
        .last = entry->buffer.last,
        .offset = entry->buffer.offset,
        .size = entry->buffer.size,
        .layer = entry->layer,
        .scratch = entry->tensor < 0,
        .description = g_ptr_array_index (descriptions, i),
      };
    }
  fettle_arena_map_set_items (self->map, items, entries->len,
                              fettle_content_get_n_layers (content));
  fettle_arena_map_set_limits (self->map, content->lowered->arena.size,
                               content->lowered->arena.lower_bound, 0);
  show_caption (self, &content->lowered->arena);
}

static void
show_selected (FettleArenaPage *self)
{
  fettle_arena_map_set_selected (self->map,
                                 fettle_document_get_selected (self->document));
}

static void
map_selected (FettleArenaPage *self)
{
  fettle_document_set_selected (self->document,
                                fettle_arena_map_get_selected (self->map));
}

void
fettle_arena_page_set_document (FettleArenaPage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_ARENA_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->map, "selection-changed", G_CALLBACK (map_selected),
                            self);
}

static void
fettle_arena_page_dispose (GObject *object)
{
  FettleArenaPage *self = FETTLE_ARENA_PAGE (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_arena_page_parent_class)->dispose (object);
}

static void
fettle_arena_page_class_init (FettleArenaPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_arena_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/arena-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleArenaPage, caption);
  gtk_widget_class_bind_template_child (widget_class, FettleArenaPage, map);
}

static void
fettle_arena_page_init (FettleArenaPage *self)
{
  g_type_ensure (FETTLE_TYPE_ARENA_MAP);
  gtk_widget_init_template (GTK_WIDGET (self));
}
