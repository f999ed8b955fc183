/* SPDX-License-Identifier: Apache-2.0 */
/* startup.c: vector table, reset, faults and the stack's high-water mark. */
#include "startup.h"

#include "semihost.h"

/* Made by sections.ld. */
extern uint32_t stack_bottom[], stack_top[], bss_start[], bss_end[];

#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define PAINT 0xA5A5A5A5u
/* Words below the present stack pointer that painting leaves alone. */
#define IN_USE 64

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

_Noreturn void
startup_reset (void)
{
  /* FPU and MVE, before any code that the compiler gave a float or vector register */
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  for (volatile uint32_t *word = bss_start; word < bss_end; word++)
    *word = 0;
  paint_stack ();
  semihost_exit (main ());
}

static void
print_number (const char *before, uint32_t number)
{
  char text[] = "00000000";

  for (int i = 7; i >= 0; i--, number >>= 4)
    text[i] = "0123456789abcdef"[number & 15];
  semihost_print (before);
  semihost_print (text);
}

/* FRAME is what the exception pushed: r0 to r3, r12, lr, pc, xpsr. */
__attribute__ ((used)) static _Noreturn void
report_fault (const uint32_t *frame)
{
  uint32_t exception;

  __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
  print_number ("the firmware stopped by exception ", exception);
  print_number (" at 0x", frame[6]);
  print_number (", fault status 0x", *(volatile uint32_t *)0xE000ED28u);
  semihost_print ("\n");
  semihost_exit (1);
}

__attribute__ ((naked)) static void
fault (void)
{
  __asm__ volatile("mrs r0, msp\n\t"
                   "b report_fault");
}

__attribute__ ((section (".vectors"), used)) static const void *const vectors[] = {
  stack_top, startup_reset, fault, fault, fault, fault, fault, fault,
  fault,     fault,         fault, fault, fault, fault, fault, startup_systick,
};
