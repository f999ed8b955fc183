/* SPDX-License-Identifier: Apache-2.0 */
/* board.c: QEMU's mps2-an500. */
#include "target-agent/boards/mps/board.h"

const struct mps_board mps_board = {
  .id = "virtual-m7",
  .core = "Cortex-M7",
  .megahertz = 25,
  .uart = 0x40004000u,
  .timer = 0x40000000u,
};
