/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-movement.c: operators that move elements: joining, splitting, slicing, padding, gathering. */
#include "model/movement.h"
#include "model/rearrangement.h"

#include <string.h>

/* Element counts of SHAPE before AXIS. */
static guint32
count_before (const FettleTensor *tensor, guint axis)
{
  guint32 n = 1;

  for (guint i = 0; i < axis; i++)
    n *= (guint32)tensor->shape[i];
  return n;
}

static gboolean
check_scales (const FettleLayer *layer, GError **error)
{
  float expected, scale;
  gint32 expected_zero, zero;

  fettle_tensor_get_scale (layer->output, &expected, &expected_zero);
  for (guint k = 0; k < layer->operator_->inputs->len; k++)
    {
      const FettleTensor *input =
          fettle_graph_get_operator_input (layer->graph, layer->operator_, k);

      fettle_tensor_get_scale (input, &scale, &zero);
      if (scale == expected && zero == expected_zero)
        continue;
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its input “%s” has another scale or zero point than its output.",
                   input->name);
      return FALSE;
    }
  return TRUE;
}

/* CONCATENATION, PACK */
gboolean
fettle_lower_concatenate (const FettleLayer *layer, FettleKernelCall *call,
                          GError **error)
{
  struct frt_rows_parameters parameters;
  guint axis;

  if (!fettle_movement_axis (layer->operator_->options.axis, layer->output->rank, &axis,
                             error)
      || !check_scales (layer, error))
    return FALSE;
  parameters.rows = count_before (layer->output, axis);
  fettle_lower_set_call (layer, call, FRT_KERNEL_CONCATENATE,
                         (guint8)layer->operator_->inputs->len, &parameters,
                         sizeof parameters);
  return TRUE;
}

