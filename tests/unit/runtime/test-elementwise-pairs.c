/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-elementwise-pairs.c: integer kernels of two inputs that broadcast, against their definitions. */
#include "harness.h"
#include "reference.h"

#include <glib.h>
#include <string.h>

#define N_CASES      10000
#define MAX_ELEMENTS 4096

static struct image_builder builder;

/* One operator with its inputs; values are kept as wide numbers beside their bytes. */
struct pair
{
  enum frt_type input_type, output_type;
  int32_t a[FRT_MAX_RANK], b[FRT_MAX_RANK], o[FRT_MAX_RANK];
  unsigned rank;
  int64_t x1[MAX_ELEMENTS], x2[MAX_ELEMENTS], y[MAX_ELEMENTS];
};

static struct pair pair;

static int64_t
lowest (enum frt_type type)
{
  switch (type)
    {
    case FRT_BOOL:
      return 0;
    case FRT_INT8:
      return INT8_MIN;
    case FRT_INT16:
      return INT16_MIN;
    case FRT_INT32:
      return INT32_MIN;
    default:
      return INT64_MIN;
    }
}

static int64_t
highest (enum frt_type type)
{
  return type == FRT_BOOL ? 1 : -(lowest (type) + 1);
}

static size_t
width_of (enum frt_type type)
{
  return type == FRT_INT64 ? 8 : type == FRT_INT32 ? 4 : type == FRT_INT16 ? 2 : 1;
}

static int64_t
random_value (enum frt_type type)
{
  int64_t value = (int64_t)((uint64_t)random_bits () << 32 | random_bits ());

  if (random_once_in (8))
    return random_once_in (2) ? lowest (type) : highest (type);
  if (random_once_in (3)) /* small ones, often equal */
    value = type == FRT_BOOL ? random_between (0, 1) : random_between (-3, 3);
  switch (type)
    {
    case FRT_BOOL:
      return value & 1;
    case FRT_INT8:
      return (int8_t)value;
    case FRT_INT16:
      return (int16_t)value;
    case FRT_INT32:
      return (int32_t)value;
    default:
      return value;
    }
}

static int32_t
volume (const int32_t *shape)
{
  int32_t product = 1;

  for (unsigned i = 0; i < pair.rank; i++)
    product *= shape[i];
  return product;
}

/* Index in an input of SHAPE of what belongs to element INDEX of the output. */
static int32_t
source_index (const int32_t *shape, int32_t index)
{
  int32_t result = 0, stride = 1;

  for (unsigned axis = pair.rank; axis-- > 0;)
    {
      result += shape[axis] == 1 ? 0 : index % pair.o[axis] * stride;
      stride *= shape[axis];
      index /= pair.o[axis];
    }
  return result;
}

static void
random_pair (enum frt_type input_type, enum frt_type output_type)
{
  const int same = random_once_in (2);

  pair.input_type = input_type;
  pair.output_type = output_type;
  pair.rank = (unsigned)random_between (0, FRT_MAX_RANK);
  for (unsigned axis = 0; axis < pair.rank; axis++)
    {
      pair.a[axis] = pair.b[axis] = random_between (1, 3);
      if (!same && random_once_in (3))
        *(random_once_in (2) ? &pair.a[axis] : &pair.b[axis]) = 1;
      pair.o[axis] = MAX (pair.a[axis], pair.b[axis]);
    }
  for (int32_t i = 0; i < volume (pair.a); i++)
    pair.x1[i] = random_value (input_type);
  for (int32_t i = 0; i < volume (pair.b); i++)
    pair.x2[i] = random_value (input_type);
}

/* Little-endian, as this machine. */
static void
pack (uint8_t *bytes, const int64_t *values, int32_t n, enum frt_type type)
{
  for (int32_t i = 0; i < n; i++)
    memcpy (bytes + (size_t)i * width_of (type), &values[i], width_of (type));
}

static int64_t
unpack (const uint8_t *bytes, int32_t index, enum frt_type type)
{
  int64_t value =
      bytes[(size_t)index * width_of (type) + width_of (type) - 1] & 0x80 ? -1 : 0;

  memcpy (&value, bytes + (size_t)index * width_of (type), width_of (type));
  return value;
}

