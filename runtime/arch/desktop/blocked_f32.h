/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_f32.h: what the blocked kernels of float share. */
#pragma once

#include "arch/desktop/blocked.h"
#include "check.h"

/* Weights, bias and the scratch for ROWS positions of TAPS taps; FRT_OK or what is wrong. */
int frt_check_blocked_f32 (const frt_image *image, const struct frt_operator *operator_,
                           uint32_t weights_offset, uint32_t bias_offset, uint64_t taps,
                           int32_t outputs, int32_t rows);
