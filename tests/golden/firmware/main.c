/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: what a user would write around an exported header; prints the outputs in hexadecimal. */
#include "frt.h"

#include "model.h"
#include "sample.h" /* static const uint8_t sample[]: the input's bytes */

#include <string.h>

#define SEMIHOSTING_WRITE0        0x04
#define SEMIHOSTING_EXIT_EXTENDED 0x20
#define APPLICATION_EXIT          0x20026

extern uint8_t stack_top;

MODEL_ARENA (arena);

static void
semihosting_call (int operation, const void *argument)
{
  register int r0 __asm ("r0") = operation;
  register const void *r1 __asm ("r1") = argument;

  __asm volatile ("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void
leave (uint32_t status)
{
  uint32_t argument[2] = { APPLICATION_EXIT, status };

  semihosting_call (SEMIHOSTING_EXIT_EXTENDED, argument);
  for (;;)
    ;
}

static void
print_hexadecimal (const uint8_t *bytes, size_t n)
{
  static const char digits[] = "0123456789abcdef";
  char text[3] = "";

  for (size_t i = 0; i < n; i++)
    {
      text[0] = digits[bytes[i] >> 4];
      text[1] = digits[bytes[i] & 15];
      semihosting_call (SEMIHOSTING_WRITE0, text);
    }
}

static void
reset (void)
{
  frt_image image;

  *(volatile uint32_t *) 0xE000ED88 |= 0xFu << 20; /* CPACR: the floating-point unit */
  __asm volatile ("dsb\n\tisb");
  if (model_open (&image) != FRT_OK || sizeof sample != frt_image_input_size (&image, 0))
    leave (1);
  memcpy (frt_image_input (&image, arena, 0), sample, sizeof sample);
  if (frt_image_run (&image, arena, sizeof arena, NULL) != FRT_OK)
    leave (2);
  print_hexadecimal (frt_image_output (&image, arena, 0), frt_image_output_size (&image, 0));
  leave (0);
}

static void
fault (void)
{
  leave (3);
}

__attribute__ ((section (".vectors"), used)) static const void *const vectors[16] = {
  &stack_top, (const void *) reset, (const void *) fault, (const void *) fault,
  (const void *) fault, (const void *) fault, (const void *) fault,
};
