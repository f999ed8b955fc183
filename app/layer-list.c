/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-list.c: a document's layers as a GtkTreeModel, one row each, kept up to date; or in blocks. */
#include "config.h"

#include "app/layer-list.h"
#include "app/layer-text.h"

#include <glib/gi18n.h>
#include <string.h>

struct _FettleLayerList
{
  GtkTreeStore parent_instance;

  FettleDocument *document; /* neither is owned: they outlive the pages */
  FettlePredictions *predictions;
  gboolean grouped;
  GArray *rows; /* GtkTreeIter per layer: a tree store's iters persist */
  double maximum[2][FETTLE_LAYER_N_COLUMNS]; /* of layers, of blocks */
};

G_DEFINE_FINAL_TYPE (FettleLayerList, fettle_layer_list, GTK_TYPE_TREE_STORE)

static void
set_cost (FettleLayerList *self, guint layer, FettleLayerColumn column, double value)
{
  GtkTreeIter *row = &g_array_index (self->rows, GtkTreeIter, layer);

  self->maximum[FALSE][column] = MAX (self->maximum[FALSE][column], value);
  gtk_tree_store_set (GTK_TREE_STORE (self), row, column, value, -1);
}

/* --- blocks --- */

/* A cost of BLOCK's layers: the sum, or the largest; -1 if none is known. */
static double
sum_block (FettleLayerList *self, GtkTreeIter *block, FettleLayerColumn column)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self);
  gboolean is_largest =
      column == FETTLE_LAYER_COLUMN_ARENA || column == FETTLE_LAYER_COLUMN_ERROR;
  double result = -1;
  GtkTreeIter row;

  for (gboolean more = gtk_tree_model_iter_children (model, &row, block); more;
       more = gtk_tree_model_iter_next (model, &row))
    {
      double value;

      gtk_tree_model_get (model, &row, column, &value, -1);
      if (value < 0)
        continue;
      result = is_largest ? MAX (result, value) : MAX (result, 0) + value;
    }
  return result;
}

static void
update_blocks (FettleLayerList *self, FettleLayerColumn column)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self);
  GtkTreeIter block;

  self->maximum[TRUE][column] = 0;
  for (gboolean more = gtk_tree_model_get_iter_first (model, &block);
       more && self->grouped; more = gtk_tree_model_iter_next (model, &block))
    {
      double value;

      if (!gtk_tree_model_iter_has_child (model, &block))
        continue;
      value = sum_block (self, &block, column);
      self->maximum[TRUE][column] = MAX (self->maximum[TRUE][column], value);
      gtk_tree_store_set (GTK_TREE_STORE (self), &block, column, value, -1);
    }
}

/* What the names of a block's layers have in common; NULL if there is no block. Free with g_free. */
static char *
get_block_name (FettleGraph *graph, guint layer)
{
  const char *name = fettle_graph_get_operator (graph, layer)->name;
  const char *slash = strrchr (name, '/');

  return slash != NULL && slash != name ? g_strndup (name, (gsize)(slash - name)) : NULL;
}

/* How many layers from FIRST on belong to the block BLOCK. */
static guint
count_block (FettleGraph *graph, guint first, const char *block)
{
  guint n = 0;

  while (first + n < fettle_graph_get_n_operators (graph))
    {
      g_autofree char *name = get_block_name (graph, first + n);

      if (g_strcmp0 (name, block) != 0)
        break;
      n++;
    }
  return n;
}

static void
add_block (FettleLayerList *self, const char *name, guint first, guint n_layers,
           GtkTreeIter *row)
{
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u layer", "%u layers", n_layers), n_layers);

  gtk_tree_store_insert_with_values (
      GTK_TREE_STORE (self), row, NULL, -1, FETTLE_LAYER_COLUMN_NUMBER, (int)first,
      FETTLE_LAYER_COLUMN_NAME, name, FETTLE_LAYER_COLUMN_OPERATOR, text,
      FETTLE_LAYER_COLUMN_IS_BLOCK, TRUE, -1);
}

/* --- what is known later --- */

static void
update_errors (FettleLayerList *self)
{
  GArray *errors = fettle_document_get_errors (self->document);

  self->maximum[FALSE][FETTLE_LAYER_COLUMN_ERROR] = 0;
  for (guint i = 0; i < self->rows->len; i++)
    set_cost (self, i, FETTLE_LAYER_COLUMN_ERROR,
              fettle_layer_relative_error (errors, i));
  update_blocks (self, FETTLE_LAYER_COLUMN_ERROR);
}

static void
update_times (FettleLayerList *self)
{
  self->maximum[FALSE][FETTLE_LAYER_COLUMN_TIME] = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      FettleStatistics time = fettle_document_get_layer_time (self->document, i);

      set_cost (self, i, FETTLE_LAYER_COLUMN_TIME, time.n > 0 ? (double)time.median : -1);
    }
  update_blocks (self, FETTLE_LAYER_COLUMN_TIME);
}

static GtkListStore *
make_choices (FettleLayerList *self, guint layer)
{
  GtkListStore *store = gtk_list_store_new (2, G_TYPE_INT, G_TYPE_STRING);

  for (int choice = 0; choice < FETTLE_N_CHOICES; choice++)
    {
      g_autofree char *text = NULL;

      if (!fettle_layer_can_be (self->document, self->predictions, layer,
                                (FettleTypeChoice)choice))
        continue;
      text = fettle_layer_describe_choice (self->document, self->predictions, layer,
                                           (FettleTypeChoice)choice);
      gtk_list_store_insert_with_values (store, NULL, -1, 0, choice, 1, text, -1);
    }
  return store;
}

