/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.h: the arithmetic of TensorFlow Lite Micro in the plainest words.
 *
 * Written from the definitions in 64 and 128 bits, slowly, and sharing nothing with the
 * runtime, so that an error in one is not an error in both. */
#pragma once

#include <stdint.h>

/* a * b / 2^31, nearest, ties upwards. */
int32_t reference_high_multiply (int32_t a, int32_t b);
/* value / 2^exponent, nearest, ties away from zero; any exponent. */
int32_t reference_divide_by_power (int32_t value, int exponent);
/* MultiplyByQuantizedMultiplier, double rounding; the left shift is modulo 2^32. */
int32_t reference_multiply (int64_t value, int32_t multiplier, int shift);
/* clamp (VALUE + OFFSET) */
int8_t reference_narrow (int64_t value, int32_t offset, int32_t minimum, int32_t maximum);

/* One row of SOFTMAX, int8. */
void reference_softmax_s8 (const int8_t *x, int8_t *y, int depth, int32_t multiplier,
                           int left_shift, int32_t difference_minimum);
