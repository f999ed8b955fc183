/* SPDX-License-Identifier: Apache-2.0 */
/* cycles.c: the core's clock cycles, by DWT's counter or, in cores without one, by SysTick.
 *
 * ARMv7-M Architecture Reference Manual, C1.6 and C1.8. */
#include "cycles.h"

#include "systick.h"

#include <stdbool.h>
#include <stddef.h>

#define DEMCR      (*(volatile uint32_t *)0xE000EDFCu)
#define DWT_CTRL   (*(volatile uint32_t *)0xE0001000u)
#define DWT_CYCCNT (*(volatile uint32_t *)0xE0001004u)

#define TRCENA    (1u << 24)
#define CYCCNTENA 1u

static bool has_dwt;
static uint32_t last, wraps;

/* ARMv6-M has no cycle counter, and what is at its address may be anything. */
static bool
start_dwt (void)
{
#if __ARM_ARCH >= 7
  uint32_t before;

  DEMCR |= TRCENA;
  DWT_CYCCNT = 0;
  DWT_CTRL |= CYCCNTENA;
  before = DWT_CYCCNT;
  for (volatile int i = 0; i < 100; i++)
    ;
  return DWT_CYCCNT != before;
#else
  return false;
#endif
}

const volatile uint32_t *
cycles_start (void)
{
  last = wraps = 0;
  has_dwt = start_dwt ();
  if (has_dwt)
    return &DWT_CYCCNT;
  systick_start ();
  return NULL;
}

uint64_t
cycles_now (void)
{
  uint32_t count;

  if (!has_dwt)
    return systick_now ();
  count = DWT_CYCCNT;
  if (count < last)
    wraps++;
  last = count;
  return (uint64_t)wraps << 32 | count;
}
