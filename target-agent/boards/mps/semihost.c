/* SPDX-License-Identifier: Apache-2.0 */
/* semihost.c: Arm semihosting calls on a Cortex-M. */
#include "semihost.h"

#include <string.h>

enum
{
  SYS_OPEN = 0x01,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_EXIT_EXTENDED = 0x20,
};

#define APPLICATION_EXIT 0x20026u

static int
call (int operation, const void *argument)
{
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;

  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

int
semihost_open (const char *path, enum semihost_mode mode)
{
  const uint32_t block[] = { (uint32_t)path, mode, strlen (path) };

  return call (SYS_OPEN, block);
}

size_t
semihost_read (int file, void *bytes, size_t size)
{
  const uint32_t block[] = { (uint32_t)file, (uint32_t)bytes, size };

  return size - (size_t)call (SYS_READ, block);
}

size_t
semihost_write (int file, const void *bytes, size_t size)
{
  const uint32_t block[] = { (uint32_t)file, (uint32_t)bytes, size };

  return size - (size_t)call (SYS_WRITE, block);
}

void
semihost_print (const char *text)
{
  call (SYS_WRITE0, text);
}

_Noreturn void
semihost_exit (int status)
{
  const uint32_t block[] = { APPLICATION_EXIT, (uint32_t)status };

  call (SYS_EXIT_EXTENDED, block);
  for (;;)
    ;
}
