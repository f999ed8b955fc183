/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8_packed.c: CONV_2D, int8, packed for ARMv7E-M: any window, one group.
 *
 * Two neighbouring positions at a time. Their activations are widened once into the
 * operator's scratch and serve all output channels; taps outside the input become its zero
 * point, so that no inner loop tests for borders. */
#include "arch/packed_matrix.h"
#include "arch/packed_place.h"

struct convolution
{
  struct frt_window window;
  struct frt_window_shape shape;
  struct frt_packed_matrix matrix;
  uint32_t *tile;
  int8_t *gathered; /* one position's taps, behind the tile; NULL if not needed */
  int8_t zero_point;
  int32_t taps;
  /* Where nothing lies outside and columns are not dilated: bytes of a row of taps, and from
   * one row to the next. */
  int32_t run, pitch;
};

/* An output position: the cell of the input under tap 0, and its index in the batch. */
struct cursor
{
  int32_t row, column;
  int32_t left;
  uint32_t index;       /* modulo 2^32 as long as a tap is outside */
  bool has_simple_rows; /* all are inside the input, and columns are not dilated */
};

/* Whether every run of taps is a whole number of words. */
static bool
has_whole_runs (const struct frt_window *window, int32_t depth)
{
  return depth % 4 == 0 || (window->height == 1 && window->width == 1);
}

static uint32_t
scratch_size (const struct frt_window *window, int32_t depth)
{
  const uint32_t taps = (uint32_t)(window->height * window->width) * (uint32_t)depth;

  return frt_packed_tile_words (taps, 2) * (uint32_t)sizeof (uint32_t)
         + (has_whole_runs (window, depth) ? 0 : frt_packed_taps (taps));
}

static inline void
copy_word (int8_t *to, const int8_t *from)
{
  ((struct frt_unaligned_word *)(void *)to)->value = frt_load_word (from);
}

/* The last word may overlap with the one before. */
static inline void
copy (int8_t *to, const int8_t *from, int32_t count)
{
  if (count < 4)
    {
      to[0] = from[0];
      if (count > 1)
        to[1] = from[1];
      if (count > 2)
        to[2] = from[2];
      return;
    }
  for (int32_t i = 0; i < count - 4; i += 4)
    copy_word (to + i, from + i);
  copy_word (to + count - 4, from + count - 4);
}

static void
fill (int8_t *to, int8_t value, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    to[i] = value;
}

/* All taps of PLACE, in order, as bytes. */
static void
gather (const struct convolution *convolution, const struct frt_window_place *place,
        const int8_t *input)
{
  const struct frt_window *window = &convolution->window;
  const int32_t depth = convolution->shape.input_depth;
  const int32_t columns = place->columns.end - place->columns.first;
  const bool contiguous = window->dilation_width == 1;
  int8_t *taps = convolution->gathered;

  fill (taps, convolution->zero_point, convolution->taps);
  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end;
         column += contiguous ? columns : 1)
      copy (
          taps + (row * window->width + column) * depth,
          input
              + frt_window_input_index (window, &convolution->shape, place, row, column),
          contiguous ? columns * depth : depth);
}

/* The same straight into PAIRS, where every run is a whole number of words. */
static uint32_t *
widen_runs (const struct convolution *convolution, const struct frt_window_place *place,
            const int8_t *input, uint32_t *pairs, uint32_t positions)
{
  const struct frt_window *window = &convolution->window;
  const int32_t depth = convolution->shape.input_depth;
  const uint32_t zero = frt_make_pair (convolution->zero_point, convolution->zero_point);
  const int32_t columns = place->columns.end - place->columns.first;
  const bool contiguous = window->dilation_width == 1 && columns > 0;

  for (int32_t row = 0; row < window->height; row++)
    for (int32_t column = 0; column < window->width;)
      {
        const bool is_inside = row >= place->rows.first && row < place->rows.end
                               && column >= place->columns.first
                               && column < place->columns.end;
        const int32_t run = is_inside && contiguous ? columns : 1;

        pairs = is_inside ? frt_packed_unpack (
                    pairs,
                    input
                        + frt_window_input_index (window, &convolution->shape, place, row,
                                                  column),
                    run * depth, positions)
                          : frt_packed_fill (pairs, zero, depth, positions);
        column += run;
      }
  return pairs;
}

/* Windows inside the input, from X on. Returns where the next pair goes. */
static __attribute__ ((noinline)) uint32_t *
widen_inside (const struct convolution *convolution, const int8_t *x, uint32_t *pairs,
              uint32_t positions)
{
  const int32_t run = convolution->run, pitch = convolution->pitch;
  int8_t *gathered = convolution->gathered;

  if (gathered == NULL)
    {
      for (int32_t row = convolution->window.height; row > 0; row--, x += pitch)
        pairs = frt_packed_unpack (pairs, x, run, positions);
      return pairs;
    }
  for (int32_t row = convolution->window.height; row > 0; row--, x += pitch)
    {
      copy (gathered, x, run);
      gathered += run;
    }
  return frt_packed_unpack (pairs, convolution->gathered,
                            (int32_t)convolution->matrix.taps, positions);
}

static __attribute__ ((noinline)) uint32_t *
widen_border (const struct convolution *convolution, const struct cursor *cursor,
              const int8_t *input, uint32_t *pairs, uint32_t positions)
{
  const struct frt_window_place place = frt_window_place (
      &convolution->window, &convolution->shape, cursor->row, cursor->column);

  if (convolution->gathered == NULL)
    return widen_runs (convolution, &place, input, pairs, positions);
  gather (convolution, &place, input);
  return frt_packed_unpack (pairs, convolution->gathered, convolution->taps, positions);
}

