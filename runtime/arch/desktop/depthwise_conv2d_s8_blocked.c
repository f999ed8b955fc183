/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_blocked.c: DEPTHWISE_CONV_2D, int8, equal depths, for desktop processors. */
#include "arch/desktop/blocked_requantize.h"
#include "arch/desktop/blocked_s8.h"
#include "window.h"

struct depthwise
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  int32_t input_offset;
  bool runs_avx2;
};

/* Adds the taps of PLACE to the sums of one block. INPUT is its first channel, WEIGHTS
 * [height][width][lane]. */
static void
add_taps (const struct depthwise *layer, const struct frt_window_place *place,
          const int8_t *input, const int16_t *weights, int32_t count, uint32_t *sums)
{
  const struct frt_window *window = layer->window;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const int8_t *x =
            input + frt_window_input_index (window, &layer->shape, place, row, column);
        const int16_t *w = weights + (row * window->width + column) * FRT_BLOCK_LANES;

        for (int32_t lane = 0; lane < count; lane++)
          sums[lane] += (uint32_t)(w[lane] * (x[lane] + layer->input_offset));
      }
}

#if FRT_HAS_AVX2_CODE
/* A whole block. A weight of int8 times 255 at most fits in int16. */
static FRT_AVX2 void
convolve_block_avx2 (const struct depthwise *layer, const struct frt_window_place *place,
                     const int8_t *input, const int16_t *weights,
                     const struct frt_block_channels *channels,
                     const struct frt_block_output *output, int8_t *y)
{
  const struct frt_window *window = layer->window;
  const __m256i offset = _mm256_set1_epi16 ((int16_t)layer->input_offset);
  __m256i first = _mm256_setzero_si256 (), second = first;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const int8_t *x =
            input + frt_window_input_index (window, &layer->shape, place, row, column);
        const int16_t *w = weights + (row * window->width + column) * FRT_BLOCK_LANES;
        const __m256i products = _mm256_mullo_epi16 (
            _mm256_add_epi16 (_mm256_cvtepi8_epi16 (_mm_loadu_si128 ((const __m128i *)x)),
                              offset),
            _mm256_loadu_si256 ((const __m256i *)w));

        first = _mm256_add_epi32 (
            first, _mm256_cvtepi16_epi32 (_mm256_castsi256_si128 (products)));
        second = _mm256_add_epi32 (
            second, _mm256_cvtepi16_epi32 (_mm256_extracti128_si256 (products, 1)));
      }
  frt_block_requantize_avx2 (channels, first, second, output, y);
}
#endif

static void
convolve_block (const struct depthwise *layer, const struct frt_window_place *place,
                const int8_t *input, const int16_t *weights,
                const struct frt_block_channels *channels,
                const struct frt_block_output *output, int8_t *y)
{
  uint32_t sums[FRT_BLOCK_LANES] = { 0 };

#if FRT_HAS_AVX2_CODE
  if (output->count == FRT_BLOCK_LANES && layer->runs_avx2)
    {
      convolve_block_avx2 (layer, place, input, weights, channels, output, y);
      return;
    }
#endif
  add_taps (layer, place, input, weights, output->count, sums);
  frt_block_requantize (channels, sums, output, y);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const struct depthwise layer = { .window = &parameters->window,
                                   .shape = frt_window_shape (image, operator_),
                                   .input_offset = parameters->input_offset,
                                   .runs_avx2 = frt_runs_avx2 () };
  const struct frt_window_shape *shape = &layer.shape;
  const int32_t block_weights =
      parameters->window.height * parameters->window.width * FRT_BLOCK_LANES;
  const int16_t *weights = frt_constant (image, parameters->weights_offset);
  const struct frt_block_channels *channels =
      frt_constant (image, parameters->channels_offset);
  const int32_t positions = shape->output_height * shape->output_width;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);
  struct frt_block_output output = { .offset = parameters->output_offset,
                                     .minimum = parameters->minimum,
                                     .maximum = parameters->maximum };

  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      for (int32_t position = 0; position < positions; position++)
        {
          const struct frt_window_place place =
              frt_window_place (layer.window, shape, position / shape->output_width,
                                position % shape->output_width);

          for (int32_t first = 0; first < shape->output_depth; first += FRT_BLOCK_LANES)
            {
              output.count = frt_count_lanes (shape->output_depth, first);
              convolve_block (&layer, &place, input + first,
                              weights + first / FRT_BLOCK_LANES * block_weights,
                              channels + first / FRT_BLOCK_LANES, &output, y + first);
            }
          y += shape->output_depth;
        }
      input += shape->input_height * shape->input_width * shape->input_depth;
    }
}

/* What the sums of int16 need. */
static bool
weights_are_s8 (const int16_t *weights, uint64_t count)
{
  for (uint64_t i = 0; i < count; i++)
    if (weights[i] < INT8_MIN || weights[i] > INT8_MAX)
      return false;
  return true;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const uint64_t taps = frt_check_weight_count (&parameters->window, 1, 1);
  const uint64_t weights = frt_check_product (
      taps, (uint64_t)frt_count_blocks (shape.output_depth) * FRT_BLOCK_LANES);

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_window (image, operator_, &parameters->window)
      || shape.input_depth != shape.output_depth
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset, weights, 2))
    return FRT_E_LAYOUT;
  if (!frt_afford (image, (uint32_t)weights)
      || !weights_are_s8 (frt_constant (image, parameters->weights_offset), weights))
    return FRT_E_OPERATOR;
  /* No row of a tile is needed. */
  return frt_check_blocked_s8 (image, operator_, parameters->weights_offset,
                               parameters->channels_offset, 0, shape.output_depth, 0);
}

const struct frt_kernel frt_depthwise_conv2d_s8_blocked = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S8_BLOCKED,
  .parameters_size = sizeof (struct frt_conv2d_s8_blocked_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
