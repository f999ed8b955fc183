/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-list.h: a document's layers as a GtkTreeModel, one row each, kept up to date; or in blocks. */
#pragma once

#include "app/layer-types.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows can be sorted by any of these but the last two. A cost that is not known yet is -1; a block has the sum of its layers'
 * costs, of arena and error the largest. */
typedef enum
{
  FETTLE_LAYER_COLUMN_NUMBER, /* int, from 0; of a block: of its first layer */
  FETTLE_LAYER_COLUMN_NAME,
  FETTLE_LAYER_COLUMN_OPERATOR,
  FETTLE_LAYER_COLUMN_SHAPE,
  FETTLE_LAYER_COLUMN_TYPE,
  FETTLE_LAYER_COLUMN_WEIGHTS, /* double, bytes; from here on: costs */
  FETTLE_LAYER_COLUMN_MACS,
  FETTLE_LAYER_COLUMN_ARENA, /* bytes in use while the layer runs */
  FETTLE_LAYER_COLUMN_ERROR, /* 0..1, of the layer's signal */
  FETTLE_LAYER_COLUMN_TIME,  /* in the trace's unit, median */
  FETTLE_LAYER_N_COLUMNS,

  FETTLE_LAYER_COLUMN_IS_BLOCK = FETTLE_LAYER_N_COLUMNS, /* boolean */
  FETTLE_LAYER_COLUMN_CHOICES, /* GtkListStore of a FettleTypeChoice (int) and its description; NULL: no choice */
  FETTLE_LAYER_N_FIELDS
} FettleLayerColumn;

#define FETTLE_TYPE_LAYER_LIST (fettle_layer_list_get_type ())
G_DECLARE_FINAL_TYPE (FettleLayerList, fettle_layer_list, FETTLE, LAYER_LIST,
                      GtkTreeStore)

FettleLayerList *fettle_layer_list_new (FettleDocument *document,
                                        FettlePredictions *predictions);

/* Layers whose names begin alike, up to the last slash, below a row for their block. */
void fettle_layer_list_set_grouped (FettleLayerList *self, gboolean grouped);

/* The largest value of a cost of a layer, or of a block; 0 if none is known. */
double fettle_layer_list_get_maximum (FettleLayerList *self, FettleLayerColumn column,
                                      gboolean is_block);
/* FALSE if there is no such layer. */
gboolean fettle_layer_list_find (FettleLayerList *self, int layer, GtkTreeIter *iter);

G_END_DECLS
