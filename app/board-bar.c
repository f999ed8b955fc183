/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-bar.c: chooses a board, connects it, runs the model on it, and says how it is. */
#include "config.h"

#include "app/board-bar.h"

#include <glib/gi18n.h>

struct _FettleBoardBar
{
  GtkBox parent_instance;

  FettleBoardControl *control;
  gboolean chosen_by_user;
  gboolean was_awaited;
  gboolean fills; /* the chooser, which says that another board was chosen */
  GtkComboBoxText *chooser;
  GtkButton *connect_button;
  GtkButton *run_button;
  GtkImage *run_image;
  GtkLabel *run_label;
  GtkSpinner *spinner;
  GtkLabel *status;
};

G_DEFINE_FINAL_TYPE (FettleBoardBar, fettle_board_bar, GTK_TYPE_BOX)

static char *
describe_state (FettleBoardBar *self)
{
  const FettleBoardInfo *info = fettle_board_control_get_info (self->control);
  FettleBoard *board = fettle_board_control_get_board (self->control);

  switch (fettle_board_control_get_state (self->control))
    {
    case FETTLE_BOARD_CONNECTING:
      return g_strdup (_ ("Connecting…"));
    case FETTLE_BOARD_PREPARING:
      return g_strdup (_ ("Uploading the model…"));
    case FETTLE_BOARD_RUNNING:
      return g_strdup (_ ("Running"));
    case FETTLE_BOARD_STOPPING:
      return g_strdup (_ ("Stopping…"));
    case FETTLE_BOARD_CONNECTED:
      return g_strdup_printf (_ ("Connected: %s, %s kernels"), info->agent,
                              info->kernels);
    case FETTLE_BOARD_AWAITED:
      if (fettle_board_get_problem (board) != NULL)
        return g_strdup (fettle_board_get_problem (board));
      return g_strdup (_ ("Unplugged; goes on when it is plugged in again"));
    case FETTLE_BOARD_DISCONNECTED:
    default:
      if (board != NULL && fettle_board_get_problem (board) != NULL)
        return g_strdup (fettle_board_get_problem (board));
      return g_strdup (_ ("Not connected"));
    }
}

static void
show_state (FettleBoardBar *self)
{
  FettleBoardState state = fettle_board_control_get_state (self->control);
  gboolean runs = state == FETTLE_BOARD_RUNNING || state == FETTLE_BOARD_PREPARING
                  || state == FETTLE_BOARD_STOPPING;
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->run_button));
  g_autofree char *text = describe_state (self);

  if (runs)
    gtk_style_context_remove_class (style, GTK_STYLE_CLASS_SUGGESTED_ACTION);
  else
    gtk_style_context_add_class (style, GTK_STYLE_CLASS_SUGGESTED_ACTION);
  gtk_label_set_text (self->status, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), text);
  g_object_set (self->spinner, "active",
                state == FETTLE_BOARD_CONNECTING || state == FETTLE_BOARD_PREPARING
                    || state == FETTLE_BOARD_STOPPING,
                NULL);
  gtk_button_set_label (self->connect_button, state == FETTLE_BOARD_DISCONNECTED
                                                  ? _ ("_Connect")
                                                  : _ ("Dis_connect"));
  gtk_label_set_text_with_mnemonic (self->run_label, runs ? _ ("_Stop") : _ ("_Run"));
  gtk_image_set_from_icon_name (self->run_image,
                                runs ? "media-playback-stop-symbolic"
                                     : "media-playback-start-symbolic",
                                GTK_ICON_SIZE_BUTTON);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->run_button)),
                       runs ? _ ("Stop") : _ ("Run"));
}

/* --- choosing --- */

/* One that the monitor lists, or may list soon, or never: a serial port that was named by its path. */
static FettleBoard *
find_board (FettleBoardBar *self, const char *id, GError **error)
{
  FettleBoardMonitor *monitor = fettle_board_control_get_monitor (self->control);
  FettleBoard *board = fettle_board_monitor_lookup (monitor, id);

  return board != NULL ? g_object_ref (board) : fettle_board_lookup (id, error);
}

static void
board_chosen (FettleBoardBar *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->chooser));
  g_autoptr (FettleBoard) board = NULL;

  if (self->fills || id == NULL)
    return;
  self->chosen_by_user = TRUE;
  board = find_board (self, id, NULL);
  if (board != NULL)
    fettle_board_control_set_board (self->control, board);
}

static void
choose_board (FettleBoardBar *self, FettleBoard *board)
{
  self->fills = TRUE;
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->chooser),
                               fettle_board_get_id (board));
  self->fills = FALSE;
  fettle_board_control_set_board (self->control, board);
}

static void
add_row (FettleBoardBar *self, FettleBoard *board)
{
  gtk_combo_box_text_append (self->chooser, fettle_board_get_id (board),
                             fettle_board_get_name (board));
}

/* The row of ID, or -1. */
static int
find_row (FettleBoardBar *self, const char *id)
{
  GtkTreeModel *model = gtk_combo_box_get_model (GTK_COMBO_BOX (self->chooser));
  int column = gtk_combo_box_get_id_column (GTK_COMBO_BOX (self->chooser));
  GtkTreeIter iter;
  int row = 0;

  for (gboolean more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter), row++)
    {
      g_autofree char *other = NULL;

      gtk_tree_model_get (model, &iter, column, &other, -1);
      if (g_strcmp0 (other, id) == 0)
        return row;
    }
  return -1;
}

