/* SPDX-License-Identifier: Apache-2.0 */
/* systick.c: the core's 24-bit timer as a 64-bit counter. */
#include "systick.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define ICSR     (*(volatile uint32_t *)0xE000ED04u)

#define LARGEST   0xFFFFFFu
#define PENDSTSET (1u << 26)
#define RUN       7u /* processor clock, interrupt, enable */

static volatile uint32_t wraps;

void
startup_systick (void)
{
  wraps++;
}

void
systick_start (void)
{
  wraps = 0;
  SYST_RVR = LARGEST;
  SYST_CVR = 0;
  SYST_CSR = RUN;
}

uint64_t
systick_now (void)
{
  uint32_t count, passed;

  __asm__ volatile("cpsid i" ::: "memory");
  count = SYST_CVR;
  passed = wraps;
  if (ICSR & PENDSTSET)
    {
      /* It wrapped before or after COUNT was read; this one is after. */
      count = SYST_CVR;
      passed++;
    }
  __asm__ volatile("cpsie i" ::: "memory");
  return ((uint64_t)passed << 24) + (LARGEST - count);
}
