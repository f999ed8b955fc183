/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-open.c: what frt_image_open refuses, and where it says the fault is. */
#include "image-builder.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static struct image_builder builder;

/* Two RELU6 one after the other, then ADD of both results. */
static void
build (void)
{
  const int32_t shape[] = { 2, 20 };
  const struct frt_clamp_s8_parameters clamp = { -5, 100 };
  const struct frt_binary_s8_parameters add = { 0, 0,       0,   1 << 30, 0,    1 << 30,
                                                0, 1 << 30, -18, 20,      -128, 127 };
  uint16_t t[4];

  image_builder_start (&builder);
  for (int i = 0; i < 4; i++)
    t[i] = image_builder_tensor (&builder, FRT_INT8, 2, shape);
  image_builder_operator (&builder, FRT_KERNEL_CLAMP_S8, t[0], FRT_NO_TENSOR, t[1],
                          &clamp, sizeof clamp);
  image_builder_operator (&builder, FRT_KERNEL_CLAMP_S8, t[1], FRT_NO_TENSOR, t[2],
                          &clamp, sizeof clamp);
  image_builder_operator (&builder, FRT_KERNEL_ADD_S8, t[1], t[2], t[3], &add,
                          sizeof add);
  image_builder_input (&builder, t[0]);
  image_builder_output (&builder, t[3]);
}

static int
open_image (frt_image *image)
{
  return frt_image_open (image, builder.bytes, builder.size, frt_all_kernels,
                         frt_all_kernels_count);
}

static struct frt_image_header *
header (void)
{
  return (struct frt_image_header *)(void *)builder.bytes;
}

/* Builds, sets a field with VALUE, signs, and expects STATUS at that field's offset, or
 * anywhere if OFFSET is 0. */
#define EXPECT_HEADER(field, value, status)                                              \
  G_STMT_START                                                                           \
  {                                                                                      \
    build ();                                                                            \
    image_builder_finish (&builder);                                                     \
    header ()->field = (value);                                                          \
    expect (status, offsetof (struct frt_image_header, field));                          \
  }                                                                                      \
  G_STMT_END

#define EXPECT_TENSOR(field, value)                                                      \
  G_STMT_START                                                                           \
  {                                                                                      \
    build ();                                                                            \
    builder.tensors[1].field = (value);                                                  \
    image_builder_finish (&builder);                                                     \
    expect (FRT_E_TENSOR, 0);                                                            \
  }                                                                                      \
  G_STMT_END

#define EXPECT_OPERATOR(number, field, value, status)                                    \
  G_STMT_START                                                                           \
  {                                                                                      \
    build ();                                                                            \
    builder.operators[number].field = (value);                                           \
    image_builder_finish (&builder);                                                     \
    expect (status, header ()->operators_offset + number * sizeof (struct frt_operator)  \
                        + offsetof (struct frt_operator, field));                        \
  }                                                                                      \
  G_STMT_END

/* Place PLACE in the operands of operator NUMBER names tensor VALUE, which does not exist. */
#define EXPECT_OPERAND(number, place, value)                                             \
  G_STMT_START                                                                           \
  {                                                                                      \
    build ();                                                                            \
    ((uint16_t *)(void *)(builder.bytes                                                  \
                          + builder.operators[number].operands_offset))[place] =         \
        (value);                                                                         \
    image_builder_finish (&builder);                                                     \
    expect (FRT_E_OPERATOR, header ()->operators_offset                                  \
                                + number * sizeof (struct frt_operator)                  \
                                + offsetof (struct frt_operator, operands_offset));      \
  }                                                                                      \
  G_STMT_END

#define EXPECT_PARAMETERS(number, type, field, value)                                    \
  G_STMT_START                                                                           \
  {                                                                                      \
    build ();                                                                            \
    ((struct type *)(void *)(builder.bytes                                               \
                             + builder.operators[number].parameters_offset))             \
        ->field = (value);                                                               \
    image_builder_finish (&builder);                                                     \
    expect (FRT_E_OPERATOR, builder.operators[number].parameters_offset);                \
  }                                                                                      \
  G_STMT_END

static void
expect (int status, size_t offset)
{
  frt_image image;

  /* A wrong size cannot be signed with that size; it is refused before the checksum. */
  if (header ()->size == builder.size)
    image_builder_sign (builder.bytes);
  g_assert_cmpint (open_image (&image), ==, status);
  if (offset != 0)
    g_assert_cmpuint (image.fault_offset, ==, offset);
}

