/* SPDX-License-Identifier: Apache-2.0 */
/* frt_format_packed.h: parameters of the kernels for particular cores; part of frt_format.h. */
#pragma once

#include <stdint.h>

/* --- packed for ARMv7E-M; arch/packed_matrix.h has the order of the weights --- */

#define FRT_PACKED_CHANNELS 4 /* per block; the last block is filled up */
#define FRT_PACKED_TAPS     8 /* taps are filled up with zeros to a multiple of this */

/* One output channel. y = clamp (((2 * (sum w * x) + twice_bias) * multiplier / 2^32 +
 * rounding - (1 if the first product is negative)) >> shift), the division rounded to
 * nearest, ties upwards. The bias includes what the input's zero point adds, except for
 * depthwise; the rounding includes the output's. */
struct frt_packed_channel
{
  int32_t twice_bias;
  int32_t multiplier;
  int32_t rounding; /* 2^(shift - 1) + (zero point << shift) */
  int32_t shift;    /* 0 to 31, to the right */
};

/* Scratch: the widened activations of two positions, 4 bytes per tap; and if a row of taps is
 * no whole number of words, 1 byte more per tap. */
struct frt_conv2d_s8_packed_parameters
{
  struct frt_window window;
  uint32_t weights_offset;
  uint32_t channels_offset; /* struct frt_packed_channel[] */
  int32_t input_zero_point; /* what lies outside the input */
  int32_t minimum, maximum;
};

/* Weights int16 [blocks][height][width][4], of each block's four channels 0, 2, 1, 3; no
 * scratch. Depths are equal and at least 4; if they are no multiple of 4, the last block and
 * the last four channels are those of depth - 4 to depth - 1. x is read as x + input_offset. */
struct frt_depthwise_conv2d_s8_packed_parameters
{
  struct frt_window window;
  uint32_t weights_offset;
  uint32_t channels_offset;
  int32_t input_offset; /* minus the input's zero point */
  int32_t minimum, maximum;
};

/* Scratch: 2 bytes per tap for one row, 4 for more rows. */
struct frt_fully_connected_s8_packed_parameters
{
  uint32_t weights_offset;
  uint32_t channels_offset;
  uint32_t input_depth;
  int32_t minimum, maximum;
};

/* Inputs and output have equally many elements. Of channels[0] and [1], s and p elements of
 * the scaled and the other input: twice_sum = channels[1].twice_bias + p * 2^20 + 2 * t, where
 * t is what the formula of a channel makes of s * 2^21 + twice_bias, not limited; or
 * s * 2^19 if the multiplier of channels[0] is 0. Then y is that of channels[1], limited. */
struct frt_add_s8_packed_parameters
{
  struct frt_packed_channel channels[2];
  int32_t minimum, maximum;
  uint32_t scaled_input; /* 0 or 1 */
};

/* --- for Helium (Cortex-M55, M85) --- */

#define FRT_HELIUM_CHANNELS  4  /* per block of a matrix; the last block is filled up */
#define FRT_HELIUM_TAPS      16 /* taps are filled up with zeros to a multiple of this */
#define FRT_HELIUM_LANES     16 /* channels of a depthwise block */
#define FRT_HELIUM_MOST_TAPS 32 /* of DEPTHWISE_CONV2D_S8_HELIUM */
#define FRT_HELIUM_MOST_HIGH 16384

/* y = clamp (RDBPOT (SRDHM (sum w * x + bias, multiplier), -shift) + output_offset); the bias
 * includes what the input's zero point adds. */
struct frt_helium_channels
{
  int32_t bias[FRT_HELIUM_CHANNELS];
  int32_t multiplier[FRT_HELIUM_CHANNELS];
  int32_t shift[FRT_HELIUM_CHANNELS]; /* -31 to -1 */
};

/* The same of sixteen channels of a depthwise layer, even ones first, then odd ones. The bias is
 * taken apart: modulo 2^16, and divided by 256, rounded down. Multipliers and shifts are those of
 * channels 0, 4, 8, 12; 2, 6, 10, 14, then of the odd ones likewise. */
