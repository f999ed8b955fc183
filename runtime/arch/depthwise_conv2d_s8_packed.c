/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_packed.c: DEPTHWISE_CONV_2D, int8, packed for ARMv7E-M: any window,
 * depth multiplier 1, depths that are multiples of four.
 *
 * Four channels side by side: a word of activations is widened, with the zero point taken
 * off, in two instructions, and each lane has its own multiplication. */
#include "arch/packed_matrix.h"
#include "window.h"

struct convolution
{
  struct frt_window window;
  struct frt_window_shape shape;
  const uint32_t *weights;
  const struct frt_packed_channel *channels;
  uint32_t offset; /* a pair */
  struct frt_packed_range range;
};

/* Taps in a line that are inside the input: COUNT of them, STEP activations apart. */
struct line
{
  const int8_t *x;
  const uint32_t *w;
  int32_t count, step;
};

static inline void
add_tap (uint32_t sums[4], const int8_t *x, const uint32_t *w, uint32_t offset)
{
  const uint32_t word = frt_load_word (x);
  const uint32_t even = frt_sxtab16 (offset, word);
  const uint32_t odd = frt_sxtab16_odd (offset, word);

  sums[0] = frt_smlabb (even, w[0], sums[0]);
  sums[2] = frt_smlatt (even, w[0], sums[2]);
  sums[1] = frt_smlabb (odd, w[1], sums[1]);
  sums[3] = frt_smlatt (odd, w[1], sums[3]);
}

static inline void
add_line (uint32_t sums[4], const struct line *line, uint32_t offset)
{
  const int8_t *x = line->x;
  const uint32_t *w = line->w;

  if (line->count == 3)
    {
      add_tap (sums, x, w, offset);
      add_tap (sums, x + line->step, w + 2, offset);
      add_tap (sums, x + 2 * line->step, w + 4, offset);
      return;
    }
  for (int32_t i = 0; i < line->count; i++, x += line->step, w += 2)
    add_tap (sums, x, w, offset);
}

/* One position, four channels: X and W are at the first tap that is inside. */
static inline void
convolve_block (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *x, const uint32_t *w,
                uint32_t sums[4])
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t cell = shape->input_depth;
  const int32_t pitch = window->dilation_height * shape->input_width * cell;
  int32_t lines = place->rows.end - place->rows.first;
  struct line line = {
    .x = x,
    .w = w,
    .count = place->columns.end - place->columns.first,
    .step = window->dilation_width * cell,
  };

  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  if (window->width == 1)
    {
      line.count = lines;
      line.step = pitch;
      lines = 1;
    }
  for (; lines > 0; lines--)
    {
      add_line (sums, &line, convolution->offset);
      line.x += pitch;
      line.w += 2 * window->width;
    }
}

/* Inlined with a constant RANGE where it is all of int8: that is one SSAT. */
static inline void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *input, int8_t *output,
                struct frt_packed_range range)
{
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t taps = window->height * window->width;
  const int32_t skipped = place->rows.first * window->width + place->columns.first;
  const int8_t *x = input
                    + frt_window_input_index (window, shape, place, place->rows.first,
                                              place->columns.first);
  const uint32_t *w = convolution->weights + 2 * skipped;
  const struct frt_packed_channel *channels = convolution->channels;
  uint32_t sums[FRT_PACKED_CHANNELS];

  for (int32_t first = 0; first < shape->output_depth; first += FRT_PACKED_CHANNELS)
    {
      convolve_block (convolution, place, x + first, w, sums);
      for (int32_t i = 0; i < FRT_PACKED_CHANNELS; i++)
        output[first + i] = frt_packed_requantize (
            (uint32_t)channels[i].twice_bias + 2 * sums[i], &channels[i], range);
      w += 2 * taps;
      channels += FRT_PACKED_CHANNELS;
    }
}

static void
convolve_batch (const struct convolution *convolution, const int8_t *input,
                int8_t *output)
{
  const struct frt_packed_range all = { INT8_MIN, INT8_MAX };
  const bool is_limited = convolution->range.minimum != all.minimum
                          || convolution->range.maximum != all.maximum;
  const struct frt_window_shape *shape = &convolution->shape;

  for (int32_t row = 0; row < shape->output_height; row++)
    for (int32_t column = 0; column < shape->output_width; column++)
      {
        const struct frt_window_place place =
            frt_window_place (&convolution->window, shape, row, column);

        if (is_limited)
          convolve_place (convolution, &place, input, output, convolution->range);
        else
          convolve_place (convolution, &place, input, output, all);
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
  const uint64_t weights =
      frt_check_weight_count (&parameters->window, shape.output_depth, 1);

  if (image->header->packing != FRT_PACKING_ARMV7E_M
      || !frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, &parameters->window)
      || shape.output_depth != shape.input_depth
      || shape.output_depth % FRT_PACKED_CHANNELS != 0
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
