/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: what main.c has to know of QEMU's mps2-an386. */
#pragma once

#define BOARD_ID         "virtual-m4"
#define BOARD_CORE       "Cortex-M4"
#define BOARD_MEGAHERTZ  25u
#define BOARD_UART       0x40004000u /* CMSDK APB UART, the doorbell */
#define BOARD_IMAGE_SIZE (16u << 20)
#define BOARD_ARENA_SIZE (3u << 20)
