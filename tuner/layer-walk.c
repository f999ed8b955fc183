/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-walk.c: a graph run layer by layer, each on all samples before the next one. */
#include "config.h"
#include "tuner/layer-walk.h"
#include "model/runner.h"
#include "tuner/layer-runner.h"
#include "tuner/observe.h"
#include "tuner/parallel.h"

#include <string.h>

/* Bytes that the activations of all samples may take. */
#define MAX_ACTIVATIONS (gsize) (128 << 20)
/* More say nothing new, and a user waits. */
#define MAX_ITEMS 512

struct _FettleLayerWalk
{
  const FettleTuning *tuning;
  FettleGraph *graph;
  guint n_items;
  guint8 **activations; /* per tensor: of all items, one after the other; NULL if dead */
  gint32 *last_readers; /* per tensor: the last layer that reads it, -1 if none */

  gboolean is_stateful;  /* layers hand state to each other */
  guint observed_tensor; /* if so: that of which there are values of all items */
  float *observed;
};

/* One layer on all items. */
typedef struct
{
  FettleLayerWalk *walk;
  const FettleOperator *operator_;
  GPtrArray *runners; /* FettleLayerRunner per worker */
} LayerRun;

guint
fettle_layer_walk_count_items (const FettleTuning *tuning, FettleGraph *graph,
                               GError **error)
{
  g_autoptr (FettleLowered) lowered =
      fettle_lower (graph, &fettle_lower_for_desktop, error);
  guint n_samples = fettle_samples_get_n (tuning->samples);
  gsize n;

  if (lowered == NULL)
    return 0;
  n = MAX_ACTIVATIONS / MAX (lowered->arena.size, 1);
  return (guint)CLAMP (n, 1, MIN (n_samples, MAX_ITEMS));
}

static gsize
get_size (FettleLayerWalk *walk, guint tensor)
{
  return fettle_tensor_get_size (fettle_graph_get_tensor (walk->graph, tensor));
}

static gboolean
is_activation (FettleGraph *graph, gint32 tensor)
{
  const FettleTensor *found =
      tensor >= 0 ? fettle_graph_get_tensor (graph, (guint)tensor) : NULL;

  return found != NULL && found->data == NULL && !found->is_variable;
}

static void
find_last_readers (FettleLayerWalk *walk)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (walk->graph); i++)
    walk->last_readers[i] = -1;
  for (guint i = 0; i < fettle_graph_get_n_operators (walk->graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (walk->graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        {
          gint32 input = fettle_operator_get_input (operator_, k);

          if (is_activation (walk->graph, input))
            walk->last_readers[input] = (gint32)i;
        }
    }
}

static gboolean
load_samples (FettleLayerWalk *walk, GError **error)
{
  FettleSamples *samples = walk->tuning->samples;
  guint input = fettle_graph_get_input (walk->graph, 0);
  gsize n = fettle_samples_get_size (samples);
  g_autofree float *values = g_new (float, n);

  walk->activations[input] = g_malloc (walk->n_items * get_size (walk, input));
  for (guint i = 0; i < walk->n_items; i++)
    {
      guint sample = fettle_observe_get_sample (walk->tuning, i, walk->n_items);

      fettle_samples_read (samples, sample, values);
      if (!fettle_samples_check_finite (samples, sample, values, error))
        return FALSE;
      fettle_tensor_encode (fettle_graph_get_tensor (walk->graph, input), values,
                            walk->activations[input] + i * get_size (walk, input), n);
    }
  return TRUE;
}

static gboolean
hands_on_state (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOpcode opcode = fettle_graph_get_operator (graph, i)->opcode;

      if (opcode == FETTLE_OPCODE_READ_VARIABLE
          || opcode == FETTLE_OPCODE_ASSIGN_VARIABLE)
        return TRUE;
    }
  return FALSE;
}

FettleLayerWalk *
fettle_layer_walk_new (const FettleTuning *tuning, FettleGraph *graph, guint n_items,
                       GError **error)
{
  g_autoptr (FettleLayerWalk) walk = g_new0 (FettleLayerWalk, 1);

  walk->tuning = tuning;
  walk->graph = graph;
  walk->n_items = n_items;
  walk->is_stateful = hands_on_state (graph);
  walk->activations = g_new0 (guint8 *, fettle_graph_get_n_tensors (graph));
  walk->last_readers = g_new (gint32, fettle_graph_get_n_tensors (graph));
  find_last_readers (walk);
  return load_samples (walk, error) ? g_steal_pointer (&walk) : NULL;
}

void
fettle_layer_walk_free (FettleLayerWalk *walk)
{
  if (walk == NULL)
    return;
  for (guint i = 0; i < fettle_graph_get_n_tensors (walk->graph); i++)
    g_free (walk->activations[i]);
  g_free (walk->activations);
  g_free (walk->last_readers);
  g_free (walk->observed);
  g_free (walk);
}

