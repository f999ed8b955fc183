/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-tflite.c: any bytes through the reader of .tflite; what it accepts is lowered, opened and run. */
#include "fuzz.h"
#include "model/aligned.h"
#include "model/lower.h"
#include "model/tflite-reader.h"
#include "seed-models.h"
#include "tests/fuzz/runtime/bounded-run.h"
#include "tiny-models.h"

#include <string.h>

static void (*const networks[]) (TinyModel *) = { tiny_net_f32, tiny_dense_s8 };

static GBytes *
make_seed (unsigned index)
{
  TinyModel tiny;

  if (index >= G_N_ELEMENTS (networks))
    return seed_models_make (index - (guint)G_N_ELEMENTS (networks));
  networks[index](&tiny);
  return tiny_make (&tiny);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (index >= G_N_ELEMENTS (networks) + seed_models_count ())
    return 0;
  bytes = make_seed (index);
  size = g_bytes_get_size (bytes);
  g_assert (size <= capacity);
  memcpy (buffer, g_bytes_get_data (bytes, NULL), size);
  return size;
}

static void
run (GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);
  gpointer copy = fettle_aligned_alloc (size);
  frt_image image;

  memcpy (copy, g_bytes_get_data (bytes, NULL), size);
  /* Whatever lowering makes of a valid graph, the runtime opens. */
  g_assert (frt_image_open (&image, copy, size, frt_all_kernels, frt_all_kernels_count)
            == FRT_OK);
  bounded_run (&image);
  fettle_aligned_free (copy);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  static const FettleTarget targets[] = { FETTLE_TARGET_PORTABLE, FETTLE_TARGET_CORTEX_M4,
                                          FETTLE_TARGET_CORTEX_M55,
                                          FETTLE_TARGET_DESKTOP };
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleGraph) graph = NULL;

  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  graph = fettle_tflite_read (file, "fuzz", &error);
  g_assert ((graph != NULL) == (error == NULL));
  if (graph == NULL)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      FettleLowerOptions options = { .target = targets[i] };
      g_autoptr (FettleLowered) lowered = fettle_lower (graph, &options, &error);

      g_assert ((lowered != NULL) == (error == NULL));
      if (lowered != NULL)
        run (lowered->image);
      if (error != NULL && strstr (error->message, "runtime refuses") != NULL)
        g_error ("%s", error->message);
      g_clear_error (&error);
    }
  return 0;
}
