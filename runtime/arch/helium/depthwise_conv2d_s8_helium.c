/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_helium.c: DEPTHWISE_CONV_2D, int8, packed for Helium: equal depths, up to 32
 * taps.
 *
 * Sixteen channels side by side. Products of two taps are added in int16, which lowering has
 * proven not to overflow, then widened: even and odd channels, and of each the first and the
 * second of a pair, lie in vectors of their own. */
#include "arch/helium/helium_matrix.h"
#include "window.h"

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

/* Where each tap lies beside tap 0: cells, and bytes of the input. */
struct tap_layout
{
  int32_t rows[MOST_TAPS], columns[MOST_TAPS];
  int32_t bytes[MOST_TAPS];
};

static void
lay_out_taps (const struct depthwise *layer, struct tap_layout *layout)
{
  const struct frt_window *window = layer->window;
  const struct frt_window_shape *shape = &layer->shape;

  for (uint32_t tap = 0; tap < MOST_TAPS; tap++)
    {
      /* Those that fill up the table are read, but their weights are 0. */
      const bool is_real = tap < (uint32_t)window->height * window->width;
      const int32_t row = is_real ? (int32_t)tap / window->width : 0;
      const int32_t column = is_real ? (int32_t)tap % window->width : 0;

      layout->rows[tap] = row * window->dilation_height;
      layout->columns[tap] = column * window->dilation_width;
      layout->bytes[tap] = (layout->rows[tap] * shape->input_width + layout->columns[tap])
                           * shape->input_depth;
    }
}

/* All lie inside; FIRST is the cell of tap 0. */
static inline void
find_inner_taps (const struct depthwise *layer, const struct tap_layout *layout,
                 const int8_t *first, tap_table taps)
{
#if FRT_HAS_MVE
  for (uint32_t tap = 0; tap < layer->taps; tap += 4)
    vst1q ((int32_t *)(void *)(taps + tap),
           vaddq_n_s32 (vld1q (layout->bytes + tap), (int32_t)(intptr_t)first));
#else
  for (uint32_t tap = 0; tap < layer->taps; tap++)
    taps[tap] = first + layout->bytes[tap];
#endif
}

/* TOP and LEFT are the cell of tap 0, which may lie outside. */
static void
find_taps (const struct depthwise *layer, const struct tap_layout *layout, int32_t top,
           int32_t left, const int8_t *input, tap_table taps)
{
  const struct frt_window_shape *shape = &layer->shape;
  const int32_t first = (top * shape->input_width + left) * shape->input_depth;

#if FRT_HAS_MVE
  const uint32x4_t outside = vdupq_n_u32 ((uint32_t)layer->outside);

  for (uint32_t tap = 0; tap < layer->taps; tap += 4)
    {
      const uint32x4_t address = vreinterpretq_u32_s32 (
          vaddq_n_s32 (vld1q (layout->bytes + tap), (int32_t)(intptr_t)input + first));
      /* Negative ones are large without a sign. */
      const uint32x4_t row =
          vreinterpretq_u32_s32 (vaddq_n_s32 (vld1q (layout->rows + tap), top));
      const uint32x4_t column =
          vreinterpretq_u32_s32 (vaddq_n_s32 (vld1q (layout->columns + tap), left));
      const uint32x4_t cell =
          vpselq (outside, address, vcmpcsq_n_u32 (row, (uint32_t)shape->input_height));

      vst1q (
          (uint32_t *)(void *)(taps + tap),
          vpselq (outside, cell, vcmpcsq_n_u32 (column, (uint32_t)shape->input_width)));
    }
#else
  for (uint32_t tap = 0; tap < layer->taps; tap++)
    {
      const int32_t row = top + layout->rows[tap], column = left + layout->columns[tap];

      taps[tap] = row >= 0 && row < shape->input_height && column >= 0
                          && column < shape->input_width
                      ? input + (first + layout->bytes[tap])
                      : layer->outside;
    }
#endif
}

#if FRT_HAS_MVE
/* The sums of 16 channels from FIRST on, PAIRS of taps; only those of LANES are read. In assembly,
 * since eight vectors must do and the compiler spills: VMULLT reads the weights again, so that
 * VMULLB's result can take their place. */
