/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: in what microcontrollers with a UART differ; each board's folder defines its own. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct board
{
  const char *id;   /* "nucleo-l4r5zi" */
  const char *core; /* "Cortex-M4" */
  uint32_t clock_hz;
  uint8_t verified_on_hardware; /* somebody has run it and said so */
  uint8_t has_virtual_time;     /* a machine of QEMU: 2 s of silence mean nothing */
};

extern const struct board board;

/* Text of board_unique_id, with the zero byte. */
#define BOARD_UNIQUE_ID_SIZE 33

/* The clock, the pins, and the UART with an interrupt for each byte received. */
void board_start (void);
/* The only interrupt that board_start enables: puts what has come into ring.h's received. */
void board_interrupt (void);
/* Takes what the UART takes without waiting; returns how many bytes. */
size_t board_write (const uint8_t *bytes, size_t size);
/* Of the chip, as text. */
void board_unique_id (char text[BOARD_UNIQUE_ID_SIZE]);
