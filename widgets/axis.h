/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.h: maps values to a length and chooses where the ticks go. */
#pragma once

#include "widgets/number-format.h"

G_BEGIN_DECLS

#define FETTLE_AXIS_MAX_TICKS 16

typedef struct
{
  double minimum, maximum; /* a multiple of the tick's step each, or a power of ten */
  gboolean logarithmic;
  guint n_ticks;
  double ticks[FETTLE_AXIS_MAX_TICKS]; /* rising */
} FettleAxis;

/* Covers LOW to HIGH and 0, with at most MAX_TICKS (2 or more) ticks at 1, 2 or 5 times a power of
 * ten; at powers of two for bytes. */
void fettle_axis_init_linear (FettleAxis *axis, double low, double high, guint max_ticks,
                              FettleNumberFormat format);

/* From the power of ten below LOW to that at or above HIGH (both > 0), with ticks at powers of ten. */
void fettle_axis_init_log (FettleAxis *axis, double low, double high, guint max_ticks);

/* Where VALUE is between minimum (0) and maximum (1), kept within both. */
double fettle_axis_normalize (const FettleAxis *axis, double value);

G_END_DECLS