static void
update_choices (FettleLayerList *self)
{
  if (fettle_predictions_get_progress (self->predictions) >= 0)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autoptr (GtkListStore) choices =
          fettle_layer_has_choices (self->document, i) ? make_choices (self, i) : NULL;

      gtk_tree_store_set (GTK_TREE_STORE (self),
                          &g_array_index (self->rows, GtkTreeIter, i),
                          FETTLE_LAYER_COLUMN_CHOICES, choices, -1);
    }
}

/* --- all rows --- */

static void
add_row (FettleLayerList *self, FettleContent *content, guint layer, GtkTreeIter *block)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  FettleTensor *output =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0));
  g_autofree char *shape = fettle_tensor_format_shape (output);
  g_autofree char *kind = fettle_layer_format_operator (operator_);
  GtkTreeIter row;

  gtk_tree_store_insert_with_values (
      GTK_TREE_STORE (self), &row, block, -1, FETTLE_LAYER_COLUMN_NUMBER, (int)layer,
      FETTLE_LAYER_COLUMN_NAME, operator_->name, FETTLE_LAYER_COLUMN_OPERATOR, kind,
      FETTLE_LAYER_COLUMN_SHAPE, shape, FETTLE_LAYER_COLUMN_TYPE,
      fettle_layer_get_type_name (graph, layer), -1);
  g_array_append_val (self->rows, row);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_WEIGHTS,
            (double)content->weight_bytes[layer]);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_MACS, (double)content->macs[layer]);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_ARENA, (double)content->live_bytes[layer]);
}

static void
add_rows (FettleLayerList *self, FettleContent *content)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  guint n_layers = fettle_content_get_n_layers (content);
  guint n = 1;

  for (guint first = 0; first < n_layers; first += n)
    {
      g_autofree char *name = get_block_name (graph, first);
      GtkTreeIter block;

      n = self->grouped && name != NULL ? count_block (graph, first, name) : 1;
      if (n > 1)
        add_block (self, name, first, n, &block);
      for (guint i = 0; i < n; i++)
        add_row (self, content, first + i, n > 1 ? &block : NULL);
    }
}

static void
rebuild (FettleLayerList *self)
{
  FettleContent *content = fettle_document_get_content (self->document);

  g_array_set_size (self->rows, 0);
  gtk_tree_store_clear (GTK_TREE_STORE (self));
  memset (self->maximum, 0, sizeof self->maximum);
  if (content != NULL)
    add_rows (self, content);
  for (int column = FETTLE_LAYER_COLUMN_WEIGHTS; column <= FETTLE_LAYER_COLUMN_ARENA;
       column++)
    update_blocks (self, (FettleLayerColumn)column);
  update_errors (self);
  update_times (self);
  if (content != NULL)
    update_choices (self);
}

void
fettle_layer_list_set_grouped (FettleLayerList *self, gboolean grouped)
{
  g_return_if_fail (FETTLE_IS_LAYER_LIST (self));

  if (self->grouped == grouped)
    return;
  self->grouped = grouped;
  rebuild (self);
}

double
fettle_layer_list_get_maximum (FettleLayerList *self, FettleLayerColumn column,
                               gboolean is_block)
{
  g_return_val_if_fail (FETTLE_IS_LAYER_LIST (self), 0);
  g_return_val_if_fail (column < FETTLE_LAYER_N_COLUMNS, 0);
  return self->maximum[is_block ? TRUE : FALSE][column];
}

gboolean
fettle_layer_list_find (FettleLayerList *self, int layer, GtkTreeIter *iter)
{
  g_return_val_if_fail (FETTLE_IS_LAYER_LIST (self), FALSE);

  if (layer < 0 || (guint)layer >= self->rows->len)
    return FALSE;
  *iter = g_array_index (self->rows, GtkTreeIter, layer);
  return TRUE;
}

static void
fettle_layer_list_finalize (GObject *object)
{
  FettleLayerList *self = FETTLE_LAYER_LIST (object);

  g_array_unref (self->rows);
  G_OBJECT_CLASS (fettle_layer_list_parent_class)->finalize (object);
}

static void
fettle_layer_list_class_init (FettleLayerListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_layer_list_finalize;
}

static void
fettle_layer_list_init (FettleLayerList *self)
{
  GType types[FETTLE_LAYER_N_FIELDS] = {
    G_TYPE_INT,    G_TYPE_STRING, G_TYPE_STRING,
    G_TYPE_STRING, G_TYPE_STRING, [FETTLE_LAYER_COLUMN_IS_BLOCK] = G_TYPE_BOOLEAN,
  };

  for (int i = FETTLE_LAYER_COLUMN_WEIGHTS; i < FETTLE_LAYER_N_COLUMNS; i++)
    types[i] = G_TYPE_DOUBLE;
  types[FETTLE_LAYER_COLUMN_CHOICES] = GTK_TYPE_LIST_STORE;
  gtk_tree_store_set_column_types (GTK_TREE_STORE (self), FETTLE_LAYER_N_FIELDS, types);
  self->rows = g_array_new (FALSE, FALSE, sizeof (GtkTreeIter));
}

FettleLayerList *
fettle_layer_list_new (FettleDocument *document, FettlePredictions *predictions)
{
  FettleLayerList *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (FETTLE_IS_PREDICTIONS (predictions), NULL);

  self = g_object_new (FETTLE_TYPE_LAYER_LIST, NULL);
  self->document = document;
  self->predictions = predictions;
  g_signal_connect_object (document, "content-changed", G_CALLBACK (rebuild), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (update_errors), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (update_times), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "recipe-changed", G_CALLBACK (update_choices), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (predictions, "changed", G_CALLBACK (update_choices), self,
                           G_CONNECT_SWAPPED);
  rebuild (self);
  return self;
}
