/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-conversion.c: CAST, QUANTIZE and DEQUANTIZE of all types, against their definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N_CASES    10000
#define N_ELEMENTS 24

static const struct
{
  enum frt_type type;
  int bits;
  gboolean is_unsigned;
} kinds[] = {
  { FRT_INT8, 8, FALSE },    { FRT_INT16, 16, FALSE }, { FRT_UINT8, 8, TRUE },
  { FRT_INT32, 32, FALSE },  { FRT_INT64, 64, FALSE }, { FRT_BOOL, 1, TRUE },
  { FRT_FLOAT32, 0, FALSE },
};

#define N_NARROW    3 /* the first so many: int8, int16, uint8 */
#define N_QUANTIZED 4
#define FLOAT       6

static struct image_builder builder;
static union
{
  int8_t s8[N_ELEMENTS];
  uint8_t u8[N_ELEMENTS];
  int16_t s16[N_ELEMENTS];
  int32_t s32[N_ELEMENTS];
  int64_t s64[N_ELEMENTS];
  float f32[N_ELEMENTS];
} x, y;

static int64_t
minimum (int kind)
{
  return kinds[kind].is_unsigned ? 0 : INT64_MIN >> (64 - kinds[kind].bits);
}

static int64_t
maximum (int kind)
{
  if (kinds[kind].is_unsigned)
    return (1 << kinds[kind].bits) - 1;
  return INT64_MAX >> (64 - kinds[kind].bits);
}

static int64_t
get (int kind, int i)
{
  switch (kinds[kind].type)
    {
    case FRT_INT8:
      return y.s8[i];
    case FRT_INT16:
      return y.s16[i];
    case FRT_INT32:
      return y.s32[i];
    case FRT_INT64:
      return y.s64[i];
    default:
      return y.u8[i];
    }
}

/* Random values of KIND in X, which are also returned in VALUES. */
static void
fill (int kind, int64_t *values)
{
  for (int i = 0; i < N_ELEMENTS; i++)
    {
      int64_t value = (int64_t)((uint64_t)random_bits () << 32 | random_bits ());

      value = random_once_in (3) ? random_between (-300, 300)
                                 : value >> random_between (0, 63);
      values[i] = CLAMP (value, minimum (kind), maximum (kind));
      switch (kinds[kind].type)
        {
        case FRT_INT16:
          x.s16[i] = (int16_t)values[i];
          break;
        case FRT_INT32:
          x.s32[i] = (int32_t)values[i];
          break;
        case FRT_INT64:
          x.s64[i] = values[i];
          break;
        default:
          x.u8[i] = (uint8_t)(values[i] & 0xFF);
          break;
        }
    }
}

static void
run (enum frt_kernel_id kernel, int from, int to, const void *parameters, size_t size)
{
  const int32_t shape[] = { 2, N_ELEMENTS / 2 };
  const void *inputs[] = { &x };
  uint16_t input, output;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, kinds[from].type, 2, shape);
  output = image_builder_tensor (&builder, kinds[to].type, 2, shape);
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, parameters,
                          size);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, &y);
}

static void
test_requantize (void)
{
  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const int from = random_between (0, N_QUANTIZED - 1);
      const int to = random_between (0, N_QUANTIZED - 1);
      int64_t values[N_ELEMENTS];
      struct frt_requantize_parameters p = {
        .input_zero_point =
            random_between ((int32_t)minimum (from), (int32_t)maximum (from)),
        .output_zero_point =
            random_between ((int32_t)minimum (to), (int32_t)maximum (to)),
      };

      if (random_once_in (2))
        p.input_zero_point = p.output_zero_point = 0;
      random_multiplier (&p.multiplier, &p.shift);
      fill (from, values);
      run (FRT_KERNEL_REQUANTIZE, from, to, &p, sizeof p);
      for (int i = 0; i < N_ELEMENTS; i++)
        {
          const int64_t wanted =
              (int64_t)reference_multiply (values[i] - p.input_zero_point, p.multiplier,
                                           p.shift)
              + p.output_zero_point;

          g_assert_cmpint (get (to, i), ==, CLAMP (wanted, minimum (to), maximum (to)));
        }
    }
}

/* Half away from zero; all values on the way are exact. */
static int64_t
expected_quantized (float value, float scale, int32_t zero_point, int kind)
{
  const float quotient = value / scale;
  const double rounded =
      copysign (floor (fabs ((double)quotient) + 0.5), (double)quotient);

  return (int64_t)CLAMP (rounded + zero_point, (double)minimum (kind),
                         (double)maximum (kind));
}

