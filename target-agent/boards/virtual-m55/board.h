/* SPDX-License-Identifier: Apache-2.0 */
/* board.h: what main.c has to know of QEMU's mps3-an547. */
#pragma once

#define BOARD_ID         "virtual-m55"
#define BOARD_CORE       "Cortex-M55"
#define BOARD_MEGAHERTZ  32u
#define BOARD_UART       0x49303000u /* CMSDK APB UART, the doorbell */
#define BOARD_IMAGE_SIZE (16u << 20)
#define BOARD_ARENA_SIZE (3u << 20)
