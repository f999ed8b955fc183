/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape-mac.c: output shapes of TRANSPOSE_CONV and BATCH_MATMUL. */
#include "model/graph-private.h"

static gboolean
contradiction (GError **error, const char *message)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

gboolean
fettle_infer_transpose_conv (const FettleTensor *input, const FettleTensor *weights,
                             const FettleTensor *output_shape,
                             const FettleOptions *options, gint32 *dimensions,
                             GError **error)
{
  g_autofree gint64 *values = NULL;
  gsize n;

  values = fettle_tensor_read_integers (output_shape, &n);
  if (n != 4 || values[0] != input->shape[0] || values[3] != weights->shape[0])
    return contradiction (error, "the shape given for its output does not fit its input "
                                 "and weights.");
  if (weights->shape[3] != input->shape[3])
    return contradiction (error, "its weights do not fit the channels of its input.");
  if (options->stride_height < 1 || options->stride_width < 1)
    return contradiction (error, "its stride is not positive.");
  for (guint i = 0; i < 4; i++)
    if (values[i] < 1 || values[i] > G_MAXINT32)
      return contradiction (error, "the shape given for its output is not positive.");
    else
      dimensions[i] = (gint32)values[i];
  return TRUE;
}

/* Axis BEHIND, counted from the last, which is 1. */
static gint32
axis_from_end (const FettleTensor *tensor, guint behind)
{
  return behind <= tensor->rank ? tensor->shape[tensor->rank - behind] : 1;
}

gboolean
fettle_infer_batch_matmul (const FettleTensor *first, const FettleTensor *second,
                           const FettleOptions *options, guint *rank, gint32 *dimensions,
                           GError **error)
{
  guint rows = options->transpose_first ? 1 : 2;
  guint columns = options->transpose_second ? 2 : 1;

  if (first->rank < 2 || second->rank < 2)
    return contradiction (error, "its inputs are not matrices.");
  if (axis_from_end (first, 3 - rows) != axis_from_end (second, 3 - columns))
    return contradiction (error, "the matrices of its two inputs do not go together.");
  *rank = MAX (first->rank, second->rank);
  for (guint i = 0; i + 2 < *rank; i++)
    {
      gint32 x = axis_from_end (first, *rank - i), y = axis_from_end (second, *rank - i);

      if (x != y && x != 1 && y != 1)
        return contradiction (error, "the shapes of its two inputs do not go together.");
      dimensions[i] = MAX (x, y);
    }
  dimensions[*rank - 2] = axis_from_end (first, rows);
  dimensions[*rank - 1] = axis_from_end (second, columns);
  return TRUE;
}
