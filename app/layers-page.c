/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers-page.c: the table of layers with what each costs. */
#include "config.h"

#include "app/layer-list.h"
#include "app/layer-text.h"
#include "app/layers-page.h"
#include "widgets/cell-renderer-bar.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

struct _FettleLayersPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleLayerList *list;
  GtkTreeView *tree_view;
  GtkTreeSelection *selection;
  GtkTreeViewColumn *time_column;
  gboolean is_updating; /* changes of the table's selection are not the user's */
};

G_DEFINE_FINAL_TYPE (FettleLayersPage, fettle_layers_page, GTK_TYPE_BOX)

/* One column of the table. FORMAT is for costs. */
typedef struct
{
  const char *title;
  const char *hint;
  int width;
  FettleNumberFormat format;
} Column;

static const Column columns[FETTLE_LAYER_N_COLUMNS] = {
  [FETTLE_LAYER_COLUMN_NUMBER] = { N_ ("#"), N_ ("Order of execution"), 40, 0 },
  [FETTLE_LAYER_COLUMN_NAME] = { N_ ("Layer"), N_ ("Name of the layer"), 120, 0 },
  [FETTLE_LAYER_COLUMN_OPERATOR] = { N_ ("Operator"),
                                     N_ ("What it does, with its fused activation"), 206,
                                     0 },
  [FETTLE_LAYER_COLUMN_SHAPE] = { N_ ("Output"),
                                  N_ ("Shape of the output: batch, height, width, "
                                      "channels"),
                                  92, 0 },
  [FETTLE_LAYER_COLUMN_WEIGHTS] = { N_ ("Weights"), N_ ("Bytes of weights and bias"), 84,
                                    FETTLE_NUMBER_BYTES },
  [FETTLE_LAYER_COLUMN_MACS] = { N_ ("MACs"), N_ ("Multiply-accumulate operations"), 76,
                                 FETTLE_NUMBER_COUNT },
  [FETTLE_LAYER_COLUMN_ARENA] = { N_ ("Arena"),
                                  N_ ("Bytes of the arena in use while the layer runs"),
                                  84, FETTLE_NUMBER_BYTES },
  [FETTLE_LAYER_COLUMN_ERROR] = { N_ ("Error"),
                                  N_ ("Quantization error as a share of the signal "
                                      "(RMS)"),
                                  84, FETTLE_NUMBER_PERCENT },
  [FETTLE_LAYER_COLUMN_TIME] = { N_ ("Time"), N_ ("Median over the live runs"), 104,
                                 FETTLE_NUMBER_COUNT },
};

static void
show_cost (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter, gpointer data)
{
  FettleLayerColumn column = GPOINTER_TO_INT (data);
  double maximum = fettle_layer_list_get_maximum (FETTLE_LAYER_LIST (model), column);
  g_autofree char *text = NULL;
  double value;

  gtk_tree_model_get (model, iter, column, &value, -1);
  text =
      value >= 0 ? fettle_format_number (columns[column].format, value) : g_strdup ("–");
  g_object_set (cell, "text", text, "known", value >= 0, "fraction",
                maximum > 0 ? CLAMP (value / maximum, 0, 1) : 0, NULL);
}

