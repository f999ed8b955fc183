/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-matrix.c: dense algebra against its definitions. */
#include "tuner/matrix.h"

static float *
make_rows (GRand *random, gsize n)
{
  float *rows = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    rows[i] = (float)g_rand_double_range (random, -1.0, 2.0);
  return rows;
}

/* ROWS' ROWS by its definition. */
static double *
multiply (const float *rows, guint n_rows, guint n)
{
  double *matrix = g_new0 (double, (gsize)n *n);

  for (guint r = 0; r < n_rows; r++)
    for (guint i = 0; i < n; i++)
      for (guint k = 0; k < n; k++)
        matrix[i * n + k] += (double)rows[r * n + i] * (double)rows[r * n + k];
  return matrix;
}

static void
test_products (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const guint sizes[] = { 1, 9, 32, 45 };

  for (gsize t = 0; t < G_N_ELEMENTS (sizes); t++)
    {
      guint n = sizes[t], n_blocks = (n + FETTLE_MATRIX_BLOCK - 1) / FETTLE_MATRIX_BLOCK;
      g_autofree float *rows = make_rows (random, 50 * n);
      g_autofree double *expected = multiply (rows, 50, n);
      g_autofree double *matrix = g_new0 (double, n *n);

      for (guint i = 0; i < n_blocks; i++)
        for (guint k = i; k < n_blocks; k++)
          fettle_matrix_add_products (matrix, n, i, k, rows, 50);
      for (guint i = 0; i < n; i++)
        for (guint k = i; k < n; k++)
          g_assert_cmpfloat_with_epsilon (matrix[i * n + k], expected[i * n + k], 1e-9);
    }
}

static void
test_factorize (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (guint n = 1; n <= 60; n += 7)
    {
      g_autofree float *rows = make_rows (random, 80 * n);
      g_autofree double *matrix = multiply (rows, 80, n);
      g_autofree double *factor = g_memdup2 (matrix, sizeof (double) * n * n);

      g_assert_true (fettle_matrix_factorize (factor, n));
      for (guint i = 0; i < n; i++)
        for (guint k = i; k < n; k++)
          {
            double sum = 0.0;

            for (guint j = 0; j <= i; j++)
              sum += factor[j * n + i] * factor[j * n + k];
            g_assert_cmpfloat_with_epsilon (sum, matrix[i * n + k], 1e-9);
          }
    }
}

static void
test_solve (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  const guint n = 37;
  g_autofree float *rows = make_rows (random, 80 * n);
  g_autofree double *matrix = multiply (rows, 80, n);
  g_autofree double *factor = g_memdup2 (matrix, sizeof (double) * n * n);
  g_autofree double *expected = g_new (double, n);
  g_autofree double *found = g_new (double, n);

  for (guint i = 0; i < n; i++)
    expected[i] = g_rand_double_range (random, -3.0, 3.0);
  for (guint i = 0; i < n; i++)
    found[i] = fettle_dot (matrix + i * n, expected, n);
  g_assert_true (fettle_matrix_factorize (factor, n));
  fettle_matrix_solve (factor, n, found);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (found[i], expected[i], 1e-9);
}

static void
test_not_definite (void)
{
  double indefinite[] = { 1.0, 2.0, 2.0, 1.0 };
  double zero[] = { 0.0 };

  g_assert_false (fettle_matrix_factorize (indefinite, 2));
  g_assert_false (fettle_matrix_factorize (zero, 1));
}

static void
test_vectors (void)
{
  const double a[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  const float x[] = { 1, -1, 1, -1, 1, -1, 1, -1, 1, -1 };
  double y[10] = { 0.0 };

  g_assert_cmpfloat (fettle_dot (a, a, 10), ==, 385.0);
  g_assert_cmpfloat (fettle_dot_float (a, x, 10), ==, -5.0);
  fettle_add_scaled (y, 2.0, a, 10);
  fettle_add_scaled_float (y, 0.5, x, 10);
  g_assert_cmpfloat (y[0], ==, 2.5);
  g_assert_cmpfloat (y[9], ==, 19.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/products", test_products);
  g_test_add_func ("/matrix/factorize", test_factorize);
  g_test_add_func ("/matrix/solve", test_solve);
  g_test_add_func ("/matrix/not-definite", test_not_definite);
  g_test_add_func ("/matrix/vectors", test_vectors);
  return g_test_run ();
}
