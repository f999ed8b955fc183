/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-columns.h: the columns of the table of layers. */
#pragma once

#include "app/layer-list.h"

G_BEGIN_DECLS

/* A column of a view whose model passes on what LIST holds. The type of a layer that has choices can be edited. */
GtkTreeViewColumn *fettle_layer_column_new (FettleLayerColumn column,
                                            FettleLayerList *list);

/* "macs", for preferences and files; static. */
const char *fettle_layer_column_get_id (FettleLayerColumn column);
/* Translated; static. */
const char *fettle_layer_column_get_title (FettleLayerColumn column);
/* FALSE for what no table can do without. */
gboolean fettle_layer_column_can_hide (FettleLayerColumn column);

/* PATH is one of the view's model. */
typedef void (*FettleLayerChoiceFunc) (const char *path, FettleTypeChoice choice,
                                       gpointer user_data);
/* FUNC is called when the user chose a type in COLUMN of VIEW, which must be that of types. */
void fettle_layer_column_connect (GtkTreeViewColumn *column, GtkTreeView *view,
                                  FettleLayerChoiceFunc func, gpointer user_data);

G_END_DECLS
