/* SPDX-License-Identifier: Apache-2.0 */
/* packed_blocks.h: the loops in which convolution and fully connected layers spend their
 * time: blocks of four output channels times one or two positions. */
#pragma once

#include "frt_format.h"

/* What is to be done; the functions advance all but TILE and END as they go. Assembly knows
 * the order of the fields. */
struct frt_packed_job
{
  const uint32_t *tile, *end; /* of a tile, see packed_matrix.h */
  const struct frt_packed_channel *channels;
  int8_t *y[2];    /* where the outputs of each position go */
  uint32_t blocks; /* at least 1 */
  const uint32_t *weights;
};

/* Results are limited to int8 only. */
void frt_packed_blocks_one (struct frt_packed_job *job);
void frt_packed_blocks_two (struct frt_packed_job *job);
