/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operands-weighted.c: operands of the layers with weights: convolutions and FULLY_CONNECTED. */
#include "model/graph-private.h"

typedef struct
{
  FettleOpcode opcode;
  const FettleTensor *input, *weights, *bias, *output;
  guint axis; /* of the weights: output channels */
} Weighted;

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, FettleModelError code, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, FETTLE_MODEL_ERROR, code, message);
  return FALSE;
}

static gboolean
unexpected (const FettleTensor *tensor, FettleType activations, GError **error)
{
  return fail (
      error, FETTLE_MODEL_ERROR_UNSUPPORTED,
      "its tensor “%s” is %s, which does not go together with activations of %s.",
      tensor->name, fettle_type_get_name (tensor->type),
      fettle_type_get_name (activations));
}

static gboolean
check_weights_type (const Weighted *layer, GError **error)
{
  FettleType weights = layer->weights->type;

  switch (layer->input->type)
    {
    case FETTLE_TYPE_FLOAT32:
      if (weights == FETTLE_TYPE_FLOAT32)
        return TRUE;
      if (weights == FETTLE_TYPE_INT8 || weights == FETTLE_TYPE_INT4)
        return fail (
            error, FETTLE_MODEL_ERROR_UNSUPPORTED,
            "its activations are float32 but the weights “%s” are %s, without the "
            "scales that a hybrid model has; import the float model and tune it.",
            layer->weights->name, fettle_type_get_name (weights));
      break;
    case FETTLE_TYPE_INT8:
      if (weights == FETTLE_TYPE_INT8
          || (weights == FETTLE_TYPE_INT4
              && layer->opcode != FETTLE_OPCODE_TRANSPOSE_CONV))
        return TRUE;
      break;
    case FETTLE_TYPE_INT16:
      if (weights == FETTLE_TYPE_INT8)
        return TRUE;
      break;
    default:
      return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its tensor “%s” is %s; only float32, int8 and int16 are supported "
                   "there.",
                   layer->input->name, fettle_type_get_name (layer->input->type));
    }
  return unexpected (layer->weights, layer->input->type, error);
}

static gboolean
bias_type_fits (const Weighted *layer)
{
  switch (layer->input->type)
    {
    case FETTLE_TYPE_FLOAT32:
      return layer->bias->type == FETTLE_TYPE_FLOAT32;
    case FETTLE_TYPE_INT8:
      return layer->bias->type == FETTLE_TYPE_INT32;
    default:
      return layer->bias->type == FETTLE_TYPE_INT32
             || layer->bias->type == FETTLE_TYPE_INT64
             || (layer->bias->type == FETTLE_TYPE_INT16
                 && layer->opcode == FETTLE_OPCODE_TRANSPOSE_CONV);
    }
}

static gboolean
check_bias (const Weighted *layer, GError **error)
{
  if (layer->bias == NULL)
    return TRUE;
  if (!bias_type_fits (layer))
    return unexpected (layer->bias, layer->input->type, error);
  if (fettle_tensor_get_n_elements (layer->bias)
      != (gsize)layer->weights->shape[layer->axis])
    return fail (error, FETTLE_MODEL_ERROR_INVALID,
                 "its bias “%s” does not have one element for each output channel.",
                 layer->bias->name);
  return TRUE;
}

static gboolean
check_weights_shape (const Weighted *layer, GError **error)
{
  const FettleTensor *weights = layer->weights;
  guint rank = layer->opcode == FETTLE_OPCODE_FULLY_CONNECTED ? 2 : 4;

  if (weights->rank != rank)
    return fail (error, FETTLE_MODEL_ERROR_INVALID,
                 "its weights “%s” have %u dimensions instead of %u.", weights->name,
                 weights->rank, rank);
  if (weights->quantization.n_channels > 1 && weights->quantization.axis != layer->axis)
    return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                 "its weights “%s” have scales along axis %u; only one scale for each "
                 "output channel is supported.",
                 weights->name, weights->quantization.axis);
  return TRUE;
}

/* Which TRANSPOSE_CONV has in front. */
static gboolean
check_output_shape (const FettleTensor *shape, GError **error)
{
  if (shape->type != FETTLE_TYPE_INT32 && shape->type != FETTLE_TYPE_INT64)
    return fail (error, FETTLE_MODEL_ERROR_INVALID,
                 "its tensor “%s” is %s where whole numbers were expected.", shape->name,
                 fettle_type_get_name (shape->type));
  return TRUE;
}

gboolean
fettle_check_weighted (FettleGraph *self, const FettleOperator *operator_, GError **error)
{
  gboolean is_transposed = operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV;
  const FettleTensor *first = fettle_graph_get_operator_input (self, operator_, 0);
  Weighted layer = {
    .opcode = operator_->opcode,
    .input = is_transposed ? fettle_graph_get_operator_input (self, operator_, 2) : first,
    .weights = fettle_graph_get_operator_input (self, operator_, 1),
    .bias = fettle_graph_get_operator_input (self, operator_, is_transposed ? 3 : 2),
    .output = fettle_graph_get_operator_output (self, operator_, 0),
    .axis = operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? 3 : 0,
  };

  if (is_transposed && !check_output_shape (first, error))
    return FALSE;
  if (!check_weights_type (&layer, error) || !check_weights_shape (&layer, error)
      || !check_bias (&layer, error))
    return FALSE;
  return layer.output->type == layer.input->type
         || unexpected (layer.output, layer.input->type, error);
}
