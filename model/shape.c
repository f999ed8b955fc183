/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape.c: the shape that an operator's output must have. */
#include "model/elementwise.h"
#include "model/graph-private.h"
#include "model/movement.h"
#include "model/sequence.h"
#include "model/variables.h"
#include "model/window.h"

#include <string.h>

typedef struct
{
  guint rank;
  gint32 dimensions[FETTLE_MAX_RANK];
} Shape;

static gboolean
contradiction (GError **error, const char *message)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

static void
shape_of (const FettleTensor *tensor, Shape *shape)
{
  shape->rank = tensor->rank;
  memcpy (shape->dimensions, tensor->shape, sizeof shape->dimensions);
}

static gboolean
infer_window (const FettleTensor *input, const FettleOptions *options, gint32 height,
              gint32 width, gint32 channels, Shape *shape, GError **error)
{
  FettleWindowAxis rows = fettle_window_rows (options, height);
  FettleWindowAxis columns = fettle_window_columns (options, width);

  shape->rank = 4;
  shape->dimensions[0] = input->shape[0];
  shape->dimensions[3] = channels;
  return fettle_window_count (&rows, input->shape[1], &shape->dimensions[1], error)
         && fettle_window_count (&columns, input->shape[2], &shape->dimensions[2], error);
}

static gboolean
infer_conv (const FettleTensor *input, const FettleTensor *weights,
            const FettleOptions *options, Shape *shape, GError **error)
{
  gint32 in = input->shape[3], in_per_group = weights->shape[3], out = weights->shape[0];

  if (in % in_per_group != 0 || out % (in / in_per_group) != 0)
    return contradiction (error, "its weights do not fit the channels of its input.");
  return infer_window (input, options, weights->shape[1], weights->shape[2], out, shape,
                       error);
}

static gboolean
infer_depthwise (const FettleTensor *input, const FettleTensor *weights,
                 const FettleOptions *options, Shape *shape, GError **error)
{
  if (weights->shape[0] != 1 || weights->shape[3] % input->shape[3] != 0)
    return contradiction (error, "its weights do not fit the channels of its input.");
  return infer_window (input, options, weights->shape[1], weights->shape[2],
                       weights->shape[3], shape, error);
}

/* The output may be [rows][out] or keep the input's leading dimensions. */
static gboolean
infer_fully_connected (const FettleTensor *input, const FettleTensor *weights,
                       const FettleTensor *output, Shape *shape, GError **error)
{
  gsize n = fettle_tensor_get_n_elements (input);
  gsize depth = (gsize)weights->shape[1], units = (gsize)weights->shape[0];

  if (n % depth != 0)
    return contradiction (error, "its weights do not fit the size of its input.");
  if (output->rank < 1 || output->shape[output->rank - 1] != weights->shape[0]
      || fettle_tensor_get_n_elements (output) != n / depth * units)
    return contradiction (error, "its output does not have the size that its weights and "
                                 "input give.");
  shape_of (output, shape);
  return TRUE;
}

static gboolean
infer_broadcast (const FettleTensor *a, const FettleTensor *b, Shape *shape,
                 GError **error)
{
  shape->rank = MAX (a->rank, b->rank);
  for (guint i = 0; i < shape->rank; i++)
    {
      guint behind = shape->rank - i;
      gint32 x = behind <= a->rank ? a->shape[a->rank - behind] : 1;
      gint32 y = behind <= b->rank ? b->shape[b->rank - behind] : 1;

      if (x != y && x != 1 && y != 1)
        return contradiction (error, "the shapes of its two inputs do not go together.");
      shape->dimensions[i] = MAX (x, y);
    }
  return TRUE;
}

gboolean
fettle_reduced_axes (const FettleTensor *input, const FettleTensor *axes, guint32 *mask,
                     GError **error)
{
  g_autofree gint64 *values = NULL;
  gsize n;

  values = fettle_tensor_read_integers (axes, &n);
  *mask = 0;
  for (gsize i = 0; i < n; i++)
    {
      gint64 axis = values[i] < 0 ? values[i] + input->rank : values[i];

      if (axis < 0 || axis >= input->rank)
        return contradiction (error, "it reduces an axis that its input does not have.");
      *mask |= 1u << axis;
    }
  return TRUE;
}

