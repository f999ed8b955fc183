/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-validate.c: what every room may rely on in a graph. */
#include "model/variables.h"

#include <math.h>
#include <string.h>

static gboolean G_GNUC_PRINTF (2, 3) invalid (GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
check_shape (const FettleTensor *tensor, GError **error)
{
  if (!fettle_type_is_known (tensor->type) || tensor->rank > FETTLE_MAX_RANK)
    return invalid (error, "The tensor “%s” has an unknown type or too many dimensions.",
                    tensor->name);
  for (guint i = 0; i < tensor->rank; i++)
    if (tensor->shape[i] < 1 && !fettle_tensor_is_empty_list (tensor))
      return invalid (error,
                      "Dimension %u of the tensor “%s” is %d; tensors without elements "
                      "are not supported.",
                      i, tensor->name, tensor->shape[i]);
  if (!fettle_tensor_is_empty_list (tensor) && !fettle_tensor_has_possible_size (tensor))
    return invalid (error, "The tensor “%s” is larger than 1 GiB.", tensor->name);
  if (tensor->type == FETTLE_TYPE_INT4 && tensor->data == NULL)
    return invalid (error, "The tensor “%s” is int4, which only weights can be.",
                    tensor->name);
  if (tensor->data != NULL
      && g_bytes_get_size (tensor->data) != fettle_tensor_get_size (tensor))
    return invalid (error,
                    "The constant “%s” holds %" G_GSIZE_FORMAT
                    " bytes where its shape needs %" G_GSIZE_FORMAT ".",
                    tensor->name, g_bytes_get_size (tensor->data),
                    fettle_tensor_get_size (tensor));
  return TRUE;
}

static gboolean
check_quantization (const FettleTensor *tensor, GError **error)
{
  const FettleQuantization *quantization = &tensor->quantization;
  gint32 least, most;

  fettle_type_get_range (tensor->type, &least, &most);
  if (quantization->n_channels > 1
      && (quantization->axis >= tensor->rank
          || tensor->shape[quantization->axis] != (gint64)quantization->n_channels))
    return invalid (error, "The tensor “%s” has %u scales, which do not fit its shape.",
                    tensor->name, quantization->n_channels);
  for (guint i = 0; i < quantization->n_channels; i++)
    if (!isfinite (quantization->scales[i]) || quantization->scales[i] < 0
        || quantization->zero_points[i] < least || quantization->zero_points[i] > most)
      return invalid (error, "The tensor “%s” has an impossible scale or zero point.",
                      tensor->name);
  return TRUE;
}

static gboolean
check_numbers (FettleGraph *self, GArray *array, gint32 least, GError **error)
{
  for (guint i = 0; i < array->len; i++)
    {
      gint32 number = g_array_index (array, gint32, i);

      if (number < least || number >= (gint64)fettle_graph_get_n_tensors (self))
        return invalid (error, "it refers to tensor %d, which does not exist.", number);
    }
  return TRUE;
}

/* AVAILABLE: one byte per tensor, nonzero once it has a value. */
static gboolean
check_order (FettleGraph *self, const FettleOperator *operator_, guint8 *available,
             GError **error)
{
  for (guint i = 0; i < operator_->inputs->len; i++)
    {
      gint32 number = fettle_operator_get_input (operator_, i);

      if (number >= 0 && !available[number])
        return invalid (error, "it reads “%s” before any layer has written it.",
                        fettle_graph_get_tensor (self, (guint)number)->name);
    }
  for (guint i = 0; i < operator_->outputs->len; i++)
    {
      gint32 number = fettle_operator_get_output (operator_, i);

      if (fettle_graph_get_tensor (self, (guint)number)->is_variable
          && fettle_opcode_writes_variables (operator_->opcode))
        continue;
      if (available[number])
        return invalid (error,
                        "it writes “%s”, which is a constant, an input or another "
                        "layer's output.",
                        fettle_graph_get_tensor (self, (guint)number)->name);
      available[number] = 1;
    }
  return TRUE;
}

static gboolean
check_output_shape (FettleGraph *self, const FettleOperator *operator_, guint k,
                    GError **error)
{
  const FettleTensor *output = fettle_graph_get_operator_output (self, operator_, k);
  FettleTensor expected = { 0 };
  g_autofree char *expected_text = NULL, *output_text = NULL;

  if (!fettle_graph_infer_shape (self, operator_, k, &expected.rank, expected.shape,
                                 error))
    return FALSE;
  if (expected.rank == output->rank
      && memcmp (expected.shape, output->shape, output->rank * sizeof (gint32)) == 0)
    return TRUE;
  expected_text = fettle_tensor_format_shape (&expected);
  output_text = fettle_tensor_format_shape (output);
  return invalid (error, "its output “%s” is %s, but its inputs give %s.", output->name,
                  output_text, expected_text);
}

static gboolean
check_output_shapes (FettleGraph *self, const FettleOperator *operator_, GError **error)
{
  for (guint k = 0; k < operator_->outputs->len; k++)
    if (!check_output_shape (self, operator_, k, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_operator (FettleGraph *self, const FettleOperator *operator_, guint8 *available,
                GError **error)
{
  return check_numbers (self, operator_->inputs, -1, error)
         && check_numbers (self, operator_->outputs, 0, error)
         && check_order (self, operator_, available, error)
         && fettle_graph_check_operands (self, operator_, error)
         && check_output_shapes (self, operator_, error);
}

static gboolean
check_tensors (FettleGraph *self, guint8 *available, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (self); i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (self, i);

      if (!check_shape (tensor, error) || !check_quantization (tensor, error))
        return FALSE;
      if (tensor->is_variable && tensor->data != NULL)
        return invalid (error,
                        "The variable “%s” has a value of its own to begin with; only "
                        "states that begin at zero are supported.",
                        tensor->name);
      available[i] = tensor->data != NULL || tensor->is_variable;
    }
  return TRUE;
}

static gboolean
check_inputs (FettleGraph *self, guint8 *available, GError **error)
{
  if (fettle_graph_get_n_inputs (self) == 0 || fettle_graph_get_n_outputs (self) == 0
      || fettle_graph_get_n_operators (self) == 0)
    return invalid (error, "The model has no inputs, no outputs or no layers.");
  for (guint i = 0; i < fettle_graph_get_n_inputs (self); i++)
    {
      guint number = fettle_graph_get_input (self, i);

      if (number >= fettle_graph_get_n_tensors (self) || available[number])
        return invalid (error,
                        "Input %u of the model is missing, a constant or given "
                        "twice.",
                        i);
      available[number] = 1;
    }
  return TRUE;
}

static gboolean
check_outputs (FettleGraph *self, const guint8 *available, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_outputs (self); i++)
    {
      guint number = fettle_graph_get_output (self, i);

      if (number >= fettle_graph_get_n_tensors (self) || !available[number]
          || fettle_graph_get_tensor (self, number)->data != NULL)
        return invalid (error, "Output %u of the model is not written by any layer.", i);
    }
  return TRUE;
}

static gboolean
check_names (FettleGraph *self, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < fettle_graph_get_n_operators (self); i++)
    {
      char *name = fettle_graph_get_operator (self, i)->name;

      if (*name == '\0' || !g_hash_table_add (names, name))
        return invalid (error, "Layer %u has no name, or that of another layer: “%s”.", i,
                        name);
    }
  return TRUE;
}

gboolean
fettle_graph_validate (FettleGraph *self, GError **error)
{
  g_autofree guint8 *available = NULL;

  g_return_val_if_fail (FETTLE_IS_GRAPH (self), FALSE);
  available = g_new0 (guint8, fettle_graph_get_n_tensors (self) + 1);
  if (!check_tensors (self, available, error) || !check_inputs (self, available, error)
      || !check_names (self, error))
    return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_operators (self); i++)
    if (!check_operator (self, fettle_graph_get_operator (self, i), available, error))
      {
        fettle_graph_prefix_layer (self, i, error);
        return FALSE;
      }
  return check_outputs (self, available, error);
}
