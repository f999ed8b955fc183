/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: ST's Nucleo-L4R5ZI: 120 MHz, and LPUART1, which the ST-Link hands on.
 *
 * NOT YET RUN ON HARDWARE: written after RM0432 (STM32L4+) and UM2179 (the board). */
#include "target-agent/boards/cortex-m/board.h"

#include "target-agent/boards/cortex-m/hexadecimal.h"
#include "target-agent/boards/cortex-m/ring.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_CR      REGISTER (0x40021000u)
#define RCC_CFGR    REGISTER (0x40021008u)
#define RCC_PLLCFGR REGISTER (0x4002100Cu)
#define RCC_AHB2ENR REGISTER (0x4002104Cu)
#define RCC_APB1EN1 REGISTER (0x40021058u)
#define RCC_APB1EN2 REGISTER (0x4002105Cu)
#define RCC_CCIPR   REGISTER (0x40021088u)
#define PWR_CR2     REGISTER (0x40007004u)
#define PWR_CR5     REGISTER (0x40007080u)
#define FLASH_ACR   REGISTER (0x40022000u)
#define GPIOG_MODER REGISTER (0x48001800u)
#define GPIOG_SPEED REGISTER (0x48001808u)
#define GPIOG_AFRL  REGISTER (0x48001820u)
#define GPIOG_AFRH  REGISTER (0x48001824u)
#define LPUART_CR1  REGISTER (0x40008000u)
#define LPUART_BRR  REGISTER (0x4000800Cu)
#define LPUART_ISR  REGISTER (0x4000801Cu)
#define LPUART_ICR  REGISTER (0x40008020u)
#define LPUART_RDR  REGISTER (0x40008024u)
#define LPUART_TDR  REGISTER (0x40008028u)
#define NVIC_ISER2  REGISTER (0xE000E108u)
#define UNIQUE_ID   ((const volatile uint32_t *)0x1FFF7590u)

/* RCC. MSI runs at 4 MHz after reset: 4 MHz × 60 / 2. */
#define MSIRDY         (1u << 1)
#define PLLON          (1u << 24)
#define PLLRDY         (1u << 25)
#define PLL_FROM_MSI   1u
#define PLL_TIMES_60   (60u << 8)
#define PLL_R_BY_2     (1u << 24) /* PLLR = 0 divides by 2; the bit enables its output */
#define SYSTEM_BY_PLL  3u
#define AHB_BY_2       (8u << 4)
#define AHB_MASK       (15u << 4)
#define GPIOG_ON       (1u << 6)
#define PWR_ON         (1u << 28)
#define LPUART1_ON     1u
#define LPUART_BY_CORE (1u << 10)

/* PWR */
#define IOSV   (1u << 9) /* PG2 to PG15 have power */
#define R1MODE (1u << 8) /* clear: range 1, boosted, for more than 80 MHz */

/* FLASH: 5 wait states above 100 MHz in range 1, prefetch and caches */
#define FLASH_120_MHZ (5u | 7u << 8)

/* LPUART */
#define UART_ON         1u
#define RECEIVER_ON     (1u << 2)
#define TRANSMITTER_ON  (1u << 3)
#define RECEIVED_SIGNAL (1u << 5)
#define FIFOS_ON        (1u << 29)
#define RECEIVED        (1u << 5)
#define ROOM            (1u << 7)
#define ERRORS          0xFu /* parity, framing, noise, overrun: the frame's CRC finds them */
#define INTERRUPT       70u

#define CLOCK_HZ 120000000u
#define BAUD     921600u

const struct board board = {
  .id = "nucleo-l4r5zi",
  .core = "Cortex-M4",
  .clock_hz = CLOCK_HZ,
};

static void
wait_for (volatile uint32_t *place, uint32_t mask, uint32_t value)
{
  while ((*place & mask) != value)
    ;
}

static void
start_clock (void)
{
  RCC_APB1EN1 |= PWR_ON;
  (void)RCC_APB1EN1; /* until it is switched on */
  PWR_CR5 &= ~R1MODE;
  FLASH_ACR = FLASH_120_MHZ;
  wait_for (&FLASH_ACR, 15, 5);
  wait_for (&RCC_CR, MSIRDY, MSIRDY);
  RCC_PLLCFGR = PLL_FROM_MSI | PLL_TIMES_60 | PLL_R_BY_2;
  RCC_CR |= PLLON;
  wait_for (&RCC_CR, PLLRDY, PLLRDY);
  /* Above 80 MHz the core has to stop halfway for a microsecond. */
  RCC_CFGR = AHB_BY_2 | SYSTEM_BY_PLL;
  wait_for (&RCC_CFGR, SYSTEM_BY_PLL << 2, SYSTEM_BY_PLL << 2);
  for (volatile int i = 0; i < 60; i++)
    ;
  RCC_CFGR &= ~AHB_MASK;
}

/* PG7 sends and PG8 receives, both as alternate function 8. */
static void
start_pins (void)
{
  RCC_AHB2ENR |= GPIOG_ON;
  PWR_CR2 |= IOSV;
  (void)RCC_AHB2ENR;
  GPIOG_AFRL = (GPIOG_AFRL & ~(15u << 28)) | 8u << 28;
  GPIOG_AFRH = (GPIOG_AFRH & ~15u) | 8u;
  GPIOG_SPEED |= 2u << 14 | 2u << 16;
  GPIOG_MODER = (GPIOG_MODER & ~(3u << 14 | 3u << 16)) | 2u << 14 | 2u << 16;
}

static void
start_uart (void)
{
  RCC_CCIPR |= LPUART_BY_CORE;
  RCC_APB1EN2 |= LPUART1_ON;
  (void)RCC_APB1EN2;
  LPUART_BRR = (uint32_t)((256ull * CLOCK_HZ + BAUD / 2) / BAUD);
  LPUART_CR1 = UART_ON | RECEIVER_ON | TRANSMITTER_ON | RECEIVED_SIGNAL | FIFOS_ON;
  NVIC_ISER2 = 1u << (INTERRUPT - 64);
}

void
board_start (void)
{
  start_clock ();
  start_pins ();
  start_uart ();
}

void
board_interrupt (void)
{
  LPUART_ICR = ERRORS;
  while (LPUART_ISR & RECEIVED)
    ring_put (&received, (uint8_t)LPUART_RDR);
}

size_t
board_write (const uint8_t *bytes, size_t size)
{
  size_t taken = 0;

  while (taken < size && (LPUART_ISR & ROOM))
    LPUART_TDR = bytes[taken++];
  return taken;
}

void
board_unique_id (char text[BOARD_UNIQUE_ID_SIZE])
{
  for (int i = 0; i < 3; i++)
    text = hexadecimal (text, UNIQUE_ID[i]);
}