/* SPLIT, SPLIT_V, UNPACK */
gboolean
fettle_lower_split (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleTensor *constant =
      layer->inputs[layer->operator_->opcode == FETTLE_OPCODE_SPLIT_V ? 2 : 0];
  g_autofree gint64 *values = NULL;
  struct frt_rows_parameters parameters;
  gint64 value = layer->operator_->options.axis;
  gsize n;
  guint axis;

  if (layer->operator_->opcode != FETTLE_OPCODE_UNPACK)
    {
      values = fettle_tensor_read_integers (constant, &n);
      value = values[0];
    }
  if (!fettle_movement_axis (value, layer->input->rank, &axis, error))
    return FALSE;
  parameters.rows = count_before (layer->input, axis);
  fettle_lower_set_call (layer, call, FRT_KERNEL_SPLIT, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

/* SLICE, STRIDED_SLICE */
gboolean
fettle_lower_slice (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  FettleSlice slice;

  if (!fettle_slice_read (layer->graph, layer->operator_, &slice, error))
    return FALSE;
  for (guint i = 0; i < layer->input->rank; i++)
    {
      gint64 stride = fettle_rearrangement_stride (layer->input, i);

      rearrangement.start += slice.axes[i].start * stride;
      fettle_rearrangement_add (&rearrangement, slice.axes[i].count,
                                slice.axes[i].step * stride);
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

gboolean
fettle_lower_transpose (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  g_autofree gint64 *order = NULL;
  gsize n;
  guint axis;

  order = fettle_tensor_read_integers (layer->inputs[1], &n);
  for (gsize i = 0; i < n; i++)
    {
      if (!fettle_movement_axis (order[i], layer->input->rank, &axis, error))
        return FALSE;
      fettle_rearrangement_add (&rearrangement, layer->input->shape[axis],
                                fettle_rearrangement_stride (layer->input, axis));
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* The depth holds the rows of a block, then its columns, then the channels. */
gboolean
fettle_lower_space_to_depth (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  const gint32 *in = layer->input->shape;
  gint64 size = layer->operator_->options.block_size;
  gint64 row = (gint64)in[2] * in[3], depth = in[3];

  fettle_rearrangement_add (&rearrangement, in[0], in[1] * row);
  fettle_rearrangement_add (&rearrangement, in[1] / size, size * row);
  fettle_rearrangement_add (&rearrangement, in[2] / size, size * depth);
  fettle_rearrangement_add (&rearrangement, size, row);
  fettle_rearrangement_add (&rearrangement, size, depth);
  fettle_rearrangement_add (&rearrangement, depth, 1);
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

gboolean
fettle_lower_depth_to_space (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  const gint32 *in = layer->input->shape, *out = layer->output->shape;
  gint64 size = layer->operator_->options.block_size;
  gint64 row = (gint64)in[2] * in[3], depth = out[3];

  fettle_rearrangement_add (&rearrangement, in[0], in[1] * row);
  fettle_rearrangement_add (&rearrangement, in[1], row);
  fettle_rearrangement_add (&rearrangement, size, size * depth);
  fettle_rearrangement_add (&rearrangement, in[2], in[3]);
  fettle_rearrangement_add (&rearrangement, size, depth);
  fettle_rearrangement_add (&rearrangement, depth, 1);
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* PAD, PADV2 */
gboolean
fettle_lower_pad (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleTensor *fill = layer->inputs[2];
  struct frt_pad_parameters parameters = { .value = 0 };
  g_autofree gint64 *paddings = NULL;
  gsize n;
  gint32 zero_point;

  paddings = fettle_tensor_read_integers (layer->inputs[1], &n);
  for (guint i = 0; i < layer->input->rank; i++)
    parameters.before[i] = (gint32)paddings[2 * i];
  fettle_tensor_get_scale (layer->output, NULL, &zero_point);
  if (fill != NULL)
    memcpy (&parameters.value, g_bytes_get_data (fill->data, NULL),
            fettle_type_get_size (fill->type));
  else if (!layer->is_float)
    parameters.value = (guint32)zero_point;
  fettle_lower_set_call (layer, call, FRT_KERNEL_PAD, 1, &parameters, sizeof parameters);
  return TRUE;
}

/* Place I of an axis of EXTENT cells with mirrored cells beside it, OFFSET = 1 if the outermost cell is
 * not repeated. */
static gint32
reflect (gint64 i, gint64 extent, gint64 offset)
{
  if (i < 0)
    i = offset - 1 - i;
  if (i >= extent)
    i = 2 * extent - 1 - offset - i;
  return (gint32)i;
}

gboolean
fettle_lower_mirror_pad (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  gint64 offset = layer->operator_->options.mirror == FETTLE_MIRROR_REFLECT ? 1 : 0;
  g_autofree gint64 *paddings = NULL;
  gsize n;

  paddings = fettle_tensor_read_integers (layer->inputs[1], &n);
  for (guint i = 0; i < layer->input->rank; i++)
    {
      gint32 extent = layer->output->shape[i];
      gint32 *table = g_new (gint32, (gsize)extent);

      for (gint32 at = 0; at < extent; at++)
        table[at] = reflect (at - paddings[2 * i], layer->input->shape[i], offset);
      fettle_rearrangement_add_table (
          &rearrangement, extent, fettle_rearrangement_stride (layer->input, i), table);
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* What the runtime would clamp is an error in a constant. */
static gboolean
check_indices (const FettleTensor *indices, gint32 extent, GError **error)
{
  g_autofree gint64 *values = NULL;
  gsize n;

  if (indices->data == NULL)
    return TRUE;
  values = fettle_tensor_read_integers (indices, &n);
  for (gsize i = 0; i < n; i++)
    if (values[i] < -(gint64)extent || values[i] >= extent)
      {
        g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                     "its index %" G_GINT64_FORMAT " is outside an axis of %d.",
                     values[i], extent);
        return FALSE;
      }
  return TRUE;
}

gboolean
fettle_lower_gather (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  const FettleTensor *indices = layer->inputs[1];
  guint batch_dims =
      (guint)(options->batch_dims < 0 ? options->batch_dims + (gint32)indices->rank
                                      : options->batch_dims);
  struct frt_gather_parameters parameters;
  guint axis;

  if (!fettle_movement_axis (options->axis, layer->input->rank, &axis, error)
      || !check_indices (indices, layer->input->shape[axis], error))
    return FALSE;
  parameters.batches = count_before (layer->input, batch_dims);
  parameters.rows = count_before (layer->input, axis) / parameters.batches;
  parameters.extent = (guint32)layer->input->shape[axis];
  parameters.block = (guint32)(fettle_rearrangement_stride (layer->input, axis)
                               * (gint64)fettle_type_get_size (layer->input->type));
  fettle_lower_set_call (layer, call, FRT_KERNEL_GATHER, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}
