/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-round-row.c: rounding of one output channel: never worse than nearest, best where it says so. */
#include "tuner/round-channel.h"

#include <math.h>
#include <string.h>

/* Moments of correlated inputs, and weights. */
typedef struct
{
  FettleRowProblem problem;
  double *weights;
  double scale; /* the largest weight on the last step */
} Row;

static Row
make_row (GRand *random, guint n, int limit)
{
  Row row = { .problem = { .n = n,
                           .moments = g_new0 (double, (gsize)n *n),
                           .factor = NULL,
                           .limit = limit },
              .weights = g_new (double, n) };
  g_autofree double *inputs = g_new (double, n);

  for (guint sample = 0; sample < 3 * n; sample++)
    {
      double common = g_rand_double_range (random, 0.0, 2.0);

      for (guint k = 0; k < n; k++)
        inputs[k] = common + g_rand_double_range (random, -0.5, 0.5) * (1 + k % 3);
      for (guint i = 0; i < n; i++)
        fettle_add_scaled (row.problem.moments + (gsize)i * n, inputs[i], inputs, n);
    }
  for (guint k = 0; k < n; k++)
    {
      row.weights[k] = g_rand_double_range (random, -1.0, 1.0);
      row.scale = MAX (row.scale, fabs (row.weights[k]) / limit);
      row.problem.moments[(gsize)k * n + k] += 0.01;
    }
  row.scale = (double)(float)row.scale;
  row.problem.factor = g_memdup2 (row.problem.moments, sizeof (double) * n * n);
  g_assert_true (fettle_matrix_factorize (row.problem.factor, n));
  return row;
}

static void
row_clear (Row *row)
{
  g_free (row->problem.moments);
  g_free (row->problem.factor);
  g_free (row->weights);
}

/* E' H E by its definition. */
static double
find_loss (const Row *row, const FettleRounding *rounding)
{
  guint n = row->problem.n;
  double loss = 0.0;

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++)
      loss += (row->weights[i] - rounding->scale * rounding->steps[i])
              * (row->weights[k] - rounding->scale * rounding->steps[k])
              * row->problem.moments[(gsize)i * n + k];
  return loss;
}

static void
assert_valid (const Row *row, const FettleRounding *rounding)
{
  g_assert_cmpfloat_with_epsilon (rounding->loss, find_loss (row, rounding),
                                  1e-9 * (1.0 + rounding->loss));
  for (guint k = 0; k < row->problem.n; k++)
    g_assert_cmpint (ABS (rounding->steps[k]), <=, row->problem.limit);
}

static void
test_never_worse (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint n_better = 0;

  for (guint t = 0; t < 40; t++)
    {
      guint n = 1 + t * 2;
      Row row = make_row (random, n, t % 2 ? 7 : 127);
      g_autofree gint8 *steps = g_new (gint8, n);
      FettleRounding rounding = { .scale = row.scale, .steps = steps };
      double nearest;

      fettle_round_row_nearest (&row.problem, row.weights, &rounding);
      assert_valid (&row, &rounding);
      nearest = rounding.loss;
      fettle_round_row_descend (&row.problem, row.weights, &rounding);
      assert_valid (&row, &rounding);
      g_assert_cmpfloat (rounding.loss, <=, nearest);
      fettle_round_row_successive (&row.problem, row.weights, &rounding);
      assert_valid (&row, &rounding);
      for (guint method = FETTLE_ROUNDING_AUTO; method < FETTLE_ROUNDING_NEAREST;
           method++)
        {
          FettleRoundingOptions options = { method, t % 3 == 0, 1e-9, row.scale, NULL };

          rounding.scale = row.scale;
          fettle_round_row_nearest (&row.problem, row.weights, &rounding);
          fettle_round_channel (&row.problem, row.weights, &options, &rounding);
          assert_valid (&row, &rounding);
          g_assert_cmpfloat (rounding.loss, <=, nearest);
          g_assert_cmpfloat (rounding.scale, <=, row.scale);
          n_better += rounding.loss < 0.5 * nearest;
        }
      row_clear (&row);
    }
  g_assert_cmpuint (n_better, >, 60);
}

