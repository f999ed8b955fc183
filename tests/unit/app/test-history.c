/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-history.c: going back and forth in the states of a recipe. */
#include "app/history.h"
#include "tuner/recipe-edit.h"

static FettleEditState *
make_state (const char *types)
{
  static const FettleLayerTypes int4 = { "int4", "same" };
  g_autoptr (FettleRecipe) usual = fettle_recipe_new_default ();
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_set_layer_types (usual, types, &int4, NULL);

  g_assert_nonnull (recipe);
  return fettle_edit_state_new (recipe, NULL);
}

static void
add (FettleHistory *history, const char *name, const char *subject)
{
  g_autoptr (FettleEditState) state = make_state (name);

  fettle_history_add (history, state, name, subject);
}

static FettleHistory *
make_history (void)
{
  FettleHistory *history = fettle_history_new ();
  g_autoptr (FettleEditState) first = fettle_edit_state_new (NULL, NULL);

  g_assert_false (fettle_history_can_undo (history));
  fettle_history_reset (history, first, "open");
  return history;
}

static void
assert_labels (FettleHistory *history, guint current, const char *wanted)
{
  g_autoptr (GString) labels = g_string_new (NULL);

  for (guint i = 0; i < fettle_history_get_n (history); i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? " " : "",
                            fettle_history_get (history, i)->label);
  g_assert_cmpstr (labels->str, ==, wanted);
  g_assert_cmpuint (fettle_history_get_current (history), ==, current);
}

static void
count (guint *n)
{
  (*n)++;
}

static void
test_back_and_forth (void)
{
  g_autoptr (FettleHistory) history = make_history ();
  guint n_changes = 0;

  g_signal_connect_swapped (history, "changed", G_CALLBACK (count), &n_changes);
  assert_labels (history, 0, "open");
  add (history, "a", NULL);
  add (history, "b", NULL);
  assert_labels (history, 2, "open a b");
  g_assert_false (fettle_history_can_redo (history));
  fettle_history_go (history, 0);
  g_assert_true (fettle_history_can_redo (history));
  g_assert_false (fettle_history_can_undo (history));
  assert_labels (history, 0, "open a b");
  fettle_history_go (history, 1);
  g_assert_cmpuint (n_changes, ==, 4);
  fettle_history_go (history, 1);
  g_assert_cmpuint (n_changes, ==, 4);
}

static void
test_edit_drops_what_was_undone (void)
{
  g_autoptr (FettleHistory) history = make_history ();

  add (history, "a", NULL);
  add (history, "b", NULL);
  fettle_history_go (history, 1);
  add (history, "c", NULL);
  assert_labels (history, 2, "open a c");
}

static void
test_same_state_is_no_edit (void)
{
  g_autoptr (FettleHistory) history = make_history ();

  add (history, "a", NULL);
  add (history, "a", NULL);
  assert_labels (history, 1, "open a");
}

static void
test_subject_joins_edits (void)
{
  g_autoptr (FettleHistory) history = make_history ();

  add (history, "a", "number");
  add (history, "b", "number");
  assert_labels (history, 1, "open b");
  add (history, "c", "other");
  add (history, "d", NULL);
  add (history, "e", NULL);
  assert_labels (history, 4, "open b c d e");
  /* Having gone back and come again, the next edit stands for itself. */
  add (history, "f", "number");
  fettle_history_go (history, 4);
  fettle_history_go (history, 5);
  add (history, "g", "number");
  assert_labels (history, 6, "open b c d e f g");
}

static void
test_identity (void)
{
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();
  g_autoptr (FettleData) data = fettle_data_new ("/nonexistent/x.npy", 1, 0);
  g_autoptr (FettleEditState) bare = fettle_edit_state_new (NULL, data);
  g_autoptr (FettleEditState) first = fettle_edit_state_new (recipe, data);
  g_autoptr (FettleEditState) same = fettle_edit_state_new (recipe, data);
  g_autoptr (FettleEditState) other = NULL;
  g_autofree char *first_key = fettle_edit_state_identify (first);
  g_autofree char *same_key = fettle_edit_state_identify (same);
  g_autofree char *bare_key = fettle_edit_state_identify (bare);
  g_autofree char *other_key = NULL;

  data->preprocessing.offset = 0.5;
  other = fettle_edit_state_new (recipe, data);
  other_key = fettle_edit_state_identify (other);
  g_assert_cmpstr (first_key, ==, same_key);
  g_assert_cmpstr (first_key, !=, other_key);
  g_assert_cmpstr (bare_key, ==, "");
  g_assert_true (fettle_edit_state_equal (first, same));
  g_assert_false (fettle_edit_state_equal (first, other));
  g_assert_false (fettle_edit_state_equal (first, bare));
}

static void
test_length_is_bounded (void)
{
  g_autoptr (FettleHistory) history = make_history ();

  for (guint i = 0; i < 1100; i++)
    {
      g_autofree char *name = g_strdup_printf ("edit %u", i);

      add (history, name, NULL);
    }
  g_assert_cmpuint (fettle_history_get_n (history), ==, 1000);
  g_assert_cmpuint (fettle_history_get_current (history), ==, 999);
  g_assert_cmpstr (fettle_history_get (history, 999)->label, ==, "edit 1099");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/history/back-and-forth", test_back_and_forth);
  g_test_add_func ("/app/history/edit-drops-what-was-undone",
                   test_edit_drops_what_was_undone);
  g_test_add_func ("/app/history/same-state-is-no-edit", test_same_state_is_no_edit);
  g_test_add_func ("/app/history/subject-joins-edits", test_subject_joins_edits);
  g_test_add_func ("/app/history/identity", test_identity);
  g_test_add_func ("/app/history/length-is-bounded", test_length_is_bounded);
  return g_test_run ();
}
