/* SPDX-License-Identifier: Apache-2.0 */
/* uart.h: the simulated board as behind a UART. */
#pragma once

#include "target-agent/serial.h"

/* As a microcontroller with a UART has them. */
#define UART_PAYLOAD 1024u
#define UART_WINDOW  4096u

struct uart_board
{
  fta_serial serial;
  int fd;
  uint8_t packet[FTA_SERIAL_PACKET (UART_PAYLOAD)];
};

/* Fills in what concerns bytes, and makes MEMORY as small as a UART's board has it. FD is an open socket or a
 * pseudo-terminal's; its end ends the process. FALSE if it is not open. */
bool uart_port_init (fta_port *port, fta_memory *memory, struct uart_board *board, int fd,
                     const fta_identity *identity);
