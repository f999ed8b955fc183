/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-movement.c: kernels that move elements of any type, against their definitions. */
#include "harness.h"

#include <glib.h>
#include <string.h>

#define N_CASES   10000
#define MAX_BYTES 32768
#define MAX_PARTS 5

static const enum frt_type types[] = { FRT_INT8,  FRT_INT16,   FRT_INT32, FRT_INT64,
                                       FRT_UINT8, FRT_FLOAT32, FRT_BOOL };
static const int32_t widths[] = { 1, 2, 4, 8, 1, 4, 1 };

static struct image_builder builder;
static uint8_t x[MAX_BYTES], y[MAX_BYTES], expected[MAX_BYTES];

static void
random_bytes (uint8_t *bytes, size_t n)
{
  for (size_t i = 0; i < n; i++)
    bytes[i] = (uint8_t)random_bits ();
}

/* A random way through an input of WIDTH bytes per element, from the outermost axis on. */
struct journey
{
  int32_t extent[FRT_MAX_RANK];
  int32_t place[FRT_MAX_RANK][4]; /* elements */
  int32_t is_table[FRT_MAX_RANK];
  int32_t low, high, count; /* elements */
};

static void
random_axis (struct journey *journey, int axis)
{
  const int32_t step = random_between (-5, 5);
  int32_t low = 0, high = 0;

  journey->extent[axis] = random_between (1, 4);
  journey->is_table[axis] = random_once_in (3);
  for (int32_t i = 0; i < journey->extent[axis]; i++)
    {
      const int32_t place = journey->is_table[axis] ? random_between (-6, 6) : i * step;

      journey->place[axis][i] = place;
      low = MIN (low, place);
      high = MAX (high, place);
    }
  journey->low += low;
  journey->high += high;
  journey->count *= journey->extent[axis];
}

static void
write_axis (const struct journey *journey, int axis, int32_t width,
            struct frt_rearrange_parameters *parameters)
{
  int32_t table[4];

  parameters->extent[axis] = (uint32_t)journey->extent[axis];
  if (journey->extent[axis] > 1)
    parameters->step[axis] = journey->place[axis][1] * width;
  for (int32_t i = 0; i < journey->extent[axis]; i++)
    table[i] = journey->place[axis][i] * width;
  if (journey->is_table[axis])
    parameters->table_offset[axis] = image_builder_block (
        &builder, table, (size_t)journey->extent[axis] * sizeof *table);
}

/* SPARE elements more of the input than the journey needs, some before it; -1 is one too few. */
static void
build_journey (const struct journey *journey, int type, int32_t block, int32_t before,
               int32_t spare)
{
  const int32_t width = widths[type];
  const int32_t in = before - journey->low + journey->high + block + spare;
  const int32_t out = journey->count * block;
  struct frt_rearrange_parameters p = {
    .start = (uint32_t)((before - journey->low) * width),
    .block = (uint32_t)(block * width),
  };
  uint16_t input, output;

  image_builder_start (&builder);
  for (int axis = 0; axis < FRT_MAX_RANK; axis++)
    write_axis (journey, axis, width, &p);
  input = image_builder_tensor (&builder, types[type], 1, &in);
  output = image_builder_tensor (&builder, types[type], 1, &out);
  image_builder_operator (&builder, FRT_KERNEL_REARRANGE, input, FRT_NO_TENSOR, output,
                          &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
}

static void
expect_journey (const struct journey *journey, int32_t width, int32_t block,
                int32_t before)
{
  for (int32_t k = 0; k < journey->count; k++)
    {
      int32_t from = before - journey->low, rest = k;

      for (int axis = FRT_MAX_RANK - 1; axis >= 0; axis--)
        {
          from += journey->place[axis][rest % journey->extent[axis]];
          rest /= journey->extent[axis];
        }
      for (int32_t i = 0; i < block * width; i++)
        expected[k * block * width + i] = x[from * width + i];
    }
}

static void
test_rearrange (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const int type = random_between (0, G_N_ELEMENTS (types) - 1);
      const int32_t block = random_once_in (2) ? 1 : random_between (1, 12);
      const int32_t before = random_between (0, 3), behind = random_between (0, 3);
      const void *inputs[] = { x };
      struct journey journey = { .count = 1 };
      frt_image image;

      for (int axis = 0; axis < FRT_MAX_RANK; axis++)
        random_axis (&journey, axis);
      if (journey.count * block * widths[type] > MAX_BYTES)
        continue;
      random_bytes (x, sizeof x);
      build_journey (&journey, type, block, before, behind);
      harness_run (&builder, inputs, y);
      expect_journey (&journey, widths[type], block, before);
      g_assert_cmpmem (y, (size_t)(journey.count * block * widths[type]), expected,
                       (size_t)(journey.count * block * widths[type]));

      if (before - journey.low + journey.high + block < 2)
        continue;
      build_journey (&journey, type, block, before, -1);
      image_builder_finish (&builder);
      g_assert_cmpint (frt_image_open (&image, builder.bytes, builder.size,
                                       frt_all_kernels, frt_all_kernels_count),
                       ==, FRT_E_OPERATOR);
    }
}

