/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose-ranges.c: per tensor the range that is best for the model's output. */
#include "config.h"
#include "tuner/choose-ranges.h"
#include "tuner/error-sums.h"
#include "tuner/fuse-activations.h"
#include "tuner/parallel.h"
#include "tuner/probe.h"
#include "tuner/quantize-activations.h"
#include "tuner/quantize-graph.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

/* In runs of the calibration data. */
#define BUDGET 4

#define FEWEST_SAMPLES 16
#define MOST_SAMPLES   64

/* What is not clearly better is chance. */
#define LEAST_GAIN_DB 0.05

/* Samples as they were read, and what the float graph makes of them. */
typedef struct
{
  guint n;
  float *inputs;
  float *expected;
} Examples;

/* A change of the ranges of all tensors that share a scale. */
typedef struct
{
  gint32 root;
  guint candidate;
  double sqnr_db;
} Change;

typedef struct
{
  FettleTuning *tuning;
  FettleGraph *graph; /* float, activations fused */
  gint32 *roots;      /* per tensor: the one whose scale it shares */
  GArray *formats;    /* FettleLayerFormat: int8 */
  GArray *const *candidates;
  const gboolean *pinned;
  GArray *ranges;
  gsize input_size, output_size;
  Examples trials, proofs;
  double baseline; /* what RANGES give on the trials */
  GArray *changes; /* Change */
} Choice;

/* RANGES as an int8 graph. */
static FettleGraph *
quantize (const Choice *choice, GArray *ranges, GError **error)
{
  g_autoptr (GPtrArray) report = fettle_report_new ();
  g_autoptr (GArray) formats = g_array_copy (choice->formats);
  FettleTuning silent = { .graph = choice->graph, .report = report };
  FettleEndTypes ends = { 0 };

  return fettle_quantize_graph (&silent, choice->graph, ranges, formats, &ends, error);
}

/* The SQNR, in decibels, of the graph that RANGES give. */
static gboolean
measure (const Choice *choice, GArray *ranges, const Examples *examples, double *sqnr_db,
         GError **error)
{
  g_autoptr (FettleGraph) quantized = quantize (choice, ranges, error);
  g_autoptr (FettleProbe) probe = NULL;
  FettleErrorSums sums = { 0 };
  const float *actual;

  probe = quantized != NULL ? fettle_probe_new (quantized, error) : NULL;
  if (probe == NULL)
    return FALSE;
  actual = fettle_probe_watch (probe, (gint32)fettle_graph_get_output (quantized, 0));
  for (guint i = 0; i < examples->n; i++)
    {
      if (!fettle_probe_run (probe, examples->inputs + i * choice->input_size,
                             choice->input_size, choice->tuning->cancellable, error))
        return FALSE;
      fettle_error_sums_add (&sums, examples->expected + i * choice->output_size, actual,
                             choice->output_size, -INFINITY, INFINITY);
    }
  *sqnr_db = fettle_error_sums_finish (&sums).sqnr_db;
  return TRUE;
}

/* RANGES with those of CHANGE. */
static void
make_change (const Choice *choice, const Change *change, GArray *ranges)
{
  for (guint i = 0; i < ranges->len; i++)
    if (choice->roots[i] == change->root)
      g_array_index (ranges, FettleRange, i) =
          g_array_index (choice->candidates[change->candidate], FettleRange, i);
}

static gboolean
try_change (guint worker, guint item, gpointer user_data, GError **error)
{
  Choice *choice = user_data;
  Change *change = &g_array_index (choice->changes, Change, item);
  g_autoptr (GArray) ranges = g_array_copy (choice->ranges);

  make_change (choice, change, ranges);
  return measure (choice, ranges, &choice->trials, &change->sqnr_db, error);
}

