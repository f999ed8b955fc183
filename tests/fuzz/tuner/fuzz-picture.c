/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-picture.c: damaged pictures, as samples of a folder. */
#include "fuzz.h"
#include "tuner/samples.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static void
remove_folder (void)
{
  g_rmdir (folder);
}

static FettleGraph *
make_graph (void)
{
  const gint32 shape[] = { 1, 2, 2, 3 };
  FettleGraph *graph = fettle_graph_new ();
  gint32 input =
      (gint32)fettle_graph_add_tensor (graph, "input", FETTLE_TYPE_FLOAT32, 4, shape);

  fettle_graph_set_inputs (graph, &input, 1);
  return graph;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  float values[12];

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("fettle-fuzz-XXXXXX", NULL);
      g_assert_nonnull (folder);
      atexit (remove_folder);
    }
  path = g_build_filename (folder, "x.bmp", NULL);
  g_assert_true (g_file_set_contents_full (path, (const char *)bytes, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  samples = fettle_samples_open (folder, graph, NULL, NULL);
  g_assert_nonnull (samples);
  fettle_samples_read (samples, 0, values);
  if (!fettle_samples_check_finite (samples, 0, values, &error))
    g_assert_nonnull (strstr (error->message, "x.bmp"));
  g_unlink (path);
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static const char *const formats[] = { "bmp", "png" };
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  if (index >= G_N_ELEMENTS (formats))
    return 0;
  pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 3, 2);
  gdk_pixbuf_fill (pixbuf, 0x12345600);
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, formats[index], NULL, NULL))
    return 0;
  g_assert_cmpuint (size, <=, capacity);
  memcpy (buffer, bytes, size);
  return size;
}
