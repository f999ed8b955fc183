/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-elementwise-unary.c: kernels of one input: int16, tables of int8, bool and float. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N_CASES 10000
#define LENGTH  40

static struct image_builder builder;
static const int32_t shape[] = { 5, 8 };
static int16_t x[LENGTH], y[LENGTH];

/* BLOCK, if any, goes into the image; its offset is written at *OFFSET, which lies in PARAMETERS. */
static void
run_unary (enum frt_kernel_id kernel, enum frt_type type, const void *parameters,
           size_t size, const void *block, size_t block_size, uint32_t *offset,
           const void *values, void *result)
{
  uint16_t input, output;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, type, 2, shape);
  output = image_builder_tensor (&builder, type, 2, shape);
  if (block != NULL)
    *offset = image_builder_block (&builder, block, block_size);
  if (random_once_in (3))
    builder.tensors[output].offset = builder.tensors[input].offset;
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, parameters,
                          size);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, &values, result);
}

static void
random_fill_s16 (void)
{
  const int is_small = random_once_in (3);

  for (int i = 0; i < LENGTH; i++)
    x[i] = (int16_t)(is_small ? random_between (-40, 40)
                              : random_between (INT16_MIN, INT16_MAX));
  x[0] = INT16_MIN;
  x[1] = INT16_MAX;
  x[2] = 0;
}

static int64_t
narrow_s16 (int64_t value)
{
  return CLAMP (value, INT16_MIN, INT16_MAX);
}

static void
test_clamp (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_integer_range_parameters p;

      p.minimum = random_between (INT16_MIN, INT16_MAX);
      p.maximum = random_between (p.minimum, INT16_MAX);
      random_fill_s16 ();
      run_unary (FRT_KERNEL_CLAMP_S16, FRT_INT16, &p, sizeof p, NULL, 0, NULL, x, y);
      for (int k = 0; k < LENGTH; k++)
        g_assert_cmpint (y[k], ==, CLAMP (x[k], p.minimum, p.maximum));
    }
}

static void
try_requantize (int is_absolute)
{
  struct frt_requantize_s8_parameters p = {
    .input_offset = random_once_in (2) ? 0 : random_between (-INT16_MAX, -INT16_MIN),
    .output_offset = random_once_in (2) ? 0 : random_between (INT16_MIN, INT16_MAX),
    .minimum = random_between (INT16_MIN, 0),
    .maximum = random_between (0, INT16_MAX),
  };

  random_multiplier (&p.multiplier, &p.shift);
  random_fill_s16 ();
  run_unary (is_absolute ? FRT_KERNEL_ABS_S16 : FRT_KERNEL_REQUANTIZE_S16, FRT_INT16, &p,
             sizeof p, NULL, 0, NULL, x, y);
  for (int k = 0; k < LENGTH; k++)
    {
      const int64_t value = x[k] + p.input_offset;
      const int64_t scaled =
          reference_multiply (is_absolute ? ABS (value) : value, p.multiplier, p.shift);

      g_assert_cmpint (y[k], ==, CLAMP (scaled + p.output_offset, p.minimum, p.maximum));
    }
}

static void
test_requantize (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_requantize (0);
      try_requantize (1);
    }
}

static void
test_leaky_relu (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_leaky_relu_s16_parameters p = {
        .input_offset = random_once_in (2) ? 0 : random_between (-INT16_MAX, -INT16_MIN),
        .output_offset = random_once_in (2) ? 0 : random_between (INT16_MIN, INT16_MAX),
        .negates = (uint32_t)random_between (0, 1),
      };

      random_multiplier (&p.positive_multiplier, &p.positive_shift);
      random_multiplier (&p.negative_multiplier, &p.negative_shift);
      random_fill_s16 ();
      run_unary (FRT_KERNEL_LEAKY_RELU_S16, FRT_INT16, &p, sizeof p, NULL, 0, NULL, x, y);
      for (int k = 0; k < LENGTH; k++)
        {
          const int64_t d = x[k] + p.input_offset;
          int64_t value =
              d >= 0 ? reference_multiply (d, p.positive_multiplier, p.positive_shift)
                     : reference_multiply (d, p.negative_multiplier, p.negative_shift);

          if (d < 0 && p.negates) /* modulo 2^32 */
            value = (int32_t)(uint32_t)-value;
          g_assert_cmpint (y[k], ==, narrow_s16 (value + p.output_offset));
        }
    }
}

