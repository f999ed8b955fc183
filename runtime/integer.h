/* SPDX-License-Identifier: Apache-2.0 */
/* integer.h: elements of any integer type, for kernels that convert between types. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "frt.h"

/* Element INDEX of DATA; TYPE is any but float. */
int64_t frt_integer_load (const void *data, uint8_t type, int32_t index);

/* The low bits of VALUE; for bool whether it is not 0. */
void frt_integer_store (void *data, uint8_t type, int32_t index, int64_t value);

/* What TYPE holds; 0 to 0 for float. */
struct frt_integer_range
{
  int64_t minimum, maximum;
};
struct frt_integer_range frt_integer_range (uint8_t type);

/* TYPE is one of those that are quantized: int8, int16, uint8, and int32 if WIDE; ZERO_POINT is a
 * number of that type. */
bool frt_check_zero_point (uint8_t type, int32_t zero_point, bool wide);
