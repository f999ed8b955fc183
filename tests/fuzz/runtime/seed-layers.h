/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-layers.h: images with the layers of a small network, of int8 and of float. */
#pragma once

#include "tests/unit/runtime/image-builder.h"

void build_layers_s8 (struct image_builder *builder);
void build_layers_f32 (struct image_builder *builder);
