/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram.h: how often values occur, in memory that does not grow; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

#define FETTLE_HISTOGRAM_N_BINS 2048

/* Bin I holds the values from I to I + 1 times 2^exponent; it is counted at place I modulo the number of
 * bins. The exponent is the smallest for which the bins suffice, so what the histogram holds does not
 * depend on the order in which values came. All 0 with n_values 0 is an empty one. */
typedef struct
{
  guint64 counts[FETTLE_HISTOGRAM_N_BINS];
  guint64 n_values;
  int exponent;
  gint64 first, last; /* outermost bins */
  float minimum, maximum;
} FettleHistogram;

/* Values that are not finite are left out. */
void fettle_histogram_add (FettleHistogram *histogram, const float *values, gsize n);
void fettle_histogram_merge (FettleHistogram *histogram, const FettleHistogram *other);

/* How many values bin BIN, FIRST to LAST, holds. */
guint64 fettle_histogram_get_count (const FettleHistogram *histogram, gint64 bin);

/* The range that leaves out at most the share OUTLIERS of the values, half on each side. */
FettleRange fettle_histogram_find_percentile (const FettleHistogram *histogram,
                                              double outliers);

/* The range for which int8 has the least mean square error, rounding and clipping together, of a grid
 * of ranges that leave out up to 80 % on each side. */
FettleRange fettle_histogram_find_least_error (const FettleHistogram *histogram);

/* The range, as far from 0 on both sides as the values reach, outside of which as much may be put at its ends
 * that int8's levels tell least less about the values: least Kullback-Leibler divergence of the clipped
 * histogram from itself with 128 levels for each sign in use (256 if there is one sign only). The recipe of TensorRT. */
FettleRange fettle_histogram_find_least_divergence (const FettleHistogram *histogram);

/* The range for which clipping and rounding of int8 together cost least if rounding errors are spread evenly: OCTAV
 * (Sakr et al. 2022, arXiv:2206.06501), for both ends of an asymmetric range. */
FettleRange fettle_histogram_find_octav (const FettleHistogram *histogram);

G_END_DECLS
