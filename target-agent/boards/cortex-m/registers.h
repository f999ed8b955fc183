/* SPDX-License-Identifier: Apache-2.0 */
/* registers.h: a chip's registers by address, in memory or, where BOARD_REGISTERS_MODEL is defined, in a test. */
#pragma once

#include <stdint.h>

#ifdef BOARD_REGISTERS_MODEL
uint32_t register_read (uint32_t address);
void register_write (uint32_t address, uint32_t value);
#else
static inline uint32_t
register_read (uint32_t address)
{
  return *(volatile uint32_t *)address;
}

static inline void
register_write (uint32_t address, uint32_t value)
{
  *(volatile uint32_t *)address = value;
}
#endif

static inline void
register_change (uint32_t address, uint32_t clear, uint32_t set)
{
  register_write (address, (register_read (address) & ~clear) | set);
}
