/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_helium.c: DEPTHWISE_CONV2D, int8, packed for Helium: equal depths, up to 32
 * taps.
 *
 * Where the window lies inside the input, positions follow each other in helium_depthwise.c; at the
 * border a table holds the cell under each tap, or zero points. */
#include "arch/helium/helium_depthwise.h"
#include "check.h"
#include "window.h"

#define BLOCK     FRT_HELIUM_LANES
#define MOST_TAPS FRT_HELIUM_MOST_TAPS
#define MOST_HIGH FRT_HELIUM_MOST_HIGH

struct depthwise
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  struct frt_helium_depthwise layer;
  const int8_t *outside; /* DEPTH times the input's zero point */
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
lay_out_taps (const struct depthwise *depthwise, struct tap_layout *layout)
{
  const struct frt_window *window = depthwise->window;
  const struct frt_window_shape *shape = &depthwise->shape;

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
find_inner_taps (const struct depthwise *depthwise, const struct tap_layout *layout,
                 const int8_t *first, tap_table taps)
{
#if FRT_HAS_MVE
  for (uint32_t tap = 0; tap < depthwise->layer.taps; tap += 4)
    vst1q ((int32_t *)(void *)(taps + tap),
           vaddq_n_s32 (vld1q (layout->bytes + tap), (int32_t)(intptr_t)first));
#else
  for (uint32_t tap = 0; tap < depthwise->layer.taps; tap++)
    taps[tap] = first + layout->bytes[tap];
#endif
}

/* TOP and LEFT are the cell of tap 0, which may lie outside. */
static void
find_taps (const struct depthwise *depthwise, const struct tap_layout *layout,
           int32_t top, int32_t left, const int8_t *input, tap_table taps)
{
  const struct frt_window_shape *shape = &depthwise->shape;
  const int32_t first = (top * shape->input_width + left) * shape->input_depth;

#if FRT_HAS_MVE
  const uint32x4_t outside = vdupq_n_u32 ((uint32_t)depthwise->outside);

  for (uint32_t tap = 0; tap < depthwise->layer.taps; tap += 4)
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
  for (uint32_t tap = 0; tap < depthwise->layer.taps; tap++)
    {
      const int32_t row = top + layout->rows[tap], column = left + layout->columns[tap];

      taps[tap] = row >= 0 && row < shape->input_height && column >= 0
                          && column < shape->input_width
                      ? input + (first + layout->bytes[tap])
                      : depthwise->outside;
    }
#endif
}

/* Neighbouring positions whose channels are one block: then the block is theirs. */
static int32_t
count_positions (const struct depthwise *depthwise)
{
  const int32_t depth = depthwise->shape.output_depth;

  return depthwise->window->stride_width == 1 && depth < BLOCK && BLOCK % depth == 0
             ? BLOCK / depth
             : 1;
}

/* Positions of one row of the output, from COLUMN on; LEFT is the input's column under tap 0. */
struct row
{
  const struct depthwise *depthwise;
  const struct tap_layout *layout;
  const int8_t *input;
  int32_t top, left, column;
  int8_t *output;
};

static inline void
move_on (struct row *row, int32_t positions)
{
  row->output += positions * row->depthwise->shape.output_depth;
  row->left += positions * row->depthwise->window->stride_width;
  row->column += positions;
}

static inline const int8_t *
first_cell (const struct row *row)
{
  const struct frt_window_shape *shape = &row->depthwise->shape;

  return row->input + (row->top * shape->input_width + row->left) * shape->input_depth;
}

/* Up to column END, where taps may lie outside. */
static void
convolve_border (struct row *row, int32_t end)
{
  const struct depthwise *depthwise = row->depthwise;
  const int32_t depth = depthwise->shape.output_depth;
  const uint32_t lanes = depth < BLOCK ? (uint32_t)depth : BLOCK;
  tap_table taps;

  while (row->column < end)
    {
      find_taps (depthwise, row->layout, row->top, row->left, row->input, taps);
      frt_helium_convolve_taps (&depthwise->layer, taps, lanes, row->output);
      move_on (row, 1);
    }
}

/* COUNT times AT_ONCE positions that lie wholly inside and fill whole blocks. Not inlined: its table would be on
 * the stack below that of the border. */
static __attribute__ ((noinline)) void
convolve_blocks (struct row *row, int32_t count, int32_t at_once)
{
  const struct depthwise *depthwise = row->depthwise;
  tap_table taps;

  if (count > 0 && depthwise->window->height == 3 && depthwise->window->width == 3)
    {
      frt_helium_convolve_inner (&depthwise->layer, first_cell (row), (uint32_t)count,
                                 row->output);
      move_on (row, count * at_once);
      return;
    }
  for (; count > 0; count--)
    {
      find_inner_taps (depthwise, row->layout, first_cell (row), taps);
      frt_helium_convolve_taps (&depthwise->layer, taps, BLOCK, row->output);
      move_on (row, at_once);
    }
}

/* Columns of the output whose windows lie inside, if their row does. */
static struct frt_taps
find_inner_columns (const struct depthwise *depthwise)
{
  const struct frt_window *window = depthwise->window;
  const struct frt_window_shape *shape = &depthwise->shape;
  const int32_t stride = window->stride_width;
  const int32_t last_left =
      shape->input_width - 1 - (window->width - 1) * window->dilation_width;
  const int32_t first = (window->padding_left + stride - 1) / stride;
  int32_t end = last_left + window->padding_left;

  end = end < 0 ? 0 : end / stride + 1;
  end = end < shape->output_width ? end : shape->output_width;
  return (struct frt_taps){ first < end ? first : end, end };
}

static int8_t *
convolve_batch (const struct depthwise *depthwise, const struct tap_layout *layout,
                const int8_t *input, int8_t *output)
{
  const struct frt_window *window = depthwise->window;
  const struct frt_window_shape *shape = &depthwise->shape;
  const int32_t last_top =
      shape->input_height - 1 - (window->height - 1) * window->dilation_height;
  const int32_t at_once = count_positions (depthwise);
  const bool has_whole_blocks = shape->output_depth >= BLOCK || at_once > 1;
  const struct frt_taps inner = find_inner_columns (depthwise);
  struct row row = {
    .depthwise = depthwise, .layout = layout, .input = input, .output = output
  };

  for (int32_t i = 0; i < shape->output_height; i++)
    {
      row.top = i * window->stride_height - window->padding_top;
      row.left = -window->padding_left;
      row.column = 0;
      if (has_whole_blocks && row.top >= 0 && row.top <= last_top)
        {
          convolve_border (&row, inner.first);
          convolve_blocks (&row, (inner.end - inner.first) / at_once, at_once);
        }
      convolve_border (&row, shape->output_width);
    }
  return row.output;
}

/* Whether frt_helium_convolve_inner can have work; then its steps are not larger than the input. */
static bool
has_inner (const struct frt_window *window, const struct frt_window_shape *shape)
{
  return window->height == 3 && window->width == 3
         && 2 * window->dilation_height < shape->input_height
         && 2 * window->dilation_width < shape->input_width;
}

static void
describe (const frt_image *image,
          const struct frt_conv2d_s8_helium_parameters *parameters,
          struct depthwise *depthwise)
{
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape *shape = &depthwise->shape;
  const int32_t depth = shape->output_depth;
  const uint32_t blocks = frt_helium_blocks (depth, BLOCK);
  struct frt_helium_depthwise *layer = &depthwise->layer;

  layer->weights = frt_constant (image, parameters->weights_offset);
  layer->blocks = frt_constant (image, parameters->channels_offset);
  layer->taps = (uint32_t)window->height * window->width;
  layer->block_count = blocks;
  layer->first_step = depth < BLOCK ? BLOCK : depth - ((int32_t)blocks - 1) * BLOCK;
  layer->offset = parameters->output_offset;
  layer->skip = depth < BLOCK ? 0 : (window->stride_width - 1) * depth;
  if (has_inner (window, shape))
    {
      layer->column_step = window->dilation_width * depth;
      layer->row_step = window->dilation_height * shape->input_width * depth
                        - (window->width - 1) * layer->column_step;
    }
  frt_helium_fill (layer->minimum, (int8_t)parameters->minimum, BLOCK);
  frt_helium_fill (layer->maximum, (int8_t)parameters->maximum, BLOCK);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  int8_t *outside = (int8_t *)arena + operator_->scratch_offset;
  struct depthwise depthwise;
  const struct frt_window_shape *shape = &depthwise.shape;
  struct tap_layout layout;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  depthwise.window = &parameters->window;
  depthwise.shape = frt_window_shape (image, operator_);
  depthwise.outside = outside;
  describe (image, parameters, &depthwise);
  lay_out_taps (&depthwise, &layout);
  frt_helium_fill (outside, (int8_t)parameters->input_zero_point, shape->input_depth);
  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      output = convolve_batch (&depthwise, &layout, input, output);
      input += shape->input_height * shape->input_width * shape->input_depth;
    }
}

