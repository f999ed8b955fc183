/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: in what QEMU's machines differ; each board's folder defines its own. */
#pragma once

#include <stdint.h>

struct mps_board
{
  const char *id;   /* "virtual-m4" */
  const char *core; /* "Cortex-M4" */
  uint32_t megahertz;
  uintptr_t uart;  /* a CMSDK APB UART, the doorbell */
  uintptr_t timer; /* a CMSDK APB timer at the core's clock; 0: there is none */
};

extern const struct mps_board mps_board;
