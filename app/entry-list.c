/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry-list.c: the entries of a parameter that is a list, each with its fields. */
#include "config.h"

#include "app/entry-list.h"

#include "app/parameter-editor.h"

#include <glib/gi18n.h>

struct _FettleEntryList
{
  GtkBox parent_instance;

  const FettleParameter *parameter;
  GPtrArray *entries; /* GtkWidget, a frame with the editors of an entry's fields */
  GtkWidget *entry_box;
  char **suggestions;
};

G_DEFINE_FINAL_TYPE (FettleEntryList, fettle_entry_list, GTK_TYPE_BOX)

static guint edited_signal;

static GQuark
editors_quark (void)
{
  return g_quark_from_static_string ("fettle-entry-list-editors");
}

/* FettleParameterEditor per field. */
static GPtrArray *
get_editors (gpointer entry)
{
  return g_object_get_qdata (entry, editors_quark ());
}

static void
tell (FettleEntryList *self)
{
  g_signal_emit (self, edited_signal, 0);
}

static void
remove_entry (FettleEntryList *self, guint index)
{
  GtkWidget *entry = g_ptr_array_steal_index (self->entries, index);

  gtk_container_remove (GTK_CONTAINER (self->entry_box), entry);
}

static void
remove_clicked (GtkButton *button, FettleEntryList *self)
{
  GtkWidget *entry = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_FRAME);
  guint index;

  if (!g_ptr_array_find (self->entries, entry, &index))
    return;
  remove_entry (self, index);
  tell (self);
}

static GtkWidget *
make_remove_button (FettleEntryList *self)
{
  GtkWidget *button =
      gtk_button_new_from_icon_name ("list-remove-symbolic", GTK_ICON_SIZE_BUTTON);

  gtk_widget_set_tooltip_text (button, _ ("Remove this entry"));
  atk_object_set_name (gtk_widget_get_accessible (button), _ ("Remove this entry"));
  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_clicked), self);
  return button;
}

static void
attach_field (FettleEntryList *self, GtkGrid *grid, GPtrArray *editors, guint row)
{
  const FettleParameter *field = &self->parameter->fields[row];
  GtkWidget *editor = fettle_parameter_editor_new (field);
  g_autofree char *title = fettle_parameter_get_title (field);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_style_context_add_class (gtk_widget_get_style_context (label),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_set_hexpand (editor, TRUE);
  gtk_grid_attach (grid, editor, 1, (int)row, 1, 1);
  gtk_grid_attach (grid, label, 0, (int)row, 1, 1);
  if (self->suggestions != NULL)
    fettle_parameter_editor_set_suggestions (FETTLE_PARAMETER_EDITOR (editor),
                                             (const char *const *)self->suggestions);
  g_signal_connect_swapped (editor, "edited", G_CALLBACK (tell), self);
  editors->pdata[row] = editor;
}

static GtkWidget *
append_entry (FettleEntryList *self)
{
  GtkWidget *frame = gtk_frame_new (NULL);
  GtkWidget *grid = gtk_grid_new ();
  GPtrArray *editors = g_ptr_array_new ();

  g_object_set (grid, "margin", 6, "row-spacing", 6, "column-spacing", 6, NULL);
  gtk_grid_attach (GTK_GRID (grid), make_remove_button (self), 2, 0, 1, 1);
  g_ptr_array_set_size (editors, (int)self->parameter->n_fields);
  /* A grid tells screen readers of its children in the reverse order. */
  for (guint i = self->parameter->n_fields; i > 0; i--)
    attach_field (self, GTK_GRID (grid), editors, i - 1);
  g_object_set_qdata_full (G_OBJECT (frame), editors_quark (), editors,
                           (GDestroyNotify)g_ptr_array_unref);
  gtk_container_add (GTK_CONTAINER (frame), grid);
  gtk_container_add (GTK_CONTAINER (self->entry_box), frame);
  gtk_widget_show_all (frame);
  g_ptr_array_add (self->entries, frame);
  return frame;
}

static void
add_clicked (FettleEntryList *self)
{
  GtkWidget *entry = append_entry (self);

  gtk_widget_child_focus (entry, GTK_DIR_TAB_FORWARD);
  tell (self);
}

void
fettle_entry_list_set_suggestions (FettleEntryList *self, const char *const *suggestions)
{
  g_return_if_fail (FETTLE_IS_ENTRY_LIST (self));

  g_strfreev (self->suggestions);
  self->suggestions = g_strdupv ((char **)suggestions);
  for (guint i = 0; i < self->entries->len; i++)
    {
      GPtrArray *editors = get_editors (self->entries->pdata[i]);

      for (guint k = 0; k < editors->len; k++)
        fettle_parameter_editor_set_suggestions (editors->pdata[k], suggestions);
    }
}

void
fettle_entry_list_set_value (FettleEntryList *self, GVariant *value)
{
  guint n = (guint)g_variant_n_children (value);

  g_return_if_fail (FETTLE_IS_ENTRY_LIST (self));

  while (self->entries->len > n)
    remove_entry (self, self->entries->len - 1);
  while (self->entries->len < n)
    append_entry (self);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (value, i);
      GPtrArray *editors = get_editors (self->entries->pdata[i]);

      for (guint k = 0; k < self->parameter->n_fields; k++)
        {
          g_autoptr (GVariant) field =
              g_variant_lookup_value (entry, self->parameter->fields[k].name, NULL);

          fettle_parameter_editor_set_value (editors->pdata[k], field);
        }
    }
}