#define SUM_BLOCK(load)                                                                  \
  "dls          lr, %[pairs]           \n"                                               \
  "1:                                  \n\t"                                             \
  "ldrd         r4, r5, [%[taps]], #8  \n\t"                                             \
  "add          r4, r4, %[first]       \n\t"                                             \
  "add          r5, r5, %[first]       \n\t" load (                                      \
      "q0", "r4") "vldrb.8      q2, [%[weights]], #16  \n\t"                             \
                  "vmullb.s8    q3, q0, q2             \n\t"                             \
                  "vmullt.s8    q0, q0, q2             \n\t" load (                      \
                      "q1", "r5") "vldrb.8      q2, [%[weights]]       \n\t"             \
                                  "vmullb.s8    q2, q1, q2             \n\t"             \
                                  "vadd.i16     q3, q3, q2             \n\t"             \
                                  "vldrb.8      q2, [%[weights]], #16  \n\t"             \
                                  "vmullt.s8    q2, q1, q2             \n\t"             \
                                  "vadd.i16     q0, q0, q2             \n\t"             \
                                  "vmovlb.s16   q1, q3                 \n\t"             \
                                  "vadd.i32     q4, q4, q1             \n\t"             \
                                  "vmovlt.s16   q3, q3                 \n\t"             \
                                  "vadd.i32     q5, q5, q3             \n\t"             \
                                  "vmovlb.s16   q1, q0                 \n\t"             \
                                  "vadd.i32     q6, q6, q1             \n\t"             \
                                  "vmovlt.s16   q0, q0                 \n\t"             \
                                  "vadd.i32     q7, q7, q0             \n\t"             \
                                  "le           lr, 1b                 \n\t"

#define LOAD_ALL(vector, address)  "vldrb.8 " vector ", [" address "] \n\t"
#define LOAD_SOME(vector, address) "vpst \n\t vldrbt.8 " vector ", [" address "] \n\t"

/* SUMS, requantized, into the bottom or top HALF of the lanes of q3; changes q0 to q2. */
#define REQUANTIZE_INTO(half, sums)                                                      \
  "vmov         q0, " sums "           \n\t" FRT_HELIUM_REQUANTIZE_Q0 "vqmovn" half      \
  ".s32 q3, q0           \n\t"

/* What is beyond int16 is limited anyway, and the offset is far smaller. */
#define REQUANTIZE_BLOCK                                                                 \
  "ldr          lr, [%[range]]         \n\t"                                             \
  "ldrd         r4, r5, [%[range], #4] \n\t" REQUANTIZE_INTO ("b", "q4")                 \
      REQUANTIZE_INTO (                                                                  \
          "t",                                                                           \
          "q5") "vqadd.s16    q3, q3, lr             \n\t"                               \
                "vqmovnb.s16  q4, q3                 \n\t" REQUANTIZE_INTO ("b", "q6")   \
                    REQUANTIZE_INTO ("t",                                                \
                                     "q7") "vqadd.s16    q3, q3, lr             \n\t"    \
                                           "vqmovnt.s16  q4, q3                 \n\t"    \
                                           "vdup.8       q0, r4                 \n\t"    \
                                           "vmax.s8      q4, q4, q0             \n\t"    \
                                           "vdup.8       q0, r5                 \n\t"    \
                                           "vmin.s8      q4, q4, q0             \n\t"

#define START_BLOCK                                                                      \
  "vmov.i32     q4, #0            \n\t"                                                  \
  "vmov.i32     q5, #0            \n\t"                                                  \
  "vmov.i32     q6, #0            \n\t"                                                  \
  "vmov.i32     q7, #0            \n\t"

#define OPERANDS                                                                         \
  [taps] "+r"(taps), [weights] "+r"(weights),                                            \
      [channels] "+r"(channels)                                                          \
      : [first] "r"(first), [pairs] "r"(layer->taps / 2), [y] "r"(y),                    \
        [lanes] "r"(count), [range] "r"(&layer->range)                                   \
      : "r4", "r5", "lr", "cc", "memory", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7"

