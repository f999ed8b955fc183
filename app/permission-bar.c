/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permission-bar.c: says that a board may not be used, and what to do about it. */
#include "config.h"

#include "app/permission-bar.h"

#include <glib/gi18n.h>

struct _FettlePermissionBar
{
  GtkInfoBar parent_instance;

  FettleBoardMonitor *monitor;
  GtkLabel *problem;
  GtkLabel *remedy;
};

G_DEFINE_FINAL_TYPE (FettlePermissionBar, fettle_permission_bar, GTK_TYPE_INFO_BAR)

static FettleBoard *
find_forbidden (FettlePermissionBar *self)
{
  GPtrArray *boards = fettle_board_monitor_get_boards (self->monitor);

  for (guint i = 0; i < boards->len; i++)
    if (fettle_board_get_remedy (g_ptr_array_index (boards, i)) != NULL)
      return g_ptr_array_index (boards, i);
  return NULL;
}

static void
show_board (FettlePermissionBar *self, FettleBoard *board)
{
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), board != NULL);
  if (board == NULL)
    return;
  problem = g_strdup_printf (
      _ ("You may not use %s yet. Run this in a terminal, and the board becomes ready:"),
      fettle_board_get_name (board));
  remedy = g_strchomp (g_strdup (fettle_board_get_remedy (board)));
  gtk_label_set_text (self->problem, problem);
  gtk_label_set_text (self->remedy, remedy);
}

/* Also brings the bar back that was closed: this is another board, or the same anew. */
static void
board_added (FettlePermissionBar *self, FettleBoard *board)
{
  if (fettle_board_get_remedy (board) != NULL)
    show_board (self, board);
}

static void
board_gone_or_changed (FettlePermissionBar *self)
{
  FettleBoard *board = find_forbidden (self);

  if (board == NULL || gtk_info_bar_get_revealed (GTK_INFO_BAR (self)))
    show_board (self, board);
}

static void
copy (FettlePermissionBar *self)
{
  FettleBoard *board = find_forbidden (self);

  if (board != NULL)
    gtk_clipboard_set_text (
        gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
        fettle_board_get_remedy (board), -1);
}

static void
fettle_permission_bar_response (GtkInfoBar *bar, int response)
{
  if (response == GTK_RESPONSE_CLOSE)
    gtk_info_bar_set_revealed (bar, FALSE);
}

void
fettle_permission_bar_set_monitor (FettlePermissionBar *self, FettleBoardMonitor *monitor)
{
  g_return_if_fail (FETTLE_IS_PERMISSION_BAR (self));
  g_return_if_fail (FETTLE_IS_BOARD_MONITOR (monitor) && self->monitor == NULL);

  self->monitor = g_object_ref (monitor);
  g_signal_connect_object (monitor, "added", G_CALLBACK (board_added), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "changed", G_CALLBACK (board_gone_or_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "removed", G_CALLBACK (board_gone_or_changed), self,
                           G_CONNECT_SWAPPED);
  show_board (self, find_forbidden (self));
}

/* Both are properties of construction, which come after the template. */
static void
fettle_permission_bar_constructed (GObject *object)
{
  GtkInfoBar *bar = GTK_INFO_BAR (object);

  G_OBJECT_CLASS (fettle_permission_bar_parent_class)->constructed (object);
  gtk_info_bar_set_message_type (bar, GTK_MESSAGE_WARNING);
  gtk_info_bar_set_show_close_button (bar, TRUE);
}

static void
fettle_permission_bar_dispose (GObject *object)
{
  g_clear_object (&FETTLE_PERMISSION_BAR (object)->monitor);
  G_OBJECT_CLASS (fettle_permission_bar_parent_class)->dispose (object);
}

static void
fettle_permission_bar_class_init (FettlePermissionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = fettle_permission_bar_constructed;
  G_OBJECT_CLASS (klass)->dispose = fettle_permission_bar_dispose;
  GTK_INFO_BAR_CLASS (klass)->response = fettle_permission_bar_response;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/permission-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FettlePermissionBar, problem);
  gtk_widget_class_bind_template_child (widget_class, FettlePermissionBar, remedy);
  gtk_widget_class_bind_template_callback (widget_class, copy);
}

static void
fettle_permission_bar_init (FettlePermissionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
