/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harness.h: random numbers, and images run between guard bytes. */
#pragma once

#include "image-builder.h"

/* From a fixed sequence. */
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
/* How many random cases a property is tried on: FALLBACK, or what the environment variable
 * FETTLE_PROPERTY_CASES says. */
int property_cases (int fallback);
/* Mostly all of int8, else any. */
void random_range_s8 (int32_t *minimum, int32_t *maximum);

/* Finishes BUILDER and opens it; runs it in an arena full of 0xA5 with 0xA5 around; INPUTS
 * has the bytes of each input; OUTPUT receives those of all outputs, one behind the other. Fails the test if the guards or the
 * image changed. */
void harness_run (struct image_builder *builder, const void *const *inputs, void *output);
