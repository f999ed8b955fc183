/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-row.c: one step of a recipe, to switch, move, remove and set. */
#include "config.h"

#include "app/step-row.h"

#include "app/parameter-editor.h"

#include <glib/gi18n.h>

struct _FettleStepRow
{
  GtkBox parent_instance;

  const FettleStepKind *kind;
  GPtrArray *editors; /* FettleParameterEditor per parameter */
  GtkToggleButton *check;
  GtkLabel *title;
  GtkLabel *summary;
  GtkLabel *reason;
  GtkToggleButton *details_button;
  GtkContainer *details;
  GtkWidget *up_button;
  GtkWidget *down_button;
  GtkWidget *remove_button;
  gboolean is_updating; /* changes of the check are not the user's */
};

G_DEFINE_FINAL_TYPE (FettleStepRow, fettle_step_row, GTK_TYPE_BOX)

enum
{
  SWITCHED,
  MOVED,
  REMOVED,
  PARAMETER_EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
check_toggled (FettleStepRow *self)
{
  if (!self->is_updating)
    g_signal_emit (self, signals[SWITCHED], 0,
                   gtk_toggle_button_get_active (self->check));
}

static void
up_clicked (FettleStepRow *self)
{
  g_signal_emit (self, signals[MOVED], 0, -1);
}

static void
down_clicked (FettleStepRow *self)
{
  g_signal_emit (self, signals[MOVED], 0, 1);
}

static void
remove_clicked (FettleStepRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static void
parameter_edited (FettleParameterEditor *editor, GVariant *value, FettleStepRow *self)
{
  guint index;

  if (g_ptr_array_find (self->editors, editor, &index))
    g_signal_emit (self, signals[PARAMETER_EDITED], 0, self->kind->parameters[index].name,
                   value);
}

/* A list needs the width that a label beside it would take. */
static void
add_parameter (FettleStepRow *self, GtkGrid *grid, guint index, const char *const *layers)
{
  const FettleParameter *parameter = &self->kind->parameters[index];
  GtkWidget *editor = fettle_parameter_editor_new (parameter);
  g_autofree char *title = fettle_parameter_get_title (parameter);
  GtkWidget *label = gtk_label_new (title);
  gboolean is_list = parameter->type == FETTLE_PARAMETER_LIST;

  gtk_label_set_xalign (GTK_LABEL (label), is_list ? 0 : 1);
  gtk_style_context_add_class (gtk_widget_get_style_context (label),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_set_tooltip_text (label, _ (parameter->description));
  gtk_widget_set_hexpand (editor, TRUE);
  gtk_grid_attach (grid, editor, is_list ? 0 : 1, 2 * (int)index + (is_list ? 1 : 0),
                   is_list ? 2 : 1, 1);
  gtk_grid_attach (grid, label, 0, 2 * (int)index, is_list ? 2 : 1, 1);
  if (layers != NULL)
    fettle_parameter_editor_set_suggestions (FETTLE_PARAMETER_EDITOR (editor), layers);
  g_signal_connect (editor, "edited", G_CALLBACK (parameter_edited), self);
  self->editors->pdata[index] = editor;
}

static void
add_parameters (FettleStepRow *self, const char *const *layers)
{
  GtkWidget *grid = gtk_grid_new ();

  g_object_set (grid, "row-spacing", 6, "column-spacing", 9, NULL);
  g_ptr_array_set_size (self->editors, (int)self->kind->n_parameters);
  /* A grid tells screen readers of its children in the reverse order. */
  for (guint i = self->kind->n_parameters; i > 0; i--)
    add_parameter (self, GTK_GRID (grid), i - 1, layers);
  gtk_container_add (self->details, grid);
  gtk_widget_show_all (grid);
}

/* What is not as usual: "method percentile · outliers 50"; else what the step is for. */
static char *
summarize (const FettleStep *step)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < step->kind->n_parameters; i++)
    {
      const FettleParameter *parameter = &step->kind->parameters[i];
      g_autoptr (GVariant) value =
          g_variant_lookup_value (step->parameters, parameter->name, NULL);
      g_autoptr (GVariant) usual =
          g_variant_ref_sink (fettle_parameter_get_default (parameter));

      if (g_variant_equal (value, usual))
        continue;
      g_string_append_printf (text, "%s%s ", text->len > 0 ? " · " : "", parameter->name);
      if (parameter->type == FETTLE_PARAMETER_CHOICE
          || parameter->type == FETTLE_PARAMETER_TEXT)
        g_string_append (text, g_variant_get_string (value, NULL));
      else if (parameter->type == FETTLE_PARAMETER_NUMBER)
        g_string_append_printf (text, "%g", g_variant_get_double (value));
      else if (parameter->type == FETTLE_PARAMETER_BOOLEAN)
        g_string_append (text, g_variant_get_boolean (value) ? _ ("yes") : _ ("no"));
      else
        g_string_append_printf (text, "%u", (guint)g_variant_n_children (value));
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE)
                       : g_strdup (_ (step->kind->description));
}

void
fettle_step_row_set_step (FettleStepRow *self, const FettleStep *step, const char *reason)
{
  g_autofree char *summary = NULL;

  g_return_if_fail (FETTLE_IS_STEP_ROW (self));
  g_return_if_fail (step != NULL && step->kind == self->kind);

  self->is_updating = TRUE;
  gtk_toggle_button_set_active (self->check, step->is_enabled);
  self->is_updating = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->title), step->is_enabled);
  summary = summarize (step);
  gtk_label_set_text (self->summary, summary);
  gtk_label_set_text (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
  for (guint i = 0; i < self->editors->len; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_lookup_value (step->parameters, self->kind->parameters[i].name, NULL);

      fettle_parameter_editor_set_value (self->editors->pdata[i], value);
    }
}

