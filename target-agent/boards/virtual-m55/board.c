/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: QEMU's mps3-an547. */
#include "target-agent/boards/mps/board.h"

const struct mps_board mps_board = {
  .id = "virtual-m55",
  .core = "Cortex-M55",
  .megahertz = 32,
  .uart = 0x49303000u,
};