static void
test_valid (void)
{
  frt_image image;

  build ();
  image_builder_finish (&builder);
  g_assert_cmpint (open_image (&image), ==, FRT_OK);
  g_assert_cmpuint (frt_image_layer_count (&image), ==, 3);
  g_assert_cmpuint (frt_image_input_count (&image), ==, 1);
  g_assert_cmpuint (frt_image_output_count (&image), ==, 1);
  g_assert_cmpuint (frt_image_input_size (&image, 0), ==, 40);
  g_assert_cmpuint (frt_image_arena_size (&image), ==, 4 * 48);
}

static void
test_truncated (void)
{
  frt_image image;

  build ();
  image_builder_finish (&builder);
  for (uint32_t size = 0; size < builder.size; size++)
    g_assert_cmpint (frt_image_open (&image, builder.bytes, size, frt_all_kernels,
                                     frt_all_kernels_count),
                     ==, FRT_E_TRUNCATED);
  g_assert_cmpint (frt_image_open (&image, builder.bytes + 4, builder.size,
                                   frt_all_kernels, frt_all_kernels_count),
                   ==, FRT_E_ALIGNMENT);
}

/* Each single bit that is turned is noticed. */
static void
test_damaged (void)
{
  frt_image image;

  build ();
  image_builder_finish (&builder);
  for (uint32_t bit = 0; bit < builder.size * 8; bit++)
    {
      builder.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
      g_assert_cmpint (open_image (&image), !=, FRT_OK);
      builder.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
  builder.bytes[builder.size - 20] ^= 1;
  g_assert_cmpint (open_image (&image), ==, FRT_E_CHECKSUM);
}

static void
test_header (void)
{
  EXPECT_HEADER (magic, 1, FRT_E_MAGIC);
  EXPECT_HEADER (major, FRT_IMAGE_MAJOR + 1, FRT_E_VERSION);
  EXPECT_HEADER (minor, FRT_IMAGE_MINOR + 1, FRT_E_VERSION);
  EXPECT_HEADER (size, builder.size + 1, FRT_E_TRUNCATED);
  EXPECT_HEADER (size, 63, FRT_E_LAYOUT);
  EXPECT_HEADER (packing, 9, FRT_E_VERSION);
  EXPECT_HEADER (rounding, 2, FRT_E_ROUNDING);
  EXPECT_HEADER (arena_size, 0x80000000u, FRT_E_LAYOUT);
  EXPECT_HEADER (tensor_count, 0x10000u, FRT_E_LAYOUT);
  EXPECT_HEADER (tensors_offset, 0, FRT_E_LAYOUT);
  EXPECT_HEADER (tensors_offset, builder.size, FRT_E_LAYOUT);
  EXPECT_HEADER (tensors_offset, 0xFFFFFFF0u, FRT_E_LAYOUT);
  EXPECT_HEADER (operators_offset, header ()->operators_offset + 2, FRT_E_LAYOUT);
  EXPECT_HEADER (operators_offset, header ()->tensors_offset, FRT_E_LAYOUT);
  EXPECT_HEADER (inputs_offset, builder.size - 1, FRT_E_LAYOUT);
  EXPECT_HEADER (outputs_offset, 0x7FFFFFFEu, FRT_E_LAYOUT);
  EXPECT_HEADER (names_offset, builder.size, FRT_E_LAYOUT);
}

static void
test_tensor (void)
{
  EXPECT_TENSOR (type, 0);
  EXPECT_TENSOR (type, FRT_FLOAT32); /* four times the size */
  EXPECT_TENSOR (storage, 2);
  EXPECT_TENSOR (storage, FRT_STORAGE_CONSTANT); /* over the header */
  EXPECT_TENSOR (rank, FRT_MAX_RANK + 1);
  EXPECT_TENSOR (rank, 1);
  EXPECT_TENSOR (flags, 2);
  EXPECT_TENSOR (offset, 8);
  EXPECT_TENSOR (offset, 0xFFFFFFF0u);
  EXPECT_TENSOR (offset, 4 * 48);
  EXPECT_TENSOR (size, 41);
  EXPECT_TENSOR (size, 0);
  EXPECT_TENSOR (dimensions[0], 0);
  EXPECT_TENSOR (dimensions[0], -2);
  EXPECT_TENSOR (dimensions[1], 0x40000000);
  EXPECT_TENSOR (scale, NAN);
  EXPECT_TENSOR (scale, -1.0f);
  EXPECT_TENSOR (scale, INFINITY);
  EXPECT_TENSOR (zero_point, 128);
  EXPECT_TENSOR (zero_point, -129);
  EXPECT_TENSOR (name, 1);
}

static void
test_operator (void)
{
  EXPECT_OPERATOR (0, kernel, 0x7FFF, FRT_E_KERNEL);
  EXPECT_OPERATOR (0, kernel, 0xFFFF, FRT_E_KERNEL);
  EXPECT_OPERATOR (0, input_count, 2, FRT_E_OPERATOR);
  EXPECT_OPERATOR (2, input_count, 1, FRT_E_OPERATOR);
  EXPECT_OPERATOR (0, operands_offset, 0, FRT_E_OPERATOR);
  EXPECT_OPERATOR (0, operands_offset, 65, FRT_E_OPERATOR);
  EXPECT_OPERATOR (0, operands_offset, 0xFFFFFFFEu, FRT_E_OPERATOR);
  EXPECT_OPERAND (0, 0, 4);
  EXPECT_OPERAND (2, 0, FRT_NO_TENSOR);
  EXPECT_OPERAND (2, 2, 4);
  EXPECT_OPERATOR (1, parameters_size, 4, FRT_E_OPERATOR);
  EXPECT_OPERATOR (1, parameters_offset, 0, FRT_E_LAYOUT);
  EXPECT_OPERATOR (1, parameters_offset, 66, FRT_E_LAYOUT);
  EXPECT_OPERATOR (1, parameters_offset, 0xFFFFFFFCu, FRT_E_LAYOUT);
  EXPECT_OPERATOR (1, name, 1, FRT_E_OPERATOR);
}

static void
test_parameters (void)
{
  EXPECT_PARAMETERS (0, frt_clamp_s8_parameters, minimum, -129);
  EXPECT_PARAMETERS (0, frt_clamp_s8_parameters, minimum, 101);
  EXPECT_PARAMETERS (0, frt_clamp_s8_parameters, maximum, 128);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, input1_offset, -128);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, input2_offset, 129);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, output_offset, 128);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, input1_multiplier, -1);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, input2_shift, 32);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, output_shift, -32);
  EXPECT_PARAMETERS (2, frt_binary_s8_parameters, left_shift, -1);
}

