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
/* The same of 64 bits: a multiplier of 16 bits, one rounding, ties upwards. */
int32_t reference_multiply_wide (int64_t value, int32_t multiplier, int shift);
/* QuantizeMultiplier: REAL = *MULTIPLIER * 2^(result - 31). */
int reference_quantize_multiplier (double real, int32_t *multiplier);
/* VALUE * REAL, as the two above do it, and as the wide one does. */
int32_t reference_scale (int64_t value, double real);
int32_t reference_scale_wide (int64_t value, double real);
/* To the nearest whole number, halves away from zero; far values saturate. */
int64_t reference_round (double value);
/* clamp (VALUE + OFFSET) */
int8_t reference_narrow (int64_t value, int32_t offset, int32_t minimum, int32_t maximum);

/* --- gemmlowp's functions of fixed-point numbers --- */

/* exp (A), A at most 0 with INTEGER_BITS integer bits, at most 5; in Q0.31. */
int32_t reference_exponential (int32_t a, int integer_bits);
/* 1 / (1 + X) and (1 - X) / (1 + X), all Q0.31. */
int32_t reference_reciprocal_of_one_plus (int32_t x);
int32_t reference_one_minus_over_one_plus (int32_t x);

/* 1 / sqrt (VALUE) = *MULTIPLIER * 2^(result - 31); 0 counts as 1 (GetInvSqrtQuantizedMultiplierExp). */
int reference_inverse_square_root (int32_t value, int32_t *multiplier);
/* 1 / sqrt (VALUE) in steps of 2^-20; VALUE is positive. */
int32_t reference_scaled_inverse_square_root (int32_t value);

/* --- LOGISTIC and TANH of int16, by the table of 256 sigmoids --- */

/* The factor that brings inputs of SCALE to steps of 1 / (3 * 4096): result / 2^*SHIFT. */
int32_t reference_sigmoid_multiplier (float scale, int is_tanh, int *shift);
int32_t reference_logistic_s16 (int64_t x, int32_t multiplier, int shift);
int32_t reference_tanh_s16 (int64_t x, int32_t multiplier, int shift);

/* --- rows --- */

/* One row of SOFTMAX from int8, to OUTPUT_BITS bits. */
void reference_softmax (const int64_t *x, int64_t *y, int depth, int output_bits,
                        int32_t multiplier, int left_shift, int32_t difference_minimum);
