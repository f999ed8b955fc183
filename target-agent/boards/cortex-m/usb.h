/* SPDX-License-Identifier: Apache-2.0 */
/* usb.h: a board's own USB connector, in firmware that is linked with the board's usb.c. */
#pragma once

#include "target-agent/agent.h"

/* Starts clock, pins and controller, and fills in what concerns bytes. SERIAL outlives PORT. FALSE if the
 * controller does not answer. NULL in firmware for the UART. */
__attribute__ ((weak)) bool board_open_usb (fta_port *port, const char *serial);
