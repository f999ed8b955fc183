/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-reductions.c: MEAN of int16, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX and ARG_MIN against their
 * definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <math.h>

#define N_CASES      10000
#define MAX_ELEMENTS 4096 /* four to the power of FRT_MAX_RANK */

static struct image_builder builder;

/* A random shape, some of whose axes are reduced to 1. */
typedef struct
{
  unsigned rank;
  uint32_t axes;
  int32_t input[FRT_MAX_RANK], output[FRT_MAX_RANK];
  int32_t n_inputs, n_outputs;
} Reduction;

static Reduction
random_reduction (void)
{
  Reduction r = { .rank = (unsigned)random_between (1, FRT_MAX_RANK),
                  .n_inputs = 1,
                  .n_outputs = 1 };

  r.axes = (uint32_t)random_between (0, (1 << r.rank) - 1);
  for (unsigned axis = 0; axis < r.rank; axis++)
    {
      r.input[axis] = random_between (1, 4);
      r.output[axis] = r.axes >> axis & 1 ? 1 : r.input[axis];
      r.n_inputs *= r.input[axis];
      r.n_outputs *= r.output[axis];
    }
  return r;
}

/* Which output element INDEX of the input goes into. */
static int32_t
target (const Reduction *r, int32_t index)
{
  int32_t result = 0, stride = 1;

  for (unsigned axis = r->rank; axis-- > 0;)
    {
      const int32_t at = index % r->input[axis];

      index /= r->input[axis];
      result += r->output[axis] == 1 ? 0 : at * stride;
      stride *= r->output[axis];
    }
  return result;
}

static void
run (enum frt_kernel_id kernel, const Reduction *r, enum frt_type input_type,
     enum frt_type output_type, const void *x, const void *parameters, size_t size,
     void *y)
{
  uint16_t input, output;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, input_type, r->rank, r->input);
  output = image_builder_tensor (&builder, output_type, r->rank, r->output);
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, parameters,
                          size);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, &x, y);
}

static void
test_mean_s16 (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const Reduction r = random_reduction ();
      struct frt_mean_s8_parameters p = {
        .axes = r.axes,
        .input_offset_sum = random_between (-100000, 100000),
        .output_offset = random_once_in (2) ? 0 : random_between (INT16_MIN, INT16_MAX),
      };
      int16_t x[MAX_ELEMENTS], y[MAX_ELEMENTS];
      int64_t sums[MAX_ELEMENTS] = { 0 };

      random_multiplier (&p.multiplier, &p.shift);
      for (int32_t k = 0; k < r.n_inputs; k++)
        {
          x[k] = (int16_t)random_between (INT16_MIN, INT16_MAX);
          sums[target (&r, k)] += x[k];
        }
      run (FRT_KERNEL_MEAN_S16, &r, FRT_INT16, FRT_INT16, x, &p, sizeof p, y);
      for (int32_t k = 0; k < r.n_outputs; k++)
        {
          const int64_t value = (int64_t)reference_multiply (sums[k] + p.input_offset_sum,
                                                             p.multiplier, p.shift)
                                + p.output_offset;

          g_assert_cmpint (y[k], ==, CLAMP (value, INT16_MIN, INT16_MAX));
        }
    }
}

static void
test_sum_f32 (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const Reduction r = random_reduction ();
      const struct frt_reduction_parameters p = { r.axes };
      float x[MAX_ELEMENTS], y[MAX_ELEMENTS];
      double sums[MAX_ELEMENTS] = { 0 }, magnitudes[MAX_ELEMENTS] = { 0 };
      const int32_t n_terms = r.n_inputs / r.n_outputs;

      random_fill_f32 (x, (size_t)r.n_inputs);
      for (int32_t k = 0; k < r.n_inputs; k++)
        {
          sums[target (&r, k)] += (double)x[k];
          magnitudes[target (&r, k)] += (double)fabsf (x[k]);
        }
      run (FRT_KERNEL_SUM_F32, &r, FRT_FLOAT32, FRT_FLOAT32, x, &p, sizeof p, y);
      for (int32_t k = 0; k < r.n_outputs; k++)
        g_assert_cmpfloat (fabs ((double)y[k] - sums[k]), <=,
                           (n_terms + 2) * 0x1p-24 * magnitudes[k]);
    }
}

