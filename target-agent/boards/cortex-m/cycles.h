/* SPDX-License-Identifier: Apache-2.0 */
/* cycles.h: the core's clock cycles, by DWT's counter or, in cores without one, by SysTick. */
#pragma once

#include <stdint.h>

/* Returns DWT's register, which counts up; NULL if SysTick counts them. */
const volatile uint32_t *cycles_start (void);
/* Since cycles_start. With DWT it must be called once in 2^32 cycles, or a wrap is missed; an agent that waits for
 * frames does so all the time. */
uint64_t cycles_now (void);