struct frt_helium_block
{
  int16_t low[2][FRT_HELIUM_LANES / 2];
  int16_t high[2]
              [FRT_HELIUM_LANES / 2]; /* at most FRT_HELIUM_MOST_HIGH, of either sign */
  struct frt_helium_factors
  {
    int32_t multiplier[2][FRT_HELIUM_LANES / 4];
    int32_t shift[2][FRT_HELIUM_LANES / 4]; /* -31 to -1 */
  } factors[2];
};

/* CONV2D_S8_HELIUM: weights int8 [out / 4][taps / 16][4][16], taps = height * width * depth;
 * scratch frt_helium_rows of taps, filled up, and 16 bytes. DEPTHWISE_CONV2D_S8_HELIUM: int8
 * [out / 16][taps][16] and struct frt_helium_block[]; scratch one byte per channel. If the channels
 * are no multiple of sixteen, the second block begins so early that the last one ends with them. Of
 * fewer than sixteen channels that divide sixteen, the block holds copies for neighbouring
 * positions. */
struct frt_conv2d_s8_helium_parameters
{
  struct frt_window window;
  uint32_t weights_offset;
  uint32_t channels_offset; /* struct frt_helium_channels[] or frt_helium_block[] */
  int32_t input_zero_point; /* what lies outside the input */
  int32_t output_offset;
  int32_t minimum, maximum;
};

/* Rows of TAPS taps that CONV2D_S8_HELIUM gathers at once: an even number, of no more than 512 bytes unless two
 * are more. */
static inline uint32_t
frt_helium_rows (uint32_t taps)
{
  const uint32_t chunks = (taps + FRT_HELIUM_TAPS - 1) / FRT_HELIUM_TAPS;

  return chunks < 16 ? 16 / chunks * 2 : 2;
}

/* Weights as those of CONV2D; scratch one byte per tap, unless the depth is a multiple of 16.
 * ADD_S8_HELIUM has binary_s8_parameters without shifts to the left of its factors, and tensors of
 * equal size; AVERAGE_POOL2D_S8_HELIUM has pool2d_s8_parameters. */
struct frt_fully_connected_s8_helium_parameters
{
  uint32_t weights_offset;
  uint32_t channels_offset;
  uint32_t input_depth;
  int32_t output_offset;
  int32_t minimum, maximum;
};

/* --- in blocks for desktop processors; not in firmware --- */

#define FRT_BLOCK_LANES 16 /* output channels; the last block is filled up */

/* One block: y = clamp (RDBPOT (SRDHM ((sum w * (x + input_offset) + bias) << left_shift,
 * multiplier), right_shift) + output_offset). */
struct frt_block_channels
{
  int32_t bias[FRT_BLOCK_LANES];
  int32_t multiplier[FRT_BLOCK_LANES];
  int32_t left_shift[FRT_BLOCK_LANES];  /* 0 to 31 */
  int32_t right_shift[FRT_BLOCK_LANES]; /* 0 to 31 */
};

/* CONV2D_S8_BLOCKED: weights int16 [block][taps / 2][lane][2], taps (height * width * depth)
 * filled up to an even number; scratch 8 bytes per tap. DEPTHWISE_CONV2D_S8_BLOCKED: weights
 * of int8 as int16 [block][taps][lane], depths are equal. CONV2D_F32_BLOCKED and
 * DEPTHWISE_CONV2D_F32_BLOCKED have conv2d_f32_parameters with weights [block][taps][lane], bias
 * [block][lane], one group; scratch of CONV2D 16 bytes per tap. */
struct frt_conv2d_s8_blocked_parameters
{
  struct frt_window window;
  uint32_t weights_offset;
  uint32_t channels_offset; /* struct frt_block_channels[] */
  int32_t input_offset;
  int32_t output_offset;
  int32_t minimum, maximum;
};

/* Weights as those of CONV2D, minus their zero point; scratch 2 bytes per tap for each of up to
 * four rows. FULLY_CONNECTED_F32_BLOCKED has fully_connected_f32_parameters with weights
 * [block][input depth][lane], bias [block][lane]. */
struct frt_fully_connected_s8_blocked_parameters
{
  uint32_t weights_offset;
  uint32_t channels_offset;
  uint32_t input_depth;
  int32_t input_offset;
  int32_t output_offset;
  int32_t minimum, maximum;
};
