/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harness.h: images run between guard bytes. */
#pragma once

#include "image-builder.h"
#include "random.h"

/* Finishes BUILDER and opens it; runs it in an arena full of 0xA5 with 0xA5 around; INPUTS
 * has the bytes of each input; OUTPUT receives those of all outputs, one behind the other. Fails the test if the guards or the
 * image changed. */
void harness_run (struct image_builder *builder, const void *const *inputs, void *output);
