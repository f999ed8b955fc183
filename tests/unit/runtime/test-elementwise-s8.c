/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-elementwise-s8.c: int8 kernels that work value by value or row by row. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N_CASES      10000
#define MAX_ELEMENTS 4096

static struct image_builder builder;
static int8_t x1[MAX_ELEMENTS], x2[MAX_ELEMENTS], y[MAX_ELEMENTS];

static int32_t
volume (const int32_t *shape, unsigned rank)
{
  int32_t product = 1;

  for (unsigned i = 0; i < rank; i++)
    product *= shape[i];
  return product;
}

/* Index in an input of SHAPE of what belongs to element INDEX of the output. */
static int32_t
broadcast_index (const int32_t *output, const int32_t *shape, unsigned rank,
                 int32_t index)
{
  int32_t result = 0, stride = 1;

  for (unsigned axis = rank; axis-- > 0;)
    {
      result += shape[axis] == 1 ? 0 : index % output[axis] * stride;
      stride *= shape[axis];
      index /= output[axis];
    }
  return result;
}

static int8_t
expected_binary (int multiply, const struct frt_binary_s8_parameters *p, int a, int b)
{
  const int64_t left = a + p->input1_offset, right = b + p->input2_offset;
  int64_t value = left * right;

  if (!multiply)
    value = (int64_t)reference_multiply (left * (1 << p->left_shift),
                                         p->input1_multiplier, p->input1_shift)
            + reference_multiply (right * (1 << p->left_shift), p->input2_multiplier,
                                  p->input2_shift);
  return reference_narrow (
      reference_multiply (value, p->output_multiplier, p->output_shift), p->output_offset,
      p->minimum, p->maximum);
}

static struct frt_binary_s8_parameters
random_binary (int multiply)
{
  struct frt_binary_s8_parameters p = {
    .input1_offset = random_between (-127, 128),
    .input2_offset = random_between (-127, 128),
    .output_offset = random_between (-128, 127),
    .left_shift = multiply ? 0 : 20,
  };

  random_range_s8 (&p.minimum, &p.maximum);
  random_multiplier (&p.output_multiplier, &p.output_shift);
  random_multiplier (&p.input1_multiplier, &p.input1_shift);
  random_multiplier (&p.input2_multiplier, &p.input2_shift);
  if (!multiply && !random_once_in (10))
    {
      /* as real models have them: inputs of like scale, the shift undone at the end */
      p.input1_shift = random_between (-4, 0);
      p.input2_shift = random_between (-4, 0);
      p.output_shift = random_between (-20, -16);
    }
  return p;
}

static void
try_binary (int multiply)
{
  const unsigned rank = (unsigned)random_between (0, FRT_MAX_RANK);
  const struct frt_binary_s8_parameters p = random_binary (multiply);
  const int same = random_once_in (2);
  const void *inputs[] = { x1, x2 };
  int32_t a[FRT_MAX_RANK], b[FRT_MAX_RANK], o[FRT_MAX_RANK];
  unsigned dropped = 0;
  uint16_t input1, input2, output;

  for (unsigned axis = 0; axis < rank; axis++)
    {
      a[axis] = b[axis] = o[axis] = random_between (1, 4);
      if (!same && random_once_in (3))
        *(random_once_in (2) ? &a[axis] : &b[axis]) = 1;
      o[axis] = MAX (a[axis], b[axis]);
    }
  while (dropped < rank && b[dropped] == 1 && random_once_in (2))
    dropped++; /* leading ones of one input need not be written */
  random_fill_s8 (x1, sizeof x1);
  random_fill_s8 (x2, sizeof x2);
  image_builder_start (&builder);
  input1 = image_builder_tensor (&builder, FRT_INT8, rank, a);
  input2 = image_builder_tensor (&builder, FRT_INT8, rank - dropped, b + dropped);
  output = image_builder_tensor (&builder, FRT_INT8, rank, o);
  if (volume (a, rank) == volume (o, rank) && random_once_in (3))
    builder.tensors[output].offset = builder.tensors[input1].offset; /* in place */
  image_builder_operator (&builder, multiply ? FRT_KERNEL_MUL_S8 : FRT_KERNEL_ADD_S8,
                          input1, input2, output, &p, sizeof p);
  image_builder_input (&builder, input1);
  image_builder_input (&builder, input2);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, y);
  for (int32_t i = 0; i < volume (o, rank); i++)
    g_assert_cmpint (y[i], ==,
                     expected_binary (multiply, &p, x1[broadcast_index (o, a, rank, i)],
                                      x2[broadcast_index (o, b, rank, i)]));
}

