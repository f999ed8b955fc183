/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removable-channels.c: which channels a model can do without. */
#include "config.h"
#include "tuner/removable-channels.h"
#include "tuner/channel-intervals.h"
#include "tuner/graph-edit.h"
#include "tuner/stored-weights.h"

#include <math.h>

typedef struct
{
  FettleGraph *graph;
  FettleChannelTies *ties;
  GArray *intervals;  /* FettleIntervals per tensor */
  GArray *readers;    /* FettleChannelReader */
  GPtrArray *weights; /* FettleStoredWeights of each */
} Search;

static void
clear_reader (gpointer data)
{
  FettleChannelReader *reader = data;

  g_free (reader->is_foldable);
  g_free (reader->values);
}

/* TRUE if channel C of the input is a constant that is the same under the whole window wherever it
 * counts. */
static gboolean
is_seen_constant (const FettleStoredWeights *weights, guint c)
{
  for (guint tap = 0; tap < weights->n_taps; tap++)
    for (guint o = 0;
         weights->is_padded[tap] && weights->is_read[tap] && o < weights->n_outputs; o++)
      if (fettle_stored_weights_get (weights, o, tap)[c] != 0.0)
        return FALSE;
  return TRUE;
}

/* Whether a bias of the layer can take over sums, and how large it can be. */
static double
find_bias_limit (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *bias = fettle_graph_get_operator_input (graph, operator_, 2);

  if (operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    return 0.0; /* whose taps are nowhere all present */
  if (input->type == FETTLE_TYPE_FLOAT32)
    return (double)G_MAXFLOAT;
  if (input->type == FETTLE_TYPE_INT8
      || (bias != NULL && bias->type == FETTLE_TYPE_INT32))
    return (double)G_MAXINT32;
  /* A bias would decide how wide an int16 layer's sums are. */
  return bias != NULL && bias->type == FETTLE_TYPE_INT64 ? 0x1p46 : 0.0;
}

/* The largest bias that could come of taking over all constants. */
static double
bound_bias (const FettleStoredWeights *weights, const FettleChannelReader *reader)
{
  double largest = 0.0;

  for (guint o = 0; o < weights->n_outputs; o++)
    {
      double sum = weights->bias != NULL ? fabs (weights->bias[o]) : 0.0;

      for (guint tap = 0; tap < weights->n_taps; tap++)
        for (guint c = 0; weights->is_read[tap] && c < weights->n_inputs; c++)
          if (reader->is_foldable[c])
            sum +=
                fabs (fettle_stored_weights_get (weights, o, tap)[c] * reader->values[c]);
      largest = MAX (largest, sum);
    }
  return largest;
}

static void
find_foldable (const Search *self, FettleChannelReader *reader,
               const FettleStoredWeights *weights)
{
  const FettleIntervals *input =
      &g_array_index (self->intervals, FettleIntervals, reader->input);
  double limit = find_bias_limit (self->graph,
                                  fettle_graph_get_operator (self->graph, reader->layer));

  reader->is_foldable = g_new0 (gboolean, weights->n_inputs);
  reader->values = g_new0 (double, weights->n_inputs);
  for (guint c = 0; c < weights->n_inputs; c++)
    {
      double value;

      if (!fettle_intervals_is_constant (input, c, &value))
        continue;
      reader->values[c] = value - weights->input_zero_point;
      reader->is_foldable[c] = reader->values[c] == 0.0 || is_seen_constant (weights, c);
    }
  if (bound_bias (weights, reader) <= limit)
    return;
  for (guint c = 0; c < weights->n_inputs; c++)
    reader->is_foldable[c] &= reader->values[c] == 0.0;
}

static void
add_reader (Search *self, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  FettleChannelReader reader = { .layer = layer };
  FettleStoredWeights *weights;

  if (!fettle_channel_ties_is_separable (self->graph, layer))
    return;
  reader.input = fettle_operator_get_input (
      operator_, fettle_opcode_get_data_input (operator_->opcode));
  reader.output = fettle_operator_get_output (operator_, 0);
  weights = fettle_stored_weights_new (self->graph, layer);
  if (weights == NULL)
    {
      /* Not finite: nothing can be said of them. */
      for (guint c = 0; c < fettle_tensor_get_n_channels (
                            fettle_graph_get_tensor (self->graph, (guint)reader.input));
           c++)
        fettle_channel_ties_keep (self->ties, reader.input, c);
      return;
    }
  find_foldable (self, &reader, weights);
  g_array_append_val (self->readers, reader);
  g_ptr_array_add (self->weights, weights);
}

/* TRUE if a weight for input channel C of an output channel that is kept is not zero. */
static gboolean
is_used (const Search *self, const FettleChannelReader *reader,
         const FettleStoredWeights *weights, guint c)
{
  for (guint o = 0; o < weights->n_outputs; o++)
    for (guint tap = 0; tap < weights->n_taps
                        && fettle_channel_ties_is_kept (self->ties, reader->output, o);
         tap++)
      if (weights->is_read[tap] && fettle_stored_weights_get (weights, o, tap)[c] != 0.0)
        return TRUE;
  return FALSE;
}

/* Keeps what READER needs; returns whether that was news. */
static gboolean
keep_needed (Search *self, guint index)
{
  const FettleChannelReader *reader =
      &g_array_index (self->readers, FettleChannelReader, index);
  const FettleStoredWeights *weights = g_ptr_array_index (self->weights, index);
  gboolean is_news = FALSE;

  for (guint c = 0; c < weights->n_inputs; c++)
    if (!fettle_channel_ties_is_kept (self->ties, reader->input, c)
        && !reader->is_foldable[c] && is_used (self, reader, weights, c))
      {
        fettle_channel_ties_keep (self->ties, reader->input, c);
        is_news = TRUE;
      }
  return is_news;
}

static void
settle (Search *self)
{
  gboolean is_news;

  do
    {
      is_news = FALSE;
      /* From the end: what a layer needs depends on what is kept of its output. */
      for (guint i = self->readers->len; i-- > 0;)
        is_news |= keep_needed (self, i);
    }
  while (is_news);
}

/* A FULLY_CONNECTED with a scale for each of several channels computes otherwise than one with a single
 * scale: it must not come down to one channel. */
static guint
find_least (FettleGraph *graph, gint32 tensor)
{
  guint writer = fettle_graph_find_writer (graph, tensor);
  const FettleOperator *operator_;

  if (writer == FETTLE_NO_LAYER)
    return 1;
  operator_ = fettle_graph_get_operator (graph, writer);
  return operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED
                 && fettle_graph_get_operator_input (graph, operator_, 1)
                            ->quantization.n_channels
                        > 1
             ? 2
             : 1;
}

/* Keeps one more channel of TENSOR if it has lost all, or if what is left of it is no multiple. */
static gboolean
keep_one_more (Search *self, gint32 tensor, guint multiple)
{
  guint n = self->ties->offsets[tensor + 1] - self->ties->offsets[tensor];
  guint n_kept = fettle_channel_ties_count_kept (self->ties, tensor);

  if (n_kept == n
      || (n_kept % multiple == 0 && n_kept >= find_least (self->graph, tensor)))
    return FALSE;
  for (guint c = 0; c < n; c++)
    if (!fettle_channel_ties_is_kept (self->ties, tensor, c))
      {
        fettle_channel_ties_keep (self->ties, tensor, c);
        return TRUE;
      }
  g_assert_not_reached ();
}

static gboolean
round_up (Search *self, guint multiple)
{
  gboolean is_news = FALSE;

  for (guint i = 0; i < self->ties->n_tensors; i++)
    is_news |= keep_one_more (self, (gint32)i, multiple);
  return is_news;
}

FettleChannelTies *
fettle_removable_channels_find (FettleGraph *graph, guint multiple, GArray **readers)
{
  g_autoptr (GArray) intervals = fettle_channel_intervals_find (graph);
  g_autoptr (GPtrArray) weights =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_stored_weights_free);
  Search search = { .graph = graph, .intervals = intervals, .weights = weights };

  search.ties = fettle_channel_ties_new (graph);
  search.readers = g_array_new (FALSE, FALSE, sizeof (FettleChannelReader));
  g_array_set_clear_func (search.readers, clear_reader);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    add_reader (&search, i);
  do
    settle (&search);
  while (round_up (&search, multiple));
  *readers = search.readers;
  return search.ties;
}
