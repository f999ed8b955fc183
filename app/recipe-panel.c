/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-panel.c: edits a document's recipe: types, calibration data, steps. */
#include "config.h"

#include "app/recipe-panel.h"

#include "app/data-editor.h"
#include "app/file-choosing.h"
#include "app/step-list.h"
#include "tuner/recipe-builtin.h"
#include "tuner/recipe-goal.h"

#include <glib/gi18n.h>

struct _FettleRecipePanel
{
  GtkBox parent_instance;

  FettleDocument *document;
  gboolean is_updating; /* changes of the controls are not the user's */

  GtkLabel *caption;
  GtkMenuButton *menu_button;
  GtkComboBox *weights;
  GtkComboBox *granularity;
  GtkComboBox *activations;
  FettleDataEditor *data_editor;
  FettleStepList *step_list;
  GtkLabel *status;
  GtkWidget *compare_button;
  GtkWidget *tune_button;
};

G_DEFINE_FINAL_TYPE (FettleRecipePanel, fettle_recipe_panel, GTK_TYPE_BOX)

static guint failed_signal;

static const FettleData *
get_data (FettleRecipePanel *self)
{
  FettleEditState *state = fettle_document_get_state (self->document);

  return state != NULL ? state->data : NULL;
}

static void
fail (FettleRecipePanel *self, const char *message)
{
  g_signal_emit (self, failed_signal, 0, message);
}

static void
edit (FettleRecipePanel *self, FettleRecipe *recipe, const char *label)
{
  fettle_document_edit (self->document, recipe, get_data (self), label, NULL);
}

/* --- showing --- */

/* NULL: none of them. */
static void
show_choice (GtkComboBox *combo, const char *id)
{
  if (id != NULL)
    gtk_combo_box_set_active_id (combo, id);
  else
    gtk_combo_box_set_active (combo, -1);
}

static void
show_goal (FettleRecipePanel *self, FettleRecipe *recipe)
{
  FettleRecipeGoal goal;
  gboolean has_goal = fettle_recipe_get_goal (recipe, &goal);

  show_choice (self->weights, has_goal ? fettle_type_get_name (goal.weights) : NULL);
  show_choice (self->granularity, !has_goal            ? NULL
                                  : goal.is_per_tensor ? "per-tensor"
                                                       : "per-channel");
  show_choice (self->activations,
               has_goal ? fettle_type_get_name (goal.activations) : NULL);
}

static const char *
describe_status (FettleRecipePanel *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleEditState *state = fettle_document_get_state (self->document);

  if (fettle_document_is_busy (self->document))
    return _ ("At work…");
  if (state->recipe == NULL)
    return _ ("These steps are proposed; nothing was tuned yet.");
  if (!fettle_document_is_applied (self->document))
    return _ ("Changed since the model that is shown was made.");
  if (content->kind == FETTLE_CONTENT_TUNED)
    return _ ("The model that is shown was made so.");
  return "";
}

static void
show_status (FettleRecipePanel *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  gboolean is_busy = fettle_document_is_busy (self->document);

  if (content == NULL)
    return;
  gtk_label_set_text (self->status, describe_status (self));
  gtk_widget_set_sensitive (self->tune_button, !is_busy);
  gtk_widget_set_sensitive (self->compare_button, !is_busy && get_data (self) != NULL);
  gtk_widget_set_visible (self->compare_button, content->kind == FETTLE_CONTENT_TUNED);
}

static void
show_recipe (FettleRecipePanel *self)
{
  FettleRecipe *recipe = fettle_document_get_recipe (self->document);
  g_autofree char *caption = NULL;

  if (recipe == NULL || fettle_document_get_state (self->document) == NULL)
    return;
  caption = fettle_recipe_summarize (recipe);
  self->is_updating = TRUE;
  gtk_label_set_text (self->caption, caption);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->caption), caption);
  show_goal (self, recipe);
  fettle_data_editor_set_data (self->data_editor, get_data (self));
  fettle_step_list_set_recipe (self->step_list, recipe);
  self->is_updating = FALSE;
  show_status (self);
}

static void
show_layers (FettleRecipePanel *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleGraph *graph = content->project->source != NULL
                           ? content->project->source
                           : fettle_content_get_graph (content);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    g_ptr_array_add (names, fettle_graph_get_operator (graph, i)->name);
  g_ptr_array_add (names, NULL);
  fettle_step_list_set_layers (self->step_list, (const char *const *)names->pdata);
}

/* --- what the user does --- */

/* TRUE if the user chose ID. */
static gboolean
is_chosen (GtkComboBox *combo, const char *id)
{
  return g_strcmp0 (gtk_combo_box_get_active_id (combo), id) == 0;
}

static void
goal_changed (FettleRecipePanel *self)
{
  const FettleRecipeGoal goal = {
    .weights = is_chosen (self->weights, "int4") ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8,
    .is_per_tensor = is_chosen (self->granularity, "per-tensor"),
    .activations =
        is_chosen (self->activations, "int16") ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8,
  };
  g_autoptr (FettleRecipe) recipe = NULL;
  g_autofree char *label = NULL;

  if (self->is_updating)
    return;
  recipe = fettle_recipe_set_goal (fettle_document_get_recipe (self->document), &goal);
  label = g_strdup_printf (_ ("Choose %s weights, %s activations"),
                           fettle_type_get_name (goal.weights),
                           fettle_type_get_name (goal.activations));
  edit (self, recipe, label);
}

