/* SPDX-License-Identifier: Apache-2.0 */
/* hexadecimal.h: numbers of a chip as text. */
#pragma once

#include <stdint.h>

/* Writes eight digits and a zero byte; returns where the zero byte is. */
static inline char *
hexadecimal (char *text, uint32_t number)
{
  for (int shift = 28; shift >= 0; shift -= 4)
    *text++ = "0123456789abcdef"[number >> shift & 15];
  *text = '\0';
  return text;
}
