/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers-page.c: the table of layers with what each costs. */
#include "config.h"

#include "app/layer-columns.h"
#include "app/layers-page.h"
#include "app/preferences.h"

#include <glib/gi18n.h>
#include <string.h>

#define PREFERENCES "layers"

struct _FettleLayersPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettlePredictions *predictions;
  FettleLayerList *list;
  GtkTreeModelFilter *filter; /* of the list */
  GtkTreeModelSort *sort;     /* of the filter: what the view shows */
  char *key;                  /* what is looked for, folded; NULL: nothing */

  GtkSearchEntry *search_entry;
  GtkLabel *prediction_label;
  GtkToggleButton *group_button;
  GtkBox *columns_box;
  GtkTreeView *tree_view;
  GtkTreeSelection *selection;
  GtkTreeViewColumn *columns[FETTLE_LAYER_N_COLUMNS];
  gboolean is_updating; /* changes of the table's selection are not the user's */
};

G_DEFINE_FINAL_TYPE (FettleLayersPage, fettle_layers_page, GTK_TYPE_BOX)

/* --- the selection --- */

/* Number of the layer in ITER of the view's model, -1 for a block. */
static int
get_layer (FettleLayersPage *self, GtkTreeIter *iter)
{
  gboolean is_block;
  int layer;

  gtk_tree_model_get (GTK_TREE_MODEL (self->sort), iter, FETTLE_LAYER_COLUMN_NUMBER,
                      &layer, FETTLE_LAYER_COLUMN_IS_BLOCK, &is_block, -1);
  return is_block ? -1 : layer;
}

static int
get_selected_layer (FettleLayersPage *self)
{
  GtkTreeIter iter;

  return gtk_tree_selection_get_selected (self->selection, NULL, &iter)
             ? get_layer (self, &iter)
             : -1;
}

static void
row_selected (FettleLayersPage *self)
{
  if (!self->is_updating)
    fettle_document_set_selected (self->document, get_selected_layer (self));
}

/* The row of LAYER in the view's model; NULL if it is filtered out. */
static GtkTreePath *
find_row (FettleLayersPage *self, int layer)
{
  GtkTreeIter in_list, in_filter, in_sort;

  if (!fettle_layer_list_find (self->list, layer, &in_list)
      || !gtk_tree_model_filter_convert_child_iter_to_iter (self->filter, &in_filter,
                                                            &in_list)
      || !gtk_tree_model_sort_convert_child_iter_to_iter (self->sort, &in_sort,
                                                          &in_filter))
    return NULL;
  return gtk_tree_model_get_path (GTK_TREE_MODEL (self->sort), &in_sort);
}

static void
show_selected (FettleLayersPage *self)
{
  int layer = fettle_document_get_selected (self->document);
  g_autoptr (GtkTreePath) path = NULL;

  if (layer == get_selected_layer (self))
    return;
  self->is_updating = TRUE;
  gtk_tree_selection_unselect_all (self->selection);
  path = find_row (self, layer);
  if (path != NULL)
    {
      gtk_tree_view_expand_to_path (self->tree_view, path);
      gtk_tree_view_set_cursor (self->tree_view, path, NULL, FALSE);
    }
  self->is_updating = FALSE;
}

/* --- the filter --- */

static gboolean
matches (FettleLayersPage *self, GtkTreeModel *model, GtkTreeIter *iter)
{
  static const int fields[] = { FETTLE_LAYER_COLUMN_NAME, FETTLE_LAYER_COLUMN_OPERATOR,
                                FETTLE_LAYER_COLUMN_SHAPE, FETTLE_LAYER_COLUMN_TYPE };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *folded = NULL;

      gtk_tree_model_get (model, iter, fields[i], &text, -1);
      folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;
      if (folded != NULL && strstr (folded, self->key) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* A block is there if it is found itself, or one of its layers. */
static gboolean
is_row_visible (GtkTreeModel *model, GtkTreeIter *iter, gpointer data)
{
  FettleLayersPage *self = data;
  GtkTreeIter child;

  if (self->key == NULL || matches (self, model, iter))
    return TRUE;
  for (gboolean more = gtk_tree_model_iter_children (model, &child, iter); more;
       more = gtk_tree_model_iter_next (model, &child))
    if (matches (self, model, &child))
      return TRUE;
  return FALSE;
}

static void
search_changed (FettleLayersPage *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search_entry));

  g_free (self->key);
  self->key = text[0] != '\0' ? g_utf8_casefold (text, -1) : NULL;
  self->is_updating = TRUE;
  gtk_tree_model_filter_refilter (self->filter);
  if (gtk_toggle_button_get_active (self->group_button))
    gtk_tree_view_expand_all (self->tree_view);
  self->is_updating = FALSE;
  show_selected (self);
}