/* Fills one of POSITIONS positions of the tile, from PAIRS to END. */
static void
fill_position (const struct convolution *convolution, const struct cursor *cursor,
               const int8_t *input, uint32_t *pairs, const uint32_t *end,
               uint32_t positions)
{
  if (cursor->has_simple_rows && cursor->left >= 0
      && cursor->left + convolution->window.width <= convolution->shape.input_width)
    pairs = widen_inside (convolution, input + cursor->index, pairs, positions);
  else
    pairs = widen_border (convolution, cursor, input, pairs, positions);
  frt_packed_fill_zero (pairs, end, positions);
}

static void
start_row (const struct convolution *convolution, struct cursor *cursor)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t top = cursor->row * window->stride_height - window->padding_top;

  cursor->column = 0;
  cursor->left = -window->padding_left;
  cursor->index = ((uint32_t)top * (uint32_t)shape->input_width + (uint32_t)cursor->left)
                  * (uint32_t)shape->input_depth;
  cursor->has_simple_rows =
      window->dilation_width == 1
      && frt_packed_is_inside (top, window->height, window->dilation_height,
                               shape->input_height);
}

static void
advance (const struct convolution *convolution, struct cursor *cursor)
{
  const int32_t step = convolution->window.stride_width;

  if (++cursor->column == convolution->shape.output_width)
    {
      cursor->row++;
      start_row (convolution, cursor);
      return;
    }
  cursor->left += step;
  cursor->index += (uint32_t)step * (uint32_t)convolution->shape.input_depth;
}

/* Returns where the next batch's output goes. */
static int8_t *
convolve_batch (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;
  int32_t left = shape->output_height * shape->output_width;
  uint32_t *tile = convolution->tile;
  struct cursor cursor = { 0 };

  start_row (convolution, &cursor);
  while (left > 0)
    {
      const uint32_t positions = left > 1 ? 2 : 1;
      const uint32_t *end =
          tile + frt_packed_tile_words (convolution->matrix.taps, positions);
      int8_t *const y[2] = { output, output + shape->output_depth };

      for (uint32_t p = 0; p < positions; p++)
        {
          fill_position (convolution, &cursor, input, tile + p, end, positions);
          advance (convolution, &cursor);
        }
      frt_packed_multiply (&convolution->matrix, tile, positions, y);
      output += (int32_t)positions * shape->output_depth;
      left -= (int32_t)positions;
    }
  return output;
}

/* One tap, moved from cell to cell. */
static bool
is_plain_matrix (const struct frt_window *window, const struct frt_window_shape *shape)
{
  return window->height == 1 && window->width == 1 && window->stride_height == 1
         && window->stride_width == 1 && shape->output_height == shape->input_height
         && shape->output_width == shape->input_width;
}

static struct convolution
make_convolution (const frt_image *image, const struct frt_operator *operator_,
                  uint8_t *arena)
{
  const struct frt_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const uint32_t taps =
      (uint32_t)(window->height * window->width) * (uint32_t)shape.input_depth;
  struct convolution convolution = {
    .window = *window,
    .shape = shape,
    .matrix = {
      .weights = frt_constant (image, parameters->weights_offset),
      .channels = frt_constant (image, parameters->channels_offset),
      .taps = frt_packed_taps (taps),
      .outputs = shape.output_depth,
      .range = { parameters->minimum, parameters->maximum },
    },
    .tile = (void *)(arena + operator_->scratch_offset),
    .zero_point = (int8_t)parameters->input_zero_point,
    .taps = (int32_t)taps,
    .run = window->width * shape.input_depth,
  };

  /* A single row may be dilated as it likes. */
  if (window->height > 1)
    convolution.pitch = (int32_t)(window->dilation_height * (uint32_t)shape.input_width
                                  * (uint32_t)shape.input_depth);
  if (!has_whole_runs (window, shape.input_depth))
    {
      convolution.gathered = (void *)(convolution.tile + frt_packed_tile_words (taps, 2));
      fill (convolution.gathered + taps, 0, (int32_t)(convolution.matrix.taps - taps));
    }
  return convolution;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct convolution convolution = make_convolution (image, operator_, arena);
  const struct frt_window_shape *shape = &convolution.shape;
  const int32_t cells = shape->input_height * shape->input_width;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  if (is_plain_matrix (&convolution.window, shape))
    {
      frt_packed_multiply_rows (&convolution.matrix, convolution.tile, input,
                                shape->input_depth, shape->batches * cells, output);
      return;
    }
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = convolve_batch (&convolution, input, output);
      input += cells * shape->input_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  int status;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, &parameters->window)
      || !frt_check_output_offset_s8 (parameters->input_zero_point)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  status = frt_check_packed_matrix (
      image, parameters->weights_offset, parameters->channels_offset,
      frt_check_weight_count (&parameters->window, 1, shape.input_depth),
      shape.output_depth);
  if (status != FRT_OK)
    return status;
  return operator_->scratch_size >= scratch_size (&parameters->window, shape.input_depth)
             ? FRT_OK
             : FRT_E_LAYOUT;
}

const struct frt_kernel frt_conv2d_s8_packed = {
  .id = FRT_KERNEL_CONV2D_S8_PACKED,
  .parameters_size = sizeof (struct frt_conv2d_s8_packed_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
