/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-columns.c: the columns of the table of layers. */
#include "config.h"

#include "app/layer-columns.h"
#include "widgets/cell-renderer-bar.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

/* FORMAT is for costs. */
typedef struct
{
  const char *id;
  const char *title;
  const char *hint;
  int width;
  FettleNumberFormat format;
} Column;

static const Column columns[FETTLE_LAYER_N_COLUMNS] = {
  [FETTLE_LAYER_COLUMN_NUMBER] = { "number", N_ ("#"), N_ ("Order of execution"), 36, 0 },
  [FETTLE_LAYER_COLUMN_NAME] = { "name", N_ ("Layer"), N_ ("Name of the layer"), 124, 0 },
  [FETTLE_LAYER_COLUMN_OPERATOR] = { "operator", N_ ("Operator"),
                                     N_ ("What it does, with its fused activation"), 128,
                                     0 },
  [FETTLE_LAYER_COLUMN_SHAPE] = { "shape", N_ ("Output"),
                                  N_ ("Shape of the output: batch, height, width, "
                                      "channels"),
                                  92, 0 },
  [FETTLE_LAYER_COLUMN_TYPE] = { "type", N_ ("Type"),
                                 N_ ("Bit width: int4 stands for the weights, the others "
                                     "for the activations"),
                                 66, 0 },
  [FETTLE_LAYER_COLUMN_WEIGHTS] = { "weights", N_ ("Weights"),
                                    N_ ("Bytes of weights and bias"), 84,
                                    FETTLE_NUMBER_BYTES },
  [FETTLE_LAYER_COLUMN_MACS] = { "macs", N_ ("MACs"),
                                 N_ ("Multiply-accumulate operations"), 72,
                                 FETTLE_NUMBER_COUNT },
  [FETTLE_LAYER_COLUMN_ARENA] = { "arena", N_ ("Arena"),
                                  N_ ("Bytes of the arena in use while the layer runs"),
                                  80, FETTLE_NUMBER_BYTES },
  [FETTLE_LAYER_COLUMN_ERROR] = { "error", N_ ("Error"),
                                  N_ ("Quantization error as a share of the signal "
                                      "(RMS)"),
                                  70, FETTLE_NUMBER_PERCENT },
  [FETTLE_LAYER_COLUMN_TIME] = { "time", N_ ("Time"), N_ ("Median over the live runs"),
                                 84, FETTLE_NUMBER_COUNT },
};

const char *
fettle_layer_column_get_id (FettleLayerColumn column)
{
  g_return_val_if_fail (column < FETTLE_LAYER_N_COLUMNS, NULL);
  return columns[column].id;
}

const char *
fettle_layer_column_get_title (FettleLayerColumn column)
{
  g_return_val_if_fail (column < FETTLE_LAYER_N_COLUMNS, NULL);
  return _ (columns[column].title);
}

gboolean
fettle_layer_column_can_hide (FettleLayerColumn column)
{
  return column != FETTLE_LAYER_COLUMN_NUMBER && column != FETTLE_LAYER_COLUMN_NAME;
}

static FettleLayerColumn
get_column (GtkTreeViewColumn *tree_column)
{
  return (FettleLayerColumn)gtk_tree_view_column_get_sort_column_id (tree_column);
}

static gboolean
is_block (GtkTreeModel *model, GtkTreeIter *iter)
{
  gboolean block;

  gtk_tree_model_get (model, iter, FETTLE_LAYER_COLUMN_IS_BLOCK, &block, -1);
  return block;
}

static void
show_cost (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter, gpointer list)
{
  FettleLayerColumn column = get_column (tree_column);
  gboolean block = is_block (model, iter);
  double maximum = fettle_layer_list_get_maximum (list, column, block);
  g_autofree char *text = NULL;
  double value;

  gtk_tree_model_get (model, iter, column, &value, -1);
  text =
      value >= 0 ? fettle_format_number (columns[column].format, value) : g_strdup ("–");
  g_object_set (cell, "text", text, "known", value >= 0, "fraction",
                maximum > 0 ? CLAMP (value / maximum, 0, 1) : 0, "weight",
                block ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, NULL);
}

static void
show_text (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter, gpointer list)
{
  g_autofree char *text = NULL;

  gtk_tree_model_get (model, iter, get_column (tree_column), &text, -1);
  g_object_set (cell, "text", text, "weight",
                is_block (model, iter) ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, NULL);
}

/* Blocks have no number of their own. */
static void
show_number (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
             GtkTreeIter *iter, gpointer list)
{
  g_autofree char *text = NULL;
  int number;

  gtk_tree_model_get (model, iter, FETTLE_LAYER_COLUMN_NUMBER, &number, -1);
  if (!is_block (model, iter))
    text = g_strdup_printf ("%d", number);
  g_object_set (cell, "text", text, NULL);
}

static void
show_type (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter, gpointer list)
{
  g_autoptr (GtkListStore) choices = NULL;
  g_autofree char *text = NULL;

  gtk_tree_model_get (model, iter, FETTLE_LAYER_COLUMN_TYPE, &text,
                      FETTLE_LAYER_COLUMN_CHOICES, &choices, -1);
  g_object_set (cell, "text", text, "model", choices, "editable", choices != NULL, NULL);
}

