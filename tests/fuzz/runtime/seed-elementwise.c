/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-elementwise.c: an image with kernels that work element by element. */
#include "tests/fuzz/runtime/seed-elementwise.h"

static uint16_t
add_tensor (struct image_builder *builder, enum frt_type type, int32_t height,
            int32_t depth)
{
  const int32_t shape[] = { 1, height, 4, depth };

  return image_builder_tensor (builder, type, 4, shape);
}

static const struct frt_binary_s8_parameters small = {
  .input1_multiplier = 1 << 30,
  .input2_multiplier = 1 << 30,
  .output_multiplier = 1 << 30,
  .output_shift = -18,
  .left_shift = 20,
  .minimum = -128,
  .maximum = 127,
};

static void
add_s8 (struct image_builder *b, const uint16_t *t)
{
  static const int8_t table[256] = { 1, 2, 3 };
  const struct frt_lookup_parameters lookup = { image_builder_block (b, table,
                                                                     sizeof table) };
  const struct frt_prelu_s8_parameters prelu = { 1, 2, 3, 1 << 30, 1, 1 << 30, -4 };
  const struct frt_compare_s8_parameters compare = { .accepted = FRT_LESS,
                                                     .input1_multiplier = 1 << 30,
                                                     .input2_multiplier = 1 << 30 };

  image_builder_operator (b, FRT_KERNEL_SUB_S8, t[0], t[1], t[2], &small, sizeof small);
  image_builder_operator (b, FRT_KERNEL_SQUARED_DIFFERENCE_S8, t[2], t[1], t[3], &small,
                          sizeof small);
  image_builder_operator (b, FRT_KERNEL_LOOKUP_S8, t[3], FRT_NO_TENSOR, t[4], &lookup,
                          sizeof lookup);
  image_builder_operator (b, FRT_KERNEL_PRELU_S8, t[4], t[1], t[5], &prelu, sizeof prelu);
  image_builder_operator (b, FRT_KERNEL_MINIMUM_INTEGER, t[5], t[1], t[6], NULL, 0);
  image_builder_operator (b, FRT_KERNEL_COMPARE_S8, t[6], t[0], t[7], &compare,
                          sizeof compare);
  image_builder_operator (b, FRT_KERNEL_LOGICAL_NOT, t[7], FRT_NO_TENSOR, t[8], NULL, 0);
  image_builder_operator (b, FRT_KERNEL_LOGICAL_AND, t[7], t[8], t[9], NULL, 0);
}

static void
add_s16 (struct image_builder *b, const uint16_t *t)
{
  static const uint16_t table[256] = { 32768, 33000 };
  const struct frt_sigmoid_s16_parameters sigmoid = {
    3, 0, image_builder_block (b, table, sizeof table)
  };
  const struct frt_rsqrt_s16_parameters rsqrt = { 1 << 30, -4 };
  const struct frt_leaky_relu_s16_parameters leaky = { 1, 2, 1 << 30, 1, 1 << 30, -4, 1 };

  image_builder_operator (b, FRT_KERNEL_LOGISTIC_S16, t[10], FRT_NO_TENSOR, t[11],
                          &sigmoid, sizeof sigmoid);
  image_builder_operator (b, FRT_KERNEL_RSQRT_S16, t[11], FRT_NO_TENSOR, t[12], &rsqrt,
                          sizeof rsqrt);
  image_builder_operator (b, FRT_KERNEL_ADD_S16, t[10], t[12], t[13], &small,
                          sizeof small);
  image_builder_operator (b, FRT_KERNEL_LEAKY_RELU_S16, t[13], FRT_NO_TENSOR, t[14],
                          &leaky, sizeof leaky);
}

void
build_elementwise (struct image_builder *b)
{
  uint16_t t[15];

  for (unsigned i = 0; i < 15; i++)
    t[i] = add_tensor (b,
                       i < 7    ? FRT_INT8
                       : i < 10 ? FRT_BOOL
                                : FRT_INT16,
                       3, i == 1 ? 1 : 2);
  add_s8 (b, t);
  add_s16 (b, t);
  image_builder_input (b, t[0]);
  image_builder_input (b, t[1]);
  image_builder_input (b, t[10]);
  image_builder_output (b, t[9]);
  image_builder_output (b, t[14]);
}
