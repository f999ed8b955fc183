/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-data-files.c: tables, pictures and sounds as samples, with their labels. */
#include "tuner/samples.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  GPtrArray *made; /* in order; removed in the opposite one */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("fettle-data-XXXXXX", NULL);
  fixture->made = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = fixture->made->len; i-- > 0;)
    g_remove (g_ptr_array_index (fixture->made, i));
  g_rmdir (fixture->folder);
  g_ptr_array_unref (fixture->made);
  g_free (fixture->folder);
}

/* Belongs to FIXTURE. */
static const char *
make_path (Fixture *fixture, const char *name)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_ptr_array_add (fixture->made, path);
  return path;
}

static const char *
write_file (Fixture *fixture, const char *name, const void *bytes, gsize size)
{
  const char *path = make_path (fixture, name);

  g_assert_true (g_file_set_contents (path, bytes, (gssize)size, NULL));
  return path;
}

static void
make_folder (Fixture *fixture, const char *name)
{
  g_assert_cmpint (g_mkdir (make_path (fixture, name), 0700), ==, 0);
}

static FettleGraph *
make_graph (guint rank, const gint32 *shape)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 input =
      (gint32)fettle_graph_add_tensor (graph, "input", FETTLE_TYPE_FLOAT32, rank, shape);

  fettle_graph_set_inputs (graph, &input, 1);
  return graph;
}

static void
assert_sample (FettleSamples *samples, guint index, const float *expected, gsize n)
{
  g_autofree float *values = g_new (float, n);

  g_assert_cmpuint (fettle_samples_get_size (samples), ==, n);
  fettle_samples_read (samples, index, values);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (values[i], expected[i], 1e-4f);
}

static void
assert_labels (FettleNpy *labels, guint n, const double *expected)
{
  g_assert_cmpuint (fettle_npy_get_n_elements (labels), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat (fettle_npy_get (labels, i), ==, expected[i]);
}

/* --- tables --- */

static void
test_table (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "\xEF\xBB\xBF"
                             "x;class;\"y\"\r\n1;2;3.5\r\n\r\n-4;0; 5e1 \r\n";
  const gint32 shape[] = { 1, 2 };
  const float rows[][2] = { { 1.0f, 3.5f }, { -4.0f, 50.0f } };
  const double classes[] = { 2.0, 0.0 };
  static const char *const rules[] = { "column:class", "column:2" };
  const char *path = write_file (fixture, "x.CSV", text, sizeof text - 1);
  g_autoptr (FettleGraph) graph = make_graph (2, shape);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleNpy) labels = NULL;
      g_autoptr (FettleSamples) samples =
          fettle_samples_open_labelled (path, rules[i], graph, NULL, &labels, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (fettle_samples_get_n (samples), ==, 2);
      assert_sample (samples, 0, rows[0], 2);
      assert_sample (samples, 1, rows[1], 2);
      assert_labels (labels, 2, classes);
      g_assert_cmpuint (strlen (fettle_samples_get_hash (samples)), ==, 64);
    }
}

static void
assert_refused (FettleGraph *graph, const char *path, const char *rule, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleSamples) samples =
      rule != NULL
          ? fettle_samples_open_labelled (path, rule, graph, NULL, &labels, &error)
          : fettle_samples_open (path, graph, NULL, &error);

  g_assert_null (samples);
  g_assert_null (labels);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_bad_tables (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 2 };
  g_autoptr (FettleGraph) graph = make_graph (2, shape);

  assert_refused (graph, write_file (fixture, "a.csv", "1,2\n3\n", 6), NULL, "line 2");
  assert_refused (graph, write_file (fixture, "b.csv", "1,2\n\n3,x\n", 9), NULL,
                  "line 3: “x” in column 2");
  assert_refused (graph, write_file (fixture, "c.csv", "1,2,3\n", 6), NULL, "1×2");
  assert_refused (graph, write_file (fixture, "d.csv", "", 0), NULL, "no table");
  assert_refused (graph, write_file (fixture, "e.csv", "a,b\n", 4), NULL, "no table");
  assert_refused (graph, write_file (fixture, "f.csv", "a,b,c\n1,2,3\n", 12), "column:d",
                  "“d”");
  assert_refused (graph, write_file (fixture, "g.csv", "1,2\n", 4), "folders", "g.csv");
}

/* --- pictures --- */

/* WIDTH x HEIGHT, the left half of COLOUR, the right half black. */
static void
write_picture (Fixture *fixture, const char *name, int width, int height, guint32 colour)
{
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GdkPixbuf) left = gdk_pixbuf_new_subpixbuf (pixbuf, 0, 0, width / 2, height);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0);
  gdk_pixbuf_fill (left, colour);
  gdk_pixbuf_save (pixbuf, make_path (fixture, name), "png", &error, NULL);
  g_assert_no_error (error);
}