static void
run_pair (enum frt_kernel_id kernel, const void *parameters, size_t size)
{
  static uint8_t bytes1[MAX_ELEMENTS * 8], bytes2[MAX_ELEMENTS * 8];
  static uint8_t result[MAX_ELEMENTS * 8];
  const void *inputs[] = { bytes1, bytes2 };
  uint16_t input1, input2, output;

  pack (bytes1, pair.x1, volume (pair.a), pair.input_type);
  pack (bytes2, pair.x2, volume (pair.b), pair.input_type);
  image_builder_start (&builder);
  input1 = image_builder_tensor (&builder, pair.input_type, pair.rank, pair.a);
  input2 = image_builder_tensor (&builder, pair.input_type, pair.rank, pair.b);
  output = image_builder_tensor (&builder, pair.output_type, pair.rank, pair.o);
  if (pair.output_type == pair.input_type && kernel != FRT_KERNEL_COMPARE_INTEGER
      && random_once_in (3))
    {
      /* in place, on an input that is not repeated */
      if (volume (pair.a) == volume (pair.o))
        builder.tensors[output].offset = builder.tensors[input1].offset;
      else if (volume (pair.b) == volume (pair.o))
        builder.tensors[output].offset = builder.tensors[input2].offset;
    }
  image_builder_operator (&builder, kernel, input1, input2, output, parameters, size);
  image_builder_input (&builder, input1);
  image_builder_input (&builder, input2);
  image_builder_output (&builder, output);
  harness_run (&builder, inputs, result);
  for (int32_t i = 0; i < volume (pair.o); i++)
    pair.y[i] = unpack (result, i, pair.output_type);
}

/* Element I of the inputs as they are repeated. */
static int64_t
first (int32_t i)
{
  return pair.x1[source_index (pair.a, i)];
}

static int64_t
second (int32_t i)
{
  return pair.x2[source_index (pair.b, i)];
}

/* Modulo 2^32. */
static int64_t
wrap (int64_t value)
{
  return (int32_t)(uint32_t)(uint64_t)value;
}

enum operation
{
  ADD,
  SUB,
  MUL,
  SQUARED_DIFFERENCE,
};

static int64_t
combine (enum operation operation, int64_t a, int64_t b)
{
  switch (operation)
    {
    case ADD:
      return wrap (a + b);
    case SUB:
      return wrap (a - b);
    case MUL:
      return wrap (a * b);
    default:
      return wrap (wrap (a - b) * wrap (a - b));
    }
}

static int64_t
expected_quantized (enum operation operation, const struct frt_binary_s8_parameters *p,
                    int64_t a, int64_t b)
{
  const int64_t left = a + p->input1_offset, right = b + p->input2_offset;
  int64_t value;

  if (operation == MUL)
    value = combine (MUL, left, right);
  else
    value = combine (operation,
                     reference_multiply (wrap (left * (1 << p->left_shift)),
                                         p->input1_multiplier, p->input1_shift),
                     reference_multiply (wrap (right * (1 << p->left_shift)),
                                         p->input2_multiplier, p->input2_shift));
  value = reference_multiply (value, p->output_multiplier, p->output_shift);
  return CLAMP (value + p->output_offset, p->minimum, p->maximum);
}

