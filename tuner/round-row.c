/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-row.c: whole numbers for the weights of one output channel. */
#include "config.h"
#include "tuner/round-row.h"

#include <math.h>
#include <string.h>

/* Descent ends by itself; this bounds its time where the gains have become tiny. */
#define MAX_SWEEPS 20

static gint8
round_step (const FettleRowProblem *problem, double steps)
{
  return (gint8)CLAMP (round (steps), -problem->limit, problem->limit);
}

static void
find_errors (guint n, const double *weights, const FettleRounding *rounding,
             double *errors)
{
  for (guint j = 0; j < n; j++)
    errors[j] = weights[j] - rounding->scale * rounding->steps[j];
}

/* What row J of U adds to the loss, before squaring, from the errors of J + 1 on. */
static double
sum_known_errors (const FettleRowProblem *problem, const double *errors, guint j)
{
  const double *row = problem->factor + (gsize)j * problem->n;

  return fettle_dot (row + j + 1, errors + j + 1, problem->n - j - 1);
}

static double
get_pivot (const FettleRowProblem *problem, guint j)
{
  return problem->factor[(gsize)j * problem->n + j];
}

static double
find_loss (const FettleRowProblem *problem, const double *errors)
{
  double loss = 0.0;

  for (guint j = 0; j < problem->n; j++)
    {
      double part =
          get_pivot (problem, j) * errors[j] + sum_known_errors (problem, errors, j);

      loss += part * part;
    }
  return loss;
}

double
fettle_round_row_loss (const FettleRowProblem *problem, const double *weights,
                       const FettleRounding *rounding)
{
  g_autofree double *errors = g_new (double, problem->n);

  find_errors (problem->n, weights, rounding, errors);
  return find_loss (problem, errors);
}

void
fettle_round_row_nearest (const FettleRowProblem *problem, const double *weights,
                          FettleRounding *rounding)
{
  for (guint j = 0; j < problem->n; j++)
    rounding->steps[j] = round_step (problem, weights[j] / rounding->scale);
  rounding->loss = fettle_round_row_loss (problem, weights, rounding);
}

void
fettle_round_row_successive (const FettleRowProblem *problem, const double *weights,
                             FettleRounding *rounding)
{
  g_autofree double *errors = g_new (double, problem->n);

  rounding->loss = 0.0;
  for (guint j = problem->n; j-- > 0;)
    {
      double pivot = get_pivot (problem, j);
      double wanted = weights[j] + sum_known_errors (problem, errors, j) / pivot;
      double part;

      rounding->steps[j] = round_step (problem, wanted / rounding->scale);
      errors[j] = weights[j] - rounding->scale * rounding->steps[j];
      part = pivot * (wanted - rounding->scale * rounding->steps[j]);
      rounding->loss += part * part;
    }
}

/* Moves weight J to its best place, the others fixed; GRADIENT is H E. TRUE if that is another place. */
static gboolean
move_weight (const FettleRowProblem *problem, FettleRounding *rounding, double *gradient,
             guint j)
{
  const double *moments = problem->moments + (gsize)j * problem->n;
  gint8 from = rounding->steps[j];
  gint8 to = round_step (problem, from + gradient[j] / (rounding->scale * moments[j]));
  double change = rounding->scale * (to - from);
  double gain = change * (2.0 * gradient[j] - change * moments[j]);

  if (to == from || !(gain > 0.0))
    return FALSE;
  rounding->steps[j] = to;
  fettle_add_scaled (gradient, -change, moments, problem->n);
  return TRUE;
}

void
fettle_round_row_descend (const FettleRowProblem *problem, const double *weights,
                          FettleRounding *rounding)
{
  g_autofree double *errors = g_new (double, problem->n);
  g_autofree double *gradient = g_new0 (double, problem->n);
  gboolean is_changed = TRUE;

  find_errors (problem->n, weights, rounding, errors);
  for (guint j = 0; j < problem->n; j++)
    fettle_add_scaled (gradient, errors[j], problem->moments + (gsize)j * problem->n,
                       problem->n);
  for (guint sweep = 0; is_changed && sweep < MAX_SWEEPS; sweep++)
    {
      is_changed = FALSE;
      for (guint j = 0; j < problem->n; j++)
        is_changed |= move_weight (problem, rounding, gradient, j);
    }
  rounding->loss = fettle_round_row_loss (problem, weights, rounding);
}

/* Depth-first search: weights are fixed from the last to the first one, in each the nearest steps first. */
typedef struct
{
  const FettleRowProblem *problem;
  const double *weights;
  double scale;
  double *errors;
  gint8 *steps;
  FettleRounding *best;
  guint n_left; /* nodes that may still be visited */
} Search;

static void search_weight (Search *search, guint n_free, double loss);

/* FALSE if no step farther out can help. */
static gboolean
try_step (Search *search, guint j, double wanted, int step, double loss)
{
  double part = get_pivot (search->problem, j) * (wanted - search->scale * (double)step);

  loss += part * part;
  if (!(loss < search->best->loss) || search->n_left == 0)
    return FALSE;
  search->n_left--;
  search->steps[j] = (gint8)step;
  search->errors[j] = search->weights[j] - search->scale * (double)step;
  search_weight (search, j, loss);
  return TRUE;
}

static void
search_weight (Search *search, guint n_free, double loss)
{
  const FettleRowProblem *problem = search->problem;
  guint j = n_free - 1;
  double wanted;
  int below, above;
  gboolean is_below_open, is_above_open;

  if (n_free == 0)
    {
      search->best->loss = loss;
      memcpy (search->best->steps, search->steps, problem->n * sizeof *search->steps);
      return;
    }
  wanted = search->weights[j]
           + sum_known_errors (problem, search->errors, j) / get_pivot (problem, j);
  below = round_step (problem, floor (wanted / search->scale));
  above = below + 1;
  is_below_open = is_above_open = TRUE;
  while (is_below_open || is_above_open)
    {
      gboolean is_below_nearer =
          fabs (wanted - search->scale * below) <= fabs (wanted - search->scale * above);

      is_below_open = is_below_open && below >= -problem->limit;
      is_above_open = is_above_open && above <= problem->limit;
      if (is_below_open && (is_below_nearer || !is_above_open))
        is_below_open = try_step (search, j, wanted, below--, loss);
      else if (is_above_open)
        is_above_open = try_step (search, j, wanted, above++, loss);
    }
}

gboolean
fettle_round_row_search (const FettleRowProblem *problem, const double *weights,
                         guint max_nodes, FettleRounding *rounding)
{
  g_autofree double *errors = g_new (double, problem->n);
  g_autofree gint8 *steps = g_new (gint8, problem->n);
  Search search = { .problem = problem,
                    .weights = weights,
                    .scale = rounding->scale,
                    .errors = errors,
                    .steps = steps,
                    .best = rounding,
                    .n_left = max_nodes };

  fettle_round_row_successive (problem, weights, rounding);
  search_weight (&search, problem->n, 0.0);
  return search.n_left > 0;
}

double
fettle_round_row_fit_scale (const FettleRowProblem *problem, const double *weights,
                            const FettleRounding *rounding)
{
  g_autofree double *steps = g_new (double, problem->n);
  double product = 0.0, square = 0.0;

  for (guint j = 0; j < problem->n; j++)
    steps[j] = rounding->steps[j];
  for (guint j = 0; j < problem->n; j++)
    {
      double sum =
          fettle_dot (problem->moments + (gsize)j * problem->n, steps, problem->n);

      product += weights[j] * sum;
      square += steps[j] * sum;
    }
  return square > 0.0 ? product / square : 0.0;
}
