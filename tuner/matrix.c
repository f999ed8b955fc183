/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.c: dense algebra on symmetric matrices.
 *
 * Inner loops have a constant number of turns and no sum runs through them, so that compilers use vector
 * instructions without changing the order of anything. */
#include "config.h"
#include "tuner/matrix.h"

#include <math.h>

#define LANES 8

double
fettle_dot (const double *a, const double *b, gsize n)
{
  double sums[LANES] = { 0.0 };
  double sum = 0.0;
  gsize i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      sums[k] += a[i + k] * b[i + k];
  for (gsize k = 0; k < LANES; k++)
    sum += sums[k];
  for (; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

void
fettle_add_scaled (double *y, double factor, const double *x, gsize n)
{
  gsize i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      y[i + k] += factor * x[i + k];
  for (; i < n; i++)
    y[i] += factor * x[i];
}

double
fettle_dot_float (const double *a, const float *x, gsize n)
{
  double sums[LANES] = { 0.0 };
  double sum = 0.0;
  gsize i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      sums[k] += a[i + k] * (double)x[i + k];
  for (gsize k = 0; k < LANES; k++)
    sum += sums[k];
  for (; i < n; i++)
    sum += a[i] * (double)x[i];
  return sum;
}

void
fettle_add_scaled_float (double *y, double factor, const float *x, gsize n)
{
  gsize i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      y[i + k] += factor * (double)x[i + k];
  for (; i < n; i++)
    y[i] += factor * (double)x[i];
}

/* Columns FIRST to FIRST + FETTLE_MATRIX_BLOCK of ROW, zeros beyond its end. */
static void
load_block (const float *row, guint n, guint first, double *block)
{
  guint n_left = MIN (n - first, FETTLE_MATRIX_BLOCK);

  for (guint k = 0; k < n_left; k++)
    block[k] = (double)row[first + k];
  for (guint k = n_left; k < FETTLE_MATRIX_BLOCK; k++)
    block[k] = 0.0;
}

void
fettle_matrix_add_products (double *matrix, guint n, guint i, guint k, const float *rows,
                            gsize n_rows)
{
  double sums[FETTLE_MATRIX_BLOCK][FETTLE_MATRIX_BLOCK] = { { 0.0 } };
  double left[FETTLE_MATRIX_BLOCK], right[FETTLE_MATRIX_BLOCK];
  guint first_row = i * FETTLE_MATRIX_BLOCK, first_column = k * FETTLE_MATRIX_BLOCK;

  for (gsize r = 0; r < n_rows; r++)
    {
      load_block (rows + r * n, n, first_row, left);
      load_block (rows + r * n, n, first_column, right);
      for (guint a = 0; a < FETTLE_MATRIX_BLOCK; a++)
        for (guint b = 0; b < FETTLE_MATRIX_BLOCK; b++)
          sums[a][b] += left[a] * right[b];
    }
  for (guint a = 0; a < FETTLE_MATRIX_BLOCK && first_row + a < n; a++)
    for (guint b = 0; b < FETTLE_MATRIX_BLOCK && first_column + b < n; b++)
      matrix[(gsize)(first_row + a) * n + first_column + b] += sums[a][b];
}

gboolean
fettle_matrix_factorize (double *matrix, guint n)
{
  return fettle_matrix_factorize_rows (matrix, n, 0, n);
}

gboolean
fettle_matrix_factorize_rows (double *matrix, guint n, guint first, guint last)
{
  for (guint j = first; j < last; j++)
    {
      double *row = matrix + (gsize)j * n;
      double pivot = row[j];

      if (!(pivot > 0.0) || !isfinite (pivot))
        return FALSE;
      pivot = sqrt (pivot);
      for (guint k = j; k < n; k++)
        row[k] /= pivot;
      for (guint i = j + 1; i < n; i++)
        fettle_add_scaled (matrix + (gsize)i * n + i, -row[i], row + i, n - i);
    }
  return TRUE;
}

void
fettle_matrix_solve (const double *factor, guint n, double *b)
{
  for (guint j = 0; j < n; j++)
    {
      const double *row = factor + (gsize)j * n;

      b[j] /= row[j];
      fettle_add_scaled (b + j + 1, -b[j], row + j + 1, n - j - 1);
    }
  for (guint j = n; j-- > 0;)
    {
      const double *row = factor + (gsize)j * n;

      b[j] = (b[j] - fettle_dot (row + j + 1, b + j + 1, n - j - 1)) / row[j];
    }
}
