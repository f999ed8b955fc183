/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-extreme-windows.c: windows whose dilations and strides reach as far as the kernels can count, and those
 * that reach one cell further and are refused. No model has them, but an image may. */
#include "harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* (TAPS - 1) * 65535 is just below 2^30; so is DEPTH * 65535. */
#define TAPS  16385
#define DEPTH 16384

static struct image_builder builder;

static uint16_t
add_tensor (enum frt_type type, int32_t height, int32_t width, int32_t depth)
{
  const int32_t shape[] = { 1, height, width, depth };

  return image_builder_tensor (&builder, type, 4, shape);
}

/* The only layer of the image; X and Y are its input and output. */
static void
run_layer (enum frt_kernel_id kernel, uint16_t input, uint16_t output,
           const void *parameters, size_t size, uint32_t scratch, int is_refused,
           const void *x, void *y)
{
  struct frt_operator *operator_ = image_builder_operator (
      &builder, kernel, input, FRT_NO_TENSOR, output, parameters, size);
  frt_image image;

  operator_->scratch_offset = builder.arena_size;
  operator_->scratch_size = scratch;
  builder.arena_size += (scratch + FRT_ALIGNMENT - 1) & ~(FRT_ALIGNMENT - 1u);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  if (!is_refused)
    {
      harness_run (&builder, &x, y);
      return;
    }
  image_builder_finish (&builder);
  g_assert_cmpint (frt_image_open (&image, builder.bytes, builder.size, frt_all_kernels,
                                   frt_all_kernels_count),
                   ==, FRT_E_OPERATOR);
}

/* y = x / 2; all taps but the first lie outside. */
static void
try_packed_conv2d (uint16_t taps, int is_refused)
{
  g_autofree uint32_t *weights = g_new (uint32_t, taps + FRT_PACKED_TAPS);
  const struct frt_packed_channel channels[4] = { { 0, 1 << 30, 0, 0 } };
  const int8_t x = 100;
  int8_t y = 50;
  uint16_t input, output;

  for (int i = 0; i < taps + FRT_PACKED_TAPS; i++)
    weights[i] = 0x00010001; /* the even channels' weights are 1, the odd ones' 0 */
  image_builder_start (&builder);
  builder.packing = FRT_PACKING_ARMV7E_M;
  input = add_tensor (FRT_INT8, 1, 1, 1);
  output = add_tensor (FRT_INT8, 1, 1, 1);
  {
    const struct frt_conv2d_s8_packed_parameters parameters = {
      .window = { taps, 1, 1, 1, UINT16_MAX, 1, 0, 0 },
      .weights_offset = image_builder_block (&builder, weights,
                                             sizeof *weights * (taps + FRT_PACKED_TAPS)),
      .channels_offset = image_builder_block (&builder, channels, sizeof channels),
      .minimum = INT8_MIN,
      .maximum = INT8_MAX,
    };

    run_layer (FRT_KERNEL_CONV2D_S8_PACKED, input, output, &parameters, sizeof parameters,
               5u * (taps + FRT_PACKED_TAPS), is_refused, &x, &y);
  }
  g_assert_cmpint (y, ==, 50);
}

static void
test_packed_conv2d (void)
{
  try_packed_conv2d (TAPS, FALSE);
  try_packed_conv2d (TAPS + 1, TRUE);
  try_packed_conv2d (2 * TAPS, TRUE); /* where int32_t would come round to the inside */
}