gboolean
fettle_board_bar_choose (FettleBoardBar *self, const char *id, GError **error)
{
  g_autoptr (FettleBoard) board = NULL;

  g_return_val_if_fail (FETTLE_IS_BOARD_BAR (self) && id != NULL, FALSE);

  board = find_board (self, id, error);
  if (board == NULL)
    return FALSE;
  if (find_row (self, fettle_board_get_id (board)) < 0)
    add_row (self, board);
  self->chosen_by_user = TRUE;
  choose_board (self, board);
  return TRUE;
}

/* The first usable board with a core of its own says the most; else the first usable one. */
static void
choose_default (FettleBoardBar *self)
{
  GPtrArray *boards =
      fettle_board_monitor_get_boards (fettle_board_control_get_monitor (self->control));
  FettleBoard *usable = NULL, *chosen = NULL;

  for (guint i = 0; i < boards->len && chosen == NULL; i++)
    {
      FettleBoard *board = g_ptr_array_index (boards, i);

      if (fettle_board_get_problem (board) != NULL)
        continue;
      if (usable == NULL)
        usable = board;
      if (fettle_board_get_target (board) != FETTLE_TARGET_PORTABLE)
        chosen = board;
    }
  if (chosen == NULL)
    chosen = usable != NULL ? usable : g_ptr_array_index (boards, 0);
  choose_board (self, chosen);
}

/* --- boards that come and go --- */

/* Whoever plugs a board in wants to use it, unless another one was chosen. */
static void
board_added (FettleBoardBar *self, FettleBoard *board)
{
  if (find_row (self, fettle_board_get_id (board)) < 0)
    add_row (self, board);
  if (!self->chosen_by_user && fettle_board_get_problem (board) == NULL
      && fettle_board_control_get_state (self->control) == FETTLE_BOARD_DISCONNECTED)
    choose_board (self, board);
}

static gboolean
is_awaited (FettleBoardBar *self, FettleBoard *board)
{
  return fettle_board_control_get_state (self->control) == FETTLE_BOARD_AWAITED
         && fettle_board_has_id (
             board, fettle_board_get_id (fettle_board_control_get_board (self->control)));
}

/* A board that is awaited keeps its row. */
static void
board_removed (FettleBoardBar *self, FettleBoard *board)
{
  int row = find_row (self, fettle_board_get_id (board));

  if (row < 0 || is_awaited (self, board))
    return;
  self->fills = TRUE;
  gtk_combo_box_text_remove (self->chooser, row);
  self->fills = FALSE;
  if (gtk_combo_box_get_active (GTK_COMBO_BOX (self->chooser)) >= 0)
    return;
  self->chosen_by_user = FALSE;
  choose_default (self);
}

/* Nobody waits any more for a board that is not there. */
static void
forget_absent (FettleBoardBar *self)
{
  FettleBoard *board = fettle_board_control_get_board (self->control);
  FettleBoardMonitor *monitor = fettle_board_control_get_monitor (self->control);

  if (board != NULL && g_str_equal (fettle_board_get_link (board), "usb")
      && fettle_board_control_get_state (self->control) == FETTLE_BOARD_DISCONNECTED
      && fettle_board_monitor_lookup (monitor, fettle_board_get_id (board)) == NULL)
    board_removed (self, board);
}

static void
state_changed (FettleBoardBar *self)
{
  show_state (self);
  if (self->was_awaited)
    forget_absent (self);
  self->was_awaited =
      fettle_board_control_get_state (self->control) == FETTLE_BOARD_AWAITED;
}

void
fettle_board_bar_set_control (FettleBoardBar *self, FettleBoardControl *control)
{
  FettleBoardMonitor *monitor;
  GPtrArray *boards;

  g_return_if_fail (FETTLE_IS_BOARD_BAR (self) && FETTLE_IS_BOARD_CONTROL (control));
  g_return_if_fail (self->control == NULL);

  self->control = g_object_ref (control);
  g_signal_connect_object (control, "state-changed", G_CALLBACK (state_changed), self,
                           G_CONNECT_SWAPPED);
  monitor = fettle_board_control_get_monitor (control);
  g_signal_connect_object (monitor, "added", G_CALLBACK (board_added), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "removed", G_CALLBACK (board_removed), self,
                           G_CONNECT_SWAPPED);
  boards = fettle_board_monitor_get_boards (monitor);
  for (guint i = 0; i < boards->len; i++)
    add_row (self, g_ptr_array_index (boards, i));
  g_signal_connect_swapped (self->chooser, "changed", G_CALLBACK (board_chosen), self);
  choose_default (self);
  show_state (self);
}

static void
fettle_board_bar_dispose (GObject *object)
{
  FettleBoardBar *self = FETTLE_BOARD_BAR (object);

  g_clear_object (&self->control);
  G_OBJECT_CLASS (fettle_board_bar_parent_class)->dispose (object);
}

static void
fettle_board_bar_class_init (FettleBoardBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_board_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/board-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, chooser);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, connect_button);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, run_button);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, run_image);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, run_label);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, FettleBoardBar, status);
}

static void
fettle_board_bar_init (FettleBoardBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