/* Both kinds of sums say the same, and the second cannot overflow. */
static bool
has_bias_in_range (const struct frt_helium_block *block)
{
  for (int parity = 0; parity < 2; parity++)
    for (int i = 0; i < BLOCK / 2; i++)
      if ((uint16_t)block->low[parity][i] >> 8 != (uint8_t)block->high[parity][i]
          || block->high[parity][i] < -MOST_HIGH || block->high[parity][i] > MOST_HIGH)
        return false;
  return true;
}

static bool
has_factors_in_range (const struct frt_helium_factors *factors)
{
  for (int i = 0; i < 2; i++)
    for (int lane = 0; lane < BLOCK / 4; lane++)
      if (factors->multiplier[i][lane] < 0 || factors->shift[i][lane] > -1
          || factors->shift[i][lane] < -FRT_MAX_SHIFT)
        return false;
  return true;
}

static int
check_blocks (const frt_image *image,
              const struct frt_conv2d_s8_helium_parameters *parameters, int32_t depth)
{
  const uint32_t taps = (uint32_t)parameters->window.height * parameters->window.width;
  const uint32_t count = frt_helium_blocks (depth, BLOCK);
  const uint32_t words = sizeof (struct frt_helium_block) / sizeof (int32_t);
  const struct frt_helium_block *blocks;

  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_product (taps, (uint64_t)count * BLOCK), 1)
      || !frt_check_block (image, parameters->channels_offset, (uint64_t)count * words,
                           4))
    return FRT_E_LAYOUT;
  if (!frt_afford (image, count * BLOCK))
    return FRT_E_OPERATOR;
  blocks = frt_constant (image, parameters->channels_offset);
  for (uint32_t i = 0; i < count; i++)
    if (!has_bias_in_range (&blocks[i]) || !has_factors_in_range (&blocks[i].factors[0])
        || !has_factors_in_range (&blocks[i].factors[1]))
      return FRT_E_OPERATOR;
  return FRT_OK;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  if (image->header->packing != FRT_PACKING_HELIUM
      || !frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_touching_window (image, operator_, window)
      || (uint32_t)window->height * window->width > MOST_TAPS
      || shape.input_depth != shape.output_depth
      || !frt_check_output_offset_s8 (parameters->input_zero_point)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (operator_->scratch_size < (uint32_t)shape.input_depth)
    return FRT_E_LAYOUT;
  return check_blocks (image, parameters, shape.output_depth);
}

const struct frt_kernel frt_depthwise_conv2d_s8_helium = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S8_HELIUM,
  .parameters_size = sizeof (struct frt_conv2d_s8_helium_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
