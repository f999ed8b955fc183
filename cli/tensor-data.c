/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-data.c: a model's inputs and outputs as .npy or .bin files. */
#include "config.h"
#include "cli/tensor-data.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/runner.h"

#include <glib/gi18n.h>

struct _FettleCliInputs
{
  FettleGraph *graph;
  FettleSamples *samples; /* .npy; else NULL */
  GBytes *bytes;          /* .bin; else NULL */
  gsize size;             /* of one invocation */
  guint n;
};

gsize
fettle_cli_inputs_size (FettleGraph *graph)
{
  gsize size = 0;

  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    size += fettle_tensor_get_size (
        fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i)));
  return size;
}

gsize
fettle_cli_outputs_size (FettleGraph *graph)
{
  gsize size = 0;

  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    size += fettle_tensor_get_size (
        fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, i)));
  return size;
}

void
fettle_cli_inputs_free (FettleCliInputs *inputs)
{
  if (inputs == NULL)
    return;
  fettle_samples_free (inputs->samples);
  g_clear_pointer (&inputs->bytes, g_bytes_unref);
  g_object_unref (inputs->graph);
  g_free (inputs);
}

static gboolean
fail_name (const char *path, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” must end in .npy (real numbers) or .bin (raw bytes)"), path);
  return FALSE;
}

static gboolean
open_raw (FettleCliInputs *inputs, const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  char *contents;
  gsize size;

  if (!g_file_get_contents (path, &contents, &size, &cause))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s.", cause->message);
      return FALSE;
    }
  inputs->bytes = g_bytes_new_take (contents, size);
  if (size == 0 || size % inputs->size != 0 || size / inputs->size > G_MAXINT)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("%s has %" G_GSIZE_FORMAT
                      " bytes, but the model's inputs take %" G_GSIZE_FORMAT
                      "; give that many, or a multiple for several invocations."),
                   path, size, inputs->size);
      return FALSE;
    }
  inputs->n = (guint)(size / inputs->size);
  return TRUE;
}

FettleCliInputs *
fettle_cli_inputs_open (const char *path, FettleGraph *graph,
                        const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleCliInputs) inputs = g_new0 (FettleCliInputs, 1);

  inputs->graph = g_object_ref (graph);
  inputs->size = fettle_cli_inputs_size (graph);
  if (fettle_cli_has_suffix (path, ".npy"))
    {
      inputs->samples = fettle_samples_open (path, graph, preprocessing, error);
      if (inputs->samples == NULL)
        return NULL;
      inputs->n = fettle_samples_get_n (inputs->samples);
    }
  else if (!fettle_cli_has_suffix (path, ".bin"))
    {
      fail_name (path, error);
      return NULL;
    }
  else if (!open_raw (inputs, path, error))
    return NULL;
  return g_steal_pointer (&inputs);
}

guint
fettle_cli_inputs_get_n (FettleCliInputs *inputs)
{
  return inputs->n;
}

gboolean
fettle_cli_inputs_are_independent (FettleCliInputs *inputs)
{
  return inputs->samples != NULL;
}

GBytes *
fettle_cli_inputs_get (FettleCliInputs *inputs, guint index, GError **error)
{
  g_autofree float *values = NULL;
  const FettleTensor *tensor;
  guint8 *raw;

  if (inputs->bytes != NULL)
    return g_bytes_new_from_bytes (inputs->bytes, index * inputs->size, inputs->size);

  values = g_new (float, fettle_samples_get_size (inputs->samples));
  fettle_samples_read (inputs->samples, index, values);
  if (!fettle_samples_check_finite (inputs->samples, index, values, error))
    return NULL;
  tensor =
      fettle_graph_get_tensor (inputs->graph, fettle_graph_get_input (inputs->graph, 0));
  raw = g_malloc (inputs->size);
  fettle_tensor_encode (tensor, values, raw, fettle_samples_get_size (inputs->samples));
  return g_bytes_new_take (raw, inputs->size);
}

gboolean
fettle_cli_outputs_check (const char *path, FettleGraph *graph, GError **error)
{
  if (!fettle_cli_has_suffix (path, ".npy"))
    return fettle_cli_has_suffix (path, ".bin") || fail_name (path, error);
  if (fettle_graph_get_n_outputs (graph) == 1)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("The model has %u outputs, but a .npy file holds one; write them one "
                  "after the other to a .bin file."),
               fettle_graph_get_n_outputs (graph));
  return FALSE;
}

/* The shape of N outputs: N takes the place of a first dimension of 1, or goes before the others. */
static guint
shape_outputs (const FettleTensor *tensor, guint n, gsize *shape)
{
  guint first = tensor->rank > 0 && tensor->shape[0] == 1 ? 1 : 0;
  guint rank = 0;

  if (first == 1 || n > 1 || tensor->rank == 0)
    shape[rank++] = n;
  for (guint i = first; i < tensor->rank; i++)
    shape[rank++] = (gsize)tensor->shape[i];
  return rank;
}

gboolean
fettle_cli_outputs_write (const char *path, FettleGraph *graph, GBytes *raw, guint n,
                          GError **error)
{
  g_autofree float *values = NULL;
  g_autoptr (GBytes) file = NULL;
  gsize shape[FETTLE_MAX_RANK + 1], n_values;
  const FettleTensor *tensor;
  guint rank;

  if (!fettle_cli_has_suffix (path, ".npy"))
    return fettle_cli_write_file (path, raw, error);
  tensor = fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  n_values = n * fettle_tensor_get_n_elements (tensor);
  values = g_new (float, n_values);
  fettle_tensor_decode (tensor, g_bytes_get_data (raw, NULL), values, n_values);
  rank = shape_outputs (tensor, n, shape);
  file = fettle_npy_write_float32 (shape, rank, values);
  return fettle_cli_write_file (path, file, error);
}
