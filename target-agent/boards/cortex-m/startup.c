/* SPDX-License-Identifier: Apache-2.0 */
/* startup.c: vector table, reset, faults and the stack's high-water mark. */
#include "startup.h"

#include "board.h"
#include "systick.h"

/* Made by sections.ld. */
extern uint32_t stack_bottom[], stack_top[], bss_start[], bss_end[], data_start[],
    data_end[];
extern const uint32_t data_load[];

#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define VTOR  (*(volatile uint32_t *)0xE000ED08u)
#define AIRCR (*(volatile uint32_t *)0xE000ED0Cu)

#define RESET_REQUEST 0x05FA0004u
#define PAINT         0xA5A5A5A5u
/* Words below the present stack pointer that painting leaves alone. */
#define IN_USE 64
/* More interrupts than any of the chips has. */
#define INTERRUPTS 112

int main (void);

uint32_t
startup_stack_bytes (void)
{
  const uint32_t *word = stack_bottom;

  while (word < stack_top && *word == PAINT)
    word++;
  return (uint32_t)(stack_top - word) * sizeof *word;
}

static void
paint_stack (void)
{
  uint32_t *end = (uint32_t *)__builtin_frame_address (0) - IN_USE;

  for (volatile uint32_t *word = stack_bottom; word < end; word++)
    *word = PAINT;
}

/* The board is usable again, and the desktop is told that there is no session. */
static _Noreturn void
restart (void)
{
  __asm__ volatile("dsb" ::: "memory");
  AIRCR = RESET_REQUEST;
  for (;;)
    ;
}

__attribute__ ((section (".vectors"), used)) static const void *const vectors[] = {
  [0] = stack_top,
  [1] = startup_reset,
  [2 ... 14] = restart,
  [15] = startup_systick,
  [16 ... 16 + INTERRUPTS - 1] = board_interrupt,
};

_Noreturn void
startup_reset (void)
{
  const uint32_t *from = data_load;

#ifdef __ARM_FP
  CPACR |= 0xFu << 20; /* before any code that the compiler gave a float register */
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  VTOR = (uint32_t)vectors;
  for (volatile uint32_t *word = data_start; word < data_end; word++)
    *word = *from++;
  for (volatile uint32_t *word = bss_start; word < bss_end; word++)
    *word = 0;
  paint_stack ();
  main ();
  restart ();
}
