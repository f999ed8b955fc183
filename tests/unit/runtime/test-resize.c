/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-resize.c: RESIZE_BILINEAR of int8 and float, against its definition. */
#include "harness.h"

#include <glib.h>
#include <math.h>

#define N_CASES      10000
#define MAX_EXTENT   6
#define MAX_ELEMENTS (2 * MAX_EXTENT * MAX_EXTENT * 3)

static struct image_builder builder;

/* Along one axis: cell LOW and its neighbour mixed, WEIGHT 1024ths of the neighbour. */
struct mixture
{
  int32_t low[MAX_EXTENT], weight[MAX_EXTENT];
};

static void
random_mixture (struct mixture *mixture, int32_t in)
{
  for (int i = 0; i < MAX_EXTENT; i++)
    {
      mixture->low[i] = random_between (0, in - 1);
      mixture->weight[i] = random_once_in (4) ? 512 : random_between (0, 1024);
      if (mixture->low[i] == in - 1)
        mixture->weight[i] = 0;
    }
}

static uint32_t
write_s8 (const struct mixture *mixture, int32_t out)
{
  struct frt_position_s8 positions[MAX_EXTENT];

  for (int32_t i = 0; i < out; i++)
    positions[i] = (struct frt_position_s8){ (uint16_t)mixture->low[i],
                                             (uint16_t)mixture->weight[i] };
  return image_builder_block (&builder, positions, (size_t)out * sizeof *positions);
}

static uint32_t
write_f32 (const struct mixture *mixture, int32_t out)
{
  struct frt_position_f32 positions[MAX_EXTENT];

  for (int32_t i = 0; i < out; i++)
    positions[i] = (struct frt_position_f32){ (uint32_t)mixture->low[i],
                                              (float)mixture->weight[i] / 1024.0f };
  return image_builder_block (&builder, positions, (size_t)out * sizeof *positions);
}

struct picture
{
  int32_t in[4], out[4];
  struct mixture rows, columns;
};

static struct picture
random_picture (void)
{
  struct picture picture;

  picture.in[0] = picture.out[0] = random_between (1, 2);
  picture.in[3] = picture.out[3] = random_between (1, 3);
  for (int axis = 1; axis <= 2; axis++)
    {
      picture.in[axis] = random_between (1, MAX_EXTENT);
      picture.out[axis] = random_between (1, MAX_EXTENT);
    }
  random_mixture (&picture.rows, picture.in[1]);
  random_mixture (&picture.columns, picture.in[2]);
  return picture;
}

static void
run (const struct picture *picture, gboolean is_float, const void *x, void *y)
{
  const enum frt_type type = is_float ? FRT_FLOAT32 : FRT_INT8;
  struct frt_resize_bilinear_parameters p;
  uint16_t input, output;

  image_builder_start (&builder);
  p.rows_offset = is_float ? write_f32 (&picture->rows, picture->out[1])
                           : write_s8 (&picture->rows, picture->out[1]);
  p.columns_offset = is_float ? write_f32 (&picture->columns, picture->out[2])
                              : write_s8 (&picture->columns, picture->out[2]);
  input = image_builder_tensor (&builder, type, 4, picture->in);
  output = image_builder_tensor (&builder, type, 4, picture->out);
  image_builder_operator (
      &builder, is_float ? FRT_KERNEL_RESIZE_BILINEAR_F32 : FRT_KERNEL_RESIZE_BILINEAR_S8,
      input, FRT_NO_TENSOR, output, &p, sizeof p);
  image_builder_input (&builder, input);
  image_builder_output (&builder, output);
  harness_run (&builder, &x, y);
}

/* The element of the input, DOWN and RIGHT of the cell that output element AT is made of. */
static int32_t
source (const struct picture *picture, const int32_t at[4], int down, int right)
{
  const int32_t row = MIN (picture->rows.low[at[1]] + down, picture->in[1] - 1);
  const int32_t column = MIN (picture->columns.low[at[2]] + right, picture->in[2] - 1);

  return ((at[0] * picture->in[1] + row) * picture->in[2] + column) * picture->in[3]
         + at[3];
}

static void
locate (const struct picture *picture, int32_t index, int32_t at[4])
{
  for (int axis = 3; axis >= 0; axis--)
    {
      at[axis] = index % picture->out[axis];
      index /= picture->out[axis];
    }
}

static int32_t
count (const int32_t shape[4])
{
  return shape[0] * shape[1] * shape[2] * shape[3];
}

static void
test_s8 (void)
{
  static int8_t x[MAX_ELEMENTS], y[MAX_ELEMENTS];

  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const struct picture picture = random_picture ();
      int32_t at[4];

      random_fill_s8 (x, MAX_ELEMENTS);
      run (&picture, FALSE, x, y);
      for (int32_t k = 0; k < count (picture.out); k++)
        {
          int64_t sum = 0;

          locate (&picture, k, at);
          for (int down = 0; down <= 1; down++)
            for (int right = 0; right <= 1; right++)
              {
                const int64_t row = picture.rows.weight[at[1]];
                const int64_t column = picture.columns.weight[at[2]];

                sum += x[source (&picture, at, down, right)] * (down ? row : 1024 - row)
                       * (right ? column : 1024 - column);
              }
          g_assert_cmpint (y[k], ==,
                           (sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
        }
    }
}

static void
test_f32 (void)
{
  static float x[MAX_ELEMENTS], y[MAX_ELEMENTS];

  for (int n = property_cases (N_CASES); n > 0; n--)
    {
      const struct picture picture = random_picture ();
      int32_t at[4];

      random_fill_f32 (x, MAX_ELEMENTS);
      run (&picture, TRUE, x, y);
      for (int32_t k = 0; k < count (picture.out); k++)
        {
          double row, column, top, bottom;

          locate (&picture, k, at);
          row = picture.rows.weight[at[1]] / 1024.0;
          column = picture.columns.weight[at[2]] / 1024.0;
          top = (double)x[source (&picture, at, 0, 0)] * (1 - column)
                + (double)x[source (&picture, at, 0, 1)] * column;
          bottom = (double)x[source (&picture, at, 1, 0)] * (1 - column)
                   + (double)x[source (&picture, at, 1, 1)] * column;
          g_assert_cmpfloat_with_epsilon ((double)y[k], top * (1 - row) + bottom * row,
                                          1e-6);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/resize/s8", test_s8);
  g_test_add_func ("/runtime/resize/f32", test_f32);
  return g_test_run ();
}
