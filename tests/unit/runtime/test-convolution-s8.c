/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-convolution-s8.c: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED against their
 * definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <string.h>

#define N_CASES      10000
#define MAX_DEPTH    40
#define MAX_ELEMENTS 8192

/* The shapes of one random convolution; tap k of position p reads cell
 * p * stride + k * dilation - padding. */
struct geometry
{
  struct frt_window window;
  int32_t input[4], output[4];
  int32_t groups; /* 0: depthwise */
};

struct channel_constants
{
  int32_t bias[MAX_DEPTH];
  int32_t multiplier[MAX_DEPTH];
  int8_t shift[MAX_DEPTH];
};

static void
random_axis (int32_t *cells, int32_t *positions, uint16_t *taps, uint16_t *stride,
             uint16_t *dilation, uint16_t *padding)
{
  *cells = random_between (1, 7);
  *taps = (uint16_t)random_between (1, 4);
  *stride = (uint16_t)random_between (1, 3);
  *dilation = random_once_in (3) ? (uint16_t)random_between (1, 3) : 1;
  *padding = (uint16_t)random_between (0, (*taps - 1) * *dilation);
  *positions = random_between (1, (*cells - 1 + *padding) / *stride + 1);
  /* Positions before and behind the input, where only the bias is left. */
  if (random_once_in (8))
    {
      *padding = (uint16_t)(*padding + random_between (0, 3));
      *positions += random_between (0, 3);
    }
}

static struct geometry
random_geometry (int depthwise)
{
  struct geometry g = { .groups = depthwise ? 0 : random_between (1, 3) };
  struct frt_window *w = &g.window;

  g.input[0] = g.output[0] = random_between (1, 2);
  random_axis (&g.input[1], &g.output[1], &w->height, &w->stride_height,
               &w->dilation_height, &w->padding_top);
  random_axis (&g.input[2], &g.output[2], &w->width, &w->stride_width, &w->dilation_width,
               &w->padding_left);
  if (depthwise)
    {
      g.input[3] = random_between (1, 20);
      g.output[3] = g.input[3] * random_between (1, 2);
    }
  else
    {
      g.input[3] = g.groups * random_between (1, 5);
      g.output[3] = g.groups * random_between (1, 3);
    }
  return g;
}

static void
random_channels (struct channel_constants *constants, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    {
      int32_t shift;

      constants->bias[i] =
          random_once_in (50) ? (int32_t)random_bits () : random_between (-30000, 30000);
      random_multiplier (&constants->multiplier[i], &shift);
      constants->shift[i] = (int8_t)shift;
    }
}

static int8_t
cell (const struct geometry *g, const int8_t *x, int32_t n, int32_t row, int32_t column,
      int32_t c)
{
  return x[((n * g->input[1] + row) * g->input[2] + column) * g->input[3] + c];
}

/* The sum that output element (N, ROW, COLUMN, O) is made of, without bias. */
static int64_t
expected_sum (const struct geometry *g, const int8_t *x, const int8_t *w, int32_t offset,
              const int32_t at[4])
{
  const struct frt_window *window = &g->window;
  const int32_t depth = g->groups == 0 ? 1 : g->input[3] / g->groups;
  const int32_t first = g->groups == 0 ? at[3] / (g->output[3] / g->input[3])
                                       : at[3] / (g->output[3] / g->groups) * depth;
  int64_t sum = 0;

  for (int32_t ky = 0; ky < window->height; ky++)
    for (int32_t kx = 0; kx < window->width; kx++)
      for (int32_t c = 0; c < depth; c++)
        {
          const int32_t row = at[1] * window->stride_height + ky * window->dilation_height
                              - window->padding_top;
          const int32_t column = at[2] * window->stride_width
                                 + kx * window->dilation_width - window->padding_left;
          const int32_t tap = ky * window->width + kx;
          const int32_t weight =
              g->groups == 0
                  ? w[tap * g->output[3] + at[3]]
                  : w[(at[3] * window->height * window->width + tap) * depth + c];

          if (row >= 0 && row < g->input[1] && column >= 0 && column < g->input[2])
            sum += weight * (cell (g, x, at[0], row, column, first + c) + offset);
        }
  return sum;
}

static void
compute_expected (const struct geometry *g, const struct frt_conv2d_s8_parameters *p,
                  const struct channel_constants *constants, const int8_t *x,
                  const int8_t *w, int8_t *y)
{
  int32_t at[4];

  for (at[0] = 0; at[0] < g->output[0]; at[0]++)
    for (at[1] = 0; at[1] < g->output[1]; at[1]++)
      for (at[2] = 0; at[2] < g->output[2]; at[2]++)
        for (at[3] = 0; at[3] < g->output[3]; at[3]++)
          {
            const int64_t bias = p->bias_offset != 0 ? constants->bias[at[3]] : 0;
            const int64_t sum = expected_sum (g, x, w, p->input_offset, at) + bias;

            *y++ =
                reference_narrow (reference_multiply (sum, constants->multiplier[at[3]],
                                                      constants->shift[at[3]]),
                                  p->output_offset, p->minimum, p->maximum);
          }
}

