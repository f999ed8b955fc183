/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-seeds.c: networks made by hand, and every operator in every type as lowering makes it, portable
 * and packed. */
#include "tests/fuzz/runtime/image-seeds.h"
#include "model/aligned.h"
#include "model/lower.h"
#include "model/tflite-reader.h"
#include "seed-models.h"
#include "tests/fuzz/runtime/seed-elementwise.h"
#include "tests/fuzz/runtime/seed-layers.h"
#include "tests/fuzz/runtime/seed-movement.h"

#include <string.h>

typedef struct
{
  guint8 *bytes;
  gsize size;
  char *name;
} Seed;

static void
add_seed (GArray *seeds, GBytes *bytes, const char *name)
{
  gsize size = g_bytes_get_size (bytes);
  Seed seed = { fettle_aligned_alloc (size), size, g_strdup (name) };
  frt_image image;

  memcpy (seed.bytes, g_bytes_get_data (bytes, NULL), size);
  /* A seed that is refused would leave its kernels untested. */
  if (frt_image_open (&image, seed.bytes, size, frt_all_kernels, frt_all_kernels_count)
      != FRT_OK)
    g_error ("The runtime refuses the seed %s (byte %u).", name, image.fault_offset);
  g_array_append_val (seeds, seed);
}

static void
add_built (GArray *seeds, void (*build) (struct image_builder *), const char *name)
{
  g_autofree struct image_builder *builder = g_new0 (struct image_builder, 1);
  g_autoptr (GBytes) bytes = NULL;

  image_builder_start (builder);
  build (builder);
  image_builder_finish (builder);
  bytes = g_bytes_new (builder->bytes, builder->size);
  add_seed (seeds, bytes, name);
}

static gboolean
uses_kernel (const guint8 *bytes, guint least, guint most)
{
  const struct frt_image_header *header = (gconstpointer)bytes;
  const struct frt_operator *operators =
      (gconstpointer)(bytes + header->operators_offset);

  for (guint32 i = 0; i < header->operator_count; i++)
    if (operators[i].kernel >= least && operators[i].kernel <= most)
      return TRUE;
  return FALSE;
}

static GBytes *
lower_model (FettleGraph *graph, FettleTarget target, FettleRounding rounding,
             const char *name)
{
  FettleLowerOptions options = { .target = target,
                                 .rounding = rounding,
                                 .strip_names = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, &options, &error);

  if (lowered == NULL)
    g_error ("The seed %s cannot be lowered: %s", name, error->message);
  return g_bytes_ref (lowered->image);
}

/* For cores and the desktop only what is packed for them, and of single rounding what rounds. */
static void
add_model (GArray *seeds, guint index)
{
  static const FettleTarget targets[] = { FETTLE_TARGET_PORTABLE, FETTLE_TARGET_CORTEX_M4,
                                          FETTLE_TARGET_CORTEX_M55,
                                          FETTLE_TARGET_DESKTOP };
  g_autofree char *name = seed_models_name (index);
  g_autoptr (GBytes) file = seed_models_make (index);
  g_autoptr (GBytes) single = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleGraph) graph = fettle_tflite_read (file, name, &error);

  if (graph == NULL)
    g_error ("The seed %s is refused: %s", name, error->message);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (GBytes) image =
          lower_model (graph, targets[i], FETTLE_ROUNDING_DOUBLE, name);

      if (targets[i] == FETTLE_TARGET_PORTABLE
          || uses_kernel (g_bytes_get_data (image, NULL), FRT_KERNEL_CONV2D_S8_PACKED,
                          G_MAXUINT16))
        add_seed (seeds, image, name);
    }
  single = lower_model (graph, FETTLE_TARGET_PORTABLE, FETTLE_ROUNDING_SINGLE, name);
  if (uses_kernel (g_bytes_get_data (single, NULL), FRT_KERNEL_SINGLE_ROUNDING,
                   G_MAXUINT16))
    add_seed (seeds, single, name);
}

/* A kernel without a seed would not be tested. */
static void
check_coverage (GArray *seeds)
{
  for (gsize k = 0; k < frt_all_kernels_count; k++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < seeds->len && !found; i++)
        found = uses_kernel (g_array_index (seeds, Seed, i).bytes, frt_all_kernels[k]->id,
                             frt_all_kernels[k]->id);
      if (!found)
        g_error ("Kernel %u has no seed; add one to tests/fuzz/model/seed-families.c.",
                 frt_all_kernels[k]->id);
    }
}

static GArray *
get_seeds (void)
{
  static GArray *seeds;

  if (seeds != NULL)
    return seeds;
  seeds = g_array_new (FALSE, FALSE, sizeof (Seed));
  add_built (seeds, build_layers_s8, "layers of int8");
  add_built (seeds, build_layers_f32, "layers of float");
  add_built (seeds, build_movement, "movement");
  add_built (seeds, build_elementwise, "element-wise");
  for (guint i = 0; i < seed_models_count (); i++)
    add_model (seeds, i);
  check_coverage (seeds);
  return seeds;
}

unsigned
image_seeds_count (void)
{
  return get_seeds ()->len;
}

const char *
image_seeds_name (unsigned index)
{
  return g_array_index (get_seeds (), Seed, index).name;
}

const uint8_t *
image_seeds_get (unsigned index, size_t *size)
{
  const Seed *seed = &g_array_index (get_seeds (), Seed, index);

  *size = seed->size;
  return seed->bytes;
}
