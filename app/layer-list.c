/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-list.c: a document's layers as a GtkTreeModel, one row each, kept up to date. */
#include "config.h"

#include "app/layer-list.h"
#include "app/layer-text.h"

struct _FettleLayerList
{
  GtkListStore parent_instance;

  FettleDocument *document; /* not owned: the window's document outlives its pages */
  GArray *rows;             /* GtkTreeIter per layer: a list store's iters persist */
  double maximum[FETTLE_LAYER_N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (FettleLayerList, fettle_layer_list, GTK_TYPE_LIST_STORE)

static void
set_cost (FettleLayerList *self, guint layer, FettleLayerColumn column, double value)
{
  GtkTreeIter *row = &g_array_index (self->rows, GtkTreeIter, layer);

  self->maximum[column] = MAX (self->maximum[column], value);
  gtk_list_store_set (GTK_LIST_STORE (self), row, column, value, -1);
}

static void
update_errors (FettleLayerList *self)
{
  GArray *errors = fettle_document_get_errors (self->document);

  self->maximum[FETTLE_LAYER_COLUMN_ERROR] = 0;
  for (guint i = 0; i < self->rows->len; i++)
    set_cost (self, i, FETTLE_LAYER_COLUMN_ERROR,
              fettle_layer_relative_error (errors, i));
}

static void
update_times (FettleLayerList *self)
{
  self->maximum[FETTLE_LAYER_COLUMN_TIME] = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      FettleStatistics time = fettle_document_get_layer_time (self->document, i);

      set_cost (self, i, FETTLE_LAYER_COLUMN_TIME, time.n > 0 ? (double)time.median : -1);
    }
}

static void
add_row (FettleLayerList *self, FettleContent *content, guint layer)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  FettleTensor *output =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0));
  g_autofree char *shape = fettle_tensor_format_shape (output);
  g_autofree char *kind = fettle_layer_format_operator (operator_);
  GtkTreeIter row;

  gtk_list_store_insert_with_values (
      GTK_LIST_STORE (self), &row, -1, FETTLE_LAYER_COLUMN_NUMBER, (int)layer,
      FETTLE_LAYER_COLUMN_NAME, operator_->name, FETTLE_LAYER_COLUMN_OPERATOR, kind,
      FETTLE_LAYER_COLUMN_SHAPE, shape, -1);
  g_array_append_val (self->rows, row);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_WEIGHTS,
            (double)content->weight_bytes[layer]);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_MACS, (double)content->macs[layer]);
  set_cost (self, layer, FETTLE_LAYER_COLUMN_ARENA, (double)content->live_bytes[layer]);
}

static void
rebuild (FettleLayerList *self)
{
  FettleContent *content = fettle_document_get_content (self->document);

  g_array_set_size (self->rows, 0);
  gtk_list_store_clear (GTK_LIST_STORE (self));
  memset (self->maximum, 0, sizeof self->maximum);
  for (guint i = 0; content != NULL && i < fettle_content_get_n_layers (content); i++)
    add_row (self, content, i);
  update_errors (self);
  update_times (self);
}

double
fettle_layer_list_get_maximum (FettleLayerList *self, FettleLayerColumn column)
{
  g_return_val_if_fail (FETTLE_IS_LAYER_LIST (self), 0);
  g_return_val_if_fail (column < FETTLE_LAYER_N_COLUMNS, 0);
  return self->maximum[column];
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
  GType types[FETTLE_LAYER_N_COLUMNS] = { G_TYPE_INT, G_TYPE_STRING, G_TYPE_STRING,
                                          G_TYPE_STRING };

  for (int i = FETTLE_LAYER_COLUMN_WEIGHTS; i < FETTLE_LAYER_N_COLUMNS; i++)
    types[i] = G_TYPE_DOUBLE;
  gtk_list_store_set_column_types (GTK_LIST_STORE (self), FETTLE_LAYER_N_COLUMNS, types);
  self->rows = g_array_new (FALSE, FALSE, sizeof (GtkTreeIter));
}

FettleLayerList *
fettle_layer_list_new (FettleDocument *document)
{
  FettleLayerList *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (FETTLE_TYPE_LAYER_LIST, NULL);
  self->document = document;
  g_signal_connect_object (document, "content-changed", G_CALLBACK (rebuild), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (update_errors), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (update_times), self,
                           G_CONNECT_SWAPPED);
  rebuild (self);
  return self;
}
