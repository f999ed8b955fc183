/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-intervals.c: between which values each channel stays, whatever the input. */
#include "config.h"
#include "tuner/channel-intervals.h"
#include "model/elementwise.h"
#include "tuner/layer-runner.h"

#include <math.h>

#define MAX_OPERANDS 2 /* that are looked at at both ends independently */

typedef enum
{
  BEHAVIOUR_UNKNOWN,
  BEHAVIOUR_RISING,      /* never falls when any input rises */
  BEHAVIOUR_DIFFERENCE,  /* rises with the first input, falls with the second */
  BEHAVIOUR_CORNERS,     /* has its extremes where each input has one of its own */
  BEHAVIOUR_ELEMENTWISE, /* each element comes from those at the same place */
} Behaviour;

guint
fettle_tensor_get_n_channels (const FettleTensor *tensor)
{
  return tensor->rank > 0 ? (guint)tensor->shape[tensor->rank - 1] : 1;
}

gboolean
fettle_intervals_is_constant (const FettleIntervals *intervals, guint c, double *value)
{
  *value = intervals->n_channels > 0 ? intervals->minimum[c] : INFINITY;
  return isfinite (*value) && intervals->minimum[c] == intervals->maximum[c];
}

static gboolean
get_type_range (FettleType type, double *minimum, double *maximum)
{
  switch (type)
    {
    case FETTLE_TYPE_FLOAT32:
      *minimum = -INFINITY, *maximum = INFINITY;
      return TRUE;
    case FETTLE_TYPE_INT8:
      *minimum = G_MININT8, *maximum = G_MAXINT8;
      return TRUE;
    case FETTLE_TYPE_UINT8:
      *minimum = 0, *maximum = G_MAXUINT8;
      return TRUE;
    case FETTLE_TYPE_INT16:
      *minimum = G_MININT16, *maximum = G_MAXINT16;
      return TRUE;
    default:
      return FALSE;
    }
}

static double
read_value (FettleType type, gconstpointer data, gsize index)
{
  switch (type)
    {
    case FETTLE_TYPE_FLOAT32:
      return (double)((const float *)data)[index];
    case FETTLE_TYPE_INT8:
      return ((const gint8 *)data)[index];
    case FETTLE_TYPE_UINT8:
      return ((const guint8 *)data)[index];
    default:
      return ((const gint16 *)data)[index];
    }
}

static void
write_value (FettleType type, gpointer data, gsize index, double value)
{
  switch (type)
    {
    case FETTLE_TYPE_FLOAT32:
      ((float *)data)[index] = (float)value;
      break;
    case FETTLE_TYPE_INT8:
      ((gint8 *)data)[index] = (gint8)value;
      break;
    case FETTLE_TYPE_UINT8:
      ((guint8 *)data)[index] = (guint8)value;
      break;
    default:
      ((gint16 *)data)[index] = (gint16)value;
      break;
    }
}

static void
clear_intervals (gpointer data)
{
  FettleIntervals *intervals = data;

  g_free (intervals->minimum);
  g_free (intervals->maximum);
}

static void
set_all (FettleIntervals *intervals, double minimum, double maximum)
{
  for (guint c = 0; c < intervals->n_channels; c++)
    {
      intervals->minimum[c] = minimum;
      intervals->maximum[c] = maximum;
    }
}

static void
include (FettleIntervals *intervals, guint c, double value)
{
  /* An infinity taken from another, or times 0: nothing is known. */
  if (isnan (value))
    {
      intervals->minimum[c] = -INFINITY;
      intervals->maximum[c] = INFINITY;
      return;
    }
  intervals->minimum[c] = MIN (intervals->minimum[c], value);
  intervals->maximum[c] = MAX (intervals->maximum[c], value);
}

static void
include_all (FettleIntervals *intervals, FettleType type, gconstpointer data, gsize n)
{
  for (gsize i = 0; i < n; i++)
    include (intervals, (guint)(i % intervals->n_channels), read_value (type, data, i));
}

static FettleIntervals
intervals_new (const FettleTensor *tensor)
{
  FettleIntervals intervals = { 0 };
  double minimum = 0.0, maximum = 0.0;

  if (!get_type_range (tensor->type, &minimum, &maximum))
    return intervals;
  intervals.n_channels = fettle_tensor_get_n_channels (tensor);
  intervals.minimum = g_new (double, intervals.n_channels);
  intervals.maximum = g_new (double, intervals.n_channels);
  set_all (&intervals, minimum, maximum);
  if (tensor->data == NULL)
    return intervals;
  set_all (&intervals, INFINITY, -INFINITY);
  include_all (&intervals, tensor->type, g_bytes_get_data (tensor->data, NULL),
               fettle_tensor_get_n_elements (tensor));
  return intervals;
}

