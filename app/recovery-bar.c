/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recovery-bar.c: offers unsaved work that was left behind. */
#include "config.h"

#include "app/recovery-bar.h"

#include "app/recovery.h"

#include <glib/gi18n.h>

enum
{
  RESPONSE_RECOVER = 1,
  RESPONSE_DISCARD,
};

struct _FettleRecoveryBar
{
  GtkInfoBar parent_instance;

  GtkLabel *label;
  GPtrArray *offers; /* FettleRecoverable; the first is shown */
};

G_DEFINE_FINAL_TYPE (FettleRecoveryBar, fettle_recovery_bar, GTK_TYPE_INFO_BAR)

static guint recover_signal;

static void
show_first (FettleRecoveryBar *self)
{
  const FettleRecoverable *offer;
  g_autofree char *time = NULL, *text = NULL;

  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), self->offers->len > 0);
  if (self->offers->len == 0)
    return;
  offer = self->offers->pdata[0];
  /* Translators: date and time of day, for people. */
  time = g_date_time_format (offer->time, _ ("%e %B, %H:%M"));
  text = g_strdup_printf (_ ("Work on %s of %s was not saved; it has been kept."),
                          offer->title, g_strchug (time));
  gtk_label_set_text (self->label, text);
}

static void
responded (FettleRecoveryBar *self, int response)
{
  g_autofree char *path = NULL;

  if (self->offers->len == 0)
    return;
  path = g_strdup (((FettleRecoverable *)self->offers->pdata[0])->path);
  g_ptr_array_remove_index (self->offers, 0);
  show_first (self);
  if (response == RESPONSE_RECOVER)
    g_signal_emit (self, recover_signal, 0, path);
  else if (response == RESPONSE_DISCARD)
    fettle_recovery_discard (path);
}

void
fettle_recovery_bar_offer (FettleRecoveryBar *self)
{
  g_return_if_fail (FETTLE_IS_RECOVERY_BAR (self));

  g_ptr_array_unref (self->offers);
  self->offers = fettle_recovery_list ();
  show_first (self);
}

static void
fettle_recovery_bar_finalize (GObject *object)
{
  FettleRecoveryBar *self = FETTLE_RECOVERY_BAR (object);

  g_ptr_array_unref (self->offers);
  G_OBJECT_CLASS (fettle_recovery_bar_parent_class)->finalize (object);
}

static void
fettle_recovery_bar_class_init (FettleRecoveryBarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_recovery_bar_finalize;
  recover_signal = g_signal_new ("recover", FETTLE_TYPE_RECOVERY_BAR, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fettle_recovery_bar_init (FettleRecoveryBar *self)
{
  GtkInfoBar *bar = GTK_INFO_BAR (self);

  self->offers = g_ptr_array_new ();
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_line_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0);
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (bar)),
                     GTK_WIDGET (self->label));
  gtk_info_bar_add_button (bar, _ ("_Recover"), RESPONSE_RECOVER);
  gtk_info_bar_add_button (bar, _ ("_Discard"), RESPONSE_DISCARD);
  gtk_info_bar_set_show_close_button (bar, TRUE);
  gtk_info_bar_set_message_type (bar, GTK_MESSAGE_QUESTION);
  gtk_info_bar_set_revealed (bar, FALSE);
  gtk_widget_show_all (GTK_WIDGET (self));
  g_signal_connect (self, "response", G_CALLBACK (responded), NULL);
}
