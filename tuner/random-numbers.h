/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-numbers.h: reproducible random numbers; private to the room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 state; /* not 0 */
} FettleRandom;

/* From 0 to 1, in steps of 2^-24. */
double fettle_random_uniform (FettleRandom *random);

/* Nearly normal, with mean 0 and variance 1, never farther out than 6. */
double fettle_random_normal (FettleRandom *random);

G_END_DECLS
