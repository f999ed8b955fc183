/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiny-image.h: a hand-made image of layers that each copy their input, for tests of links and agents. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A chain of N_LAYERS copies of SIZE bytes, a multiple of 16, between two places of the arena. IMAGE is
 * aligned to 16 bytes. Returns its size, 0 if CAPACITY is too small. */
size_t tiny_image (uint8_t *image, size_t capacity, uint32_t n_layers, uint32_t size);

/* What the zero points of its input are. */
#define TINY_ZERO_POINT 7
