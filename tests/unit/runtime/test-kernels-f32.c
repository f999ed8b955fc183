/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-kernels-f32.c: float kernels against the same sums in double.
 *
 * The bounds are those of runtime/README.md. */
#include "harness.h"

#include <float.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#define N_CASES      3000
#define MAX_ELEMENTS 4096

static struct image_builder builder;
static float x[MAX_ELEMENTS], x2[MAX_ELEMENTS], w[MAX_ELEMENTS], bias[64],
    y[MAX_ELEMENTS];

static void
run_operator (enum frt_kernel_id kernel, const int32_t *input_shape, unsigned input_rank,
              const int32_t *second_shape, const int32_t *output_shape,
              unsigned output_rank, const void *parameters, size_t size)
{
  const void *inputs[] = { x, x2 };
  uint16_t input, second = FRT_NO_TENSOR, output;

  input = image_builder_tensor (&builder, FRT_FLOAT32, input_rank, input_shape);
  if (second_shape != NULL)
    second = image_builder_tensor (&builder, FRT_FLOAT32, input_rank, second_shape);
  output = image_builder_tensor (&builder, FRT_FLOAT32, output_rank, output_shape);
  image_builder_operator (&builder, kernel, input, second, output, parameters, size);
  image_builder_input (&builder, input);
  if (second_shape != NULL)
    image_builder_input (&builder, second);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
}

static void
fill_inputs (void)
{
  random_fill_f32 (x, MAX_ELEMENTS);
  random_fill_f32 (x2, MAX_ELEMENTS);
  random_fill_f32 (w, MAX_ELEMENTS);
  random_fill_f32 (bias, G_N_ELEMENTS (bias));
  image_builder_start (&builder);
}

static void
assert_near (float value, double expected, double magnitude, int terms)
{
  const double bound = (terms + 2) * 0x1p-24 * magnitude + (double)FLT_MIN;

  if (!(fabs (value - expected) <= bound))
    g_error ("%.9g instead of %.9g, further than %g", value, expected, bound);
}

struct geometry
{
  struct frt_window window;
  int32_t input[4], output[4];
};

static void
random_axis (int32_t *cells, int32_t *positions, uint16_t *taps, uint16_t *stride,
             uint16_t *dilation, uint16_t *padding)
{
  *cells = random_between (1, 6);
  *taps = (uint16_t)random_between (1, 3);
  *stride = (uint16_t)random_between (1, 2);
  *dilation = *dilation == 0 ? (uint16_t)random_between (1, 2) : *dilation;
  *padding = (uint16_t)random_between (0, (*taps - 1) * *dilation);
  *positions = random_between (1, (*cells - 1 + *padding) / *stride + 1);
}

/* DILATION 0: any. */
static struct geometry
random_geometry (uint16_t dilation)
{
  struct geometry g = { .window = { .dilation_height = dilation,
                                    .dilation_width = dilation } };
  struct frt_window *window = &g.window;

  g.input[0] = g.output[0] = random_between (1, 2);
  g.input[3] = g.output[3] = random_between (1, 6);
  random_axis (&g.input[1], &g.output[1], &window->height, &window->stride_height,
               &window->dilation_height, &window->padding_top);
  random_axis (&g.input[2], &g.output[2], &window->width, &window->stride_width,
               &window->dilation_width, &window->padding_left);
  return g;
}

/* The input under tap TAP of output position AT; FALSE if that is outside. */
static gboolean
tap_value (const struct geometry *g, const int32_t at[4], int32_t tap, int32_t channel,
           double *value)
{
  const struct frt_window *window = &g->window;
  const int32_t row = at[1] * window->stride_height
                      + tap / window->width * window->dilation_height
                      - window->padding_top;
  const int32_t column = at[2] * window->stride_width
                         + tap % window->width * window->dilation_width
                         - window->padding_left;

  if (row < 0 || row >= g->input[1] || column < 0 || column >= g->input[2])
    return FALSE;
  *value =
      x[((at[0] * g->input[1] + row) * g->input[2] + column) * g->input[3] + channel];
  return TRUE;
}

static void
advance (const int32_t *shape, int32_t at[4])
{
  for (int axis = 3; axis >= 0; axis--)
    {
      if (++at[axis] < shape[axis])
        return;
      at[axis] = 0;
    }
}

