/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.h: what a fuzz target provides, and who calls it: libFuzzer, or driver.c in its place. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Must not crash, hang or leak, whatever BYTES are. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size);

/* Writes valid input number INDEX, from 0, to BUFFER and returns its size; 0 when there are no more. */
size_t fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity);

/* A target may have this one: changes BYTES, of which there may become CAPACITY, and returns the new
 * size. Equal SEED, equal changes. */
size_t LLVMFuzzerCustomMutator (uint8_t *bytes, size_t size, size_t capacity,
                                unsigned seed);

/* The engine's own way of changing BYTES, for such a target to call. */
size_t LLVMFuzzerMutate (uint8_t *bytes, size_t size, size_t capacity);
