/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-channel.c: whole numbers and scale for the weights of one output channel. */
#include "config.h"
#include "tuner/round-channel.h"

#include <math.h>
#include <string.h>

/* Scales that are tried, from the present one down to the last. At 8 bits a finer step gains next to
 * nothing, at 4 it does: most weights are small. */
#define N_SCALES   24
#define LAST_SCALE 0.4
#define FEW_STEPS  15
/* How many of them are worked out. */
#define N_FINALISTS 3
#define N_REFITS    3

/* Rows up to this length are searched wholly with “auto”: depthwise 3×3 ones, and somewhat longer ones. */
#define MAX_SEARCHED 16
#define MAX_NODES    20000

static double
limit_scale (const FettleRoundingOptions *options, double scale)
{
  return (double)(float)CLAMP (scale, options->smallest_scale, options->largest_scale);
}

static void
keep_better (guint n, FettleRounding *best, const FettleRounding *candidate)
{
  if (!(candidate->loss < best->loss))
    return;
  best->loss = candidate->loss;
  best->scale = candidate->scale;
  memcpy (best->steps, candidate->steps, n * sizeof *best->steps);
}

/* Fits scale and steps to each other in turn. */
static void
refine (const FettleRowProblem *problem, const double *weights,
        const FettleRoundingOptions *options, FettleRounding *candidate,
        FettleRounding *best)
{
  fettle_round_row_descend (problem, weights, candidate);
  keep_better (problem->n, best, candidate);
  for (guint i = 0; i < N_REFITS && !options->is_scale_fixed; i++)
    {
      double scale = fettle_round_row_fit_scale (problem, weights, candidate);

      if (!(scale > 0.0) || g_cancellable_is_cancelled (options->cancellable))
        return;
      candidate->scale = limit_scale (options, scale);
      fettle_round_row_descend (problem, weights, candidate);
      keep_better (problem->n, best, candidate);
    }
}

static void
start (const FettleRowProblem *problem, const double *weights,
       FettleRoundingMethod method, FettleRounding *candidate)
{
  if (method == FETTLE_ROUNDING_DESCENT)
    fettle_round_row_nearest (problem, weights, candidate);
  else
    fettle_round_row_successive (problem, weights, candidate);
}

/* The scales with which the first rounding is best. */
static void
choose_scales (const FettleRowProblem *problem, const double *weights,
               const FettleRoundingOptions *options, FettleRounding *candidate,
               double present, double scales[N_FINALISTS])
{
  guint n = problem->limit > FEW_STEPS ? 1 : N_SCALES;
  double losses[N_FINALISTS];

  for (guint k = 0; k < N_FINALISTS; k++)
    {
      losses[k] = INFINITY;
      scales[k] = 0.0;
    }
  for (guint i = 0; i < n && !g_cancellable_is_cancelled (options->cancellable); i++)
    {
      guint k = N_FINALISTS;

      candidate->scale = limit_scale (
          options, present * (1.0 - (1.0 - LAST_SCALE) * i / (N_SCALES - 1)));
      start (problem, weights, options->method, candidate);
      for (; k > 0 && candidate->loss < losses[k - 1]; k--)
        if (k < N_FINALISTS)
          {
            losses[k] = losses[k - 1];
            scales[k] = scales[k - 1];
          }
      if (k < N_FINALISTS)
        {
          losses[k] = candidate->loss;
          scales[k] = candidate->scale;
        }
      if (options->is_scale_fixed)
        return;
    }
}

static void
search (const FettleRowProblem *problem, const double *weights,
        const FettleRoundingOptions *options, FettleRounding *candidate,
        FettleRounding *best)
{
  candidate->scale = best->scale;
  for (guint i = 0; i < N_REFITS; i++)
    {
      double scale;

      fettle_round_row_search (problem, weights, MAX_NODES, candidate);
      keep_better (problem->n, best, candidate);
      scale = fettle_round_row_fit_scale (problem, weights, candidate);
      if (options->is_scale_fixed || !(scale > 0.0)
          || g_cancellable_is_cancelled (options->cancellable))
        return;
      candidate->scale = limit_scale (options, scale);
    }
}

void
fettle_round_channel (const FettleRowProblem *problem, const double *weights,
                      const FettleRoundingOptions *options, FettleRounding *rounding)
{
  g_autofree gint8 *steps = g_new (gint8, problem->n);
  FettleRounding candidate = { .steps = steps };
  double scales[N_FINALISTS];

  g_assert (options->method != FETTLE_ROUNDING_NEAREST);

  rounding->loss = fettle_round_row_loss (problem, weights, rounding);
  choose_scales (problem, weights, options, &candidate, rounding->scale, scales);
  for (guint k = 0; k < N_FINALISTS && scales[k] > 0.0; k++)
    {
      candidate.scale = scales[k];
      start (problem, weights, options->method, &candidate);
      refine (problem, weights, options, &candidate, rounding);
    }
  if (options->method == FETTLE_ROUNDING_EXACT
      || (options->method == FETTLE_ROUNDING_AUTO && problem->n <= MAX_SEARCHED))
    search (problem, weights, options, &candidate, rounding);
}