/* The sign that there is something to choose. */
static void
show_arrow (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeModel *model,
            GtkTreeIter *iter, gpointer list)
{
  g_autoptr (GtkListStore) choices = NULL;

  gtk_tree_model_get (model, iter, FETTLE_LAYER_COLUMN_CHOICES, &choices, -1);
  g_object_set (cell, "visible", choices != NULL, NULL);
}

static void
pack (GtkTreeViewColumn *tree_column, GtkCellRenderer *cell, GtkTreeCellDataFunc func,
      FettleLayerList *list)
{
  gtk_tree_view_column_pack_start (tree_column, cell,
                                   !GTK_IS_CELL_RENDERER_PIXBUF (cell));
  gtk_tree_view_column_set_cell_data_func (tree_column, cell, func, list, NULL);
}

static void
pack_type (GtkTreeViewColumn *tree_column, FettleLayerList *list)
{
  GtkCellRenderer *combo = gtk_cell_renderer_combo_new ();
  GtkCellRenderer *arrow = gtk_cell_renderer_pixbuf_new ();

  g_object_set (combo, "text-column", 1, "has-entry", FALSE, NULL);
  pack (tree_column, combo, show_type, list);
  g_object_set (arrow, "icon-name", "pan-down-symbolic", NULL);
  pack (tree_column, arrow, show_arrow, list);
}

static void
pack_cells (GtkTreeViewColumn *tree_column, FettleLayerColumn column,
            FettleLayerList *list)
{
  GtkCellRenderer *cell;

  if (column >= FETTLE_LAYER_COLUMN_WEIGHTS)
    {
      pack (tree_column, fettle_cell_renderer_bar_new (), show_cost, list);
      gtk_tree_view_column_set_alignment (tree_column, 1.0f);
      return;
    }
  if (column == FETTLE_LAYER_COLUMN_TYPE)
    {
      pack_type (tree_column, list);
      return;
    }
  cell = gtk_cell_renderer_text_new ();
  if (column == FETTLE_LAYER_COLUMN_NUMBER)
    g_object_set (cell, "xalign", 1.0f, "sensitive", FALSE, NULL);
  else
    g_object_set (cell, "ellipsize",
                  column == FETTLE_LAYER_COLUMN_NAME ? PANGO_ELLIPSIZE_MIDDLE
                                                     : PANGO_ELLIPSIZE_END,
                  NULL);
  pack (tree_column, cell, column == FETTLE_LAYER_COLUMN_NUMBER ? show_number : show_text,
        list);
}

GtkTreeViewColumn *
fettle_layer_column_new (FettleLayerColumn column, FettleLayerList *list)
{
  GtkTreeViewColumn *tree_column = gtk_tree_view_column_new ();
  GtkWidget *label = gtk_label_new (_ (columns[column].title));

  gtk_widget_set_tooltip_text (label, _ (columns[column].hint));
  gtk_widget_show (label);
  gtk_tree_view_column_set_title (tree_column, _ (columns[column].title));
  gtk_tree_view_column_set_widget (tree_column, label);
  gtk_tree_view_column_set_sort_column_id (tree_column, (int)column);
  pack_cells (tree_column, column, list);
  gtk_tree_view_column_set_sizing (tree_column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (tree_column, columns[column].width);
  gtk_tree_view_column_set_resizable (tree_column, TRUE);
  gtk_tree_view_column_set_expand (tree_column, column != FETTLE_LAYER_COLUMN_NUMBER);
  return tree_column;
}

/* --- choosing a type --- */

typedef struct
{
  GtkTreeView *view;
  FettleLayerChoiceFunc func;
  gpointer user_data;
} Connection;

static void
type_edited (GtkCellRendererText *cell, const char *path, const char *text, gpointer data)
{
  const Connection *connection = data;
  GtkTreeModel *model = gtk_tree_view_get_model (connection->view);
  g_autoptr (GtkListStore) choices = NULL;
  GtkTreeIter row, choice;

  if (!gtk_tree_model_get_iter_from_string (model, &row, path))
    return;
  gtk_tree_model_get (model, &row, FETTLE_LAYER_COLUMN_CHOICES, &choices, -1);
  if (choices == NULL
      || !gtk_tree_model_get_iter_first (GTK_TREE_MODEL (choices), &choice))
    return;
  do
    {
      g_autofree char *description = NULL;
      int number;

      gtk_tree_model_get (GTK_TREE_MODEL (choices), &choice, 0, &number, 1, &description,
                          -1);
      if (g_strcmp0 (description, text) != 0)
        continue;
      connection->func (path, (FettleTypeChoice)number, connection->user_data);
      return;
    }
  while (gtk_tree_model_iter_next (GTK_TREE_MODEL (choices), &choice));
}

static void
connection_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

void
fettle_layer_column_connect (GtkTreeViewColumn *column, GtkTreeView *view,
                             FettleLayerChoiceFunc func, gpointer user_data)
{
  g_autoptr (GList) cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (column));
  Connection *connection = g_new (Connection, 1);

  g_return_if_fail (GTK_IS_CELL_RENDERER_COMBO (cells->data));

  *connection = (Connection){ view, func, user_data };
  g_signal_connect_data (cells->data, "edited", G_CALLBACK (type_edited), connection,
                         connection_free, 0);
}
