/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-ties.c: which channels of which tensors can only be removed together. */
#include "config.h"
#include "tuner/channel-ties.h"
#include "model/elementwise.h"
#include "tuner/channel-intervals.h"

/* An operator being tied. */
typedef struct
{
  FettleChannelTies *ties;
  FettleGraph *graph;
  const FettleOperator *operator_;
} Tying;

static guint
find_group (FettleChannelTies *ties, guint channel)
{
  while (ties->parents[channel] != channel)
    {
      ties->parents[channel] = ties->parents[ties->parents[channel]];
      channel = ties->parents[channel];
    }
  return channel;
}

static guint
count_channels (const FettleChannelTies *ties, gint32 tensor)
{
  return ties->offsets[tensor + 1] - ties->offsets[tensor];
}

gboolean
fettle_channel_ties_is_kept (FettleChannelTies *ties, gint32 tensor, guint c)
{
  return ties->is_kept[find_group (ties, ties->offsets[tensor] + c)];
}

void
fettle_channel_ties_keep (FettleChannelTies *ties, gint32 tensor, guint c)
{
  ties->is_kept[find_group (ties, ties->offsets[tensor] + c)] = TRUE;
}

guint
fettle_channel_ties_count_kept (FettleChannelTies *ties, gint32 tensor)
{
  guint n = 0;

  for (guint c = 0; c < count_channels (ties, tensor); c++)
    n += fettle_channel_ties_is_kept (ties, tensor, c);
  return n;
}

static void
keep_all (FettleChannelTies *ties, gint32 tensor)
{
  for (guint c = 0; tensor >= 0 && c < count_channels (ties, tensor); c++)
    fettle_channel_ties_keep (ties, tensor, c);
}

static void
keep_operands (const Tying *tying)
{
  for (guint k = 0; k < tying->operator_->inputs->len; k++)
    keep_all (tying->ties, fettle_operator_get_input (tying->operator_, k));
  for (guint k = 0; k < tying->operator_->outputs->len; k++)
    keep_all (tying->ties, fettle_operator_get_output (tying->operator_, k));
}

static void
tie (FettleChannelTies *ties, gint32 a, guint channel_a, gint32 b, guint channel_b)
{
  guint group_a = find_group (ties, ties->offsets[a] + channel_a);
  guint group_b = find_group (ties, ties->offsets[b] + channel_b);

  ties->is_kept[group_a] |= ties->is_kept[group_b];
  ties->parents[group_b] = group_a;
}

/* Channel i of the one with i mod the other's number of channels; keeps both if they do not divide. */
static void
tie_repeating (FettleChannelTies *ties, gint32 a, gint32 b)
{
  guint n_a = count_channels (ties, a), n_b = count_channels (ties, b);
  guint n = MAX (n_a, n_b);

  if (n % n_a != 0 || n % n_b != 0)
    {
      keep_all (ties, a);
      keep_all (ties, b);
      return;
    }
  for (guint c = 0; c < n; c++)
    tie (ties, a, c % n_a, b, c % n_b);
}

/* An operand with one value for all channels stays as it is. */
static void
tie_broadcast (FettleChannelTies *ties, gint32 operand, gint32 output)
{
  if (count_channels (ties, operand) == count_channels (ties, output))
    tie_repeating (ties, operand, output);
  else
    keep_all (ties, operand);
}

/* The data input with each output; all other inputs stay. */
static void
tie_data (const Tying *tying)
{
  guint data_input = fettle_opcode_get_data_input (tying->operator_->opcode);
  gint32 data = fettle_operator_get_input (tying->operator_, data_input);

  for (guint k = 0; k < tying->operator_->inputs->len; k++)
    if (k != data_input)
      keep_all (tying->ties, fettle_operator_get_input (tying->operator_, k));
  for (guint k = 0; k < tying->operator_->outputs->len; k++)
    tie_repeating (tying->ties, data, fettle_operator_get_output (tying->operator_, k));
}

static void
tie_data_if (const Tying *tying, gboolean keeps_channels)
{
  if (keeps_channels)
    tie_data (tying);
  else
    keep_operands (tying);
}

