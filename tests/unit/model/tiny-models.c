/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiny-models.c: small models of our own, for tests. */
#include "tiny-models.h"
#include "model/tflite-schema.h"

static const float half = 0.5f, quarter = 0.25f, eighth = 0.125f, one = 1.0f;

void
tiny_dense_s8 (TinyModel *tiny)
{
  static const gint8 weights[] = { 1, 2, 3, -4 };
  static const gint32 bias[] = { 5, 6 };

  *tiny = (TinyModel){
    .tensors = {
      { .name = "in", .type = TFLITE_TYPE_INT8, .rank = 2, .shape = { 1, 2 },
        .n_scales = 1, .scales = &half },
      { .name = "weights", .type = TFLITE_TYPE_INT8, .rank = 2, .shape = { 2, 2 },
        .n_scales = 1, .scales = &quarter, .data = weights, .size = sizeof weights },
      { .name = "bias", .type = TFLITE_TYPE_INT32, .rank = 1, .shape = { 2 },
        .n_scales = 1, .scales = &eighth, .data = bias, .size = sizeof bias },
      { .name = "model/dense/Relu;model/dense/BiasAdd", .type = TFLITE_TYPE_INT8,
        .rank = 2, .shape = { 1, 2 }, .n_scales = 1, .scales = &one,
        .zero_point = -1 },
    },
    .operators = {
      { .builtin = 9, .n_inputs = 3, .inputs = { 0, 1, 2 }, .output = 3,
        .options_type = TFLITE_OPTIONS_FULLY_CONNECTED, .n_options = 1,
        .options = { { TFLITE_FULLY_CONNECTED_ACTIVATION, 'b',
                       TFLITE_ACTIVATION_RELU } } },
    },
    .model = { .n_tensors = 4, .n_operators = 1, .n_inputs = 1, .inputs = { 0 },
               .n_outputs = 1, .outputs = { 3 } },
  };
}

void
tiny_net_f32 (TinyModel *tiny)
{
  static const float weights[18] = {
    0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0
  };
  static const float bias[2] = { 0, 1 };
  static const float addend[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  static const gint32 shape[2] = { 1, 8 };

  *tiny = (TinyModel){
    .tensors = {
      { .name = "in", .type = TFLITE_TYPE_FLOAT32, .rank = 4, .shape = { -1, 4, 4, 1 } },
      { .name = "weights", .type = TFLITE_TYPE_FLOAT32, .rank = 4,
        .shape = { 2, 3, 3, 1 }, .data = weights, .size = sizeof weights },
      { .name = "bias", .type = TFLITE_TYPE_FLOAT32, .rank = 1, .shape = { 2 },
        .data = bias, .size = sizeof bias },
      { .name = "conv", .type = TFLITE_TYPE_FLOAT32, .rank = 4, .shape = { 1, 4, 4, 2 } },
      { .name = "pool", .type = TFLITE_TYPE_FLOAT32, .rank = 4, .shape = { 1, 2, 2, 2 } },
      { .name = "shape", .type = TFLITE_TYPE_INT32, .rank = 1, .shape = { 2 },
        .data = shape, .size = sizeof shape },
      { .name = "flat", .type = TFLITE_TYPE_FLOAT32, .rank = 2, .shape = { 1, 8 } },
      { .name = "addend", .type = TFLITE_TYPE_FLOAT32, .rank = 1, .shape = { 8 },
        .data = addend, .size = sizeof addend },
      { .name = "sum", .type = TFLITE_TYPE_FLOAT32, .rank = 2, .shape = { 1, 8 } },
      { .name = "sum", .type = TFLITE_TYPE_FLOAT32, .rank = 2, .shape = { 1, 8 } },
    },
    .operators = {
      { .builtin = 3, .n_inputs = 3, .inputs = { 0, 1, 2 }, .output = 3,
        .options_type = TFLITE_OPTIONS_CONV_2D, .n_options = 3,
        .options = { { TFLITE_CONV_2D_STRIDE_W, 'i', 1 },
                     { TFLITE_CONV_2D_STRIDE_H, 'i', 1 },
                     { TFLITE_CONV_2D_ACTIVATION, 'b', TFLITE_ACTIVATION_RELU6 } } },
      { .builtin = 1, .n_inputs = 1, .inputs = { 3 }, .output = 4,
        .options_type = TFLITE_OPTIONS_POOL_2D, .n_options = 5,
        .options = { { TFLITE_POOL_PADDING, 'b', TFLITE_PADDING_VALID },
                     { TFLITE_POOL_STRIDE_W, 'i', 2 },
                     { TFLITE_POOL_STRIDE_H, 'i', 2 },
                     { TFLITE_POOL_FILTER_WIDTH, 'i', 2 },
                     { TFLITE_POOL_FILTER_HEIGHT, 'i', 2 } } },
      { .builtin = 22, .n_inputs = 2, .inputs = { 4, 5 }, .output = 6 },
      { .builtin = 0, .n_inputs = 2, .inputs = { 6, 7 }, .output = 8,
        .options_type = TFLITE_OPTIONS_ADD },
      { .builtin = 25, .n_inputs = 1, .inputs = { 8 }, .output = 9,
        .options_type = TFLITE_OPTIONS_SOFTMAX, .n_options = 1,
        .options = { { TFLITE_SOFTMAX_BETA, 'f', 1 } } },
    },
    .model = { .n_tensors = 10, .n_operators = 5, .n_inputs = 1, .inputs = { 0 },
               .n_outputs = 1, .outputs = { 9 } },
  };
}

GBytes *
tiny_make (TinyModel *tiny)
{
  tiny->model.tensors = tiny->tensors;
  tiny->model.operators = tiny->operators;
  return builder_make (&tiny->model);
}
