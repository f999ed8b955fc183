/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-movement.c: an image with the kernels that move and convert data. */
#include "tests/fuzz/runtime/seed-movement.h"

static uint16_t
add_tensor (struct image_builder *builder, enum frt_type type, int32_t height,
            int32_t width, int32_t depth)
{
  const int32_t shape[] = { 1, height, width, depth };

  return image_builder_tensor (builder, type, 4, shape);
}

static struct frt_operator *
add_operator (struct image_builder *b, enum frt_kernel_id kernel, uint16_t from,
              uint16_t to, const void *parameters, size_t size)
{
  return image_builder_operator (b, kernel, from, FRT_NO_TENSOR, to, parameters, size);
}

/* Reversed rows, doubled columns, cut into halves, put together the other way round. */
static void
add_moves (struct image_builder *b, const uint16_t *t)
{
  const int32_t doubled[] = { 0, 0, 2, 2, 4, 4, 6, 6 };
  const struct frt_rearrange_parameters rearrange = {
    .start = 24,
    .block = 2,
    .extent = { 1, 1, 1, 1, 4, 8 },
    .step = { 0, 0, 0, 0, -8, 0 },
    .table_offset = { 0, 0, 0, 0, 0, image_builder_block (b, doubled, sizeof doubled) },
  };
  const struct frt_rows_parameters rows = { 4 };
  const struct frt_gather_parameters gather = { 1, 4, 8, 2 };
  const uint16_t halves[] = { t[1], t[2], t[3] }, swapped[] = { t[3], t[2], t[4] };

  add_operator (b, FRT_KERNEL_REARRANGE, t[0], t[1], &rearrange, sizeof rearrange);
  image_builder_operands (
      b, add_operator (b, FRT_KERNEL_SPLIT, t[1], t[2], &rows, sizeof rows), halves, 1,
      2);
  image_builder_operands (
      b, add_operator (b, FRT_KERNEL_CONCATENATE, t[3], t[4], &rows, sizeof rows),
      swapped, 2, 1);
  image_builder_operator (b, FRT_KERNEL_GATHER, t[4], t[5], t[1], &gather, sizeof gather);
}

static void
add_conversions (struct image_builder *b, const uint16_t *t)
{
  const struct frt_position_s8 small[] = { { 0, 512 }, { 1, 1024 }, { 3, 0 } };
  const struct frt_position_f32 real[] = { { 0, 0.5f }, { 1, 1.0f } };
  const uint32_t s8 = image_builder_block (b, small, sizeof small);
  const uint32_t f32 = image_builder_block (b, real, sizeof real);
  const struct frt_resize_bilinear_parameters resize_s8 = { s8, s8 };
  const struct frt_resize_bilinear_parameters resize_f32 = { f32, f32 };
  const struct frt_requantize_parameters widen = { -3, 0, 1 << 30, 7 };
  const struct frt_dequantize_parameters scale = { 0.5f, 0 };

  add_operator (b, FRT_KERNEL_RESIZE_BILINEAR_S8, t[1], t[6], &resize_s8,
                sizeof resize_s8);
  add_operator (b, FRT_KERNEL_REQUANTIZE, t[6], t[7], &widen, sizeof widen);
  add_operator (b, FRT_KERNEL_DEQUANTIZE_F32, t[7], t[8], &scale, sizeof scale);
  add_operator (b, FRT_KERNEL_RESIZE_BILINEAR_F32, t[8], t[9], &resize_f32,
                sizeof resize_f32);
  add_operator (b, FRT_KERNEL_QUANTIZE_F32, t[9], t[10], &scale, sizeof scale);
  add_operator (b, FRT_KERNEL_CAST, t[10], t[11], NULL, 0);
}

/* A variable that begins with the input, and what it holds as another output. */
static void
add_variable (struct image_builder *b, uint16_t input)
{
  const uint16_t has_run = add_tensor (b, FRT_BOOL, 1, 1, 1);
  const uint16_t variable = add_tensor (b, FRT_INT8, 4, 4, 2);
  const uint16_t value = add_tensor (b, FRT_INT8, 4, 4, 2);
  const uint16_t operands[] = { has_run, input, variable };

  b->tensors[has_run].flags = b->tensors[variable].flags = FRT_TENSOR_VARIABLE;
  image_builder_operands (
      b, add_operator (b, FRT_KERNEL_CALL_ONCE, has_run, variable, NULL, 0), operands, 2,
      1);
  add_operator (b, FRT_KERNEL_COPY, variable, value, NULL, 0);
  image_builder_output (b, value);
}

/* One of two tensors, row by row. */
static void
add_choice (struct image_builder *b, const uint16_t *t)
{
  const struct frt_select_parameters select = {
    .extent = { 1, 1, 1, 4, 4, 2 },
    .step = { { 0, 0, 0, 8, 2, 1 }, { 0, 0, 0, 0, 2, 1 }, { 0, 0, 0, 1, 0, 0 } },
  };
  const uint16_t condition = add_tensor (b, FRT_BOOL, 4, 1, 1);
  const uint16_t chosen = add_tensor (b, FRT_INT8, 4, 4, 2);
  const uint16_t operands[] = { t[0], t[1], condition, chosen };

  image_builder_operands (
      b, add_operator (b, FRT_KERNEL_SELECT, t[0], chosen, &select, sizeof select),
      operands, 3, 1);
  image_builder_input (b, condition);
  image_builder_output (b, chosen);
}

void
build_movement (struct image_builder *b)
{
  const uint16_t t[] = {
    add_tensor (b, FRT_INT8, 4, 4, 2),    add_tensor (b, FRT_INT8, 4, 8, 2),
    add_tensor (b, FRT_INT8, 4, 3, 2),    add_tensor (b, FRT_INT8, 4, 5, 2),
    add_tensor (b, FRT_INT8, 4, 8, 2),    add_tensor (b, FRT_INT32, 1, 1, 8),
    add_tensor (b, FRT_INT8, 3, 3, 2),    add_tensor (b, FRT_INT16, 3, 3, 2),
    add_tensor (b, FRT_FLOAT32, 3, 3, 2), add_tensor (b, FRT_FLOAT32, 2, 2, 2),
    add_tensor (b, FRT_UINT8, 2, 2, 2),   add_tensor (b, FRT_INT64, 2, 2, 2),
  };

  add_moves (b, t);
  add_conversions (b, t);
  image_builder_input (b, t[0]);
  image_builder_input (b, t[5]);
  image_builder_output (b, t[11]);
  add_variable (b, t[0]);
  add_choice (b, t);
}
