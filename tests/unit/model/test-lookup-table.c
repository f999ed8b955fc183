/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-lookup-table.c: int8 functions as tables, beside the real functions. */
#include "model/lookup-table.h"
#include "model/sigmoid-table.h"

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
fill (FettleOpcode opcode, const FettleLookupScales *scales, gint8 *table)
{
  FettleOperator *operator_ = fettle_operator_new (opcode, "layer");
  g_autoptr (GError) error = NULL;

  fettle_lookup_table_fill (operator_, scales, table, &error);
  g_assert_no_error (error);
  fettle_operator_free (operator_);
}

/* The definitions in fixed point are tested in tests/unit/runtime; here the tables are held to the real
 * functions, within one step. */
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

      fill (FETTLE_OPCODE_ELU, &s, table);
      assert_follows (table, &s, elu, 0.51);
      fill (FETTLE_OPCODE_EXP, &s, table);
      assert_follows (table, &s, exp, 0.51);
      fill (FETTLE_OPCODE_SIN, &s, table);
      assert_follows (table, &s, sin, 0.51);
      fill (FETTLE_OPCODE_RSQRT, &s, table);
      assert_follows (table, &s, inverse_root, 0.6);
      fixed.output_scale = 1.0f / 256;
      fixed.output_zero = -128;
      fill (FETTLE_OPCODE_LOGISTIC, &fixed, table);
      assert_follows (table, &fixed, logistic, 0.6);
      fixed.output_scale = 1.0f / 128;
      fixed.output_zero = 0;
      fill (FETTLE_OPCODE_TANH, &fixed, table);
      assert_follows (table, &fixed, tanh, 0.6);
    }
}

static void
test_refusals (void)
{
  FettleOperator *operator_ = fettle_operator_new (FETTLE_OPCODE_LOGISTIC, "layer");
  const FettleLookupScales scales = { 0.1f, 0.1f, 0, 0, FALSE };
  const FettleLookupScales far_apart = { 1.0f, 1e-12f, 0, 0, FALSE };
  gint8 table[FETTLE_LOOKUP_LENGTH];
  g_autoptr (GError) error = NULL;

  g_assert_false (fettle_lookup_table_fill (operator_, &scales, table, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  operator_->opcode = FETTLE_OPCODE_ABS;
  g_assert_false (fettle_lookup_table_fill (operator_, &far_apart, table, &error));
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
  g_test_add_func ("/model/lookup/real-functions", test_real_functions);
  g_test_add_func ("/model/lookup/refusals", test_refusals);
  g_test_add_func ("/model/lookup/sigmoid-table", test_sigmoid_table);
  return g_test_run ();
}
