/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-row.h: whole numbers for the weights of one output channel; private to the room.
 *
 * With the error E = w - S q of the weights, the mean square error of the output is E' H E, where H holds the
 * second moments of the inputs. All functions minimise that, none of them the error of the weights.
 *
 * Sources: Frantar et al. 2022, GPTQ (arXiv:2210.17323), here in its form without an inverse matrix, Babai's
 * nearest plane; Schnorr and Euchner 1994 for the exact search; coordinate descent as in AdaRound's
 * successors. */
#pragma once

#include "tuner/matrix.h"

G_BEGIN_DECLS

/* What all rows of a group share. */
typedef struct
{
  guint n;
  double *moments; /* H, symmetric, positive definite */
  double *factor;  /* U with U' U = H */
  int limit;       /* whole numbers from -LIMIT to LIMIT */
} FettleRowProblem;

/* Whole numbers for a row, and how good they are. */
typedef struct
{
  double scale;
  double loss; /* E' H E */
  gint8 *steps;
} FettleRounding;

/* The loss of ROUNDING's steps and scale for the row WEIGHTS. */
double fettle_round_row_loss (const FettleRowProblem *problem, const double *weights,
                              const FettleRounding *rounding);

/* Each weight by itself. */
void fettle_round_row_nearest (const FettleRowProblem *problem, const double *weights,
                               FettleRounding *rounding);

/* One weight after the other, from the last one on; each makes up for the errors of those before it. */
void fettle_round_row_successive (const FettleRowProblem *problem, const double *weights,
                                  FettleRounding *rounding);

/* Improves ROUNDING by changing one weight at a time, by any number of steps, until nothing helps. */
void fettle_round_row_descend (const FettleRowProblem *problem, const double *weights,
                               FettleRounding *rounding);

/* The best of all roundings if it is found among the first MAX_NODES partial ones, else the best of
 * those seen, which is at least as good as the successive one. Returns TRUE if it is the best of all. */
gboolean fettle_round_row_search (const FettleRowProblem *problem, const double *weights,
                                  guint max_nodes, FettleRounding *rounding);

/* The best scale for ROUNDING's steps, not limited in any way; 0 if they are all 0. */
double fettle_round_row_fit_scale (const FettleRowProblem *problem, const double *weights,
                                   const FettleRounding *rounding);

G_END_DECLS
