/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: in what QEMU's machines differ; each board's folder defines its own. */
#pragma once

#include <stdint.h>

struct mps_board
{
  const char *id;   /* "virtual-m4" */
  const char *core; /* "Cortex-M4" */
  uint32_t megahertz;
  uintptr_t uart; /* a CMSDK APB UART, the doorbell */
};

extern const struct mps_board mps_board;