static void
check_convolution (const struct geometry *g, int32_t groups, gboolean depthwise,
                   const struct frt_conv2d_f32_parameters *p)
{
  const int32_t taps = g->window.height * g->window.width;
  const int32_t depth = depthwise ? 1 : g->input[3] / groups;
  const int32_t count = g->output[0] * g->output[1] * g->output[2] * g->output[3];
  int32_t at[4] = { 0 };

  for (int32_t i = 0; i < count; i++, advance (g->output, at))
    {
      const int32_t o = at[3];
      const int32_t first = depthwise ? o / (g->output[3] / g->input[3])
                                      : o / (g->output[3] / groups) * depth;
      double sum = p->bias_offset != 0 ? (double)bias[o] : 0.0, magnitude = fabs (sum);

      for (int32_t k = 0; k < taps * depth; k++)
        {
          const double weight =
              depthwise ? w[k * g->output[3] + o] : w[o * taps * depth + k];
          double value;

          if (tap_value (g, at, k / depth, first + k % depth, &value))
            {
              sum += weight * value;
              magnitude += fabs (weight * value);
            }
        }
      assert_near (y[i], CLAMP (sum, (double)p->minimum, (double)p->maximum), magnitude,
                   taps * depth);
    }
}

static void
try_convolution (gboolean depthwise)
{
  struct geometry g = random_geometry (0);
  const int32_t groups = depthwise ? 1 : random_between (1, 3);
  struct frt_conv2d_f32_parameters p = {
    .window = g.window,
    .groups = (uint32_t)groups,
    .minimum = random_once_in (2) ? -INFINITY : 0.0f,
    .maximum = random_once_in (2) ? INFINITY : 6.0f,
  };

  g.input[3] *= groups;
  g.output[3] = depthwise ? g.input[3] * random_between (1, 2) : groups * 2;
  fill_inputs ();
  p.weights_offset = image_builder_block (&builder, w, sizeof w);
  p.bias_offset =
      random_once_in (3) ? 0 : image_builder_block (&builder, bias, sizeof bias);
  run_operator (depthwise ? FRT_KERNEL_DEPTHWISE_CONV2D_F32 : FRT_KERNEL_CONV2D_F32,
                g.input, 4, NULL, g.output, 4, &p, sizeof p);
  check_convolution (&g, groups, depthwise, &p);
}

static void
test_convolution (void)
{
  for (int i = 0; i < 2 * N_CASES; i++)
    try_convolution (i % 2);
}

static void
test_pools (void)
{
  for (int i = 0; i < 2 * N_CASES; i++)
    {
      const struct geometry g = random_geometry (1);
      const struct frt_pool2d_f32_parameters p = { g.window, -1.5f, 1.5f };
      const int32_t count = g.output[0] * g.output[1] * g.output[2] * g.output[3];
      int32_t at[4] = { 0 };

      fill_inputs ();
      run_operator (i % 2 ? FRT_KERNEL_AVERAGE_POOL2D_F32 : FRT_KERNEL_MAX_POOL2D_F32,
                    g.input, 4, NULL, g.output, 4, &p, sizeof p);
      for (int32_t k = 0; k < count; k++, advance (g.output, at))
        {
          double sum = 0, largest = -INFINITY, value;
          int32_t inside = 0;

          for (int32_t tap = 0; tap < g.window.height * g.window.width; tap++)
            if (tap_value (&g, at, tap, at[3], &value))
              {
                sum += value;
                largest = MAX (largest, value);
                inside++;
              }
          value = i % 2 ? sum / inside : largest;
          assert_near (y[k], CLAMP (value, -1.5, 1.5), 2.0, inside);
        }
    }
}

