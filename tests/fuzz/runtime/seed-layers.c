/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-layers.c: images with the layers of a small network, of int8 and of float. */
#include "tests/fuzz/runtime/seed-layers.h"

static const int32_t multipliers[8] = { 1 << 30,           (1 << 30) + 1,
                                        (1 << 30) + 12345, INT32_MAX,
                                        INT32_MAX - 1,     3 << 29,
                                        1518500249,        0 };
static const int8_t shifts[8] = { -8, -7, -6, -5, 1, 0, -31, -9 };

/* A block of weights that every layer of int8 may point into. */
static uint32_t
add_weights (struct image_builder *builder)
{
  int8_t weights[512];

  for (size_t i = 0; i < sizeof weights; i++)
    weights[i] = (int8_t)(i * 37);
  return image_builder_block (builder, weights, sizeof weights);
}

static uint16_t
add_tensor (struct image_builder *builder, enum frt_type type, int32_t height,
            int32_t width, int32_t depth)
{
  const int32_t shape[] = { 1, height, width, depth };

  return image_builder_tensor (builder, type, 4, shape);
}

/* CONV_2D, DEPTHWISE_CONV_2D, pools, ADD, PAD, MEAN, FULLY_CONNECTED, SOFTMAX. */
void
build_layers_s8 (struct image_builder *b)
{
  const uint32_t w = add_weights (b);
  const uint32_t m = image_builder_block (b, multipliers, sizeof multipliers);
  const uint32_t s = image_builder_block (b, shifts, sizeof shifts);
  const struct frt_window window = { 3, 3, 1, 1, 1, 1, 1, 1 };
  const struct frt_window pool = { 2, 2, 2, 2, 1, 1, 0, 0 };
  const struct frt_conv2d_s8_parameters conv = {
    window, w, 0, m, s, 1, 10, 3, -128, 127
  };
  const struct frt_pool2d_s8_parameters pooling = { pool, -128, 127 };
  const struct frt_binary_s8_parameters add = { 1,  2,       3,   1 << 30, -1,   1 << 30,
                                                -1, 1 << 30, -18, 20,      -128, 127 };
  const struct frt_pad_parameters pad = { { 0, 1, 1, 0, 0, 0 }, 5 };
  const struct frt_mean_s8_parameters mean = { 6, -16, 1, 1 << 30, -4 };
  const struct frt_fully_connected_s8_parameters dense = { w, m, m, s,    4,
                                                           3, 1, 2, -100, 100 };
  const struct frt_softmax_s8_parameters softmax = { 1 << 30, 23, -248 };
  const uint16_t t[] = {
    add_tensor (b, FRT_INT8, 6, 6, 4), add_tensor (b, FRT_INT8, 6, 6, 4),
    add_tensor (b, FRT_INT8, 6, 6, 8), add_tensor (b, FRT_INT8, 3, 3, 8),
    add_tensor (b, FRT_INT8, 2, 2, 8), add_tensor (b, FRT_INT8, 2, 2, 8),
    add_tensor (b, FRT_INT8, 4, 4, 8), add_tensor (b, FRT_INT8, 1, 1, 8),
    add_tensor (b, FRT_INT8, 1, 2, 5), add_tensor (b, FRT_INT8, 1, 2, 5),
  };

#define OPERATOR(kernel, x1, x2, y, p)                                                   \
  image_builder_operator (b, kernel, t[x1], x2, t[y], &p, sizeof p)
  OPERATOR (FRT_KERNEL_CONV2D_S8, 0, FRT_NO_TENSOR, 1, conv);
  OPERATOR (FRT_KERNEL_DEPTHWISE_CONV2D_S8, 1, FRT_NO_TENSOR, 2, conv);
  OPERATOR (FRT_KERNEL_MAX_POOL2D_S8, 2, FRT_NO_TENSOR, 3, pooling);
  OPERATOR (FRT_KERNEL_AVERAGE_POOL2D_S8, 3, FRT_NO_TENSOR, 4, pooling);
  OPERATOR (FRT_KERNEL_ADD_S8, 4, t[7], 5, add);
  OPERATOR (FRT_KERNEL_MUL_S8, 5, t[4], 5, add);
  OPERATOR (FRT_KERNEL_PAD, 5, FRT_NO_TENSOR, 6, pad);
  OPERATOR (FRT_KERNEL_MEAN_S8, 6, FRT_NO_TENSOR, 7, mean);
  OPERATOR (FRT_KERNEL_FULLY_CONNECTED_S8, 7, FRT_NO_TENSOR, 8, dense);
  OPERATOR (FRT_KERNEL_SOFTMAX_S8, 8, FRT_NO_TENSOR, 9, softmax);
  b->tensors[t[7]].flags = FRT_TENSOR_VARIABLE;
  image_builder_input (b, t[0]);
  image_builder_output (b, t[9]);
}

