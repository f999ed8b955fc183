/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune-popover.c: asks for calibration data and how to read it. */
#include "config.h"

#include "app/tune-popover.h"

#include <glib/gi18n.h>

struct _FettleTunePopover
{
  GtkPopover parent_instance;

  GtkFileChooserButton *file_button;
  GtkEntry *scale_entry;
  GtkEntry *offset_entry;
  GtkWidget *tune_button;
  GtkWidget *compare_button;
};

G_DEFINE_FINAL_TYPE (FettleTunePopover, fettle_tune_popover, GTK_TYPE_POPOVER)

enum
{
  TUNE,
  COMPARE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
read_number (GtkEntry *entry, double *number)
{
  const char *text = gtk_entry_get_text (entry);
  char *end;

  *number = g_strtod (text, &end);
  while (g_ascii_isspace (*end))
    end++;
  return end != text && *end == '\0';
}

static gboolean
check_entry (GtkEntry *entry)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (entry));
  double number;
  gboolean valid = read_number (entry, &number);

  if (valid)
    gtk_style_context_remove_class (style, GTK_STYLE_CLASS_ERROR);
  else
    gtk_style_context_add_class (style, GTK_STYLE_CLASS_ERROR);
  return valid;
}

static void
check_all (FettleTunePopover *self)
{
  g_autofree char *path =
      gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (self->file_button));
  gboolean scale = check_entry (self->scale_entry);
  gboolean offset = check_entry (self->offset_entry);

  gtk_widget_set_sensitive (self->tune_button, path != NULL && scale && offset);
  gtk_widget_set_sensitive (self->compare_button, path != NULL && scale && offset);
}

static void
emit (FettleTunePopover *self, guint signal)
{
  g_autofree char *path =
      gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (self->file_button));
  double scale = 1;
  double offset = 0;

  if (path != NULL && read_number (self->scale_entry, &scale)
      && read_number (self->offset_entry, &offset))
    {
      g_autoptr (FettleData) data = fettle_data_new (path, scale, offset);

      gtk_popover_popdown (GTK_POPOVER (self));
      g_signal_emit (self, signals[signal], 0, data);
    }
}

static void
tune_clicked (FettleTunePopover *self)
{
  emit (self, TUNE);
}

static void
compare_clicked (FettleTunePopover *self)
{
  emit (self, COMPARE);
}

void
fettle_tune_popover_set_kind (FettleTunePopover *self, FettleContentKind kind)
{
  g_return_if_fail (FETTLE_IS_TUNE_POPOVER (self));

  gtk_widget_set_visible (self->compare_button, kind == FETTLE_CONTENT_TUNED);
}

static void
set_number (GtkEntry *entry, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  gtk_entry_set_text (entry, g_ascii_formatd (text, sizeof text, "%.12g", number));
}

void
fettle_tune_popover_set_data (FettleTunePopover *self, const FettleData *data)
{
  g_return_if_fail (FETTLE_IS_TUNE_POPOVER (self) && data != NULL);

  gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (self->file_button), data->path);
  set_number (self->scale_entry, data->preprocessing.scale);
  set_number (self->offset_entry, data->preprocessing.offset);
}

static gboolean
focus_first (gpointer data)
{
  FettleTunePopover *self = data;

  gtk_widget_child_focus (GTK_WIDGET (self->file_button), GTK_DIR_TAB_FORWARD);
  gtk_editable_select_region (GTK_EDITABLE (self->offset_entry), 0, 0);
  return G_SOURCE_REMOVE;
}

/* The popover itself gives the focus away before its children have a place, to any of them. */
static void
focus_first_later (FettleTunePopover *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_first, g_object_ref (self),
                   g_object_unref);
}

static void
fettle_tune_popover_class_init (FettleTunePopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[TUNE] = g_signal_new ("tune", FETTLE_TYPE_TUNE_POPOVER, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[COMPARE] = g_signal_new ("compare", FETTLE_TYPE_TUNE_POPOVER, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/tune-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleTunePopover, file_button);
  gtk_widget_class_bind_template_child (widget_class, FettleTunePopover, scale_entry);
  gtk_widget_class_bind_template_child (widget_class, FettleTunePopover, offset_entry);
  gtk_widget_class_bind_template_child (widget_class, FettleTunePopover, tune_button);
  gtk_widget_class_bind_template_child (widget_class, FettleTunePopover, compare_button);
  gtk_widget_class_bind_template_callback (widget_class, tune_clicked);
  gtk_widget_class_bind_template_callback (widget_class, compare_clicked);
  gtk_widget_class_bind_template_callback (widget_class, check_all);
}

static void
fettle_tune_popover_init (FettleTunePopover *self)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_file_filter_set_name (filter, _ ("NumPy arrays (.npy)"));
  gtk_file_filter_add_pattern (filter, "*.npy");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->file_button), filter);
  g_signal_connect_after (self, "map", G_CALLBACK (focus_first_later), NULL);
  check_all (self);
}

GtkWidget *
fettle_tune_popover_new (void)
{
  return g_object_new (FETTLE_TYPE_TUNE_POPOVER, NULL);
}
