/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-image-sections.c: what an image is spent on adds up, and follows what is in it. */
#include "tiny-models.h"
#include "model/image-sections.h"
#include "model/lower.h"
#include "model/tflite-reader.h"
#include "runtime/frt_format.h"

#include <string.h>

static void
measure (gboolean strip_names, gsize sizes[FETTLE_N_SECTIONS], gsize *total)
{
  const FettleLowerOptions options = { .strip_names = strip_names };
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GError) error = NULL;

  tiny_net_f32 (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny", &error);
  g_assert_no_error (error);
  lowered = fettle_lower (graph, &options, &error);
  g_assert_no_error (error);
  fettle_image_measure_sections (lowered->image, sizes);
  *total = g_bytes_get_size (lowered->image);
}

static void
test_sum (void)
{
  gsize sizes[FETTLE_N_SECTIONS], total, sum = 0;

  measure (FALSE, sizes, &total);
  for (guint i = 0; i < FETTLE_N_SECTIONS; i++)
    {
      g_assert_cmpuint (sizes[i], >, 0);
      g_assert_cmpuint (sizes[i], <, total);
      sum += sizes[i];
    }
  g_assert_cmpuint (sum, ==, total);
  /* 3×3×1 weights to two channels, two biases, eight added numbers, all float32. */
  g_assert_cmpuint (sizes[FETTLE_SECTION_CONSTANTS], >=, (18 + 2 + 8) * sizeof (float));
  g_assert_cmpuint (sizes[FETTLE_SECTION_TABLES], >=,
                    sizeof (struct frt_image_header) + 5 * sizeof (struct frt_operator)
                        + 6 * sizeof (struct frt_tensor));
}

static void
test_stripped (void)
{
  gsize with[FETTLE_N_SECTIONS], without[FETTLE_N_SECTIONS], total;

  measure (FALSE, with, &total);
  measure (TRUE, without, &total);
  g_assert_cmpuint (without[FETTLE_SECTION_NAMES], ==, 0);
  g_assert_cmpuint (without[FETTLE_SECTION_TABLES], ==, with[FETTLE_SECTION_TABLES]);
  g_assert_cmpuint (without[FETTLE_SECTION_PARAMETERS], ==,
                    with[FETTLE_SECTION_PARAMETERS]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/image-sections/sum", test_sum);
  g_test_add_func ("/model/image-sections/stripped", test_stripped);
  return g_test_run ();
}
