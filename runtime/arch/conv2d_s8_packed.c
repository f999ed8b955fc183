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
  bool is_pointwise; /* 1x1 without padding */
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

static void
copy (int8_t *to, const int8_t *from, int32_t count)
{
  for (; count >= 4; count -= 4, to += 4, from += 4)
    ((struct frt_unaligned_word *)(void *)to)->value = frt_load_word (from);
  for (; count > 0; count--)
    *to++ = *from++;
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

  if (columns != window->width || place->rows.end - place->rows.first != window->height)
    fill (taps, convolution->zero_point, window->height * window->width * depth);
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

/* Fills position P of POSITIONS of the tile. */
static void
fill_position (const struct convolution *convolution, const int8_t *input, int32_t row,
               int32_t column, uint32_t p, uint32_t positions)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t taps = window->height * window->width * shape->input_depth;
  uint32_t *pairs = convolution->tile + p;
  const uint32_t *end =
      convolution->tile + frt_packed_tile_words (convolution->matrix.taps, positions);

  if (convolution->is_pointwise)
    {
      const int32_t cell = row * window->stride_height * shape->input_width
                           + column * window->stride_width;

      pairs = frt_packed_unpack (pairs, input + cell * shape->input_depth,
                                 shape->input_depth, positions);
    }
  else
    {
      const struct frt_window_place place = frt_packed_place (window, shape, row, column);

      if (convolution->gathered == NULL)
        pairs = widen_runs (convolution, &place, input, pairs, positions);
      else
        {
          gather (convolution, &place, input);
          pairs = frt_packed_unpack (pairs, convolution->gathered, taps, positions);
        }
    }
  frt_packed_fill_zero (pairs, end, positions);
}

/* Returns where the next batch's output goes. */
static int8_t *
convolve_batch (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;
  int32_t left = shape->output_height * shape->output_width;
  int32_t row = 0, column = 0;

  while (left > 0)
    {
      const uint32_t positions = left > 1 ? 2 : 1;
      int8_t *const y[2] = { output, output + shape->output_depth };

      for (uint32_t p = 0; p < positions; p++)
        {
          fill_position (convolution, input, row, column, p, positions);
          if (++column == shape->output_width)
            {
              column = 0;
              row++;
            }
        }
      frt_packed_multiply (&convolution->matrix, convolution->tile, positions, y);
      output += (int32_t)positions * shape->output_depth;
      left -= (int32_t)positions;
    }
  return output;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  struct convolution convolution = {
    .window = *window,
    .shape = frt_window_shape (image, operator_),
    .tile = (void *)(arena + operator_->scratch_offset),
    .zero_point = (int8_t)parameters->input_zero_point,
    .is_pointwise = window->height == 1 && window->width == 1,
  };
  const struct frt_window_shape *shape = &convolution.shape;
  const uint32_t taps =
      (uint32_t)(window->height * window->width) * (uint32_t)shape->input_depth;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  if (!has_whole_runs (window, shape->input_depth))
    convolution.gathered = (void *)(convolution.tile + frt_packed_tile_words (taps, 2));
  convolution.matrix = (struct frt_packed_matrix){
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .taps = frt_packed_taps (taps),
    .outputs = shape->output_depth,
    .range = { parameters->minimum, parameters->maximum },
  };
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = convolve_batch (&convolution, input, output);
      input += shape->input_height * shape->input_width * shape->input_depth;
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
