/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-page.c: the model as a drawing of its layers and what flows between them. */
#include "config.h"

#include "app/graph-nodes.h"
#include "app/graph-page.h"
#include "app/layer-measure.h"
#include "widgets/graph-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP 1.25

struct _FettleGraphPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleGraphNodes *nodes; /* of SHOWN; NULL: nothing is shown yet */
  FettleContent *shown;
  GtkSearchEntry *search_entry;
  GtkLabel *n_found;
  GtkComboBoxText *measure_chooser;
  GtkLabel *zoom_label;
  FettleGraphView *view;
  gboolean is_updating; /* changes of the view's selection are not the user's */
};

G_DEFINE_FINAL_TYPE (FettleGraphPage, fettle_graph_page, GTK_TYPE_BOX)

/* N_MEASURES: none. */
static FettleMeasure
get_measure (FettleGraphPage *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->measure_chooser));

  for (guint i = 0; i < FETTLE_N_MEASURES; i++)
    if (g_strcmp0 (id, fettle_measure_get_id (i)) == 0)
      return i;
  return FETTLE_N_MEASURES;
}

static void
show_values (FettleGraphPage *self)
{
  FettleMeasure measure = get_measure (self);
  g_autofree FettleGraphValue *values = NULL;

  if (self->nodes == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (measure == FETTLE_N_MEASURES)
    {
      fettle_graph_view_set_values (self->view, NULL, NULL, FETTLE_NUMBER_COUNT);
      return;
    }
  values = g_new0 (FettleGraphValue, self->nodes->nodes->len);
  for (guint layer = 0; layer < self->nodes->n_layers; layer++)
    {
      double value = fettle_measure_get_value (measure, self->document, layer);

      values[self->nodes->n_inputs + layer] = (FettleGraphValue){ value >= 0, value };
    }
  fettle_graph_view_set_values (self->view, values,
                                fettle_measure_get_title (measure, self->document),
                                fettle_measure_get_format (measure));
}

static void
show_selected (FettleGraphPage *self)
{
  int layer = fettle_document_get_selected (self->document);
  int node = fettle_chart_get_selected (FETTLE_CHART (self->view));

  if (self->nodes == NULL || layer == fettle_graph_nodes_get_layer (self->nodes, node))
    return;
  self->is_updating = TRUE;
  fettle_chart_set_selected (FETTLE_CHART (self->view),
                             fettle_graph_nodes_get_node (self->nodes, layer));
  self->is_updating = FALSE;
}

static void
node_selected (FettleGraphPage *self)
{
  int node = fettle_chart_get_selected (FETTLE_CHART (self->view));

  if (!self->is_updating && self->nodes != NULL)
    fettle_document_set_selected (self->document,
                                  fettle_graph_nodes_get_layer (self->nodes, node));
}

static void
search_changed (FettleGraphPage *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search_entry));
  guint n = fettle_graph_view_search (self->view, text);
  g_autofree char *found =
      text[0] != '\0' ? g_strdup_printf (ngettext ("%u found", "%u found", n), n) : NULL;

  gtk_label_set_text (self->n_found, found != NULL ? found : "");
}

/* The drawing is made when it is first looked at. */
static void
show_content (FettleGraphPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);

  if (content == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (content != self->shown)
    {
      g_clear_pointer (&self->nodes, fettle_graph_nodes_free);
      g_clear_pointer (&self->shown, fettle_content_unref);
      self->shown = fettle_content_ref (content);
      self->nodes = fettle_graph_nodes_new (content);
      self->is_updating = TRUE;
      fettle_chart_set_selected (FETTLE_CHART (self->view), -1);
      self->is_updating = FALSE;
      fettle_graph_view_set_graph (
          self->view, (const FettleGraphNode *)self->nodes->nodes->data,
          self->nodes->nodes->len, (const FettleGraphEdge *)self->nodes->edges->data,
          self->nodes->edges->len);
      search_changed (self);
    }
  show_values (self);
  show_selected (self);
}

static void
next_match (FettleGraphPage *self)
{
  fettle_graph_view_go_to_match (self->view, TRUE);
}

static void
previous_match (FettleGraphPage *self)
{
  fettle_graph_view_go_to_match (self->view, FALSE);
}

static void
zoom_in (FettleGraphPage *self)
{
  fettle_graph_view_set_zoom (self->view,
                              fettle_graph_view_get_zoom (self->view) * ZOOM_STEP);
}

static void
zoom_out (FettleGraphPage *self)
{
  fettle_graph_view_set_zoom (self->view,
                              fettle_graph_view_get_zoom (self->view) / ZOOM_STEP);
}

static void
zoom_to_fit (FettleGraphPage *self)
{
  fettle_graph_view_zoom_to_fit (self->view);
}

static void
show_zoom (FettleGraphPage *self)
{
  g_autofree char *text = g_strdup_printf (
      _ ("%.0f %%"), round (100 * fettle_graph_view_get_zoom (self->view)));

  gtk_label_set_text (self->zoom_label, text);
}

void
fettle_graph_page_set_document (FettleGraphPage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_GRAPH_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (show_values), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_values), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->view, "selection-changed", G_CALLBACK (node_selected),
                            self);
  g_signal_connect_after (self, "map", G_CALLBACK (show_content), NULL);
}

static void
fettle_graph_page_dispose (GObject *object)
{
  FettleGraphPage *self = FETTLE_GRAPH_PAGE (object);

  g_clear_pointer (&self->nodes, fettle_graph_nodes_free);
  g_clear_pointer (&self->shown, fettle_content_unref);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_graph_page_parent_class)->dispose (object);
}

static void
fettle_graph_page_class_init (FettleGraphPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_graph_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/graph-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleGraphPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FettleGraphPage, n_found);
  gtk_widget_class_bind_template_child (widget_class, FettleGraphPage, measure_chooser);
  gtk_widget_class_bind_template_child (widget_class, FettleGraphPage, zoom_label);
  gtk_widget_class_bind_template_child (widget_class, FettleGraphPage, view);
  gtk_widget_class_bind_template_callback (widget_class, show_values);
  gtk_widget_class_bind_template_callback (widget_class, show_zoom);
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
  gtk_widget_class_bind_template_callback (widget_class, next_match);
  gtk_widget_class_bind_template_callback (widget_class, previous_match);
  gtk_widget_class_bind_template_callback (widget_class, zoom_in);
  gtk_widget_class_bind_template_callback (widget_class, zoom_out);
  gtk_widget_class_bind_template_callback (widget_class, zoom_to_fit);
}

static void
fettle_graph_page_init (FettleGraphPage *self)
{
  g_type_ensure (FETTLE_TYPE_GRAPH_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_zoom (self);
}