/* --- what the user likes --- */

static gboolean
is_listed (char **list, const char *id)
{
  return g_strv_contains ((const char *const *)list, id);
}

static void
remember_columns (FettleLayersPage *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (int i = 0; i < FETTLE_LAYER_N_COLUMNS; i++)
    if (!gtk_tree_view_column_get_visible (self->columns[i]))
      g_ptr_array_add (ids, (char *)fettle_layer_column_get_id (i));
  g_ptr_array_add (ids, NULL);
  fettle_preferences_set_list (PREFERENCES, "hidden-columns",
                               (const char *const *)ids->pdata);
}

static void
column_toggled (GtkToggleButton *button, FettleLayersPage *self)
{
  GtkTreeViewColumn *column = g_object_get_data (G_OBJECT (button), "column");

  gtk_tree_view_column_set_visible (column, gtk_toggle_button_get_active (button));
  remember_columns (self);
}

static void
add_column_buttons (FettleLayersPage *self)
{
  g_auto (GStrv) hidden = fettle_preferences_get_list (PREFERENCES, "hidden-columns");

  for (int i = 0; i < FETTLE_LAYER_N_COLUMNS; i++)
    {
      gboolean is_hidden =
          hidden != NULL && is_listed (hidden, fettle_layer_column_get_id (i));
      GtkWidget *button;

      if (!fettle_layer_column_can_hide (i))
        continue;
      button = gtk_check_button_new_with_label (fettle_layer_column_get_title (i));
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), !is_hidden);
      gtk_tree_view_column_set_visible (self->columns[i], !is_hidden);
      g_object_set_data (G_OBJECT (button), "column", self->columns[i]);
      g_signal_connect (button, "toggled", G_CALLBACK (column_toggled), self);
      gtk_widget_show (button);
      gtk_container_add (GTK_CONTAINER (self->columns_box), button);
    }
}

static void
group_toggled (FettleLayersPage *self)
{
  gboolean grouped = gtk_toggle_button_get_active (self->group_button);

  self->is_updating = TRUE;
  fettle_layer_list_set_grouped (self->list, grouped);
  gtk_tree_view_set_show_expanders (self->tree_view, grouped);
  gtk_tree_view_expand_all (self->tree_view);
  self->is_updating = FALSE;
  show_selected (self);
}

/* --- types --- */

static void
type_chosen (const char *path, FettleTypeChoice choice, gpointer user_data)
{
  FettleLayersPage *self = user_data;
  FettleLayerTypes types = fettle_type_choice_get_types (choice);
  g_autoptr (GError) error = NULL;
  GtkTreeIter iter;
  int layer;

  if (!gtk_tree_model_get_iter_from_string (GTK_TREE_MODEL (self->sort), &iter, path))
    return;
  layer = get_layer (self, &iter);
  if (layer >= 0
      && !fettle_document_set_layer_types (self->document, (guint)layer, &types, &error))
    g_signal_emit_by_name (self->document, "failed", error->message);
}

/* Enter on a row opens its types, wherever in the row the cursor is. */
static void
row_activated (FettleLayersPage *self, GtkTreePath *path)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->sort);
  g_autoptr (GtkListStore) choices = NULL;
  GtkTreeIter iter;

  gtk_tree_model_get_iter (model, &iter, path);
  gtk_tree_model_get (model, &iter, FETTLE_LAYER_COLUMN_CHOICES, &choices, -1);
  if (choices != NULL)
    gtk_tree_view_set_cursor (self->tree_view, path,
                              self->columns[FETTLE_LAYER_COLUMN_TYPE], TRUE);
}

static void
show_predictions (FettleLayersPage *self)
{
  double progress = fettle_predictions_get_progress (self->predictions);
  g_autofree char *text = NULL;

  if (progress >= 0)
    text = g_strdup_printf (_ ("Predicting other types… %.0f %%"), 100 * progress);
  else if (fettle_predictions_get (self->predictions) != NULL)
    text = g_strdup (_ ("Click a type to choose another one"));
  gtk_label_set_text (self->prediction_label, text != NULL ? text : "");
}