/* The bytes of TENSOR, an activation or a constant, for ITEM. */
static gconstpointer
get_bytes (FettleLayerWalk *walk, guint tensor, guint item)
{
  const FettleTensor *found = fettle_graph_get_tensor (walk->graph, tensor);

  if (found->data != NULL)
    return g_bytes_get_data (found->data, NULL);
  g_assert (walk->activations[tensor] != NULL);
  return walk->activations[tensor] + item * get_size (walk, tensor);
}

gsize
fettle_layer_walk_get_n (FettleLayerWalk *walk, guint tensor)
{
  return fettle_tensor_get_n_elements (fettle_graph_get_tensor (walk->graph, tensor));
}

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  FettleLayerWalk *walk = user_data;
  const FettleTensor *found = fettle_graph_get_tensor (walk->graph, tensor);
  g_autofree guint8 *raw = NULL;

  if (tensor != walk->observed_tensor)
    return;
  /* Samples are observed before they are quantized. */
  raw = g_malloc (fettle_tensor_get_size (found));
  fettle_tensor_encode (found, values, raw, n);
  fettle_tensor_decode (found, raw, walk->observed + item * n, n);
}

gboolean
fettle_layer_walk_prepare (FettleLayerWalk *walk, guint layer, GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (walk->graph, layer);
  FettleTuning silent = *walk->tuning;

  if (!walk->is_stateful)
    return TRUE;
  silent.progress = NULL;
  walk->observed_tensor = (guint)fettle_operator_get_input (operator_, 0);
  g_free (walk->observed);
  walk->observed = g_new0 (
      float, walk->n_items *fettle_layer_walk_get_n (walk, walk->observed_tensor));
  return fettle_observe_some (&silent, walk->graph, walk->n_items, observe, walk, error);
}

void
fettle_layer_walk_read (FettleLayerWalk *walk, guint item, guint tensor, float *values)
{
  const FettleTensor *found = fettle_graph_get_tensor (walk->graph, tensor);
  gsize n = fettle_tensor_get_n_elements (found);

  if (walk->is_stateful && tensor == walk->observed_tensor)
    {
      memcpy (values, walk->observed + item * n, n * sizeof *values);
      return;
    }
  fettle_tensor_decode (found, get_bytes (walk, tensor, item), values, n);
}

static gboolean
run_item (guint worker, guint item, gpointer user_data, GError **error)
{
  LayerRun *run = user_data;
  FettleLayerWalk *walk = run->walk;
  FettleLayerRunner *runner = g_ptr_array_index (run->runners, worker);
  gsize size;

  fettle_layer_runner_reset (runner);
  for (guint k = 0; k < run->operator_->inputs->len; k++)
    {
      gint32 input = fettle_operator_get_input (run->operator_, k);
      gpointer place = fettle_layer_runner_get_input (runner, k, &size);

      if (place != NULL)
        memcpy (place, get_bytes (walk, (guint)input, item), size);
    }
  fettle_layer_runner_run (runner);
  for (guint k = 0; k < run->operator_->outputs->len; k++)
    {
      gint32 output = fettle_operator_get_output (run->operator_, k);
      gconstpointer place = fettle_layer_runner_get_output (runner, k, &size);

      memcpy (walk->activations[output] + item * size, place, size);
    }
  return TRUE;
}

static gboolean
run_items (LayerRun *run, guint layer, guint n_workers, GError **error)
{
  FettleLayerWalk *walk = run->walk;

  for (guint k = 0; k < run->operator_->outputs->len; k++)
    {
      gint32 output = fettle_operator_get_output (run->operator_, k);

      walk->activations[output] =
          g_malloc (walk->n_items * get_size (walk, (guint)output));
    }
  for (guint i = 0; i < n_workers; i++)
    {
      FettleLayerRunner *runner = fettle_layer_runner_new (walk->graph, layer, error);

      if (runner == NULL)
        return FALSE;
      g_ptr_array_add (run->runners, runner);
    }
  return fettle_parallel_run (walk->n_items, n_workers, run_item, run, NULL, NULL,
                              walk->tuning->cancellable, error);
}

static void
free_dead (FettleLayerWalk *walk, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (walk->graph, layer);

  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      gint32 input = fettle_operator_get_input (operator_, k);

      if (input >= 0 && walk->last_readers[input] <= (gint32)layer)
        g_clear_pointer (&walk->activations[input], g_free);
    }
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 output = fettle_operator_get_output (operator_, k);

      if (walk->last_readers[output] < 0)
        g_clear_pointer (&walk->activations[output], g_free);
    }
}

gboolean
fettle_layer_walk_run (FettleLayerWalk *walk, guint layer, GError **error)
{
  g_autoptr (GPtrArray) runners =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_layer_runner_free);
  LayerRun run = { .walk = walk,
                   .operator_ = fettle_graph_get_operator (walk->graph, layer),
                   .runners = runners };

  if (walk->is_stateful)
    return TRUE;
  if (!run_items (&run, layer, fettle_parallel_count_workers (walk->n_items), error))
    return FALSE;
  free_dead (walk, layer);
  return TRUE;
}
