/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data-editor.c: says where data are, and what makes model inputs of them. */
#include "config.h"

#include "app/data-editor.h"

#include "app/file-choosing.h"
#include "tuner/preprocessing-text.h"

#include <glib/gi18n.h>

struct _FettleDataEditor
{
  GtkBox parent_instance;

  FettleData *shown; /* as last set or told; NULL: none */
  gboolean is_updating;

  GtkEntry *path;
  GtkEntry *scale;
  GtkEntry *offset;
  GtkEntry *mean;
  GtkEntry *deviation;
  GtkEntry *sample_rate;
  GtkComboBox *order;
  GtkEntry *labels;
};

G_DEFINE_FINAL_TYPE (FettleDataEditor, fettle_data_editor, GTK_TYPE_BOX)

static guint edited_signal;

static gboolean
mark (GtkEntry *entry, gboolean is_right)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (entry));

  if (is_right)
    gtk_style_context_remove_class (style, GTK_STYLE_CLASS_ERROR);
  else
    gtk_style_context_add_class (style, GTK_STYLE_CLASS_ERROR);
  return is_right;
}

static char *
get_text (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_entry_get_text (entry)));
}

/* An empty entry stands for USUAL. */
static gboolean
read_number (GtkEntry *entry, double usual, double *number)
{
  g_autofree char *text = get_text (entry);
  char *end;

  *number = usual;
  if (*text == '\0')
    return mark (entry, TRUE);
  *number = g_ascii_strtod (text, &end);
  return mark (entry, *end == '\0');
}

static gboolean
read_normalization (FettleDataEditor *self, FettlePreprocessing *preprocessing)
{
  g_autofree char *mean = get_text (self->mean);
  g_autofree char *deviation = get_text (self->deviation);
  gboolean is_right =
      fettle_preprocessing_read_normalization (preprocessing, mean, deviation);

  mark (self->mean, is_right);
  return mark (self->deviation, is_right);
}

/* FALSE if a field is wrong, which is marked then; *DATA is NULL if no path is given. */
static gboolean
read_fields (FettleDataEditor *self, FettleData **data)
{
  g_autofree char *path = get_text (self->path);
  g_autofree char *labels = get_text (self->labels);
  g_autoptr (FettleData) read = fettle_data_new (path, 1, 0);
  FettlePreprocessing *preprocessing = &read->preprocessing;
  double rate;
  gboolean is_right =
      mark (self->path, *path == '\0' || g_file_test (path, G_FILE_TEST_EXISTS));

  *data = NULL;
  is_right &= read_number (self->scale, 1, &preprocessing->scale);
  is_right &= read_number (self->offset, 0, &preprocessing->offset);
  is_right &= read_normalization (self, preprocessing);
  is_right &= read_number (self->sample_rate, 0, &rate)
              && mark (self->sample_rate, rate >= 0 && rate <= G_MAXINT);
  if (!is_right)
    return FALSE;
  preprocessing->sample_rate = (guint)rate;
  preprocessing->order = gtk_combo_box_get_active (self->order) == 1
                             ? FETTLE_CHANNELS_BGR
                             : FETTLE_CHANNELS_RGB;
  if (!mark (self->scale, fettle_preprocessing_is_valid (preprocessing)))
    return FALSE;
  read->labels = *labels != '\0' ? g_strdup (labels) : NULL;
  if (*path != '\0')
    *data = g_steal_pointer (&read);
  return TRUE;
}

static void
tell (FettleDataEditor *self)
{
  g_autoptr (FettleData) data = NULL;

  if (self->is_updating || !read_fields (self, &data)
      || fettle_data_equal (data, self->shown))
    return;
  fettle_data_free (self->shown);
  self->shown = fettle_data_copy (data);
  g_signal_emit (self, edited_signal, 0, data);
}

static gboolean
entry_left (FettleDataEditor *self)
{
  tell (self);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
ignore_wheel (GtkWidget *control)
{
  g_signal_stop_emission_by_name (control, "scroll-event");
  return GDK_EVENT_PROPAGATE;
}

static void
choose (FettleDataEditor *self, GtkFileChooserAction action)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autofree char *path = fettle_choose_data (GTK_WINDOW (window), action);

  if (path == NULL)
    return;
  gtk_entry_set_text (self->path, path);
  tell (self);
}

