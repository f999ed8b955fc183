/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_packed.c: DEPTHWISE_CONV_2D, int8, packed for ARMv7E-M: any window,
 * depth multiplier 1, depths that are multiples of four.
 *
 * Four channels side by side: a word of activations is widened, with the zero point taken
 * off, in two instructions, and each lane has its own multiplication. */
#include "arch/packed_matrix.h"
#include "arch/packed_place.h"

struct convolution
{
  struct frt_window window;
  struct frt_window_shape shape;
  const uint32_t *weights;
  const struct frt_packed_channel *channels;
  uint32_t offset; /* a pair */
  struct frt_packed_range range;
};

/* The four sums must stay in registers, so everything is inlined into one function. */
#define INLINE static inline __attribute__ ((always_inline))

/* Adds one tap; OFFSET is a pair. */
INLINE void
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

/* LINES lines, PITCH apart, of COUNT taps, STEP apart, that are inside the input. A line of
 * weights is SKIP words longer than its taps. */
struct taps
{
  int32_t lines, pitch;
  int32_t count, step;
  int32_t skip;
};

INLINE void
add_lines (uint32_t sums[4], const int8_t *x, const uint32_t *w, const struct taps *taps,
           uint32_t offset)
{
  const int32_t step = taps->step;

  if (taps->count == 3)
    for (int32_t line = taps->lines; line > 0; line--, x += taps->pitch)
      {
        add_tap (sums, x, w, offset);
        add_tap (sums, x + step, w + 2, offset);
        add_tap (sums, x + 2 * step, w + 4, offset);
        w += 6 + taps->skip;
      }
  else
    for (int32_t line = taps->lines; line > 0; line--, x += taps->pitch)
      {
        const int8_t *at = x;

        for (int32_t i = taps->count; i > 0; i--, at += step, w += 2)
          add_tap (sums, at, w, offset);
        w += taps->skip;
      }
}

/* A window of one column is one line downwards. */
static struct taps
describe_taps (const struct frt_window *window, const struct frt_window_shape *shape,
               const struct frt_window_place *place)
{
  const int32_t cell = shape->input_depth;
  const int32_t rows = place->rows.end - place->rows.first;
  const int32_t columns = place->columns.end - place->columns.first;
  const int32_t pitch = window->dilation_height * shape->input_width * cell;

  if (window->width == 1)
    return (struct taps){ .lines = 1, .count = rows, .step = pitch };
  return (struct taps){
    .lines = rows,
    .pitch = pitch,
    .count = columns,
    .step = window->dilation_width * cell,
    .skip = 2 * (window->width - columns),
  };
}

/* All channels of one position. RANGE is constant where it is all of int8: then a limit is one
 * SSAT. W is at the first tap inside, and TAP_WORDS words from one block to the next. */
INLINE void
convolve_channels (const struct convolution *convolution, const struct taps *at,
                   const int8_t *x, const uint32_t *w, int8_t *y,
                   struct frt_packed_range range)
{
  const struct taps taps = *at;
  const uint32_t offset = convolution->offset;
  const int32_t block_words = 2 * convolution->window.height * convolution->window.width;
  const int8_t *end = x + convolution->shape.output_depth;
  const struct frt_packed_channel *channels = convolution->channels;

  for (; x < end; x += FRT_PACKED_CHANNELS, w += block_words)
    {
      uint32_t sums[FRT_PACKED_CHANNELS] = { 0, 0, 0, 0 };

      add_lines (sums, x, w, &taps, offset);
      *y++ = frt_packed_requantize ((uint32_t)channels[0].twice_bias + 2 * sums[0],
                                    &channels[0], range);
      *y++ = frt_packed_requantize ((uint32_t)channels[1].twice_bias + 2 * sums[1],
                                    &channels[1], range);
      *y++ = frt_packed_requantize ((uint32_t)channels[2].twice_bias + 2 * sums[2],
                                    &channels[2], range);
      *y++ = frt_packed_requantize ((uint32_t)channels[3].twice_bias + 2 * sums[3],
                                    &channels[3], range);
      channels += FRT_PACKED_CHANNELS;
    }
}

static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *input, int8_t *output)
{
  const struct frt_packed_range all = { INT8_MIN, INT8_MAX };
  const struct frt_window *window = &convolution->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const struct taps taps = describe_taps (window, shape, place);
  const int32_t skipped = place->rows.first * window->width + place->columns.first;
  const int8_t *x = input
                    + frt_window_input_index (window, shape, place, place->rows.first,
                                              place->columns.first);
  const uint32_t *w = convolution->weights + 2 * skipped;

  if (convolution->range.minimum > INT8_MIN || convolution->range.maximum < INT8_MAX)
    convolve_channels (convolution, &taps, x, w, output, convolution->range);
  else
    convolve_channels (convolution, &taps, x, w, output, all);
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
