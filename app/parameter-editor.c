/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parameter-editor.c: a control for one parameter of a recipe's step, made from the parameter's description. */
#include "config.h"

#include "app/parameter-editor.h"

#include "app/entry-list.h"

#include <glib/gi18n.h>

struct _FettleParameterEditor
{
  GtkBin parent_instance;

  const FettleParameter *parameter;
  gboolean is_updating; /* changes of the control are not the user's */
  GVariant *shown;      /* the value last set or told */
};

G_DEFINE_FINAL_TYPE (FettleParameterEditor, fettle_parameter_editor, GTK_TYPE_BIN)

static guint edited_signal;

char *
fettle_parameter_get_title (const FettleParameter *parameter)
{
  char *title;

  g_return_val_if_fail (parameter != NULL, NULL);

  title = g_strdup (parameter->name);
  title[0] = g_ascii_toupper (title[0]);
  return title;
}

static GtkWidget *
get_control (FettleParameterEditor *self)
{
  return gtk_bin_get_child (GTK_BIN (self));
}

static void
tell (FettleParameterEditor *self)
{
  g_autoptr (GVariant) value = NULL;

  if (self->is_updating)
    return;
  value = fettle_parameter_editor_get_value (self);
  if (value == NULL || g_variant_equal (value, self->shown))
    return;
  g_variant_unref (self->shown);
  self->shown = g_variant_ref (value);
  g_signal_emit (self, edited_signal, 0, value);
}

/* --- the controls --- */

/* As in recipe-panel.c: the wheel scrolls. */
static gboolean
ignore_wheel (GtkWidget *control)
{
  g_signal_stop_emission_by_name (control, "scroll-event");
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *
make_choice (FettleParameterEditor *self)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  for (guint i = 0; self->parameter->choices[i] != NULL; i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), self->parameter->choices[i],
                               self->parameter->choices[i]);
  g_signal_connect (combo, "scroll-event", G_CALLBACK (ignore_wheel), NULL);
  g_signal_connect_swapped (combo, "changed", G_CALLBACK (tell), self);
  return combo;
}

static gboolean
tell_when_left (FettleParameterEditor *self)
{
  tell (self);
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *
make_entry (FettleParameterEditor *self)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_width_chars (GTK_ENTRY (entry), 8);
  if (self->parameter->type == FETTLE_PARAMETER_NUMBER)
    gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (tell), self);
  g_signal_connect_swapped (entry, "focus-out-event", G_CALLBACK (tell_when_left), self);
  return entry;
}

static GtkWidget *
make_check (FettleParameterEditor *self)
{
  GtkWidget *check = gtk_check_button_new ();

  g_signal_connect_swapped (check, "toggled", G_CALLBACK (tell), self);
  return check;
}

static GtkWidget *
make_list (FettleParameterEditor *self)
{
  GtkWidget *list = fettle_entry_list_new (self->parameter);

  g_signal_connect_swapped (list, "edited", G_CALLBACK (tell), self);
  return list;
}

static GtkWidget *
make_control (FettleParameterEditor *self)
{
  switch (self->parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
      return make_choice (self);
    case FETTLE_PARAMETER_NUMBER:
    case FETTLE_PARAMETER_TEXT:
      return make_entry (self);
    case FETTLE_PARAMETER_BOOLEAN:
      return make_check (self);
    case FETTLE_PARAMETER_LIST:
      return make_list (self);
    default:
      g_assert_not_reached ();
    }
}

/* --- values --- */

/* Enough digits for the number to come back as it was. */
static void
show_number (GtkEntry *entry, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_dtostr (text, sizeof text, number);
  gtk_entry_set_text (entry, text);
}

/* NULL, and the entry marked, if it holds no number. */
static GVariant *
read_number (GtkEntry *entry)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (entry));
  g_autofree char *text = g_strstrip (g_strdup (gtk_entry_get_text (entry)));
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (end != text && *end == '\0')
    {
      gtk_style_context_remove_class (style, GTK_STYLE_CLASS_ERROR);
      return g_variant_ref_sink (g_variant_new_double (number));
    }
  gtk_style_context_add_class (style, GTK_STYLE_CLASS_ERROR);
  return NULL;
}

GVariant *
fettle_parameter_editor_get_value (FettleParameterEditor *self)
{
  GtkWidget *control;
  GVariant *value;

  g_return_val_if_fail (FETTLE_IS_PARAMETER_EDITOR (self), NULL);

  control = get_control (self);
  switch (self->parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
      value =
          g_variant_new_string (gtk_combo_box_get_active_id (GTK_COMBO_BOX (control)));
      break;
    case FETTLE_PARAMETER_NUMBER:
      return read_number (GTK_ENTRY (control));
    case FETTLE_PARAMETER_TEXT:
      value = g_variant_new_string (gtk_entry_get_text (GTK_ENTRY (control)));
      break;
    case FETTLE_PARAMETER_BOOLEAN:
      value = g_variant_new_boolean (
          gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (control)));
      break;
    case FETTLE_PARAMETER_LIST:
      value = fettle_entry_list_get_value (FETTLE_ENTRY_LIST (control));
      break;
    default:
      g_assert_not_reached ();
    }
  return g_variant_ref_sink (value);
}

