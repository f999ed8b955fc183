/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-project-file.c: projects survive saving byte for byte; damaged ones are refused. */
#define _GNU_SOURCE /* memmem */
#include "tiny-models.h"
#include "model/model-file.h"
#include "model/tflite-reader.h"

#include <glib/gstdio.h>
#include <string.h>

static FettleProject *
make_project (void)
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  FettleProject *project;

  tiny_dense_s8 (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny.tflite", &error);
  g_assert_no_error (error);
  project = fettle_project_new (graph);
  project->source = fettle_graph_copy (graph);
  project->reference = fettle_graph_copy (graph);
  g_free (project->recipe);
  project->recipe = g_strdup ("{\"steps\":[]}");
  project->preprocessing = (FettlePreprocessing){ .scale = 1.0 / 255,
                                                  .offset = -0.5,
                                                  .order = FETTLE_CHANNELS_BGR,
                                                  .n_channels = 3,
                                                  .mean = { 0.5, 0.25, 0.125 },
                                                  .deviation = { 1.0, 2.0, 3.0 },
                                                  .sample_rate = 16000 };
  return project;
}

static void
test_round_trip (void)
{
  g_autoptr (FettleProject) project = make_project ();
  g_autoptr (FettleProject) loaded = NULL;
  g_autoptr (GBytes) first = fettle_project_serialize (project);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GError) error = NULL;
  const FettleOperator *dense;

  g_assert_true (fettle_project_probe (first));
  loaded = fettle_project_parse (first, "tiny.fettle", &error);
  g_assert_no_error (error);
  again = fettle_project_serialize (loaded);
  g_assert_true (g_bytes_equal (first, again));
  g_assert_cmpstr (loaded->recipe, ==, project->recipe);
  g_assert_cmpfloat (loaded->preprocessing.scale, ==, 1.0 / 255);
  g_assert_cmpfloat (loaded->preprocessing.offset, ==, -0.5);
  g_assert_true (
      fettle_preprocessing_equal (&loaded->preprocessing, &project->preprocessing));
  g_assert_nonnull (loaded->source);
  g_assert_nonnull (loaded->reference);
  g_assert_true (fettle_project_get_reference (loaded) == loaded->reference);
  dense = fettle_graph_get_operator (loaded->graph, 0);
  g_assert_cmpstr (dense->name, ==, "dense/Relu");
  g_assert_cmpint (dense->options.activation, ==, FETTLE_ACTIVATION_RELU);
  g_assert_true (g_bytes_equal (fettle_graph_get_tensor (loaded->graph, 1)->data,
                                fettle_graph_get_tensor (project->graph, 1)->data));
}

static void
test_notes (void)
{
  g_autoptr (FettleProject) project = make_project ();
  g_autoptr (FettleProject) copy = NULL;
  g_autoptr (FettleProject) loaded = NULL;
  g_autoptr (GBytes) first = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  const char *said = NULL;

  project->notes =
      g_variant_ref_sink (g_variant_new_parsed ("{'a': <1>, 'b': <'here'>}"));
  copy = fettle_project_copy (project);
  first = fettle_project_serialize (project);
  again = fettle_project_serialize (copy);
  g_assert_true (g_bytes_equal (first, again));
  loaded = fettle_project_parse (first, "tiny.fettle", &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (loaded->notes, "b", "&s", &said));
  g_assert_cmpstr (said, ==, "here");
}

/* What is behind the notes' place in version 4 is not there: an offset less at the end, too. */
static void
test_version_3 (void)
{
  g_autoptr (FettleProject) project = make_project ();
  g_autoptr (GBytes) bytes = fettle_project_serialize (project);
  g_autoptr (GVariant) now = NULL, before = NULL;
  g_autoptr (GBytes) body =
      g_bytes_new_from_bytes (bytes, 8, g_bytes_get_size (bytes) - 8);
  g_autoptr (GBytes) old = NULL;
  g_autoptr (FettleProject) loaded = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *members[7];
  g_autofree guint8 *data = NULL;

  now = g_variant_ref_sink (
      g_variant_new_from_bytes (fettle_project_get_variant_type (), body, FALSE));
  g_assert_cmpuint (g_variant_n_children (now), ==, 8);
  for (guint i = 0; i < 7; i++)
    members[i] = g_variant_get_child_value (now, i);
  before = g_variant_ref_sink (g_variant_new_tuple (members, 7));
  for (guint i = 0; i < 7; i++)
    g_variant_unref (members[i]);
  data = g_malloc (8 + g_variant_get_size (before));
  memcpy (data, "FETTLE\n\3", 8);
  g_variant_store (before, data + 8);
  old = g_bytes_new (data, 8 + g_variant_get_size (before));
  loaded = fettle_project_parse (old, "old.fettle", &error);
  g_assert_no_error (error);
  g_assert_null (loaded->notes);
  g_assert_cmpstr (loaded->recipe, ==, project->recipe);
}

static void
assert_refused (gconstpointer data, gsize size, const char *words)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_project_parse (bytes, "bad.fettle", &error));
  g_assert_nonnull (error);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
test_damage (void)
{
  g_autoptr (FettleProject) project = make_project ();
  g_autoptr (GBytes) bytes = fettle_project_serialize (project);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize cut = 8; cut < size; cut += 64)
    assert_refused (data, cut, "bad.fettle: ");
  assert_refused (data, 4, "not a Fettle project");
  copy[7] = 9;
  assert_refused (copy, size, "format 9, this one reads");
  copy[7] = data[7];
  /* The opcode's name; same length, so that the file stays well formed. */
  memcpy ((char *)memmem (copy, size, "FULLY_CONNECTED", 15), "FULLY_DISCONNEC", 15);
  assert_refused (copy, size, "FULLY_DISCONNEC, which this version does not know");
}

static void
test_save (void)
{
  g_autoptr (FettleProject) project = make_project ();
  g_autoptr (FettleProject) loaded = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("fettle-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "tiny.fettle", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "tiny.fettle", NULL);

  g_assert_no_error (error);
  g_assert_true (fettle_project_save (project, path, &error));
  loaded = fettle_model_file_load (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  g_assert_false (fettle_project_save (project, nowhere, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "neither", -1, NULL));
  g_assert_null (fettle_model_file_load (path, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/project-file/notes", test_notes);
  g_test_add_func ("/model/project-file/version-3", test_version_3);
  g_test_add_func ("/project-file/round-trip", test_round_trip);
  g_test_add_func ("/project-file/damage", test_damage);
  g_test_add_func ("/project-file/save", test_save);
  return g_test_run ();
}
