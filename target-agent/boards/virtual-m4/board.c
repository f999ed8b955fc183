/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: QEMU's mps2-an386. */
#include "target-agent/boards/mps/board.h"

const struct mps_board mps_board = {
  .id = "virtual-m4",
  .core = "Cortex-M4",
  .megahertz = 25,
  .uart = 0x40004000u,
  .timer = 0x40000000u,
};
