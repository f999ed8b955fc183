/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-tflite.c: any bytes through the reader of .tflite, and what it accepts through lowering. */
#include "fuzz.h"
#include "tiny-models.h"
#include "model/lower.h"
#include "model/tflite-reader.h"

#include <string.h>

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static void (*const seeds[]) (TinyModel *) = { tiny_net_f32, tiny_dense_s8 };
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (index >= G_N_ELEMENTS (seeds))
    return 0;
  seeds[index](&tiny);
  bytes = tiny_make (&tiny);
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
  g_autoptr (FettleGraph) graph = fettle_tflite_read (file, "fuzz", &error);
  g_autoptr (FettleLowered) lowered = NULL;

  if (graph != NULL)
    lowered = fettle_lower (graph, NULL, &error);
  /* Whatever lowering makes of a valid graph, the runtime opens. */
  g_assert ((lowered != NULL) == (error == NULL));
  if (error != NULL && strstr (error->message, "runtime refuses") != NULL)
    g_error ("%s", error->message);
  return 0;
}
