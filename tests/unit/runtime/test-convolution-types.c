/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-convolution-types.c: convolutions of int16 and with int4 weights, and transposed ones,
 * against their definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <string.h>

#define N_CASES      10000
#define MAX_DEPTH    12
#define MAX_ELEMENTS 2048

enum form
{
  CONVOLUTION,
  DEPTHWISE,
  TRANSPOSED,
};

/* One random layer; values of either type of activation are kept as int32. */
struct layer
{
  enum form form;
  struct frt_window window;
  int32_t input[4], output[4];
  int32_t input_offset;
  int32_t x[MAX_ELEMENTS];
  int8_t w[MAX_ELEMENTS];
  int64_t bias[MAX_DEPTH];
  int32_t multiplier[MAX_DEPTH];
  int8_t shift[MAX_DEPTH];
  int32_t n_weights;
};

static int32_t
volume (const int32_t *shape)
{
  return shape[0] * shape[1] * shape[2] * shape[3];
}

static void
random_shapes (struct layer *layer)
{
  struct frt_window *window = &layer->window;

  *window = (struct frt_window){
    .height = (uint16_t)random_between (1, 3),
    .width = (uint16_t)random_between (1, 3),
    .stride_height = (uint16_t)random_between (1, 3),
    .stride_width = (uint16_t)random_between (1, 3),
    .dilation_height = 1,
    .dilation_width = 1,
    .padding_top = (uint16_t)random_between (0, 3),
    .padding_left = (uint16_t)random_between (0, 3),
  };
  if (layer->form != TRANSPOSED)
    window->dilation_width = (uint16_t)random_between (1, 2);
  layer->input[0] = layer->output[0] = random_between (1, 2);
  for (int i = 1; i < 3; i++)
    {
      layer->input[i] = random_between (1, 5);
      layer->output[i] = random_between (1, 6);
    }
  layer->input[3] = random_between (1, 4);
  layer->output[3] = layer->form == DEPTHWISE ? layer->input[3] * random_between (1, 3)
                                              : random_between (1, MAX_DEPTH);
  layer->n_weights = window->height * window->width * layer->output[3]
                     * (layer->form == DEPTHWISE ? 1 : layer->input[3]);
}

/* Whether tap K of output position P lies over cell I of one axis. */
static int
meets (const struct layer *layer, int axis, int32_t p, int32_t i, int32_t k)
{
  const struct frt_window *window = &layer->window;
  const int32_t stride = axis == 1 ? window->stride_height : window->stride_width;
  const int32_t dilation = axis == 1 ? window->dilation_height : window->dilation_width;
  const int32_t padding = axis == 1 ? window->padding_top : window->padding_left;

  return layer->form == TRANSPOSED ? p == i * stride + k - padding
                                   : i == p * stride + k * dilation - padding;
}

/* The products of one tap over one cell, of output channel O. */
static int64_t
cell_sum (const struct layer *layer, const int32_t *x, int32_t tap, int32_t o)
{
  const int32_t depth = layer->input[3], outputs = layer->output[3];
  const int32_t taps = layer->window.height * layer->window.width;
  int64_t sum = 0;

  if (layer->form == DEPTHWISE)
    return (int64_t)layer->w[tap * outputs + o]
           * (x[o / (outputs / depth)] + layer->input_offset);
  for (int32_t c = 0; c < depth; c++)
    sum += (int64_t)layer->w[(o * taps + tap) * depth + c] * (x[c] + layer->input_offset);
  return sum;
}

static int64_t
expected_sum (const struct layer *layer, int32_t n, int32_t row, int32_t column,
              int32_t o)
{
  int64_t sum = 0;

  for (int32_t y = 0; y < layer->input[1]; y++)
    for (int32_t x = 0; x < layer->input[2]; x++)
      for (int32_t ky = 0; ky < layer->window.height; ky++)
        for (int32_t kx = 0; kx < layer->window.width; kx++)
          if (meets (layer, 1, row, y, ky) && meets (layer, 2, column, x, kx))
            sum += cell_sum (layer,
                             layer->x
                                 + ((n * layer->input[1] + y) * layer->input[2] + x)
                                       * layer->input[3],
                             ky * layer->window.width + kx, o);
  return sum;
}

/* MultiplyByQuantizedMultiplier of a 64-bit value, from its definition. */
static int32_t
wide_multiply (int64_t value, int32_t multiplier, int shift)
{
  const int32_t rounded =
      multiplier >= 0x7FFF0000 ? 0x7FFF : (multiplier + 0x8000) / 65536;
  const int64_t unit = (int64_t)1 << (15 - shift);
  const int64_t shifted = (int64_t)value * rounded + unit / 2;

  return (int32_t)(shifted >= 0 ? shifted / unit : -((-shifted + unit - 1) / unit));
}

static void
random_constants (struct layer *layer, int is_s16, int is_w4)
{
  const int32_t limit = is_w4 ? 8 : 128, reach = is_s16 ? 32768 : 128;

  layer->input_offset = is_s16 ? 0 : random_between (-127, 128);
  for (int i = 0; i < MAX_ELEMENTS; i++)
    {
      layer->x[i] = random_between (-reach, reach - 1);
      layer->w[i] = (int8_t)random_between (-limit, limit - 1);
    }
  for (int i = 0; i < MAX_DEPTH; i++)
    {
      int32_t shift;

      random_multiplier (&layer->multiplier[i], &shift);
      layer->shift[i] = (int8_t)MIN (shift, 7);
      layer->bias[i] = random_between (-1000000, 1000000);
    }
}