/* Against real numbers: the table and its interpolation are good to 2 of 32768 steps. */
static void
test_sigmoids (void)
{
  uint16_t table[256];

  for (int k = 0; k < 256; k++)
    table[k] = (uint16_t)fmin (65535, 65536 / (1 + exp (-k / 24.0)));
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const int is_tanh = random_once_in (2);
      struct frt_sigmoid_s16_parameters p = { .multiplier = random_between (1, INT16_MAX),
                                              .shift = random_between (0, 31) };

      random_fill_s16 ();
      run_unary (is_tanh ? FRT_KERNEL_TANH_S16 : FRT_KERNEL_LOGISTIC_S16, FRT_INT16, &p,
                 sizeof p, table, sizeof table, &p.table_offset, x, y);
      for (int k = 0; k < LENGTH; k++)
        {
          const double z =
              floor (ldexp ((double)x[k] * p.multiplier, -p.shift) + 0.5) / (3 * 4096.0);
          const double real = is_tanh ? tanh (z) : 1 / (1 + exp (-z));

          /* Beyond the table, at 10.6, results are saturated. */
          g_assert_cmpfloat (fabs (y[k] - 32768 * real), <=, 4.0);
        }
    }
}

static void
test_rsqrt (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_rsqrt_s16_parameters p = { .multiplier =
                                                random_between (1 << 30, INT32_MAX),
                                            .shift = random_between (-12, -2) };

      random_fill_s16 ();
      run_unary (FRT_KERNEL_RSQRT_S16, FRT_INT16, &p, sizeof p, NULL, 0, NULL, x, y);
      for (int k = 0; k < LENGTH; k++)
        {
          const double factor = ldexp ((double)p.multiplier, p.shift - 31 + 20);
          const double real =
              x[k] > 0 ? fmin (factor / sqrt (x[k]), INT16_MAX) : INT16_MAX;

          /* The root has 20 fraction bits and 5 steps of Newton's method. */
          g_assert_cmpfloat (fabs (y[k] - real), <=, 1.0 + 1e-3 * real);
        }
    }
}

static void
test_lookup (void)
{
  int8_t values[LENGTH], result[LENGTH], table[256];

  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_lookup_parameters p;

      random_fill_s8 (table, sizeof table);
      random_fill_s8 (values, sizeof values);
      run_unary (FRT_KERNEL_LOOKUP_S8, FRT_INT8, &p, sizeof p, table, sizeof table,
                 &p.table_offset, values, result);
      for (int k = 0; k < LENGTH; k++)
        g_assert_cmpint (result[k], ==,
                         table[values[k] < 0 ? values[k] + 256 : values[k]]);
    }
}

static void
test_not (void)
{
  uint8_t values[LENGTH], result[LENGTH];

  for (int k = 0; k < LENGTH; k++)
    values[k] = (uint8_t)(k % 3); /* any byte but 0 is true */
  run_unary (FRT_KERNEL_LOGICAL_NOT, FRT_BOOL, NULL, 0, NULL, 0, NULL, values, result);
  for (int k = 0; k < LENGTH; k++)
    g_assert_cmpint (result[k], ==, k % 3 == 0);
}

static double
square_root_inverse (double value)
{
  return 1 / sqrt (value);
}

static double
square (double value)
{
  return value * value;
}

static double
negative (double value)
{
  return -value;
}

static double
logistic (double value)
{
  return 1 / (1 + exp (-value));
}

static double
elu (double value)
{
  return value < 0 ? expm1 (value) : value;
}

static double
gelu (double value)
{
  return value * 0.5 * erfc (-value / sqrt (2));
}

static double
gelu_tanh (double value)
{
  return value * 0.5
         * (1 + tanh (sqrt (2 / G_PI) * (value + 0.044715 * value * value * value)));
}

