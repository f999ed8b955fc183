/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-image.c: opens mutated images and runs whatever was accepted, in a fixed arena. */
#include "fuzz.h"
#include "tests/fuzz/runtime/seed-elementwise.h"
#include "tests/fuzz/runtime/seed-movement.h"
#include "tests/unit/runtime/image-builder.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_SIZE 4096u

#define N_SEEDS 4u

struct seed
{
  uint8_t bytes[8192];
  size_t size;
};

/* Blocks of constants that every seed may point into. */
static int8_t weights[512];
static int32_t multipliers[8];
static const int8_t shifts[8] = { -8, -7, -6, -5, 1, 0, -31, -9 };

static void
fill_constants (void)
{
  for (size_t i = 0; i < sizeof weights; i++)
    weights[i] = (int8_t)(i * 37);
  for (size_t i = 0; i < sizeof multipliers / sizeof *multipliers; i++)
    multipliers[i] = (1 << 30) + (int32_t)i * 12345;
}

static uint16_t
add_tensor (struct image_builder *builder, enum frt_type type, int32_t height,
            int32_t width, int32_t depth)
{
  const int32_t shape[] = { 1, height, width, depth };

  return image_builder_tensor (builder, type, 4, shape);
}

/* CONV_2D, DEPTHWISE_CONV_2D, pools, ADD, PAD, MEAN, FULLY_CONNECTED, SOFTMAX. */
static void
build_s8 (struct image_builder *b)
{
  const uint32_t w = image_builder_block (b, weights, sizeof weights);
  const uint32_t m = image_builder_block (b, multipliers, sizeof multipliers);
  const uint32_t s = image_builder_block (b, shifts, sizeof shifts);
  const struct frt_window window = { 3, 3, 1, 1, 1, 1, 1, 1 };
  const struct frt_window pool = { 2, 2, 2, 2, 1, 1, 0, 0 };
  const struct frt_conv2d_s8_parameters conv = {
    window, w, 0, m, s, 1, 10, 3, -128, 127
  };
  const struct frt_pool2d_s8_parameters pooling = { pool, -128, 127 };
  const struct frt_binary_s8_parameters add = { 1,  2,       3,   1 << 30, -1,   1 << 30,
                                                -1, 1 << 30, -18, 20,      -128, 127 };
  const struct frt_pad_parameters pad = { { 0, 1, 1, 0, 0, 0 }, 5 };
  const struct frt_mean_s8_parameters mean = { 6, -16, 1, 1 << 30, -4 };
  const struct frt_fully_connected_s8_parameters dense = { w, m, m, s,    4,
                                                           3, 1, 2, -100, 100 };
  const struct frt_softmax_s8_parameters softmax = { 1 << 30, 23, -248 };
  const uint16_t t[] = {
    add_tensor (b, FRT_INT8, 6, 6, 4), add_tensor (b, FRT_INT8, 6, 6, 4),
    add_tensor (b, FRT_INT8, 6, 6, 8), add_tensor (b, FRT_INT8, 3, 3, 8),
    add_tensor (b, FRT_INT8, 2, 2, 8), add_tensor (b, FRT_INT8, 2, 2, 8),
    add_tensor (b, FRT_INT8, 4, 4, 8), add_tensor (b, FRT_INT8, 1, 1, 8),
    add_tensor (b, FRT_INT8, 1, 2, 5), add_tensor (b, FRT_INT8, 1, 2, 5),
  };

#define OPERATOR(kernel, x1, x2, y, p)                                                   \
  image_builder_operator (b, kernel, t[x1], x2, t[y], &p, sizeof p)
  OPERATOR (FRT_KERNEL_CONV2D_S8, 0, FRT_NO_TENSOR, 1, conv);
  OPERATOR (FRT_KERNEL_DEPTHWISE_CONV2D_S8, 1, FRT_NO_TENSOR, 2, conv);
  OPERATOR (FRT_KERNEL_MAX_POOL2D_S8, 2, FRT_NO_TENSOR, 3, pooling);
  OPERATOR (FRT_KERNEL_AVERAGE_POOL2D_S8, 3, FRT_NO_TENSOR, 4, pooling);
  OPERATOR (FRT_KERNEL_ADD_S8, 4, t[7], 5, add);
  OPERATOR (FRT_KERNEL_MUL_S8, 5, t[4], 5, add);
  OPERATOR (FRT_KERNEL_PAD, 5, FRT_NO_TENSOR, 6, pad);
  OPERATOR (FRT_KERNEL_MEAN_S8, 6, FRT_NO_TENSOR, 7, mean);
  OPERATOR (FRT_KERNEL_FULLY_CONNECTED_S8, 7, FRT_NO_TENSOR, 8, dense);
  OPERATOR (FRT_KERNEL_SOFTMAX_S8, 8, FRT_NO_TENSOR, 9, softmax);
  b->tensors[t[7]].flags = FRT_TENSOR_VARIABLE;
  image_builder_input (b, t[0]);
  image_builder_output (b, t[9]);
}

