/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-project-notes.c: what a project file says of its recipe and data, wherever it is. */
#include "app/project-notes.h"

#include <glib/gstdio.h>

/* An empty file NAME in FOLDER; returns its path. */
static char *
touch (const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  return path;
}

static GVariant *
write_notes (const FettleProjectNotes *notes, const char *path)
{
  return g_variant_ref_sink (fettle_project_notes_write (notes, path));
}

static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fettle-XXXXXX", NULL);
  g_autofree char *path = touch (folder, "data \xff.npy");
  g_autofree char *project = g_build_filename (folder, "a.fettle", NULL);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();
  g_autoptr (FettleData) data = fettle_data_new (path, 0.5, -1);
  g_autoptr (GVariant) written = NULL, again = NULL;
  g_auto (FettleProjectNotes) read = { NULL };

  data->labels = g_strdup ("column:1");
  data->preprocessing.order = FETTLE_CHANNELS_BGR;
  data->preprocessing.sample_rate = 16000;
  data->preprocessing.n_channels = 2;
  data->preprocessing.mean[1] = 3;
  data->preprocessing.deviation[0] = 1;
  data->preprocessing.deviation[1] = 2;
  written = write_notes (
      &(FettleProjectNotes){ recipe, data, FALSE, (char *)"/somewhere/b.tflite" },
      project);
  fettle_project_notes_read (&read, written, project);
  g_assert_true (fettle_data_equal (read.data, data));
  g_assert_cmpstr (fettle_recipe_get_hash (read.recipe), ==,
                   fettle_recipe_get_hash (recipe));
  g_assert_false (read.is_applied);
  g_assert_cmpstr (read.origin, ==, "/somewhere/b.tflite");
  again = write_notes (&read, project);
  g_assert_true (g_variant_equal (written, again));
  g_remove (path);
  g_rmdir (folder);
}

static char *
read_path (GVariant *notes, const char *project)
{
  g_auto (FettleProjectNotes) read = { NULL };

  fettle_project_notes_read (&read, notes, project);
  return g_strdup (read.data->path);
}

static void
test_moving (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fettle-XXXXXX", NULL);
  g_autofree char *projects = g_build_filename (folder, "projects", NULL);
  g_autofree char *samples = g_build_filename (folder, "data", NULL);
  g_autofree char *project = g_build_filename (projects, "a.fettle", NULL);
  g_autofree char *moved_folder = g_strconcat (folder, "-moved", NULL);
  g_autofree char *moved_project =
      g_build_filename (moved_folder, "projects", "a.fettle", NULL);
  g_autofree char *moved_data = g_build_filename (moved_folder, "data", "x.npy", NULL);
  g_autofree char *path = NULL, *there = NULL, *alone = NULL, *away = NULL;
  g_autoptr (FettleData) data = NULL;
  g_autoptr (GVariant) notes = NULL;

  g_assert_cmpint (g_mkdir (projects, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (samples, 0700), ==, 0);
  path = touch (samples, "x.npy");
  data = fettle_data_new (path, 1, 0);
  notes = write_notes (&(FettleProjectNotes){ .data = data }, project);
  /* The project alone was moved: the data are where they were. */
  alone = read_path (notes, "/elsewhere/a.fettle");
  g_assert_cmpstr (alone, ==, path);
  /* Both were: they are beside it. */
  g_assert_cmpint (g_rename (folder, moved_folder), ==, 0);
  there = read_path (notes, moved_project);
  g_assert_cmpstr (there, ==, moved_data);
  /* Nowhere: the place beside the project is named. */
  g_remove (moved_data);
  away = read_path (notes, moved_project);
  g_assert_cmpstr (away, ==, moved_data);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name =
          g_build_filename (moved_folder, i == 0 ? "data" : "projects", NULL);

      g_rmdir (name);
    }
  g_rmdir (moved_folder);
}

static void
test_anything_can_be_read (void)
{
  const char *const texts[] = {
    "@a{sv} {}",
    "{'recipe': <'no recipe'>, 'data-path': <1>, 'is-applied': <'yes'>}",
    "{'data-path': <(b'x', b'/x')>, 'data-mean': <'1,2'>, 'data-deviation': <'1'>}",
    "{'data-path': <(b'x', b'/x')>, 'data-scale': <0.0>}",
    "{'origin': <(1, 2)>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) notes = g_variant_parse (NULL, texts[i], NULL, NULL, NULL);
      g_auto (FettleProjectNotes) read = { NULL };

      g_assert_nonnull (notes);
      fettle_project_notes_read (&read, notes, "/tmp/a.fettle");
      g_assert_null (read.recipe);
      g_assert_null (read.data);
      g_assert_null (read.origin);
      g_assert_true (read.is_applied);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/project-notes/round-trip", test_round_trip);
  g_test_add_func ("/app/project-notes/moving", test_moving);
  g_test_add_func ("/app/project-notes/anything", test_anything_can_be_read);
  return g_test_run ();
}
