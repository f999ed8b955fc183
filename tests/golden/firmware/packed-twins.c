/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed-twins.c: random layers for the packed kernels, computed by assembly and by its plain C twin.
 *
 * Twins are the same sources without __ARM_FEATURE_DSP; packed-twins.py gives their names the prefix
 * "twin_". Weights and channels are any bits that the kernels' checks let through, so that sums wrap, too.
 */
#include "frt.h"
#include "access.h"

#include "target-agent/boards/mps/semihost.h"
#include "target-agent/boards/mps/startup.h"

#include <string.h>

#define IMAGE_SIZE    32768u
#define ARENA_SIZE    16384u
#define OUTPUT_OFFSET 8192u
#define INPUT_2       4096u
#define SCRATCH       12288u

#define FOR_EACH_KERNEL(DO)                                                              \
  DO (frt_conv2d_s8_packed, make_convolution)                                            \
  DO (frt_depthwise_conv2d_s8_packed, make_depthwise)                                    \
  DO (frt_fully_connected_s8_packed, make_fully_connected)                               \
  DO (frt_add_s8_packed, make_add)                                                       \
  DO (frt_average_pool2d_s8_packed, make_average_pool)

/* The image of one layer, and two arenas that begin equal. */
struct layer
{
  struct frt_image_header header;
  struct frt_tensor tensors[3];
  uint16_t operands[4];
  union
  {
    struct frt_conv2d_s8_packed_parameters convolution;
    struct frt_depthwise_conv2d_s8_packed_parameters depthwise;
    struct frt_fully_connected_s8_packed_parameters fully_connected;
    struct frt_add_s8_packed_parameters add;
    struct frt_pool2d_s8_parameters pool;
  } parameters;
  _Alignas(16) uint8_t constants[IMAGE_SIZE];
};

static struct layer layer;
static struct frt_operator operator_;
static _Alignas(16) uint8_t arenas[2][ARENA_SIZE];
static uint32_t constants_used;
static uint32_t state = 2463534242u;

int main (void);

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

static int32_t
between (int32_t low, int32_t high)
{
  return low + (int32_t)(random_word () % (uint32_t)(high - low + 1));
}

static int
once_in (int32_t n)
{
  return between (1, n) == 1;
}

static void
fill_random (void *to, uint32_t size)
{
  uint8_t *bytes = to;

  for (uint32_t i = 0; i + 4 <= size; i += 4)
    {
      const uint32_t word = random_word ();

      memcpy (bytes + i, &word, sizeof word);
    }
}

static int32_t
random_depth (void)
{
  static const uint8_t depths[] = { 1, 3, 4, 5, 8, 16, 17 };

  return once_in (2) ? depths[between (0, sizeof depths - 1)] : between (1, 12);
}

static struct frt_tensor *
set_tensor (uint32_t number, uint32_t offset, int32_t n, int32_t height, int32_t width,
            int32_t depth)
{
  struct frt_tensor *tensor = &layer.tensors[number];

  *tensor = (struct frt_tensor){
    .type = FRT_INT8,
    .storage = FRT_STORAGE_ARENA,
    .rank = 4,
    .offset = offset,
    .size = (uint32_t)(n * height * width * depth),
    .dimensions = { n, height, width, depth, 1, 1 },
  };
  return tensor;
}

/* SIZE random bytes of the image. */
static uint32_t
add_constant (uint32_t size)
{
  const uint32_t offset = constants_used;

  fill_random (layer.constants + offset, size);
  constants_used += (size + 15) / 16 * 16;
  return (uint32_t)offsetof (struct layer, constants) + offset;
}

static void
make_channel (struct frt_packed_channel *channel)
{
  channel->shift = once_in (8) ? between (0, 31) : between (1, 12);
  if (once_in (4))
    return;
  channel->twice_bias = between (-20000, 20000);
  channel->multiplier = between (1 << 30, INT32_MAX);
  channel->rounding =
      (1 << (channel->shift & 15)) + between (-128, 127) * (1 << (channel->shift & 15));
}

/* For COUNT outputs, filled up. */
static uint32_t
add_channels (int32_t count)
{
  const uint32_t padded = (uint32_t)(count + 3) / 4 * 4;
  const uint32_t offset = add_constant (padded * sizeof (struct frt_packed_channel));
  struct frt_packed_channel *channels = (void *)((uint8_t *)&layer + offset);

  for (uint32_t i = 0; i < padded; i++)
    make_channel (&channels[i]);
  return offset;
}

static void
make_range (int32_t *minimum, int32_t *maximum)
{
  const int is_whole = once_in (2);

  *minimum = is_whole ? INT8_MIN : between (INT8_MIN, 0);
  *maximum = is_whole ? INT8_MAX : between (0, INT8_MAX);
}

static struct frt_window
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

