/* SPDX-License-Identifier: Apache-2.0 */
/* helium_matrix.h: products of a row of activations with the weights of all output channels. */
#pragma once

#include "arch/helium/helium.h"
#include "check.h"

struct frt_helium_matrix
{
  const int8_t *weights;                      /* [out / 4][taps / 16][4][16] */
  const struct frt_helium_channels *channels; /* [out / 4] */
  uint32_t taps;                              /* a multiple of 16 */
  int32_t outputs;
  struct frt_helium_range range;
};

/* All outputs of one row of TAPS activations. */
void frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x,
                          int8_t *y);

/* The same of two rows X; the outputs of the second lie behind those of the first. */
void frt_helium_multiply_pair (const struct frt_helium_matrix *matrix,
                               const int8_t *const *x, int8_t *y);

/* Blocks of BLOCK channels, WEIGHTS bytes of weights; FRT_OK or what is wrong. */
int frt_check_helium (const frt_image *image, uint32_t weights_offset, uint64_t weights,
                      uint32_t channels_offset, int32_t outputs, int32_t block);

/* The same for a matrix of TAPS taps, not yet filled up. */
int frt_check_helium_matrix (const frt_image *image, uint32_t weights_offset,
                             uint32_t channels_offset, uint64_t taps, int32_t outputs);
