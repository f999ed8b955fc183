/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-seeds.h: valid images that use all kernels between them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

unsigned image_seeds_count (void);

/* "CONV_2D, b". */
const char *image_seeds_name (unsigned index);

/* Image number INDEX; 16-byte aligned, for the rest of the program. */
const uint8_t *image_seeds_get (unsigned index, size_t *size);