static void
file_clicked (FettleDataEditor *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
folder_clicked (FettleDataEditor *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
path_dropped (FettleDataEditor *self, GdkDragContext *context, int x, int y,
              GtkSelectionData *selection, guint info, guint time)
{
  g_auto (GStrv) uris = gtk_selection_data_get_uris (selection);
  g_autofree char *path =
      uris != NULL && uris[0] != NULL ? g_filename_from_uri (uris[0], NULL, NULL) : NULL;

  gtk_drag_finish (context, path != NULL, FALSE, time);
  /* The entry's own handler would write the address at the cursor. */
  g_signal_stop_emission_by_name (self->path, "drag-data-received");
  if (path == NULL)
    return;
  gtk_entry_set_text (self->path, path);
  tell (self);
}

/* --- showing --- */

/* Nothing is written where USUAL is meant. */
static void
show_number (GtkEntry *entry, double number, double usual)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (number != usual)
    g_ascii_formatd (text, sizeof text, "%.15g", number);
  gtk_entry_set_text (entry, text);
  mark (entry, TRUE);
}

static void
show_fields (FettleDataEditor *self, const FettleData *data)
{
  const FettlePreprocessing *preprocessing = &data->preprocessing;
  g_autofree char *mean = fettle_preprocessing_format_mean (preprocessing);
  g_autofree char *deviation = fettle_preprocessing_format_deviation (preprocessing);

  gtk_entry_set_text (self->path, data->path != NULL ? data->path : "");
  mark (self->path, TRUE);
  show_number (self->scale, preprocessing->scale, 1);
  show_number (self->offset, preprocessing->offset, 0);
  show_number (self->sample_rate, preprocessing->sample_rate, 0);
  gtk_entry_set_text (self->mean, mean);
  mark (self->mean, TRUE);
  gtk_entry_set_text (self->deviation, deviation);
  mark (self->deviation, TRUE);
  gtk_combo_box_set_active (self->order,
                            preprocessing->order == FETTLE_CHANNELS_BGR ? 1 : 0);
  gtk_entry_set_text (self->labels, data->labels != NULL ? data->labels : "");
}

void
fettle_data_editor_set_data (FettleDataEditor *self, const FettleData *data)
{
  static const FettleData none = { .preprocessing = { .scale = 1 } };

  g_return_if_fail (FETTLE_IS_DATA_EDITOR (self));

  if (fettle_data_equal (data, self->shown))
    return;
  self->is_updating = TRUE;
  show_fields (self, data != NULL ? data : &none);
  self->is_updating = FALSE;
  fettle_data_free (self->shown);
  self->shown = fettle_data_copy (data);
}

void
fettle_data_editor_focus (FettleDataEditor *self)
{
  g_return_if_fail (FETTLE_IS_DATA_EDITOR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->path));
}

/* --- the object --- */

static void
fettle_data_editor_finalize (GObject *object)
{
  FettleDataEditor *self = FETTLE_DATA_EDITOR (object);

  fettle_data_free (self->shown);
  G_OBJECT_CLASS (fettle_data_editor_parent_class)->finalize (object);
}

static void
fettle_data_editor_class_init (FettleDataEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_data_editor_finalize;
  edited_signal = g_signal_new ("edited", FETTLE_TYPE_DATA_EDITOR, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/data-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, path);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, scale);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, offset);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, mean);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, deviation);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, sample_rate);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, order);
  gtk_widget_class_bind_template_child (widget_class, FettleDataEditor, labels);
  gtk_widget_class_bind_template_callback (widget_class, tell);
  gtk_widget_class_bind_template_callback (widget_class, entry_left);
  gtk_widget_class_bind_template_callback (widget_class, ignore_wheel);
  gtk_widget_class_bind_template_callback (widget_class, file_clicked);
  gtk_widget_class_bind_template_callback (widget_class, folder_clicked);
}

static void
fettle_data_editor_init (FettleDataEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drag_dest_set (GTK_WIDGET (self->path), GTK_DEST_DEFAULT_ALL, NULL, 0,
                     GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self->path));
  g_signal_connect_swapped (self->path, "drag-data-received", G_CALLBACK (path_dropped),
                            self);
}
