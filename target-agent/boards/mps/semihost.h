/* SPDX-License-Identifier: Apache-2.0 */
/* semihost.h: the Arm semihosting calls that a virtual board needs.
 *
 * "Semihosting for AArch32 and AArch64", Arm. QEMU answers them. A file is a file descriptor of QEMU, so
 * a pipe works; reading one stops the whole machine until a byte comes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum semihost_mode
{
  SEMIHOST_READ = 1,  /* "rb" */
  SEMIHOST_WRITE = 5, /* "wb" */
};

/* PATH is QEMU's. Returns the file, or a negative number. */
int semihost_open (const char *path, enum semihost_mode mode);
/* Returns the bytes read: at least one, or 0 at the end of the file. */
size_t semihost_read (int file, void *bytes, size_t size);
/* Returns the bytes written; waits for all of them. */
size_t semihost_write (int file, const void *bytes, size_t size);
/* TEXT appears on QEMU's standard error. */
void semihost_print (const char *text);
/* Ends QEMU. */
_Noreturn void semihost_exit (int status);
