/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-shape-s8.c: pools, MEAN, PAD and RESHAPE of int8 against their definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <string.h>

#define N_CASES      10000
#define MAX_ELEMENTS 16384

static struct image_builder builder;
static int8_t x[MAX_ELEMENTS], y[MAX_ELEMENTS];

static void
run_unary (enum frt_kernel_id kernel, const int32_t *input_shape, unsigned input_rank,
           const int32_t *output_shape, unsigned output_rank, const void *parameters,
           size_t size)
{
  const void *inputs[] = { x };
  uint16_t input, output;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT8, input_rank, input_shape);
  output = image_builder_tensor (&builder, FRT_INT8, output_rank, output_shape);
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, parameters,
                          size);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
}

/* Rounded half away from zero; the largest; both over the cells inside the input. */
static int8_t
expected_pool (int average, const struct frt_pool2d_s8_parameters *p,
               const int32_t *shape, const int32_t at[4])
{
  const struct frt_window *w = &p->window;
  int32_t sum = 0, count = 0, largest = INT8_MIN;

  for (int32_t ky = 0; ky < w->height; ky++)
    for (int32_t kx = 0; kx < w->width; kx++)
      {
        const int32_t row = at[1] * w->stride_height + ky - w->padding_top;
        const int32_t column = at[2] * w->stride_width + kx - w->padding_left;
        int32_t value;

        if (row < 0 || row >= shape[1] || column < 0 || column >= shape[2])
          continue;
        value = x[((at[0] * shape[1] + row) * shape[2] + column) * shape[3] + at[3]];
        sum += value;
        largest = MAX (largest, value);
        count++;
      }
  if (average)
    largest =
        sum >= 0 ? (2 * sum + count) / (2 * count) : -((-2 * sum + count) / (2 * count));
  return (int8_t)CLAMP (largest, p->minimum, p->maximum);
}

static void
random_axis (int32_t *cells, int32_t *positions, uint16_t *taps, uint16_t *stride,
             uint16_t *padding)
{
  *cells = random_between (1, 8);
  *taps = (uint16_t)random_between (1, 5);
  *stride = (uint16_t)random_between (1, 3);
  *padding = (uint16_t)random_between (0, *taps - 1);
  *positions = random_between (1, (*cells - 1 + *padding) / *stride + 1);
}

static void
try_pool (int average)
{
  struct frt_pool2d_s8_parameters p = { .window = { .dilation_height = 1,
                                                    .dilation_width = 1 } };
  struct frt_window *w = &p.window;
  int32_t input[4], output[4], at[4];
  const int8_t *result = y;

  input[0] = output[0] = random_between (1, 2);
  input[3] = output[3] = random_between (1, 6);
  random_axis (&input[1], &output[1], &w->height, &w->stride_height, &w->padding_top);
  random_axis (&input[2], &output[2], &w->width, &w->stride_width, &w->padding_left);
  random_range_s8 (&p.minimum, &p.maximum);
  random_fill_s8 (x, sizeof x);
  run_unary (average ? FRT_KERNEL_AVERAGE_POOL2D_S8 : FRT_KERNEL_MAX_POOL2D_S8, input, 4,
             output, 4, &p, sizeof p);
  for (at[0] = 0; at[0] < output[0]; at[0]++)
    for (at[1] = 0; at[1] < output[1]; at[1]++)
      for (at[2] = 0; at[2] < output[2]; at[2]++)
        for (at[3] = 0; at[3] < output[3]; at[3]++)
          g_assert_cmpint (*result++, ==, expected_pool (average, &p, input, at));
}

static void
test_average_pool (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_pool (1);
}

static void
test_max_pool (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_pool (0);
}

static int32_t
volume (const int32_t *shape, unsigned rank)
{
  int32_t product = 1;

  for (unsigned i = 0; i < rank; i++)
    product *= shape[i];
  return product;
}

