/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rearrangement.c: which element of its input each element of a layer's output is, axis by axis. */
#include "model/rearrangement.h"

void
fettle_rearrangement_clear (FettleRearrangement *self)
{
  for (guint i = 0; i < self->n_axes; i++)
    g_free (self->axes[i].table);
  self->n_axes = 0;
}

void
fettle_rearrangement_add (FettleRearrangement *self, gint64 extent, gint64 step)
{
  guint n = self->n_axes;

  if (extent == 1)
    return;
  /* A whole row of the inner axis is one step of the outer one: they are one axis. */
  if (n > 0 && self->axes[n - 1].table == NULL && self->axes[n - 1].step == extent * step)
    {
      self->axes[n - 1].extent *= extent;
      self->axes[n - 1].step = step;
      return;
    }
  g_assert (n < FETTLE_MAX_RANK);
  self->axes[n].extent = extent;
  self->axes[n].step = step;
  self->axes[n].table = NULL;
  self->n_axes++;
}

static gboolean
is_regular (gint64 extent, const gint32 *table)
{
  for (gint64 i = 2; i < extent; i++)
    if (table[i] - table[i - 1] != table[1] - table[0])
      return FALSE;
  return TRUE;
}

void
fettle_rearrangement_add_table (FettleRearrangement *self, gint64 extent, gint64 step,
                                gint32 *table)
{
  if (is_regular (extent, table))
    {
      self->start += table[0] * step;
      fettle_rearrangement_add (self, extent,
                                extent > 1 ? (table[1] - table[0]) * step : step);
      g_free (table);
      return;
    }
  for (gint64 i = 0; i < extent; i++)
    table[i] = (gint32)(table[i] * step);
  g_assert (self->n_axes < FETTLE_MAX_RANK);
  self->axes[self->n_axes].extent = extent;
  self->axes[self->n_axes].step = 0;
  self->axes[self->n_axes].table = table;
  self->n_axes++;
}

gint64
fettle_rearrangement_stride (const FettleTensor *tensor, guint axis)
{
  gint64 stride = 1;

  for (guint i = axis + 1; i < tensor->rank; i++)
    stride *= tensor->shape[i];
  return stride;
}

static gboolean
is_small (gint64 bytes)
{
  return bytes >= -(gint64)FETTLE_MAX_TENSOR_SIZE
         && bytes <= (gint64)FETTLE_MAX_TENSOR_SIZE;
}

/* Offsets of a table's places, in bytes. */
static guint32
write_table (const FettleLayer *layer, gint32 *table, gint64 extent, gsize size)
{
  for (gint64 i = 0; i < extent; i++)
    table[i] *= (gint32)size;
  return fettle_image_writer_add_constant (layer->writer, table,
                                           (gsize)extent * sizeof *table);
}

gboolean
fettle_lower_rearrangement (const FettleLayer *layer, FettleRearrangement *self,
                            FettleKernelCall *call, GError **error)
{
  gsize size = fettle_type_get_size (layer->input->type);
  struct frt_rearrange_parameters parameters = {
    .start = (guint32)(self->start * (gint64)size),
    .block = (guint32)size,
    .extent = { 1, 1, 1, 1, 1, 1 },
  };
  guint n = self->n_axes, first;

  if (n > 0 && self->axes[n - 1].table == NULL && self->axes[n - 1].step == 1)
    parameters.block *= (guint32)self->axes[--n].extent;
  first = FRT_MAX_RANK - n;
  for (guint i = 0; i < n; i++)
    {
      if (!is_small (self->axes[i].step * (gint64)size))
        {
          g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                               "its strides are larger than the runtime can address.");
          return FALSE;
        }
      parameters.extent[first + i] = (guint32)self->axes[i].extent;
      parameters.step[first + i] = (gint32)(self->axes[i].step * (gint64)size);
      if (self->axes[i].table != NULL)
        parameters.table_offset[first + i] =
            write_table (layer, self->axes[i].table, self->axes[i].extent, size);
    }
  fettle_lower_set_call (layer, call, FRT_KERNEL_REARRANGE, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