/* The same in float, and the conversions. */
static void
build_f32 (struct image_builder *b)
{
  float real[144];
  uint32_t w;
  const struct frt_window window = { 3, 3, 1, 1, 1, 1, 1, 1 };
  const struct frt_window pool = { 2, 2, 2, 2, 1, 1, 0, 0 };
  const uint16_t t[] = {
    add_tensor (b, FRT_FLOAT32, 4, 4, 4), add_tensor (b, FRT_FLOAT32, 4, 4, 4),
    add_tensor (b, FRT_FLOAT32, 4, 4, 4), add_tensor (b, FRT_FLOAT32, 2, 2, 4),
    add_tensor (b, FRT_FLOAT32, 1, 1, 4), add_tensor (b, FRT_FLOAT32, 1, 1, 4),
    add_tensor (b, FRT_INT8, 1, 1, 4),    add_tensor (b, FRT_INT8, 1, 4, 1),
    add_tensor (b, FRT_FLOAT32, 1, 4, 1),
  };

  for (size_t i = 0; i < sizeof real / sizeof *real; i++)
    real[i] = (float)i / 64.0f - 1.0f;
  w = image_builder_block (b, real, sizeof real);
  {
    const struct frt_conv2d_f32_parameters conv = { window, w, w, 1, -6.0f, 6.0f };
    const struct frt_pool2d_f32_parameters pooling = { pool, -6.0f, 6.0f };
    const struct frt_float_range_parameters range = { -6.0f, 6.0f };
    const struct frt_reduction_parameters mean = { 6 };
    const struct frt_fully_connected_f32_parameters dense = { w, w, 4, -6.0f, 6.0f };
    const struct frt_softmax_f32_parameters softmax = { 1.0f };
    const struct frt_quantize_parameters quantize = { 0.01f, -3 };
    const struct frt_requantize_s8_parameters requantize = {
      3, -1, 1 << 30, -1, -128, 127
    };
    const struct frt_clamp_s8_parameters clamp = { -100, 100 };

    OPERATOR (FRT_KERNEL_CONV2D_F32, 0, FRT_NO_TENSOR, 1, conv);
    OPERATOR (FRT_KERNEL_DEPTHWISE_CONV2D_F32, 1, FRT_NO_TENSOR, 2, conv);
    OPERATOR (FRT_KERNEL_MAX_POOL2D_F32, 2, FRT_NO_TENSOR, 3, pooling);
    OPERATOR (FRT_KERNEL_AVERAGE_POOL2D_F32, 3, FRT_NO_TENSOR, 4, pooling);
    OPERATOR (FRT_KERNEL_MEAN_F32, 3, FRT_NO_TENSOR, 5, mean);
    OPERATOR (FRT_KERNEL_ADD_F32, 4, t[5], 5, range);
    OPERATOR (FRT_KERNEL_MUL_F32, 2, t[5], 1, range);
    OPERATOR (FRT_KERNEL_FULLY_CONNECTED_F32, 5, FRT_NO_TENSOR, 4, dense);
    OPERATOR (FRT_KERNEL_CLAMP_F32, 4, FRT_NO_TENSOR, 4, range);
    OPERATOR (FRT_KERNEL_SOFTMAX_F32, 4, FRT_NO_TENSOR, 5, softmax);
    OPERATOR (FRT_KERNEL_QUANTIZE_F32, 5, FRT_NO_TENSOR, 6, quantize);
    OPERATOR (FRT_KERNEL_REQUANTIZE_S8, 6, FRT_NO_TENSOR, 6, requantize);
    OPERATOR (FRT_KERNEL_CLAMP_S8, 6, FRT_NO_TENSOR, 6, clamp);
    image_builder_operator (b, FRT_KERNEL_COPY, t[6], FRT_NO_TENSOR, t[7], NULL, 0);
    OPERATOR (FRT_KERNEL_DEQUANTIZE_F32, 7, FRT_NO_TENSOR, 8, quantize);
  }
#undef OPERATOR
  image_builder_input (b, t[0]);
  image_builder_output (b, t[8]);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static struct image_builder builder;
  frt_image image;

  if (index >= N_SEEDS)
    return 0;
  fill_constants ();
  image_builder_start (&builder);
  if (index == 0)
    build_s8 (&builder);
  else if (index == 1)
    build_f32 (&builder);
  else if (index == 2)
    build_movement (&builder);
  else
    build_elementwise (&builder);
  image_builder_finish (&builder);
  /* A seed that is refused would leave the kernels untested. */
  if (builder.size > capacity
      || frt_image_open (&image, builder.bytes, builder.size, frt_all_kernels,
                         frt_all_kernels_count)
             != FRT_OK)
    abort ();
  memcpy (buffer, builder.bytes, builder.size);
  return builder.size;
}

