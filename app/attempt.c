/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attempt.c: something that was tried, and what came out: a recipe's model, or a kept run. */
#include "config.h"

#include "app/attempt.h"

#include "tuner/quantization-error.h"

#include <glib/gi18n.h>
#include <math.h>

static void
clear_layer (gpointer data)
{
  g_free (((FettleLayerFigures *)data)->name);
}

static FettleAttempt *
make_attempt (void)
{
  FettleAttempt *attempt = g_new0 (FettleAttempt, 1);

  attempt->image_bytes = attempt->arena_bytes = NAN;
  attempt->output_error = attempt->time = NAN;
  attempt->layers = g_array_new (FALSE, FALSE, sizeof (FettleLayerFigures));
  g_array_set_clear_func (attempt->layers, clear_layer);
  return attempt;
}

/* NAN if it is not known. */
static double
get_error (GArray *errors, guint layer)
{
  const FettleLayerError *error;

  if (errors == NULL || layer >= errors->len)
    return NAN;
  error = &g_array_index (errors, FettleLayerError, layer);
  return error->is_known ? pow (10, -error->sqnr_db / 20) : NAN;
}

/* Of the layer that writes the model's first output. */
static double
get_output_error (FettleContent *content, GArray *errors)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  int output = (int)fettle_graph_get_output (graph, 0);

  if (content->kind != FETTLE_CONTENT_TUNED)
    return 0;
  for (guint i = fettle_graph_get_n_operators (graph); i > 0; i--)
    if (fettle_operator_get_output (fettle_graph_get_operator (graph, i - 1), 0)
        == output)
      {
        double error = get_error (errors, i - 1);

        /* A conversion at the end has no counterpart; what it converts has. */
        return isfinite (error) || i < 2 ? error : get_error (errors, i - 2);
      }
  return NAN;
}

FettleAttempt *
fettle_attempt_new (const char *key, FettleEditState *state, const char *label,
                    FettleContent *content, GArray *errors)
{
  FettleAttempt *attempt;
  FettleGraph *graph;

  g_return_val_if_fail (key != NULL && state != NULL && label != NULL, NULL);
  g_return_val_if_fail (content != NULL, NULL);

  attempt = make_attempt ();
  graph = fettle_content_get_graph (content);
  attempt->key = g_strdup (key);
  attempt->state = fettle_edit_state_ref (state);
  attempt->label = g_strdup (label);
  attempt->image_bytes = (double)g_bytes_get_size (content->lowered->image);
  attempt->arena_bytes = (double)content->lowered->arena.size;
  attempt->output_error = get_output_error (content, errors);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleLayerFigures layer = {
        .name = g_strdup (fettle_graph_get_operator (graph, i)->name),
        .weight_bytes = (double)content->weight_bytes[i],
        .error = get_error (errors, i),
        .time = NAN,
      };

      g_array_append_val (attempt->layers, layer);
    }
  return attempt;
}

FettleAttempt *
fettle_attempt_new_for_run (FettleRun *run)
{
  FettleAttempt *attempt;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (run != NULL && run->layers != NULL, NULL);

  attempt = make_attempt ();
  time = g_date_time_new_from_unix_local (run->time / G_USEC_PER_SEC);
  text = g_date_time_format (time, "%F %H:%M");
  attempt->label = g_strdup_printf (_ ("Run %" G_GINT64_FORMAT ": %s on %s, %s"), run->id,
                                    run->model, run->board, text);
  attempt->image_bytes = run->image_bytes > 0 ? (double)run->image_bytes : NAN;
  attempt->arena_bytes = (double)run->arena_bytes;
  attempt->unit = run->unit;
  attempt->time = (double)fettle_run_statistics_get_median (&run->total);
  for (guint i = 0; i < run->layers->len; i++)
    {
      const FettleRunLayer *measured = &g_array_index (run->layers, FettleRunLayer, i);
      const FettleLayerFigures layer = {
        .name = g_strdup (measured->name),
        .weight_bytes = NAN,
        .error = NAN,
        .time = (double)fettle_run_statistics_get_median (&measured->time),
      };

      g_array_append_val (attempt->layers, layer);
    }
  return attempt;
}

void
fettle_attempt_free (FettleAttempt *attempt)
{
  if (attempt == NULL)
    return;
  g_free (attempt->key);
  g_clear_pointer (&attempt->state, fettle_edit_state_unref);
  g_free (attempt->label);
  g_array_unref (attempt->layers);
  g_free (attempt);
}

void
fettle_attempt_set_trace (FettleAttempt *attempt, FettleTrace *trace)
{
  g_return_if_fail (attempt != NULL && FETTLE_IS_TRACE (trace));

  if (fettle_trace_get_n_layers (trace) != attempt->layers->len
      || fettle_trace_get_n_runs (trace) == 0)
    return;
  attempt->unit = fettle_trace_get_unit (trace);
  attempt->time = (double)fettle_trace_get_total (trace).median;
  for (guint i = 0; i < attempt->layers->len; i++)
    g_array_index (attempt->layers, FettleLayerFigures, i).time =
        (double)fettle_trace_get_layer (trace, i).median;
}

/* --- matching --- */

/* Names and numbers of layers; a name that several have stands for the first. */
static GHashTable *
index_layers (GArray *layers)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = layers->len; i > 0; i--)
    g_hash_table_insert (index, g_array_index (layers, FettleLayerFigures, i - 1).name,
                         GUINT_TO_POINTER (i));
  return index;
}

/* The layer of ATTEMPT that is called NAME; *NUMBER counts from 1, 0 if there is none. */
static const FettleLayerFigures *
find_layer (const FettleAttempt *attempt, GHashTable *index, const char *name,
            guint *number)
{
  *number = GPOINTER_TO_UINT (g_hash_table_lookup (index, name));
  return *number > 0 ? &g_array_index (attempt->layers, FettleLayerFigures, *number - 1)
                     : NULL;
}

/* Those of SECOND from *NEXT on that FIRST does not have, up to one that it has. */
static void
append_lone_layers (GArray *pairs, GHashTable *first_index, const FettleAttempt *second,
                    guint *next)
{
  for (; *next < second->layers->len; (*next)++)
    {
      const FettleLayerPair pair = { .second = &g_array_index (
                                         second->layers, FettleLayerFigures, *next) };

      if (g_hash_table_contains (first_index, pair.second->name))
        return;
      g_array_append_val (pairs, pair);
    }
}

GArray *
fettle_attempts_match (const FettleAttempt *first, const FettleAttempt *second)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (FettleLayerPair));
  g_autoptr (GHashTable) first_index = NULL;
  g_autoptr (GHashTable) second_index = NULL;
  guint next = 0;

  g_return_val_if_fail (first != NULL && second != NULL, pairs);

  first_index = index_layers (first->layers);
  second_index = index_layers (second->layers);
  append_lone_layers (pairs, first_index, second, &next);
  for (guint i = 0; i < first->layers->len; i++)
    {
      FettleLayerPair pair = { .first = &g_array_index (first->layers, FettleLayerFigures,
                                                        i) };
      guint number;

      pair.second = find_layer (second, second_index, pair.first->name, &number);
      g_array_append_val (pairs, pair);
      if (number > next)
        next = number;
      append_lone_layers (pairs, first_index, second, &next);
    }
  return pairs;
}
