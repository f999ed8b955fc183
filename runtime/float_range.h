/* SPDX-License-Identifier: Apache-2.0 */
/* float_range.h: the fused activation of float kernels. */
#pragma once

/* A NaN stays one, so that it is seen. */
static inline float
frt_limit_f32 (float value, float minimum, float maximum)
{
  return value < minimum ? minimum : value > maximum ? maximum : value;
}
