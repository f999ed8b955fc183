/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8.h: what fully connected layers of int8 share, whatever their weights'
 * type. */
#pragma once

#include "check.h"
#include "requantize.h"

/* sum (w + weights_zero_offset) * (x + input_offset) of one row, modulo 2^32; the weights
 * from element FIRST on. */
typedef uint32_t
frt_row_function_s8 (const struct frt_fully_connected_s8_parameters *parameters,
                     const int8_t *x, const void *weights, int32_t first);

/* The weights have WEIGHT_BITS each. */
int frt_check_fully_connected_s8 (const frt_image *image,
                                  const struct frt_operator *operator_,
                                  uint32_t weight_bits);

/* DOT is a constant wherever this is inlined. */
static inline void
frt_connect_fully_s8 (const frt_image *image, const struct frt_operator *operator_,
                      uint8_t *arena, frt_row_function_s8 *dot)
{
  const struct frt_fully_connected_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const void *weights = frt_constant (image, parameters->weights_offset);
  const int32_t *bias = frt_constant (image, parameters->bias_offset);
  const int32_t *multipliers = frt_constant (image, parameters->multiplier_offset);
  const int8_t *shifts = frt_constant (image, parameters->shift_offset);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = frt_element_count (frt_input_tensor (image, operator_, 0)) / depth;
  const int32_t outputs =
      frt_element_count (frt_output_tensor (image, operator_, 0)) / rows;
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t row = 0; row < rows; row++, x += depth)
    for (int32_t i = 0; i < outputs; i++)
      {
        uint32_t sum = dot (parameters, x, weights, i * depth);

        if (bias != NULL)
          sum += (uint32_t)bias[i];
        *y++ = frt_narrow_s8 (
            frt_multiply_by_quantized ((int32_t)sum, multipliers[i], shifts[i]),
            parameters->output_offset, parameters->minimum, parameters->maximum);
      }
}
