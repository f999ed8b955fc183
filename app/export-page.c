/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export-page.c: what the model becomes in a user's program. */
#include "config.h"

#include "app/export-page.h"
#include "app/export-work.h"
#include "app/file-choosing.h"
#include "app/header-text.h"
#include "model/header-writer.h"
#include "widgets/bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _FettleExportPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleTargetImage *image;
  FettleExport *export_;     /* what is shown; NULL: nothing yet */
  GCancellable *cancellable; /* of the work under way; NULL: none */
  char *file_name;           /* of the header */
  gboolean is_stale;         /* made for another content or other options */
  gboolean is_updating;      /* changes of the controls are not the user's */

  GtkComboBoxText *target_chooser;
  GtkComboBoxText *rounding_chooser;
  GtkEntry *name_entry;
  GtkWidget *copy_button;
  GtkWidget *save_button;
  GtkLabel *status;
  GtkTextView *preview;
  FettleBarChart *sections;
};

G_DEFINE_FINAL_TYPE (FettleExportPage, fettle_export_page, GTK_TYPE_BOX)

static const char *const section_names[FETTLE_N_SECTIONS] = {
  [FETTLE_SECTION_CONSTANTS] = N_ ("Weights and tables"),
  [FETTLE_SECTION_PARAMETERS] = N_ ("Parameters"),
  [FETTLE_SECTION_TABLES] = N_ ("Structure"),
  [FETTLE_SECTION_NAMES] = N_ ("Names"),
};

static const char *const section_hints[FETTLE_N_SECTIONS] = {
  [FETTLE_SECTION_CONSTANTS] = N_ ("Weights, biases, multipliers, look-up tables"),
  [FETTLE_SECTION_PARAMETERS] = N_ ("What each operator was told: strides, offsets"),
  [FETTLE_SECTION_TABLES] = N_ ("Header, and tables of tensors and operators"),
  [FETTLE_SECTION_NAMES] = N_ ("Names of layers, for reports"),
};

/* --- what is shown --- */

static void
show_sections (FettleExportPage *self)
{
  FettleBarItem items[FETTLE_N_SECTIONS];
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < FETTLE_N_SECTIONS; i++)
    {
      double size = (double)self->export_->sections[i];
      g_autofree char *bytes = fettle_format_bytes (size);

      g_ptr_array_add (texts, g_strdup_printf ("%s: %s", _ (section_hints[i]), bytes));
      items[i] = (FettleBarItem){ .label = _ (section_names[i]),
                                  .value = size,
                                  .low = NAN,
                                  .high = NAN,
                                  .known = TRUE,
                                  .description = g_ptr_array_index (texts, i) };
    }
  fettle_bar_chart_set_items (self->sections, items, FETTLE_N_SECTIONS);
}

static void
show_status (FettleExportPage *self)
{
  g_autofree char *image = fettle_format_bytes ((double)self->export_->image_bytes);
  g_autofree char *arena = fettle_format_bytes ((double)self->export_->arena_bytes);
  g_autofree char *text = fettle_format_bytes ((double)strlen (self->export_->header));
  g_autofree char *status = g_strdup_printf (
      _ ("Compiled, it takes %s of flash and %s of RAM, beside the runtime’s kernels. "
         "The file has %s of text."),
      image, arena, text);

  gtk_label_set_text (self->status, status);
}

static void
show_export (FettleExportPage *self)
{
  g_autofree char *abridged = fettle_header_abridge (self->export_->header, NULL);

  fettle_header_show (abridged, gtk_text_view_get_buffer (self->preview),
                      gtk_widget_get_style_context (GTK_WIDGET (self->preview)));
  show_sections (self);
  show_status (self);
}

static void
set_ready (FettleExportPage *self, gboolean ready)
{
  gtk_widget_set_sensitive (self->copy_button, ready);
  gtk_widget_set_sensitive (self->save_button, ready);
}

/* --- the work --- */

static void
exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FettleExportPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleExport) export_ = fettle_export_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (export_ == NULL)
    {
      gtk_label_set_text (self->status, error->message);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->preview), "", -1);
      fettle_bar_chart_set_items (self->sections, NULL, 0);
      return;
    }
  g_clear_pointer (&self->export_, fettle_export_free);
  self->export_ = g_steal_pointer (&export_);
  show_export (self);
  set_ready (self, TRUE);
}

