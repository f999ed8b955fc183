/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_f32_blocked.c: DEPTHWISE_CONV_2D, float, equal depths, for desktop
 * processors. */
#include "arch/desktop/blocked_f32.h"
#include "float_range.h"
#include "window.h"

struct depthwise
{
  const struct frt_conv2d_f32_parameters *parameters;
  struct frt_window_shape shape;
  bool runs_avx2;
};

static void
convolve_block_plain (const struct depthwise *layer, const struct frt_window_place *place,
                      const float *input, const float *weights, int32_t count,
                      float *sums)
{
  const struct frt_window *window = &layer->parameters->window;

  for (int32_t lane = 0; lane < count; lane++)
    sums[lane] = 0.0f;
  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const float *x =
            input + frt_window_input_index (window, &layer->shape, place, row, column);
        const float *w = weights + (row * window->width + column) * FRT_BLOCK_LANES;

        for (int32_t lane = 0; lane < count; lane++)
          sums[lane] += x[lane] * w[lane];
      }
}

#if FRT_HAS_AVX2_CODE
#include <immintrin.h>

/* A whole block. */
static FRT_AVX2 void
convolve_block_avx2 (const struct depthwise *layer, const struct frt_window_place *place,
                     const float *input, const float *weights, float *sums)
{
  const struct frt_window *window = &layer->parameters->window;
  __m256 first = _mm256_setzero_ps (), second = first;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const float *x =
            input + frt_window_input_index (window, &layer->shape, place, row, column);
        const float *w = weights + (row * window->width + column) * FRT_BLOCK_LANES;

        first = _mm256_add_ps (first,
                               _mm256_mul_ps (_mm256_loadu_ps (x), _mm256_loadu_ps (w)));
        second = _mm256_add_ps (
            second, _mm256_mul_ps (_mm256_loadu_ps (x + 8), _mm256_loadu_ps (w + 8)));
      }
  _mm256_storeu_ps (sums, first);
  _mm256_storeu_ps (sums + 8, second);
}
#endif

static void
convolve_block (const struct depthwise *layer, const struct frt_window_place *place,
                const float *input, const float *weights, const float *bias,
                int32_t count, float *y)
{
  float sums[FRT_BLOCK_LANES];

#if FRT_HAS_AVX2_CODE
  if (count == FRT_BLOCK_LANES && layer->runs_avx2)
    convolve_block_avx2 (layer, place, input, weights, sums);
  else
#endif
    convolve_block_plain (layer, place, input, weights, count, sums);
  for (int32_t lane = 0; lane < count; lane++)
    y[lane] = frt_limit_f32 (sums[lane] + bias[lane], layer->parameters->minimum,
                             layer->parameters->maximum);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct depthwise layer = { .parameters = parameters,
                                   .shape = frt_window_shape (image, operator_),
                                   .runs_avx2 = frt_runs_avx2 () };
  const struct frt_window_shape *shape = &layer.shape;
  const int32_t taps = parameters->window.height * parameters->window.width;
  const int32_t positions = shape->output_height * shape->output_width;
  const float *weights = frt_constant (image, parameters->weights_offset);
  const float *bias = frt_constant (image, parameters->bias_offset);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      for (int32_t position = 0; position < positions; position++)
        {
          const struct frt_window_place place = frt_window_place (
              &parameters->window, shape, position / shape->output_width,
              position % shape->output_width);

          for (int32_t first = 0; first < shape->output_depth; first += FRT_BLOCK_LANES)
            convolve_block (&layer, &place, input + first, weights + first * taps,
                            bias + first, frt_count_lanes (shape->output_depth, first),
                            y + first);
          y += shape->output_depth;
        }
      input += shape->input_height * shape->input_width * shape->input_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_window (image, operator_, &parameters->window)
      || shape.input_depth != shape.output_depth || parameters->groups != 1
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_check_blocked_f32 (
      image, operator_, parameters->weights_offset, parameters->bias_offset,
      frt_check_weight_count (&parameters->window, 1, 1), shape.output_depth, 0);
}

const struct frt_kernel frt_depthwise_conv2d_f32_blocked = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_F32_BLOCKED,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
