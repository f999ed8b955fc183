/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write-header.c: writes the header of a tiny model, for test-header.py.
 *
 *   write-header dense|net HEADER
 *
 * Prints the bytes that the runner gives for inputs of zero points, in hexadecimal. */
#include "tiny-models.h"
#include "model/header-writer.h"
#include "model/runner.h"
#include "model/tflite-reader.h"

#include <string.h>

static gboolean
print_outputs (FettleGraph *graph, GError **error)
{
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, error);
  g_autoptr (FettleRunner) runner = NULL;
  gsize size;
  gpointer input;
  const guint8 *output;

  if (lowered == NULL)
    return FALSE;
  runner = fettle_runner_new (lowered->image, error);
  if (runner == NULL)
    return FALSE;
  /* The zero points of both models' inputs are 0. */
  input = fettle_runner_get_input (runner, 0, &size);
  memset (input, 0, size);
  if (!fettle_runner_run (runner, NULL, NULL, NULL, error))
    return FALSE;
  output = fettle_runner_get_output (runner, 0, &size);
  for (gsize i = 0; i < size; i++)
    g_print ("%02x", output[i]);
  g_print ("\n");
  return TRUE;
}

int
main (int argc, char **argv)
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (argc, ==, 3);
  if (g_str_equal (argv[1], "dense"))
    tiny_dense_s8 (&tiny);
  else
    tiny_net_f32 (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny */ model.tflite", &error);
  if (graph != NULL)
    {
      project = fettle_project_new (graph);
      text = fettle_header_write (project, FETTLE_TARGET_CORTEX_M4,
                                  FETTLE_ROUNDING_DOUBLE, "tiny model", &error);
    }
  if (text == NULL || !g_file_set_contents (argv[2], text, -1, &error)
      || !print_outputs (graph, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
