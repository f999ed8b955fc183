/* SPDX-License-Identifier: Apache-2.0 */
/* output_s16.h: from sums of int16 times int8 back to int16. */
#pragma once

#include "check.h"
#include "requantize.h"

/* Its constants looked up. */
struct frt_output_s16
{
  const struct frt_output_s16_parameters *parameters;
  const void *bias;
  const int32_t *multipliers;
  const int8_t *shifts;
};

struct frt_output_s16
frt_output_stage_s16 (const frt_image *image,
                      const struct frt_output_s16_parameters *parameters);

/* The accumulator's width, the limits, and the constants of OUTPUTS channels. */
int frt_check_output_s16 (const frt_image *image,
                          const struct frt_output_s16_parameters *parameters,
                          int32_t outputs);

/* The result of output CHANNEL, whose products add up to SUM. */
int16_t FRT_ROUNDED (frt_finish_s16) (const struct frt_output_s16 *stage, int32_t channel,
                                      int64_t sum);