static GtkTreeViewColumn *
make_column (FettleLayerColumn column)
{
  gboolean is_cost = column >= FETTLE_LAYER_COLUMN_WEIGHTS;
  GtkCellRenderer *cell =
      is_cost ? fettle_cell_renderer_bar_new () : gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *tree_column = gtk_tree_view_column_new ();
  GtkWidget *label = gtk_label_new (_ (columns[column].title));

  gtk_widget_set_tooltip_text (label, _ (columns[column].hint));
  gtk_widget_show (label);
  gtk_tree_view_column_set_title (tree_column, _ (columns[column].title));
  gtk_tree_view_column_set_widget (tree_column, label);
  gtk_tree_view_column_pack_start (tree_column, cell, TRUE);
  if (is_cost)
    {
      gtk_tree_view_column_set_cell_data_func (tree_column, cell, show_cost,
                                               GINT_TO_POINTER (column), NULL);
      gtk_tree_view_column_set_alignment (tree_column, 1.0f);
    }
  else
    gtk_tree_view_column_add_attribute (tree_column, cell, "text", (int)column);
  if (column == FETTLE_LAYER_COLUMN_NUMBER)
    g_object_set (cell, "xalign", 1.0f, "sensitive", FALSE, NULL);
  else if (!is_cost)
    g_object_set (cell, "ellipsize",
                  column == FETTLE_LAYER_COLUMN_NAME ? PANGO_ELLIPSIZE_MIDDLE
                                                     : PANGO_ELLIPSIZE_END,
                  NULL);
  gtk_tree_view_column_set_sizing (tree_column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (tree_column, columns[column].width);
  gtk_tree_view_column_set_resizable (tree_column, TRUE);
  gtk_tree_view_column_set_expand (tree_column, column != FETTLE_LAYER_COLUMN_NUMBER);
  gtk_tree_view_column_set_sort_column_id (tree_column, (int)column);
  return tree_column;
}

/* Type-ahead finds any part of the name, not only its beginning: layers of one block share it. */
static gboolean
differs_from_search (GtkTreeModel *model, int column, const char *key, GtkTreeIter *iter,
                     gpointer data)
{
  g_autofree char *name = NULL;
  g_autofree char *folded_name = NULL;
  g_autofree char *folded_key = g_utf8_casefold (key, -1);

  gtk_tree_model_get (model, iter, column, &name, -1);
  folded_name = g_utf8_casefold (name, -1);
  return strstr (folded_name, folded_key) == NULL;
}

/* Number of the layer in the selected row, -1 if none is. */
static int
get_selected_layer (FettleLayersPage *self)
{
  GtkTreeIter iter;
  int layer = -1;

  if (gtk_tree_selection_get_selected (self->selection, NULL, &iter))
    gtk_tree_model_get (GTK_TREE_MODEL (self->list), &iter, FETTLE_LAYER_COLUMN_NUMBER,
                        &layer, -1);
  return layer;
}

static void
row_selected (FettleLayersPage *self)
{
  if (!self->is_updating)
    fettle_document_set_selected (self->document, get_selected_layer (self));
}

static void
show_selected (FettleLayersPage *self)
{
  int layer = fettle_document_get_selected (self->document);
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  if (layer == get_selected_layer (self))
    return;
  self->is_updating = TRUE;
  gtk_tree_selection_unselect_all (self->selection);
  if (fettle_layer_list_find (self->list, layer, &iter))
    {
      path = gtk_tree_model_get_path (GTK_TREE_MODEL (self->list), &iter);
      gtk_tree_view_set_cursor (self->tree_view, path, NULL, FALSE);
    }
  self->is_updating = FALSE;
}

/* The unit stands in the column's title as soon as it is known. */
static void
show_unit (FettleLayersPage *self)
{
  FettleTrace *trace = fettle_document_get_trace (self->document);
  GtkWidget *label = gtk_tree_view_column_get_widget (self->time_column);
  const char *title = _ ("Time");

  if (trace != NULL && fettle_trace_get_unit (trace) == FETTLE_UNIT_CYCLES)
    title = _ ("Cycles");
  else if (trace != NULL && fettle_trace_get_unit (trace) == FETTLE_UNIT_INSTRUCTIONS)
    title = _ ("Instructions");
  else if (trace != NULL)
    title = _ ("Time, ns");
  gtk_label_set_text (GTK_LABEL (label), title);
  gtk_tree_view_column_set_title (self->time_column, title);
}

/* Before the list empties itself, which must not look like the user's choice. */
static void
content_changes (FettleLayersPage *self)
{
  self->is_updating = TRUE;
}

static void
content_changed (FettleLayersPage *self)
{
  self->is_updating = FALSE;
  gtk_adjustment_set_value (
      gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->tree_view)), 0);
}

void
fettle_layers_page_set_document (FettleLayersPage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_LAYERS_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (content_changes),
                           self, G_CONNECT_SWAPPED);
  self->list = fettle_layer_list_new (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (content_changed),
                           self, G_CONNECT_SWAPPED);
  gtk_tree_view_set_model (self->tree_view, GTK_TREE_MODEL (self->list));
  gtk_tree_view_set_search_column (self->tree_view, FETTLE_LAYER_COLUMN_NAME);
  gtk_tree_view_set_tooltip_column (self->tree_view, FETTLE_LAYER_COLUMN_NAME);
  gtk_tree_view_set_search_equal_func (self->tree_view, differs_from_search, NULL, NULL);
  g_signal_connect_swapped (self->selection, "changed", G_CALLBACK (row_selected), self);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_unit), self,
                           G_CONNECT_SWAPPED);
}

static void
fettle_layers_page_dispose (GObject *object)
{
  FettleLayersPage *self = FETTLE_LAYERS_PAGE (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  self->selection = NULL;
  g_clear_object (&self->list);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_layers_page_parent_class)->dispose (object);
}

static void
fettle_layers_page_class_init (FettleLayersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_layers_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/layers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, tree_view);
}

static void
fettle_layers_page_init (FettleLayersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->selection = gtk_tree_view_get_selection (self->tree_view);
  gtk_tree_selection_set_mode (self->selection, GTK_SELECTION_SINGLE);
  for (int i = 0; i < FETTLE_LAYER_N_COLUMNS; i++)
    {
      GtkTreeViewColumn *column = make_column (i);

      gtk_tree_view_append_column (self->tree_view, column);
      if (i == FETTLE_LAYER_COLUMN_TIME)
        self->time_column = column;
    }
}
