/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8_helium.c: CONV_2D, int8, packed for Helium: any window, one group.
 *
 * Two positions at a time. Their taps are gathered once into the operator's scratch, those of as many
 * positions as it holds, and serve all output channels; taps outside the input become its zero point. A 1x1 convolution reads its input
 * where it lies, unless that would mean to read behind its end. */
#include "arch/helium/helium_matrix.h"
#include "window.h"

struct convolution
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  struct frt_helium_matrix matrix;
  const int8_t *input_end; /* of the whole batch */
  int8_t *rows;            /* of gathered taps */
  int32_t row_step;        /* bytes of one */
  int8_t zero_point;
};

static bool
is_pointwise (const struct frt_window *window)
{
  return window->height == 1 && window->width == 1 && window->padding_top == 0
         && window->padding_left == 0;
}

/* Taps outside the input become its zero point. */
static void
gather_border (const struct convolution *convolution, int32_t row, int32_t column,
               const int8_t *input, int8_t *to)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t columns = place.columns.end - place.columns.first;
  const int32_t depth = shape->input_depth;
  const int32_t run = window->dilation_width == 1 ? columns : 1;

  frt_helium_fill (to, convolution->zero_point, window->height * window->width * depth);
  for (int32_t y = place.rows.first; y < place.rows.end; y++)
    for (int32_t x = place.columns.first; x < place.columns.end; x += run)
      frt_helium_copy (to + (y * window->width + x) * depth,
                       input + frt_window_input_index (window, shape, &place, y, x),
                       run * depth);
}

/* Gathered rows that wait for others. */
struct gathered
{
  int32_t count, most;
  int8_t *output; /* of the first */
};

static void
multiply_rows (struct convolution *convolution, struct gathered *gathered)
{
  const int32_t pairs = gathered->count / 2, taps = convolution->row_step;
  const int32_t depth = convolution->shape.output_depth;

  frt_helium_multiply_pairs (&convolution->matrix, convolution->rows, taps, pairs,
                             gathered->output);
  if (gathered->count % 2 != 0)
    frt_helium_multiply (&convolution->matrix, convolution->rows + 2 * pairs * taps,
                         gathered->output + 2 * pairs * depth);
  gathered->output += gathered->count * depth;
  gathered->count = 0;
}

static inline void
count_row (struct convolution *convolution, struct gathered *gathered)
{
  if (++gathered->count == gathered->most)
    multiply_rows (convolution, gathered);
}

/* Positions of output ROW up to END. */
static void
convolve_border (struct convolution *convolution, struct gathered *gathered, int32_t row,
                 int32_t column, int32_t end, const int8_t *input)
{
  for (; column < end; column++)
    {
      gather_border (convolution, row, column, input,
                     convolution->rows + gathered->count * convolution->row_step);
      count_row (convolution, gathered);
    }
}

/* The same of windows that lie inside, FROM the first of them on. Whole vectors are copied: what is too
 * much is overwritten by the next row or meets weights of 0. */
static void
convolve_interior (struct convolution *convolution, struct gathered *gathered,
                   int32_t count, const int8_t *from)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t depth = shape->input_depth;
  const int32_t run = window->width * depth, height = window->height;
  const int32_t line = window->dilation_height * shape->input_width * depth;
  const int32_t step = window->stride_width * depth;

  for (; count > 0; count--, from += step)
    {
      int8_t *to = convolution->rows + gathered->count * convolution->row_step;
      const int8_t *cells = from;

      if (run <= FRT_HELIUM_TAPS)
        for (int32_t y = 0; y < height; y++, to += run, cells += line)
          frt_helium_copy_vector (to, cells);
      else
        for (int32_t y = 0; y < height; y++, to += run, cells += line)
          frt_helium_copy_vectors (to, cells, run);
      count_row (convolution, gathered);
    }
}

/* Columns FIRST to END - 1 of output ROW, whose windows lie inside and can be copied in whole vectors; none
 * if neighbouring taps are no neighbours in memory. */
static struct frt_taps
find_interior (const struct convolution *convolution, int32_t row, const int8_t *input)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t top = row * window->stride_height - window->padding_top;
  const int32_t bottom = top + (window->height - 1) * window->dilation_height;
  const int32_t stride = window->stride_width, depth = shape->input_depth;
  const int32_t line = shape->input_width * depth;
  const int32_t first = (window->padding_left + stride - 1) / stride;
  /* Cells of the last row of taps that a vector may begin at. */
  ptrdiff_t room;
  int32_t end;

  if (window->dilation_width != 1 || top < 0 || bottom >= shape->input_height)
    return (struct frt_taps){ 0, 0 };
  room = convolution->input_end - (input + bottom * line)
         - (ptrdiff_t)frt_helium_taps ((uint32_t)(window->width * depth));
  end = shape->input_width - window->width;
  if (room < end * depth)
    end = room < 0 ? -1 : (int32_t)room / depth;
  end = end + window->padding_left < 0 ? 0 : (end + window->padding_left) / stride + 1;
  end = end < shape->output_width ? end : shape->output_width;
  return (struct frt_taps){ first < end ? first : end, end };
}