/* At its own size a picture is what it is; means and deviations go by channels. */
static void
test_picture (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 1, 2, 3 };
  const float plain[] = { 10.0f, 20.0f, 30.0f, 0.0f, 0.0f, 0.0f };
  const float turned[] = { 25.0f, 9.0f, 1.25f, -5.0f, -1.0f, -1.25f };
  const FettlePreprocessing preprocessing = { .scale = 1.0,
                                              .order = FETTLE_CHANNELS_BGR,
                                              .n_channels = 3,
                                              .mean = { 5.0, 2.0, 5.0 },
                                              .deviation = { 1.0, 2.0, 4.0 } };
  g_autoptr (FettleGraph) graph = make_graph (4, shape);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleSamples) other = NULL;

  write_picture (fixture, "a.png", 2, 1, 0x0A141E00);
  samples = fettle_samples_open (fixture->folder, graph, NULL, &error);
  g_assert_no_error (error);
  assert_sample (samples, 0, plain, 6);
  other = fettle_samples_open (fixture->folder, graph, &preprocessing, &error);
  g_assert_no_error (error);
  assert_sample (other, 0, turned, 6);
}

/* Shrunk, each place is a mean around its part; grey is luminance. */
static void
test_scaled_picture (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 2, 2, 1 };
  g_autoptr (FettleGraph) graph = make_graph (4, shape);
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;
  float values[4];

  write_picture (fixture, "a.png", 64, 32, 0xFFFFFF00);
  samples = fettle_samples_open (fixture->folder, graph, NULL, &error);
  g_assert_no_error (error);
  fettle_samples_read (samples, 0, values);
  g_assert_cmpfloat (values[0], ==, values[2]);
  g_assert_cmpfloat (values[1], ==, values[3]);
  /* A triangle that reaches as far as to the other half's middle: 7/8 of it are on this side of the
   * edge, of what the picture's own edge leaves of it 6/7. */
  g_assert_cmpfloat_with_epsilon (values[0], 255.0f * 6.0f / 7.0f, 1.0f);
  g_assert_cmpfloat_with_epsilon (values[0] + values[1], 255.0f, 1e-3f);
}

static void
test_folders (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 1, 2, 3 };
  const double places[] = { 0.0, 0.0, 1.0 }, names[] = { 4.0, 12.0, 7.0 };
  g_autoptr (FettleGraph) graph = make_graph (4, shape);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleNpy) other = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleSamples) again = NULL;

  make_folder (fixture, "cat");
  make_folder (fixture, "dog");
  make_folder (fixture, "empty");
  write_picture (fixture, "dog/7_x.png", 2, 1, 0x01020300);
  write_picture (fixture, "cat/4b.png", 2, 1, 0x11121300);
  write_picture (fixture, "cat/12.png", 2, 1, 0x21222300);
  samples = fettle_samples_open_labelled (fixture->folder, "folders", graph, NULL,
                                          &labels, &error);
  g_assert_no_error (error);
  assert_labels (labels, 3, places);
  again = fettle_samples_open_labelled (fixture->folder, "names", graph, NULL, &other,
                                        &error);
  g_assert_no_error (error);
  /* "12.png" comes before "4b.png". */
  g_assert_cmpfloat (fettle_npy_get (other, 0), ==, names[1]);
  g_assert_cmpfloat (fettle_npy_get (other, 1), ==, names[0]);
  g_assert_cmpfloat (fettle_npy_get (other, 2), ==, names[2]);
  g_assert_cmpstr (fettle_samples_get_hash (samples), ==,
                   fettle_samples_get_hash (again));
}

static void
test_bad_pictures (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 1, 2, 3 }, flat[] = { 1, 6 };
  g_autoptr (FettleGraph) graph = make_graph (4, shape);
  g_autoptr (FettleGraph) other = make_graph (2, flat);
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;
  float values[6];

  assert_refused (graph, fixture->folder, NULL, "no pictures");
  write_file (fixture, "a.png", "no picture", 10);
  assert_refused (other, fixture->folder, NULL, "1×6");
  assert_refused (graph, fixture->folder, "folders", "a.png");
  assert_refused (graph, fixture->folder, "names", "a.png");
  /* A file that is no picture is found when it is read. */
  samples = fettle_samples_open (fixture->folder, graph, NULL, &error);
  g_assert_no_error (error);
  fettle_samples_read (samples, 0, values);
  g_assert_false (fettle_samples_check_finite (samples, 0, values, &error));
  g_assert_nonnull (strstr (error->message, "a.png cannot be read as a picture"));
}

/* --- sounds --- */

