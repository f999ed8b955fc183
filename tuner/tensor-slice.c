/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-slice.c: parts of constants. */
#include "config.h"
#include "tuner/tensor-slice.h"

#include <string.h>

/* One byte each. */
static guint8 *
unpack_int4 (const guint8 *packed, gsize n)
{
  guint8 *bytes = g_new (guint8, n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = packed[i / 2] >> (i % 2 * 4) & 0xF;
  return bytes;
}

static GBytes *
pack_int4 (const guint8 *bytes, gsize n)
{
  gsize size = n / 2 + n % 2;
  guint8 *packed = g_new0 (guint8, size);

  for (gsize i = 0; i < n; i++)
    packed[i / 2] |= (guint8)(bytes[i] << (i % 2 * 4));
  return g_bytes_new_take (packed, size);
}

/* N elements of SIZE bytes, in rows of EXTENT blocks of RUN elements: the blocks that are kept. */
static GByteArray *
slice (const guint8 *data, gsize n, gsize size, gsize extent, gsize run,
       const gboolean *is_kept)
{
  GByteArray *kept = g_byte_array_new ();

  for (gsize block = 0; block < n / run; block++)
    if (is_kept[block % extent])
      g_byte_array_append (kept, data + block * run * size, (guint)(run * size));
  return kept;
}

static void
slice_scales (FettleTensor *tensor, const gboolean *is_kept)
{
  const FettleQuantization *quantization = &tensor->quantization;
  g_autofree float *scales = g_new (float, quantization->n_channels);
  g_autofree gint32 *zero_points = g_new (gint32, quantization->n_channels);
  guint n = 0;

  for (guint i = 0; i < quantization->n_channels; i++)
    if (is_kept[i])
      {
        scales[n] = quantization->scales[i];
        zero_points[n++] = quantization->zero_points[i];
      }
  fettle_tensor_set_quantization (tensor, n, quantization->axis, scales, zero_points);
}

static void
slice_data (FettleTensor *tensor, guint axis, const gboolean *is_kept)
{
  gboolean is_int4 = tensor->type == FETTLE_TYPE_INT4;
  gsize n = fettle_tensor_get_n_elements (tensor), run = 1;
  const guint8 *data = g_bytes_get_data (tensor->data, NULL);
  g_autofree guint8 *unpacked = is_int4 ? unpack_int4 (data, n) : NULL;
  g_autoptr (GByteArray) kept = NULL;

  for (guint i = axis + 1; i < tensor->rank; i++)
    run *= (gsize)tensor->shape[i];
  kept = slice (is_int4 ? unpacked : data, n, fettle_type_get_size (tensor->type),
                (gsize)tensor->shape[axis], run, is_kept);
  g_bytes_unref (tensor->data);
  tensor->data = is_int4 ? pack_int4 (kept->data, kept->len)
                         : g_byte_array_free_to_bytes (g_steal_pointer (&kept));
}

void
fettle_tensor_slice (FettleTensor *tensor, guint axis, const gboolean *is_kept)
{
  gint32 n_kept = 0;

  g_assert (tensor->data != NULL && axis < tensor->rank);

  for (gint32 i = 0; i < tensor->shape[axis]; i++)
    n_kept += is_kept[i];
  slice_data (tensor, axis, is_kept);
  tensor->shape[axis] = n_kept;
  if (tensor->quantization.n_channels > 1 && tensor->quantization.axis == axis)
    slice_scales (tensor, is_kept);
}

guint
fettle_tensor_add_slice (FettleGraph *graph, guint index, guint axis,
                         const gboolean *is_kept)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, index);
  const FettleQuantization *quantization = &tensor->quantization;
  guint added = fettle_graph_add_tensor (graph, tensor->name, tensor->type, tensor->rank,
                                         tensor->shape);
  FettleTensor *part = fettle_graph_get_tensor (graph, added);

  fettle_tensor_set_quantization (part, quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
  part->data = g_bytes_ref (tensor->data);
  fettle_tensor_slice (part, axis, is_kept);
  return added;
}
