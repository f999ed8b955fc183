/* SPDX-License-Identifier: Apache-2.0 */
/* startup.h: between reset and main. */
#pragma once

#include <stdint.h>

/* The most that the stack has been, bytes. */
uint32_t startup_stack_bytes (void);

/* Where the core begins. */
_Noreturn void startup_reset (void);
