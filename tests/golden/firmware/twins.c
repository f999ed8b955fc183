/* SPDX-License-Identifier: GPL-3.0-or-later */
/* twins.c: random layers, computed by assembly and by its plain C twin. */
#include "twins.h"
#include "dot_product.h"

#include "target-agent/boards/mps/semihost.h"
#include "target-agent/boards/mps/startup.h"

#include <string.h>

struct layer layer;
static struct frt_operator operator_;
static _Alignas(16) uint8_t arenas[2][ARENA_SIZE]; /* begin equal */
static uint32_t constants_used;
static uint32_t state = 2463534242u;

void
startup_systick (void)
{
}

/* Marsaglia's xorshift. */
static uint32_t
random_word (void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

int32_t
between (int32_t low, int32_t high)
{
  return low + (int32_t)(random_word () % (uint32_t)(high - low + 1));
}

int
once_in (int32_t n)
{
  return between (1, n) == 1;
}

void
fill_random (void *to, uint32_t size)
{
  uint8_t *bytes = to;

  for (uint32_t i = 0; i + 4 <= size; i += 4)
    {
      const uint32_t word = random_word ();

      memcpy (bytes + i, &word, sizeof word);
    }
}

int32_t
random_depth (void)
{
  static const uint8_t depths[] = { 1, 3, 4, 5, 8, 16, 17 };

  return once_in (2) ? depths[between (0, sizeof depths - 1)] : between (1, 12);
}

void
set_tensor (uint32_t number, uint32_t offset, int32_t n, int32_t height, int32_t width,
            int32_t depth)
{
  layer.tensors[number] = (struct frt_tensor){
    .type = FRT_INT8,
    .storage = FRT_STORAGE_ARENA,
    .rank = 4,
    .offset = offset,
    .size = (uint32_t)(n * height * width * depth),
    .dimensions = { n, height, width, depth, 1, 1 },
  };
}

/* SIZE random bytes of the image. */
uint32_t
add_constant (uint32_t size)
{
  const uint32_t offset = constants_used;

  fill_random (layer.constants + offset, size);
  constants_used += (size + 15) / 16 * 16;
  return (uint32_t)offsetof (struct layer, constants) + offset;
}

void
make_range (int32_t *minimum, int32_t *maximum)
{
  const int is_whole = once_in (2);

  *minimum = is_whole ? INT8_MIN : between (INT8_MIN, 0);
  *maximum = is_whole ? INT8_MAX : between (0, INT8_MAX);
}

struct frt_window
random_window (int32_t largest_dilation)
{
  struct frt_window window = {
    .height = (uint16_t)between (1, 4),
    .width = (uint16_t)between (1, 4),
    .stride_height = (uint16_t)between (1, 3),
    .stride_width = (uint16_t)between (1, 3),
    .dilation_height = (uint16_t)between (1, largest_dilation),
    .dilation_width = (uint16_t)between (1, largest_dilation),
  };

  window.padding_top =
      (uint16_t)between (0, (window.height - 1) * window.dilation_height);
  window.padding_left = (uint16_t)between (0, (window.width - 1) * window.dilation_width);
  return window;
}

/* Positions whose windows touch SIZE cells. */
static int32_t
random_positions (int32_t size, int32_t stride, int32_t padding)
{
  return between (1, (size - 1 + padding) / stride + 1);
}

int32_t
set_planes (const struct frt_window *window, int32_t input_depth, int32_t output_depth)
{
  const int32_t n = between (1, 2), height = between (1, 5);
  const int32_t width = once_in (3) ? between (1, 12) : between (1, 5);

  set_tensor (0, 0, n, height, width, input_depth);
  set_tensor (1, OUTPUT_OFFSET, n,
              random_positions (height, window->stride_height, window->padding_top),
              random_positions (width, window->stride_width, window->padding_left),
              output_depth);
  return window->height * window->width;
}

void
make_average_pool (void)
{
  struct frt_pool2d_s8_parameters *parameters = &layer.parameters.pool;
  const int32_t depth = between (4, 18);

  parameters->window = random_window (1);
  set_planes (&parameters->window, depth, depth);
  make_range (&parameters->minimum, &parameters->maximum);
}

/* A layer of TWINS with random inputs. */
static frt_image
make_layer (const struct twins *twins, uint16_t packing)
{
  const struct frt_kernel *kernel = twins->kernel;

  constants_used = 0;
  twins->make ();
  layer.header.size = sizeof layer;
  layer.header.packing = packing;
  for (uint16_t i = 0; i < 3; i++)
    layer.operands[i] = i;
  operator_ = (struct frt_operator){
    .kernel = kernel->id,
    .input_count = kernel->input_count,
    .output_count = kernel->output_count,
    .operands_offset = (uint32_t)offsetof (struct layer, operands),
    .parameters_offset = (uint32_t)offsetof (struct layer, parameters),
    .parameters_size = kernel->parameters_size,
    .scratch_offset = SCRATCH,
    .scratch_size = ARENA_SIZE - SCRATCH,
  };
  fill_random (arenas[0], OUTPUT_OFFSET);
  memcpy (arenas[1], arenas[0], OUTPUT_OFFSET);
  memset (arenas[0] + OUTPUT_OFFSET, 0, SCRATCH - OUTPUT_OFFSET);
  memset (arenas[1] + OUTPUT_OFFSET, 0, SCRATCH - OUTPUT_OFFSET);
  return (frt_image){
    .bytes = (const uint8_t *)&layer,
    .header = &layer.header,
    .tensors = layer.tensors,
    .operators = &operator_,
  };
}

static int
agree (const struct twins *twins, uint16_t packing)
{
  for (uint32_t i = 0; i < CASES; i++)
    {
      const frt_image image = make_layer (twins, packing);

      if (twins->kernel->check (&image, &operator_) != FRT_OK
          || twins->twin->check (&image, &operator_) != FRT_OK)
        {
          semihost_print (twins->name);
          semihost_print (": a layer does not pass the check\n");
          return 0;
        }
      twins->kernel->run (&image, &operator_, arenas[0]);
      twins->twin->run (&image, &operator_, arenas[1]);
      if (memcmp (arenas[0], arenas[1], SCRATCH) != 0)
        {
          semihost_print (twins->name);
          semihost_print (": assembly and C differ\n");
          return 0;
        }
    }
  return 1;
}

/* The dot products of this core against their definitions. */
static int
dot_products_agree (void)
{
  static int8_t x[64], w[64];
  static int16_t wide[64];
  const int32_t count = between (0, 60), first = between (0, 1);
  const int32_t offset = between (-INT8_MAX, -INT8_MIN);
  uint32_t sum_s8 = 0, sum_s4 = 0;
  int64_t sum_s16 = 0;

  fill_random (x, sizeof x);
  fill_random (w, sizeof w);
  fill_random (wide, sizeof wide);
  for (int32_t i = 0; i < count; i++)
    {
      sum_s8 += (uint32_t)(w[i] * (x[i] + offset));
      sum_s4 +=
          (uint32_t)(frt_unpack_s4 ((const uint8_t *)w, first + i) * (x[i] + offset));
      sum_s16 += w[i] * wide[i];
    }
  return frt_dot_product_s8 (x, w, count, offset) == sum_s8
         && frt_dot_product_s4 (x, (const uint8_t *)w, first, count, offset) == sum_s4
         && frt_dot_product_s16 (wide, w, count) == sum_s16;
}

int
twins_agree (const struct twins *twins, uint32_t count, uint16_t packing)
{
  int agreed = 1;

  for (uint32_t i = 0; i < count; i++)
    agreed &= agree (&twins[i], packing);
  for (uint32_t i = 0; i < CASES; i++)
    if (!dot_products_agree ())
      {
        semihost_print ("a dot product is not what its definition says\n");
        return 0;
      }
  return agreed;
}