/* Two rows of taps, of which the second lies outside; a row of the input is WIDTH elements. */
static void
try_packed_depthwise (int32_t width, int is_refused)
{
  const int16_t weights[2][4] = { { 2, 4, 6, 8 }, { 100, 100, 100, 100 } };
  const struct frt_packed_channel channels[4] = {
    { 0, 1 << 30, 0, 0 }, { 0, 1 << 30, 0, 0 }, { 0, 1 << 30, 0, 0 }, { 0, 1 << 30, 0, 0 }
  };
  /* Weights lie in the order of channels 0, 2, 1, 3. */
  const int8_t expected[4] = { 3, 9, 6, 12 };
  g_autofree int8_t *x = g_new (int8_t, width);
  int8_t y[4];
  uint16_t input, output;

  memset (x, 3, (size_t)width);
  image_builder_start (&builder);
  builder.packing = FRT_PACKING_ARMV7E_M;
  input = add_tensor (FRT_INT8, 1, width / 4, 4);
  output = add_tensor (FRT_INT8, 1, 1, 4);
  {
    const struct frt_depthwise_conv2d_s8_packed_parameters parameters = {
      .window = { 2, 1, 1, 1, UINT16_MAX, 1, 0, 0 },
      .weights_offset = image_builder_block (&builder, weights, sizeof weights),
      .channels_offset = image_builder_block (&builder, channels, sizeof channels),
      .minimum = INT8_MIN,
      .maximum = INT8_MAX,
    };

    run_layer (FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED, input, output, &parameters,
               sizeof parameters, 0, is_refused, x, y);
  }
  if (!is_refused)
    g_assert_cmpmem (y, sizeof y, expected, sizeof expected);
}

static void
test_packed_depthwise (void)
{
  try_packed_depthwise (DEPTH, FALSE);
  try_packed_depthwise (DEPTH + 4, TRUE);
}

static void
try_convolution (enum frt_kernel_id kernel, int32_t input_depth, struct frt_window window,
                 int is_refused)
{
  const int32_t n = window.height * window.width * input_depth;
  g_autofree float *weights = g_new0 (float, n);
  g_autofree float *x = g_new (float, input_depth);
  float y = 3.0f;
  uint16_t input, output;

  weights[0] = 2;
  for (int i = 0; i < input_depth; i++)
    x[i] = 1.5f;
  image_builder_start (&builder);
  input = add_tensor (FRT_FLOAT32, 1, 1, input_depth);
  output = add_tensor (FRT_FLOAT32, 1, 1, 1);
  {
    const struct frt_conv2d_f32_parameters parameters = {
      .window = window,
      .weights_offset =
          image_builder_block (&builder, weights, sizeof *weights * (size_t)n),
      .groups = 1,
      .minimum = -INFINITY,
      .maximum = INFINITY,
    };

    run_layer (kernel, input, output, &parameters, sizeof parameters, 0, is_refused, x,
               &y);
  }
  g_assert_cmpfloat (y, ==, 3.0f);
}

/* Two taps, below or beside each other. */
static void
test_conv2d (void)
{
  const struct frt_window below = { 2, 1, 1, 1, UINT16_MAX, 1, 0, 0 };
  const struct frt_window beside = { 1, 2, 1, 1, 1, UINT16_MAX, 0, 0 };

  try_convolution (FRT_KERNEL_CONV2D_F32, DEPTH, below, FALSE);
  try_convolution (FRT_KERNEL_CONV2D_F32, DEPTH + 1, below, TRUE);
  try_convolution (FRT_KERNEL_CONV2D_F32, DEPTH, beside, FALSE);
  try_convolution (FRT_KERNEL_CONV2D_F32, DEPTH + 1, beside, TRUE);
}

static void
test_transpose_conv (void)
{
  const struct frt_window high = { 1, 1, UINT16_MAX, 1, 1, 1, 0, 0 };
  const struct frt_window wide = { 1, 1, 1, UINT16_MAX, 1, 1, 0, 0 };

  try_convolution (FRT_KERNEL_TRANSPOSE_CONV_F32, DEPTH, high, FALSE);
  try_convolution (FRT_KERNEL_TRANSPOSE_CONV_F32, DEPTH + 1, high, TRUE);
  try_convolution (FRT_KERNEL_TRANSPOSE_CONV_F32, DEPTH, wide, FALSE);
  try_convolution (FRT_KERNEL_TRANSPOSE_CONV_F32, DEPTH + 1, wide, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extreme-windows/packed-conv2d", test_packed_conv2d);
  g_test_add_func ("/extreme-windows/packed-depthwise", test_packed_depthwise);
  g_test_add_func ("/extreme-windows/conv2d", test_conv2d);
  g_test_add_func ("/extreme-windows/transpose-conv", test_transpose_conv);
  return g_test_run ();
}