static void
try_quantized (enum operation operation, enum frt_kernel_id kernel, enum frt_type type)
{
  const int32_t low = (int32_t)lowest (type), high = (int32_t)highest (type);
  const int is_symmetric = type == FRT_INT16 && random_once_in (2);
  struct frt_binary_s8_parameters p = { .minimum = low, .maximum = high };

  p.input1_offset = is_symmetric ? 0 : -random_between (low, high);
  p.input2_offset = is_symmetric ? 0 : -random_between (low, high);
  p.output_offset = is_symmetric ? 0 : random_between (low, high);
  p.left_shift = operation == MUL                  ? 0
                 : operation == SQUARED_DIFFERENCE ? (type == FRT_INT8 ? 7 : 0)
                                                   : (type == FRT_INT8 ? 20 : 15);
  random_multiplier (&p.input1_multiplier, &p.input1_shift);
  random_multiplier (&p.input2_multiplier, &p.input2_shift);
  random_multiplier (&p.output_multiplier, &p.output_shift);
  if (!random_once_in (8))
    {
      /* as real models have them: inputs of like scale, the shift undone at the end */
      p.input1_shift = random_between (-4, 0);
      p.input2_shift = random_between (-4, 0);
      p.output_shift = random_between (-20, -8);
    }
  if (random_once_in (3))
    {
      p.minimum = random_between (low, high);
      p.maximum = random_between (p.minimum, high);
    }
  random_pair (type, type);
  run_pair (kernel, &p, sizeof p);
  for (int32_t i = 0; i < volume (pair.o); i++)
    g_assert_cmpint (pair.y[i], ==,
                     expected_quantized (operation, &p, first (i), second (i)));
}

static void
test_quantized (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_quantized (ADD, FRT_KERNEL_ADD_S16, FRT_INT16);
      try_quantized (SUB, FRT_KERNEL_SUB_S8, FRT_INT8);
      try_quantized (SUB, FRT_KERNEL_SUB_S16, FRT_INT16);
      try_quantized (MUL, FRT_KERNEL_MUL_S16, FRT_INT16);
      try_quantized (SQUARED_DIFFERENCE, FRT_KERNEL_SQUARED_DIFFERENCE_S8, FRT_INT8);
      try_quantized (SQUARED_DIFFERENCE, FRT_KERNEL_SQUARED_DIFFERENCE_S16, FRT_INT16);
    }
}

static void
try_plain (enum operation operation, enum frt_kernel_id kernel)
{
  struct frt_integer_range_parameters p = { INT32_MIN, INT32_MAX };

  if (random_once_in (3))
    p = (struct frt_integer_range_parameters){ 0, random_once_in (2) ? 6 : INT32_MAX };
  random_pair (FRT_INT32, FRT_INT32);
  run_pair (kernel, &p, sizeof p);
  for (int32_t i = 0; i < volume (pair.o); i++)
    g_assert_cmpint (
        pair.y[i], ==,
        CLAMP (combine (operation, first (i), second (i)), p.minimum, p.maximum));
}

static void
test_plain (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      try_plain (ADD, FRT_KERNEL_ADD_S32);
      try_plain (SUB, FRT_KERNEL_SUB_S32);
      try_plain (MUL, FRT_KERNEL_MUL_S32);
      try_plain (SQUARED_DIFFERENCE, FRT_KERNEL_SQUARED_DIFFERENCE_S32);
    }
}

static void
test_minimum_maximum (void)
{
  static const enum frt_type types[] = { FRT_INT8, FRT_INT16, FRT_INT32 };

  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const int is_minimum = random_once_in (2);
      const enum frt_type type = types[random_between (0, 2)];

      random_pair (type, type);
      run_pair (is_minimum ? FRT_KERNEL_MINIMUM_INTEGER : FRT_KERNEL_MAXIMUM_INTEGER,
                NULL, 0);
      for (int32_t k = 0; k < volume (pair.o); k++)
        g_assert_cmpint (pair.y[k], ==,
                         is_minimum ? MIN (first (k), second (k))
                                    : MAX (first (k), second (k)));
    }
}

static void
test_prelu (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_prelu_s8_parameters p = { .input_offset = random_between (-127, 128),
                                           .alpha_offset = random_between (-127, 128),
                                           .output_offset = random_between (-128, 127) };

      random_multiplier (&p.positive_multiplier, &p.positive_shift);
      random_multiplier (&p.negative_multiplier, &p.negative_shift);
      random_pair (FRT_INT8, FRT_INT8);
      run_pair (FRT_KERNEL_PRELU_S8, &p, sizeof p);
      for (int32_t k = 0; k < volume (pair.o); k++)
        {
          const int64_t d = first (k) + p.input_offset;
          const int64_t value =
              d >= 0 ? reference_multiply (d, p.positive_multiplier, p.positive_shift)
                     : reference_multiply (d * (second (k) + p.alpha_offset),
                                           p.negative_multiplier, p.negative_shift);

          g_assert_cmpint (pair.y[k], ==, CLAMP (value + p.output_offset, -128, 127));
        }
    }
}