static uint32_t
add_weights (struct image_builder *builder, const struct layer *layer, int is_w4)
{
  uint8_t packed[MAX_ELEMENTS / 2 + 1] = { 0 };

  if (!is_w4)
    return image_builder_block (builder, layer->w, (size_t)layer->n_weights);
  for (int32_t i = 0; i < layer->n_weights; i++)
    packed[i / 2] |= (uint8_t)((layer->w[i] & 0xF) << (i % 2 * 4));
  return image_builder_block (builder, packed, (size_t)(layer->n_weights + 1) / 2);
}

static void
try_s8 (enum form form, enum frt_kernel_id kernel, int is_w4)
{
  static struct image_builder builder;
  static struct layer layer;
  static int8_t x[MAX_ELEMENTS], y[MAX_ELEMENTS];
  const void *inputs[] = { x };
  int32_t bias[MAX_DEPTH], at = 0;
  struct frt_conv2d_s8_parameters p = { .groups = 1, .minimum = -128, .maximum = 127 };
  uint16_t input, output;

  layer.form = form;
  random_shapes (&layer);
  random_constants (&layer, 0, is_w4);
  for (int i = 0; i < MAX_ELEMENTS; i++)
    x[i] = (int8_t)layer.x[i];
  for (int i = 0; i < MAX_DEPTH; i++)
    bias[i] = (int32_t)layer.bias[i];
  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT8, 4, layer.input);
  output = image_builder_tensor (&builder, FRT_INT8, 4, layer.output);
  p.window = layer.window;
  p.input_offset = layer.input_offset;
  p.output_offset = random_between (-128, 127);
  p.weights_offset = add_weights (&builder, &layer, is_w4);
  p.bias_offset = image_builder_block (&builder, bias, sizeof bias);
  p.multiplier_offset =
      image_builder_block (&builder, layer.multiplier, sizeof layer.multiplier);
  p.shift_offset = image_builder_block (&builder, layer.shift, sizeof layer.shift);
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
  for (int32_t n = 0; n < layer.output[0]; n++)
    for (int32_t row = 0; row < layer.output[1]; row++)
      for (int32_t column = 0; column < layer.output[2]; column++)
        for (int32_t o = 0; o < layer.output[3]; o++)
          g_assert_cmpint (
              y[at++], ==,
              reference_narrow (
                  reference_multiply (expected_sum (&layer, n, row, column, o) + bias[o],
                                      layer.multiplier[o], layer.shift[o]),
                  p.output_offset, -128, 127));
  g_assert_cmpint (at, ==, volume (layer.output));
}

static void
try_s16 (enum form form, enum frt_kernel_id kernel)
{
  static struct image_builder builder;
  static struct layer layer;
  static int16_t x[MAX_ELEMENTS], y[MAX_ELEMENTS];
  const void *inputs[] = { x };
  const int is_wide = random_once_in (2);
  int32_t narrow[MAX_DEPTH], at = 0;
  struct frt_conv2d_s16_parameters p = {
    .groups = 1,
    .output = { .accumulator_bits = is_wide ? 64 : 32,
                .minimum = -32768,
                .maximum = 32767 },
  };
  uint16_t input, output;

  layer.form = form;
  random_shapes (&layer);
  random_constants (&layer, 1, 0);
  for (int i = 0; i < MAX_ELEMENTS; i++)
    x[i] = (int16_t)layer.x[i];
  for (int i = 0; i < MAX_DEPTH; i++)
    narrow[i] = (int32_t)layer.bias[i];
  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT16, 4, layer.input);
  output = image_builder_tensor (&builder, FRT_INT16, 4, layer.output);
  p.window = layer.window;
  p.weights_offset = add_weights (&builder, &layer, 0);
  p.output.bias_offset =
      is_wide ? image_builder_block (&builder, layer.bias, sizeof layer.bias)
              : image_builder_block (&builder, narrow, sizeof narrow);
  p.output.multiplier_offset =
      image_builder_block (&builder, layer.multiplier, sizeof layer.multiplier);
  p.output.shift_offset = image_builder_block (&builder, layer.shift, sizeof layer.shift);
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
  for (int32_t n = 0; n < layer.output[0]; n++)
    for (int32_t row = 0; row < layer.output[1]; row++)
      for (int32_t column = 0; column < layer.output[2]; column++)
        for (int32_t o = 0; o < layer.output[3]; o++)
          {
            const int64_t sum = expected_sum (&layer, n, row, column, o) + layer.bias[o];
            const int32_t scaled =
                is_wide ? wide_multiply (sum, layer.multiplier[o], layer.shift[o])
                        : reference_multiply (sum, layer.multiplier[o], layer.shift[o]);

            g_assert_cmpint (y[at++], ==, CLAMP (scaled, -32768, 32767));
          }
}

static void
test_int4_weights (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_s8 (CONVOLUTION, FRT_KERNEL_CONV2D_S8_W4, 1);
      try_s8 (DEPTHWISE, FRT_KERNEL_DEPTHWISE_CONV2D_S8_W4, 1);
    }
}

static void
test_transposed (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_s8 (TRANSPOSED, FRT_KERNEL_TRANSPOSE_CONV_S8, 0);
      try_s16 (TRANSPOSED, FRT_KERNEL_TRANSPOSE_CONV_S16);
    }
}

static void
test_int16 (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_s16 (CONVOLUTION, FRT_KERNEL_CONV2D_S16);
      try_s16 (DEPTHWISE, FRT_KERNEL_DEPTHWISE_CONV2D_S16);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/convolution/int4-weights", test_int4_weights);
  g_test_add_func ("/runtime/convolution/transposed", test_transposed);
  g_test_add_func ("/runtime/convolution/int16", test_int16);
  return g_test_run ();
}