/* Only what is looked at is worth the work. */
static void
start_predictions (FettleLayersPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && self->predictions != NULL)
    fettle_predictions_start (self->predictions);
}

/* --- the page --- */

/* The unit stands in the column's title as soon as it is known. */
static void
show_unit (FettleLayersPage *self)
{
  GtkTreeViewColumn *column = self->columns[FETTLE_LAYER_COLUMN_TIME];
  FettleTrace *trace = fettle_document_get_trace (self->document);
  const char *title = _ ("Time");

  if (trace != NULL && fettle_trace_get_unit (trace) == FETTLE_UNIT_CYCLES)
    title = _ ("Cycles");
  else if (trace != NULL && fettle_trace_get_unit (trace) == FETTLE_UNIT_INSTRUCTIONS)
    title = _ ("Instructions");
  else if (trace != NULL)
    title = _ ("Time, ns");
  gtk_label_set_text (GTK_LABEL (gtk_tree_view_column_get_widget (column)), title);
  gtk_tree_view_column_set_title (column, title);
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
  gtk_tree_view_expand_all (self->tree_view);
  self->is_updating = FALSE;
  show_predictions (self);
  gtk_adjustment_set_value (
      gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->tree_view)), 0);
}

static void
add_columns (FettleLayersPage *self)
{
  for (int i = 0; i < FETTLE_LAYER_N_COLUMNS; i++)
    {
      self->columns[i] = fettle_layer_column_new (i, self->list);
      gtk_tree_view_append_column (self->tree_view, self->columns[i]);
    }
  gtk_tree_view_set_expander_column (self->tree_view,
                                     self->columns[FETTLE_LAYER_COLUMN_NAME]);
  fettle_layer_column_connect (self->columns[FETTLE_LAYER_COLUMN_TYPE], self->tree_view,
                               type_chosen, self);
  add_column_buttons (self);
}

static void
add_models (FettleLayersPage *self)
{
  self->list = fettle_layer_list_new (self->document, self->predictions);
  self->filter = GTK_TREE_MODEL_FILTER (
      gtk_tree_model_filter_new (GTK_TREE_MODEL (self->list), NULL));
  gtk_tree_model_filter_set_visible_func (self->filter, is_row_visible, self, NULL);
  self->sort = GTK_TREE_MODEL_SORT (
      gtk_tree_model_sort_new_with_model (GTK_TREE_MODEL (self->filter)));
  gtk_tree_view_set_model (self->tree_view, GTK_TREE_MODEL (self->sort));
  gtk_tree_view_set_tooltip_column (self->tree_view, FETTLE_LAYER_COLUMN_NAME);
}

void
fettle_layers_page_set_document (FettleLayersPage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_LAYERS_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (content_changes),
                           self, G_CONNECT_SWAPPED);
  self->predictions = fettle_predictions_new (document);
  add_models (self);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (content_changed),
                           self, G_CONNECT_SWAPPED);
  add_columns (self);
  g_signal_connect_swapped (self->selection, "changed", G_CALLBACK (row_selected), self);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_unit), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "activity-changed", G_CALLBACK (start_predictions),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->predictions, "changed", G_CALLBACK (show_predictions),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_after (self, "map", G_CALLBACK (start_predictions), NULL);
}

static void
fettle_layers_page_dispose (GObject *object)
{
  FettleLayersPage *self = FETTLE_LAYERS_PAGE (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  self->selection = NULL;
  g_clear_object (&self->sort);
  g_clear_object (&self->filter);
  g_clear_object (&self->list);
  g_clear_object (&self->predictions);
  g_clear_object (&self->document);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (fettle_layers_page_parent_class)->dispose (object);
}

static void
fettle_layers_page_class_init (FettleLayersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_layers_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/layers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, prediction_label);
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, group_button);
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, columns_box);
  gtk_widget_class_bind_template_child (widget_class, FettleLayersPage, tree_view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
  gtk_widget_class_bind_template_callback (widget_class, group_toggled);
  gtk_widget_class_bind_template_callback (widget_class, row_activated);
}

static void
fettle_layers_page_init (FettleLayersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->selection = gtk_tree_view_get_selection (self->tree_view);
  gtk_tree_selection_set_mode (self->selection, GTK_SELECTION_SINGLE);
}
