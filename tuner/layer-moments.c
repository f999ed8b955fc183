/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-moments.c: second moments of what a layer's inputs hold, and of what its outputs should. */
#include "config.h"
#include "tuner/layer-moments.h"
#include "tuner/matrix.h"
#include "tuner/parallel.h"

#include <string.h>

/* Bytes for the columns and matrices of the groups that are collected together. */
#define MAX_WORKSPACE (gsize) (64 << 20)

/* Every eighth sample is unseen; of fewer than 64, every fourth. */
static guint
get_stride (const FettleLayerMoments *moments)
{
  return moments->target->n_items >= 64 ? 8 : 4;
}

static gboolean
is_unseen (const FettleLayerMoments *moments, guint item)
{
  return item % get_stride (moments) == get_stride (moments) - 1;
}

void
fettle_layer_moments_init (FettleLayerMoments *moments, const FettleTuning *tuning,
                           FettleLayerWalk *walk, guint input,
                           const FettleLayerTarget *target, gboolean is_centered)
{
  guint n_unseen = target->n_items;

  *moments = (FettleLayerMoments){ .tuning = tuning,
                                   .walk = walk,
                                   .input = input,
                                   .input_size = fettle_layer_walk_get_n (walk, input),
                                   .target = target,
                                   .is_centered = is_centered,
                                   .n_columns = target->columns.n_columns };
  n_unseen /= get_stride (moments);
  moments->n_rows = target->n_items * target->n_per_item;
  moments->n_seen = moments->n_rows - n_unseen * target->n_per_item;
}

void
fettle_layer_moments_restrict (FettleLayerMoments *moments, guint first_column,
                               guint n_columns, const double *others)
{
  moments->first_column = first_column;
  moments->n_columns = n_columns;
  moments->others = others;
}

static void
release (FettleLayerMoments *moments)
{
  g_clear_pointer (&moments->columns, g_free);
  g_clear_pointer (&moments->sums, g_free);
  g_clear_pointer (&moments->column_means, g_free);
  g_clear_pointer (&moments->sum_means, g_free);
  g_clear_pointer (&moments->moments, g_free);
  g_clear_pointer (&moments->products, g_free);
}

void
fettle_layer_moments_clear (FettleLayerMoments *moments)
{
  release (moments);
}

static void
allocate (FettleLayerMoments *moments, guint first_group, guint n_groups)
{
  gsize n_columns = moments->n_columns;
  gsize n_sums = moments->target->columns.n_rows;

  release (moments);
  moments->first_group = first_group;
  moments->n_groups = n_groups;
  moments->columns = g_new (float, n_groups * moments->n_rows * n_columns);
  moments->sums = g_new (float, n_groups * moments->n_rows * n_sums);
  moments->column_means = g_new0 (double, n_groups *n_columns);
  moments->sum_means = g_new0 (double, n_groups *n_sums);
  moments->moments = g_new0 (double, n_groups *n_columns *n_columns);
  moments->products = g_new0 (double, n_groups *n_sums *n_columns);
}

guint
fettle_layer_moments_count_together (const FettleLayerMoments *moments)
{
  const FettleLayerColumns *columns = &moments->target->columns;
  gsize n = moments->n_columns;
  /* Beside the moments themselves, users make two more matrices of them. */
  gsize size = moments->n_rows * (n + columns->n_rows) * sizeof (float)
               + 3 * n * n * sizeof (double);

  return (guint)CLAMP (MAX_WORKSPACE / size, 1, columns->n_groups);
}

static float *
find_column (const FettleLayerMoments *moments, guint g, gsize row)
{
  return moments->columns + (g * moments->n_rows + row) * moments->n_columns;
}

static float *
find_sums (const FettleLayerMoments *moments, guint g, gsize row)
{
  return moments->sums + (g * moments->n_rows + row) * moments->target->columns.n_rows;
}

const float *
fettle_layer_moments_get_column (const FettleLayerMoments *moments, guint g, gsize row)
{
  return find_column (moments, g, row);
}

const float *
fettle_layer_moments_get_sums (const FettleLayerMoments *moments, guint g, gsize row)
{
  return find_sums (moments, g, row);
}

/* The first row of ITEM. */
static gsize
find_row (const FettleLayerMoments *moments, guint item)
{
  guint n_unseen_before = item / get_stride (moments);
  gsize n = moments->target->n_per_item;

  return is_unseen (moments, item) ? moments->n_seen + n_unseen_before * n
                                   : (item - n_unseen_before) * n;
}

/* What is wanted of output CHANNEL, whose inputs at K of ITEM are COLUMN, without what the places that are not looked
 * at make. */
