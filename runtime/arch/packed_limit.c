/* SPDX-License-Identifier: Apache-2.0 */
/* packed_limit.c: the limits of an activation, where int8 alone is not enough. */
#include "arch/packed_requantize.h"

void
frt_packed_apply_limits (int8_t *y, int32_t count, struct frt_packed_range range)
{
  for (int32_t i = 0; i < count; i++)
    y[i] = (int8_t)frt_limit_s32 (y[i], range.minimum, range.maximum);
}
