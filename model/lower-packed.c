/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-packed.c: which layers of int8 get the packed kernels, for cores with ARMv7E-M. */
#include "model/lower-private.h"
#include "model/pack-armv7e-m.h"

#include <string.h>

#define MOST_POOLED 255 /* cells, whose sums must fit in int16 */

/* Few groups are worth their weight in zeros: one matrix is faster, but as many times larger. */
#define MOST_GROUPS_FILLED 4

/* Where packing begins to take fewer instructions than the portable kernel, see tests/bench/shapes.py. */
#define LEAST_SHARE_INSIDE 0.3
#define LEAST_SHARE_FILLED 0.4 /* with zeros between groups */
#define FEWEST_OUTPUTS     3   /* of a fully connected layer, which is filled up to 4 */

/* The constants of one layer, and where they are in the image. */
typedef struct
{
  FettlePackSource source;
  gint32 *multipliers;
  gint8 *shifts;
  guint32 weights_offset;
  guint32 channels_offset;
  gint32 minimum, maximum;
  gint8 *filled; /* weights of all groups, if there are several */
} Packing;

static void
packing_clear (Packing *packing)
{
  g_free (packing->filled);
  g_free (packing->multipliers);
  g_free (packing->shifts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packing, packing_clear)

static gboolean
packing_init (Packing *packing, const FettleLayer *layer, guint n_outputs, guint n_taps)
{
  FettlePackSource *source = &packing->source;

  if (layer->packing != FRT_PACKING_ARMV7E_M || layer->inputs[0]->type != FETTLE_TYPE_INT8
      || layer->inputs[1]->type != FETTLE_TYPE_INT8
      || layer->output->type != FETTLE_TYPE_INT8)
    return FALSE;
  packing->multipliers = g_new (gint32, n_outputs);
  packing->shifts = g_new (gint8, n_outputs);
  if (!fettle_lower_quantize_channels (layer, n_outputs, packing->multipliers,
                                       packing->shifts, NULL))
    return FALSE;
  *source = (FettlePackSource){
    .n_outputs = n_outputs,
    .n_taps = n_taps,
    .weights = g_bytes_get_data (layer->inputs[1]->data, NULL),
    .output_stride = n_taps,
    .tap_stride = 1,
    .bias =
        layer->inputs[2] != NULL ? g_bytes_get_data (layer->inputs[2]->data, NULL) : NULL,
    .multipliers = packing->multipliers,
    .shifts = packing->shifts,
  };
  fettle_tensor_get_scale (layer->inputs[0], NULL, &source->input_zero_point);
  fettle_lower_output_range_s8 (layer, &source->output_zero_point, &packing->minimum,
                                &packing->maximum);
  return TRUE;
}

/* Nothing is written unless all of it can be. */
static gboolean
write_constants (Packing *packing, const FettleLayer *layer, gboolean is_depthwise)
{
  g_autoptr (GArray) weights = NULL;
  g_autoptr (GArray) channels = NULL;

  channels = is_depthwise ? fettle_pack_depthwise_channels (&packing->source)
                          : fettle_pack_matrix_channels (&packing->source);
  if (channels == NULL)
    return FALSE;
  weights = is_depthwise ? fettle_pack_depthwise (&packing->source)
                         : fettle_pack_matrix (&packing->source);
  if (weights == NULL)
    return FALSE;
  packing->weights_offset = fettle_image_writer_add_constant (
      layer->writer, weights->data, weights->len * g_array_get_element_size (weights));
  packing->channels_offset = fettle_image_writer_add_constant (
      layer->writer, channels->data, channels->len * g_array_get_element_size (channels));
  return TRUE;
}

static guint
count_packed_taps (guint n_taps)
{
  return (n_taps + FRT_PACKED_TAPS - 1) / FRT_PACKED_TAPS * FRT_PACKED_TAPS;
}

/* Packed kernels compute four outputs where fewer are wanted, and widen the activations first: small layers are
 * faster without. From counts of tests/bench/shapes.py. */
static gboolean
is_worth_packing (guint n_outputs, guint n_taps)
{
  return n_outputs > 1 && (guint64)n_outputs * (n_taps + 5) >= 35;
}

/* GROUPS groups as one: zeros between an output and the inputs of other groups. AREA is taps of one depth.
 * The weights of a depthwise convolution lie the other way round. */
static void
fill_groups (Packing *packing, const FettleLayer *layer, guint groups, guint area)
{
  FettlePackSource *source = &packing->source;
  gboolean is_depthwise = layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  guint depth = source->n_taps / area, group_depth = depth / groups;
  guint group_outputs = source->n_outputs / groups;
  gsize output_stride = is_depthwise ? 1 : area * group_depth;
  gsize tap_stride = is_depthwise ? source->n_outputs : group_depth;

  packing->filled = g_new0 (gint8, (gsize)source->n_outputs * source->n_taps);
  for (guint output = 0; output < source->n_outputs; output++)
    for (guint tap = 0; tap < area; tap++)
      memcpy (packing->filled + (gsize)output * source->n_taps + tap * depth
                  + output / group_outputs * group_depth,
              source->weights + output * output_stride + tap * tap_stride, group_depth);
  source->weights = packing->filled;
}

/* A depthwise convolution has as many groups as channels. */
static gboolean
lower_matrix (const FettleLayer *layer, const struct frt_window *window, guint groups,
              FettleKernelCall *call)
{
  guint depth = (guint)layer->inputs[0]->shape[3];
  guint n_outputs = (guint)layer->output->shape[3];
  guint area = (guint)window->height * window->width;
  guint n_packed_taps = count_packed_taps (area * depth);
  struct frt_conv2d_s8_packed_parameters parameters = { .window = *window };
  g_auto (Packing) packing = { 0 };

  /* A matrix has all taps, the portable kernel leaves out those that lie outside. */
  if (groups > MOST_GROUPS_FILLED || !is_worth_packing (n_outputs, area * depth)
      || fettle_lower_share_inside (layer, window)
             < (groups > 1 ? LEAST_SHARE_FILLED : LEAST_SHARE_INSIDE)
      || !packing_init (&packing, layer, n_outputs, area * depth))
    return FALSE;
  if (groups > 1 || layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    fill_groups (&packing, layer, groups, area);
  if (!write_constants (&packing, layer, FALSE))
    return FALSE;
  parameters.weights_offset = packing.weights_offset;
  parameters.channels_offset = packing.channels_offset;
  parameters.input_zero_point = packing.source.input_zero_point;
  parameters.minimum = packing.minimum;
  parameters.maximum = packing.maximum;
  call->scratch_size =
      4 * n_packed_taps + (depth % 4 != 0 && area > 1 ? n_packed_taps : 0);
  fettle_lower_set_call (layer, call, FRT_KERNEL_CONV2D_S8_PACKED, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
lower_depthwise (const FettleLayer *layer, const struct frt_window *window,
                 FettleKernelCall *call)
{
  guint n_outputs = (guint)layer->output->shape[3];
  struct frt_depthwise_conv2d_s8_packed_parameters parameters = { .window = *window };
  g_auto (Packing) packing = { 0 };

  if ((guint)layer->inputs[0]->shape[3] != n_outputs || n_outputs < FRT_PACKED_CHANNELS
      || !packing_init (&packing, layer, n_outputs,
                        (guint)window->height * window->width))
    return FALSE;
  packing.source.output_stride = 1;
  packing.source.tap_stride = n_outputs;
  if (!write_constants (&packing, layer, TRUE))
    return FALSE;
  parameters.weights_offset = packing.weights_offset;
  parameters.channels_offset = packing.channels_offset;
  parameters.input_offset = -packing.source.input_zero_point;
  parameters.minimum = packing.minimum;
  parameters.maximum = packing.maximum;
  fettle_lower_set_call (layer, call, FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

/* The same along one axis. */
static double
share_along (gint32 cells, gint32 positions, gint64 taps, gint64 stride, gint64 dilation,
             gint64 padding)
{
  gint64 inside = 0;

  for (gint64 i = 0; i < positions; i++)
    {
      gint64 start = i * stride - padding;
      gint64 first = start < 0 ? (-start + dilation - 1) / dilation : 0;
      gint64 end = start < cells ? (cells - 1 - start) / dilation + 1 : 0;

      inside += MAX (MIN (end, taps) - first, 0);
    }
  return (double)inside / (double)(positions * taps);
}

double
fettle_lower_share_inside (const FettleLayer *layer, const struct frt_window *window)
{
  const gint32 *in = layer->inputs[0]->shape, *out = layer->output->shape;

  return share_along (in[1], out[1], window->height, window->stride_height,
                      window->dilation_height, window->padding_top)
         * share_along (in[2], out[2], window->width, window->stride_width,
                        window->dilation_width, window->padding_left);
}

/* No position of the window lies wholly before or behind the input. */
gboolean
fettle_lower_touches_input (const FettleLayer *layer, const struct frt_window *window)
{
  const gint32 *in = layer->inputs[0]->shape, *out = layer->output->shape;

  return (window->height - 1) * (gint64)window->dilation_height >= window->padding_top
         && (window->width - 1) * (gint64)window->dilation_width >= window->padding_left
         && (out[1] - 1) * (gint64)window->stride_height - window->padding_top < in[1]
         && (out[2] - 1) * (gint64)window->stride_width - window->padding_left < in[2];
}

gboolean
fettle_lower_packed_conv (const FettleLayer *layer, const struct frt_window *window,
                          guint32 groups, FettleKernelCall *call)
{
  if (!fettle_lower_touches_input (layer, window))
    return FALSE;
  if (layer->operator_->opcode != FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    return lower_matrix (layer, window, groups, call);
  return lower_depthwise (layer, window, call)
         || lower_matrix (layer, window, (guint)layer->inputs[0]->shape[3], call);
}

gboolean
fettle_lower_can_pack_pool (const FettleLayer *layer, const struct frt_window *window)
{
  return layer->packing == FRT_PACKING_ARMV7E_M
         && layer->output->shape[3] >= FRT_PACKED_CHANNELS
         && window->height * window->width <= MOST_POOLED;
}

gboolean
fettle_lower_packed_fully_connected (const FettleLayer *layer, FettleKernelCall *call)
{
  const FettleTensor *weights = layer->inputs[1];
  guint depth = (guint)weights->shape[1];
  gboolean has_rows = fettle_tensor_get_size (layer->inputs[0]) > depth;
  struct frt_fully_connected_s8_packed_parameters parameters = { .input_depth = depth };
  gint32 weights_zero_point;
  g_auto (Packing) packing = { 0 };

  fettle_tensor_get_scale (weights, NULL, &weights_zero_point);
  if (weights_zero_point != 0 || weights->shape[0] < FEWEST_OUTPUTS
      || !is_worth_packing ((guint)weights->shape[0], depth)
      || !packing_init (&packing, layer, (guint)weights->shape[0], depth)
      || !write_constants (&packing, layer, FALSE))
    return FALSE;
  parameters.weights_offset = packing.weights_offset;
  parameters.channels_offset = packing.channels_offset;
  parameters.minimum = packing.minimum;
  parameters.maximum = packing.maximum;
  call->scratch_size = (has_rows ? 4 : 2) * count_packed_taps (depth);
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_S8_PACKED, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_packed_add (const FettleLayer *layer,
                         const struct frt_binary_s8_parameters *parameters,
                         FettleKernelCall *call)
{
  gsize size = fettle_tensor_get_size (layer->output);
  struct frt_add_s8_packed_parameters packed;

  if (layer->packing != FRT_PACKING_ARMV7E_M || layer->output->type != FETTLE_TYPE_INT8
      || fettle_tensor_get_size (layer->inputs[0]) != size
      || fettle_tensor_get_size (layer->inputs[1]) != size
      || !fettle_pack_add (parameters, &packed))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_ADD_S8_PACKED, 2, &packed,
                         sizeof packed);
  return TRUE;
}
