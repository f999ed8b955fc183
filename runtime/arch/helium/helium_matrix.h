/* SPDX-License-Identifier: Apache-2.0 */
/* helium_matrix.h: products of a row of activations with the weights of all output channels. */
#pragma once

#include "arch/helium/helium.h"
#include "check.h"

/* The assembly knows where the fields lie. */
struct frt_helium_matrix
{
  const int8_t *weights;                      /* [out / 4][taps / 16][4][16] */
  const struct frt_helium_channels *channels; /* [out / 4] */
  uint32_t chunks;                            /* of taps, 16 each */
  uint32_t blocks;                            /* of outputs, whole ones */
  int32_t offset, minimum, maximum;           /* limits before OFFSET is added */
  int32_t outputs;
};

/* TAPS are not yet filled up. */
static inline struct frt_helium_matrix
frt_helium_matrix (const void *weights, const void *channels, uint32_t taps,
                   int32_t outputs, const struct frt_helium_range *range)
{
  return (struct frt_helium_matrix){
    .weights = weights,
    .channels = channels,
    .chunks = frt_helium_taps (taps) / FRT_HELIUM_TAPS,
    .blocks = (uint32_t)outputs / FRT_HELIUM_CHANNELS,
    .offset = range->offset,
    .minimum = range->minimum - range->offset,
    .maximum = range->maximum - range->offset,
    .outputs = outputs,
  };
}

/* All outputs of one row of activations. */
void frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x,
                          int8_t *y);

/* The same of 2 * COUNT rows, STEP bytes from one to the next; their outputs follow each other. */
void frt_helium_multiply_pairs (const struct frt_helium_matrix *matrix, const int8_t *x,
                                int32_t step, int32_t count, int8_t *y);

/* Blocks of BLOCK channels, WEIGHTS bytes of weights; FRT_OK or what is wrong. */
int frt_check_helium (const frt_image *image, uint32_t weights_offset, uint64_t weights,
                      uint32_t channels_offset, int32_t outputs, int32_t block);

/* The same for a matrix of TAPS taps, not yet filled up. */
int frt_check_helium_matrix (const frt_image *image, uint32_t weights_offset,
                             uint32_t channels_offset, uint64_t taps, int32_t outputs);