/* ROWS rows of N parts, of random widths. */
struct parts
{
  int32_t rows, n, widths[MAX_PARTS], total;
};

static struct parts
random_parts (void)
{
  struct parts parts = { random_between (1, 6), random_between (1, MAX_PARTS), { 0 }, 0 };

  for (int32_t i = 0; i < parts.n; i++)
    {
      parts.widths[i] = random_between (1, 9);
      parts.total += parts.widths[i];
    }
  return parts;
}

/* Copies between WHOLE and the parts, which lie one behind the other, element by element. */
static void
join_parts (const struct parts *parts, int32_t width, uint8_t *whole, uint8_t *separate,
            gboolean split)
{
  int32_t at = 0;

  for (int32_t i = 0; i < parts->n; i++)
    {
      for (int32_t row = 0; row < parts->rows; row++)
        for (int32_t k = 0; k < parts->widths[i] * width; k++)
          {
            uint8_t *in_whole = whole + row * parts->total * width + at + k;
            uint8_t *in_part =
                separate + at * parts->rows + row * parts->widths[i] * width + k;

            *(split ? in_part : in_whole) = *(split ? in_whole : in_part);
          }
      at += parts->widths[i] * width;
    }
}

static void
run_parts (const struct parts *parts, int type, gboolean split)
{
  const struct frt_rows_parameters p = { (uint32_t)parts->rows };
  const int32_t shape[] = { parts->rows, parts->total };
  const void *inputs[MAX_PARTS];
  uint16_t numbers[MAX_PARTS + 2], whole;
  struct frt_operator *operator_;
  uint8_t *at = x;

  image_builder_start (&builder);
  whole = image_builder_tensor (&builder, types[type], 2, shape);
  numbers[0] = numbers[parts->n + 1] = whole;
  for (int32_t i = 0; i < parts->n; i++)
    {
      const int32_t part[] = { parts->rows, parts->widths[i] };

      inputs[i] = at;
      at += parts->rows * parts->widths[i] * widths[type];
      numbers[1 + i] = image_builder_tensor (&builder, types[type], 2, part);
      (split ? image_builder_output : image_builder_input) (&builder, numbers[1 + i]);
    }
  (split ? image_builder_input : image_builder_output) (&builder, whole);
  operator_ =
      image_builder_operator (&builder, split ? FRT_KERNEL_SPLIT : FRT_KERNEL_CONCATENATE,
                              numbers[1], FRT_NO_TENSOR, whole, &p, sizeof p);
  if (split)
    image_builder_operands (&builder, operator_, numbers, 1, (unsigned)parts->n);
  else
    image_builder_operands (&builder, operator_, numbers + 1, (unsigned)parts->n, 1);
  harness_run (&builder, inputs, y);
}