static void
tie_operands (const Tying *tying)
{
  gint32 output = fettle_operator_get_output (tying->operator_, 0);

  for (guint k = 0; k < tying->operator_->inputs->len; k++)
    tie_broadcast (tying->ties, fettle_operator_get_input (tying->operator_, k), output);
}

static guint
get_rank (const Tying *tying, gint32 tensor)
{
  return fettle_graph_get_tensor (tying->graph, (guint)tensor)->rank;
}

/* TRUE if the option AXIS names the last of RANK axes. */
static gboolean
is_last_axis (const Tying *tying, guint rank)
{
  gint32 axis = tying->operator_->options.axis;

  return axis == -1 || axis + 1 == (gint32)rank;
}

static void
tie_concatenation (const Tying *tying)
{
  gint32 output = fettle_operator_get_output (tying->operator_, 0);
  guint first = 0;

  if (!is_last_axis (tying, get_rank (tying, output)))
    {
      tie_operands (tying);
      return;
    }
  for (guint k = 0; k < tying->operator_->inputs->len; k++)
    {
      gint32 input = fettle_operator_get_input (tying->operator_, k);

      for (guint c = 0; c < count_channels (tying->ties, input); c++)
        tie (tying->ties, input, c, output, first + c);
      first += count_channels (tying->ties, input);
    }
}

/* TRUE if constant input K holds neither the last of RANK axes nor its number from the end. */
static gboolean
spares_last_axis (const Tying *tying, guint k, guint rank)
{
  g_autofree gint64 *axes = NULL;
  gsize n;

  axes = fettle_tensor_read_integers (
      fettle_graph_get_operator_input (tying->graph, tying->operator_, k), &n);
  for (gsize i = 0; i < n; i++)
    if (axes[i] == -1 || axes[i] + 1 == (gint64)rank)
      return FALSE;
  return TRUE;
}

static gboolean
transposes_last_axis (const Tying *tying)
{
  g_autofree gint64 *order = NULL;
  gsize n;

  order = fettle_tensor_read_integers (
      fettle_graph_get_operator_input (tying->graph, tying->operator_, 1), &n);
  return n == 0 || order[n - 1] + 1 != (gint64)n;
}

/* TRUE if height, width or batch is padded, but not the channels. */
static gboolean
has_same_channels (const Tying *tying)
{
  return count_channels (tying->ties, fettle_operator_get_input (tying->operator_, 0))
         == count_channels (tying->ties,
                            fettle_operator_get_output (tying->operator_, 0));
}

/* FALSE if there is a bias whose elements do not lie along its last axis. */
static gboolean
has_plain_bias (const Tying *tying)
{
  const FettleTensor *bias = fettle_graph_get_operator_input (
      tying->graph, tying->operator_,
      tying->operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV ? 3 : 2);

  return bias == NULL
         || fettle_tensor_get_n_elements (bias) == fettle_tensor_get_n_channels (bias);
}

