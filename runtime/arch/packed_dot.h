/* SPDX-License-Identifier: Apache-2.0 */
/* packed_dot.h: the inner loops of packed_matrix.c. */
#pragma once

#include <stdint.h>

/* Sums of one block of channels over the pairs from TILE to END: of each position, of
 * channel 0, of 256 times channel 1 plus channel 0, and the same of channels 2 and 3. END -
 * TILE is FRT_PACKED_TAPS / 2 pairs per position, or a multiple of it. */
void frt_packed_dot_one (uint32_t sums[4], const uint32_t *weights, const uint32_t *tile,
                         const uint32_t *end);
void frt_packed_dot_two (uint32_t sums[8], const uint32_t *weights, const uint32_t *tile,
                         const uint32_t *end);
