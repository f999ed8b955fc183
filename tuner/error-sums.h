/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error-sums.h: how far values are from those that they stand for. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Collected over any number of values; all 0 is an empty one. Sums depend on their order in the last
 * digits: add and merge in a fixed one. */
typedef struct
{
  double signal;  /* of the squares of what was expected */
  double power;   /* of what there is */
  double product; /* of one with the other */
  double error;   /* of their difference */
  double maximum_error;
  guint64 n_clipped;
  guint64 n;
} FettleErrorSums;

/* ACTUAL against EXPECTED, N values each. What is expected below LOWEST or above HIGHEST counts as
 * clipped. */
void fettle_error_sums_add (FettleErrorSums *sums, const float *expected,
                            const float *actual, gsize n, double lowest, double highest);
void fettle_error_sums_merge (FettleErrorSums *sums, const FettleErrorSums *other);

/* Real values more than half a step beyond these cannot be represented by TENSOR; infinite for float. */
void fettle_tensor_find_limits (const FettleTensor *tensor, double *lowest,
                                double *highest);

typedef struct
{
  double sqnr_db; /* 10 log10 (signal / error); infinity if there is no error */
  double mean_square_error;
  double
      cosine; /* of the angle between both, -1..1; 1 if both are 0 everywhere, 0 if one is */
  double maximum_error;
  double clipped_share; /* 0..1 */
} FettleErrorFigures;

/* SUMS must not be empty. */
FettleErrorFigures fettle_error_sums_finish (const FettleErrorSums *sums);

G_END_DECLS