static void
try_parts (gboolean split)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    {
      const int type = random_between (0, G_N_ELEMENTS (types) - 1);
      const struct parts parts = random_parts ();
      const size_t size = (size_t)(parts.rows * parts.total * widths[type]);

      random_bytes (x, size);
      run_parts (&parts, type, split);
      if (split)
        join_parts (&parts, widths[type], x, expected, TRUE);
      else
        join_parts (&parts, widths[type], expected, x, FALSE);
      g_assert_cmpmem (y, size, expected, size);
    }
}

static void
test_concatenate (void)
{
  try_parts (FALSE);
}

static void
test_split (void)
{
  try_parts (TRUE);
}

/* Indices far outside occur too. */
static int64_t
random_index (int32_t extent, gboolean wide)
{
  if (random_once_in (8))
    return random_once_in (2) ? (wide ? INT64_MIN : INT32_MIN)
                              : (wide ? INT64_MAX : INT32_MAX);
  return random_between (-extent - 2, extent + 1);
}

static int32_t
expected_index (int64_t index, int32_t extent)
{
  if (index < -extent)
    return 0;
  if (index >= extent)
    return extent - 1;
  return (int32_t)(index < 0 ? extent + index : index);
}

static void
try_gather (void)
{
  const int type = random_between (0, G_N_ELEMENTS (types) - 1);
  const gboolean wide = random_once_in (2);
  const int32_t batches = random_between (1, 3), rows = random_between (1, 3);
  const int32_t extent = random_between (1, 6), n = random_between (1, 5);
  const int32_t inner = random_between (1, 5), width = inner * widths[type];
  const struct frt_gather_parameters p = { (uint32_t)batches, (uint32_t)rows,
                                           (uint32_t)extent, (uint32_t)width };
  const int32_t data_shape[] = { batches, rows, extent, inner };
  const int32_t index_shape[] = { batches, n };
  const int32_t output_shape[] = { batches, rows, n, inner };
  int64_t wide_indices[15];
  int32_t indices[15];
  const void *inputs[] = { x, wide ? (void *)wide_indices : (void *)indices };
  const size_t size = (size_t)(batches * rows * n * width);
  uint16_t data, index, output;

  image_builder_start (&builder);
  data = image_builder_tensor (&builder, types[type], 4, data_shape);
  index = image_builder_tensor (&builder, wide ? FRT_INT64 : FRT_INT32, 2, index_shape);
  output = image_builder_tensor (&builder, types[type], 4, output_shape);
  image_builder_operator (&builder, FRT_KERNEL_GATHER, data, index, output, &p, sizeof p);
  image_builder_input (&builder, data);
  image_builder_input (&builder, index);
  image_builder_output (&builder, output);
  random_bytes (x, (size_t)(batches * rows * extent * width));
  for (int32_t i = 0; i < batches * n; i++)
    {
      wide_indices[i] = random_index (extent, wide);
      indices[i] = (int32_t)wide_indices[i];
    }
  harness_run (&builder, inputs, y);
  for (int32_t k = 0; k < batches * rows * n; k++)
    {
      const int32_t row = k / n, batch = row / rows;
      const int32_t from = expected_index (wide_indices[batch * n + k % n], extent);

      memcpy (expected + k * width, x + (row * extent + from) * width, (size_t)width);
    }
  g_assert_cmpmem (y, size, expected, size);
}

static void
test_gather (void)
{
  for (int i = property_cases (N_CASES); i > 0; i--)
    try_gather ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/movement/rearrange", test_rearrange);
  g_test_add_func ("/runtime/movement/concatenate", test_concatenate);
  g_test_add_func ("/runtime/movement/split", test_split);
  g_test_add_func ("/runtime/movement/gather", test_gather);
  return g_test_run ();
}