static void
tie_weighted (const Tying *tying, guint layer)
{
  gint32 data = fettle_operator_get_input (
      tying->operator_, fettle_opcode_get_data_input (tying->operator_->opcode));
  gint32 output = fettle_operator_get_output (tying->operator_, 0);
  guint multiplier;

  /* Weights and bias are sliced by their layer, which knows along which axes. */
  for (guint k = 0; k < tying->operator_->inputs->len; k++)
    if (fettle_operator_get_input (tying->operator_, k) != data)
      keep_all (tying->ties, fettle_operator_get_input (tying->operator_, k));
  if (tying->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    {
      multiplier =
          count_channels (tying->ties, output) / count_channels (tying->ties, data);
      for (guint c = 0; c < count_channels (tying->ties, output); c++)
        tie (tying->ties, data, c / multiplier, output, c);
    }
  else if (!fettle_channel_ties_is_separable (tying->graph, layer))
    keep_operands (tying);
  if (!has_plain_bias (tying))
    keep_all (tying->ties, output);
}

static void
tie_layer (const Tying *tying, guint layer)
{
  FettleOpcode opcode = tying->operator_->opcode;
  gint32 input =
      fettle_operator_get_input (tying->operator_, fettle_opcode_get_data_input (opcode));
  guint rank = input >= 0 ? get_rank (tying, input) : 0;

  switch (opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      tie_weighted (tying, layer);
      break;
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_SQUEEZE:
    case FETTLE_OPCODE_EXPAND_DIMS:
    case FETTLE_OPCODE_QUANTIZE:
    case FETTLE_OPCODE_DEQUANTIZE:
    case FETTLE_OPCODE_CAST:
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
      tie_data (tying);
      break;
    case FETTLE_OPCODE_PAD:
    case FETTLE_OPCODE_PADV2:
    case FETTLE_OPCODE_MIRROR_PAD:
      tie_data_if (tying, has_same_channels (tying));
      break;
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
      tie_data_if (tying, spares_last_axis (tying, 1, rank));
      break;
    case FETTLE_OPCODE_SPLIT:
      tie_data_if (tying, spares_last_axis (tying, 0, rank));
      break;
    case FETTLE_OPCODE_SPLIT_V:
      tie_data_if (tying, spares_last_axis (tying, 2, rank));
      break;
    case FETTLE_OPCODE_TRANSPOSE:
      tie_data_if (tying, !transposes_last_axis (tying));
      break;
    case FETTLE_OPCODE_UNPACK:
      tie_data_if (tying, !is_last_axis (tying, rank));
      break;
    case FETTLE_OPCODE_PACK:
      if (is_last_axis (tying, rank + 1))
        keep_operands (tying);
      else
        tie_operands (tying);
      break;
    case FETTLE_OPCODE_CONCATENATION:
      tie_concatenation (tying);
      break;
    default:
      if (fettle_elementwise_count_inputs (opcode) > 0)
        tie_operands (tying);
      else
        keep_operands (tying);
      break;
    }
}

gboolean
fettle_channel_ties_is_separable (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *weights, *input;
  gint32 depth, n_channels;

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      break;
    default:
      return FALSE;
    }
  input = fettle_graph_get_operator_input (
      graph, operator_, fettle_opcode_get_data_input (operator_->opcode));
  weights = fettle_graph_get_operator_input (graph, operator_, 1);
  depth = weights->shape[weights->rank - 1];
  n_channels = (gint32)fettle_tensor_get_n_channels (input);
  return operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED ? depth % n_channels == 0
                                                            : depth == n_channels;
}

/* What cannot lose channels, whoever reads it. */
static void
keep_ends (FettleChannelTies *ties, FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    keep_all (ties, (gint32)fettle_graph_get_input (graph, i));
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    keep_all (ties, (gint32)fettle_graph_get_output (graph, i));
  for (guint i = 0; i < ties->n_tensors; i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (graph, i);

      if (tensor->is_variable
          || (tensor->quantization.n_channels > 1 && tensor->data == NULL))
        keep_all (ties, (gint32)i);
    }
}

FettleChannelTies *
fettle_channel_ties_new (FettleGraph *graph)
{
  FettleChannelTies *self = g_new0 (FettleChannelTies, 1);
  guint n_channels = 0;

  self->n_tensors = fettle_graph_get_n_tensors (graph);
  self->offsets = g_new (guint, self->n_tensors + 1);
  for (guint i = 0; i < self->n_tensors; i++)
    {
      self->offsets[i] = n_channels;
      n_channels += fettle_tensor_get_n_channels (fettle_graph_get_tensor (graph, i));
    }
  self->offsets[self->n_tensors] = n_channels;
  self->parents = g_new (guint, n_channels);
  for (guint i = 0; i < n_channels; i++)
    self->parents[i] = i;
  self->is_kept = g_new0 (gboolean, n_channels);
  keep_ends (self, graph);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const Tying tying = { self, graph, fettle_graph_get_operator (graph, i) };

      tie_layer (&tying, i);
    }
  return self;
}

void
fettle_channel_ties_free (FettleChannelTies *ties)
{
  g_free (ties->offsets);
  g_free (ties->parents);
  g_free (ties->is_kept);
  g_free (ties);
}
