/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_packed.c: DEPTHWISE_CONV_2D, int8, packed for ARMv7E-M: any window,
 * depth multiplier 1, depths of at least four.
 *
 * Four channels side by side: a word of activations is widened, with the zero point taken
 * off, in two instructions, and each lane has its own multiplication. Where the depth is no
 * multiple of four, the last block is that of the last four channels, so that some are
 * computed twice. */
#include "arch/packed_depthwise.h"
#include "arch/packed_matrix.h"
#include "arch/packed_place.h"

#define TAP_SIZE 8 /* bytes of weights of four channels */

struct convolution
{
  struct frt_window window;
  struct frt_window_shape shape;
  const uint32_t *weights;
  const struct frt_packed_channel *channels;
  uint32_t offset; /* a pair */
  struct frt_packed_range range;
  struct frt_taps inner_columns; /* positions all of whose columns are inside */
};

/* Computes the channels of the position that JOB has been made for. */
static void
convolve_position (const struct convolution *convolution,
                   const struct frt_packed_depthwise_job *position, const int8_t *x,
                   int8_t *output)
{
  const int32_t depth = convolution->shape.output_depth;
  const int32_t rest = depth % FRT_PACKED_CHANNELS;
  struct frt_packed_depthwise_job job = *position;

  job.x = x;
  job.y = output;
  frt_packed_depthwise_blocks (&job);
  if (rest != 0)
    {
      job.x -= FRT_PACKED_CHANNELS - rest;
      job.y -= FRT_PACKED_CHANNELS - rest;
      job.blocks = 1;
      frt_packed_depthwise_blocks (&job);
    }
  frt_packed_limit (output, depth, convolution->range);
}

/* All but X and Y, for the taps of PLACE that are inside. */
static struct frt_packed_depthwise_job
make_job (const struct convolution *convolution, const struct frt_window_place *place)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const uint32_t depth = (uint32_t)shape->input_depth;
  const int32_t rows = place->rows.end - place->rows.first;
  const int32_t columns = place->columns.end - place->columns.first;
  /* Modulo 2^32: distances that no tap inside has may be anything. */
  const uint32_t down = window->dilation_height * (uint32_t)shape->input_width * depth;
  const uint32_t right = window->dilation_width * depth;
  const int32_t skipped = place->rows.first * window->width + place->columns.first;
  /* One column is one line downwards. */
  const bool is_column = window->width == 1;
  /* Dilated taps may lie on both sides of the input. */
  const bool is_empty = rows == 0 || columns == 0;

  return (struct frt_packed_depthwise_job){
    .weights = convolution->weights + 2 * skipped,
    .step = (int32_t)(is_column ? down : right),
    .offset = convolution->offset,
    .pitch = (int32_t)down,
    .lines = is_empty    ? 0
             : is_column ? 1
                         : rows,
    .count = is_column ? rows : columns,
    .skip = TAP_SIZE * (window->width - columns),
    .block = TAP_SIZE * window->height * window->width,
    .channels = convolution->channels,
    .blocks = depth / FRT_PACKED_CHANNELS,
  };
}

static void
convolve_border (const struct convolution *convolution, int32_t row, int32_t column,
                 const int8_t *input, int8_t *output)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_place place =
      frt_window_place (window, &convolution->shape, row, column);
  const struct frt_packed_depthwise_job job = make_job (convolution, &place);

  convolve_position (convolution, &job,
                     input
                         + frt_window_input_index (window, &convolution->shape, &place,
                                                   place.rows.first, place.columns.first),
                     output);
}

/* Positions of a row all of whose columns are inside, if there are any. */
static struct frt_taps
inner_columns (const struct frt_window *window, const struct frt_window_shape *shape)
{
  const int32_t stride = window->stride_width;
  const int64_t room =
      (int64_t)shape->input_width - (window->width - 1) * (int64_t)window->dilation_width;
  const int32_t first = (window->padding_left + stride - 1) / stride;
  const int32_t end =
      room > 0 ? ((int32_t)room + window->padding_left + stride - 1) / stride : 0;

  return (struct frt_taps){ first,
                            end < shape->output_width ? end : shape->output_width };
}

static void
convolve_row (const struct convolution *convolution,
              const struct frt_packed_depthwise_job *inner_job, int32_t row,
              const int8_t *input, int8_t *output)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t depth = shape->output_depth;
  const int32_t top = row * window->stride_height - window->padding_top;
  const struct frt_taps inner =
      frt_packed_is_inside (top, window->height, window->dilation_height,
                            shape->input_height)
          ? convolution->inner_columns
          : (struct frt_taps){ 0, 0 };

  for (int32_t column = 0; column < shape->output_width; column++, output += depth)
    if (column >= inner.first && column < inner.end)
      {
        const int32_t left = column * window->stride_width - window->padding_left;

        convolve_position (convolution, inner_job,
                           input + (top * shape->input_width + left) * depth, output);
      }
    else
      convolve_border (convolution, row, column, input, output);
}

static void
convolve_batch (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const struct frt_window_place inner = {
    .rows = { 0, convolution->window.height },
    .columns = { 0, convolution->window.width },
  };
  const struct frt_packed_depthwise_job job = make_job (convolution, &inner);

  for (int32_t row = 0; row < shape->output_height; row++)
    convolve_row (convolution, &job, row, input,
                  output + row * shape->output_width * shape->output_depth);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_depthwise_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  struct convolution convolution = {
    .window = parameters->window,
    .shape = frt_window_shape (image, operator_),
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .offset = frt_make_pair (parameters->input_offset, parameters->input_offset),
    .range = { parameters->minimum, parameters->maximum },
  };
  const struct frt_window_shape *shape = &convolution.shape;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  convolution.inner_columns = inner_columns (&convolution.window, shape);
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      convolve_batch (&convolution, input, output);
      input += shape->input_height * shape->input_width * shape->input_depth;
      output += shape->output_height * shape->output_width * shape->output_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_depthwise_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int32_t blocks =
      (shape.output_depth + FRT_PACKED_CHANNELS - 1) / FRT_PACKED_CHANNELS;
  const uint64_t weights =
      frt_check_weight_count (&parameters->window, blocks * FRT_PACKED_CHANNELS, 1);

  if (image->header->packing != FRT_PACKING_ARMV7E_M
      || !frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, &parameters->window)
      || shape.output_depth != shape.input_depth
      || shape.output_depth < FRT_PACKED_CHANNELS
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (parameters->weights_offset % sizeof (uint32_t) != 0
      || !frt_check_block (image, parameters->weights_offset, weights, sizeof (int16_t)))
    return FRT_E_LAYOUT;
  return frt_check_packed_channels (image, parameters->channels_offset,
                                    shape.output_depth)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_depthwise_conv2d_s8_packed = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED,
  .parameters_size = sizeof (struct frt_depthwise_conv2d_s8_packed_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
