/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-helium.c: which layers of int8 get the kernels for Helium (Cortex-M55, M85).
 *
 * The input's zero point goes into the bias: taps outside the input are read as zero points, so that
 * sum w * (x - z) + b is sum w * x + (b - z * sum w) for every position, modulo 2^32. */
#include "model/lower-private.h"
#include "runtime/requantize.h"

/* Of depthwise layers of few channels. */
#define LEAST_SHARE_INSIDE 0.4
#define FEWEST_OUTPUTS     32

/* A layer with weights: of output channel O at tap T element O * output_stride + T * tap_stride. */
typedef struct
{
  guint n_outputs, n_taps;
  gsize output_stride, tap_stride;
  const gint8 *data;
  gint32 *multipliers;
  gint8 *shifts;
  gint32 *biases;        /* the input's zero point included, modulo 2^32 */
  gboolean *is_constant; /* channels whose weights make no difference */
} Weights;

static void
weights_clear (Weights *weights)
{
  g_free (weights->multipliers);
  g_free (weights->shifts);
  g_free (weights->biases);
  g_free (weights->is_constant);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Weights, weights_clear)

static gint8
get_weight (const Weights *weights, guint output, guint tap)
{
  return weights->is_constant[output]
             ? 0
             : weights->data[output * weights->output_stride + tap * weights->tap_stride];
}

static void
find_bias (Weights *weights, const FettleLayer *layer, guint output)
{
  const gint32 *bias =
      layer->inputs[2] != NULL ? g_bytes_get_data (layer->inputs[2]->data, NULL) : NULL;
  guint32 sum = bias != NULL ? (guint32)bias[output] : 0;
  gint32 zero_point;

  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  for (guint tap = 0; tap < weights->n_taps; tap++)
    sum -= (guint32)(zero_point * get_weight (weights, output, tap));
  weights->biases[output] = (gint32)sum;
}

/* Channels that are dead before their activation have extreme biases or scales, which these kernels do not
 * take; but their result is always the same. It is left as the bias of no weights, scaled by 1/4. */
static void
settle_constant (Weights *weights, guint output, gint32 zero_point)
{
  gint64 spread = 0, bias = weights->biases[output];
  gint32 lowest, highest;

  for (guint tap = 0; tap < weights->n_taps; tap++)
    spread += -G_MININT8 * ABS (get_weight (weights, output, tap));
  if (ABS (bias) + spread > G_MAXINT32 || (weights->shifts[output] > 0 && spread > 0))
    return;
  lowest = frt_multiply_by_quantized (
      (gint32)(bias - spread), weights->multipliers[output], weights->shifts[output]);
  highest = frt_multiply_by_quantized (
      (gint32)(bias + spread), weights->multipliers[output], weights->shifts[output]);
  lowest = frt_narrow_s8 (lowest, zero_point, G_MININT8, G_MAXINT8);
  highest = frt_narrow_s8 (highest, zero_point, G_MININT8, G_MAXINT8);
  if (lowest != highest)
    return;
  weights->is_constant[output] = TRUE;
  weights->biases[output] = (lowest - zero_point) * 4;
  weights->multipliers[output] = 1 << 30;
  weights->shifts[output] = -1;
}

/* FALSE if the layer has other types, or a sum is scaled by one half or more, for which these kernels
 * leave out a step. */
