/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal-moments.h: mean and variance of a normally distributed value, before and after a clamp; private to
 * the room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double mean;
  double variance;
} FettleMoments;

/* The distribution function of the standard normal distribution, to 1e-7. */
double fettle_normal_distribution (double z);

/* Of a normal value with MOMENTS, clamped to LOWER and UPPER, which may be infinite, what mean and variance are
 * left. The same on every machine. */
FettleMoments fettle_normal_clamp (FettleMoments moments, double lower, double upper);

G_END_DECLS