static FettleTarget
get_target (FettleExportPage *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->target_chooser));
  FettleTarget target;

  if (id != NULL && fettle_target_from_name (id, &target, NULL))
    return target;
  return fettle_target_image_get_target (self->image);
}

static FettleRounding
get_rounding (FettleExportPage *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->rounding_chooser));

  return g_strcmp0 (id, "single") == 0 ? FETTLE_ROUNDING_SINGLE : FETTLE_ROUNDING_DOUBLE;
}

/* Only while it is looked at; else it is made when it is. */
static void
start (FettleExportPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  const char *name = gtk_entry_get_text (self->name_entry);
  g_autofree char *symbol = fettle_header_symbol (name);
  FettleExportOptions options = { get_target (self), get_rounding (self), symbol };

  if (content == NULL || !self->is_stale || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->is_stale = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_ready (self, FALSE);
  gtk_label_set_text (self->status, _ ("Writing the header…"));
  g_free (self->file_name);
  self->file_name = g_strconcat (symbol, ".h", NULL);
  fettle_export_async (content, &options, self->cancellable, exported,
                       g_object_ref (self));
}

static void
options_changed (FettleExportPage *self)
{
  if (self->is_updating || self->document == NULL)
    return;
  self->is_stale = TRUE;
  start (self);
}

static void
content_changed (FettleExportPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  g_autofree char *base = NULL;
  g_autofree char *symbol = NULL;

  if (content == NULL)
    return;
  base = g_path_get_basename (content->path);
  symbol = fettle_header_symbol (base);
  self->is_updating = TRUE;
  gtk_entry_set_text (self->name_entry, symbol);
  self->is_updating = FALSE;
  self->is_stale = TRUE;
  start (self);
}

/* Another core is another header, if the page follows the board. */
static void
image_changed (FettleExportPage *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->target_chooser));

  if (g_strcmp0 (id, "board") == 0
      && fettle_target_image_get_lowered (self->image) != NULL)
    options_changed (self);
}

/* --- what can be done with it --- */

static void
copy_clicked (FettleExportPage *self)
{
  g_return_if_fail (self->export_ != NULL);

  gtk_clipboard_set_text (
      gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
      self->export_->header, -1);
  gtk_label_set_text (self->status, _ ("The whole header is in the clipboard."));
}

static void
save_clicked (FettleExportPage *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autofree char *path = fettle_choose_save_path (GTK_WINDOW (window), _ ("Save Header"),
                                                   self->file_name, ".h");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (path == NULL)
    return;
  if (!g_file_set_contents (path, self->export_->header, -1, &error))
    {
      g_signal_emit_by_name (self->document, "failed", error->message);
      return;
    }
  text = g_strdup_printf (_ ("Saved as %s; include it next to frt.h."), path);
  gtk_label_set_text (self->status, text);
}

/* --- the page --- */

static void
style_updated (FettleExportPage *self)
{
  if (self->export_ != NULL)
    show_export (self);
}

void
fettle_export_page_set_document (FettleExportPage *self, FettleDocument *document,
                                 FettleTargetImage *image)
{
  g_return_if_fail (FETTLE_IS_EXPORT_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (FETTLE_IS_TARGET_IMAGE (image) && self->document == NULL);

  self->document = g_object_ref (document);
  self->image = g_object_ref (image);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (content_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (image, "changed", G_CALLBACK (image_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_after (self, "map", G_CALLBACK (start), NULL);
}

static void
fettle_export_page_dispose (GObject *object)
{
  FettleExportPage *self = FETTLE_EXPORT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->export_, fettle_export_free);
  g_clear_pointer (&self->file_name, g_free);
  g_clear_object (&self->image);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_export_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, target_chooser);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, rounding_chooser);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, name_entry);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, status);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, preview);
  gtk_widget_class_bind_template_child (widget_class, FettleExportPage, sections);
}

static void
fettle_export_page_class_init (FettleExportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_export_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/export-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, options_changed);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, style_updated);
}

static void
fettle_export_page_init (FettleExportPage *self)
{
  g_type_ensure (FETTLE_TYPE_BAR_CHART);
  self->is_updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (FettleTarget target = 0; target < FETTLE_TARGET_DESKTOP; target++)
    gtk_combo_box_text_append (self->target_chooser, fettle_target_get_name (target),
                               fettle_target_get_name (target));
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->target_chooser), "board");
  fettle_bar_chart_set_format (self->sections, FETTLE_NUMBER_BYTES);
  set_ready (self, FALSE);
  self->is_updating = FALSE;
}
