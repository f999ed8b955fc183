/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remove-channels.c: takes channels out of a graph. */
#include "config.h"
#include "tuner/remove-channels.h"
#include "tuner/stored-weights.h"
#include "tuner/tensor-slice.h"

#include <string.h>

#define SUFFIX "/live"

typedef struct
{
  FettleGraph *graph;
  FettleChannelTies *ties;
} Removal;

static guint
count_channels (const Removal *self, gint32 tensor)
{
  return self->ties->offsets[tensor + 1] - self->ties->offsets[tensor];
}

static gboolean
loses_channels (const Removal *self, gint32 tensor)
{
  return fettle_channel_ties_count_kept (self->ties, tensor)
         < count_channels (self, tensor);
}

/* Per element of an axis of N, which repeats the channels of TENSOR: whether it is kept. */
static gboolean *
list_kept (const Removal *self, gint32 tensor, guint n)
{
  gboolean *is_kept = g_new (gboolean, n);

  for (guint i = 0; i < n; i++)
    is_kept[i] = fettle_channel_ties_is_kept (self->ties, tensor,
                                              i % count_channels (self, tensor));
  return is_kept;
}

/* Input K of OPERATOR_ without the elements along AXIS that fall away with TENSOR's channels. */
static void
slice_input (const Removal *self, FettleOperator *operator_, guint k, guint axis,
             gint32 tensor)
{
  gint32 *input = &g_array_index (operator_->inputs, gint32, k);
  g_autofree gboolean *is_kept = NULL;

  if (k >= operator_->inputs->len || *input < 0 || !loses_channels (self, tensor))
    return;
  is_kept = list_kept (
      self, tensor,
      (guint)fettle_graph_get_tensor (self->graph, (guint)*input)->shape[axis]);
  *input = (gint32)fettle_tensor_add_slice (self->graph, (guint)*input, axis, is_kept);
}

/* What the constants that fall away add to output channel O. */
static double
sum_constants (const Removal *self, const FettleChannelReader *reader,
               const FettleStoredWeights *weights, guint o)
{
  double sum = 0.0;

  for (guint c = 0; c < weights->n_inputs; c++)
    if (!fettle_channel_ties_is_kept (self->ties, reader->input, c)
        && reader->is_foldable[c] && reader->values[c] != 0.0)
      for (guint tap = 0; tap < weights->n_taps; tap++)
        if (weights->is_read[tap])
          sum += fettle_stored_weights_get (weights, o, tap)[c] * reader->values[c];
  return sum;
}

static GBytes *
make_bias (FettleType type, const double *values, guint n)
{
  gsize size = fettle_type_get_size (type);
  guint8 *data = g_malloc (n * size);

  for (guint o = 0; o < n; o++)
    {
      gint64 whole;

      if (type == FETTLE_TYPE_FLOAT32)
        ((float *)(gpointer)data)[o] = (float)values[o];
      else
        {
          whole = GINT64_TO_LE ((gint64)values[o]);
          memcpy (data + o * size, &whole, size);
        }
    }
  return g_bytes_new_take (data, n * size);
}

/* Scales and zero points of OPERATOR_'s bias. */
static void
set_bias_scales (FettleGraph *graph, const FettleOperator *operator_, FettleTensor *bias)
{
  const FettleTensor *old = fettle_graph_get_operator_input (graph, operator_, 2);
  const FettleQuantization *quantization =
      old != NULL ? &old->quantization
                  : &fettle_graph_get_operator_input (graph, operator_, 1)->quantization;
  g_autofree float *scales = g_new (float, quantization->n_channels);
  g_autofree gint32 *zero_points = g_new0 (gint32, quantization->n_channels);
  float input_scale = 1.0f;

  if (old == NULL)
    fettle_tensor_get_scale (fettle_graph_get_operator_input (graph, operator_, 0),
                             &input_scale, NULL);
  for (guint i = 0; i < quantization->n_channels; i++)
    scales[i] = input_scale * quantization->scales[i];
  fettle_tensor_set_quantization (bias, quantization->n_channels, 0, scales, zero_points);
}

static void
set_bias (FettleGraph *graph, FettleOperator *operator_, const double *values, guint n)
{
  const FettleTensor *old = fettle_graph_get_operator_input (graph, operator_, 2);
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  FettleType type = old != NULL                          ? old->type
                    : input->type == FETTLE_TYPE_FLOAT32 ? FETTLE_TYPE_FLOAT32
                                                         : FETTLE_TYPE_INT32;
  g_autofree char *name =
      old != NULL ? g_strdup (old->name) : g_strconcat (operator_->name, "/bias", NULL);
  const gint32 shape[] = { (gint32)n };
  gint32 index = (gint32)fettle_graph_add_tensor (graph, name, type, 1, shape);
  FettleTensor *bias = fettle_graph_get_tensor (graph, (guint)index);

  set_bias_scales (graph, operator_, bias);
  bias->data = make_bias (type, values, n);
  if (operator_->inputs->len < 3)
    g_array_append_val (operator_->inputs, index);
  else
    g_array_index (operator_->inputs, gint32, 2) = index;
}

