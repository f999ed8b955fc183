/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-movement.h: an image with the kernels that move and convert data. */
#pragma once

#include "tests/unit/runtime/image-builder.h"

void build_movement (struct image_builder *builder);
