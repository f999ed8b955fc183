/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board.c: QEMU's mps2-an386 as a microcontroller with a UART, to run what such boards share: start-up, counters,
 * the ring behind the interrupt, the frames. */
#include "target-agent/boards/cortex-m/board.h"

#include "target-agent/boards/cortex-m/hexadecimal.h"
#include "target-agent/boards/cortex-m/ring.h"

/* CMSDK APB UART 0 */
#define REGISTER(address) (*(volatile uint32_t *)(address))
#define UART_DATA         REGISTER (0x40004000u)
#define UART_STATE        REGISTER (0x40004004u)
#define UART_CONTROL      REGISTER (0x40004008u)
#define UART_INTERRUPT    REGISTER (0x4000400Cu)
#define UART_DIVIDER      REGISTER (0x40004010u)
#define NVIC_ISER         REGISTER (0xE000E100u)
#define CCR               REGISTER (0xE000ED14u)

#define FULL           1u
#define RECEIVED       2u
#define ON_WITH_SIGNAL (1u | 2u | 8u)
#define RECEIVE_SIGNAL 2u
#define INTERRUPT      0u
#define UNALIGN_TRP    (1u << 3)

const struct board board = {
  .id = "uart-board",
#ifdef __ARM_FP
  .core = "Cortex-M4",
#else
  .core = "Cortex-M0+",
#endif
  .clock_hz = 25000000,
  .has_virtual_time = 1,
};

/* Initialized data that the start-up has to copy. */
static volatile uint32_t identifier[2] = { 0x12345678, 0x9ABCDEF0 };

void
board_start (void)
{
#ifndef __ARM_FEATURE_UNALIGNED
  /* The M4 runs code for the M0+, but must refuse what the M0+ refuses. */
  CCR |= UNALIGN_TRP;
#endif
  UART_DIVIDER = 16;
  UART_CONTROL = ON_WITH_SIGNAL;
  NVIC_ISER = 1u << INTERRUPT;
}

void
board_interrupt (void)
{
  UART_INTERRUPT = RECEIVE_SIGNAL;
  while (UART_STATE & RECEIVED)
    ring_put (&received, (uint8_t)UART_DATA);
}

size_t
board_write (const uint8_t *bytes, size_t size)
{
  size_t taken = 0;

  while (taken < size && !(UART_STATE & FULL))
    UART_DATA = bytes[taken++];
  return taken;
}

void
board_unique_id (char text[BOARD_UNIQUE_ID_SIZE])
{
  hexadecimal (hexadecimal (text, identifier[0]), identifier[1]);
}
