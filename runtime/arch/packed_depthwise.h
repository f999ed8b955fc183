/* SPDX-License-Identifier: Apache-2.0 */
/* packed_depthwise.h: the loop in which depthwise convolution spends its time: one position,
 * blocks of four channels. */
#pragma once

#include "frt_format.h"

/* The function advances X, WEIGHTS, CHANNELS and Y as it goes. Distances are in bytes.
 * Assembly knows the order of the fields. */
struct frt_packed_depthwise_job
{
  const int8_t *x;         /* at the first tap inside the input */
  const uint32_t *weights; /* at the same tap */
  int32_t step;            /* of X from one tap of a line to the next */
  uint32_t offset;         /* added to each activation; a pair */
  int32_t pitch;           /* of X from the start of one line to that of the next */
  int32_t lines;           /* inside the input; 0 if no tap is */
  int32_t count;           /* taps of a line inside the input, at least 1 */
  int32_t skip;            /* of WEIGHTS from the end of one line to the next */
  int32_t block;           /* of WEIGHTS from one block to the next */
  const struct frt_packed_channel *channels;
  int8_t *y;
  uint32_t blocks; /* at least 1 */
};

/* Results are limited to int8 only. */
void frt_packed_depthwise_blocks (struct frt_packed_depthwise_job *job);