/* The same with gathering. */
static int8_t *
convolve_windows (struct convolution *convolution, const int8_t *input, int8_t *output)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  struct gathered gathered = {
    .most = (int32_t)frt_helium_rows ((uint32_t)convolution->row_step),
    .output = output,
  };

  for (int32_t row = 0; row < shape->output_height; row++)
    {
      const struct frt_taps inner = find_interior (convolution, row, input);
      const int32_t y = row * window->stride_height - window->padding_top;
      const int32_t x = inner.first * window->stride_width - window->padding_left;

      convolve_border (convolution, &gathered, row, 0, inner.first, input);
      if (inner.first < inner.end)
        convolve_interior (convolution, &gathered, inner.end - inner.first,
                           input + (y * shape->input_width + x) * shape->input_depth);
      convolve_border (convolution, &gathered, row, inner.end, shape->output_width,
                       input);
    }
  multiply_rows (convolution, &gathered);
  return output + shape->output_height * shape->output_width * shape->output_depth;
}

/* COUNT cells of a 1x1 convolution, STEP bytes from one to the next. The last ones, if they are no whole
 * vectors and behind them the input ends, are copied first. */
static void
convolve_line (struct convolution *convolution, const int8_t *cell, int32_t step,
               int32_t count, int8_t *output)
{
  const int32_t depth = convolution->shape.output_depth;
  const ptrdiff_t room = convolution->input_end - cell - (ptrdiff_t)convolution->row_step;
  int32_t whole = room < 0 ? 0 : (int32_t)(room / step) + 1;

  whole = whole < count ? whole : count;
  frt_helium_multiply_pairs (&convolution->matrix, cell, step, whole / 2, output);
  for (int32_t i = whole / 2 * 2; i < count; i++)
    {
      const int8_t *x = cell + i * step;

      if (i >= whole)
        {
          frt_helium_copy (convolution->rows, x, convolution->shape.input_depth);
          x = convolution->rows;
        }
      frt_helium_multiply (&convolution->matrix, x, output + i * depth);
    }
}

/* Positions without gathering: each is one cell of the input. */
static int8_t *
convolve_cells (struct convolution *convolution, const int8_t *input, int8_t *output)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t step = window->stride_width * shape->input_depth;
  const int32_t line = window->stride_height * shape->input_width * shape->input_depth;
  const int32_t area = shape->output_height * shape->output_width;
  /* Without strides, the rows follow each other as the cells do. */
  const bool is_dense = window->stride_height == 1 && window->stride_width == 1
                        && shape->output_width == shape->input_width;
  const int32_t columns = is_dense ? area : shape->output_width;

  for (int32_t done = 0; done < area; done += columns, input += line)
    convolve_line (convolution, input, step, columns,
                   output + done * shape->output_depth);
  return output + area * shape->output_depth;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const uint32_t taps =
      (uint32_t)(window->height * window->width) * (uint32_t)shape.input_depth;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);
  struct convolution convolution = {
    .window = window,
    .shape = shape,
    .matrix = frt_helium_matrix (
        frt_constant (image, parameters->weights_offset),
        frt_constant (image, parameters->channels_offset), taps, shape.output_depth,
        &(struct frt_helium_range){ parameters->output_offset, parameters->minimum,
                                    parameters->maximum }),
    .input_end = input + frt_input_tensor (image, operator_, 0)->size,
    .rows = (int8_t *)arena + operator_->scratch_offset,
    .row_step = (int32_t)frt_helium_taps (taps),
    .zero_point = (int8_t)parameters->input_zero_point,
  };

  /* Behind the taps weights are 0, but what is read must be defined. */
  frt_helium_fill (convolution.rows, 0,
                   convolution.row_step * (int32_t)frt_helium_rows (taps));
  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      output = is_pointwise (window) ? convolve_cells (&convolution, input, output)
                                     : convolve_windows (&convolution, input, output);
      input += shape.input_height * shape.input_width * shape.input_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const uint64_t taps = frt_check_weight_count (window, 1, shape.input_depth);
  int status;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, window)
      || !frt_check_output_offset_s8 (parameters->input_zero_point)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  status =
      frt_check_helium_matrix (image, parameters->weights_offset,
                               parameters->channels_offset, taps, shape.output_depth);
  if (status != FRT_OK)
    return status;
  return operator_->scratch_size
                 >= frt_helium_rows ((uint32_t)taps) * frt_helium_taps ((uint32_t)taps)
                        + FRT_HELIUM_TAPS
             ? FRT_OK
             : FRT_E_LAYOUT;
}

const struct frt_kernel frt_conv2d_s8_helium = {
  .id = FRT_KERNEL_CONV2D_S8_HELIUM,
  .parameters_size = sizeof (struct frt_conv2d_s8_helium_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