/* By opcode and by the type of the data. What is monotone as a formula is so in floating point only if each
 * of its operations is; interpolation and functions from the C library are not. */
static Behaviour
find_behaviour (FettleOpcode opcode, FettleType type)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_MINIMUM:
    case FETTLE_OPCODE_MAXIMUM:
    case FETTLE_OPCODE_RELU:
    case FETTLE_OPCODE_RELU6:
    case FETTLE_OPCODE_RELU_N1_TO_1:
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_SQUEEZE:
    case FETTLE_OPCODE_EXPAND_DIMS:
    case FETTLE_OPCODE_PAD:
    case FETTLE_OPCODE_PADV2:
    case FETTLE_OPCODE_MIRROR_PAD:
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
    case FETTLE_OPCODE_QUANTIZE:
    case FETTLE_OPCODE_DEQUANTIZE:
    case FETTLE_OPCODE_CONCATENATION:
    case FETTLE_OPCODE_SPLIT:
    case FETTLE_OPCODE_SPLIT_V:
    case FETTLE_OPCODE_PACK:
    case FETTLE_OPCODE_UNPACK:
    case FETTLE_OPCODE_SLICE:
    case FETTLE_OPCODE_STRIDED_SLICE:
    case FETTLE_OPCODE_TRANSPOSE:
    case FETTLE_OPCODE_SPACE_TO_DEPTH:
    case FETTLE_OPCODE_DEPTH_TO_SPACE:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
    case FETTLE_OPCODE_FLOOR:
    case FETTLE_OPCODE_CEIL:
    case FETTLE_OPCODE_ROUND:
      return BEHAVIOUR_RISING;
    case FETTLE_OPCODE_RESIZE_BILINEAR:
      return type == FETTLE_TYPE_INT8 ? BEHAVIOUR_RISING : BEHAVIOUR_UNKNOWN;
    case FETTLE_OPCODE_SUB:
      return BEHAVIOUR_DIFFERENCE;
    case FETTLE_OPCODE_MUL:
      return BEHAVIOUR_CORNERS;
    default:
      return fettle_elementwise_count_inputs (opcode) > 0 ? BEHAVIOUR_ELEMENTWISE
                                                          : BEHAVIOUR_UNKNOWN;
    }
}

typedef struct
{
  FettleGraph *graph;
  const FettleOperator *operator_;
  GArray *intervals;
  FettleLayerRunner *runner;
} Layer;

static const FettleIntervals *
get_input (const Layer *layer, guint k)
{
  return &g_array_index (layer->intervals, FettleIntervals,
                         fettle_operator_get_input (layer->operator_, k));
}

static FettleIntervals *
get_output (const Layer *layer, guint k)
{
  return &g_array_index (layer->intervals, FettleIntervals,
                         fettle_operator_get_output (layer->operator_, k));
}

void
fettle_intervals_fill (const FettleIntervals *intervals, const FettleTensor *tensor,
                       double value, gpointer place)
{
  gsize n = fettle_tensor_get_n_elements (tensor);

  for (gsize i = 0; i < n; i++)
    {
      guint c = (guint)(i % intervals->n_channels);

      write_value (tensor->type, place, i,
                   CLAMP (value, intervals->minimum[c], intervals->maximum[c]));
    }
}

/* Operand K, if it varies. */
static void
fill (const Layer *layer, guint k, double value)
{
  gpointer place = fettle_layer_runner_get_input (layer->runner, k, NULL);

  if (place != NULL)
    fettle_intervals_fill (
        get_input (layer, k),
        fettle_graph_get_operator_input (layer->graph, layer->operator_, k), value,
        place);
}

static void
run (const Layer *layer)
{
  fettle_layer_runner_run (layer->runner);
  for (guint k = 0; k < layer->operator_->outputs->len; k++)
    {
      const FettleTensor *tensor =
          fettle_graph_get_operator_output (layer->graph, layer->operator_, k);

      include_all (get_output (layer, k), tensor->type,
                   fettle_layer_runner_get_output (layer->runner, k, NULL),
                   fettle_tensor_get_n_elements (tensor));
    }
}

/* Operand k at its upper end if bit k of WHICH is set, else at its lower one; those from the second on all
 * go with the second's bit. */
