/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: the Raspberry Pi Pico: 125 MHz by the crystal, and UART0 on its pins 1 and 2.
 *
 * NOT YET RUN ON HARDWARE: written after the RP2040 and Pico datasheets. */
#include "target-agent/boards/cortex-m/board.h"

#include "target-agent/boards/cortex-m/ring.h"

#include <string.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RESETS_CLEAR REGISTER (0x4000F000u) /* clears bits of RESET */
#define RESETS_DONE  REGISTER (0x4000C008u)
#define XOSC_CTRL    REGISTER (0x40024000u)
#define XOSC_STATUS  REGISTER (0x40024004u)
#define XOSC_STARTUP REGISTER (0x4002400Cu)
#define PLL_CS       REGISTER (0x40028000u)
#define PLL_PWR      REGISTER (0x40028004u)
#define PLL_FEEDBACK REGISTER (0x40028008u)
#define PLL_PRIM     REGISTER (0x4002800Cu)
#define REF_CTRL     REGISTER (0x40008030u)
#define REF_SELECTED REGISTER (0x40008038u)
#define SYS_CTRL     REGISTER (0x4000803Cu)
#define SYS_SELECTED REGISTER (0x40008044u)
#define PERI_CTRL    REGISTER (0x40008048u)
#define GPIO0_CTRL   REGISTER (0x40014004u)
#define GPIO1_CTRL   REGISTER (0x4001400Cu)
#define UART_DR      REGISTER (0x40034000u)
#define UART_FR      REGISTER (0x40034018u)
#define UART_IBRD    REGISTER (0x40034024u)
#define UART_FBRD    REGISTER (0x40034028u)
#define UART_LCR_H   REGISTER (0x4003402Cu)
#define UART_CR      REGISTER (0x40034030u)
#define UART_IMSC    REGISTER (0x40034038u)
#define UART_ICR     REGISTER (0x40034044u)
#define NVIC_ISER    REGISTER (0xE000E100u)

/* RESETS */
#define IO_BANK   (1u << 5)
#define PADS_BANK (1u << 8)
#define PLL_SYS   (1u << 12)
#define UART0     (1u << 22)

/* XOSC: 1 to 15 MHz, on; it is stable after 47 × 256 cycles of 12 MHz, 1 ms. */
#define XOSC_ON     (0xFABu << 12 | 0xAA0u)
#define XOSC_DELAY  47u
#define XOSC_STABLE (1u << 31)

/* PLL: 12 MHz × 125 / 6 / 2 */
#define PLL_LOCKED      (1u << 31)
#define PLL_DIVIDER_OFF (1u << 3)
#define PLL_DSM_OFF     (1u << 2) /* no fractions */
#define PLL_BY_6_BY_2   (6u << 16 | 2u << 12)
#define PLL_TIMES       125u

/* CLOCKS: a source is selected when its bit in SELECTED is set. */
#define REF_BY_XOSC 2u
#define SYS_BY_REF  0u
#define SYS_BY_AUX  1u /* AUXSRC 0: the PLL */
#define PERI_ON     (1u << 11)

/* UART: a PL011. 125 MHz / 16 / 921,600 = 8 + 31 / 64. */
#define PIN_IS_UART     2u
#define BAUD_WHOLE      8u
#define BAUD_64THS      31u
#define EIGHT_BITS_FIFO (3u << 5 | 1u << 4)
#define UART_ON         (1u | 1u << 8 | 1u << 9)
#define UART_EMPTY      (1u << 4)
#define UART_FULL       (1u << 5)
#define RECEIVED_EVENTS (1u << 4 | 1u << 6) /* FIFO half full, or a pause */
#define INTERRUPT       20u

const struct board board = {
  .id = "pico",
  .core = "Cortex-M0+",
  .clock_hz = 125000000,
};

static void
end_reset (uint32_t blocks)
{
  RESETS_CLEAR = blocks;
  while ((RESETS_DONE & blocks) != blocks)
    ;
}

static void
start_clock (void)
{
  XOSC_STARTUP = XOSC_DELAY;
  XOSC_CTRL = XOSC_ON;
  while (!(XOSC_STATUS & XOSC_STABLE))
    ;
  REF_CTRL = REF_BY_XOSC;
  while (!(REF_SELECTED & 1u << REF_BY_XOSC))
    ;
  SYS_CTRL = SYS_BY_REF;
  while (!(SYS_SELECTED & 1u << SYS_BY_REF))
    ;
  end_reset (PLL_SYS);
  PLL_CS = 1; /* the crystal's 12 MHz as they are */
  PLL_FEEDBACK = PLL_TIMES;
  PLL_PWR = PLL_DIVIDER_OFF | PLL_DSM_OFF;
  while (!(PLL_CS & PLL_LOCKED))
    ;
  PLL_PRIM = PLL_BY_6_BY_2;
  PLL_PWR = PLL_DSM_OFF;
  SYS_CTRL = SYS_BY_AUX;
  while (!(SYS_SELECTED & 1u << SYS_BY_AUX))
    ;
  PERI_CTRL = PERI_ON;
}

void
board_start (void)
{
  start_clock ();
  end_reset (IO_BANK | PADS_BANK | UART0);
  UART_IBRD = BAUD_WHOLE;
  UART_FBRD = BAUD_64THS;
  UART_LCR_H = EIGHT_BITS_FIFO; /* last: it takes the rate over */
  UART_CR = UART_ON;
  UART_IMSC = RECEIVED_EVENTS;
  GPIO0_CTRL = PIN_IS_UART;
  GPIO1_CTRL = PIN_IS_UART;
  NVIC_ISER = 1u << INTERRUPT;
}

void
board_interrupt (void)
{
  UART_ICR = RECEIVED_EVENTS;
  while (!(UART_FR & UART_EMPTY))
    ring_put (&received, (uint8_t)UART_DR);
}

size_t
board_write (const uint8_t *bytes, size_t size)
{
  size_t taken = 0;

  while (taken < size && !(UART_FR & UART_FULL))
    UART_DR = bytes[taken++];
  return taken;
}

/* The chip has none; the flash has one, which cannot be read while code runs from it. */
void
board_unique_id (char text[BOARD_UNIQUE_ID_SIZE])
{
  strcpy (text, "none");
}
