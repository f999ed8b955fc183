/* SPDX-License-Identifier: Apache-2.0 */
/* doorbell.c: bytes on a CMSDK APB UART. */
#include "doorbell.h"

#include "board.h"

/* Its words. */
enum
{
  UART_DATA,
  UART_STATE,
  UART_CONTROL,
  UART_DIVIDER = 4,
};

#define UART_RECEIVED       2u
#define UART_ENABLE         3u
#define UART_DIVIDER_LOWEST 16u

static volatile uint32_t *
uart (void)
{
  return (volatile uint32_t *)mps_board.uart;
}

void
doorbell_init (void)
{
  uart ()[UART_DIVIDER] = UART_DIVIDER_LOWEST;
  uart ()[UART_CONTROL] = UART_ENABLE;
}

void
doorbell_watch (fta_port *port)
{
  port->attention = uart () + UART_STATE;
  port->attention_mask = UART_RECEIVED;
}

bool
doorbell_rang (void)
{
  if (!(uart ()[UART_STATE] & UART_RECEIVED))
    return false;
  (void)uart ()[UART_DATA];
  return true;
}