static gboolean
differs (const Choice *choice, gint32 root, guint candidate)
{
  for (guint i = 0; i < choice->ranges->len; i++)
    {
      const FettleRange *range = &g_array_index (choice->ranges, FettleRange, i);
      const FettleRange *other =
          &g_array_index (choice->candidates[candidate], FettleRange, i);

      if (choice->roots[i] == root
          && (range->minimum != other->minimum || range->maximum != other->maximum))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_pinned (const Choice *choice, gint32 root)
{
  for (guint i = 0; i < choice->ranges->len; i++)
    if (choice->roots[i] == root && choice->pinned[i])
      return TRUE;
  return FALSE;
}

/* FALSE for what is gone since an activation was merged with the layer before it. */
static gboolean
is_in_use (const Choice *choice, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_inputs (choice->graph); i++)
    if (fettle_graph_get_input (choice->graph, i) == (guint)tensor)
      return TRUE;
  for (guint i = 0; i < fettle_graph_get_n_operators (choice->graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (choice->graph, i);

      for (guint k = 0; k < operator_->outputs->len; k++)
        if (fettle_operator_get_output (operator_, k) == tensor)
          return TRUE;
    }
  return FALSE;
}

/* All single changes of the ranges as they are. */
static void
list_changes (Choice *choice)
{
  g_array_set_size (choice->changes, 0);
  for (guint i = 0; i < choice->ranges->len; i++)
    {
      Change change = { .root = (gint32)i };

      if (choice->roots[i] != (gint32)i || !is_in_use (choice, (gint32)i)
          || is_pinned (choice, (gint32)i))
        continue;
      for (change.candidate = 0; change.candidate < FETTLE_N_RANGE_CANDIDATES;
           change.candidate++)
        if (differs (choice, change.root, change.candidate))
          g_array_append_val (choice->changes, change);
    }
}

/* Greatest gain first; of equal ones in order of tensors and candidates, in which they were listed. */
static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *first = a, *second = b;

  if (first->sqnr_db != second->sqnr_db)
    return first->sqnr_db < second->sqnr_db ? 1 : -1;
  if (first->root != second->root)
    return first->root > second->root ? 1 : -1;
  return (first->candidate > second->candidate) - (first->candidate < second->candidate);
}

/* Keeps the changes that make the whole better than BEST on the proofs. */
static gboolean
keep_changes (Choice *choice, double best, GError **error)
{
  g_autofree gboolean *is_changed = g_new0 (gboolean, choice->ranges->len);

  g_array_sort (choice->changes, compare_changes);
  for (guint i = 0; i < choice->changes->len; i++)
    {
      const Change *change = &g_array_index (choice->changes, Change, i);
      g_autoptr (GArray) ranges = g_array_copy (choice->ranges);
      double found;

      if (change->sqnr_db < choice->baseline + LEAST_GAIN_DB)
        break;
      if (is_changed[change->root])
        continue;
      make_change (choice, change, ranges);
      if (!measure (choice, ranges, &choice->proofs, &found, error))
        return FALSE;
      if (found < best + LEAST_GAIN_DB)
        continue;
      best = found;
      is_changed[change->root] = TRUE;
      make_change (choice, change, choice->ranges);
    }
  return TRUE;
}

/* Samples FIRST, FIRST + 1 ... of 2 * N that are spread over all. */
static gboolean
read_examples (Choice *choice, Examples *examples, guint n, guint offset,
               FettleProbe *probe, GError **error)
{
  FettleSamples *samples = choice->tuning->samples;
  guint n_samples = fettle_samples_get_n (samples);
  const float *output =
      fettle_probe_watch (probe, (gint32)fettle_graph_get_output (choice->graph, 0));

  examples->n = n;
  examples->inputs = g_new (float, n * choice->input_size);
  examples->expected = g_new (float, n * choice->output_size);
  for (guint i = 0; i < n; i++)
    {
      guint sample = fettle_spread (2 * i + offset, 2 * n, n_samples);
      float *input = examples->inputs + i * choice->input_size;

      fettle_samples_read (samples, sample, input);
      if (!fettle_samples_check_finite (samples, sample, input, error)
          || !fettle_probe_run (probe, input, choice->input_size,
                                choice->tuning->cancellable, error))
        return FALSE;
      for (gsize k = 0; k < choice->output_size; k++)
        examples->expected[i * choice->output_size + k] = output[k];
    }
  return TRUE;
}

static guint
count_examples (const Choice *choice)
{
  guint n_samples = fettle_samples_get_n (choice->tuning->samples);
  guint affordable = BUDGET * n_samples / (choice->changes->len * 3 / 2 + 1);

  return MIN (CLAMP (affordable, FEWEST_SAMPLES, MOST_SAMPLES), n_samples);
}

/* Begins with the candidates that are best if all tensors take the same; BEST receives what they give on
 * the proofs. */
static gboolean
take_best_candidates (Choice *choice, double *best, GError **error)
{
  guint chosen = 0;

  for (guint k = 0; k < FETTLE_N_RANGE_CANDIDATES; k++)
    {
      double trials, proofs;

      if (!measure (choice, choice->candidates[k], &choice->trials, &trials, error)
          || !measure (choice, choice->candidates[k], &choice->proofs, &proofs, error))
        return FALSE;
      if (k > 0 && MIN (trials - choice->baseline, proofs - *best) < LEAST_GAIN_DB)
        continue;
      chosen = k;
      choice->baseline = trials;
      *best = proofs;
    }
  for (guint i = 0; i < choice->ranges->len; i++)
    g_array_index (choice->ranges, FettleRange, i) =
        g_array_index (choice->candidates[chosen], FettleRange, i);
  return TRUE;
}

static gboolean
try_changes (Choice *choice, GError **error)
{
  FettleTuning *tuning = choice->tuning;
  g_autoptr (FettleProbe) probe = fettle_probe_new (choice->graph, error);
  guint n = count_examples (choice);
  double best;

  if (probe == NULL || !read_examples (choice, &choice->trials, n, 0, probe, error)
      || !read_examples (choice, &choice->proofs, n, 1, probe, error)
      || !take_best_candidates (choice, &best, error))
    return FALSE;
  list_changes (choice);
  return fettle_parallel_run (choice->changes->len,
                              fettle_parallel_count_workers (choice->changes->len),
                              try_change, choice, tuning->progress, tuning->progress_data,
                              tuning->cancellable, error)
         && keep_changes (choice, best, error);
}

/* Every layer in int8, those apart for which there is no kernel. */
static GArray *
make_formats (FettleGraph *graph)
{
  const FettleLayerFormat format = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, TRUE };
  GArray *formats = g_array_new (FALSE, FALSE, sizeof (FettleLayerFormat));

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    g_array_append_val (formats, format);
  return formats;
}