static void
run_at (const Layer *layer, guint which)
{
  for (guint k = 0; k < layer->operator_->inputs->len; k++)
    fill (layer, k, which & (1u << MIN (k, MAX_OPERANDS - 1)) ? INFINITY : -INFINITY);
  run (layer);
}

static gboolean
all_operands_constant (const Layer *layer, guint c)
{
  for (guint k = 0; k < layer->operator_->inputs->len; k++)
    {
      const FettleIntervals *input = get_input (layer, k);
      double value;

      if (!fettle_intervals_is_constant (input, input->n_channels > 1 ? c : 0, &value))
        return FALSE;
    }
  return TRUE;
}

/* An element-wise operator of which nothing else is known: every value of an int8 input, and else what
 * constants give. */
static void
run_elementwise (const Layer *layer)
{
  const FettleTensor *first =
      fettle_graph_get_operator_input (layer->graph, layer->operator_, 0);
  const FettleTensor *second =
      fettle_graph_get_operator_input (layer->graph, layer->operator_, 1);
  FettleIntervals *output = get_output (layer, 0);
  double minimum = 0.0, maximum = 0.0;

  if (first->type == FETTLE_TYPE_INT8 && first->data == NULL
      && (second == NULL || second->data != NULL))
    {
      for (gint value = G_MININT8; value <= G_MAXINT8; value++)
        {
          fill (layer, 0, value);
          run (layer);
        }
      return;
    }
  run_at (layer, 0);
  get_type_range (
      fettle_graph_get_operator_output (layer->graph, layer->operator_, 0)->type,
      &minimum, &maximum);
  for (guint c = 0; c < output->n_channels; c++)
    if (!all_operands_constant (layer, c))
      {
        output->minimum[c] = minimum;
        output->maximum[c] = maximum;
      }
}

/* TRUE if everything that varies is followed. */
static gboolean
is_followed (const Layer *layer)
{
  for (guint k = 0; k < layer->operator_->inputs->len; k++)
    {
      const FettleTensor *input =
          fettle_graph_get_operator_input (layer->graph, layer->operator_, k);

      if (input == NULL || input->is_variable
          || (input->data == NULL && get_input (layer, k)->n_channels == 0))
        return FALSE;
    }
  for (guint k = 0; k < layer->operator_->outputs->len; k++)
    if (get_output (layer, k)->n_channels == 0)
      return FALSE;
  return TRUE;
}

static void
run_behaviour (const Layer *layer, Behaviour behaviour)
{
  for (guint k = 0; k < layer->operator_->outputs->len; k++)
    set_all (get_output (layer, k), INFINITY, -INFINITY);
  switch (behaviour)
    {
    case BEHAVIOUR_RISING:
      run_at (layer, 0);
      run_at (layer, 3);
      break;
    case BEHAVIOUR_DIFFERENCE:
      run_at (layer, 1);
      run_at (layer, 2);
      break;
    case BEHAVIOUR_CORNERS:
      for (guint which = 0; which < 4; which++)
        run_at (layer, which);
      break;
    default:
      run_elementwise (layer);
      break;
    }
}

static void
follow (FettleGraph *graph, guint index, GArray *intervals)
{
  Layer layer = { graph, fettle_graph_get_operator (graph, index), intervals, NULL };
  guint data_input = fettle_opcode_get_data_input (layer.operator_->opcode);
  FettleType type =
      fettle_graph_get_operator_input (graph, layer.operator_, data_input)->type;
  Behaviour behaviour = find_behaviour (layer.operator_->opcode, type);

  switch (layer.operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
      fettle_intervals_find_weighted (graph, index, get_input (&layer, 0),
                                      get_output (&layer, 0));
      return;
    default:
      break;
    }
  if (behaviour == BEHAVIOUR_UNKNOWN || !is_followed (&layer))
    return;
  layer.runner = fettle_layer_runner_new (graph, index, NULL);
  if (layer.runner == NULL)
    return;
  run_behaviour (&layer, behaviour);
  fettle_layer_runner_free (layer.runner);
}

GArray *
fettle_channel_intervals_find (FettleGraph *graph)
{
  GArray *intervals = g_array_new (FALSE, FALSE, sizeof (FettleIntervals));

  g_array_set_clear_func (intervals, clear_intervals);
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      FettleIntervals tensor = intervals_new (fettle_graph_get_tensor (graph, i));

      g_array_append_val (intervals, tensor);
    }
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    follow (graph, i, intervals);
  return intervals;
}
