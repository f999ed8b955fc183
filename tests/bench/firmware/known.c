/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c: code of known length, for the test of the counter: two layers, with something between them. */
#include "mark.h"
#include "target-agent/boards/mps/startup.h"

int main (void);

void
startup_systick (void)
{
}

int
main (void)
{
  __asm__ volatile("nop");
  REGION_BEGIN;
  LAYER_BEGIN;
  __asm__ volatile(".rept 100\n\tnop\n\t.endr");
  LAYER_END;
  __asm__ volatile(".rept 7\n\tnop\n\t.endr");
  LAYER_BEGIN;
  __asm__ volatile("movw r0, #1000\n"
                   "1:\n\t"
                   "subs r0, #1\n\t"
                   "bne 1b\n\t"
                   "nop" ::
                       : "r0", "cc");
  LAYER_END;
  REGION_END;
  __asm__ volatile("nop");
  return 0;
}