/* The coordinates of element INDEX. */
static void
coordinates (int32_t index, const int32_t *shape, unsigned rank, int32_t *at)
{
  for (unsigned axis = rank; axis-- > 0;)
    {
      at[axis] = index % shape[axis];
      index /= shape[axis];
    }
}

static int32_t
element (const int32_t *at, const int32_t *shape, unsigned rank)
{
  int32_t index = 0;

  for (unsigned axis = 0; axis < rank; axis++)
    index = index * shape[axis] + at[axis];
  return index;
}

static void
test_mean (void)
{
  for (int i = 0; i < N_CASES; i++)
    {
      const unsigned rank = (unsigned)random_between (1, FRT_MAX_RANK);
      struct frt_mean_s8_parameters p = {
        .axes = (uint32_t)random_between (0, (1 << rank) - 1),
        .input_offset_sum = random_between (-5000, 5000),
        .output_offset = random_between (-128, 127),
      };
      int32_t input[FRT_MAX_RANK], output[FRT_MAX_RANK], at[FRT_MAX_RANK];
      int64_t sums[MAX_ELEMENTS] = { 0 };

      for (unsigned axis = 0; axis < rank; axis++)
        {
          input[axis] = random_between (1, 4);
          output[axis] = p.axes >> axis & 1 ? 1 : input[axis];
        }
      random_multiplier (&p.multiplier, &p.shift);
      random_fill_s8 (x, sizeof x);
      run_unary (FRT_KERNEL_MEAN_S8, input, rank, output, rank, &p, sizeof p);
      for (int32_t k = 0; k < volume (input, rank); k++)
        {
          coordinates (k, input, rank, at);
          for (unsigned axis = 0; axis < rank; axis++)
            at[axis] = MIN (at[axis], output[axis] - 1);
          sums[element (at, output, rank)] += x[k];
        }
      for (int32_t k = 0; k < volume (output, rank); k++)
        g_assert_cmpint (
            y[k], ==,
            reference_narrow (
                reference_multiply (sums[k] + p.input_offset_sum, p.multiplier, p.shift),
                p.output_offset, -128, 127));
    }
}

static void
test_pad (void)
{
  for (int i = 0; i < N_CASES; i++)
    {
      const unsigned rank = (unsigned)random_between (0, FRT_MAX_RANK);
      struct frt_pad_parameters p = { .value = random_bits () };
      int32_t input[FRT_MAX_RANK], output[FRT_MAX_RANK], at[FRT_MAX_RANK];

      for (unsigned axis = 0; axis < rank; axis++)
        {
          input[axis] = random_between (1, 3);
          p.before[axis] = random_between (0, 1);
          output[axis] = input[axis] + p.before[axis] + random_between (0, 1);
        }
      random_fill_s8 (x, sizeof x);
      run_unary (FRT_KERNEL_PAD, input, rank, output, rank, &p, sizeof p);
      for (int32_t k = 0; k < volume (output, rank); k++)
        {
          int inside = 1;

          coordinates (k, output, rank, at);
          for (unsigned axis = 0; axis < rank; axis++)
            {
              at[axis] -= p.before[axis];
              inside = inside && at[axis] >= 0 && at[axis] < input[axis];
            }
          g_assert_cmpint (
              y[k], ==, inside ? x[element (at, input, rank)] : (int8_t)(p.value & 0xFF));
        }
    }
}

static void
test_copy (void)
{
  const int32_t input[] = { 2, 3, 5 }, output[] = { 30 };

  random_fill_s8 (x, 30);
  run_unary (FRT_KERNEL_COPY, input, 3, output, 1, NULL, 0);
  g_assert_cmpmem (x, 30, y, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/s8/average-pool2d", test_average_pool);
  g_test_add_func ("/runtime/s8/max-pool2d", test_max_pool);
  g_test_add_func ("/runtime/s8/mean", test_mean);
  g_test_add_func ("/runtime/s8/pad", test_pad);
  g_test_add_func ("/runtime/s8/copy", test_copy);
  return g_test_run ();
}
