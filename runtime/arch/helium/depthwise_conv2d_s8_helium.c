/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_helium.c: DEPTHWISE_CONV_2D, int8, packed for Helium: equal depths, up to 64
 * taps.
 *
 * Sixteen channels side by side. Products of two taps are added in int16, which lowering has
 * proven not to overflow, then widened: even and odd channels, and of each the first and the
 * second of a pair, lie in vectors of their own. */
#include "arch/helium/helium_matrix.h"
#include "arch/packed_place.h"

#define BLOCK     FRT_HELIUM_LANES
#define MOST_TAPS FRT_HELIUM_MOST_TAPS

struct depthwise
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  const int8_t *weights; /* [block][taps, even][lane] */
  const struct frt_helium_channels *channels;
  uint32_t taps;         /* even */
  const int8_t *outside; /* DEPTH times the input's zero point */
  struct frt_helium_range range;
};

/* The input cell under each tap of one position. */
typedef const int8_t *tap_table[MOST_TAPS];

static void
find_taps (const struct depthwise *layer, int32_t row, int32_t column,
           const int8_t *input, tap_table taps)
{
  const struct frt_window *window = layer->window;
  const struct frt_window_shape *shape = &layer->shape;
  const struct frt_window_place place = frt_packed_place (window, shape, row, column);
  const int8_t **tap = taps;

  for (int32_t y = 0; y < window->height; y++)
    {
      const bool is_inside = y >= place.rows.first && y < place.rows.end;
      int32_t cell = frt_window_input_index (window, shape, &place, y, 0);

      for (int32_t x = 0; x < window->width; x++)
        {
          *tap++ = is_inside && x >= place.columns.first && x < place.columns.end
                       ? input + cell
                       : layer->outside;
          cell += window->dilation_width * shape->input_depth;
        }
    }
  if ((window->height * window->width) % 2 != 0)
    *tap = layer->outside;
}

#if FRT_HAS_MVE
static inline int8x16_t
load (const int8_t *x, mve_pred16_t lanes, bool is_whole)
{
  return is_whole ? vld1q (x) : vld1q_z (x, lanes);
}

/* COUNT channels from FIRST on; IS_WHOLE, a constant, if that is a whole block. */
static inline void
convolve_block (const struct depthwise *layer, const int8_t *const *taps, int32_t first,
                int32_t count, bool is_whole, int8_t *y)
{
  const mve_pred16_t lanes = vctp8q ((uint32_t)count);
  const int8_t *weights = layer->weights + (uint32_t)first * layer->taps;
  const struct frt_helium_channels *channels =
      layer->channels + first / FRT_HELIUM_CHANNELS;
  const int32_t offset = layer->range.offset;
  int32x4_t sums[4];
  int16x8_t even, odd;
  int8x16_t value;

  sums[0] = sums[1] = sums[2] = sums[3] = vdupq_n_s32 (0);
  for (uint32_t tap = 0; tap < layer->taps; tap += 2)
    {
      const int8x16_t x0 = load (taps[tap] + first, lanes, is_whole);
      const int8x16_t x1 = load (taps[tap + 1] + first, lanes, is_whole);
      const int8x16_t w0 = vld1q (weights), w1 = vld1q (weights + BLOCK);

      even = vaddq_s16 (vmullbq_int_s8 (x0, w0), vmullbq_int_s8 (x1, w1));
      odd = vaddq_s16 (vmulltq_int_s8 (x0, w0), vmulltq_int_s8 (x1, w1));
      sums[0] = vaddq_s32 (sums[0], vmovlbq_s16 (even));
      sums[1] = vaddq_s32 (sums[1], vmovltq_s16 (even));
      sums[2] = vaddq_s32 (sums[2], vmovlbq_s16 (odd));
      sums[3] = vaddq_s32 (sums[3], vmovltq_s16 (odd));
      weights += 2 * BLOCK;
    }
  /* Beyond int16 every value is limited anyway; the offset is far smaller. */
  even = vqmovnbq_s32 (vdupq_n_s16 (0), frt_helium_requantize (channels, sums[0]));
  even = vqmovntq_s32 (even, frt_helium_requantize (channels + 1, sums[1]));
  odd = vqmovnbq_s32 (vdupq_n_s16 (0), frt_helium_requantize (channels + 2, sums[2]));
  odd = vqmovntq_s32 (odd, frt_helium_requantize (channels + 3, sums[3]));
  even = vqaddq_n_s16 (even, (int16_t)offset);
  odd = vqaddq_n_s16 (odd, (int16_t)offset);
  value = vqmovntq_s16 (vqmovnbq_s16 (vdupq_n_s8 (0), even), odd);
  value = vminq_s8 (vmaxq_s8 (value, vdupq_n_s8 ((int8_t)layer->range.minimum)),
                    vdupq_n_s8 ((int8_t)layer->range.maximum));
  if (is_whole)
    vst1q (y, value);
  else
    vst1q_p (y, value, lanes);
}
#else
/* Of the four vectors of a block, the one that holds its channel LANE. */
static int32_t
find_vector (int32_t lane)
{
  return lane % 2 * 2 + lane % 4 / 2;
}

