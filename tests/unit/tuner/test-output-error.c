/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-output-error.c: error figures, against values worked out by hand. */
#include "graphs.h"
#include "tuner/output-error.h"

#include <math.h>

#define TOLERANCE 1e-12

static void
test_figures (void)
{
  const float expected[] = { 3.0f, -4.0f, 0.0f, 12.0f };
  const float actual[] = { 3.0f, -3.0f, 0.5f, 10.0f };
  FettleErrorSums sums = { 0 };
  FettleErrorFigures figures;

  /* In two parts, merged. */
  FettleErrorSums second = { 0 };

  fettle_error_sums_add (&sums, expected, actual, 2, -3.5, 10.5);
  fettle_error_sums_add (&second, expected + 2, actual + 2, 2, -3.5, 10.5);
  fettle_error_sums_merge (&sums, &second);
  figures = fettle_error_sums_finish (&sums);
  /* Signal 9 + 16 + 144 = 169, error 1 + 0.25 + 4 = 5.25. */
  g_assert_cmpfloat_with_epsilon (figures.sqnr_db, 10.0 * log10 (169.0 / 5.25),
                                  TOLERANCE);
  g_assert_cmpfloat_with_epsilon (figures.mean_square_error, 5.25 / 4.0, TOLERANCE);
  g_assert_cmpfloat (figures.maximum_error, ==, 2.0);
  g_assert_cmpfloat (figures.clipped_share, ==, 0.5);
  /* 9 + 12 + 120 = 141; the power is 9 + 9 + 0.25 + 100 = 118.25. */
  g_assert_cmpfloat_with_epsilon (figures.cosine, 141.0 / (13.0 * sqrt (118.25)),
                                  TOLERANCE);
}

static void
test_figures_of_nothing (void)
{
  const float zeros[2] = { 0.0f }, ones[2] = { 1.0f, 1.0f };
  FettleErrorSums same = { 0 }, vanished = { 0 };

  fettle_error_sums_add (&same, zeros, zeros, 2, -INFINITY, INFINITY);
  g_assert_true (isinf (fettle_error_sums_finish (&same).sqnr_db));
  g_assert_cmpfloat (fettle_error_sums_finish (&same).cosine, ==, 1.0);
  fettle_error_sums_add (&vanished, ones, zeros, 2, -INFINITY, INFINITY);
  g_assert_cmpfloat (fettle_error_sums_finish (&vanished).sqnr_db, ==, 0.0);
  g_assert_cmpfloat (fettle_error_sums_finish (&vanished).cosine, ==, 0.0);
}

static void
test_divergence (void)
{
  const float p[] = { 0.5f, 0.25f, 0.25f }, q[] = { 0.25f, 0.5f, 0.25f };
  const float sure[] = { 1.0f, 0.0f }, wrong[] = { 0.0f, 1.0f };
  const float logits[] = { 0.0f, 1.0f }, shifted[] = { 5.0f, 6.0f };
  const float halves[] = { 0.5f, 0.5f }, ones[] = { 1.0f, 1.0f };
  double found;

  found = fettle_output_divergence (FETTLE_OUTPUT_DISTRIBUTION, p, q, 3, 3);
  g_assert_cmpfloat_with_epsilon (found, 0.25 * log (2.0), TOLERANCE);
  /* 0 counts as 2^-16, after which the other probability is a little less than 1. */
  found = fettle_output_divergence (FETTLE_OUTPUT_DISTRIBUTION, sure, wrong, 2, 2);
  g_assert_cmpfloat_with_epsilon (found, 16.0 * log (2.0) * 65535.0 / 65537.0, 1e-9);
  /* Twice as much in one row as in two, one of which agrees. */
  found = fettle_output_divergence (FETTLE_OUTPUT_SCORES, logits, shifted, 2, 2);
  g_assert_cmpfloat_with_epsilon (found, 0.0, TOLERANCE);
  found = fettle_output_divergence (FETTLE_OUTPUT_PROBABILITIES, halves, ones, 2, 2);
  g_assert_cmpfloat (found, >, 1.0);
  found = fettle_output_divergence (FETTLE_OUTPUT_VALUES, sure, wrong, 2, 2);
  g_assert_cmpfloat (found, ==, 0.0);
}

