/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model-file.c: opens any file that holds a model. */
#include "model/model-file.h"
#include "model/tflite-reader.h"

FettleProject *
fettle_model_file_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autofree char *name = NULL;
  char *contents;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);
  if (!g_file_get_contents (path, &contents, &size, error))
    return NULL;
  bytes = g_bytes_new_take (contents, size);
  name = g_filename_display_basename (path);
  if (fettle_project_probe (bytes))
    return fettle_project_parse (bytes, name, error);
  if (fettle_tflite_probe (bytes))
    {
      graph = fettle_tflite_read (bytes, name, error);
      return graph != NULL ? fettle_project_new (graph) : NULL;
    }
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
               "%s: This is neither a TensorFlow Lite model nor a Fettle project.", name);
  return NULL;
}
