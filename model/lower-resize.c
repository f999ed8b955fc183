/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-resize.c: RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: which cells each output cell is made of.
 *
 * All coordinates are found here, in the reference's arithmetic; the runtime only mixes cells. */
#include "model/rearrangement.h"

#include <math.h>

/* One of the two axes. */
typedef struct
{
  gint32 in, out;
  gboolean align_corners, half_pixel_centers;
} Axis;

static Axis
get_axis (const FettleLayer *layer, guint axis)
{
  const FettleOptions *options = &layer->operator_->options;

  return (Axis){ layer->input->shape[axis], layer->output->shape[axis],
                 options->align_corners, options->half_pixel_centers };
}

static float
get_scale (const Axis *axis)
{
  return axis->align_corners && axis->out > 1
             ? (float)(axis->in - 1) / (float)(axis->out - 1)
             : (float)axis->in / (float)axis->out;
}

static gint32
find_nearest (const Axis *axis, gint32 at)
{
  float offset = axis->half_pixel_centers ? 0.5f : 0.0f;
  float place = ((float)at + offset) * get_scale (axis);

  return CLAMP ((gint32)(axis->align_corners ? roundf (place) : floorf (place)), 0,
                axis->in - 1);
}

gboolean
fettle_lower_resize_nearest (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  g_auto (FettleRearrangement) rearrangement = { 0 };

  fettle_rearrangement_add (&rearrangement, layer->input->shape[0],
                            fettle_rearrangement_stride (layer->input, 0));
  for (guint i = 1; i <= 2; i++)
    {
      Axis axis = get_axis (layer, i);
      gint32 *table = g_new (gint32, (gsize)axis.out);

      for (gint32 at = 0; at < axis.out; at++)
        table[at] = find_nearest (&axis, at);
      fettle_rearrangement_add_table (
          &rearrangement, axis.out, fettle_rearrangement_stride (layer->input, i), table);
    }
  fettle_rearrangement_add (&rearrangement, layer->input->shape[3], 1);
  return fettle_lower_rearrangement (layer, &rearrangement, call, error);
}

static guint32
write_positions_f32 (const FettleLayer *layer, const Axis *axis)
{
  gsize size = (gsize)axis->out * sizeof (struct frt_position_f32);
  g_autofree struct frt_position_f32 *positions = g_malloc0 (size);

  for (gint32 at = 0; at < axis->out; at++)
    {
      float scale = get_scale (axis);
      float place = axis->half_pixel_centers ? ((float)at + 0.5f) * scale - 0.5f
                                             : (float)at * scale;
      gint32 low = CLAMP ((gint32)floorf (place), 0, axis->in - 1);

      positions[at].low = (guint32)low;
      /* Beyond the last cell, and before the first, there is nothing to mix with. */
      if (low + 1 < axis->in && place > (float)low)
        positions[at].weight = MIN (place - (float)low, 1.0f);
    }
  return fettle_image_writer_add_constant (layer->writer, positions, size);
}

/* In 1024ths of a cell. */
static guint32
write_positions_s8 (const FettleLayer *layer, const Axis *axis)
{
  gsize size = (gsize)axis->out * sizeof (struct frt_position_s8);
  g_autofree struct frt_position_s8 *positions = g_malloc0 (size);
  gint64 scale = (1024 * (gint64)axis->in + axis->out / 2) / axis->out;

  if (axis->align_corners && axis->out > 1)
    scale = (1024 * (gint64)(axis->in - 1) + (axis->out - 1) / 2) / (axis->out - 1);
  for (gint32 at = 0; at < axis->out; at++)
    {
      gint64 place =
          MAX (at * scale + (axis->half_pixel_centers ? scale / 2 - 512 : 0), 0);
      gint64 low = MIN (place / 1024, axis->in - 1);

      positions[at].low = (guint16)low;
      if (low + 1 < axis->in)
        positions[at].weight = (guint16)(place - low * 1024);
    }
  return fettle_image_writer_add_constant (layer->writer, positions, size);
}

gboolean
fettle_lower_resize_bilinear (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error)
{
  struct frt_resize_bilinear_parameters parameters;
  Axis rows = get_axis (layer, 1), columns = get_axis (layer, 2);

  if (rows.align_corners && rows.half_pixel_centers)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                           "it has both aligned corners and half-pixel centers.");
      return FALSE;
    }
  if (MAX (rows.in, columns.in) > G_MAXUINT16)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its input is more than 65535 cells high or wide.");
      return FALSE;
    }
  parameters.rows_offset = layer->is_float ? write_positions_f32 (layer, &rows)
                                           : write_positions_s8 (layer, &rows);
  parameters.columns_offset = layer->is_float ? write_positions_f32 (layer, &columns)
                                              : write_positions_s8 (layer, &columns);
  fettle_lower_set_call (layer, call,
                         layer->is_float ? FRT_KERNEL_RESIZE_BILINEAR_F32
                                         : FRT_KERNEL_RESIZE_BILINEAR_S8,
                         1, &parameters, sizeof parameters);
  return TRUE;
}