/* Returns the taps of one output channel per channel of the input. */
static int32_t
set_planes (const struct frt_window *window, int32_t input_depth, int32_t output_depth)
{
  const int32_t n = between (1, 2), height = between (1, 5), width = between (1, 5);

  set_tensor (0, 0, n, height, width, input_depth);
  set_tensor (1, OUTPUT_OFFSET, n,
              random_positions (height, window->stride_height, window->padding_top),
              random_positions (width, window->stride_width, window->padding_left),
              output_depth);
  return window->height * window->width;
}

static uint32_t
round_taps (int32_t taps)
{
  return ((uint32_t)taps + FRT_PACKED_TAPS - 1) / FRT_PACKED_TAPS * FRT_PACKED_TAPS;
}

static void
make_convolution (void)
{
  struct frt_conv2d_s8_packed_parameters *parameters = &layer.parameters.convolution;
  const int32_t depth = random_depth (), outputs = between (1, 11);
  const struct frt_window window = random_window (2);
  const int32_t taps = depth * set_planes (&window, depth, outputs);

  parameters->window = window;
  parameters->weights_offset =
      add_constant (round_taps (taps) * (uint32_t)(outputs + 3) / 4 * 4);
  parameters->channels_offset = add_channels (outputs);
  parameters->input_zero_point = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_depthwise (void)
{
  struct frt_depthwise_conv2d_s8_packed_parameters *parameters =
      &layer.parameters.depthwise;
  const int32_t depth = between (4, 18);
  const struct frt_window window = random_window (2);
  const int32_t taps = set_planes (&window, depth, depth);

  parameters->window = window;
  parameters->weights_offset = add_constant ((uint32_t)(taps * (depth + 3) / 4 * 4) * 2);
  parameters->channels_offset = add_channels (depth);
  parameters->input_offset = between (-INT8_MAX, -INT8_MIN);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_fully_connected (void)
{
  struct frt_fully_connected_s8_packed_parameters *parameters =
      &layer.parameters.fully_connected;
  const int32_t depth = once_in (4) ? between (1, 200) : between (1, 40);
  const int32_t outputs = between (1, 18), rows = between (1, 3);

  set_tensor (0, 0, rows, 1, 1, depth);
  set_tensor (1, OUTPUT_OFFSET, rows, 1, 1, outputs);
  parameters->input_depth = (uint32_t)depth;
  parameters->weights_offset =
      add_constant (round_taps (depth) * (uint32_t)(outputs + 3) / 4 * 4);
  parameters->channels_offset = add_channels (outputs);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_add (void)
{
  struct frt_add_s8_packed_parameters *parameters = &layer.parameters.add;
  const int32_t height = between (1, 4), width = between (1, 4);
  const int32_t depth = random_depth ();

  set_tensor (0, 0, 1, height, width, depth);
  set_tensor (1, INPUT_2, 1, height, width, depth);
  set_tensor (2, OUTPUT_OFFSET, 1, height, width, depth);
  fill_random (parameters->channels, sizeof parameters->channels);
  make_channel (&parameters->channels[0]);
  make_channel (&parameters->channels[1]);
  if (once_in (4))
    parameters->channels[0].multiplier = 0;
  parameters->scaled_input = (uint32_t)between (0, 1);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_average_pool (void)
{
  struct frt_pool2d_s8_parameters *parameters = &layer.parameters.pool;
  const int32_t depth = between (4, 18);

  parameters->window = random_window (1);
  set_planes (&parameters->window, depth, depth);
  make_range (&parameters->minimum, &parameters->maximum);
}

/* A layer of KERNEL, made by MAKE, with random inputs. */
static frt_image
make_layer (const struct frt_kernel *kernel, void (*make) (void))
{
  constants_used = 0;
  make ();
  layer.header.size = sizeof layer;
  layer.header.packing = FRT_PACKING_ARMV7E_M;
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
agree (const char *name, const struct frt_kernel *kernel, const struct frt_kernel *twin,
       void (*make) (void))
{
  for (uint32_t i = 0; i < CASES; i++)
    {
      const frt_image image = make_layer (kernel, make);

      if (kernel->check (&image, &operator_) != FRT_OK
          || twin->check (&image, &operator_) != FRT_OK)
        {
          semihost_print (name);
          semihost_print (": a layer does not pass the check\n");
          return 0;
        }
      kernel->run (&image, &operator_, arenas[0]);
      twin->run (&image, &operator_, arenas[1]);
      if (memcmp (arenas[0], arenas[1], SCRATCH) != 0)
        {
          semihost_print (name);
          semihost_print (": assembly and C differ\n");
          return 0;
        }
    }
  return 1;
}

#define DECLARE_TWIN(name, make) extern const struct frt_kernel twin_##name;
FOR_EACH_KERNEL (DECLARE_TWIN)

int
main (void)
{
  int agreed = 1;

#define TRY(name, make) agreed &= agree (#name, &name, &twin_##name, make);
  FOR_EACH_KERNEL (TRY)
  return agreed ? 0 : 1;
}
