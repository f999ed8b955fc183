/* SPDX-License-Identifier: Apache-2.0 */
/* cobs.c: Consistent Overhead Byte Stuffing. */
#include "target-agent/cobs.h"

size_t
fta_cobs_encode (const uint8_t *bytes, size_t size, uint8_t *out)
{
  size_t code_at = 0, at = 1;
  uint8_t code = 1;

  for (size_t i = 0; i < size; i++)
    {
      /* A full block is closed only when more follows, so that 254 bytes need one code and not two. */
      if (code == 0xFF)
        {
          out[code_at] = code;
          code_at = at++;
          code = 1;
        }
      if (bytes[i] != 0)
        {
          out[at++] = bytes[i];
          code++;
          continue;
        }
      out[code_at] = code;
      code_at = at++;
      code = 1;
    }
  out[code_at] = code;
  return at;
}

size_t
fta_cobs_decode (const uint8_t *bytes, size_t size, uint8_t *out)
{
  size_t at = 0, i = 0;

  while (i < size)
    {
      uint8_t code = bytes[i++];

      if (code == 0 || (size_t)(code - 1) > size - i)
        return SIZE_MAX;
      for (uint8_t k = 1; k < code; k++, i++)
        {
          if (bytes[i] == 0)
            return SIZE_MAX;
          out[at++] = bytes[i];
        }
      if (code != 0xFF && i < size)
        out[at++] = 0;
    }
  return at;
}
