/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-project.c: any bytes through the reader of project files. */
#include "fuzz.h"
#include "tiny-models.h"
#include "model/project-file.h"
#include "model/tflite-reader.h"

#include <string.h>

static GBytes *
make_project (void (*fill) (TinyModel *))
{
  TinyModel tiny;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) project = NULL;

  fill (&tiny);
  file = tiny_make (&tiny);
  graph = fettle_tflite_read (file, "fuzz", NULL);
  project = fettle_project_new (graph);
  project->source = fettle_graph_copy (graph);
  return fettle_project_serialize (project);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static void (*const seeds[]) (TinyModel *) = { tiny_net_f32, tiny_dense_s8 };
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (index >= G_N_ELEMENTS (seeds))
    return 0;
  bytes = make_project (seeds[index]);
  size = g_bytes_get_size (bytes);
  g_assert (size <= capacity);
  memcpy (buffer, g_bytes_get_data (bytes, NULL), size);
  return size;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) project = fettle_project_parse (file, "fuzz", &error);
  g_autoptr (GBytes) again = NULL;

  g_assert ((project != NULL) == (error == NULL));
  if (project != NULL)
    again = fettle_project_serialize (project);
  return 0;
}
