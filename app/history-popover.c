/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history-popover.c: the list of edits, to go back to any of them. */
#include "config.h"

#include "app/history-popover.h"

#include <glib/gi18n.h>

struct _FettleHistoryPopover
{
  GtkPopover parent_instance;

  FettleHistory *history;
  GtkScrolledWindow *scrolled;
  GtkListBox *list;
  gboolean is_updating; /* changes of the list's selection are not the user's */
};

G_DEFINE_FINAL_TYPE (FettleHistoryPopover, fettle_history_popover, GTK_TYPE_POPOVER)

static GtkWidget *
make_row (const char *text)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mark =
      gtk_image_new_from_icon_name ("object-select-symbolic", GTK_ICON_SIZE_MENU);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_container_add (GTK_CONTAINER (box), mark);
  gtk_container_add (GTK_CONTAINER (box), label);
  g_object_set (box, "margin", 6, NULL);
  gtk_container_add (GTK_CONTAINER (row), box);
  atk_object_set_name (gtk_widget_get_accessible (row), text);
  gtk_widget_show_all (row);
  return row;
}

/* A check mark says where the user is, not only a shade of grey; what was undone is dimmed. */
static void
mark_row (GtkWidget *row, gpointer data)
{
  guint current = *(guint *)data;
  guint index = (guint)gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  GList *parts =
      gtk_container_get_children (GTK_CONTAINER (gtk_bin_get_child (GTK_BIN (row))));
  GtkStyleContext *style = gtk_widget_get_style_context (parts->next->data);
  const char *description = index == current  ? _ ("Current position")
                            : index > current ? _ ("Undone")
                                              : "";

  gtk_widget_set_opacity (parts->data, index == current ? 1 : 0);
  if (index > current)
    gtk_style_context_add_class (style, GTK_STYLE_CLASS_DIM_LABEL);
  else
    gtk_style_context_remove_class (style, GTK_STYLE_CLASS_DIM_LABEL);
  atk_object_set_description (gtk_widget_get_accessible (row), description);
  g_list_free (parts);
}

static void
remove_row (GtkWidget *row, gpointer list)
{
  gtk_container_remove (list, row);
}

/* Rows that stay keep the keyboard's focus, so that arrow keys go through the history. */
static void
update (FettleHistoryPopover *self, gboolean is_new)
{
  guint n = fettle_history_get_n (self->history);
  guint current = n > 0 ? fettle_history_get_current (self->history) : 0;

  self->is_updating = TRUE;
  if (is_new)
    gtk_container_foreach (GTK_CONTAINER (self->list), remove_row, self->list);
  for (guint i = 0; is_new && i < n; i++)
    gtk_container_add (GTK_CONTAINER (self->list),
                       make_row (fettle_history_get (self->history, i)->label));
  gtk_container_foreach (GTK_CONTAINER (self->list), mark_row, &current);
  gtk_list_box_select_row (self->list,
                           gtk_list_box_get_row_at_index (self->list, (int)current));
  self->is_updating = FALSE;
}

/* Filled when it is opened: most edits are never looked at in the list. */
static void
fill (FettleHistoryPopover *self)
{
  update (self, TRUE);
}

static gboolean
is_same_list (FettleHistoryPopover *self)
{
  guint n = fettle_history_get_n (self->history);

  for (guint i = 0; i < n; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int)i);

      if (row == NULL
          || !g_str_equal (
              atk_object_get_name (gtk_widget_get_accessible (GTK_WIDGET (row))),
              fettle_history_get (self->history, i)->label))
        return FALSE;
    }
  return gtk_list_box_get_row_at_index (self->list, (int)n) == NULL;
}

static void
history_changed (FettleHistoryPopover *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    update (self, !is_same_list (self));
}

static void
row_selected (FettleHistoryPopover *self, GtkListBoxRow *row)
{
  if (row != NULL && !self->is_updating)
    fettle_history_go (self->history, (guint)gtk_list_box_row_get_index (row));
}

static void
fettle_history_popover_dispose (GObject *object)
{
  FettleHistoryPopover *self = FETTLE_HISTORY_POPOVER (object);

  g_clear_object (&self->history);
  G_OBJECT_CLASS (fettle_history_popover_parent_class)->dispose (object);
}

static void
fettle_history_popover_class_init (FettleHistoryPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_history_popover_dispose;
}

static void
fettle_history_popover_init (FettleHistoryPopover *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new (NULL, NULL));
  gtk_scrolled_window_set_policy (self->scrolled, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (self->scrolled, TRUE);
  gtk_scrolled_window_set_max_content_height (self->scrolled, 400);
  gtk_container_add (GTK_CONTAINER (self->scrolled), GTK_WIDGET (self->list));
  gtk_container_add (GTK_CONTAINER (self), GTK_WIDGET (self->scrolled));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->list)),
                       _ ("History"));
  gtk_widget_show_all (GTK_WIDGET (self->scrolled));
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (row_selected), self);
  g_signal_connect (self, "show", G_CALLBACK (fill), NULL);
}

GtkWidget *
fettle_history_popover_new (FettleHistory *history)
{
  FettleHistoryPopover *self;

  g_return_val_if_fail (FETTLE_IS_HISTORY (history), NULL);

  self = g_object_new (FETTLE_TYPE_HISTORY_POPOVER, NULL);
  self->history = g_object_ref (history);
  g_signal_connect_object (history, "changed", G_CALLBACK (history_changed), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
