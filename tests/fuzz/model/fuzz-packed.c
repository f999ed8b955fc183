/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-packed.c: images lowered for the Cortex-M4, mutated, opened, and run if they were accepted. */
#include "fuzz.h"
#include "model/lower.h"
#include "runtime/frt_format.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 9 /* no multiple of a block */

static gint32
add_activation (FettleGraph *graph, const char *name, guint rank, const gint32 *shape)
{
  const float scale = 1.0f;
  const gint32 zero_point = -3;
  guint number = fettle_graph_add_tensor (graph, name, FETTLE_TYPE_INT8, rank, shape);

  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, number), 1, 0, &scale,
                                  &zero_point);
  return (gint32)number;
}

static gint32
add_weights (FettleGraph *graph, guint rank, const gint32 *shape)
{
  const float scale = 1.0f / 1024;
  const gint32 zero_point = 0;
  guint number =
      fettle_graph_add_tensor (graph, "weights", FETTLE_TYPE_INT8, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, number);
  gsize size = fettle_tensor_get_size (tensor);
  gint8 *values = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    values[i] = (gint8)((i * 37 + 11) % 201) - 100;
  tensor->data = g_bytes_new_take (values, size);
  fettle_tensor_set_quantization (tensor, 1, 0, &scale, &zero_point);
  return (gint32)number;
}

static gint32
add_layer (FettleGraph *graph, FettleOpcode opcode, gint32 input, guint rank,
           const gint32 *weights_shape, guint output_rank, const gint32 *output_shape)
{
  const gint32 operands[] = { input, add_weights (graph, rank, weights_shape) };
  const char *name = fettle_opcode_get_name (opcode);
  gint32 output = add_activation (graph, name, output_rank, output_shape);
  guint number = fettle_graph_add_operator (graph, opcode, name, operands, 2, &output, 1);
  FettleOptions *options = &fettle_graph_get_operator (graph, number)->options;

  options->padding = FETTLE_PADDING_SAME;
  options->stride_height = options->stride_width = 1;
  options->dilation_height = options->dilation_width = 1;
  options->depth_multiplier = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? 1 : 0;
  return output;
}

/* A + B, of equal shapes. */
static gint32
add_sum (FettleGraph *graph, gint32 a, gint32 b)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)a);
  const gint32 operands[] = { a, b };
  gint32 output = add_activation (graph, "sum", tensor->rank, tensor->shape);

  fettle_graph_add_operator (graph, FETTLE_OPCODE_ADD, "sum", operands, 2, &output, 1);
  return output;
}

/* The mean of 3x3 cells. */
static gint32
add_pool (FettleGraph *graph, gint32 input)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)input);
  gint32 output = add_activation (graph, "pool", tensor->rank, tensor->shape);
  guint number = fettle_graph_add_operator (graph, FETTLE_OPCODE_AVERAGE_POOL_2D, "pool",
                                            &input, 1, &output, 1);

  fettle_graph_get_operator (graph, number)->options = (FettleOptions){
    .padding = FETTLE_PADDING_SAME,
    .stride_height = 1,
    .stride_width = 1,
    .filter_height = 3,
    .filter_width = 3,
  };
  return output;
}

/* CONV_2D 3x3, DEPTHWISE_CONV_2D 3x3, ADD, AVERAGE_POOL_2D, FULLY_CONNECTED: all packed kernels. */
static GBytes *
lower_net (void)
{
  static const FettleLowerOptions options = { .target = FETTLE_TARGET_CORTEX_M4 };
  static const gint32 input_shape[] = { 1, 5, 5, 4 }, conv_shape[] = { DEPTH, 3, 3, 4 };
  static const gint32 plane_shape[] = { 1, 5, 5, DEPTH },
                      line_shape[] = { 1, 3, 3, DEPTH };
  static const gint32 dense_shape[] = { 6, 25 * DEPTH }, output_shape[] = { 1, 6 };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GError) error = NULL;
  gint32 input = add_activation (graph, "input", 4, input_shape), before, tensor;

  before = add_layer (graph, FETTLE_OPCODE_CONV_2D, input, 4, conv_shape, 4, plane_shape);
  tensor = add_layer (graph, FETTLE_OPCODE_DEPTHWISE_CONV_2D, before, 4, line_shape, 4,
                      plane_shape);
  tensor = add_pool (graph, add_sum (graph, before, tensor));
  tensor = add_layer (graph, FETTLE_OPCODE_FULLY_CONNECTED, tensor, 2, dense_shape, 2,
                      output_shape);
  fettle_graph_set_inputs (graph, &input, 1);
  fettle_graph_set_outputs (graph, &tensor, 1);
  lowered = fettle_lower (graph, &options, &error);
  if (lowered == NULL)
    g_error ("%s", error->message);
  return g_bytes_ref (lowered->image);
}

