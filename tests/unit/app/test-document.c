/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-document.c: a document's recipe, its history, and what is shown for each state. */
#include "app/document.h"

#include <glib/gstdio.h>

#define DEADLINE_US (60 * G_USEC_PER_SEC)

static const char *sample;

static char *
sample_path (const char *name)
{
  return g_build_filename (sample, name, NULL);
}

/* Runs the main loop until the document has nothing to do. */
static void
settle (FettleDocument *document)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;

  while (fettle_document_is_busy (document))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static FettleDocument *
open_sample (void)
{
  g_autofree char *path = sample_path ("bearing.tflite");
  FettleDocument *document = fettle_document_new ();

  fettle_document_open (document, path);
  settle (document);
  g_assert_nonnull (fettle_document_get_content (document));
  return document;
}

static FettleData *
sample_data (void)
{
  g_autofree char *path = sample_path ("bearing_calib_x.npy");

  return fettle_data_new (path, 1, 0);
}

static FettleDocument *
tune_sample (void)
{
  g_autoptr (FettleData) data = sample_data ();
  FettleDocument *document = open_sample ();

  fettle_document_tune (document, data);
  settle (document);
  g_assert_cmpint (fettle_document_get_content (document)->kind, ==,
                   FETTLE_CONTENT_TUNED);
  return document;
}

static guint
find_layer (FettleDocument *document, const char *name)
{
  FettleGraph *graph = fettle_content_get_graph (fettle_document_get_content (document));

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (g_strcmp0 (fettle_graph_get_operator (graph, i)->name, name) == 0)
      return i;
  g_assert_not_reached ();
}

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
test_undo_is_at_once (void)
{
  g_autoptr (FettleDocument) document = tune_sample ();
  FettleContent *tuned = fettle_document_get_content (document);
  FettleHistory *history = fettle_document_get_history (document);

  g_assert_cmpuint (fettle_history_get_n (history), ==, 2);
  g_assert_nonnull (fettle_document_get_errors (document));
  fettle_document_undo (document);
  g_assert_false (fettle_document_is_busy (document));
  g_assert_true (fettle_document_is_applied (document));
  g_assert_cmpint (fettle_document_get_content (document)->kind, ==,
                   FETTLE_CONTENT_FLOAT);
  g_assert_null (fettle_document_get_errors (document));
  fettle_document_redo (document);
  g_assert_false (fettle_document_is_busy (document));
  g_assert_true (fettle_document_get_content (document) == tuned);
  g_assert_nonnull (fettle_document_get_errors (document));
  fettle_document_redo (document);
  g_assert_true (fettle_document_get_content (document) == tuned);
}

static void
test_layer_types (void)
{
  static const FettleLayerTypes int4 = { "int4", "same" };
  static const FettleLayerTypes same = { "same", "same" };
  g_autoptr (FettleDocument) document = tune_sample ();
  FettleContent *tuned = fettle_document_get_content (document);
  guint layer = find_layer (document, "stem/conv");
  guint64 before = tuned->weight_bytes[layer];
  g_autoptr (GError) error = NULL;

  fettle_document_set_selected (document, (int)layer);
  g_assert_true (fettle_document_set_layer_types (document, layer, &int4, &error));
  g_assert_no_error (error);
  g_assert_false (fettle_document_is_applied (document));
  g_assert_true (fettle_document_get_content (document) == tuned);
  settle (document);
  g_assert_true (fettle_document_is_applied (document));
  g_assert_cmpuint (fettle_document_get_content (document)->weight_bytes[layer], <,
                    before);
  g_assert_cmpint (fettle_document_get_selected (document), ==, (int)layer);
  g_assert_cmpstr (fettle_document_get_layer_types (document, layer).weights, ==, "int4");
  /* Back by an edit, not by undo: the recipe was run before, so its result is there. */
  g_assert_true (fettle_document_set_layer_types (document, layer, &same, &error));
  g_assert_false (fettle_document_is_busy (document));
  g_assert_true (fettle_document_get_content (document) == tuned);
  g_assert_cmpuint (fettle_history_get_n (fettle_document_get_history (document)), ==, 4);
}

static void
test_late_result_is_kept_aside (void)
{
  g_autoptr (FettleDocument) document = tune_sample ();
  FettleContent *tuned = fettle_document_get_content (document);
  static const FettleLayerTypes int16 = { "same", "int16" };
  guint layer = find_layer (document, "stem/conv");
  g_autoptr (GError) error = NULL;

  g_assert_true (fettle_document_set_layer_types (document, layer, &int16, &error));
  g_assert_true (fettle_document_is_busy (document));
  fettle_document_undo (document);
  settle (document);
  g_assert_true (fettle_document_get_content (document) == tuned);
  fettle_document_redo (document);
  g_assert_false (fettle_document_is_busy (document));
  g_assert_true (fettle_document_is_applied (document));
  g_assert_true (fettle_document_get_content (document) != tuned);
}