/* The least loss of all roundings with steps from LOWEST[k] to HIGHEST[k]. */
static double
search_all (const Row *row, double scale, const int *lowest, const int *highest)
{
  guint n = row->problem.n;
  g_autofree gint8 *steps = g_new (gint8, n);
  FettleRounding rounding = { .scale = scale, .steps = steps };
  double least = INFINITY;

  for (guint k = 0; k < n; k++)
    steps[k] = (gint8)lowest[k];
  for (guint k = 0; k < n;)
    {
      least = MIN (least, find_loss (row, &rounding));
      for (k = 0; k < n && steps[k] == highest[k]; k++)
        steps[k] = (gint8)lowest[k];
      if (k < n)
        steps[k]++;
    }
  return least;
}

static void
test_best_of_all (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  const int lowest[] = { -3, -3, -3, -3, -3 }, highest[] = { 3, 3, 3, 3, 3 };

  for (guint t = 0; t < 10; t++)
    {
      Row row = make_row (random, 5, 3);
      gint8 steps[5];
      FettleRounding rounding = { .scale = 0.6 * row.scale, .steps = steps };

      g_assert_true (
          fettle_round_row_search (&row.problem, row.weights, 100000, &rounding));
      assert_valid (&row, &rounding);
      g_assert_cmpfloat_with_epsilon (
          rounding.loss, search_all (&row, rounding.scale, lowest, highest), 1e-9);
      row_clear (&row);
    }
}

/* A depthwise 3×3 filter: the rounding is best among all that round each weight up or down, and may
 * only be better by going beyond. */
static void
test_depthwise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (6);

  for (guint t = 0; t < 20; t++)
    {
      Row row = make_row (random, 9, t % 2 ? 7 : 127);
      gint8 steps[9];
      int down[9], up[9];
      FettleRounding rounding = { .scale = row.scale, .steps = steps };
      double least;

      for (guint k = 0; k < 9; k++)
        {
          down[k] = (int)floor (row.weights[k] / row.scale);
          down[k] = CLAMP (down[k], -row.problem.limit, row.problem.limit - 1);
          up[k] = down[k] + 1;
        }
      least = search_all (&row, row.scale, down, up);
      g_assert_true (
          fettle_round_row_search (&row.problem, row.weights, 100000, &rounding));
      assert_valid (&row, &rounding);
      g_assert_cmpfloat (rounding.loss, <=, least + 1e-9);
      row_clear (&row);
    }
}

static void
test_budget (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  Row row = make_row (random, 30, 7);
  gint8 steps[30];
  FettleRounding rounding = { .scale = 0.7 * row.scale, .steps = steps };
  double successive;

  fettle_round_row_successive (&row.problem, row.weights, &rounding);
  successive = rounding.loss;
  g_assert_false (fettle_round_row_search (&row.problem, row.weights, 50, &rounding));
  assert_valid (&row, &rounding);
  g_assert_cmpfloat (rounding.loss, <=, successive);
  row_clear (&row);
}

static void
test_scale (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  Row row = make_row (random, 12, 7);
  gint8 steps[12];
  FettleRounding rounding = { .scale = row.scale, .steps = steps };
  double best;

  fettle_round_row_nearest (&row.problem, row.weights, &rounding);
  best = fettle_round_row_fit_scale (&row.problem, row.weights, &rounding);
  rounding.scale = best;
  rounding.loss = find_loss (&row, &rounding);
  rounding.scale = best * 1.001;
  g_assert_cmpfloat (find_loss (&row, &rounding), >, rounding.loss);
  rounding.scale = best * 0.999;
  g_assert_cmpfloat (find_loss (&row, &rounding), >, rounding.loss);
  memset (steps, 0, sizeof steps);
  g_assert_cmpfloat (fettle_round_row_fit_scale (&row.problem, row.weights, &rounding),
                     ==, 0.0);
  row_clear (&row);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/round-row/never-worse", test_never_worse);
  g_test_add_func ("/round-row/best-of-all", test_best_of_all);
  g_test_add_func ("/round-row/depthwise", test_depthwise);
  g_test_add_func ("/round-row/budget", test_budget);
  g_test_add_func ("/round-row/scale", test_scale);
  return g_test_run ();
}