/* COUNT channels from FIRST on; IS_WHOLE, a constant, if that is a whole block. */
static inline void
convolve_block (const struct depthwise *layer, const int8_t *const *taps, int32_t first,
                int32_t count, bool is_whole, int8_t *y)
{
  const int8_t *weights = layer->weights + (uint32_t)first * layer->taps;
  const struct frt_helium_channels *channels =
      layer->channels + first / FRT_HELIUM_CHANNELS;

  if (is_whole)
    __asm__ volatile(START_BLOCK SUM_BLOCK (LOAD_ALL) REQUANTIZE_BLOCK
                     "vstrb.8      q4, [%[y]] \n\t"
                     : OPERANDS);
  else
    __asm__ volatile("vctp.8 %[lanes] \n\t" START_BLOCK SUM_BLOCK (LOAD_SOME)
                         REQUANTIZE_BLOCK "vpst \n\t vstrbt.8 q4, [%[y]] \n\t"
                     : OPERANDS);
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

  (void)is_whole;
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

/* Neighbouring positions whose channels are one block: then the block is theirs. */
static int32_t
count_positions (const struct depthwise *layer)
{
  const int32_t depth = layer->shape.output_depth;

  return layer->window->stride_width == 1 && depth < BLOCK && BLOCK % depth == 0
             ? BLOCK / depth
             : 1;
}

/* All channels of one position. */
static inline void
convolve_position (const struct depthwise *layer, const int8_t *const *taps, int8_t *y)
{
  const int32_t depth = layer->shape.output_depth;
  int32_t channel = 0;

  for (; channel + BLOCK <= depth; channel += BLOCK)
    convolve_block (layer, taps, channel, BLOCK, true, y + channel);
  if (channel < depth)
    convolve_block (layer, taps, channel, depth - channel, false, y + channel);
}

/* A block of neighbouring positions; not inlined, which would cost the deeper layers registers. */
static __attribute__ ((noinline)) void
convolve_neighbours (const struct depthwise *layer, const int8_t *const *taps, int8_t *y)
{
  convolve_block (layer, taps, 0, BLOCK, true, y);
}

static int8_t *
convolve_batch (const struct depthwise *layer, const struct tap_layout *layout,
                const int8_t *input, int8_t *output)
{
  const struct frt_window *window = layer->window;
  const struct frt_window_shape *shape = &layer->shape;
  const int32_t stride = window->stride_width;
  /* Of the windows that lie wholly inside. */
  const int32_t last_top =
      shape->input_height - 1 - (window->height - 1) * window->dilation_height;
  const int32_t last_left =
      shape->input_width - 1 - (window->width - 1) * window->dilation_width;
  const int32_t at_once = count_positions (layer);
  tap_table taps;

  for (int32_t row = 0; row < shape->output_height; row++)
    {
      const int32_t top = row * window->stride_height - window->padding_top;
      int32_t left = -window->padding_left;
      int32_t first = (top * shape->input_width + left) * shape->input_depth;

      for (int32_t column = 0; column < shape->output_width;)
        {
          int32_t positions = 1;

          if (top < 0 || top > last_top || left < 0 || left > last_left)
            find_taps (layer, layout, top, left, input, taps);
          else
            {
              find_inner_taps (layer, layout, input + first, taps);
              if (left + at_once - 1 <= last_left)
                positions = at_once;
            }
          if (positions > 1)
            convolve_neighbours (layer, taps, output);
          else
            convolve_position (layer, taps, output);
          output += positions * shape->output_depth;
          left += positions * stride;
          first += positions * stride * shape->input_depth;
          column += positions;
        }
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
  struct tap_layout layout;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  lay_out_taps (&layer, &layout);
  frt_helium_fill (outside, (int8_t)parameters->input_zero_point, shape->input_depth);
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = convolve_batch (&layer, &layout, input, output);
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
  return frt_afford (image, (uint32_t)weights)
                 && has_weights_in_range (
                     frt_constant (image, parameters->weights_offset), weights)
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