/* Through an order-preserving map to float, one test serves both types. */
static void
try_extreme (gboolean is_float, gboolean largest)
{
  const Reduction r = random_reduction ();
  const struct frt_reduction_parameters p = { r.axes };
  float x[MAX_ELEMENTS], y[MAX_ELEMENTS], expected[MAX_ELEMENTS];
  int8_t small[MAX_ELEMENTS], result[MAX_ELEMENTS];

  random_fill_s8 (small, (size_t)r.n_inputs);
  for (int32_t k = 0; k < r.n_outputs; k++)
    expected[k] = largest ? -1000.0f : 1000.0f;
  for (int32_t k = 0; k < r.n_inputs; k++)
    {
      float *extreme = &expected[target (&r, k)];

      x[k] = small[k];
      *extreme = largest ? MAX (*extreme, x[k]) : MIN (*extreme, x[k]);
    }
  if (is_float)
    run (largest ? FRT_KERNEL_REDUCE_MAX_F32 : FRT_KERNEL_REDUCE_MIN_F32, &r, FRT_FLOAT32,
         FRT_FLOAT32, x, &p, sizeof p, y);
  else
    run (largest ? FRT_KERNEL_REDUCE_MAX_S8 : FRT_KERNEL_REDUCE_MIN_S8, &r, FRT_INT8,
         FRT_INT8, small, &p, sizeof p, result);
  for (int32_t k = 0; k < r.n_outputs; k++)
    g_assert_cmpfloat (is_float ? y[k] : result[k], ==, expected[k]);
}

static void
test_extremes (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    try_extreme (i & 1, i & 2);
}

static void
try_index (gboolean is_float, gboolean largest, gboolean is_wide)
{
  static const enum frt_kernel_id kernels[2][2] = {
    { FRT_KERNEL_ARG_MIN_S8, FRT_KERNEL_ARG_MIN_F32 },
    { FRT_KERNEL_ARG_MAX_S8, FRT_KERNEL_ARG_MAX_F32 },
  };
  Reduction r = random_reduction ();
  struct frt_arg_extreme_parameters p = { (uint32_t)random_between (0, (int)r.rank - 1) };
  float x[MAX_ELEMENTS];
  int8_t small[MAX_ELEMENTS];
  int64_t wide[MAX_ELEMENTS];
  int32_t narrow[MAX_ELEMENTS], best[MAX_ELEMENTS], places[MAX_ELEMENTS] = { 0 };
  float extremes[MAX_ELEMENTS];

  r.n_outputs = r.n_inputs / r.input[p.axis];
  for (unsigned axis = 0; axis < r.rank; axis++)
    r.output[axis] = axis == p.axis ? 1 : r.input[axis];
  random_fill_s8 (small, (size_t)r.n_inputs); /* often with equals */
  for (int32_t k = 0; k < r.n_inputs; k++)
    {
      const int32_t at = target (&r, k);

      x[k] = small[k];
      if (places[at] == 0 || (largest ? x[k] > extremes[at] : x[k] < extremes[at]))
        {
          best[at] = places[at];
          extremes[at] = x[k];
        }
      places[at]++;
    }
  run (kernels[largest ? 1 : 0][is_float ? 1 : 0], &r, is_float ? FRT_FLOAT32 : FRT_INT8,
       is_wide ? FRT_INT64 : FRT_INT32, is_float ? (void *)x : small, &p, sizeof p,
       is_wide ? (void *)wide : narrow);
  for (int32_t k = 0; k < r.n_outputs; k++)
    g_assert_cmpint (is_wide ? wide[k] : narrow[k], ==, best[k]);
}

static void
test_indices (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    try_index (i & 1, i & 2, i & 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/reductions/mean-s16", test_mean_s16);
  g_test_add_func ("/runtime/reductions/sum-f32", test_sum_f32);
  g_test_add_func ("/runtime/reductions/extremes", test_extremes);
  g_test_add_func ("/runtime/reductions/indices", test_indices);
  return g_test_run ();
}
