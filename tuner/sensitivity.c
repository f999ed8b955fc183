/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensitivity.c: which layers cost the most, and what other types for them would change. */
#include "config.h"
#include "tuner/sensitivity.h"
#include "tuner/alternative-graph.h"
#include "tuner/labels.h"
#include "tuner/quantize-weights.h"
#include "tuner/mixed-graph.h"
#include "tuner/parallel.h"
#include "tuner/probe.h"

#include <math.h>

typedef struct
{
  FettleGraph *reference, *quantized;
  FettleSamples *samples;
  const guint *labels; /* NULL if there are none */
  GCancellable *cancellable;
  FettleSensitivity *sensitivity;
  FettleLayerMatch
      *matches[FETTLE_N_ALTERNATIVES]; /* of each alternative with the model */
  float *expected;                     /* outputs of the float graph, sample by sample */
  gsize n_output, width;
} Measurement;

const char *
fettle_alternative_get_name (FettleAlternativeKind kind)
{
  static const char *const names[] = { "float32", "int16", "int4", "int8" };

  g_return_val_if_fail (kind < FETTLE_N_ALTERNATIVES, NULL);
  return names[kind];
}

static guint
get_sample (const Measurement *measurement, guint i)
{
  return fettle_spread (i, measurement->sensitivity->n_samples,
                        fettle_samples_get_n (measurement->samples));
}

/* Runs PROBE on all samples; FUNC sees its output after each. */
static gboolean
run_samples (const Measurement *measurement, FettleProbe *probe,
             void (*func) (const Measurement *measurement, guint i, const float *output,
                           gpointer user_data),
             gpointer user_data, GError **error)
{
  gsize size = fettle_samples_get_size (measurement->samples);
  g_autofree float *values = g_new (float, size);
  const float *output =
      fettle_probe_watch (probe, (gint32)fettle_graph_get_output (probe->graph, 0));

  for (guint i = 0; i < measurement->sensitivity->n_samples; i++)
    {
      guint sample = get_sample (measurement, i);

      fettle_samples_read (measurement->samples, sample, values);
      if (!fettle_samples_check_finite (measurement->samples, sample, values, error)
          || !fettle_probe_run (probe, values, size, measurement->cancellable, error))
        return FALSE;
      func (measurement, i, output, user_data);
    }
  return TRUE;
}

static void
keep_expected (const Measurement *measurement, guint i, const float *output,
               gpointer user_data)
{
  for (gsize k = 0; k < measurement->n_output; k++)
    measurement->expected[i * measurement->n_output + k] = output[k];
}

typedef struct
{
  FettleOutputSums sums;
  guint correct;
} Score;

static void
add_score (const Measurement *measurement, guint i, const float *output,
           gpointer user_data)
{
  Score *score = user_data;
  FettleOutputKind kind = measurement->sensitivity->kind;

  fettle_output_sums_add (&score->sums, kind,
                          measurement->expected + i * measurement->n_output, output,
                          measurement->n_output, measurement->width, -INFINITY, INFINITY);
  if (measurement->labels != NULL)
    score->correct += fettle_output_get_class (kind, output, measurement->n_output)
                      == measurement->labels[get_sample (measurement, i)];
}

static gboolean
measure_graph (const Measurement *measurement, FettleGraph *graph,
               FettleAlternative *alternative, GError **error)
{
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, error);
  g_autoptr (FettleProbe) probe =
      lowered != NULL ? fettle_probe_new (graph, error) : NULL;
  Score score = { 0 };

  if (probe == NULL || !run_samples (measurement, probe, add_score, &score, error))
    return FALSE;
  alternative->is_possible = TRUE;
  alternative->output =
      fettle_output_sums_finish (&score.sums, measurement->sensitivity->kind);
  alternative->correct = score.correct;
  alternative->image_bytes = g_bytes_get_size (lowered->image);
  alternative->arena_bytes = lowered->arena.size;
  return TRUE;
}

static FettleType
get_weight_type (FettleGraph *graph, const FettleOperator *operator_)
{
  return fettle_opcode_has_weights (operator_->opcode)
             ? fettle_graph_get_tensor (graph,
                                        (guint)fettle_operator_get_input (operator_, 1))
                   ->type
             : 0;
}

