/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-helium.c: which layers of int8 get the kernels for Helium (Cortex-M55, M85).
 *
 * The input's zero point goes into the bias: taps outside the input are read as zero points, so that
 * sum w * (x - z) + b is sum w * x + (b - z * sum w) for every position, modulo 2^32. */
#include "model/lower-private.h"

/* A layer with weights: of output channel O at tap T element O * output_stride + T * tap_stride. */
typedef struct
{
  guint n_outputs, n_taps;
  gsize output_stride, tap_stride;
  const gint8 *data;
  gint32 *multipliers;
  gint8 *shifts;
} Weights;

static void
weights_clear (Weights *weights)
{
  g_free (weights->multipliers);
  g_free (weights->shifts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Weights, weights_clear)

/* FALSE if the layer has other types, or a sum would be scaled up, which these kernels do not. */
static gboolean
weights_init (Weights *weights, const FettleLayer *layer, guint n_outputs, guint n_taps)
{
  gint32 zero_point;

  if (layer->packing != FRT_PACKING_HELIUM || layer->inputs[0]->type != FETTLE_TYPE_INT8
      || layer->inputs[1]->type != FETTLE_TYPE_INT8 || layer->inputs[1]->data == NULL)
    return FALSE;
  fettle_tensor_get_scale (layer->inputs[1], NULL, &zero_point);
  *weights = (Weights){
    .n_outputs = n_outputs,
    .n_taps = n_taps,
    .output_stride = n_taps,
    .tap_stride = 1,
    .data = g_bytes_get_data (layer->inputs[1]->data, NULL),
    .multipliers = g_new (gint32, n_outputs),
    .shifts = g_new (gint8, n_outputs),
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
    if (weights->shifts[i] > 0)
      return FALSE;
  return TRUE;
}

static gint8
get_weight (const Weights *weights, guint output, guint tap)
{
  return weights->data[output * weights->output_stride + tap * weights->tap_stride];
}

static guint
count_blocks (guint n, guint block)
{
  return (n + block - 1) / block;
}

/* Where channel OUTPUT lies among the vectors of the kernels' sums. */
static guint
find_place (guint output, gboolean is_depthwise)
{
  guint lane = output % FRT_HELIUM_LANES;

  /* A widened block of sixteen lies as channels 0, 4, 8, 12; 2, 6 ...; 1, 5 ...; 3, 7 ... */
  return is_depthwise
             ? output - lane + (lane % 2 * 2 + lane % 4 / 2) * FRT_HELIUM_CHANNELS
                   + lane / 4
             : output;
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
write_channels (const FettleLayer *layer, const Weights *weights, gboolean is_depthwise)
{
  guint n = is_depthwise ? count_blocks (weights->n_outputs, FRT_HELIUM_LANES)
                               * (FRT_HELIUM_LANES / FRT_HELIUM_CHANNELS)
                         : count_blocks (weights->n_outputs, FRT_HELIUM_CHANNELS);
  g_autofree struct frt_helium_channels *channels =
      g_new0 (struct frt_helium_channels, n);
  const gint32 *bias =
      layer->inputs[2] != NULL ? g_bytes_get_data (layer->inputs[2]->data, NULL) : NULL;
  guint n_copies = is_depthwise ? count_copies (weights->n_outputs) : 1;
  gint32 zero_point;

  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  for (guint i = 0; i < weights->n_outputs * n_copies; i++)
    {
      guint output = i % weights->n_outputs;
      guint place = find_place (i, is_depthwise);
      struct frt_helium_channels *block = &channels[place / FRT_HELIUM_CHANNELS];
      guint lane = place % FRT_HELIUM_CHANNELS;
      guint32 sum = bias != NULL ? (guint32)bias[output] : 0;

      for (guint tap = 0; tap < weights->n_taps; tap++)
        sum -= (guint32)(zero_point * get_weight (weights, output, tap));
      block->bias[lane] = (gint32)sum;
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

/* [out / 16][taps][16], taps filled up to an even number. */
static guint32
write_depthwise (const FettleLayer *layer, const Weights *weights)
{
  guint n_taps = weights->n_taps + weights->n_taps % 2;
  gsize n = (gsize)count_blocks (weights->n_outputs, FRT_HELIUM_LANES) * FRT_HELIUM_LANES
            * n_taps;
  g_autofree gint8 *packed = g_new0 (gint8, n);

  for (guint i = 0; i < weights->n_outputs * count_copies (weights->n_outputs); i++)
    for (guint tap = 0; tap < weights->n_taps; tap++)
      packed[((gsize)(i / FRT_HELIUM_LANES) * n_taps + tap) * FRT_HELIUM_LANES
             + i % FRT_HELIUM_LANES] = get_weight (weights, i % weights->n_outputs, tap);
  return fettle_image_writer_add_constant (layer->writer, packed, n);
}

/* A sum of two products fits in int16. */
static gboolean
has_depthwise_range (const Weights *weights)
{
  for (guint output = 0; output < weights->n_outputs; output++)
    for (guint tap = 0; tap < weights->n_taps; tap++)
      if (get_weight (weights, output, tap) == G_MININT8)
        return FALSE;
  return TRUE;
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
  if (is_depthwise
      && (depth != n_outputs || area > FRT_HELIUM_MOST_TAPS
          || !has_depthwise_range (&weights)))
    return FALSE;
  parameters.channels_offset = write_channels (layer, &weights, is_depthwise);
  parameters.weights_offset =
      is_depthwise ? write_depthwise (layer, &weights) : write_matrix (layer, &weights);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &parameters.input_zero_point);
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  call->scratch_size =
      is_depthwise ? depth : 2 * count_blocks (n_taps, FRT_HELIUM_TAPS) * FRT_HELIUM_TAPS;
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
  struct frt_fully_connected_s8_helium_parameters parameters = { .input_depth = depth };
  g_auto (Weights) weights = { 0 };

  if (!weights_init (&weights, layer, (guint)layer->inputs[1]->shape[0], depth))
    return FALSE;
  parameters.channels_offset = write_channels (layer, &weights, FALSE);
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
