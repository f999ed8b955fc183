/* SPDX-License-Identifier: Apache-2.0 */
/* systick.h: the core's 24-bit timer as a 64-bit counter. */
#pragma once

#include <stdint.h>

void systick_start (void);
/* Ticks of the processor clock since systick_start. */
uint64_t systick_now (void);

/* The SysTick exception, for the vector table. */
void startup_systick (void);
