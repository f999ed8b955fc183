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
};

static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *input, int8_t *output)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t depth = shape->input_depth;
  const int32_t rows = place->rows.end - place->rows.first;
  const int32_t columns = place->columns.end - place->columns.first;
  const int32_t down = window->dilation_height * shape->input_width * depth;
  const int32_t right = window->dilation_width * depth;
  const int32_t skipped = place->rows.first * window->width + place->columns.first;
  struct frt_packed_depthwise_job job = {
    .x = input
         + frt_window_input_index (window, shape, place, place->rows.first,
                                   place->columns.first),
    .weights = convolution->weights + 2 * skipped,
    .step = right,
    .offset = convolution->offset,
    .pitch = down - columns * right,
    .lines = rows,
    .count = columns,
    .skip = TAP_SIZE * (window->width - columns),
    .block = TAP_SIZE * window->height * window->width,
    .channels = convolution->channels,
    .y = output,
    .blocks = (uint32_t)depth / FRT_PACKED_CHANNELS,
  };

  /* One column is one line downwards. */
  if (window->width == 1)
    {
      job.step = down;
      job.lines = 1;
      job.count = rows;
    }
  frt_packed_depthwise_blocks (&job);
  if (depth % FRT_PACKED_CHANNELS != 0)
    {
      job.x -= FRT_PACKED_CHANNELS - depth % FRT_PACKED_CHANNELS;
      job.y -= FRT_PACKED_CHANNELS - depth % FRT_PACKED_CHANNELS;
      job.blocks = 1;
      frt_packed_depthwise_blocks (&job);
    }
  frt_packed_limit (output, depth, convolution->range);
}

static void
convolve_batch (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_window_shape *shape = &convolution->shape;

  for (int32_t row = 0; row < shape->output_height; row++)
    for (int32_t column = 0; column < shape->output_width; column++)
      {
        const struct frt_window_place place =
            frt_packed_place (&convolution->window, shape, row, column);

        convolve_place (convolution, &place, input, output);
        output += shape->output_depth;
      }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_depthwise_conv2d_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct convolution convolution = {
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
