/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.h: random numbers for tests of the runtime, the same in every run. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Begins the sequence that SEED gives; without a call, a fixed one. */
void random_seed (uint32_t seed);
/* The next number of the sequence. */
uint32_t random_bits (void);
/* LOW to HIGH, both included. */
int32_t random_between (int32_t low, int32_t high);
/* TRUE once in N. */
int random_once_in (int32_t n);
void random_fill_s8 (int8_t *values, size_t n);
/* In [-2, 2]. */
void random_fill_f32 (float *values, size_t n);
/* As QuantizeMultiplier gives them, mostly of useful size, sometimes 0 or extreme. */
void random_multiplier (int32_t *multiplier, int32_t *shift);
/* Mostly all of int8, else any. */
void random_range_s8 (int32_t *minimum, int32_t *maximum);
/* How many random cases a property is tried on: what the environment variable
 * FETTLE_PROPERTY_CASES says, else FALLBACK, or a fiftieth of it under sanitizers, which look for other
 * faults than wrong values. */
int property_cases (int fallback);
