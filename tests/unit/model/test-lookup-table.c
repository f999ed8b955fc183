/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-lookup-table.c: int8 functions as tables, against their definitions in plain words. */
#include "model/lookup-table.h"
#include "model/multiplier.h"
#include "model/sigmoid-table.h"
#include "tests/unit/runtime/reference.h"

#include <math.h>

#define N_CASES 400 /* of 256 values each */

static int
count_cases (void)
{
  const char *wanted = g_getenv ("FETTLE_PROPERTY_CASES");

  return wanted != NULL ? MAX (atoi (wanted) / 256, 1) : N_CASES;
}

static FettleLookupScales
random_scales (void)
{
  FettleLookupScales scales = {
    .input_scale = (float)exp2 (g_test_rand_double_range (-9, -2)),
    .output_scale = (float)exp2 (g_test_rand_double_range (-9, -2)),
    .input_zero = g_test_rand_int_range (-128, 128),
    .output_zero = g_test_rand_int_range (-128, 128),
  };

  if (g_test_rand_int_range (0, 3) == 0) /* powers of two, where ties are exact */
    {
      scales.input_scale = exp2f (roundf (log2f (scales.input_scale)));
      scales.output_scale = exp2f (roundf (log2f (scales.output_scale)));
    }
  return scales;
}

static void
fill (FettleOpcode opcode, float alpha, const FettleLookupScales *scales, gint8 *table)
{
  FettleOperator *operator_ = fettle_operator_new (opcode, "layer");
  g_autoptr (GError) error = NULL;

  operator_->options.alpha = alpha;
  fettle_lookup_table_fill (operator_, scales, table, &error);
  g_assert_no_error (error);
  fettle_operator_free (operator_);
}

static gint64
narrow (gint64 value)
{
  return CLAMP (value, -128, 127);
}

/* MBQM with a real factor. */
static gint64
scale_by (gint64 value, double factor)
{
  gint32 multiplier;
  int shift;

  fettle_quantize_multiplier (factor, &multiplier, &shift);
  return reference_multiply (value, multiplier, shift);
}

static void
test_leaky_relu (void)
{
  static const float alphas[] = { 0.01f, 0.3f, 1.5f, -0.3f, 0.0f };
  gint8 table[FETTLE_LOOKUP_LENGTH];

  for (int i = count_cases (); i > 0; i--)
    {
      FettleLookupScales s = random_scales ();
      float alpha = alphas[i % 5];
      float slope = s.input_scale * alpha / s.output_scale;

      fill (FETTLE_OPCODE_LEAKY_RELU, alpha, &s, table);
      for (int x = -128; x < 128; x++)
        {
          int d = x - s.input_zero;
          gint64 value = d >= 0 ? scale_by (d, (double)(s.input_scale / s.output_scale))
                                : scale_by (d, fabs ((double)slope));

          if (d < 0 && slope < 0)
            value = -value;
          g_assert_cmpint (table[x & 255], ==, narrow (value + s.output_zero));
        }
    }
}

static void
test_abs (void)
{
  gint8 table[FETTLE_LOOKUP_LENGTH];

  for (int i = count_cases (); i > 0; i--)
    {
      FettleLookupScales s = random_scales ();

      fill (FETTLE_OPCODE_ABS, 0, &s, table);
      for (int x = -128; x < 128; x++)
        g_assert_cmpint (table[x & 255], ==,
                         narrow (scale_by (abs (x - s.input_zero),
                                           (double)(s.input_scale / s.output_scale))
                                 + s.output_zero));
    }
}

/* Nearest, ties upwards. */
static gint64
high_multiply_16 (gint64 a, gint64 b)
{
  return (gint64)floor ((double)(a * b) / 32768 + 0.5);
}

/* Nearest, ties away from 0. */
static gint64
divide_16 (gint64 value, int shift)
{
  return (gint64)round (ldexp ((double)value, -shift));
}

static gint64
saturate_16 (gint64 value)
{
  return CLAMP (value, -32768, 32767);
}

static void
quantize_16 (float factor, gint64 *multiplier, int *shift)
{
  gint32 wide;

  fettle_quantize_multiplier ((double)factor, &wide, shift);
  *multiplier = MIN (32767, ((gint64)wide + 32768) >> 16);
}

