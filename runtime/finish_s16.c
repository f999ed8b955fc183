/* SPDX-License-Identifier: Apache-2.0 */
/* finish_s16.c: the last step of int16 with int8 weights: bias, scaling, limits. */
#include "output_s16.h"

int16_t
FRT_ROUNDED (frt_finish_s16) (const struct frt_output_s16 *stage, int32_t channel,
                              int64_t sum)
{
  const struct frt_output_s16_parameters *parameters = stage->parameters;
  const int32_t multiplier = stage->multipliers[channel];
  const int32_t shift = stage->shifts[channel];
  int32_t scaled;

  if (parameters->accumulator_bits == 64)
    {
      if (stage->bias != NULL)
        sum =
            (int64_t)((uint64_t)sum + (uint64_t)((const int64_t *)stage->bias)[channel]);
      scaled = frt_multiply_wide_by_quantized (sum, multiplier, shift);
    }
  else
    {
      if (stage->bias != NULL)
        sum += ((const int32_t *)stage->bias)[channel];
      scaled = frt_multiply_by_quantized ((int32_t)sum, multiplier, shift);
    }
  return (int16_t)frt_limit_s32 (scaled, parameters->minimum, parameters->maximum);
}
