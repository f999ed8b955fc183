/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c: what is kept of a profiled run. */
#include "profiler/run-store.h"

const double fettle_run_quantiles[FETTLE_RUN_N_QUANTILES] = { 0,    0.01, 0.05, 0.25, 0.5,
                                                              0.75, 0.95, 0.99, 1 };

static void
clear_layer (gpointer data)
{
  FettleRunLayer *layer = data;

  g_free (layer->name);
  g_free (layer->operator_);
}

FettleRun *
fettle_run_new (void)
{
  FettleRun *run = g_new0 (FettleRun, 1);
  char **strings[] = { &run->board,      &run->core,        &run->firmware, &run->model,
                       &run->model_hash, &run->recipe_hash, &run->tags,     &run->note };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    *strings[i] = g_strdup ("");
  run->layers = g_array_new (FALSE, FALSE, sizeof (FettleRunLayer));
  g_array_set_clear_func (run->layers, clear_layer);
  return run;
}

void
fettle_run_free (FettleRun *run)
{
  if (run == NULL)
    return;
  g_free (run->board);
  g_free (run->core);
  g_free (run->firmware);
  g_free (run->model);
  g_free (run->model_hash);
  g_free (run->recipe_hash);
  g_free (run->tags);
  g_free (run->note);
  g_clear_pointer (&run->layers, g_array_unref);
  g_free (run);
}

void
fettle_run_add_layer (FettleRun *run, const char *name, const char *operator_,
                      const FettleRunStatistics *time)
{
  FettleRunLayer layer = { .name = g_strdup (name),
                           .operator_ = g_strdup (operator_),
                           .time = *time };

  g_return_if_fail (run != NULL && run->layers != NULL);

  g_array_append_val (run->layers, layer);
}

FettleRunStatistics
fettle_run_statistics_of_layer (FettleTrace *trace, guint layer)
{
  FettleRunStatistics statistics = { 0 };

  g_return_val_if_fail (FETTLE_IS_TRACE (trace), statistics);

  statistics.n = fettle_trace_get_layer (trace, layer).n;
  for (guint i = 0; i < FETTLE_RUN_N_QUANTILES; i++)
    statistics.quantiles[i] =
        fettle_trace_get_layer_quantile (trace, layer, fettle_run_quantiles[i]);
  return statistics;
}

void
fettle_run_set_trace (FettleRun *run, FettleTrace *trace)
{
  g_return_if_fail (run != NULL && FETTLE_IS_TRACE (trace));
  g_return_if_fail (run->layers->len == fettle_trace_get_n_layers (trace));

  run->unit = fettle_trace_get_unit (trace);
  run->resolution = fettle_trace_get_resolution (trace);
  run->dropped = fettle_trace_get_dropped (trace);
  run->total.n = fettle_trace_get_total (trace).n;
  for (guint i = 0; i < FETTLE_RUN_N_QUANTILES; i++)
    run->total.quantiles[i] =
        fettle_trace_get_total_quantile (trace, fettle_run_quantiles[i]);
  for (guint i = 0; i < run->layers->len; i++)
    g_array_index (run->layers, FettleRunLayer, i).time =
        fettle_run_statistics_of_layer (trace, i);
}

guint64
fettle_run_statistics_get_median (const FettleRunStatistics *statistics)
{
  g_return_val_if_fail (statistics != NULL, 0);
  return statistics->quantiles[FETTLE_RUN_N_QUANTILES / 2];
}