static void
test_rows (void)
{
  const float p[] = { 0.5f, 0.5f, 0.75f, 0.25f }, q[] = { 0.5f, 0.5f, 0.25f, 0.75f };
  double found = fettle_output_divergence (FETTLE_OUTPUT_DISTRIBUTION, p, q, 4, 2);

  g_assert_cmpfloat_with_epsilon (found, 0.5 * 0.5 * log (3.0), TOLERANCE);
}

static void
test_classes (void)
{
  const float values[] = { -1.0f, 3.0f, 3.0f, 2.0f };
  const float low[] = { 0.25f }, high[] = { 0.75f };

  g_assert_cmpuint (fettle_argmax (values, 4), ==, 1);
  g_assert_cmpuint (fettle_argmax (values, 1), ==, 0);
  g_assert_cmpuint (fettle_output_get_class (FETTLE_OUTPUT_SCORES, values, 4), ==, 1);
  g_assert_cmpuint (fettle_output_get_class (FETTLE_OUTPUT_PROBABILITIES, low, 1), ==, 0);
  g_assert_cmpuint (fettle_output_get_class (FETTLE_OUTPUT_PROBABILITIES, high, 1), ==,
                    1);
}

static void
test_agreement (void)
{
  const float expected[] = { 1.0f, 0.0f }, same[] = { 0.75f, 0.5f };
  const float other[] = { 0.5f, 0.75f };
  FettleOutputSums sums = { 0 }, rest = { 0 };

  fettle_output_sums_add (&sums, FETTLE_OUTPUT_SCORES, expected, same, 2, 2, -9.0, 9.0);
  fettle_output_sums_add (&rest, FETTLE_OUTPUT_SCORES, expected, other, 2, 2, -9.0, 9.0);
  fettle_output_sums_add (&rest, FETTLE_OUTPUT_SCORES, expected, same, 2, 2, -9.0, 9.0);
  fettle_output_sums_merge (&sums, &rest);
  g_assert_cmpfloat_with_epsilon (
      fettle_output_sums_finish (&sums, FETTLE_OUTPUT_SCORES).agreement, 2.0 / 3.0,
      TOLERANCE);
  g_assert_true (
      isnan (fettle_output_sums_finish (&sums, FETTLE_OUTPUT_VALUES).agreement));
}

static FettleOutputKind
find_kind (FettleOpcode opcode, gboolean is_reshaped, gint32 n_out)
{
  const float weights[] = { 1.0f, 2.0f, 3.0f, 4.0f };
  const gint32 shape[] = { 1, 1, 1, n_out }, flat[] = { 1, n_out };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;

  test_graph_add_conv (&builder, "conv", n_out, weights, NULL);
  if (opcode != FETTLE_OPCODE_CONV_2D)
    test_graph_add (&builder, opcode, "head", 4, shape, NULL, 0)->options.beta = 1.0f;
  if (is_reshaped)
    {
      gint32 extra = test_graph_add_integers (&builder, "shape", 2, flat);

      test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, &extra, 1);
    }
  graph = test_graph_finish (&builder);
  return fettle_output_get_kind (graph);
}

static void
test_kinds (void)
{
  g_assert_cmpint (find_kind (FETTLE_OPCODE_SOFTMAX, FALSE, 4), ==,
                   FETTLE_OUTPUT_DISTRIBUTION);
  g_assert_cmpint (find_kind (FETTLE_OPCODE_SOFTMAX, TRUE, 4), ==,
                   FETTLE_OUTPUT_DISTRIBUTION);
  g_assert_cmpint (find_kind (FETTLE_OPCODE_LOGISTIC, FALSE, 1), ==,
                   FETTLE_OUTPUT_PROBABILITIES);
  g_assert_cmpint (find_kind (FETTLE_OPCODE_CONV_2D, FALSE, 4), ==, FETTLE_OUTPUT_SCORES);
  g_assert_cmpint (find_kind (FETTLE_OPCODE_CONV_2D, FALSE, 1), ==, FETTLE_OUTPUT_VALUES);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/error-sums/figures", test_figures);
  g_test_add_func ("/tuner/error-sums/nothing", test_figures_of_nothing);
  g_test_add_func ("/tuner/output-error/divergence", test_divergence);
  g_test_add_func ("/tuner/output-error/rows", test_rows);
  g_test_add_func ("/tuner/output-error/classes", test_classes);
  g_test_add_func ("/tuner/output-error/agreement", test_agreement);
  g_test_add_func ("/tuner/output-error/kinds", test_kinds);
  return g_test_run ();
}