/* What the operators call an outcome, spelt out. */
static int
compare_as (uint32_t accepted, int64_t a, int64_t b)
{
  switch (accepted)
    {
    case FRT_EQUAL:
      return a == b;
    case FRT_LESS | FRT_GREATER | FRT_UNORDERED:
      return a != b;
    case FRT_GREATER:
      return a > b;
    case FRT_GREATER | FRT_EQUAL:
      return a >= b;
    case FRT_LESS:
      return a < b;
    default:
      return a <= b;
    }
}

static uint32_t
random_comparison (void)
{
  static const uint32_t comparisons[] = {
    FRT_EQUAL,   FRT_LESS | FRT_GREATER | FRT_UNORDERED,
    FRT_GREATER, FRT_GREATER | FRT_EQUAL,
    FRT_LESS,    FRT_LESS | FRT_EQUAL,
  };

  return comparisons[random_between (0, 5)];
}

static void
test_compare (void)
{
  static const enum frt_type types[] = { FRT_BOOL, FRT_INT32, FRT_INT64 };

  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const struct frt_compare_parameters p = { random_comparison () };
      const enum frt_type type = types[random_between (0, 2)];

      random_pair (type, FRT_BOOL);
      run_pair (type == FRT_INT64 ? FRT_KERNEL_COMPARE_S64 : FRT_KERNEL_COMPARE_INTEGER,
                &p, sizeof p);
      for (int32_t k = 0; k < volume (pair.o); k++)
        g_assert_cmpint (pair.y[k], ==, compare_as (p.accepted, first (k), second (k)));
    }
}

static void
test_compare_s8 (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      struct frt_compare_s8_parameters p = { .accepted = random_comparison (),
                                             .input1_offset = random_between (-127, 128),
                                             .input2_offset =
                                                 random_between (-127, 128) };

      random_multiplier (&p.input1_multiplier, &p.input1_shift);
      random_multiplier (&p.input2_multiplier, &p.input2_shift);
      if (random_once_in (2)) /* one scale, so that values are equal */
        {
          p.input2_multiplier = p.input1_multiplier;
          p.input2_shift = p.input1_shift;
          p.input2_offset = p.input1_offset;
        }
      random_pair (FRT_INT8, FRT_BOOL);
      run_pair (FRT_KERNEL_COMPARE_S8, &p, sizeof p);
      for (int32_t k = 0; k < volume (pair.o); k++)
        g_assert_cmpint (
            pair.y[k], ==,
            compare_as (p.accepted,
                        reference_multiply ((first (k) + p.input1_offset) * 256,
                                            p.input1_multiplier, p.input1_shift),
                        reference_multiply ((second (k) + p.input2_offset) * 256,
                                            p.input2_multiplier, p.input2_shift)));
    }
}

static void
test_logical (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const int is_and = random_once_in (2);

      random_pair (FRT_BOOL, FRT_BOOL);
      run_pair (is_and ? FRT_KERNEL_LOGICAL_AND : FRT_KERNEL_LOGICAL_OR, NULL, 0);
      for (int32_t k = 0; k < volume (pair.o); k++)
        g_assert_cmpint (pair.y[k], ==,
                         is_and ? first (k) & second (k) : first (k) | second (k));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/pairs/quantized", test_quantized);
  g_test_add_func ("/runtime/pairs/int32", test_plain);
  g_test_add_func ("/runtime/pairs/minimum-maximum", test_minimum_maximum);
  g_test_add_func ("/runtime/pairs/prelu", test_prelu);
  g_test_add_func ("/runtime/pairs/compare", test_compare);
  g_test_add_func ("/runtime/pairs/compare-s8", test_compare_s8);
  g_test_add_func ("/runtime/pairs/logical", test_logical);
  return g_test_run ();
}
