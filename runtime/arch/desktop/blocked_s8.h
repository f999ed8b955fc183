/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_s8.h: what the blocked kernels of int8 share. */
#pragma once

#include "arch/desktop/blocked.h"
#include "check.h"

/* COUNT times x + OFFSET. */
void frt_blocked_widen (const int8_t *x, int32_t count, int32_t offset, int16_t *widened);

/* The multipliers and shifts of all lanes of OUTPUTS channels from OFFSET on. */
bool frt_check_block_channels (const frt_image *image, uint32_t offset, int32_t outputs);

/* Weights, channels and the scratch for ROWS positions of TAPS taps; FRT_OK or what is wrong. */
int frt_check_blocked_s8 (const frt_image *image, const struct frt_operator *operator_,
                          uint32_t weights_offset, uint32_t channels_offset,
                          uint64_t taps, int32_t outputs, int32_t rows);
