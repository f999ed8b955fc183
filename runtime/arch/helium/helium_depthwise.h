/* SPDX-License-Identifier: Apache-2.0 */
/* helium_depthwise.h: the sums of a depthwise convolution, sixteen channels side by side. */
#pragma once

#include "arch/helium/helium.h"

/* What all positions of a layer share. The assembly knows where the fields lie. */
struct frt_helium_depthwise
{
  const int8_t *weights; /* [block][taps][lane] */
  const struct frt_helium_block *blocks;
  uint32_t taps;
  uint32_t block_count; /* per position */
  int32_t
      first_step; /* channels from the first block to the second; the others follow by 16 */
  int32_t offset;
  /* For frt_helium_convolve_inner, in bytes of the input: */
  int32_t column_step; /* from one tap to the next */
  int32_t row_step;    /* from the last tap of a row to the first of the next */
  int32_t skip;        /* from behind the channels of one position to the next position */
  int8_t minimum[FRT_HELIUM_LANES], maximum[FRT_HELIUM_LANES];
};

/* All channels of one position. TAPS are the input's cells, the first channel of each. Of the only
 * block no more than LANES are read and written; with several blocks LANES is 16. */
void frt_helium_convolve_taps (const struct frt_helium_depthwise *layer,
                               const int8_t *const *taps, uint32_t lanes, int8_t *y);

/* The same of COUNT positions in a row whose windows, 3x3, lie wholly inside the input; X is the
 * first cell of the first one. All blocks are whole. */
void frt_helium_convolve_inner (const struct frt_helium_depthwise *layer, const int8_t *x,
                                uint32_t count, int8_t *y);
