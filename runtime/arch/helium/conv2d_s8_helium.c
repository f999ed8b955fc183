/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8_helium.c: CONV_2D, int8, packed for Helium: any window, one group.
 *
 * Two positions at a time. Their taps are gathered once into the operator's scratch and serve all output
 * channels; taps outside the input become its zero point. A 1x1 convolution reads its input
 * where it lies, unless that would mean to read behind its end. */
#include "arch/helium/helium_matrix.h"
#include "window.h"

struct convolution
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  struct frt_helium_matrix matrix;
  const int8_t *input_end; /* of the whole batch */
  int8_t *rows;            /* of gathered taps, two */
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

/* What all positions share, at hand. */
struct gathering
{
  int32_t line;                /* bytes of an input row */
  int32_t run;                 /* bytes of a row of the window */
  int32_t step;                /* bytes from one row of the window to the next */
  int32_t last_top, last_left; /* of the windows that lie wholly inside */
};

static struct gathering
prepare (const struct convolution *convolution)
{
  const struct frt_window *window = convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t line = shape->input_width * shape->input_depth;

  return (struct gathering){
    .line = line,
    .run = window->width * shape->input_depth,
    .step = window->dilation_height * line,
    .last_top = shape->input_height - 1 - (window->height - 1) * window->dilation_height,
    /* None, if neighbouring taps are no neighbours in memory. */
    .last_left = window->dilation_width == 1 ? shape->input_width - window->width : -1,
  };
}

static inline void
gather (const struct convolution *convolution, const struct gathering *gathering,
        int32_t row, int32_t column, const int8_t *input, int8_t *to)
{
  const struct frt_window *window = convolution->window;
  const int32_t top = row * window->stride_height - window->padding_top;
  const int32_t left = column * window->stride_width - window->padding_left;
  const int32_t height = window->height, run = gathering->run, step = gathering->step;
  const int8_t *from;

  if (top < 0 || top > gathering->last_top || left < 0 || left > gathering->last_left)
    {
      gather_border (convolution, row, column, input, to);
      return;
    }
  from = input + top * gathering->line + left * convolution->shape.input_depth;
  for (int32_t y = 0; y < height; y++, to += run, from += step)
    frt_helium_copy (to, from, run);
}

/* The taps of a 1x1 convolution and, if they are no whole vectors, what lies behind them, which
 * meets weights of 0; copied to FILLED if that were behind the input's end. */
static inline const int8_t *
find_cell (const struct convolution *convolution, const int8_t *cell, int8_t *filled)
{
  if (convolution->input_end - cell >= (ptrdiff_t)convolution->matrix.taps)
    return cell;
  frt_helium_copy (filled, cell, convolution->shape.input_depth);
  return filled;
}

/* Positions without gathering: each is one cell of the input. Returns where the next batch's
 * output goes. */
static int8_t *
convolve_cells (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t step = convolution->window->stride_width * shape->input_depth;
  const int32_t line =
      convolution->window->stride_height * shape->input_width * shape->input_depth;
  /* Without strides, the rows follow each other as the cells do. */
  const bool is_dense = convolution->window->stride_height == 1
                        && convolution->window->stride_width == 1
                        && shape->output_width == shape->input_width;
  const int32_t rows = is_dense ? 1 : shape->output_height;
  const int32_t columns =
      is_dense ? shape->output_height * shape->output_width : shape->output_width;
  int8_t *const filled[2] = { convolution->rows,
                              convolution->rows + convolution->matrix.taps };

  for (int32_t row = 0; row < rows; row++, input += line)
    {
      const int8_t *cell = input;
      int32_t column = 0;

      for (; column + 2 <= columns; column += 2, cell += 2 * step)
        {
          const int8_t *const x[2] = { find_cell (convolution, cell, filled[0]),
                                       find_cell (convolution, cell + step, filled[1]) };

          frt_helium_multiply_pair (&convolution->matrix, x, output);
          output += 2 * shape->output_depth;
        }
      if (column < columns)
        {
          frt_helium_multiply (&convolution->matrix,
                               find_cell (convolution, cell, filled[0]), output);
          output += shape->output_depth;
        }
    }
  return output;
}

/* The same with gathering. */
static int8_t *
convolve_windows (const struct convolution *convolution, const int8_t *input,
                  int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const struct gathering gathering = prepare (convolution);
  int8_t *const rows[2] = { convolution->rows,
                            convolution->rows + convolution->matrix.taps };
  const int8_t *const x[2] = { rows[0], rows[1] };
  int32_t left = shape->output_height * shape->output_width;
  int32_t row = 0, column = 0;

  while (left > 0)
    {
      const int32_t count = left > 1 ? 2 : 1;

      for (int32_t i = 0; i < count; i++)
        {
          gather (convolution, &gathering, row, column, input, rows[i]);
          if (++column == shape->output_width)
            {
              column = 0;
              row++;
            }
        }
      if (count == 2)
        frt_helium_multiply_pair (&convolution->matrix, x, output);
      else
        frt_helium_multiply (&convolution->matrix, x[0], output);
      output += count * shape->output_depth;
      left -= count;
    }
  return output;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  struct convolution convolution = {
    .window = window,
    .shape = frt_window_shape (image, operator_),
    .rows = (int8_t *)arena + operator_->scratch_offset,
    .zero_point = (int8_t)parameters->input_zero_point,
  };
  const struct frt_window_shape *shape = &convolution.shape;
  const uint32_t taps =
      (uint32_t)(window->height * window->width) * (uint32_t)shape->input_depth;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  const uint32_t filled = frt_helium_taps (taps) - taps;
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  convolution.input_end = input + frt_input_tensor (image, operator_, 0)->size;
  convolution.matrix = (struct frt_helium_matrix){
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .taps = frt_helium_taps (taps),
    .outputs = shape->output_depth,
    .range = { parameters->output_offset, parameters->minimum, parameters->maximum },
  };
  /* Their weights are 0, but what is read must be defined. */
  for (uint32_t i = 1; i <= 2; i++)
    frt_helium_fill (convolution.rows + i * convolution.matrix.taps - filled, 0,
                     (int32_t)filled);
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = is_pointwise (window) ? convolve_cells (&convolution, input, output)
                                     : convolve_windows (&convolution, input, output);
      input += shape->input_height * shape->input_width * shape->input_depth;
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
  return operator_->scratch_size >= 2 * frt_helium_taps ((uint32_t)taps) ? FRT_OK
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