/* Places of the second clamp's output (tensor 2) against its input (tensor 1) at 48. */
static void
test_overlap (void)
{
  static const struct
  {
    uint32_t offset;
    int status;
  } places[] = {
    { 0, FRT_OK },          { 48, FRT_OK },         { 96, FRT_OK },
    { 32, FRT_E_OPERATOR }, { 64, FRT_E_OPERATOR }, { 80, FRT_E_OPERATOR },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++)
    {
      build ();
      builder.tensors[2].offset = places[i].offset;
      image_builder_finish (&builder);
      expect (places[i].status, 0);
    }
  build (); /* scratch over the input */
  builder.operators[1].scratch_offset = 80;
  builder.operators[1].scratch_size = 16;
  image_builder_finish (&builder);
  expect (FRT_E_OPERATOR, 0);
  build (); /* scratch beyond the arena */
  builder.operators[1].scratch_offset = 4 * 48;
  builder.operators[1].scratch_size = 1;
  image_builder_finish (&builder);
  expect (FRT_E_LAYOUT, 0);
}

static void
test_kernel_table (void)
{
  const struct frt_kernel *few[] = { &frt_add_s8, &frt_clamp_s8 };
  const struct frt_kernel *unsorted[] = { &frt_clamp_s8, &frt_add_s8 };
  frt_image image;

  build ();
  image_builder_finish (&builder);
  g_assert_cmpint (frt_image_open (&image, builder.bytes, builder.size, few, 2), ==,
                   FRT_OK);
  g_assert_cmpint (frt_image_open (&image, builder.bytes, builder.size, few, 1), ==,
                   FRT_E_KERNEL);
  g_assert_cmpint (frt_image_open (&image, builder.bytes, builder.size, unsorted, 2), ==,
                   FRT_E_KERNEL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/open/valid", test_valid);
  g_test_add_func ("/runtime/open/truncated", test_truncated);
  g_test_add_func ("/runtime/open/damaged", test_damaged);
  g_test_add_func ("/runtime/open/header", test_header);
  g_test_add_func ("/runtime/open/tensor", test_tensor);
  g_test_add_func ("/runtime/open/operator", test_operator);
  g_test_add_func ("/runtime/open/parameters", test_parameters);
  g_test_add_func ("/runtime/open/overlap", test_overlap);
  g_test_add_func ("/runtime/open/kernel-table", test_kernel_table);
  return g_test_run ();
}