static double
hard_swish (double value)
{
  return value * CLAMP (value + 3, 0, 6) / 6;
}

/* Absolute or relative, whichever is larger, at most BOUND. */
static void
assert_near (double got, double want, double bound)
{
  if (isnan (want))
    g_assert_true (isnan (got));
  else if (isinf (want))
    g_assert_true (got == want);
  else
    g_assert_cmpfloat (fabs (got - want), <=, bound * MAX (1.0, fabs (want)));
}

static void
test_float (void)
{
  static const struct
  {
    enum frt_kernel_id kernel;
    double (*function) (double value);
    double bound;
  } functions[] = {
    { FRT_KERNEL_ABS_F32, fabs, 0 },
    { FRT_KERNEL_NEG_F32, negative, 0 },
    { FRT_KERNEL_SQRT_F32, sqrt, 1e-6 },
    { FRT_KERNEL_RSQRT_F32, square_root_inverse, 1e-6 },
    { FRT_KERNEL_LOG_F32, log, 1e-6 },
    { FRT_KERNEL_EXP_F32, exp, 1e-6 },
    { FRT_KERNEL_SQUARE_F32, square, 1e-6 },
    { FRT_KERNEL_FLOOR_F32, floor, 0 },
    { FRT_KERNEL_CEIL_F32, ceil, 0 },
    { FRT_KERNEL_ROUND_F32, rint, 0 },
    { FRT_KERNEL_SIN_F32, sin, 1e-6 },
    { FRT_KERNEL_COS_F32, cos, 1e-6 },
    { FRT_KERNEL_LOGISTIC_F32, logistic, 1e-6 },
    { FRT_KERNEL_TANH_F32, tanh, 1e-6 },
    { FRT_KERNEL_ELU_F32, elu, 1e-6 },
    { FRT_KERNEL_GELU_F32, gelu, 2e-6 },
    { FRT_KERNEL_GELU_TANH_F32, gelu_tanh, 2e-6 },
    { FRT_KERNEL_HARD_SWISH_F32, hard_swish, 1e-6 },
  };
  float values[LENGTH], result[LENGTH];

  for (int i = property_cases (500); i > 0; i--)
    for (size_t f = 0; f < G_N_ELEMENTS (functions); f++)
      {
        random_fill_f32 (values, LENGTH);
        for (int k = 0; k < LENGTH / 2; k++)
          values[k] *= 8;
        values[LENGTH - 1] = 0;
        values[LENGTH - 2] = 2.5f;
        run_unary (functions[f].kernel, FRT_FLOAT32, NULL, 0, NULL, 0, NULL, values,
                   result);
        for (int k = 0; k < LENGTH; k++)
          assert_near ((double)result[k], functions[f].function ((double)values[k]),
                       functions[f].bound);
      }
}

static void
test_leaky_relu_float (void)
{
  const struct frt_leaky_relu_f32_parameters p = { -0.25f };
  float values[LENGTH], result[LENGTH];

  random_fill_f32 (values, LENGTH);
  run_unary (FRT_KERNEL_LEAKY_RELU_F32, FRT_FLOAT32, &p, sizeof p, NULL, 0, NULL, values,
             result);
  for (int k = 0; k < LENGTH; k++)
    g_assert_true (result[k] == (values[k] > 0 ? values[k] : values[k] * -0.25f));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/unary/clamp-s16", test_clamp);
  g_test_add_func ("/runtime/unary/requantize-s16", test_requantize);
  g_test_add_func ("/runtime/unary/leaky-relu-s16", test_leaky_relu);
  g_test_add_func ("/runtime/unary/sigmoids-s16", test_sigmoids);
  g_test_add_func ("/runtime/unary/rsqrt-s16", test_rsqrt);
  g_test_add_func ("/runtime/unary/lookup-s8", test_lookup);
  g_test_add_func ("/runtime/unary/not", test_not);
  g_test_add_func ("/runtime/unary/float", test_float);
  g_test_add_func ("/runtime/unary/leaky-relu-float", test_leaky_relu_float);
  return g_test_run ();
}