static void
test_cancelled_edit_stays_to_be_applied (void)
{
  g_autoptr (FettleDocument) document = tune_sample ();
  FettleContent *tuned = fettle_document_get_content (document);
  static const FettleLayerTypes as_float = { "same", "float32" };
  guint layer = find_layer (document, "stem/conv");

  g_assert_true (fettle_document_set_layer_types (document, layer, &as_float, NULL));
  fettle_document_cancel (document);
  g_assert_false (fettle_document_is_busy (document));
  g_assert_false (fettle_document_is_applied (document));
  g_assert_true (fettle_document_get_content (document) == tuned);
  fettle_document_apply (document);
  settle (document);
  g_assert_true (fettle_document_is_applied (document));
}

static void
test_failure_is_told (void)
{
  g_autoptr (FettleDocument) document = open_sample ();
  FettleContent *original = fettle_document_get_content (document);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (
      "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"round\"}]}", NULL);
  g_autofree char *message = NULL;

  g_signal_connect_swapped (document, "failed", G_CALLBACK (set_text), &message);
  fettle_document_edit (document, recipe, NULL, "Round", NULL);
  fettle_document_apply (document);
  settle (document);
  g_assert_nonnull (message);
  g_assert_true (g_str_has_suffix (message, "."));
  g_assert_true (fettle_document_get_content (document) == original);
  g_assert_false (fettle_document_is_applied (document));
}

static void
test_recipe_without_data (void)
{
  g_autoptr (FettleDocument) document = open_sample ();
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse ("{\"fettle-recipe\":1,\"steps\":[{\"step\":\"fold\"},"
                           "{\"step\":\"round\",\"enabled\":false}]}",
                           NULL);
  g_autofree char *message = NULL;

  g_signal_connect_swapped (document, "failed", G_CALLBACK (set_text), &message);
  fettle_document_edit (document, recipe, NULL, "Fold", NULL);
  fettle_document_apply (document);
  settle (document);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_true (fettle_document_is_applied (document));
}

static void
test_opening_begins_anew (void)
{
  g_autoptr (FettleDocument) document = tune_sample ();
  g_autofree char *path = sample_path ("bearing.tflite");

  fettle_document_open (document, path);
  settle (document);
  g_assert_cmpint (fettle_document_get_content (document)->kind, ==,
                   FETTLE_CONTENT_FLOAT);
  g_assert_cmpuint (fettle_history_get_n (fettle_document_get_history (document)), ==, 1);
}

static void
test_project_finds_its_data (void)
{
  g_autoptr (FettleDocument) document = tune_sample ();
  g_autofree char *folder = g_dir_make_tmp ("fettle-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.fettle", NULL);
  g_autofree char *other_path = sample_path ("bearing_eval_x.npy");
  g_autoptr (FettleData) data = sample_data ();
  g_autoptr (FettleData) other = fettle_data_new (other_path, 1, 0);
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe;

  fettle_project_save (fettle_document_get_content (document)->project, path, &error);
  g_assert_no_error (error);
  fettle_document_open (document, path);
  settle (document);
  recipe = fettle_document_get_recipe (document);
  fettle_document_edit (document, recipe, other, "other data", NULL);
  fettle_document_compare (document, other);
  settle (document);
  g_assert_nonnull (fettle_document_get_errors (document));
  g_assert_false (fettle_document_is_applied (document));
  fettle_document_edit (document, recipe, data, "its data", NULL);
  g_assert_false (fettle_document_is_applied (document));
  fettle_document_compare (document, data);
  settle (document);
  g_assert_true (fettle_document_is_applied (document));
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  sample = argv[1];
  g_test_add_func ("/app/document/undo-is-at-once", test_undo_is_at_once);
  g_test_add_func ("/app/document/layer-types", test_layer_types);
  g_test_add_func ("/app/document/late-result-is-kept-aside",
                   test_late_result_is_kept_aside);
  g_test_add_func ("/app/document/cancelled-edit-stays-to-be-applied",
                   test_cancelled_edit_stays_to_be_applied);
  g_test_add_func ("/app/document/failure-is-told", test_failure_is_told);
  g_test_add_func ("/app/document/recipe-without-data", test_recipe_without_data);
  g_test_add_func ("/app/document/project-finds-its-data", test_project_finds_its_data);
  g_test_add_func ("/app/document/opening-begins-anew", test_opening_begins_anew);
  return g_test_run ();
}
