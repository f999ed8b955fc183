/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: what main.c has to know of QEMU's mps2-an500. */
#pragma once

#define BOARD_ID         "virtual-m7"
#define BOARD_CORE       "Cortex-M7"
#define BOARD_MEGAHERTZ  25u
#define BOARD_UART       0x40004000u /* CMSDK APB UART, the doorbell */
#define BOARD_IMAGE_SIZE (16u << 20)
#define BOARD_ARENA_SIZE (3u << 20)
