/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiny-models.h: small models of our own, for tests. */
#pragma once

#include "tflite-builder.h"

#define TINY_MAX_TENSORS   12
#define TINY_MAX_OPERATORS 8

/* A description that a test may change before it is built. */
typedef struct
{
  BuilderTensor tensors[TINY_MAX_TENSORS];
  BuilderOperator operators[TINY_MAX_OPERATORS];
  BuilderModel model; /* its pointers are set by tiny_make */
} TinyModel;

/* One FULLY_CONNECTED of 2 inputs and 2 outputs with RELU, int8: input scale 1/2, zero point 0; weights
 * scale 1/4, {1, 2}, {3, -4}; bias {5, 6}; output scale 1, zero point -1. */
void tiny_dense_s8 (TinyModel *tiny);

/* float: 4x4x1 input, CONV_2D of 3x3 (SAME, RELU6) to 2 channels, AVERAGE_POOL_2D 2x2, RESHAPE to 8, ADD
 * of a constant, SOFTMAX. */
void tiny_net_f32 (TinyModel *tiny);

GBytes *tiny_make (TinyModel *tiny);
