/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.h: what a fuzz target provides. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Must not crash, hang or leak, whatever BYTES are. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size);

/* Writes valid input number INDEX, from 0, to BUFFER and returns its size; 0 when there are no more. */
size_t fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity);