/* The same in float, and the conversions. */
void
build_layers_f32 (struct image_builder *b)
{
  float real[144];
  uint32_t w;
  const struct frt_window window = { 3, 3, 1, 1, 1, 1, 1, 1 };
  const struct frt_window pool = { 2, 2, 2, 2, 1, 1, 0, 0 };
  const uint16_t t[] = {
    add_tensor (b, FRT_FLOAT32, 4, 4, 4), add_tensor (b, FRT_FLOAT32, 4, 4, 4),
    add_tensor (b, FRT_FLOAT32, 4, 4, 4), add_tensor (b, FRT_FLOAT32, 2, 2, 4),
    add_tensor (b, FRT_FLOAT32, 1, 1, 4), add_tensor (b, FRT_FLOAT32, 1, 1, 4),
    add_tensor (b, FRT_INT8, 1, 1, 4),    add_tensor (b, FRT_INT8, 1, 4, 1),
    add_tensor (b, FRT_FLOAT32, 1, 4, 1),
  };

  for (size_t i = 0; i < sizeof real / sizeof *real; i++)
    real[i] = (float)i / 64.0f - 1.0f;
  w = image_builder_block (b, real, sizeof real);
  {
    const struct frt_conv2d_f32_parameters conv = { window, w, w, 1, -6.0f, 6.0f };
    const struct frt_pool2d_f32_parameters pooling = { pool, -6.0f, 6.0f };
    const struct frt_float_range_parameters range = { -6.0f, 6.0f };
    const struct frt_reduction_parameters mean = { 6 };
    const struct frt_fully_connected_f32_parameters dense = { w, w, 4, -6.0f, 6.0f };
    const struct frt_softmax_f32_parameters softmax = { 1.0f };
    const struct frt_quantize_parameters quantize = { 0.01f, -3 };
    const struct frt_requantize_s8_parameters requantize = {
      3, -1, 1 << 30, -1, -128, 127
    };
    const struct frt_clamp_s8_parameters clamp = { -100, 100 };

    OPERATOR (FRT_KERNEL_CONV2D_F32, 0, FRT_NO_TENSOR, 1, conv);
    OPERATOR (FRT_KERNEL_DEPTHWISE_CONV2D_F32, 1, FRT_NO_TENSOR, 2, conv);
    OPERATOR (FRT_KERNEL_MAX_POOL2D_F32, 2, FRT_NO_TENSOR, 3, pooling);
    OPERATOR (FRT_KERNEL_AVERAGE_POOL2D_F32, 3, FRT_NO_TENSOR, 4, pooling);
    OPERATOR (FRT_KERNEL_MEAN_F32, 3, FRT_NO_TENSOR, 5, mean);
    OPERATOR (FRT_KERNEL_ADD_F32, 4, t[5], 5, range);
    OPERATOR (FRT_KERNEL_MUL_F32, 2, t[5], 1, range);
    OPERATOR (FRT_KERNEL_FULLY_CONNECTED_F32, 5, FRT_NO_TENSOR, 4, dense);
    OPERATOR (FRT_KERNEL_CLAMP_F32, 4, FRT_NO_TENSOR, 4, range);
    OPERATOR (FRT_KERNEL_SOFTMAX_F32, 4, FRT_NO_TENSOR, 5, softmax);
    OPERATOR (FRT_KERNEL_QUANTIZE_F32, 5, FRT_NO_TENSOR, 6, quantize);
    OPERATOR (FRT_KERNEL_REQUANTIZE_S8, 6, FRT_NO_TENSOR, 6, requantize);
    OPERATOR (FRT_KERNEL_CLAMP_S8, 6, FRT_NO_TENSOR, 6, clamp);
    image_builder_operator (b, FRT_KERNEL_COPY, t[6], FRT_NO_TENSOR, t[7], NULL, 0);
    OPERATOR (FRT_KERNEL_DEQUANTIZE_F32, 7, FRT_NO_TENSOR, 8, quantize);
  }
#undef OPERATOR
  image_builder_input (b, t[0]);
  image_builder_output (b, t[8]);
}