const FettleStepKind *
fettle_step_row_get_kind (FettleStepRow *self)
{
  g_return_val_if_fail (FETTLE_IS_STEP_ROW (self), NULL);
  return self->kind;
}

void
fettle_step_row_set_layers (FettleStepRow *self, const char *const *layers)
{
  g_return_if_fail (FETTLE_IS_STEP_ROW (self) && layers != NULL);

  for (guint i = 0; i < self->editors->len; i++)
    fettle_parameter_editor_set_suggestions (self->editors->pdata[i], layers);
}

void
fettle_step_row_set_ends (FettleStepRow *self, gboolean is_first, gboolean is_last)
{
  g_return_if_fail (FETTLE_IS_STEP_ROW (self));

  gtk_widget_set_sensitive (self->up_button, !is_first);
  gtk_widget_set_sensitive (self->down_button, !is_last);
}

static void
fettle_step_row_finalize (GObject *object)
{
  FettleStepRow *self = FETTLE_STEP_ROW (object);

  g_ptr_array_unref (self->editors);
  G_OBJECT_CLASS (fettle_step_row_parent_class)->finalize (object);
}

static void
add_signals (void)
{
  signals[SWITCHED] = g_signal_new ("switched", FETTLE_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[MOVED] = g_signal_new ("moved", FETTLE_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[REMOVED] = g_signal_new ("removed", FETTLE_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PARAMETER_EDITED] =
      g_signal_new ("parameter-edited", FETTLE_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
}

static void
fettle_step_row_class_init (FettleStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_step_row_finalize;
  add_signals ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, check);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, title);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, summary);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, reason);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, details_button);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, details);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, up_button);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, down_button);
  gtk_widget_class_bind_template_child (widget_class, FettleStepRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, check_toggled);
  gtk_widget_class_bind_template_callback (widget_class, up_clicked);
  gtk_widget_class_bind_template_callback (widget_class, down_clicked);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked);
}

static void
fettle_step_row_init (FettleStepRow *self)
{
  self->editors = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Takes NAME over. */
static void
take_name (gpointer control, char *name)
{
  atk_object_set_name (gtk_widget_get_accessible (control), name);
  g_free (name);
}

/* Buttons that look alike in each row are told apart by their names. */
static void
name_controls (FettleStepRow *self)
{
  const char *step = self->kind->name;

  /* Translators: %s is the name of a recipe's step. */
  take_name (self->check, g_strdup_printf (_ ("Run %s"), step));
  take_name (self->details_button, g_strdup_printf (_ ("Parameters of %s"), step));
  take_name (self->up_button, g_strdup_printf (_ ("Move %s up"), step));
  take_name (self->down_button, g_strdup_printf (_ ("Move %s down"), step));
  take_name (self->remove_button, g_strdup_printf (_ ("Remove %s"), step));
}

GtkWidget *
fettle_step_row_new (const FettleStepKind *kind, const char *const *layers)
{
  FettleStepRow *self;

  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (FETTLE_TYPE_STEP_ROW, NULL);
  self->kind = kind;
  gtk_label_set_text (self->title, kind->name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ (kind->description));
  name_controls (self);
  add_parameters (self, layers);
  return GTK_WIDGET (self);
}
