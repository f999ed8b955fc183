/* SPDX-License-Identifier: Apache-2.0 */
/* integer.c: elements of any integer type, for kernels that convert between types. */
#include "integer.h"

int64_t
frt_integer_load (const void *data, uint8_t type, int32_t index)
{
  switch (type)
    {
    case FRT_INT8:
      return ((const int8_t *)data)[index];
    case FRT_INT16:
      return ((const int16_t *)data)[index];
    case FRT_INT32:
      return ((const int32_t *)data)[index];
    case FRT_INT64:
      return ((const int64_t *)data)[index];
    default: /* uint8, bool */
      return ((const uint8_t *)data)[index];
    }
}

void
frt_integer_store (void *data, uint8_t type, int32_t index, int64_t value)
{
  switch (type)
    {
    case FRT_INT16:
      ((int16_t *)data)[index] = (int16_t)value;
      break;
    case FRT_INT32:
      ((int32_t *)data)[index] = (int32_t)value;
      break;
    case FRT_INT64:
      ((int64_t *)data)[index] = value;
      break;
    case FRT_BOOL:
      ((uint8_t *)data)[index] = value != 0;
      break;
    default: /* int8, uint8 */
      ((uint8_t *)data)[index] = (uint8_t)value;
      break;
    }
}

struct frt_integer_range
frt_integer_range (uint8_t type)
{
  switch (type)
    {
    case FRT_INT8:
      return (struct frt_integer_range){ INT8_MIN, INT8_MAX };
    case FRT_INT16:
      return (struct frt_integer_range){ INT16_MIN, INT16_MAX };
    case FRT_INT32:
      return (struct frt_integer_range){ INT32_MIN, INT32_MAX };
    case FRT_INT64:
      return (struct frt_integer_range){ INT64_MIN, INT64_MAX };
    case FRT_UINT8:
      return (struct frt_integer_range){ 0, UINT8_MAX };
    case FRT_BOOL:
      return (struct frt_integer_range){ 0, 1 };
    default:
      return (struct frt_integer_range){ 0, 0 };
    }
}

bool
frt_check_zero_point (uint8_t type, int32_t zero_point, bool wide)
{
  const struct frt_integer_range range = frt_integer_range (type);

  return (type == FRT_INT8 || type == FRT_INT16 || type == FRT_UINT8
          || (wide && type == FRT_INT32))
         && zero_point >= range.minimum && zero_point <= range.maximum;
}