/* NULL if a text is still to be written, or a number is none. */
static GVariant *
read_entry (FettleEntryList *self, GtkWidget *entry)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);
  GPtrArray *editors = get_editors (entry);

  for (guint i = 0; i < editors->len; i++)
    {
      const FettleParameter *field = &self->parameter->fields[i];
      g_autoptr (GVariant) value = fettle_parameter_editor_get_value (editors->pdata[i]);

      if (value == NULL
          || (field->type == FETTLE_PARAMETER_TEXT
              && *g_variant_get_string (value, NULL) == '\0'))
        return NULL;
      g_variant_builder_add (builder, "{sv}", field->name, value);
    }
  return g_variant_builder_end (builder);
}

GVariant *
fettle_entry_list_get_value (FettleEntryList *self)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));

  g_return_val_if_fail (FETTLE_IS_ENTRY_LIST (self), NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      GVariant *entry = read_entry (self, self->entries->pdata[i]);

      if (entry != NULL)
        g_variant_builder_add_value (builder, entry);
    }
  return g_variant_builder_end (builder);
}

static void
fettle_entry_list_finalize (GObject *object)
{
  FettleEntryList *self = FETTLE_ENTRY_LIST (object);

  g_ptr_array_unref (self->entries);
  g_strfreev (self->suggestions);
  G_OBJECT_CLASS (fettle_entry_list_parent_class)->finalize (object);
}

static void
fettle_entry_list_class_init (FettleEntryListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_entry_list_finalize;
  edited_signal = g_signal_new ("edited", FETTLE_TYPE_ENTRY_LIST, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_entry_list_init (FettleEntryList *self)
{
  GtkWidget *add =
      gtk_button_new_from_icon_name ("list-add-symbolic", GTK_ICON_SIZE_BUTTON);

  self->entries = g_ptr_array_new ();
  self->entry_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_tooltip_text (add, _ ("Add an entry"));
  atk_object_set_name (gtk_widget_get_accessible (add), _ ("Add an entry"));
  gtk_widget_set_halign (add, GTK_ALIGN_START);
  g_signal_connect_swapped (add, "clicked", G_CALLBACK (add_clicked), self);
  gtk_container_add (GTK_CONTAINER (self), self->entry_box);
  gtk_container_add (GTK_CONTAINER (self), add);
}

GtkWidget *
fettle_entry_list_new (const FettleParameter *parameter)
{
  FettleEntryList *self;

  g_return_val_if_fail (parameter != NULL, NULL);
  g_return_val_if_fail (parameter->type == FETTLE_PARAMETER_LIST, NULL);

  self = g_object_new (FETTLE_TYPE_ENTRY_LIST, NULL);
  self->parameter = parameter;
  return GTK_WIDGET (self);
}
