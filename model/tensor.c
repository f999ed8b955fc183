/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor.c: the tensors of a graph: types, sizes, quantization. */
#include "model/graph-private.h"

#include <string.h>

static const struct
{
  const char *name;
  gsize size;
} types[] = {
  [FETTLE_TYPE_FLOAT32] = { "float32", 4 }, [FETTLE_TYPE_INT8] = { "int8", 1 },
  [FETTLE_TYPE_INT16] = { "int16", 2 },     [FETTLE_TYPE_INT32] = { "int32", 4 },
  [FETTLE_TYPE_INT64] = { "int64", 8 },     [FETTLE_TYPE_UINT8] = { "uint8", 1 },
  [FETTLE_TYPE_BOOL] = { "bool", 1 },       [FETTLE_TYPE_INT4] = { "int4", 1 },
};

gboolean
fettle_type_is_known (gint64 type)
{
  return type >= FETTLE_TYPE_FLOAT32 && type <= FETTLE_TYPE_INT4;
}

const char *
fettle_type_get_name (FettleType type)
{
  g_return_val_if_fail (fettle_type_is_known (type), "");
  return types[type].name;
}

gsize
fettle_type_get_size (FettleType type)
{
  g_return_val_if_fail (fettle_type_is_known (type), 1);
  return types[type].size;
}

void
fettle_type_get_range (FettleType type, gint32 *least, gint32 *most)
{
  switch (type)
    {
    case FETTLE_TYPE_INT4:
      *least = -8, *most = 7;
      break;
    case FETTLE_TYPE_INT8:
      *least = G_MININT8, *most = G_MAXINT8;
      break;
    case FETTLE_TYPE_UINT8:
      *least = 0, *most = G_MAXUINT8;
      break;
    case FETTLE_TYPE_INT16:
      *least = G_MININT16, *most = G_MAXINT16;
      break;
    default:
      *least = G_MININT32, *most = G_MAXINT32;
      break;
    }
}

FettleTensor *
fettle_tensor_new (const char *name, FettleType type, guint rank, const gint32 *shape)
{
  FettleTensor *tensor = g_new0 (FettleTensor, 1);

  g_assert (rank <= FETTLE_MAX_RANK);
  tensor->name = g_strdup (name);
  tensor->type = type;
  tensor->rank = rank;
  for (guint i = 0; i < rank; i++)
    tensor->shape[i] = shape[i];
  return tensor;
}

static void
clear_quantization (FettleQuantization *quantization)
{
  g_free (quantization->scales);
  g_free (quantization->zero_points);
  *quantization = (FettleQuantization){ 0 };
}

FettleTensor *
fettle_tensor_copy (const FettleTensor *tensor)
{
  const FettleQuantization *quantization = &tensor->quantization;
  FettleTensor *copy =
      fettle_tensor_new (tensor->name, tensor->type, tensor->rank, tensor->shape);

  copy->is_variable = tensor->is_variable;
  copy->data = tensor->data != NULL ? g_bytes_ref (tensor->data) : NULL;
  fettle_tensor_set_quantization (copy, quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
  return copy;
}

void
fettle_tensor_free (FettleTensor *tensor)
{
  g_free (tensor->name);
  g_clear_pointer (&tensor->data, g_bytes_unref);
  clear_quantization (&tensor->quantization);
  g_free (tensor);
}

gsize
fettle_tensor_get_n_elements (const FettleTensor *tensor)
{
  gsize n = 1;

  g_return_val_if_fail (tensor != NULL, 0);
  for (guint i = 0; i < tensor->rank; i++)
    n *= (gsize)tensor->shape[i];
  return n;
}

gboolean
fettle_tensor_has_possible_size (const FettleTensor *tensor)
{
  gsize limit = FETTLE_MAX_TENSOR_SIZE / fettle_type_get_size (tensor->type);

  for (guint i = 0; i < tensor->rank; i++)
    {
      if (tensor->shape[i] < 1)
        return FALSE;
      limit /= (gsize)tensor->shape[i];
    }
  return limit > 0;
}

gboolean
fettle_tensor_is_empty_list (const FettleTensor *tensor)
{
  return tensor->rank == 1 && tensor->shape[0] == 0 && tensor->data != NULL
         && (tensor->type == FETTLE_TYPE_INT32 || tensor->type == FETTLE_TYPE_INT64);
}

gsize
fettle_tensor_get_size (const FettleTensor *tensor)
{
  gsize n = fettle_tensor_get_n_elements (tensor);

  return tensor->type == FETTLE_TYPE_INT4 ? n / 2 + n % 2
                                          : n * fettle_type_get_size (tensor->type);
}

void
fettle_tensor_set_quantization (FettleTensor *tensor, guint n_channels, guint axis,
                                const float *scales, const gint32 *zero_points)
{
  FettleQuantization quantization = { .n_channels = n_channels, .axis = axis };

  g_return_if_fail (tensor != NULL);
  g_return_if_fail (n_channels == 0 || (scales != NULL && zero_points != NULL));
  if (n_channels > 0)
    {
      quantization.scales = g_memdup2 (scales, n_channels * sizeof *scales);
      quantization.zero_points =
          g_memdup2 (zero_points, n_channels * sizeof *zero_points);
    }
  clear_quantization (&tensor->quantization);
  tensor->quantization = quantization;
}

void
fettle_tensor_get_scale (const FettleTensor *tensor, float *scale, gint32 *zero_point)
{
  gboolean quantized;

  g_return_if_fail (tensor != NULL);
  quantized = tensor->quantization.n_channels == 1;
  if (scale != NULL)
    *scale = quantized ? tensor->quantization.scales[0] : 0;
  if (zero_point != NULL)
    *zero_point = quantized ? tensor->quantization.zero_points[0] : 0;
}

char *
fettle_tensor_format_shape (const FettleTensor *tensor)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (tensor != NULL, NULL);
  for (guint i = 0; i < tensor->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "×" : "", tensor->shape[i]);
  if (tensor->rank == 0)
    g_string_append (text, "1");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gint64 *
fettle_tensor_read_integers (const FettleTensor *tensor, gsize *n)
{
  gconstpointer data = g_bytes_get_data (tensor->data, NULL);
  gint64 *values;

  *n = fettle_tensor_get_n_elements (tensor);
  values = g_new (gint64, *n);
  for (gsize i = 0; i < *n; i++)
    if (tensor->type == FETTLE_TYPE_INT64)
      {
        gint64 value;

        memcpy (&value, (const char *)data + i * sizeof value, sizeof value);
        values[i] = GINT64_FROM_LE (value);
      }
    else
      {
        gint32 value;

        g_assert (tensor->type == FETTLE_TYPE_INT32);
        memcpy (&value, (const char *)data + i * sizeof value, sizeof value);
        values[i] = GINT32_FROM_LE (value);
      }
  return values;
}
