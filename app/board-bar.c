/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-bar.c: chooses a board, connects it, runs the model on it, and says how it is. */
#include "config.h"

#include "app/board-bar.h"

#include <glib/gi18n.h>

struct _FettleBoardBar
{
  GtkBox parent_instance;

  FettleBoardControl *control;
  GPtrArray *boards;
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

static void
board_chosen (FettleBoardBar *self)
{
  int index = gtk_combo_box_get_active (GTK_COMBO_BOX (self->chooser));

  if (index >= 0)
    fettle_board_control_set_board (self->control,
                                    g_ptr_array_index (self->boards, (guint)index));
}

gboolean
fettle_board_bar_choose (FettleBoardBar *self, const char *id, GError **error)
{
  g_autoptr (FettleBoard) known = NULL;

  g_return_val_if_fail (FETTLE_IS_BOARD_BAR (self) && id != NULL, FALSE);

  if (gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->chooser), id))
    return TRUE;
  known = fettle_board_lookup (id, error);
  return known != NULL;
}

/* The first usable board with a core of its own says the most; else the first usable one. */
static void
choose_default (FettleBoardBar *self)
{
  int usable = -1;
  int chosen = -1;

  for (guint i = 0; i < self->boards->len && chosen < 0; i++)
    {
      FettleBoard *board = g_ptr_array_index (self->boards, i);

      if (fettle_board_get_problem (board) != NULL)
        continue;
      if (usable < 0)
        usable = (int)i;
      if (fettle_board_get_target (board) != FETTLE_TARGET_PORTABLE)
        chosen = (int)i;
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->chooser),
                            chosen >= 0 ? chosen : MAX (usable, 0));
}

void
fettle_board_bar_set_control (FettleBoardBar *self, FettleBoardControl *control)
{
  g_return_if_fail (FETTLE_IS_BOARD_BAR (self) && FETTLE_IS_BOARD_CONTROL (control));
  g_return_if_fail (self->control == NULL);

  self->control = g_object_ref (control);
  g_signal_connect_object (control, "state-changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  self->boards = fettle_board_list ();
  for (guint i = 0; i < self->boards->len; i++)
    {
      FettleBoard *board = g_ptr_array_index (self->boards, i);

      gtk_combo_box_text_append (self->chooser, fettle_board_get_id (board),
                                 fettle_board_get_name (board));
    }
  g_signal_connect_swapped (self->chooser, "changed", G_CALLBACK (board_chosen), self);
  choose_default (self);
  show_state (self);
}

static void
fettle_board_bar_dispose (GObject *object)
{
  FettleBoardBar *self = FETTLE_BOARD_BAR (object);

  g_clear_object (&self->control);
  g_clear_pointer (&self->boards, g_ptr_array_unref);
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