static void
data_edited (FettleRecipePanel *self, const FettleData *data)
{
  FettleEditState *state = fettle_document_get_state (self->document);

  fettle_document_edit (self->document, state->recipe, data,
                        _ ("Choose calibration data"), "data");
}

static void
recipe_edited (FettleRecipePanel *self, FettleRecipe *recipe, const char *label,
               const char *subject)
{
  fettle_document_edit (self->document, recipe, get_data (self), label, subject);
}

/* Else the wheel, meant to scroll the panel, changes whatever it comes over. */
static gboolean
ignore_wheel (GtkWidget *control)
{
  g_signal_stop_emission_by_name (control, "scroll-event");
  return GDK_EVENT_PROPAGATE;
}

static void
tune_clicked (FettleRecipePanel *self)
{
  fettle_document_apply (self->document);
}

static void
compare_clicked (FettleRecipePanel *self)
{
  fettle_document_compare (self->document, get_data (self));
}

static void
use_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleRecipePanel *self = data;
  const char *name = g_variant_get_string (parameter, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe = fettle_recipe_open (name, &error);
  g_autofree char *label = g_strdup_printf (_ ("Use recipe %s"), name);

  if (recipe != NULL)
    edit (self, recipe, label);
  else
    fail (self, error->message);
}

static GtkWindow *
get_window (FettleRecipePanel *self)
{
  return GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (self)));
}

static void
load_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleRecipePanel *self = data;
  g_autofree char *path = fettle_choose_recipe (get_window (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe = NULL;
  g_autofree char *name = NULL, *label = NULL;

  if (path == NULL)
    return;
  recipe = fettle_recipe_load (path, &error);
  if (recipe == NULL)
    {
      fail (self, error->message);
      return;
    }
  name = g_filename_display_basename (path);
  label = g_strdup_printf (_ ("Use recipe %s"), name);
  edit (self, recipe, label);
}

static void
save_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleRecipePanel *self = data;
  g_autofree char *path = fettle_choose_save_path (
      get_window (self), _ ("Save Recipe"),
      fettle_document_get_content (self->document)->path, ".recipe.json");
  g_autoptr (GError) error = NULL;

  if (path != NULL
      && !g_file_set_contents (
          path, fettle_recipe_to_json (fettle_document_get_recipe (self->document)), -1,
          &error))
    fail (self, error->message);
}

static const GActionEntry actions[] = {
  { .name = "use", .activate = use_activated, .parameter_type = "s" },
  { .name = "load", .activate = load_activated },
  { .name = "save", .activate = save_activated },
};

/* --- the object --- */

void
fettle_recipe_panel_focus (FettleRecipePanel *self)
{
  g_return_if_fail (FETTLE_IS_RECIPE_PANEL (self));

  if (get_data (self) == NULL)
    fettle_data_editor_focus (self->data_editor);
  else
    gtk_widget_grab_focus (self->tune_button);
}

void
fettle_recipe_panel_set_document (FettleRecipePanel *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_RECIPE_PANEL (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_layers), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "recipe-changed", G_CALLBACK (show_recipe), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "activity-changed", G_CALLBACK (show_status), self,
                           G_CONNECT_SWAPPED);
}

static void
fettle_recipe_panel_dispose (GObject *object)
{
  FettleRecipePanel *self = FETTLE_RECIPE_PANEL (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_recipe_panel_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, caption);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, weights);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, granularity);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, activations);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, data_editor);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, step_list);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, status);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, compare_button);
  gtk_widget_class_bind_template_child (widget_class, FettleRecipePanel, tune_button);
  gtk_widget_class_bind_template_callback (widget_class, ignore_wheel);
  gtk_widget_class_bind_template_callback (widget_class, tune_clicked);
  gtk_widget_class_bind_template_callback (widget_class, goal_changed);
  gtk_widget_class_bind_template_callback (widget_class, data_edited);
  gtk_widget_class_bind_template_callback (widget_class, recipe_edited);
  gtk_widget_class_bind_template_callback (widget_class, fail);
  gtk_widget_class_bind_template_callback (widget_class, compare_clicked);
}

static void
fettle_recipe_panel_class_init (FettleRecipePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_recipe_panel_dispose;
  failed_signal = g_signal_new ("failed", FETTLE_TYPE_RECIPE_PANEL, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (FETTLE_TYPE_DATA_EDITOR);
  g_type_ensure (FETTLE_TYPE_STEP_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/recipe-panel.ui");
  bind_children (widget_class);
}

static void
add_menu (FettleRecipePanel *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) builtins = g_menu_new ();
  g_autoptr (GMenu) files = g_menu_new ();
  guint n_recipes;
  const FettleBuiltinRecipe *recipes = fettle_recipe_builtins (&n_recipes);

  for (guint i = 0; i < n_recipes; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (recipes[i].name, NULL);

      g_menu_item_set_action_and_target (item, "recipe.use", "s", recipes[i].name);
      g_menu_append_item (builtins, item);
    }
  g_menu_append_section (menu, _ ("Built-in recipes"), G_MENU_MODEL (builtins));
  g_menu_append (files, _ ("Open Recipe…"), "recipe.load");
  g_menu_append (files, _ ("Save Recipe…"), "recipe.save");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

static void
fettle_recipe_panel_init (FettleRecipePanel *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "recipe", G_ACTION_GROUP (group));
  atk_object_set_role (gtk_widget_get_accessible (GTK_WIDGET (self)), ATK_ROLE_PANEL);
  add_menu (self);
}