/* A seed whose layers are not packed would test nothing. */
static void
check_seed (GBytes *image)
{
  static const guint16 kernels[] = { FRT_KERNEL_CONV2D_S8_PACKED,
                                     FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED,
                                     FRT_KERNEL_ADD_S8_PACKED,
                                     FRT_KERNEL_AVERAGE_POOL2D_S8_PACKED,
                                     FRT_KERNEL_FULLY_CONNECTED_S8_PACKED };
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  const struct frt_image_header *header = (gconstpointer)bytes;
  const struct frt_operator *operators =
      (gconstpointer)(bytes + header->operators_offset);

  for (guint i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (operators[i].kernel != kernels[i])
      g_error ("layer %u of the seed has kernel %u.", i, operators[i].kernel);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static GBytes *image;
  gsize size;

  if (index > 0)
    return 0;
  if (image == NULL)
    {
      image = lower_net ();
      check_seed (image);
    }
  size = g_bytes_get_size (image);
  g_assert (size <= capacity);
  memcpy (buffer, g_bytes_get_data (image, NULL), size);
  return size;
}

/* Makes right what would only hide the rest: magic, version, size, checksum. */
static void
repair (guint8 *bytes, gsize size)
{
  struct frt_image_header *header = (gpointer)bytes;
  const gsize start = G_STRUCT_OFFSET (struct frt_image_header, packing);

  header->magic = FRT_MAGIC;
  header->major = FRT_IMAGE_MAJOR;
  header->minor = FRT_IMAGE_MINOR;
  header->size = (guint32)size;
  header->checksum = frt_crc32 (0, bytes + start, size - start);
}

/* Takes back all but the last change or two of the seed: what passes is what tests the kernels. */
static void
soften (guint8 *bytes, gsize size)
{
  static guint8 seed[1u << 16];
  const gsize seed_size = fuzz_seed (0, seed, sizeof seed);
  guint changes = 0;
  const guint allowed = 1 + bytes[size / 2] % 2u;

  for (gsize i = MIN (size, seed_size); i-- > 0;)
    if (bytes[i] != seed[i] && ++changes > allowed)
      bytes[i] = seed[i];
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  guint8 *copy, *arena;
  frt_image image;
  gsize arena_size;

  if (size < sizeof (struct frt_image_header))
    return 0;
  copy = aligned_alloc (FRT_ALIGNMENT,
                        (size + FRT_ALIGNMENT - 1) & ~(gsize)(FRT_ALIGNMENT - 1));
  memcpy (copy, bytes, size);
  soften (copy, size);
  repair (copy, size);
  if (frt_image_open (&image, copy, size, frt_all_kernels, frt_all_kernels_count)
          == FRT_OK
      && (arena_size = frt_image_arena_size (&image)) <= 1u << 20)
    {
      arena = aligned_alloc (FRT_ALIGNMENT, (arena_size + FRT_ALIGNMENT - 1)
                                                & ~(gsize)(FRT_ALIGNMENT - 1));
      memset (arena, 0x5A, arena_size);
      frt_image_reset (&image, arena);
      frt_image_run (&image, arena, arena_size, NULL);
      free (arena);
    }
  free (copy);
  return 0;
}