static gboolean
infer_reduction (const FettleTensor *input, const FettleTensor *axes, gboolean keep_dims,
                 Shape *shape, GError **error)
{
  guint32 mask;

  if (!fettle_reduced_axes (input, axes, &mask, error))
    return FALSE;
  shape->rank = 0;
  for (guint i = 0; i < input->rank; i++)
    if (!(mask & (1u << i)))
      shape->dimensions[shape->rank++] = input->shape[i];
    else if (keep_dims)
      shape->dimensions[shape->rank++] = 1;
  return TRUE;
}

gboolean
fettle_arg_axis (const FettleTensor *input, const FettleTensor *axis, guint *number,
                 GError **error)
{
  guint32 mask;

  if (!fettle_reduced_axes (input, axis, &mask, error))
    return FALSE;
  if (fettle_tensor_get_n_elements (axis) != 1)
    return contradiction (error, "it searches along several axes instead of one.");
  *number = (guint)g_bit_nth_lsf (mask, -1);
  return TRUE;
}

static gboolean
infer_arg_extreme (const FettleTensor *input, const FettleTensor *axis, Shape *shape,
                   GError **error)
{
  guint number;

  if (!fettle_arg_axis (input, axis, &number, error))
    return FALSE;
  shape->rank = 0;
  for (guint i = 0; i < input->rank; i++)
    if (i != number)
      shape->dimensions[shape->rank++] = input->shape[i];
  return TRUE;
}

static gboolean
infer (FettleGraph *graph, const FettleOperator *operator_, Shape *shape, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  const FettleOptions *options = &operator_->options;

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
      return infer_conv (input, second, options, shape, error);
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      return infer_depthwise (input, second, options, shape, error);
    case FETTLE_OPCODE_FULLY_CONNECTED:
      return infer_fully_connected (input, second, output, shape, error);
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
      return infer_window (input, options, options->filter_height, options->filter_width,
                           input->shape[3], shape, error);
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
      return infer_reduction (input, second, options->keep_dims, shape, error);
    case FETTLE_OPCODE_ARG_MAX:
    case FETTLE_OPCODE_ARG_MIN:
      return infer_arg_extreme (input, second, shape, error);
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      shape->rank = 4;
      return fettle_infer_transpose_conv (
          fettle_graph_get_operator_input (graph, operator_, 2), second, input, options,
          shape->dimensions, error);
    case FETTLE_OPCODE_BATCH_MATMUL:
      return fettle_infer_batch_matmul (input, second, options, &shape->rank,
                                        shape->dimensions, error);
    case FETTLE_OPCODE_LOG_SOFTMAX:
    case FETTLE_OPCODE_L2_NORMALIZATION:
    case FETTLE_OPCODE_SOFTMAX:
      shape_of (input, shape);
      return TRUE;
    default:
      break;
    }
  if (fettle_elementwise_count_inputs (operator_->opcode) == 2)
    return infer_broadcast (input, second, shape, error);
  shape_of (input, shape);
  return TRUE;
}

gboolean
fettle_graph_infer_shape (FettleGraph *self, const FettleOperator *operator_, guint k,
                          guint *rank, gint32 dimensions[FETTLE_MAX_RANK], GError **error)
{
  Shape shape = { 0 };

  if (fettle_opcode_moves_data (operator_->opcode))
    return fettle_movement_infer_shape (self, operator_, k, rank, dimensions, error);
  if (fettle_opcode_keeps_state (operator_->opcode))
    return fettle_sequence_infer_shape (self, operator_, rank, dimensions, error);
  if (fettle_opcode_handles_variables (operator_->opcode))
    return fettle_variables_infer_shape (self, operator_, k, rank, dimensions);
  if (!infer (self, operator_, &shape, error))
    return FALSE;
  *rank = shape.rank;
  memcpy (dimensions, shape.dimensions, sizeof shape.dimensions);
  return TRUE;
}