/* 16 bits, N_FRAMES of two channels, both with frame I times 1000 and one of them 2000 more. */
static void
write_sound (Fixture *fixture, const char *name, guint rate, guint n_frames)
{
  g_autofree guint8 *bytes = g_malloc0 (44 + 4 * n_frames);

  memcpy (bytes, "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02", 23);
  bytes[24] = (guint8)rate;
  bytes[25] = (guint8)(rate >> 8);
  bytes[34] = 16;
  memcpy (bytes + 36, "data", 4);
  bytes[40] = (guint8)(4 * n_frames);
  for (guint i = 0; i < 2 * n_frames; i++)
    {
      gint16 value = (gint16)(1000 * (gint)(i / 2) - 2000 + (i % 2) * 2000);

      bytes[44 + 2 * i] = (guint8)(value & 0xFF);
      bytes[45 + 2 * i] = (guint8)((guint16)value >> 8);
    }
  write_file (fixture, name, bytes, 44 + 4 * n_frames);
}

static void
test_sounds (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 4 };
  const float filled[] = { -1000.0f / 32768.0f, 0.0f, 1000.0f / 32768.0f, 0.0f };
  const float cut[] = { -1000.0f / 32768.0f, 0.0f, 1000.0f / 32768.0f,
                        2000.0f / 32768.0f };
  const double classes[] = { 3.0, 5.0 };
  g_autoptr (FettleGraph) graph = make_graph (2, shape);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleSamples) samples = NULL;

  write_sound (fixture, "3_short.wav", 8000, 3);
  write_sound (fixture, "5_long.wav", 8000, 9);
  samples = fettle_samples_open_labelled (fixture->folder, "names", graph, NULL, &labels,
                                          &error);
  g_assert_no_error (error);
  assert_sample (samples, 0, filled, 4);
  assert_sample (samples, 1, cut, 4);
  assert_labels (labels, 2, classes);
}

static void
test_bad_sounds (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 4 }, picture[] = { 1, 2, 2 };
  const FettlePreprocessing faster = { .scale = 1.0, .sample_rate = 16000 };
  g_autoptr (FettleGraph) graph = make_graph (2, shape);
  g_autoptr (FettleGraph) other = make_graph (3, picture);
  g_autoptr (GError) error = NULL;

  write_sound (fixture, "a.wav", 8000, 3);
  assert_refused (other, fixture->folder, NULL, "1×2×2");
  g_assert_null (fettle_samples_open (fixture->folder, graph, &faster, &error));
  g_assert_nonnull (strstr (error->message, "8000"));
  g_assert_nonnull (strstr (error->message, "16000"));
  write_sound (fixture, "b.wav", 11025, 3);
  assert_refused (graph, fixture->folder, NULL, "b.wav has 11025");
  write_file (fixture, "b.wav", "RIFF", 4);
  assert_refused (graph, fixture->folder, NULL, "b.wav is not a sound");
}

/* --- all of them --- */

static void
test_number_of_means (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 2 };
  const FettlePreprocessing preprocessing = { .scale = 1.0,
                                              .n_channels = 3,
                                              .deviation = { 1.0, 1.0, 1.0 } };
  const char *path = write_file (fixture, "a.csv", "1,2\n", 4);
  g_autoptr (FettleGraph) graph = make_graph (2, shape);
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_samples_open (path, graph, &preprocessing, &error));
  g_assert_nonnull (strstr (error->message, "3 means"));
}

static void
test_misfit (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 2 };
  const float scale = 1.0f / 255.0f;
  const gint32 zero_point = -128;
  const char *path = write_file (fixture, "a.csv", "0,255\n", 6);
  const FettlePreprocessing right = { .scale = 1.0 / 255.0 };
  g_autoptr (FettleGraph) graph = make_graph (2, shape);
  FettleTensor *input = fettle_graph_get_tensor (graph, 0);
  g_autoptr (FettleSamples) wrong = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autofree char *sentence = NULL;

  input->type = FETTLE_TYPE_INT8;
  fettle_tensor_set_quantization (input, 1, 0, &scale, &zero_point);
  wrong = fettle_samples_open (path, graph, NULL, NULL);
  sentence = fettle_samples_describe_misfit (wrong, graph);
  g_assert_nonnull (strstr (sentence, "0 to 255"));
  samples = fettle_samples_open (path, graph, &right, NULL);
  g_assert_null (fettle_samples_describe_misfit (samples, graph));
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/tuner/data-files/table", test_table);
  add ("/tuner/data-files/bad-tables", test_bad_tables);
  add ("/tuner/data-files/picture", test_picture);
  add ("/tuner/data-files/scaled-picture", test_scaled_picture);
  add ("/tuner/data-files/folders", test_folders);
  add ("/tuner/data-files/bad-pictures", test_bad_pictures);
  add ("/tuner/data-files/sounds", test_sounds);
  add ("/tuner/data-files/bad-sounds", test_bad_sounds);
  add ("/tuner/data-files/number-of-means", test_number_of_means);
  add ("/tuner/data-files/misfit", test_misfit);
  return g_test_run ();
}