static gint64
hard_swish (const FettleLookupScales *s, int x)
{
  float fine = s->input_scale * 0.0078125f;
  gint64 v = (x - s->input_zero) * 128, gate = v, output_multiplier, gate_multiplier;
  int output_shift, gate_shift;

  quantize_16 (fine / s->output_scale, &output_multiplier, &output_shift);
  quantize_16 (fine / (3.0f / 32768.0f), &gate_multiplier, &gate_shift);
  if (gate_shift > 0)
    gate = saturate_16 (gate * (1 << (gate_shift - 1)));
  gate = high_multiply_16 (gate, gate_multiplier);
  if (gate_shift > 0)
    gate = saturate_16 (gate * 2);
  else
    gate = divide_16 (gate, -gate_shift);
  gate = (gate + 32768) / 2;
  return narrow (
      divide_16 ((gint64)trunc ((double)(gate * high_multiply_16 (v, output_multiplier))
                                / 32768),
                 -output_shift)
      + s->output_zero);
}

static void
test_hard_swish (void)
{
  gint8 table[FETTLE_LOOKUP_LENGTH];

  for (int i = count_cases (); i > 0; i--)
    {
      FettleLookupScales s = random_scales ();

      s.output_scale = MAX (s.output_scale, s.input_scale / 64);
      fill (FETTLE_OPCODE_HARD_SWISH, 0, &s, table);
      for (int x = -128; x < 128; x++)
        g_assert_cmpint (table[x & 255], ==, hard_swish (&s, x));
    }
}

/* What no independent words define is held to the real function: within one step. */
static void
assert_follows (const gint8 *table, const FettleLookupScales *s,
                double (*function) (double value), double steps)
{
  for (int x = -128; x < 128; x++)
    {
      double value = (double)s->input_scale * (x - s->input_zero);
      double want = function (value) / (double)s->output_scale + s->output_zero;

      g_assert_cmpfloat (fabs (table[x & 255] - CLAMP (want, -128.0, 127.0)), <=, steps);
    }
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
inverse_root (double value)
{
  return value > 0 ? 1 / sqrt (value) : INFINITY;
}

static void
test_real_functions (void)
{
  gint8 table[FETTLE_LOOKUP_LENGTH];

  for (int i = count_cases (); i > 0; i--)
    {
      FettleLookupScales s = random_scales (), fixed = s;

      fill (FETTLE_OPCODE_ELU, 0, &s, table);
      assert_follows (table, &s, elu, 0.51);
      fill (FETTLE_OPCODE_EXP, 0, &s, table);
      assert_follows (table, &s, exp, 0.51);
      fill (FETTLE_OPCODE_SIN, 0, &s, table);
      assert_follows (table, &s, sin, 0.51);
      fill (FETTLE_OPCODE_RSQRT, 0, &s, table);
      assert_follows (table, &s, inverse_root, 0.6);
      fixed.output_scale = 1.0f / 256;
      fixed.output_zero = -128;
      fill (FETTLE_OPCODE_LOGISTIC, 0, &fixed, table);
      assert_follows (table, &fixed, logistic, 0.6);
      fixed.output_scale = 1.0f / 128;
      fixed.output_zero = 0;
      fill (FETTLE_OPCODE_TANH, 0, &fixed, table);
      assert_follows (table, &fixed, tanh, 0.6);
    }
}

static void
test_refusals (void)
{
  FettleOperator *operator_ = fettle_operator_new (FETTLE_OPCODE_LOGISTIC, "layer");
  const FettleLookupScales scales = { 0.1f, 0.1f, 0, 0 };
  gint8 table[FETTLE_LOOKUP_LENGTH];
  g_autoptr (GError) error = NULL;

  g_assert_false (fettle_lookup_table_fill (operator_, &scales, table, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED);
  fettle_operator_free (operator_);
}

/* The filling asserts the checksum; entries follow the function within one step. */
static void
test_sigmoid_table (void)
{
  guint16 table[FETTLE_SIGMOID_TABLE_LENGTH];
  guint sum = 0;

  fettle_sigmoid_table_fill (table);
  for (guint k = 0; k < FETTLE_SIGMOID_TABLE_LENGTH; k++)
    {
      g_assert_cmpfloat (fabs (table[k] - 65536 * logistic (k / 24.0)), <=, 1.5);
      sum += table[k];
    }
  g_assert_cmpuint (sum, ==, 15670629);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/lookup/leaky-relu", test_leaky_relu);
  g_test_add_func ("/model/lookup/abs", test_abs);
  g_test_add_func ("/model/lookup/hard-swish", test_hard_swish);
  g_test_add_func ("/model/lookup/real-functions", test_real_functions);
  g_test_add_func ("/model/lookup/refusals", test_refusals);
  g_test_add_func ("/model/lookup/sigmoid-table", test_sigmoid_table);
  return g_test_run ();
}
