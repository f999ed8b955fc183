/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-picture.c: pictures of any size for inputs of any size.
 *
 * gdk-pixbuf decodes; what is tried here is what Fettle makes of the pixels. So the bytes are not a file, but say what to put into one:
 * its size, whether it is transparent, its pixels, and the input's size, channels and preprocessing. */
#include "fuzz.h"
#include "tuner/samples.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define N_SETTINGS 8
#define MAX_SIDE   24

static char *path; /* of the picture, each time the same */

static void
remove_picture (void)
{
  g_unlink (path);
}

static void
make_path (void)
{
  int descriptor;

  if (path != NULL)
    return;
  path = g_build_filename (g_get_tmp_dir (), "fettle-fuzz-XXXXXX.png", NULL);
  descriptor = g_mkstemp (path);
  g_assert_cmpint (descriptor, >=, 0);
  close (descriptor);
  atexit (remove_picture);
}

/* What the first bytes say. */
typedef struct
{
  int width, height;
  gboolean has_alpha;
  gint32 shape[4];
  FettlePreprocessing preprocessing;
} Settings;

static void
read_settings (const uint8_t *bytes, Settings *settings)
{
  *settings = (Settings){ .width = 1 + bytes[0] % MAX_SIDE,
                          .height = 1 + bytes[1] % MAX_SIDE,
                          .has_alpha = bytes[2] & 1,
                          .shape = { 1, 1 + bytes[3] % MAX_SIDE, 1 + bytes[4] % MAX_SIDE,
                                     bytes[5] & 1 ? 3 : 1 } };
  settings->preprocessing.scale = 1.0 / (1 + bytes[6]);
  settings->preprocessing.offset = bytes[7] - 128.0;
  settings->preprocessing.order =
      bytes[2] & 2 ? FETTLE_CHANNELS_BGR : FETTLE_CHANNELS_RGB;
}

/* The pixels repeat BYTES. */
static GdkPixbuf *
make_picture (const Settings *settings, const uint8_t *bytes, size_t size)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, settings->has_alpha, 8,
                                      settings->width, settings->height);
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (pixbuf);
  gsize row = (gsize)settings->width * (settings->has_alpha ? 4 : 3);
  gsize place = 0;

  for (gsize y = 0; y < (gsize)settings->height; y++)
    for (gsize x = 0; x < row; x++)
      pixels[y * stride + x] = size > 0 ? bytes[place++ % size] : 0;
  return pixbuf;
}

static FettleGraph *
make_graph (const Settings *settings)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 input = (gint32)fettle_graph_add_tensor (graph, "input", FETTLE_TYPE_FLOAT32, 4,
                                                  settings->shape);

  fettle_graph_set_inputs (graph, &input, 1);
  return graph;
}

/* The value of PIXEL in channel K of the input, before preprocessing. */
static double
expect (const Settings *settings, const guchar *pixel, gint32 k)
{
  if (settings->shape[3] == 1)
    return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
  return pixel[settings->preprocessing.order == FETTLE_CHANNELS_BGR ? 2 - k : k];
}

/* Nothing is darker or lighter than the picture; what needs no scaling is exact. */
static void
check_values (const Settings *settings, GdkPixbuf *pixbuf, const float *values)
{
  const FettlePreprocessing *preprocessing = &settings->preprocessing;
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (pixbuf);
  gsize n_channels = (gsize)gdk_pixbuf_get_n_channels (pixbuf);
  gboolean is_same =
      settings->shape[1] == settings->height && settings->shape[2] == settings->width;

  for (gint32 y = 0; y < settings->shape[1]; y++)
    for (gint32 x = 0; x < settings->shape[2]; x++)
      for (gint32 k = 0; k < settings->shape[3]; k++)
        {
          double value = (double)*values++;
          const guchar *pixel;

          value = (value - preprocessing->offset) / preprocessing->scale;
          g_assert_cmpfloat (value, >=, -0.1);
          g_assert_cmpfloat (value, <=, 255.1);
          if (!is_same)
            continue;
          pixel =
              gdk_pixbuf_read_pixels (pixbuf) + (gsize)y * stride + (gsize)x * n_channels;
          g_assert_cmpfloat_with_epsilon (value, expect (settings, pixel, k), 0.1);
        }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *values = NULL;
  Settings settings;

  if (size < N_SETTINGS)
    return 0;
  make_path ();
  read_settings (bytes, &settings);
  pixbuf = make_picture (&settings, bytes + N_SETTINGS, size - N_SETTINGS);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", &error, "compression", "0", NULL));
  graph = make_graph (&settings);
  samples = fettle_samples_open (path, graph, &settings.preprocessing, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fettle_samples_get_n (samples), ==, 1);
  values = g_new (float, fettle_samples_get_size (samples));
  fettle_samples_read (samples, 0, values);
  g_assert_true (fettle_samples_check_finite (samples, 0, values, &error));
  check_values (&settings, pixbuf, values);
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  /* Same size; shrunk; stretched; to grey; one pixel; one place. */
  static const uint8_t seeds[][N_SETTINGS + 4] = {
    { 7, 5, 0, 5, 7, 1, 0, 128, 0, 255, 1, 254 },
    { 20, 20, 2, 4, 3, 1, 1, 0, 9, 99, 200, 3 },
    { 2, 3, 1, 20, 23, 1, 254, 255, 1, 2, 3, 4 },
    { 9, 9, 3, 9, 9, 0, 3, 128, 255, 255, 0, 7 },
    { 0, 0, 0, 12, 13, 1, 0, 128, 50, 60, 70, 1 },
    { 23, 22, 0, 0, 0, 0, 0, 100, 8, 7, 6, 5 },
  };

  if (index >= G_N_ELEMENTS (seeds) || capacity < sizeof seeds[0])
    return 0;
  memcpy (buffer, seeds[index], sizeof seeds[0]);
  return sizeof seeds[0];
}
