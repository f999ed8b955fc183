/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-list.c: the steps of a recipe, to edit. */
#include "config.h"

#include "app/step-list.h"

#include "app/step-row.h"
#include "tuner/recipe-edit.h"
#include "tuner/recipe-goal.h"

#include <glib/gi18n.h>

struct _FettleStepList
{
  GtkBox parent_instance;

  FettleRecipe *recipe;
  GPtrArray *rows; /* FettleStepRow per step */
  GtkContainer *row_box;
  GtkMenuButton *add_button;
  char **layers;
  gboolean is_updating; /* rows that go away tell what was written in them; too late */
};

G_DEFINE_FINAL_TYPE (FettleStepList, fettle_step_list, GTK_TYPE_BOX)

enum
{
  EDITED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- edits --- */

/* Takes RECIPE over. */
static void
tell (FettleStepList *self, FettleRecipe *recipe, const char *label, const char *subject)
{
  g_autoptr (FettleRecipe) owned = recipe;

  if (!self->is_updating)
    g_signal_emit (self, signals[EDITED], 0, recipe, label, subject);
}

/* Takes RECIPE over; NULL: it is refused, and the controls go back to what is. */
static void
tell_or_fail (FettleStepList *self, FettleRecipe *recipe, const char *label,
              const char *subject, const GError *error)
{
  if (recipe != NULL)
    tell (self, recipe, label, subject);
  else
    {
      fettle_step_list_set_recipe (self, self->recipe);
      g_signal_emit (self, signals[FAILED], 0, error->message);
    }
}

static guint
find_row (FettleStepList *self, FettleStepRow *row)
{
  guint index = 0;

  g_ptr_array_find (self->rows, row, &index);
  return index;
}

static void
row_switched (FettleStepRow *row, gboolean is_enabled, FettleStepList *self)
{
  const char *name = fettle_step_row_get_kind (row)->name;
  g_autofree char *label = is_enabled ? g_strdup_printf (_ ("Switch %s on"), name)
                                      : g_strdup_printf (_ ("Switch %s off"), name);

  tell (self, fettle_recipe_enable_step (self->recipe, find_row (self, row), is_enabled),
        label, NULL);
}

static void
row_moved (FettleStepRow *row, int places, FettleStepList *self)
{
  const char *name = fettle_step_row_get_kind (row)->name;
  g_autofree char *label = places < 0 ? g_strdup_printf (_ ("Move %s up"), name)
                                      : g_strdup_printf (_ ("Move %s down"), name);
  guint from = find_row (self, row);
  int to = (int)from + places;

  if (to >= 0 && to < (int)self->rows->len)
    tell (self, fettle_recipe_move_step (self->recipe, from, (guint)to), label, NULL);
}

static void
row_removed (FettleStepRow *row, FettleStepList *self)
{
  g_autofree char *label =
      g_strdup_printf (_ ("Remove %s"), fettle_step_row_get_kind (row)->name);

  tell (self, fettle_recipe_remove_step (self->recipe, find_row (self, row)), label,
        NULL);
}

static void
row_edited (FettleStepRow *row, const char *name, GVariant *value, FettleStepList *self)
{
  guint index = find_row (self, row);
  g_autofree char *label =
      g_strdup_printf (_ ("Set %s of %s"), name, fettle_step_row_get_kind (row)->name);
  g_autofree char *subject = g_strdup_printf ("%u/%s", index, name);
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe;

  if (self->is_updating)
    return;
  recipe = fettle_recipe_set_parameter (self->recipe, index, name, value, &error);
  tell_or_fail (self, recipe, label, subject, error);
}

static void
add_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleStepList *self = data;
  const char *name = g_variant_get_string (parameter, NULL);
  const FettleStepKind *kind = fettle_step_kind_lookup (name);
  g_autofree char *label = g_strdup_printf (_ ("Add %s"), name);
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe;

  if (kind == NULL || self->recipe == NULL)
    return;
  recipe = fettle_recipe_insert_step (
      self->recipe, fettle_recipe_get_n_steps (self->recipe), kind, &error);
  tell_or_fail (self, recipe, label, NULL, error);
}

/* --- showing --- */

static void
add_row (FettleStepList *self, const FettleStepKind *kind)
{
  GtkWidget *row = fettle_step_row_new (kind, (const char *const *)self->layers);

  g_signal_connect (row, "switched", G_CALLBACK (row_switched), self);
  g_signal_connect (row, "moved", G_CALLBACK (row_moved), self);
  g_signal_connect (row, "removed", G_CALLBACK (row_removed), self);
  g_signal_connect (row, "parameter-edited", G_CALLBACK (row_edited), self);
  gtk_container_add (self->row_box, row);
  g_ptr_array_add (self->rows, row);
}