/* Moves the constants among what READER loses to its bias. */
static void
fold_constants (const Removal *self, const FettleChannelReader *reader)
{
  g_autoptr (FettleStoredWeights) weights =
      fettle_stored_weights_new (self->graph, reader->layer);
  g_autofree double *sums = g_new0 (double, weights->n_outputs);
  gboolean changes = FALSE;

  for (guint o = 0; o < weights->n_outputs; o++)
    {
      sums[o] = sum_constants (self, reader, weights, o);
      changes |= sums[o] != 0.0;
      sums[o] += weights->bias != NULL ? weights->bias[o] : 0.0;
    }
  if (changes)
    set_bias (self->graph, fettle_graph_get_operator (self->graph, reader->layer), sums,
              weights->n_outputs);
}

static void
slice_weights (const Removal *self, FettleOperator *operator_)
{
  guint data = fettle_opcode_get_data_input (operator_->opcode);
  gint32 input = fettle_operator_get_input (operator_, data);
  gint32 output = fettle_operator_get_output (operator_, 0);
  gboolean is_depthwise = operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const FettleTensor *bias;
  guint bias_place = data == 0 ? 2 : 3;

  slice_input (self, operator_, 1, is_depthwise ? 3 : 0, output);
  if (!is_depthwise)
    slice_input (self, operator_, 1,
                 operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED ? 1 : 3, input);
  bias = fettle_graph_get_operator_input (self->graph, operator_, bias_place);
  if (bias != NULL)
    slice_input (self, operator_, bias_place, bias->rank - 1, output);
}

/* The shape that OPERATOR_ is told in input K, which must be that of its output. */
static void
replace_shape (FettleGraph *graph, FettleOperator *operator_, guint k)
{
  const FettleTensor *old = fettle_graph_get_operator_input (graph, operator_, k);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  const gint32 rank = (gint32)output->rank;
  g_autofree gint32 *shape = g_new (gint32, output->rank);
  guint index;

  if (old == NULL)
    return;
  for (guint i = 0; i < output->rank; i++)
    shape[i] = GINT32_TO_LE (output->shape[i]);
  index = fettle_graph_add_tensor (graph, old->name, FETTLE_TYPE_INT32, 1, &rank);
  fettle_graph_get_tensor (graph, index)->data =
      g_bytes_new (shape, output->rank * sizeof *shape);
  g_array_index (operator_->inputs, gint32, k) = (gint32)index;
}

static void
slice_layers (const Removal *self)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (self->graph, i);

      switch (operator_->opcode)
        {
        case FETTLE_OPCODE_CONV_2D:
        case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
        case FETTLE_OPCODE_FULLY_CONNECTED:
        case FETTLE_OPCODE_TRANSPOSE_CONV:
          slice_weights (self, operator_);
          break;
        default:
          break;
        }
    }
}

static void
slice_tensor (const Removal *self, guint index)
{
  FettleTensor *tensor = fettle_graph_get_tensor (self->graph, index);
  guint axis = tensor->rank - 1;
  g_autofree gboolean *is_kept = NULL;
  char *name;

  if (tensor->data != NULL)
    {
      is_kept = list_kept (self, (gint32)index, (guint)tensor->shape[axis]);
      fettle_tensor_slice (tensor, axis, is_kept);
      return;
    }
  tensor->shape[axis] =
      (gint32)fettle_channel_ties_count_kept (self->ties, (gint32)index);
  if (g_str_has_suffix (tensor->name, SUFFIX))
    return;
  name = g_strconcat (tensor->name, SUFFIX, NULL);
  g_free (tensor->name);
  tensor->name = name;
}

static void
correct_shapes (const Removal *self)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (self->graph, i);

      if (!loses_channels (self, fettle_operator_get_output (operator_, 0)))
        continue;
      if (operator_->opcode == FETTLE_OPCODE_RESHAPE)
        replace_shape (self->graph, operator_, 1);
      else if (operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
        replace_shape (self->graph, operator_, 0);
    }
}

gboolean
fettle_remove_channels (FettleGraph *graph, FettleChannelTies *ties, GArray *readers)
{
  const Removal self = { graph, ties };
  gboolean changes = FALSE;

  for (guint i = 0; i < ties->n_tensors; i++)
    changes |= loses_channels (&self, (gint32)i);
  if (!changes)
    return FALSE;
  for (guint i = 0; i < readers->len; i++)
    fold_constants (&self, &g_array_index (readers, FettleChannelReader, i));
  slice_layers (&self);
  for (guint i = 0; i < ties->n_tensors; i++)
    if (loses_channels (&self, (gint32)i))
      slice_tensor (&self, i);
  correct_shapes (&self);
  return TRUE;
}
