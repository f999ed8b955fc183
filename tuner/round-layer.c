/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-layer.c: whole numbers for the weights of one layer, by what its inputs hold.
 *
 * A layer's outputs should be those of the float network, while its inputs are those of the network as
 * quantized up to here. With X^ the columns of these inputs, Y the outputs wanted and w~ the integer
 * weights, |Y - w~ X^|^2 is minimised; a damping term keeps w~ near the float weights w where the samples
 * say little. That is E' H E with E = w* - w~, H = X^ X^' + damping and w* = H^-1 (X^ Y' + damping w).
 * A bias takes up all means, so with a bias they are taken away first. */
#include "config.h"
#include "tuner/round-layer.h"
#include "tuner/layer-moments.h"
#include "tuner/parallel.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Shares of the mean diagonal of H. The first usually does; where the samples tell little, a larger one. */
static const double dampings[] = { 0.01, 0.1, 1.0 };

/* Of a matrix that is factorized. */
#define ROWS_AT_ONCE 16u

/* What was chosen for an output channel. */
typedef struct
{
  gboolean is_better;  /* than what it had, on unseen samples */
  gboolean is_changed; /* at some place of its column */
  double scale;
  gint8 *steps; /* n_columns */
  double signal, error_before, error_after, loss_before, loss_after;
} Channel;

typedef struct
{
  FettleRoundingOptions options;
  FettleIntegerWeights *weights;
  Channel *channels; /* of the layer */

  /* Of the groups that are worked on together. */
  FettleLayerMoments moments;
  FettleRowProblem *problems;
  guint *order; /* [group][n_columns]: the place in the column of each of the problem's */
  double *dampings; /* [group]: what was added to the diagonal */
  guint pass;       /* which of the shares above is tried */
} Rounding;

/* --- One problem per group --- */

typedef struct
{
  double moment;
  guint place;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *first = a, *second = b;

  if (first->moment != second->moment)
    return first->moment < second->moment ? -1 : 1;
  return first->place < second->place ? -1 : 1;
}

/* Weights are chosen from the last to the first: those that matter most come last. */
static void
find_order (const double *moments, guint n, guint *order)
{
  g_autofree Place *places = g_new (Place, n);

  for (guint k = 0; k < n; k++)
    places[k] = (Place){ moments[(gsize)k * n + k], k };
  qsort (places, n, sizeof *places, compare_places);
  for (guint k = 0; k < n; k++)
    order[k] = places[k].place;
}

/* Where the inputs are always 0, or nearly, there is nothing to go by but the float weights. */
static double
find_damping (const double *moments, guint n, double share)
{
  double trace = 0.0;

  for (guint k = 0; k < n; k++)
    trace += moments[(gsize)k * n + k];
  return trace > FLT_MIN ? share * trace / n : 1.0;
}

/* Large ones take seconds; a cancel need not wait for that. */
static gboolean
factorize (const Rounding *rounding, FettleRowProblem *problem, GError **error)
{
  guint n = problem->n;

  for (guint first = 0; first < n; first += ROWS_AT_ONCE)
    {
      if (g_cancellable_set_error_if_cancelled (rounding->options.cancellable, error))
        return FALSE;
      if (!fettle_matrix_factorize_rows (problem->factor, n, first,
                                         MIN (first + ROWS_AT_ONCE, n)))
        g_assert_not_reached ();
    }
  return TRUE;
}

static gboolean
prepare_problem (guint worker, guint g, gpointer user_data, GError **error)
{
  Rounding *rounding = user_data;
  FettleRowProblem *problem = &rounding->problems[g];
  guint n = problem->n;
  const double *moments = rounding->moments.moments + (gsize)g * n * n;
  guint *order = rounding->order + (gsize)g * n;

  find_order (moments, n, order);
  rounding->dampings[g] = find_damping (moments, n, dampings[rounding->pass]);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++)
      {
        guint upper = MIN (order[i], order[k]), lower = MAX (order[i], order[k]);

        problem->moments[(gsize)i * n + k] =
            moments[(gsize)upper * n + lower] + (i == k ? rounding->dampings[g] : 0.0);
      }
  memcpy (problem->factor, problem->moments, (gsize)n * n * sizeof *problem->factor);
  return factorize (rounding, problem, error);
}

