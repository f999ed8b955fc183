/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c: what every tensor of a graph holds over the calibration data. */
#include "config.h"
#include "tuner/observe.h"
#include "model/runner.h"
#include "tuner/parallel.h"
#include "tuner/sequence-ranges.h"

typedef struct _Observation Observation;

/* What one thread works with. */
typedef struct
{
  Observation *observation;
  FettleRunner *runner;
  float *sample;
  float *decoded; /* a quantized layer's output as real numbers */
  guint worker;
  guint item;
} Observer;

struct _Observation
{
  const FettleTuning *tuning;
  FettleGraph *graph;
  FettleObserveFunc func;
  gpointer user_data;
  guint n_items; /* samples to observe */
  guint n_steps; /* runs per sample */
  guint n_observers;
  Observer *observers;
};

guint
fettle_observe_count_workers (const FettleTuning *tuning)
{
  return fettle_parallel_count_workers (fettle_samples_get_n (tuning->samples));
}

guint
fettle_observe_get_sample (const FettleTuning *tuning, guint item, guint n_items)
{
  return (guint)((guint64)item * fettle_samples_get_n (tuning->samples) / n_items);
}

static void
observe_layer (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Observer *observer = user_data;
  Observation *observation = observer->observation;
  const FettleOperator *operator_ = fettle_graph_get_operator (observation->graph, layer);
  guint index = (guint)fettle_operator_get_output (operator_, 0);
  const FettleTensor *tensor = fettle_graph_get_tensor (observation->graph, index);
  gsize n = size / fettle_type_get_size (tensor->type);
  const float *values = output;

  if (tensor->type != FETTLE_TYPE_FLOAT32)
    {
      /* Whole numbers, as ARG_MAX gives, stand for nothing else. */
      if (tensor->quantization.n_channels == 0)
        return;
      fettle_tensor_decode (tensor, output, observer->decoded, n);
      values = observer->decoded;
    }
  observation->func (observer->worker, observer->item, index, values, n,
                     observation->user_data);
}

static gboolean
observe_step (Observer *observer, guint sample, GError **error)
{
  const Observation *observation = observer->observation;
  FettleSamples *samples = observation->tuning->samples;
  guint input = fettle_graph_get_input (observation->graph, 0);
  gsize n = fettle_samples_get_size (samples);
  gsize size;

  fettle_samples_read (samples, sample, observer->sample);
  if (!fettle_samples_check_finite (samples, sample, observer->sample, error))
    return FALSE;
  observation->func (observer->worker, observer->item, input, observer->sample, n,
                     observation->user_data);
  fettle_tensor_encode (fettle_graph_get_tensor (observation->graph, input),
                        observer->sample,
                        fettle_runner_get_input (observer->runner, 0, &size), n);
  return fettle_runner_run (observer->runner, observe_layer, observer,
                            observation->tuning->cancellable, error);
}

/* ITEM after as many of the samples before it as the graph remembers; before the first comes the last. */
static gboolean
observe_sample (guint worker, guint item, gpointer user_data, GError **error)
{
  Observation *observation = user_data;
  Observer *observer = &observation->observers[worker];
  guint n_samples = fettle_samples_get_n (observation->tuning->samples);
  guint sample =
      fettle_observe_get_sample (observation->tuning, item, observation->n_items);

  observer->item = item;
  fettle_runner_reset (observer->runner);
  for (guint step = observation->n_steps; step-- > 0;)
    if (!observe_step (observer, (sample + n_samples - step % n_samples) % n_samples,
                       error))
      return FALSE;
  return TRUE;
}

static gsize
find_largest_output (FettleGraph *graph)
{
  gsize largest = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      guint output = (guint)fettle_operator_get_output (operator_, 0);
      gsize n = fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, output));

      largest = MAX (largest, n);
    }
  return largest;
}

static gboolean
run_observers (Observation *observation, GError **error)
{
  const FettleTuning *tuning = observation->tuning;
  gsize largest = find_largest_output (observation->graph);
  g_autoptr (FettleLowered) lowered =
      fettle_lower (observation->graph, &fettle_lower_for_desktop, error);

  if (lowered == NULL)
    return FALSE;
  for (guint i = 0; i < observation->n_observers; i++)
    {
      Observer *observer = &observation->observers[i];

      observer->observation = observation;
      observer->worker = i;
      observer->sample = g_new (float, fettle_samples_get_size (tuning->samples));
      observer->decoded = g_new (float, largest);
      observer->runner = fettle_runner_new (lowered->image, error);
      if (observer->runner == NULL)
        return FALSE;
    }
  return fettle_parallel_run (observation->n_items, observation->n_observers,
                              observe_sample, observation, tuning->progress,
                              tuning->progress_data, tuning->cancellable, error);
}

static gboolean
observe (Observation *observation, GError **error)
{
  gboolean is_complete;

  g_assert (observation->tuning->samples != NULL);

  observation->n_observers = fettle_parallel_count_workers (observation->n_items);
  observation->observers = g_new0 (Observer, observation->n_observers);
  is_complete = run_observers (observation, error);
  for (guint i = 0; i < observation->n_observers; i++)
    {
      fettle_runner_free (observation->observers[i].runner);
      g_free (observation->observers[i].sample);
      g_free (observation->observers[i].decoded);
    }
  g_free (observation->observers);
  return is_complete;
}

gboolean
fettle_observe (const FettleTuning *tuning, FettleGraph *graph, FettleObserveFunc func,
                gpointer user_data, GError **error)
{
  Observation observation = { .tuning = tuning,
                              .graph = graph,
                              .func = func,
                              .user_data = user_data,
                              .n_items = fettle_samples_get_n (tuning->samples),
                              .n_steps = fettle_sequence_count_steps (graph) };

  return observe (&observation, error);
}

gboolean
fettle_observe_some (const FettleTuning *tuning, FettleGraph *graph, guint n_items,
                     FettleObserveFunc func, gpointer user_data, GError **error)
{
  Observation observation = { .tuning = tuning,
                              .graph = graph,
                              .func = func,
                              .user_data = user_data,
                              .n_items = n_items,
                              .n_steps = 1 };

  return observe (&observation, error);
}
