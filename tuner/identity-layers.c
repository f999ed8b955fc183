/* SPDX-License-Identifier: GPL-3.0-or-later */
/* identity-layers.c: layers that give back whatever can come to them. */
#include "config.h"
#include "tuner/identity-layers.h"
#include "model/elementwise.h"
#include "tuner/channel-intervals.h"
#include "tuner/graph-edit.h"
#include "tuner/layer-runner.h"

#include <math.h>
#include <string.h>

#define NO_OPERAND G_MAXUINT

/* A layer whose operand K is the only one that varies. */
typedef struct
{
  const FettleTensor *tensor;
  const FettleIntervals *intervals;
  FettleLayerRunner *runner;
  guint k;
} Trial;

static gboolean
is_unit_window (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleOptions *options = &operator_->options;
  const FettleTensor *weights = fettle_graph_get_operator_input (graph, operator_, 1);

  if (options->stride_height != 1 || options->stride_width != 1)
    return FALSE;
  if (operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    return weights->shape[1] == 1 && weights->shape[2] == 1;
  return options->filter_height == 1 && options->filter_width == 1;
}

static gboolean
is_element_by_element (FettleGraph *graph, const FettleOperator *operator_)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      return is_unit_window (graph, operator_);
    default:
      return fettle_elementwise_count_inputs (operator_->opcode) > 0;
    }
}

/* Between the values that stay as they are nothing changes either. */
static gboolean
is_clamp (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_RELU || opcode == FETTLE_OPCODE_RELU6
         || opcode == FETTLE_OPCODE_RELU_N1_TO_1 || opcode == FETTLE_OPCODE_MINIMUM
         || opcode == FETTLE_OPCODE_MAXIMUM;
}

/* The only operand that varies, if the output looks like it. */
static guint
find_operand (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  guint varying = NO_OPERAND;

  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, k);

      if (input == NULL || input->data != NULL)
        continue;
      if (varying != NO_OPERAND || input->rank != output->rank
          || memcmp (input->shape, output->shape, input->rank * sizeof *input->shape) != 0
          || !fettle_tensors_have_same_encoding (input, output))
        return NO_OPERAND;
      varying = k;
    }
  return varying;
}

static gboolean
gives_back (const Trial *trial, double value)
{
  gsize size = fettle_tensor_get_size (trial->tensor);
  g_autofree gpointer expected = g_malloc (size);

  fettle_intervals_fill (trial->intervals, trial->tensor, value, expected);
  memcpy (fettle_layer_runner_get_input (trial->runner, trial->k, NULL), expected, size);
  fettle_layer_runner_run (trial->runner);
  return memcmp (fettle_layer_runner_get_output (trial->runner, 0, NULL), expected, size)
         == 0;
}

static gboolean
is_identity (const Trial *trial, FettleOpcode opcode)
{
  if (is_clamp (opcode))
    return gives_back (trial, -INFINITY) && gives_back (trial, INFINITY);
  if (trial->tensor->type != FETTLE_TYPE_INT8)
    return FALSE;
  for (gint value = G_MININT8; value <= G_MAXINT8; value++)
    if (!gives_back (trial, value))
      return FALSE;
  return TRUE;
}

static gboolean
remove_if_identity (FettleGraph *graph, guint layer, GArray *intervals)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  Trial trial = { .k = find_operand (graph, operator_) };
  gboolean identity;

  if (operator_->outputs->len != 1 || trial.k == NO_OPERAND
      || !is_element_by_element (graph, operator_))
    return FALSE;
  trial.tensor = fettle_graph_get_operator_input (graph, operator_, trial.k);
  trial.intervals = &g_array_index (intervals, FettleIntervals,
                                    fettle_operator_get_input (operator_, trial.k));
  if (trial.intervals->n_channels == 0 || trial.tensor->is_variable)
    return FALSE;
  trial.runner = fettle_layer_runner_new (graph, layer, NULL);
  if (trial.runner == NULL)
    return FALSE;
  identity = is_identity (&trial, operator_->opcode);
  fettle_layer_runner_free (trial.runner);
  return identity && fettle_graph_bypass_layer (graph, layer, trial.k);
}

guint
fettle_remove_identity_layers (FettleGraph *graph)
{
  /* A layer that goes leaves the values of all others as they are. */
  g_autoptr (GArray) intervals = fettle_channel_intervals_find (graph);
  guint n_removed = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    if (remove_if_identity (graph, i, intervals))
      n_removed++;
    else
      i++;
  return n_removed;
}