/* The type of the weights of the layer that writes PAIR on SIDE; 0 without weights. */
static FettleType
find_weight_type (const FettleLayerMatch *match, FettleSide side, gint32 pair)
{
  guint layer = (guint)fettle_layer_match_get_writer (match, side, pair);

  return get_weight_type (match->graphs[side],
                          fettle_graph_get_operator (match->graphs[side], layer));
}

/* TRUE if the layer that writes PAIR has the types of KIND in the alternative's graph, and others in the model. */
static gboolean
is_alternative (const FettleLayerMatch *match, FettleAlternativeKind kind, gint32 pair)
{
  static const FettleType types[] = { FETTLE_TYPE_FLOAT32, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_INT8, FETTLE_TYPE_INT8 };
  const FettleTensor *other =
      fettle_layer_match_get_tensor (match, FETTLE_SIDE_FLOAT, pair);
  const FettleTensor *present =
      fettle_layer_match_get_tensor (match, FETTLE_SIDE_QUANTIZED, pair);
  FettleType weights, present_weights;

  if (fettle_layer_match_get_writer (match, FETTLE_SIDE_FLOAT, pair) < 0
      || fettle_layer_match_get_writer (match, FETTLE_SIDE_QUANTIZED, pair) < 0
      || other->type != types[kind])
    return FALSE;
  if (kind == FETTLE_ALTERNATIVE_FLOAT || kind == FETTLE_ALTERNATIVE_INT16)
    return present->type != other->type;
  weights = find_weight_type (match, FETTLE_SIDE_FLOAT, pair);
  present_weights = find_weight_type (match, FETTLE_SIDE_QUANTIZED, pair);
  if (kind == FETTLE_ALTERNATIVE_INT4)
    return weights == FETTLE_TYPE_INT4 && present_weights != FETTLE_TYPE_INT4;
  return present->type != other->type
         || (weights == FETTLE_TYPE_INT8 && present_weights == FETTLE_TYPE_INT4);
}

/* The model with what LAYER writes from the alternative's graph. */
static FettleMixedGraph *
replace_layer (const FettleLayerMatch *match, guint layer, GError **error)
{
  const FettleOperator *operator_ =
      fettle_graph_get_operator (match->graphs[FETTLE_SIDE_QUANTIZED], layer);
  g_autofree FettleSide *sides = g_new (FettleSide, match->tensor_pairs->len);

  for (guint i = 0; i < match->tensor_pairs->len; i++)
    sides[i] = FETTLE_SIDE_QUANTIZED;
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 pair =
          match->pairs[FETTLE_SIDE_QUANTIZED][fettle_operator_get_output (operator_, k)];

      if (pair >= 0)
        sides[pair] = FETTLE_SIDE_FLOAT;
    }
  return fettle_mixed_graph_new (match, sides, error);
}

static gboolean
measure_alternative (guint worker, guint item, gpointer user_data, GError **error)
{
  const Measurement *measurement = user_data;
  guint layer = item / FETTLE_N_ALTERNATIVES;
  FettleAlternativeKind kind = item % FETTLE_N_ALTERNATIVES;
  const FettleLayerMatch *match = measurement->matches[kind];
  gint32 pair = fettle_layer_match_get_pair (match, layer);
  FettleLayerSensitivity *sensitivity =
      &g_array_index (measurement->sensitivity->layers, FettleLayerSensitivity, layer);
  g_autoptr (FettleMixedGraph) mixed = NULL;

  sensitivity->layer = layer;
  if (pair < 0 || !is_alternative (match, kind, pair))
    return TRUE;
  mixed = replace_layer (match, layer, error);
  return mixed != NULL
         && measure_graph (measurement, mixed->graph, &sensitivity->alternatives[kind],
                           error);
}

/* The costliest first; those without a cost last; equal ones in the order of execution. */
static int
compare_costs (gconstpointer a, gconstpointer b)
{
  const FettleLayerSensitivity *first = a, *second = b;
  gboolean is_known = !isnan (first->cost_db), is_other_known = !isnan (second->cost_db);

  if (is_known != is_other_known)
    return is_known ? -1 : 1;
  if (is_known && first->cost_db != second->cost_db)
    return first->cost_db < second->cost_db ? 1 : -1;
  return (first->layer > second->layer) - (first->layer < second->layer);
}

static void
rank (FettleSensitivity *sensitivity)
{
  for (guint i = 0; i < sensitivity->layers->len; i++)
    {
      FettleLayerSensitivity *layer =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);
      const FettleAlternative *real = &layer->alternatives[FETTLE_ALTERNATIVE_FLOAT];

      layer->cost_db = real->is_possible ? real->output.error.sqnr_db
                                               - sensitivity->present.output.error.sqnr_db
                                         : (double)NAN;
    }
  g_array_sort (sensitivity->layers, compare_costs);
}

