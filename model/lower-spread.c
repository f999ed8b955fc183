/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-spread.c: operators that repeat, choose or regroup elements. */
#include "model/movement-spread.h"
#include "model/rearrangement.h"

/* FILL, BROADCAST_TO */
gboolean
fettle_lower_broadcast (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  const FettleTensor *input = layer->input;

  for (guint i = layer->output->rank; i-- > 0;)
    {
      gint32 extent = fettle_extent_from_last (layer->output, i);

      fettle_rearrangement_add (
          &rearrangement, extent,
          fettle_extent_from_last (input, i) > 1
              ? fettle_rearrangement_stride (input, input->rank - 1 - i)
              : 0);
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

gboolean
fettle_lower_tile (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };

  for (guint i = 0; i < layer->output->rank; i++)
    {
      gint32 extent = layer->output->shape[i];
      gint32 *table = g_new (gint32, (gsize)extent);

      for (gint32 at = 0; at < extent; at++)
        table[at] = at % layer->input->shape[i];
      fettle_rearrangement_add_table (
          &rearrangement, extent, fettle_rearrangement_stride (layer->input, i), table);
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

gboolean
fettle_lower_reverse (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  guint32 axes = fettle_spread_get_axes (layer->graph, layer->operator_);

  for (guint i = 0; i < layer->input->rank; i++)
    {
      gint64 stride = fettle_rearrangement_stride (layer->input, i);
      gint32 extent = layer->input->shape[i];

      if (axes & (1u << i))
        rearrangement.start += (extent - 1) * stride;
      fettle_rearrangement_add (&rearrangement, extent,
                                axes & (1u << i) ? -stride : stride);
    }
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* Input and output as four dimensions, the second axis of space 1 if there is none. */
static void
widen (const FettleTensor *tensor, gint64 shape[4])
{
  shape[0] = tensor->shape[0];
  shape[1] = tensor->shape[1];
  shape[2] = tensor->rank == 4 ? tensor->shape[2] : 1;
  shape[3] = tensor->shape[tensor->rank - 1];
}

/* The place in a block is the outermost part of the output's batch. */
gboolean
fettle_lower_space_to_batch (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  FettleBlocks blocks;
  gint64 in[4], column, row;

  if (!fettle_blocks_read (layer->graph, layer->operator_, &blocks, error))
    return FALSE;
  widen (layer->input, in);
  column = in[3];
  row = in[2] * column;
  fettle_rearrangement_add (&rearrangement, blocks.size[0], row);
  fettle_rearrangement_add (&rearrangement, blocks.size[1], column);
  fettle_rearrangement_add (&rearrangement, in[0], in[1] * row);
  fettle_rearrangement_add (&rearrangement, in[1] / blocks.size[0], blocks.size[0] * row);
  fettle_rearrangement_add (&rearrangement, in[2] / blocks.size[1],
                            blocks.size[1] * column);
  fettle_rearrangement_add (&rearrangement, in[3], 1);
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* Cell I of EXTENT lies in block (I + BEFORE) / SIZE, CELL apart, of the batches at the rest, BATCH apart. */
static void
add_space (FettleRearrangement *rearrangement, gint64 extent, gint64 size, gint64 before,
           gint64 cell, gint64 batch)
{
  gint32 *table = g_new (gint32, (gsize)extent);

  for (gint64 i = 0; i < extent; i++)
    table[i] = (gint32)((i + before) / size * cell + (i + before) % size * batch);
  fettle_rearrangement_add_table (rearrangement, extent, 1, table);
}

gboolean
fettle_lower_batch_to_space (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };
  FettleBlocks blocks;
  gint64 in[4], out[4], column, row, batch, group;

  if (!fettle_blocks_read (layer->graph, layer->operator_, &blocks, error))
    return FALSE;
  widen (layer->input, in);
  widen (layer->output, out);
  column = in[3];
  row = in[2] * column;
  batch = in[1] * row;
  group = out[0] * batch;
  fettle_rearrangement_add (&rearrangement, out[0], batch);
  add_space (&rearrangement, out[1], blocks.size[0], blocks.before[0], row,
             blocks.size[1] * group);
  add_space (&rearrangement, out[2], blocks.size[1], blocks.before[1], column, group);
  fettle_rearrangement_add (&rearrangement, in[3], 1);
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

/* Steps of the six axes of the output through TENSOR, in elements. */
static void
fill_steps (const FettleTensor *tensor, guint8 axes_behind, gint32 *steps)
{
  gint32 stride = 1;

  for (guint i = 0; i < FRT_MAX_RANK; i++)
    {
      gint32 extent =
          i < axes_behind ? 1 : fettle_extent_from_last (tensor, i - axes_behind);

      steps[FRT_MAX_RANK - 1 - i] = extent > 1 ? stride : 0;
      stride *= extent;
    }
}

static gboolean
check_scale (const FettleTensor *input, const FettleTensor *output, GError **error)
{
  float scale, expected;
  gint32 zero_point, expected_zero_point;

  fettle_tensor_get_scale (input, &scale, &zero_point);
  fettle_tensor_get_scale (output, &expected, &expected_zero_point);
  if (scale == expected && zero_point == expected_zero_point)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its input “%s” has another scale or zero point than its output.",
               input->name);
  return FALSE;
}

/* SELECT, SELECT_V2: where the condition is true, the first; elsewhere the second. */
gboolean
fettle_lower_select (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_select_parameters parameters = { .extent = { 1, 1, 1, 1, 1, 1 } };
  gboolean takes_rows =
      fettle_select_takes_rows (layer->operator_, layer->inputs[0], layer->inputs[1]);

  if (!check_scale (layer->inputs[1], layer->output, error)
      || !check_scale (layer->inputs[2], layer->output, error))
    return FALSE;
  for (guint i = 0; i < FRT_MAX_RANK; i++)
    parameters.extent[FRT_MAX_RANK - 1 - i] =
        (guint32)fettle_extent_from_last (layer->output, i);
  fill_steps (layer->inputs[1], 0, parameters.step[0]);
  fill_steps (layer->inputs[2], 0, parameters.step[1]);
  fill_steps (layer->inputs[0], (guint8)(takes_rows ? layer->output->rank - 1 : 0),
              parameters.step[2]);
  fettle_lower_set_call (layer, call, FRT_KERNEL_SELECT, 3, &parameters,
                         sizeof parameters);
  return TRUE;
}
