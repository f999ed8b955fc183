/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-copies.c: layers that give back what they are given. */
#include "config.h"
#include "model/movement.h"
#include "tuner/fold.h"
#include "tuner/graph-edit.h"
#include "tuner/layer-runner.h"

#include <glib/gi18n.h>
#include <string.h>

/* An element's number is told apart in digits that every type can hold. */
#define DIGIT_BITS 7

static gboolean
have_same_shape (const FettleTensor *a, const FettleTensor *b)
{
  return a->rank == b->rank
         && memcmp (a->shape, b->shape, a->rank * sizeof *a->shape) == 0;
}

static void
write_digit (const FettleTensor *tensor, gpointer bytes, gsize n, guint digit)
{
  gsize size = fettle_type_get_size (tensor->type);

  memset (bytes, 0, n * size);
  for (gsize i = 0; i < n; i++)
    {
      guint8 value = (guint8)(i >> (digit * DIGIT_BITS) & ((1 << DIGIT_BITS) - 1));

      if (tensor->type == FETTLE_TYPE_FLOAT32)
        ((float *)bytes)[i] = value;
      else
        ((guint8 *)bytes)[i * size] = value; /* the lowest byte */
    }
}

/* TRUE if LAYER, which only moves elements, leaves each where it was. */
static gboolean
leaves_in_place (FettleGraph *graph, guint layer, guint k)
{
  const FettleTensor *tensor = fettle_graph_get_operator_input (
      graph, fettle_graph_get_operator (graph, layer), k);
  g_autoptr (FettleLayerRunner) runner = fettle_layer_runner_new (graph, layer, NULL);
  gsize n = fettle_tensor_get_n_elements (tensor), size = fettle_tensor_get_size (tensor);
  g_autofree gpointer expected = g_malloc (size);

  if (runner == NULL)
    return FALSE;
  for (guint digit = 0; digit * DIGIT_BITS < 31; digit++)
    {
      write_digit (tensor, expected, n, digit);
      memcpy (fettle_layer_runner_get_input (runner, k, NULL), expected, size);
      fettle_layer_runner_run (runner);
      if (memcmp (fettle_layer_runner_get_output (runner, 0, NULL), expected, size) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
all_equal (const FettleTensor *tensor, float value)
{
  const float *values;

  if (tensor->data == NULL || tensor->type != FETTLE_TYPE_FLOAT32)
    return FALSE;
  values = g_bytes_get_data (tensor->data, NULL);
  for (gsize i = 0; i < fettle_tensor_get_n_elements (tensor); i++)
    if (values[i] != value)
      return FALSE;
  return TRUE;
}

/* Times 1, or plus 0, in float; K receives the other operand's place. */
static gboolean
is_neutral (FettleGraph *graph, const FettleOperator *operator_, guint *k)
{
  const FettleTensor *first = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 1);
  gboolean multiplies =
      operator_->opcode == FETTLE_OPCODE_MUL || operator_->opcode == FETTLE_OPCODE_DIV;
  gboolean commutes =
      operator_->opcode == FETTLE_OPCODE_MUL || operator_->opcode == FETTLE_OPCODE_ADD;
  float neutral = multiplies ? 1.0f : 0.0f;

  if (operator_->options.activation != FETTLE_ACTIVATION_NONE)
    return FALSE;
  *k = 0;
  if (all_equal (second, neutral))
    return TRUE;
  *k = 1;
  return commutes && all_equal (first, neutral);
}

static gboolean
is_unit_pool (const FettleOptions *options)
{
  return options->filter_height == 1 && options->filter_width == 1
         && options->stride_height == 1 && options->stride_width == 1
         && options->activation == FETTLE_ACTIVATION_NONE;
}

/* K receives the place of the input that the output would be a copy of. */
static gboolean
is_copy (FettleGraph *graph, guint layer, guint *k)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  *k = fettle_opcode_get_data_input (operator_->opcode);
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_SQUEEZE:
    case FETTLE_OPCODE_EXPAND_DIMS:
    case FETTLE_OPCODE_QUANTIZE:
    case FETTLE_OPCODE_CAST:
      return TRUE; /* of the same shape and encoding, as has been seen */
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
      return is_unit_pool (&operator_->options);
    case FETTLE_OPCODE_MUL:
    case FETTLE_OPCODE_DIV:
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_SUB:
      return is_neutral (graph, operator_, k);
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_DEQUANTIZE:
      return FALSE; /* they compute */
    default:
      return fettle_opcode_moves_data (operator_->opcode)
             && leaves_in_place (graph, layer, *k);
    }
}

static gboolean
is_candidate (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  gboolean fits = FALSE;

  if (operator_->outputs->len != 1 || output->type == FETTLE_TYPE_BOOL)
    return FALSE;
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, k);

      fits |= input != NULL && have_same_shape (input, output)
              && fettle_tensors_have_same_encoding (input, output);
    }
  return fits;
}

static gboolean
remove_if_copy (FettleTuning *tuning, FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *input;
  g_autofree char *name = g_strdup (operator_->name);
  guint k;

  if (!is_candidate (graph, operator_) || !is_copy (graph, layer, &k))
    return FALSE;
  input = fettle_graph_get_operator_input (graph, operator_, k);
  if (!have_same_shape (input, fettle_graph_get_operator_output (graph, operator_, 0))
      || !fettle_tensors_have_same_encoding (
          input, fettle_graph_get_operator_output (graph, operator_, 0))
      || !fettle_graph_bypass_layer (graph, layer, k))
    return FALSE;
  fettle_tuning_report (tuning, name, _ ("Removed: it changes nothing."));
  return TRUE;
}

guint
fettle_fold_copies (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    if (remove_if_copy (tuning, graph, i))
      n_folded++;
    else
      i++;
  return n_folded;
}