static void
test_quantize (void)
{
  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const int to = random_between (0, N_NARROW - 1);
      const struct frt_quantize_parameters p = {
        random_once_in (2) ? 0.03125f : (float)random_between (1, 1 << 20) * 0x1p-24f,
        random_between ((int32_t)minimum (to), (int32_t)maximum (to)),
      };

      random_fill_f32 (x.f32, N_ELEMENTS);
      for (int i = 0; i < N_ELEMENTS; i++)
        x.f32[i] *= ldexpf (1.0f, random_between (-4, random_once_in (8) ? 100 : 12));
      if (random_once_in (2)) /* ties */
        for (int i = 0; i < N_ELEMENTS; i++)
          x.f32[i] = ((float)random_between (-400, 400) + 0.5f) * p.scale;
      run (FRT_KERNEL_QUANTIZE_F32, FLOAT, to, &p, sizeof p);
      for (int i = 0; i < N_ELEMENTS; i++)
        g_assert_cmpint (get (to, i), ==,
                         expected_quantized (x.f32[i], p.scale, p.zero_point, to));
    }
}

static void
test_dequantize (void)
{
  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const int from = random_between (0, N_NARROW - 1);
      const struct frt_dequantize_parameters p = {
        (float)random_between (1, INT32_MAX) * ldexpf (1.0f, random_between (-60, 0)),
        random_between ((int32_t)minimum (from), (int32_t)maximum (from)),
      };
      int64_t values[N_ELEMENTS];

      fill (from, values);
      run (FRT_KERNEL_DEQUANTIZE_F32, from, FLOAT, &p, sizeof p);
      for (int i = 0; i < N_ELEMENTS; i++)
        {
          const float wanted =
              (float)((double)p.scale * (double)(values[i] - p.zero_point));

          g_assert_cmpmem (&y.f32[i], sizeof wanted, &wanted, sizeof wanted);
        }
    }
}

/* VALUE modulo 2 ^ bits, in the range of KIND. */
static int64_t
wrap (int64_t value, int kind)
{
  const int unused = 64 - kinds[kind].bits;

  if (kinds[kind].type == FRT_BOOL)
    return value != 0;
  if (kinds[kind].is_unsigned)
    return (int64_t)((uint64_t)value << unused >> unused);
  return (int64_t)((uint64_t)value << unused) >> unused;
}

static void
test_cast_integers (void)
{
  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const int from = random_between (0, FLOAT - 1), to = random_between (0, FLOAT);
      int64_t values[N_ELEMENTS];

      fill (from, values);
      run (FRT_KERNEL_CAST, from, to, NULL, 0);
      for (int i = 0; i < N_ELEMENTS; i++)
        if (to == FLOAT)
          g_assert_cmpfloat (y.f32[i], ==, (float)values[i]);
        else
          g_assert_cmpint (get (to, i), ==, wrap (values[i], to));
    }
}

static int64_t
expected_cast (float value, int kind)
{
  const double whole = trunc ((double)value);

  if (kinds[kind].type == FRT_BOOL)
    return value != 0.0f;
  if (isnan (value))
    return 0;
  if (whole >= (double)maximum (kind))
    return maximum (kind);
  return whole <= (double)minimum (kind) ? minimum (kind) : (int64_t)whole;
}

static void
test_cast_floats (void)
{
  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const int to = random_between (0, FLOAT);

      random_fill_f32 (x.f32, N_ELEMENTS);
      for (int i = 0; i < N_ELEMENTS; i++)
        x.f32[i] *= ldexpf (1.0f, random_between (-2, random_once_in (4) ? 80 : 8));
      x.f32[0] = NAN;
      x.f32[1] = INFINITY;
      x.f32[2] = -INFINITY;
      x.f32[3] = -0.0f;
      run (FRT_KERNEL_CAST, FLOAT, to, NULL, 0);
      if (to == FLOAT)
        g_assert_cmpmem (&y, sizeof y.f32, &x, sizeof x.f32);
      for (int i = 0; to != FLOAT && i < N_ELEMENTS; i++)
        g_assert_cmpint (get (to, i), ==, expected_cast (x.f32[i], to));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/conversion/requantize", test_requantize);
  g_test_add_func ("/runtime/conversion/quantize", test_quantize);
  g_test_add_func ("/runtime/conversion/dequantize", test_dequantize);
  g_test_add_func ("/runtime/conversion/cast-integers", test_cast_integers);
  g_test_add_func ("/runtime/conversion/cast-floats", test_cast_floats);
  return g_test_run ();
}
