/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-list.h: a document's layers as a GtkTreeModel, one row each, kept up to date. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows can be sorted by any of these. A cost that is not known yet is -1. */
typedef enum
{
  FETTLE_LAYER_COLUMN_NUMBER, /* int, from 0 */
  FETTLE_LAYER_COLUMN_NAME,
  FETTLE_LAYER_COLUMN_OPERATOR,
  FETTLE_LAYER_COLUMN_SHAPE,
  FETTLE_LAYER_COLUMN_WEIGHTS, /* double, bytes; from here on: costs */
  FETTLE_LAYER_COLUMN_MACS,
  FETTLE_LAYER_COLUMN_ARENA, /* bytes in use while the layer runs */
  FETTLE_LAYER_COLUMN_ERROR, /* 0..1, of the layer's signal */
  FETTLE_LAYER_COLUMN_TIME,  /* in the trace's unit, median */
  FETTLE_LAYER_N_COLUMNS
} FettleLayerColumn;

#define FETTLE_TYPE_LAYER_LIST (fettle_layer_list_get_type ())
G_DECLARE_FINAL_TYPE (FettleLayerList, fettle_layer_list, FETTLE, LAYER_LIST,
                      GtkListStore)

FettleLayerList *fettle_layer_list_new (FettleDocument *document);

/* The largest value of a cost, 0 if none is known. */
double fettle_layer_list_get_maximum (FettleLayerList *self, FettleLayerColumn column);
/* FALSE if there is no such layer. */
gboolean fettle_layer_list_find (FettleLayerList *self, int layer, GtkTreeIter *iter);

G_END_DECLS