static void
test_fully_connected (void)
{
  for (int i = 0; i < N_CASES; i++)
    {
      const int32_t rows = random_between (1, 4), depth = random_between (1, 60);
      const int32_t outputs = random_between (1, 20);
      const int32_t input[] = { rows, 1, depth }, output[] = { rows, outputs };
      struct frt_fully_connected_f32_parameters p = { .input_depth = (uint32_t)depth,
                                                      .minimum = -20.0f,
                                                      .maximum = 20.0f };

      fill_inputs ();
      p.weights_offset = image_builder_block (&builder, w, sizeof w);
      p.bias_offset = image_builder_block (&builder, bias, sizeof bias);
      run_operator (FRT_KERNEL_FULLY_CONNECTED_F32, input, 3, NULL, output, 2, &p,
                    sizeof p);
      for (int32_t k = 0; k < rows * outputs; k++)
        {
          double sum = bias[k % outputs], magnitude = fabs (sum);

          for (int32_t d = 0; d < depth; d++)
            {
              const double product =
                  (double)w[k % outputs * depth + d] * (double)x[k / outputs * depth + d];

              sum += product;
              magnitude += fabs (product);
            }
          assert_near (y[k], CLAMP (sum, -20.0, 20.0), magnitude, depth);
        }
    }
}

static void
test_elementwise (void)
{
  static const enum frt_kernel_id kernels[] = { FRT_KERNEL_ADD_F32, FRT_KERNEL_MUL_F32,
                                                FRT_KERNEL_CLAMP_F32 };
  const struct frt_float_range_parameters p = { -1.0f, 2.5f };

  for (int i = 0; i < N_CASES; i++)
    {
      const enum frt_kernel_id kernel = kernels[i % 3];
      const int32_t shape[] = { 3, random_between (1, 9) };
      const int32_t second[] = { random_once_in (2) ? 1 : 3,
                                 random_once_in (2) ? 1 : shape[1] };

      fill_inputs ();
      run_operator (kernel, shape, 2, kernel == FRT_KERNEL_CLAMP_F32 ? NULL : second,
                    shape, 2, &p, sizeof p);
      for (int32_t k = 0; k < shape[0] * shape[1]; k++)
        {
          const int32_t row = second[0] == 1 ? 0 : k / shape[1];
          const int32_t column = second[1] == 1 ? 0 : k % shape[1];
          const float other = x2[row * second[1] + column];
          const float value = kernel == FRT_KERNEL_ADD_F32   ? x[k] + other
                              : kernel == FRT_KERNEL_MUL_F32 ? x[k] * other
                                                             : x[k];

          g_assert_true (y[k] == CLAMP (value, p.minimum, p.maximum));
        }
    }
}

static void
test_softmax (void)
{
  for (int i = 0; i < N_CASES; i++)
    {
      const int32_t depth = random_between (1, 30), shape[] = { 2, depth };
      const struct frt_softmax_f32_parameters p = { (float)random_between (1, 64)
                                                    / 8.0f };

      fill_inputs ();
      run_operator (FRT_KERNEL_SOFTMAX_F32, shape, 2, NULL, shape, 2, &p, sizeof p);
      for (int32_t row = 0; row < 2; row++)
        {
          double sum = 0;

          for (int32_t k = 0; k < depth; k++)
            sum += exp ((double)x[row * depth + k] * (double)p.beta);
          for (int32_t k = 0; k < depth; k++)
            {
              const double value =
                  exp ((double)x[row * depth + k] * (double)p.beta) / sum;

              /* the exponent, up to 32, is rounded before exp */
              assert_near (y[row * depth + k], value, value, depth + 40);
            }
        }
    }
}

static void
test_mean (void)
{
  const int32_t input[] = { 2, 5, 7, 3 }, output[] = { 2, 3 };
  const struct frt_reduction_parameters p = { 1 << 1 | 1 << 2 };

  for (int i = 0; i < 100; i++)
    {
      fill_inputs ();
      run_operator (FRT_KERNEL_MEAN_F32, input, 4, NULL, output, 2, &p, sizeof p);
      for (int32_t k = 0; k < 6; k++)
        {
          double sum = 0;

          for (int32_t cell = 0; cell < 35; cell++)
            sum += x[(k / 3 * 35 + cell) * 3 + k % 3];
          assert_near (y[k], sum / 35, 2.0, 35);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/f32/convolution", test_convolution);
  g_test_add_func ("/runtime/f32/pools", test_pools);
  g_test_add_func ("/runtime/f32/fully-connected", test_fully_connected);
  g_test_add_func ("/runtime/f32/elementwise", test_elementwise);
  g_test_add_func ("/runtime/f32/softmax", test_softmax);
  g_test_add_func ("/runtime/f32/mean", test_mean);
  return g_test_run ();
}
