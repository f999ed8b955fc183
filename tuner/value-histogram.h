/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value-histogram.h: how often values occur on both sides of quantizing, in bins that both share. */
#pragma once

#include "tuner/error-sums.h"
#include "tuner/layer-match.h"

G_BEGIN_DECLS

#define FETTLE_VALUE_HISTOGRAM_MAX_BINS 64

/* The steps of a tensor's integers: level Q stands for SCALE * (Q - ZERO_POINT). */
typedef struct
{
  double scale; /* 0: float, there are no levels */
  gint32 zero_point;
  gint32 first, last; /* the levels that the type has */
} FettleLevels;

/* Those of channel CHANNEL of TENSOR; of a tensor with one scale, that. */
FettleLevels fettle_levels_new (const FettleTensor *tensor, guint channel);
/* Real values beyond LOWEST and HIGHEST are clipped: more than half a step from the outermost levels.
 * Infinite for float. */
void fettle_levels_get_limits (const FettleLevels *levels, double *lowest,
                               double *highest);

/* Values of one channel or one tensor: what float says, and what the integers stand for. */
typedef struct
{
  FettleLevels levels; /* without a scale for channels of several scales together */
  double lowest,
      highest; /* see fettle_levels_get_limits; of several channels the outermost */
  float minimum[2],
      maximum[2];         /* by FettleSide; infinite the wrong way round without values */
  FettleErrorSums errors; /* dequantized against float */
} FettleValueSpread;

/* Empty. */
void fettle_value_spread_init (FettleValueSpread *spread, const FettleLevels *levels);
void fettle_value_spread_add (FettleValueSpread *spread, const float *expected,
                              const float *actual, gsize n);
/* OTHER, of the same channel or of a further one, into SPREAD; errors depend on the order in the last digits. */
void fettle_value_spread_merge (FettleValueSpread *spread,
                                const FettleValueSpread *other);

/* Bin I counts the values from START + I * WIDTH up to, but not including, START + (I + 1) * WIDTH. Where there
 * are levels, each bin holds the same number of them, and edges lie half-way between two: rounding to nearest puts
 * a value into the bin that it was in. */
typedef struct
{
  double start, width;
  guint n_bins;
  guint64 counts[2][FETTLE_VALUE_HISTOGRAM_MAX_BINS]; /* by FettleSide */
} FettleValueHistogram;

/* Empty, for the values that SPREAD has seen. */
void fettle_value_histogram_init (FettleValueHistogram *histogram,
                                  const FettleValueSpread *spread);
void fettle_value_histogram_add (FettleValueHistogram *histogram, FettleSide side,
                                 float value);

G_END_DECLS
