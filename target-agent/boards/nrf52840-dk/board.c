/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: Nordic's nRF52840 DK: 64 MHz by the crystal, and the UART that its J-Link hands on.
 *
 * NOT YET RUN ON HARDWARE: written after the nRF52840 Product Specification and the kit's hardware guide. */
#include "target-agent/boards/cortex-m/board.h"

#include "target-agent/boards/cortex-m/hexadecimal.h"
#include "target-agent/boards/cortex-m/ring.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define CLOCK_START     REGISTER (0x40000000u) /* TASKS_HFCLKSTART */
#define CLOCK_STARTED   REGISTER (0x40000100u) /* EVENTS_HFCLKSTARTED */
#define CACHE           REGISTER (0x4001E540u) /* NVMC ICACHECNF */
#define UART_START_RX   REGISTER (0x40002000u)
#define UART_START_TX   REGISTER (0x40002008u)
#define UART_RECEIVED   REGISTER (0x40002108u) /* EVENTS_RXDRDY */
#define UART_SENT       REGISTER (0x4000211Cu) /* EVENTS_TXDRDY */
#define UART_INTERRUPTS REGISTER (0x40002304u) /* INTENSET */
#define UART_ENABLE     REGISTER (0x40002500u)
#define UART_PIN_TX     REGISTER (0x4000250Cu)
#define UART_PIN_RX     REGISTER (0x40002514u)
#define UART_RXD        REGISTER (0x40002518u)
#define UART_TXD        REGISTER (0x4000251Cu)
#define UART_BAUD       REGISTER (0x40002524u)
#define PORT0_SET       REGISTER (0x50000508u)
#define PIN6_SETUP      REGISTER (0x50000718u)
#define PIN8_SETUP      REGISTER (0x50000720u)
#define NVIC_ISER       REGISTER (0xE000E100u)
#define DEVICE_ID       ((const volatile uint32_t *)0x10000060u)

/* 1,000,000 baud divides the clock; 921,600 would be 2 % too fast. */
#define MEGABAUD       0x10000000u
#define UART_ON        4u
#define RECEIVED_EVENT (1u << 2)
#define INTERRUPT      2u
#define PIN_TX         6u
#define PIN_RX         8u
#define OUTPUT         1u
#define INPUT          0u /* its buffer connected, as it is not after reset */
#define CACHE_ON       1u

const struct board board = {
  .id = "nrf52840-dk",
  .core = "Cortex-M4",
  .clock_hz = 64000000,
};

void
board_start (void)
{
  CLOCK_START = 1;
  while (CLOCK_STARTED == 0)
    ;
  CACHE = CACHE_ON;
  PORT0_SET = 1u << PIN_TX; /* idle, before the UART has the pin */
  PIN6_SETUP = OUTPUT;
  PIN8_SETUP = INPUT;
  UART_PIN_TX = PIN_TX;
  UART_PIN_RX = PIN_RX;
  UART_BAUD = MEGABAUD;
  UART_ENABLE = UART_ON;
  UART_SENT = 0;
  UART_RECEIVED = 0;
  UART_INTERRUPTS = RECEIVED_EVENT;
  NVIC_ISER = 1u << INTERRUPT;
  UART_START_RX = 1;
  UART_START_TX = 1;
}

/* The UART keeps six bytes, and says RXDRDY again for each after one was read. */
void
board_interrupt (void)
{
  while (UART_RECEIVED != 0)
    {
      UART_RECEIVED = 0;
      ring_put (&received, (uint8_t)UART_RXD);
    }
}

size_t
board_write (const uint8_t *bytes, size_t size)
{
  static uint8_t
      busy; /* a byte was given to the UART, which has not said that it is sent */

  if (size == 0 || (busy && UART_SENT == 0))
    return 0;
  UART_SENT = 0;
  UART_TXD = bytes[0];
  busy = 1;
  return 1;
}

void
board_unique_id (char text[BOARD_UNIQUE_ID_SIZE])
{
  hexadecimal (hexadecimal (text, DEVICE_ID[1]), DEVICE_ID[0]);
}