static float
find_sum (const FettleLayerMoments *moments, guint item, gsize k, guint channel,
          const float *column)
{
  const FettleLayerTarget *target = moments->target;
  guint n = target->columns.n_columns;
  guint last = moments->first_column + moments->n_columns;
  const double *others;
  double sum;

  if (target->sums != NULL)
    sum = (double)fettle_layer_target_get_sums (target, item, k)[channel];
  else /* the float inputs are not known: those at hand stand for them */
    sum = fettle_dot_float (target->weights + (gsize)channel * n, column, n);
  if (moments->others == NULL)
    return (float)sum;
  others = moments->others + (gsize)channel * n;
  sum -= fettle_dot_float (others, column, moments->first_column);
  return (float)(sum - fettle_dot_float (others + last, column + last, n - last));
}

/* WHOLE has place for a column. */
static void
read_position (FettleLayerMoments *moments, const float *input, guint item, gsize k,
               float *whole)
{
  const FettleLayerColumns *columns = &moments->target->columns;
  gsize row = find_row (moments, item) + k;
  gsize position = fettle_layer_target_get_position (moments->target, item, k);

  for (guint g = 0; g < moments->n_groups; g++)
    {
      guint first = (moments->first_group + g) * columns->n_rows;
      float *sums = find_sums (moments, g, row);

      fettle_layer_columns_read (columns, input, moments->first_group + g, position,
                                 whole);
      memcpy (find_column (moments, g, row), whole + moments->first_column,
              moments->n_columns * sizeof *whole);
      for (guint r = 0; r < columns->n_rows; r++)
        sums[r] = find_sum (moments, item, k, first + r, whole);
    }
}

static gboolean
read_item (guint worker, guint item, gpointer user_data, GError **error)
{
  FettleLayerMoments *moments = user_data;
  g_autofree float *input = g_new (float, moments->input_size);
  g_autofree float *whole = g_new (float, moments->target->columns.n_columns);

  fettle_layer_walk_read (moments->walk, item, moments->input, input);
  for (gsize k = 0; k < moments->target->n_per_item; k++)
    read_position (moments, input, item, k, whole);
  return TRUE;
}

static void
center (float *values, gsize n_rows, guint n, double *means)
{
  for (gsize row = 0; row < n_rows; row++)
    fettle_add_scaled_float (means, 1.0 / (double)n_rows, values + row * n, n);
  for (gsize row = 0; row < n_rows; row++)
    for (guint k = 0; k < n; k++)
      values[row * n + k] = (float)((double)values[row * n + k] - means[k]);
}

static gboolean
center_group (guint worker, guint g, gpointer user_data, GError **error)
{
  FettleLayerMoments *moments = user_data;
  const FettleLayerColumns *columns = &moments->target->columns;

  if (!moments->is_centered)
    return TRUE;
  center (find_column (moments, g, 0), moments->n_rows, moments->n_columns,
          moments->column_means + (gsize)g * moments->n_columns);
  center (find_sums (moments, g, 0), moments->n_rows, columns->n_rows,
          moments->sum_means + (gsize)g * columns->n_rows);
  return TRUE;
}

static guint
count_blocks (const FettleLayerMoments *moments)
{
  return (moments->n_columns + FETTLE_MATRIX_BLOCK - 1) / FETTLE_MATRIX_BLOCK;
}

/* Of the blocks of each matrix, those on and above the diagonal. */
static gboolean
add_block (guint worker, guint item, gpointer user_data, GError **error)
{
  FettleLayerMoments *moments = user_data;
  guint n = moments->n_columns;
  guint n_blocks = count_blocks (moments);
  guint g = item / (n_blocks * n_blocks);
  guint i = item / n_blocks % n_blocks, k = item % n_blocks;

  if (k >= i)
    fettle_matrix_add_products (moments->moments + (gsize)g * n * n, n, i, k,
                                find_column (moments, g, 0), moments->n_seen);
  return TRUE;
}

static gboolean
add_products (guint worker, guint item, gpointer user_data, GError **error)
{
  FettleLayerMoments *moments = user_data;
  const FettleLayerColumns *columns = &moments->target->columns;
  guint g = item / columns->n_rows, r = item % columns->n_rows;
  double *products = moments->products + (gsize)item * moments->n_columns;

  for (gsize row = 0; row < moments->n_seen; row++)
    fettle_add_scaled_float (products, (double)find_sums (moments, g, row)[r],
                             find_column (moments, g, row), moments->n_columns);
  return TRUE;
}

static gboolean
run (FettleLayerMoments *moments, guint n, FettleParallelFunc func, GError **error)
{
  return fettle_parallel_run (n, fettle_parallel_count_workers (n), func, moments, NULL,
                              NULL, moments->tuning->cancellable, error);
}

gboolean
fettle_layer_moments_collect (FettleLayerMoments *moments, guint first_group,
                              guint n_groups, GError **error)
{
  guint n_blocks = count_blocks (moments);

  allocate (moments, first_group, n_groups);
  return run (moments, moments->target->n_items, read_item, error)
         && run (moments, n_groups, center_group, error)
         && run (moments, n_groups * n_blocks * n_blocks, add_block, error)
         && run (moments, n_groups * moments->target->columns.n_rows, add_products,
                 error);
}