/* --- Channels: numbered within the groups that are worked on together --- */

static guint
get_channel (const Rounding *rounding, guint item)
{
  return rounding->moments.first_group * rounding->weights->columns.n_rows + item;
}

/* The error of a channel with STEPS and SCALE on unseen samples. */
static double
measure (const Rounding *rounding, guint item, double scale, const gint8 *steps,
         double *signal)
{
  const FettleLayerMoments *moments = &rounding->moments;
  const FettleLayerColumns *columns = &rounding->weights->columns;
  guint g = item / columns->n_rows, r = item % columns->n_rows;
  g_autofree double *weights = g_new (double, moments->n_columns);
  double sum = 0.0;

  for (guint k = 0; k < moments->n_columns; k++)
    weights[k] = scale * steps[k];
  *signal = 0.0;
  for (gsize row = moments->n_seen; row < moments->n_rows; row++)
    {
      const float *column = fettle_layer_moments_get_column (moments, g, row);
      double wanted = (double)fettle_layer_moments_get_sums (moments, g, row)[r];
      double error = wanted - fettle_dot_float (weights, column, moments->n_columns);

      sum += error * error;
      *signal += wanted * wanted;
    }
  return sum;
}

/* The weights that would be best if they need not be whole numbers, in the problem's order. */
static void
find_optimum (const Rounding *rounding, guint item, double *optimum)
{
  guint n = rounding->moments.n_columns;
  guint g = item / rounding->weights->columns.n_rows;
  const guint *order = rounding->order + (gsize)g * n;
  const double *products = rounding->moments.products + (gsize)item * n;
  const double *weights =
      rounding->moments.target->weights
      + (gsize)get_channel (rounding, item) * rounding->weights->columns.n_columns
      + rounding->moments.first_column;

  for (guint k = 0; k < n; k++)
    optimum[k] = products[order[k]] + rounding->dampings[g] * weights[order[k]];
  fettle_matrix_solve (rounding->problems[g].factor, n, optimum);
}

static void
read_present (const Rounding *rounding, guint item, Channel *channel)
{
  const FettleLayerColumns *columns = &rounding->weights->columns;
  guint number = get_channel (rounding, item);

  for (guint k = 0; k < rounding->moments.n_columns; k++)
    channel->steps[k] = rounding->weights->steps[fettle_layer_columns_get_weight (
        columns, number, rounding->moments.first_column + k)];
  channel->scale = fettle_integer_weights_get_scale (rounding->weights, number);
  channel->error_before =
      measure (rounding, item, channel->scale, channel->steps, &channel->signal);
  channel->error_after = channel->error_before;
}

/* Takes over SCALE and STEPS if they are better on unseen samples, too. */
static void
propose (const Rounding *rounding, guint item, double scale, const gint8 *steps,
         Channel *channel)
{
  double signal;
  double error = measure (rounding, item, scale, steps, &signal);

  if (!(error < channel->error_before))
    return;
  channel->is_better = channel->is_changed = TRUE;
  channel->error_after = error;
  channel->scale = scale;
  memcpy (channel->steps, steps, rounding->moments.n_columns);
}