/* TRUE if the rows are for the kinds of RECIPE's steps; then they keep focus and what is unfolded. */
static gboolean
rows_fit (FettleStepList *self, FettleRecipe *recipe)
{
  if (self->rows->len != fettle_recipe_get_n_steps (recipe))
    return FALSE;
  for (guint i = 0; i < self->rows->len; i++)
    if (fettle_step_row_get_kind (self->rows->pdata[i])
        != fettle_recipe_get_step (recipe, i)->kind)
      return FALSE;
  return TRUE;
}

static void
remove_rows (FettleStepList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_container_remove (self->row_box, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

void
fettle_step_list_set_recipe (FettleStepList *self, FettleRecipe *recipe)
{
  guint n;

  g_return_if_fail (FETTLE_IS_STEP_LIST (self) && FETTLE_IS_RECIPE (recipe));

  self->is_updating = TRUE;
  g_set_object (&self->recipe, recipe);
  n = fettle_recipe_get_n_steps (recipe);
  if (!rows_fit (self, recipe))
    {
      remove_rows (self);
      for (guint i = 0; i < n; i++)
        add_row (self, fettle_recipe_get_step (recipe, i)->kind);
    }
  for (guint i = 0; i < n; i++)
    {
      fettle_step_row_set_step (self->rows->pdata[i], fettle_recipe_get_step (recipe, i),
                                fettle_recipe_explain_step (recipe, i));
      fettle_step_row_set_ends (self->rows->pdata[i], i == 0, i + 1 == n);
    }
  self->is_updating = FALSE;
}

void
fettle_step_list_set_layers (FettleStepList *self, const char *const *layers)
{
  g_return_if_fail (FETTLE_IS_STEP_LIST (self) && layers != NULL);

  if (self->layers != NULL
      && g_strv_equal ((const char *const *)self->layers, (const char *const *)layers))
    return;
  g_strfreev (self->layers);
  self->layers = g_strdupv ((char **)layers);
  for (guint i = 0; i < self->rows->len; i++)
    fettle_step_row_set_layers (self->rows->pdata[i], layers);
}

/* --- the object --- */

static void
fettle_step_list_finalize (GObject *object)
{
  FettleStepList *self = FETTLE_STEP_LIST (object);

  g_clear_object (&self->recipe);
  g_ptr_array_unref (self->rows);
  g_strfreev (self->layers);
  G_OBJECT_CLASS (fettle_step_list_parent_class)->finalize (object);
}

static void
fettle_step_list_class_init (FettleStepListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_step_list_finalize;
  signals[EDITED] = g_signal_new ("edited", FETTLE_TYPE_STEP_LIST, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 3, FETTLE_TYPE_RECIPE,
                                  G_TYPE_STRING, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", FETTLE_TYPE_STEP_LIST, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GMenu *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  guint n_kinds;
  const FettleStepKind *const *kinds = fettle_step_kinds (&n_kinds);

  for (guint i = 0; i < n_kinds; i++)
    {
      g_autofree char *label =
          g_strdup_printf ("%s – %s", kinds[i]->name, _ (kinds[i]->description));
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "steps.add", "s", kinds[i]->name);
      g_menu_append_item (menu, item);
    }
  return menu;
}

static void
fettle_step_list_init (FettleStepList *self)
{
  static const GActionEntry entry = { .name = "add",
                                      .activate = add_activated,
                                      .parameter_type = "s" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GMenu) menu = make_menu ();

  self->rows = g_ptr_array_new ();
  self->row_box = GTK_CONTAINER (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->add_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  g_action_map_add_action_entries (G_ACTION_MAP (group), &entry, 1, self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "steps", G_ACTION_GROUP (group));
  gtk_button_set_label (GTK_BUTTON (self->add_button), _ ("_Add Step"));
  gtk_button_set_use_underline (GTK_BUTTON (self->add_button), TRUE);
  gtk_menu_button_set_menu_model (self->add_button, G_MENU_MODEL (menu));
  gtk_widget_set_halign (GTK_WIDGET (self->add_button), GTK_ALIGN_START);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_container_add (GTK_CONTAINER (self), GTK_WIDGET (self->row_box));
  gtk_container_add (GTK_CONTAINER (self), GTK_WIDGET (self->add_button));
  gtk_widget_show_all (GTK_WIDGET (self));
}