static void
test_add (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_binary (0);
}

static void
test_mul (void)
{
  for (int i = 0; i < N_CASES; i++)
    try_binary (1);
}

/* Builds an image of one operator of one input. */
static void
run_unary (enum frt_kernel_id kernel, enum frt_type input_type, enum frt_type output_type,
           const int32_t *shape, unsigned rank, const void *parameters, size_t size,
           const void *input_bytes, void *output_bytes)
{
  uint16_t input, output;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, input_type, rank, shape);
  output = image_builder_tensor (&builder, output_type, rank, shape);
  if (input_type == output_type && random_once_in (3))
    builder.tensors[output].offset = builder.tensors[input].offset;
  image_builder_operator (&builder, kernel, input, FRT_NO_TENSOR, output, parameters,
                          size);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, &input_bytes, output_bytes);
}

static void
test_clamp (void)
{
  const int32_t shape[] = { 37 };

  for (int i = 0; i < N_CASES; i++)
    {
      struct frt_clamp_s8_parameters p;

      random_range_s8 (&p.minimum, &p.maximum);
      random_fill_s8 (x1, 37);
      run_unary (FRT_KERNEL_CLAMP_S8, FRT_INT8, FRT_INT8, shape, 1, &p, sizeof p, x1, y);
      for (int k = 0; k < 37; k++)
        g_assert_cmpint (y[k], ==, CLAMP (x1[k], p.minimum, p.maximum));
    }
}

static void
test_requantize (void)
{
  const int32_t shape[] = { 5, 9 };

  for (int i = 0; i < N_CASES; i++)
    {
      struct frt_requantize_s8_parameters p = {
        .input_offset = random_between (-127, 128),
        .output_offset = random_between (-128, 127),
      };

      random_range_s8 (&p.minimum, &p.maximum);
      random_multiplier (&p.multiplier, &p.shift);
      random_fill_s8 (x1, 45);
      run_unary (FRT_KERNEL_REQUANTIZE_S8, FRT_INT8, FRT_INT8, shape, 2, &p, sizeof p, x1,
                 y);
      for (int k = 0; k < 45; k++)
        g_assert_cmpint (y[k], ==,
                         reference_narrow (reference_multiply (x1[k] + p.input_offset,
                                                               p.multiplier, p.shift),
                                           p.output_offset, p.minimum, p.maximum));
    }
}

static void
test_quantize (void)
{
  const int32_t shape[] = { 20 };

  for (int i = 0; i < N_CASES; i++)
    {
      const struct frt_quantize_parameters p = {
        (float)random_between (1, 5000) / 65536.0f, random_between (-128, 127)
      };
      float values[20];

      random_fill_f32 (values, 20);
      for (int k = 0; k < 6; k++) /* exact ties */
        values[k] = ((float)random_between (-140, 140) + 0.5f) * p.scale;
      values[6] = 3e38f;
      values[7] = -INFINITY;
      run_unary (FRT_KERNEL_QUANTIZE_F32, FRT_FLOAT32, FRT_INT8, shape, 1, &p, sizeof p,
                 values, y);
      for (int k = 0; k < 20; k++)
        {
          const double quotient = (double)(values[k] / p.scale);
          const double rounded = copysign (floor (fabs (quotient) + 0.5), quotient);

          g_assert_cmpint (y[k], ==, (int)CLAMP (rounded + p.zero_point, -128.0, 127.0));
        }
    }
}

static void
test_dequantize (void)
{
  const int32_t shape[] = { 256 };

  for (int i = 0; i < N_CASES; i++)
    {
      const struct frt_dequantize_parameters p = {
        (float)random_between (1, 1 << 24) / (float)(1 << random_between (1, 30)),
        random_between (-128, 127)
      };
      float values[256];

      for (int k = 0; k < 256; k++)
        x1[k] = (int8_t)(k - 128);
      run_unary (FRT_KERNEL_DEQUANTIZE_F32, FRT_INT8, FRT_FLOAT32, shape, 1, &p, sizeof p,
                 x1, values);
      for (int k = 0; k < 256; k++)
        g_assert_true (values[k] == (float)((double)p.scale * (x1[k] - p.zero_point)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/s8/add", test_add);
  g_test_add_func ("/runtime/s8/mul", test_mul);
  g_test_add_func ("/runtime/s8/clamp", test_clamp);
  g_test_add_func ("/runtime/s8/requantize", test_requantize);
  g_test_add_func ("/runtime/s8/quantize", test_quantize);
  g_test_add_func ("/runtime/s8/dequantize", test_dequantize);
  return g_test_run ();
}
