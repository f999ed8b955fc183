/* SPDX-License-Identifier: Apache-2.0 */
/* timer.h: a 32-bit counter that costs one load. */
#pragma once

#include <stdint.h>

/* Starts the board's CMSDK APB timer. Returns its register, which counts down at the core's clock; NULL if there
 * is none. */
const volatile uint32_t *timer_start (void);
