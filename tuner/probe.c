/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe.c: a graph on the runtime, and what its tensors hold. */
#include "config.h"
#include "tuner/probe.h"

FettleProbe *
fettle_probe_new (FettleGraph *graph, GError **error)
{
  g_autoptr (FettleLowered) lowered =
      fettle_lower (graph, &fettle_lower_for_desktop, error);
  FettleRunner *runner =
      lowered != NULL ? fettle_runner_new (lowered->image, error) : NULL;
  FettleProbe *probe;

  if (runner == NULL)
    return NULL;
  probe = g_new0 (FettleProbe, 1);
  probe->graph = g_object_ref (graph);
  probe->runner = runner;
  probe->watched = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return probe;
}

void
fettle_probe_free (FettleProbe *probe)
{
  if (probe == NULL)
    return;
  g_object_unref (probe->graph);
  fettle_runner_free (probe->runner);
  g_hash_table_unref (probe->watched);
  g_free (probe);
}

const float *
fettle_probe_watch (FettleProbe *probe, gint32 tensor)
{
  gpointer key = GINT_TO_POINTER (tensor + 1);
  float *values = g_hash_table_lookup (probe->watched, key);

  if (values == NULL)
    {
      values = g_new (float, fettle_tensor_get_n_elements (
                                 fettle_graph_get_tensor (probe->graph, (guint)tensor)));
      g_hash_table_insert (probe->watched, key, values);
    }
  return values;
}

static void
keep (FettleProbe *probe, guint tensor, gconstpointer raw)
{
  const FettleTensor *description = fettle_graph_get_tensor (probe->graph, tensor);
  float *values =
      g_hash_table_lookup (probe->watched, GINT_TO_POINTER ((gint32)tensor + 1));

  if (values != NULL)
    fettle_tensor_decode (description, raw, values,
                          fettle_tensor_get_n_elements (description));
}

static void
keep_layer (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  FettleProbe *probe = user_data;
  const FettleOperator *operator_ = fettle_graph_get_operator (probe->graph, layer);

  keep (probe, (guint)fettle_operator_get_output (operator_, 0), output);
}

gboolean
fettle_probe_run (FettleProbe *probe, const float *values, gsize n,
                  GCancellable *cancellable, GError **error)
{
  guint input = fettle_graph_get_input (probe->graph, 0);
  gpointer raw = fettle_runner_get_input (probe->runner, 0, NULL);

  fettle_runner_reset (probe->runner);
  fettle_tensor_encode (fettle_graph_get_tensor (probe->graph, input), values, raw, n);
  keep (probe, input, raw);
  if (!fettle_runner_run (probe->runner, keep_layer, probe, cancellable, error))
    return FALSE;
  /* An output that is not output 0 of a layer, as those of SPLIT. */
  for (guint i = 0; i < fettle_graph_get_n_outputs (probe->graph); i++)
    keep (probe, fettle_graph_get_output (probe->graph, i),
          fettle_runner_get_output (probe->runner, i, NULL));
  return TRUE;
}

guint
fettle_spread (guint i, guint count, guint n)
{
  return (guint)((guint64)i * n / count);
}
