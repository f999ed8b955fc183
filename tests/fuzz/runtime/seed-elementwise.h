/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-elementwise.h: an image with kernels that work element by element. */
#pragma once

#include "tests/unit/runtime/image-builder.h"

void build_elementwise (struct image_builder *builder);
