/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-numbers.c: reproducible random numbers. */
#include "config.h"
#include "tuner/random-numbers.h"

/* A normal number is the sum of so many uniform ones, less their mean: of variance 1, and the same on every
 * machine, which functions of the C library would not be to the last bit. */
#define N_UNIFORM 12

/* Marsaglia's xorshift. */
double
fettle_random_uniform (FettleRandom *random)
{
  random->state ^= random->state << 13;
  random->state ^= random->state >> 17;
  random->state ^= random->state << 5;
  return (double)(random->state >> 8) * 0x1p-24;
}

double
fettle_random_normal (FettleRandom *random)
{
  double sum = -N_UNIFORM / 2.0;

  for (guint i = 0; i < N_UNIFORM; i++)
    sum += fettle_random_uniform (random);
  return sum;
}