/* The seed that BYTES were made from, by the number of bytes they share. */
static const struct seed *
closest_seed (const uint8_t *bytes, size_t size)
{
  static struct seed seeds[N_SEEDS];
  const struct seed *closest = NULL;
  size_t most = 0;

  for (unsigned i = 0; i < N_SEEDS; i++)
    {
      size_t shared = 0;

      if (seeds[i].size == 0)
        seeds[i].size = fuzz_seed (i, seeds[i].bytes, sizeof seeds[i].bytes);
      for (size_t k = 0; k < size && k < seeds[i].size; k++)
        shared += bytes[k] == seeds[i].bytes[k];
      if (shared >= most)
        {
          most = shared;
          closest = &seeds[i];
        }
    }
  return closest;
}

/* Takes back all but the last few changes: an image with one wrong field often passes, one
 * with eight hardly ever, and what passes is what tests the executor. */
static void
soften (uint8_t *bytes, size_t size, const struct seed *seed)
{
  unsigned changes = 0;
  const unsigned allowed = 1 + bytes[size / 2] % 3u;

  for (size_t i = size < seed->size ? size : seed->size; i-- > 0;)
    if (bytes[i] != seed->bytes[i] && ++changes > allowed)
      bytes[i] = seed->bytes[i];
}

/* Makes the magic, the version, the size and the checksum right, so that mutations reach
 * what lies behind. */
static void
repair (uint8_t *bytes, size_t size)
{
  struct frt_image_header *header = (void *)bytes;

  header->magic = FRT_MAGIC;
  header->major = FRT_IMAGE_MAJOR;
  header->minor = FRT_IMAGE_MINOR;
  header->size = (uint32_t)size;
  image_builder_sign (bytes);
}

/* The arena is exactly as long as the image asks for, so that AddressSanitizer sees a byte
 * more. */
static void
run_image (const frt_image *image)
{
  const size_t size = frt_image_arena_size (image);
  uint8_t *arena;

  if (size > ARENA_SIZE)
    return;
  arena = aligned_alloc (FRT_ALIGNMENT, (size / FRT_ALIGNMENT + 1) * FRT_ALIGNMENT);
  if (arena == NULL)
    abort ();
  memset (arena, 0xA5, (size / FRT_ALIGNMENT + 1) * FRT_ALIGNMENT);
  frt_image_reset (image, arena);
  if (frt_image_run (image, arena, size, NULL) != FRT_OK)
    abort ();
  for (size_t i = size; i < (size / FRT_ALIGNMENT + 1) * FRT_ALIGNMENT; i++)
    if (arena[i] != 0xA5)
      abort ();
  free (arena);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  void *memory; /* exactly SIZE bytes, aligned */
  uint8_t *copy;
  frt_image image;
  int status;

  if (size == 0)
    return 0;
  if (posix_memalign (&memory, FRT_ALIGNMENT, size) != 0)
    abort ();
  copy = memory;
  memcpy (copy, bytes, size);
  if (size >= sizeof (struct frt_image_header))
    {
      const uint32_t choice = frt_crc32 (0, bytes, size) % 8;

      if (choice < 5)
        soften (copy, size, closest_seed (bytes, size));
      if (choice < 7) /* one in eight keeps its damaged checksum */
        repair (copy, size);
    }
  status = frt_image_open (&image, copy, size, frt_all_kernels, frt_all_kernels_count);
  if (status == FRT_OK)
    run_image (&image);
  else if (image.fault_offset >= size && size >= sizeof (struct frt_image_header))
    abort ();
  free (copy);
  return 0;
}