static void
find_roots (Choice *choice)
{
  guint n = fettle_graph_get_n_operators (choice->graph);
  g_autofree FettleType *types = g_new (FettleType, n);
  g_autoptr (FettleActivationPlan) plan = NULL;

  for (guint i = 0; i < n; i++)
    types[i] = FETTLE_TYPE_INT8;
  plan = fettle_activation_plan_new (choice->graph, choice->ranges, types);
  choice->roots = g_steal_pointer (&plan->roots);
}

static FettleGraph *
fuse (FettleTuning *tuning)
{
  g_autoptr (GPtrArray) report = fettle_report_new ();
  FettleTuning silent = { .graph = tuning->graph, .report = report };
  FettleGraph *fused = fettle_graph_copy (tuning->graph);

  fettle_fuse_activations (&silent, fused);
  return fused;
}

gboolean
fettle_choose_ranges (FettleTuning *tuning, GArray *ranges,
                      GArray *const candidates[FETTLE_N_RANGE_CANDIDATES],
                      const gboolean *pinned, GError **error)
{
  g_autoptr (FettleGraph) fused = fuse (tuning);
  g_autoptr (GArray) formats = make_formats (fused);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  Choice choice = { .tuning = tuning,
                    .graph = fused,
                    .formats = formats,
                    .candidates = candidates,
                    .pinned = pinned,
                    .ranges = ranges,
                    .input_size = fettle_samples_get_size (tuning->samples),
                    .changes = changes };
  gboolean is_chosen = TRUE;

  choice.output_size = fettle_tensor_get_n_elements (
      fettle_graph_get_tensor (fused, fettle_graph_get_output (fused, 0)));
  find_roots (&choice);
  list_changes (&choice);
  if (changes->len > 0)
    is_chosen = try_changes (&choice, error);
  g_free (choice.roots);
  g_free (choice.trials.inputs);
  g_free (choice.trials.expected);
  g_free (choice.proofs.inputs);
  g_free (choice.proofs.expected);
  return is_chosen;
}
