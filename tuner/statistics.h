/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statistics.h: what can be concluded from a limited number of samples. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value and the interval that holds the true one with 95 % confidence. */
typedef struct
{
  double value;
  double low, high;
} FettleEstimate;

/* The share CORRECT of N > 0, with Wilson's score interval. */
FettleEstimate fettle_estimate_share (guint correct, guint n);

/* The area under the ROC curve: how often a positive sample's score is above a negative one's, ties counting
 * half. The interval is DeLong's, cut to 0..1 (DeLong, DeLong and Clarke-Pearson 1988, with the midranks of Sun and
 * Xu 2014); with a single sample on one side its variance is taken as 0. There must be some of both. */
FettleEstimate fettle_estimate_auc (const double *positive, guint n_positive,
                                    const double *negative, guint n_negative);

/* McNemar's exact test, two-sided: how likely it is that two equally good models differ at least as
 * unevenly as on FIRST_ONLY samples that only the first gets right and SECOND_ONLY that only the second does. */
double fettle_mcnemar_test (guint first_only, guint second_only);

G_END_DECLS