static gboolean
round_channel (guint worker, guint item, gpointer user_data, GError **error)
{
  Rounding *rounding = user_data;
  guint n = rounding->moments.n_columns;
  guint g = item / rounding->weights->columns.n_rows;
  const guint *order = rounding->order + (gsize)g * n;
  Channel *channel = &rounding->channels[get_channel (rounding, item)];
  g_autofree double *optimum = g_new (double, n);
  g_autofree gint8 *ordered = g_new (gint8, n);
  g_autofree gint8 *steps = g_new (gint8, n);
  FettleRounding found = { .steps = ordered };

  if (channel->is_better)
    return TRUE;
  read_present (rounding, item, channel);
  find_optimum (rounding, item, optimum);
  found.scale = channel->scale;
  for (guint k = 0; k < n; k++)
    ordered[k] = channel->steps[order[k]];
  channel->loss_before = fettle_round_row_loss (&rounding->problems[g], optimum, &found);
  fettle_round_channel (&rounding->problems[g], optimum, &rounding->options, &found);
  if (g_cancellable_set_error_if_cancelled (rounding->options.cancellable, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    steps[order[k]] = ordered[k];
  propose (rounding, item, found.scale, steps, channel);
  channel->loss_after = channel->is_better ? found.loss : channel->loss_before;
  return TRUE;
}

/* The bias that takes up what the means of float and quantized sums differ by. */
static void
set_bias (Rounding *rounding, guint item)
{
  const FettleLayerMoments *moments = &rounding->moments;
  guint n = rounding->moments.n_columns;
  guint g = item / rounding->weights->columns.n_rows;
  guint number = get_channel (rounding, item);
  const Channel *channel = &rounding->channels[number];
  double mean = 0.0;

  for (guint k = 0; k < n; k++)
    mean += channel->scale * channel->steps[k] * moments->column_means[(gsize)g * n + k];
  rounding->weights->bias[number] =
      moments->target->bias[number] + moments->sum_means[item] - mean;
}

/* --- The layer --- */

static void
allocate_problems (Rounding *rounding)
{
  gsize n = rounding->moments.n_columns;

  rounding->problems = g_new (FettleRowProblem, rounding->moments.n_groups);
  rounding->order = g_new (guint, rounding->moments.n_groups * n);
  rounding->dampings = g_new (double, rounding->moments.n_groups);
  for (guint g = 0; g < rounding->moments.n_groups; g++)
    rounding->problems[g] = (FettleRowProblem){ .n = (guint)n,
                                                .moments = g_new (double, n *n),
                                                .factor = g_new (double, n *n),
                                                .limit = rounding->weights->limit };
}

static void
free_problems (Rounding *rounding)
{
  for (guint g = 0; g < rounding->moments.n_groups; g++)
    {
      g_free (rounding->problems[g].moments);
      g_free (rounding->problems[g].factor);
    }
  g_free (rounding->problems);
  g_free (rounding->order);
  g_free (rounding->dampings);
}

/* FRACTION of the channels of the groups that are worked on together, of which the layer may have several. */
static void
report_channels (double fraction, gpointer user_data)
{
  const Rounding *rounding = user_data;
  const FettleLayerMoments *moments = &rounding->moments;
  double done = (rounding->pass + fraction) / G_N_ELEMENTS (dampings);

  if (moments->tuning->progress != NULL)
    moments->tuning->progress (
        (moments->first_column
         + (moments->first_group + done * moments->n_groups) * moments->n_columns
               / rounding->weights->columns.n_groups)
            / rounding->weights->columns.n_columns,
        moments->tuning->progress_data);
}

static gboolean
run (Rounding *rounding, guint n, FettleParallelFunc func,
     FettleParallelProgress progress, GError **error)
{
  return fettle_parallel_run (n, fettle_parallel_count_workers (n), func, rounding,
                              progress, rounding, rounding->moments.tuning->cancellable,
                              error);
}

/* TRUE if a channel of the groups has found nothing better yet. */
static gboolean
has_open_channels (const Rounding *rounding)
{
  guint n_channels = rounding->moments.n_groups * rounding->weights->columns.n_rows;

  for (guint item = 0; item < n_channels; item++)
    if (!rounding->channels[get_channel (rounding, item)].is_better)
      return TRUE;
  return FALSE;
}

static gboolean
solve_groups (Rounding *rounding, GError **error)
{
  guint n_channels = rounding->moments.n_groups * rounding->weights->columns.n_rows;

  for (guint i = 0; i < G_N_ELEMENTS (dampings) && has_open_channels (rounding); i++)
    {
      rounding->pass = i;
      if (!run (rounding, rounding->moments.n_groups, prepare_problem, NULL, error)
          || !run (rounding, n_channels, round_channel, report_channels, error))
        return FALSE;
    }
  for (guint item = 0; item < n_channels && rounding->weights->bias != NULL; item++)
    set_bias (rounding, item);
  return TRUE;
}

static gboolean
round_groups (Rounding *rounding, GError **error)
{
  guint n_groups = rounding->weights->columns.n_groups;
  guint n_together = fettle_layer_moments_count_together (&rounding->moments);

  for (guint first = 0; first < n_groups; first += n_together)
    {
      gboolean is_complete;

      if (!fettle_layer_moments_collect (&rounding->moments, first,
                                         MIN (n_together, n_groups - first), error))
        return FALSE;
      allocate_problems (rounding);
      is_complete = solve_groups (rounding, error);
      free_problems (rounding);
      if (!is_complete)
        return FALSE;
    }
  return TRUE;
}

/* Of the first block RESULT gets what was before, of the last one what is there now. */
static void
take_channels (const Rounding *rounding, FettleRoundingResult *result)
{
  FettleIntegerWeights *weights = rounding->weights;
  const FettleLayerColumns *columns = &weights->columns;
  guint first = rounding->moments.first_column;

  result->error_after = 0.0;
  result->n_kept = 0;
  for (guint c = 0; c < fettle_layer_columns_count_channels (columns); c++)
    {
      const Channel *channel = &rounding->channels[c];

      for (guint k = 0; k < rounding->moments.n_columns; k++)
        weights->steps[fettle_layer_columns_get_weight (columns, c, first + k)] =
            channel->steps[k];
      if (weights->n_scales > 1)
        weights->scales[c] = channel->scale;
      result->signal += channel->signal;
      result->error_before += first == 0 ? channel->error_before : 0.0;
      result->error_after += channel->error_after;
      result->loss_before += channel->loss_before;
      result->loss_after += channel->loss_after;
      result->n_kept += !channel->is_changed;
    }
  if (weights->n_scales == 1)
    weights->scales[0] = rounding->channels[0].scale;
}

/* Long rows, block by block: each makes up for the errors of the others as they are. With a scale of its own a block
 * would change them. */
static gboolean
round_blocks (Rounding *rounding, FettleRoundingResult *result, GError **error)
{
  guint n = rounding->weights->columns.n_columns;
  guint size = fettle_layer_columns_get_block (n);

  *result = (FettleRoundingResult){ .is_whole = size == n };
  rounding->options.is_scale_fixed |= size < n;
  for (guint first = 0; first < n; first += size)
    {
      g_autofree double *present = fettle_integer_weights_read (rounding->weights);

      if (size < n)
        fettle_layer_moments_restrict (&rounding->moments, first, MIN (size, n - first),
                                       present);
      for (guint c = 0;
           c < fettle_layer_columns_count_channels (&rounding->weights->columns); c++)
        rounding->channels[c].is_better = FALSE;
      if (!round_groups (rounding, error))
        return FALSE;
      take_channels (rounding, result);
    }
  return TRUE;
}

gboolean
fettle_round_layer (const FettleTuning *tuning, FettleLayerWalk *walk, guint input,
                    const FettleLayerTarget *target, FettleRoundingMethod method,
                    FettleIntegerWeights *weights, FettleRoundingResult *result,
                    GError **error)
{
  guint n_channels = fettle_layer_columns_count_channels (&target->columns);
  Rounding rounding = { .weights = weights,
                        .channels = g_new0 (Channel, n_channels),
                        .options = { .method = method,
                                     .cancellable = tuning->cancellable,
                                     .is_scale_fixed =
                                         weights->n_scales == 1 && n_channels > 1,
                                     .smallest_scale = weights->smallest_scale,
                                     .largest_scale = weights->largest_scale } };
  gboolean is_complete;

  fettle_layer_moments_init (&rounding.moments, tuning, walk, input, target,
                             weights->bias != NULL);
  for (guint c = 0; c < n_channels; c++)
    rounding.channels[c].steps = g_new (gint8, target->columns.n_columns);
  is_complete = round_blocks (&rounding, result, error);
  for (guint c = 0; c < n_channels; c++)
    g_free (rounding.channels[c].steps);
  g_free (rounding.channels);
  fettle_layer_moments_clear (&rounding.moments);
  return is_complete;
}