static gboolean
weights_init (Weights *weights, const FettleLayer *layer, guint n_outputs, guint n_taps)
{
  gint32 zero_point, output_zero_point;

  if (layer->packing != FRT_PACKING_HELIUM || layer->inputs[0]->type != FETTLE_TYPE_INT8
      || layer->inputs[1]->type != FETTLE_TYPE_INT8 || layer->inputs[1]->data == NULL)
    return FALSE;
  fettle_tensor_get_scale (layer->inputs[1], NULL, &zero_point);
  fettle_tensor_get_scale (layer->output, NULL, &output_zero_point);
  *weights = (Weights){
    .n_outputs = n_outputs,
    .n_taps = n_taps,
    .output_stride = n_taps,
    .tap_stride = 1,
    .data = g_bytes_get_data (layer->inputs[1]->data, NULL),
    .multipliers = g_new (gint32, n_outputs),
    .shifts = g_new (gint8, n_outputs),
    .biases = g_new (gint32, n_outputs),
    .is_constant = g_new0 (gboolean, n_outputs),
  };
  if (layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    {
      weights->output_stride = 1;
      weights->tap_stride = n_outputs;
    }
  else if (layer->operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED && zero_point != 0)
    return FALSE;
  if (!fettle_lower_quantize_channels (layer, n_outputs, weights->multipliers,
                                       weights->shifts, NULL))
    return FALSE;
  for (guint i = 0; i < n_outputs; i++)
    {
      find_bias (weights, layer, i);
      settle_constant (weights, i, output_zero_point);
      if (weights->shifts[i] >= 0)
        return FALSE;
    }
  return TRUE;
}

static guint
count_blocks (guint n, guint block)
{
  return (n + block - 1) / block;
}

/* How often the channels of a depthwise layer fit into a block: so many neighbouring positions are
 * computed at once. */
static guint
count_copies (guint n_outputs)
{
  return n_outputs < FRT_HELIUM_LANES && FRT_HELIUM_LANES % n_outputs == 0
             ? FRT_HELIUM_LANES / n_outputs
             : 1;
}

static guint32
write_channels (const FettleLayer *layer, const Weights *weights)
{
  guint n = count_blocks (weights->n_outputs, FRT_HELIUM_CHANNELS);
  g_autofree struct frt_helium_channels *channels =
      g_new0 (struct frt_helium_channels, n);

  for (guint output = 0; output < n * FRT_HELIUM_CHANNELS; output++)
    {
      struct frt_helium_channels *block = &channels[output / FRT_HELIUM_CHANNELS];
      guint lane = output % FRT_HELIUM_CHANNELS;

      block->shift[lane] = -1; /* of those that fill up the last block */
      if (output >= weights->n_outputs)
        continue;
      block->bias[lane] = weights->biases[output];
      block->multiplier[lane] = weights->multipliers[output];
      block->shift[lane] = weights->shifts[output];
    }
  return fettle_image_writer_add_constant (layer->writer, channels, n * sizeof *channels);
}

/* [out / 4][taps / 16][4][16]. */
static guint32
write_matrix (const FettleLayer *layer, const Weights *weights)
{
  guint n_taps = count_blocks (weights->n_taps, FRT_HELIUM_TAPS) * FRT_HELIUM_TAPS;
  gsize n = (gsize)count_blocks (weights->n_outputs, FRT_HELIUM_CHANNELS)
            * FRT_HELIUM_CHANNELS * n_taps;
  g_autofree gint8 *packed = g_new0 (gint8, n);

  for (guint output = 0; output < weights->n_outputs; output++)
    for (guint tap = 0; tap < weights->n_taps; tap++)
      {
        gsize chunk = output / FRT_HELIUM_CHANNELS * (n_taps / FRT_HELIUM_TAPS)
                      + tap / FRT_HELIUM_TAPS;

        packed[(chunk * FRT_HELIUM_CHANNELS + output % FRT_HELIUM_CHANNELS)
                   * FRT_HELIUM_TAPS
               + tap % FRT_HELIUM_TAPS] = get_weight (weights, output, tap);
      }
  return fettle_image_writer_add_constant (layer->writer, packed, n);
}

/* The channel of a depthwise layer in LANE of BLOCK: all blocks but the first end with the channels, so
 * that none need be filled up; fewer channels than lanes are repeated. */
static guint
find_channel (const Weights *weights, guint block, guint lane)
{
  guint n_blocks = count_blocks (weights->n_outputs, FRT_HELIUM_LANES);

  return block == 0 ? lane
                    : weights->n_outputs - (n_blocks - block) * FRT_HELIUM_LANES + lane;
}

static guint
count_lanes (const Weights *weights)
{
  return MIN (weights->n_outputs * count_copies (weights->n_outputs), FRT_HELIUM_LANES);
}

/* [out / 16][taps][16]. */
static guint32
write_depthwise_weights (const FettleLayer *layer, const Weights *weights)
{
  guint n_blocks = count_blocks (weights->n_outputs, FRT_HELIUM_LANES);
  gsize n = (gsize)n_blocks * FRT_HELIUM_LANES * weights->n_taps;
  g_autofree gint8 *packed = g_new0 (gint8, n);

  for (guint block = 0; block < n_blocks; block++)
    for (guint lane = 0; lane < count_lanes (weights); lane++)
      for (guint tap = 0; tap < weights->n_taps; tap++)
        packed[((gsize)block * weights->n_taps + tap) * FRT_HELIUM_LANES + lane] =
            get_weight (weights, find_channel (weights, block, lane) % weights->n_outputs,
                        tap);
  return fettle_image_writer_add_constant (layer->writer, packed, n);
}

static guint32
write_depthwise_blocks (const FettleLayer *layer, const Weights *weights)
{
  guint n_blocks = count_blocks (weights->n_outputs, FRT_HELIUM_LANES);
  g_autofree struct frt_helium_block *blocks = g_new0 (struct frt_helium_block, n_blocks);

  for (guint i = 0; i < n_blocks * FRT_HELIUM_LANES; i++)
    {
      struct frt_helium_block *block = &blocks[i / FRT_HELIUM_LANES];
      guint lane = i % FRT_HELIUM_LANES, parity = lane % 2, place = lane / 2;
      struct frt_helium_factors *factors = &block->factors[parity];
      guint channel = find_channel (weights, i / FRT_HELIUM_LANES, lane);
      gint32 bias;

      factors->shift[place % 2][place / 2] = -1;
      if (lane >= count_lanes (weights))
        continue;
      channel %= weights->n_outputs;
      bias = weights->biases[channel];
      block->low[parity][place] = (gint16)(guint16)bias;
      block->high[parity][place] = (gint16)(bias >> 8);
      factors->multiplier[place % 2][place / 2] = weights->multipliers[channel];
      factors->shift[place % 2][place / 2] = weights->shifts[channel];
    }
  return fettle_image_writer_add_constant (layer->writer, blocks,
                                           n_blocks * sizeof *blocks);
}

/* Sums in units of 256 stay within int16. */
static gboolean
has_depthwise_range (const Weights *weights)
{
  for (guint channel = 0; channel < weights->n_outputs; channel++)
    {
      gint32 high = weights->biases[channel] >> 8;

      if (high < -FRT_HELIUM_MOST_HIGH || high > FRT_HELIUM_MOST_HIGH)
        return FALSE;
    }
  return TRUE;
}

/* Otherwise the portable kernel, which leaves out taps outside, takes fewer instructions; see
 * tests/bench/shapes.py. */
static gboolean
is_worth_blocks (const FettleLayer *layer, const struct frt_window *window)
{
  const gint32 *output = layer->output->shape;

  return output[3] >= FRT_HELIUM_LANES / 2
         || (fettle_lower_share_inside (layer, window) >= LEAST_SHARE_INSIDE
             && fettle_tensor_get_size (layer->output) >= FEWEST_OUTPUTS);
}

gboolean
fettle_lower_helium_conv (const FettleLayer *layer, const struct frt_window *window,
                          guint32 groups, FettleKernelCall *call)
{
  guint depth = (guint)layer->inputs[0]->shape[3];
  guint n_outputs = (guint)layer->output->shape[3];
  guint area = (guint)window->height * window->width;
  gboolean is_depthwise =
      layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D && depth > 1;
  guint n_taps = is_depthwise ? area : area * depth;
  struct frt_conv2d_s8_helium_parameters parameters = { .window = *window };
  g_auto (Weights) weights = { 0 };

  if (groups != 1 || !fettle_lower_touches_input (layer, window)
      || !weights_init (&weights, layer, n_outputs, n_taps))
    return FALSE;
  if (is_depthwise && !is_worth_blocks (layer, window))
    return FALSE;
  if (is_depthwise
      && (depth != n_outputs || area > FRT_HELIUM_MOST_TAPS
          || !has_depthwise_range (&weights)))
    return FALSE;
  parameters.channels_offset = is_depthwise ? write_depthwise_blocks (layer, &weights)
                                            : write_channels (layer, &weights);
  parameters.weights_offset = is_depthwise ? write_depthwise_weights (layer, &weights)
                                           : write_matrix (layer, &weights);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &parameters.input_zero_point);
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  call->scratch_size =
      is_depthwise
          ? depth
          : (frt_helium_rows (n_taps) * count_blocks (n_taps, FRT_HELIUM_TAPS) + 1)
                * FRT_HELIUM_TAPS;
  fettle_lower_set_call (layer, call,
                         is_depthwise ? FRT_KERNEL_DEPTHWISE_CONV2D_S8_HELIUM
                                      : FRT_KERNEL_CONV2D_S8_HELIUM,
                         1, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_helium_fully_connected (const FettleLayer *layer, FettleKernelCall *call)
{
  guint depth = (guint)layer->inputs[1]->shape[1];
  guint n_outputs = (guint)layer->inputs[1]->shape[0];
  struct frt_fully_connected_s8_helium_parameters parameters = { .input_depth = depth };
  g_auto (Weights) weights = { 0 };

  if (n_outputs < 2 || !weights_init (&weights, layer, n_outputs, depth))
    return FALSE;
  parameters.channels_offset = write_channels (layer, &weights);
  parameters.weights_offset = write_matrix (layer, &weights);
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  if (depth % FRT_HELIUM_TAPS != 0)
    call->scratch_size = count_blocks (depth, FRT_HELIUM_TAPS) * FRT_HELIUM_TAPS;
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_S8_HELIUM, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_helium_add (const FettleLayer *layer,
                         const struct frt_binary_s8_parameters *parameters,
                         FettleKernelCall *call)
{
  gsize size = fettle_tensor_get_size (layer->output);

  if (layer->packing != FRT_PACKING_HELIUM || layer->output->type != FETTLE_TYPE_INT8
      || fettle_tensor_get_size (layer->inputs[0]) != size
      || fettle_tensor_get_size (layer->inputs[1]) != size || parameters->input1_shift > 0
      || parameters->input2_shift > 0 || parameters->output_shift > 0)
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_ADD_S8_HELIUM, 2, parameters,
                         sizeof *parameters);
  return TRUE;
}