static gboolean
make_matches (Measurement *measurement, GError **error)
{
  g_autoptr (FettleLayerMatch) match =
      fettle_layer_match_new (measurement->reference, measurement->quantized, error);

  if (match == NULL)
    return FALSE;
  for (guint kind = 0; kind < FETTLE_N_ALTERNATIVES; kind++)
    {
      g_autoptr (FettleGraph) graph = fettle_alternative_graph_new (match, kind, error);

      measurement->matches[kind] =
          graph != NULL ? fettle_layer_match_new (graph, measurement->quantized, error)
                        : NULL;
      if (measurement->matches[kind] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
measure (Measurement *measurement, FettleParallelProgress progress, gpointer user_data,
         GError **error)
{
  FettleSensitivity *sensitivity = measurement->sensitivity;
  guint n_items = sensitivity->layers->len * FETTLE_N_ALTERNATIVES;
  g_autoptr (FettleProbe) probe = fettle_probe_new (measurement->reference, error);

  if (probe == NULL || !make_matches (measurement, error)
      || !run_samples (measurement, probe, keep_expected, NULL, error)
      || !measure_graph (measurement, measurement->quantized, &sensitivity->present,
                         error)
      || !fettle_parallel_run (n_items, fettle_parallel_count_workers (n_items),
                               measure_alternative, measurement, progress, user_data,
                               measurement->cancellable, error))
    return FALSE;
  rank (sensitivity);
  return TRUE;
}

static FettleSensitivity *
sensitivity_new (FettleGraph *reference, FettleGraph *quantized, guint n_samples)
{
  FettleSensitivity *sensitivity = g_new0 (FettleSensitivity, 1);

  sensitivity->n_samples = n_samples;
  sensitivity->kind = fettle_output_get_kind (reference);
  sensitivity->layers = g_array_new (FALSE, TRUE, sizeof (FettleLayerSensitivity));
  g_array_set_size (sensitivity->layers, fettle_graph_get_n_operators (quantized));
  return sensitivity;
}

static guint
count_classes (const Measurement *measurement)
{
  gboolean is_single = measurement->sensitivity->kind == FETTLE_OUTPUT_PROBABILITIES
                       && measurement->n_output == 1;

  return is_single ? 2 : (guint)measurement->n_output;
}

FettleSensitivity *
fettle_measure_sensitivity (FettleGraph *reference, FettleGraph *quantized,
                            FettleSamples *samples, FettleNpy *labels, guint n_samples,
                            void (*progress) (double fraction, gpointer user_data),
                            gpointer user_data, GCancellable *cancellable, GError **error)
{
  const FettleTensor *output =
      fettle_graph_get_tensor (reference, fettle_graph_get_output (reference, 0));
  guint n = MIN (n_samples, fettle_samples_get_n (samples));
  g_autoptr (FettleSensitivity) sensitivity = sensitivity_new (reference, quantized, n);
  Measurement measurement = {
    .reference = reference,
    .quantized = quantized,
    .samples = samples,
    .cancellable = cancellable,
    .sensitivity = sensitivity,
    .n_output = fettle_tensor_get_n_elements (output),
    .width = output->rank > 0 ? (gsize)output->shape[output->rank - 1] : 1,
  };
  g_autofree guint *classes = NULL;
  gboolean is_complete;

  g_return_val_if_fail (n_samples > 0, NULL);

  if (labels != NULL)
    {
      measurement.labels = classes = fettle_labels_read (
          labels, fettle_samples_get_n (samples), count_classes (&measurement), error);
      if (classes == NULL)
        return NULL;
    }
  measurement.expected = g_new (float, n *measurement.n_output);
  is_complete = measure (&measurement, progress, user_data, error);
  g_free (measurement.expected);
  for (guint kind = 0; kind < FETTLE_N_ALTERNATIVES; kind++)
    g_clear_pointer (&measurement.matches[kind], fettle_layer_match_free);
  return is_complete ? g_steal_pointer (&sensitivity) : NULL;
}

void
fettle_sensitivity_free (FettleSensitivity *sensitivity)
{
  if (sensitivity == NULL)
    return;
  g_array_unref (sensitivity->layers);
  g_free (sensitivity);
}