static void
show_value (FettleParameterEditor *self, GVariant *value)
{
  GtkWidget *control = get_control (self);

  switch (self->parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
      gtk_combo_box_set_active_id (GTK_COMBO_BOX (control),
                                   g_variant_get_string (value, NULL));
      break;
    case FETTLE_PARAMETER_NUMBER:
      show_number (GTK_ENTRY (control), g_variant_get_double (value));
      gtk_style_context_remove_class (gtk_widget_get_style_context (control),
                                      GTK_STYLE_CLASS_ERROR);
      break;
    case FETTLE_PARAMETER_TEXT:
      gtk_entry_set_text (GTK_ENTRY (control), g_variant_get_string (value, NULL));
      break;
    case FETTLE_PARAMETER_BOOLEAN:
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (control),
                                    g_variant_get_boolean (value));
      break;
    case FETTLE_PARAMETER_LIST:
      fettle_entry_list_set_value (FETTLE_ENTRY_LIST (control), value);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
fettle_parameter_editor_set_value (FettleParameterEditor *self, GVariant *value)
{
  g_autoptr (GVariant) present = NULL;

  g_return_if_fail (FETTLE_IS_PARAMETER_EDITOR (self) && value != NULL);

  self->is_updating = TRUE;
  present = fettle_parameter_editor_get_value (self);
  /* What is there already stays, with the cursor in it. */
  if (present == NULL || !g_variant_equal (present, value))
    show_value (self, value);
  self->is_updating = FALSE;
  g_variant_ref_sink (value);
  g_variant_unref (self->shown);
  self->shown = value;
}

void
fettle_parameter_editor_set_suggestions (FettleParameterEditor *self,
                                         const char *const *suggestions)
{
  g_return_if_fail (FETTLE_IS_PARAMETER_EDITOR (self) && suggestions != NULL);

  if (self->parameter->type == FETTLE_PARAMETER_LIST)
    fettle_entry_list_set_suggestions (FETTLE_ENTRY_LIST (get_control (self)),
                                       suggestions);
  else if (self->parameter->type == FETTLE_PARAMETER_TEXT)
    {
      g_autoptr (GtkEntryCompletion) completion = gtk_entry_completion_new ();
      g_autoptr (GtkListStore) store = gtk_list_store_new (1, G_TYPE_STRING);

      for (; *suggestions != NULL; suggestions++)
        gtk_list_store_insert_with_values (store, NULL, -1, 0, *suggestions, -1);
      gtk_entry_completion_set_model (completion, GTK_TREE_MODEL (store));
      gtk_entry_completion_set_text_column (completion, 0);
      gtk_entry_set_completion (GTK_ENTRY (get_control (self)), completion);
    }
}

/* --- the object --- */

static void
fettle_parameter_editor_finalize (GObject *object)
{
  FettleParameterEditor *self = FETTLE_PARAMETER_EDITOR (object);

  g_variant_unref (self->shown);
  G_OBJECT_CLASS (fettle_parameter_editor_parent_class)->finalize (object);
}

static void
fettle_parameter_editor_class_init (FettleParameterEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_parameter_editor_finalize;
  edited_signal = g_signal_new ("edited", FETTLE_TYPE_PARAMETER_EDITOR, G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);
}

static void
fettle_parameter_editor_init (FettleParameterEditor *self)
{
}

GtkWidget *
fettle_parameter_editor_new (const FettleParameter *parameter)
{
  FettleParameterEditor *self;
  g_autofree char *title = NULL;
  GtkWidget *control;

  g_return_val_if_fail (parameter != NULL, NULL);

  self = g_object_new (FETTLE_TYPE_PARAMETER_EDITOR, NULL);
  self->parameter = parameter;
  self->shown = g_variant_ref_sink (fettle_parameter_get_default (parameter));
  self->is_updating = TRUE;
  control = make_control (self);
  title = fettle_parameter_get_title (parameter);
  gtk_container_add (GTK_CONTAINER (self), control);
  gtk_widget_set_tooltip_text (control, _ (parameter->description));
  atk_object_set_name (gtk_widget_get_accessible (control), title);
  show_value (self, self->shown);
  self->is_updating = FALSE;
  gtk_widget_show_all (GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