static inline void
convolve_block (const struct depthwise *layer, const int8_t *const *taps, int32_t first,
                int32_t count, bool is_whole, int8_t *y)
{
  const int8_t *weights = layer->weights + (uint32_t)first * layer->taps;
  const struct frt_helium_channels *channels =
      layer->channels + first / FRT_HELIUM_CHANNELS;

  for (int32_t lane = 0; lane < count; lane++)
    {
      uint32_t sum = 0;

      for (uint32_t tap = 0; tap < layer->taps; tap++)
        sum +=
            (uint32_t)(weights[tap * BLOCK + (uint32_t)lane] * taps[tap][first + lane]);
      y[lane] = frt_helium_requantize_one (&channels[find_vector (lane)], lane / 4, sum,
                                           &layer->range);
    }
}
#endif

static int8_t *
convolve_batch (const struct depthwise *layer, const int8_t *input, int8_t *output)
{
  const struct frt_window_shape *shape = &layer->shape;
  tap_table taps;

  for (int32_t row = 0; row < shape->output_height; row++)
    for (int32_t column = 0; column < shape->output_width; column++)
      {
        int32_t channel = 0;

        find_taps (layer, row, column, input, taps);
        for (; channel + BLOCK <= shape->output_depth; channel += BLOCK)
          convolve_block (layer, taps, channel, BLOCK, true, output + channel);
        if (channel < shape->output_depth)
          convolve_block (layer, taps, channel, shape->output_depth - channel, false,
                          output + channel);
        output += shape->output_depth;
      }
  return output;
}

static uint32_t
even_taps (const struct frt_window *window)
{
  const uint32_t taps = (uint32_t)window->height * window->width;

  return taps + taps % 2;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  int8_t *outside = (int8_t *)arena + operator_->scratch_offset;
  const struct depthwise layer = {
    .window = &parameters->window,
    .shape = frt_window_shape (image, operator_),
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .taps = even_taps (&parameters->window),
    .outside = outside,
    .range = { parameters->output_offset, parameters->minimum, parameters->maximum },
  };
  const struct frt_window_shape *shape = &layer.shape;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  frt_helium_fill (outside, (int8_t)parameters->input_zero_point, shape->input_depth);
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = convolve_batch (&layer, input, output);
      input += shape->input_height * shape->input_width * shape->input_depth;
    }
}

/* Sums of two products fit in int16 if no weight is -128. */
static bool
has_weights_in_range (const int8_t *weights, uint64_t count)
{
  for (uint64_t i = 0; i < count; i++)
    if (weights[i] == INT8_MIN)
      return false;
  return true;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  uint64_t weights;
  int status;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, window)
      || (uint32_t)window->height * window->width > MOST_TAPS
      || shape.input_depth != shape.output_depth
      || !frt_check_output_offset_s8 (parameters->input_zero_point)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (operator_->scratch_size < (uint32_t)shape.input_depth)
    return FRT_E_LAYOUT;
  weights =
      frt_check_product (even_taps (window),
                         (uint64_t)frt_helium_blocks (shape.output_depth, BLOCK) * BLOCK);
  status = frt_check_helium (image, parameters->weights_offset, weights,
                             parameters->channels_offset, shape.output_depth, BLOCK);
  if (status != FRT_OK)
    return status;
  return has_weights_in_range (frt_constant (image, parameters->weights_offset), weights)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_depthwise_conv2d_s8_helium = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S8_HELIUM,
  .parameters_size = sizeof (struct frt_conv2d_s8_helium_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