static int32_t
volume (const int32_t *shape)
{
  return shape[0] * shape[1] * shape[2] * shape[3];
}

static void
try_convolution (int depthwise)
{
  static struct image_builder builder;
  static int8_t x[MAX_ELEMENTS], w[MAX_ELEMENTS], y[MAX_ELEMENTS], expected[MAX_ELEMENTS];
  const struct geometry g = random_geometry (depthwise);
  const void *inputs[] = { x };
  struct channel_constants constants;
  struct frt_conv2d_s8_parameters p = {
    .window = g.window,
    .groups = depthwise ? 1 : (uint32_t)g.groups,
    .input_offset = random_between (-127, 128),
    .output_offset = random_between (-128, 127),
  };
  uint16_t input, output;

  random_range_s8 (&p.minimum, &p.maximum);
  random_channels (&constants, g.output[3]);
  random_fill_s8 (x, sizeof x);
  random_fill_s8 (w, sizeof w);
  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT8, 4, g.input);
  output = image_builder_tensor (&builder, FRT_INT8, 4, g.output);
  p.weights_offset =
      image_builder_block (&builder, w,
                           (size_t)(g.window.height * g.window.width * g.output[3]
                                    * (depthwise ? 1 : g.input[3] / g.groups)));
  p.bias_offset = random_once_in (5) ? 0
                                     : image_builder_block (&builder, constants.bias,
                                                            sizeof constants.bias);
  p.multiplier_offset =
      image_builder_block (&builder, constants.multiplier, sizeof constants.multiplier);
  p.shift_offset =
      image_builder_block (&builder, constants.shift, sizeof constants.shift);
  image_builder_operator (
      &builder, depthwise ? FRT_KERNEL_DEPTHWISE_CONV2D_S8 : FRT_KERNEL_CONV2D_S8, input,
      FRT_NO_TENSOR, output, &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
  compute_expected (&g, &p, &constants, x, w, expected);
  g_assert_cmpmem (y, volume (g.output), expected, volume (g.output));
}

static void
test_conv2d (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_convolution (0);
}

static void
test_depthwise_conv2d (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_convolution (1);
}

static void
try_fully_connected (void)
{
  static struct image_builder builder;
  int8_t x[256], w[1024], y[256], expected[256];
  const int32_t rows = random_between (1, 4), depth = random_between (1, 40);
  const int32_t outputs = random_between (1, 24);
  const int32_t input_shape[] = { rows, depth }, output_shape[] = { rows, outputs };
  const void *inputs[] = { x };
  struct channel_constants constants;
  struct frt_fully_connected_s8_parameters p = {
    .input_depth = (uint32_t)depth,
    .input_offset = random_between (-127, 128),
    .weights_zero_offset = random_once_in (3) ? random_between (-127, 128) : 0,
    .output_offset = random_between (-128, 127),
  };
  uint16_t input, output;

  random_range_s8 (&p.minimum, &p.maximum);
  random_channels (&constants, outputs);
  random_fill_s8 (x, sizeof x);
  random_fill_s8 (w, sizeof w);
  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT8, 2, input_shape);
  output = image_builder_tensor (&builder, FRT_INT8, 2, output_shape);
  p.weights_offset = image_builder_block (&builder, w, (size_t)(outputs * depth));
  p.bias_offset = random_once_in (5) ? 0
                                     : image_builder_block (&builder, constants.bias,
                                                            sizeof constants.bias);
  p.multiplier_offset =
      image_builder_block (&builder, constants.multiplier, sizeof constants.multiplier);
  p.shift_offset =
      image_builder_block (&builder, constants.shift, sizeof constants.shift);
  image_builder_operator (&builder, FRT_KERNEL_FULLY_CONNECTED_S8, input, FRT_NO_TENSOR,
                          output, &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
  for (int32_t i = 0; i < rows * outputs; i++)
    {
      const int32_t o = i % outputs;
      int64_t sum = p.bias_offset != 0 ? constants.bias[o] : 0;

      for (int32_t k = 0; k < depth; k++)
        sum += (w[o * depth + k] + p.weights_zero_offset)
               * (x[i / outputs * depth + k] + p.input_offset);
      expected[i] = reference_narrow (
          reference_multiply (sum, constants.multiplier[o], constants.shift[o]),
          p.output_offset, p.minimum, p.maximum);
    }
  g_assert_cmpmem (y, rows * outputs, expected, rows * outputs);
}

static void
test_fully_connected (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_fully_connected ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/s8/conv2d", test_conv2d);
  g_test_add_func ("/runtime/s8/depthwise-conv2d", test_depthwise_conv2d);
  g_test_add_func ("/runtime/s8/fully-connected", test_fully_connected);
  return g_test_run ();
}
