/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samples.c: a data file as a sequence of model inputs. */
#include "config.h"
#include "tuner/samples.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>

struct _FettleSamples
{
  FettleNpy *npy;
  FettlePreprocessing preprocessing;
  guint n;
  gsize size;
};

void
fettle_samples_free (FettleSamples *samples)
{
  if (samples == NULL)
    return;
  fettle_npy_free (samples->npy);
  g_free (samples);
}

/* The dimensions other than 1, in order; returns how many. */
static guint
squeeze_tensor (const FettleTensor *tensor, gsize *shape)
{
  guint rank = 0;

  for (guint i = 0; i < tensor->rank; i++)
    if (tensor->shape[i] != 1)
      shape[rank++] = (gsize)tensor->shape[i];
  return rank;
}

static guint
squeeze_npy (FettleNpy *npy, gsize *shape)
{
  guint rank = 0;

  for (guint i = 0; i < fettle_npy_get_rank (npy); i++)
    if (fettle_npy_get_shape (npy)[i] != 1)
      shape[rank++] = fettle_npy_get_shape (npy)[i];
  return rank;
}

static gboolean
shapes_equal (const gsize *a, guint rank_a, const gsize *b, guint rank_b)
{
  if (rank_a != rank_b)
    return FALSE;
  for (guint i = 0; i < rank_a; i++)
    if (a[i] != b[i])
      return FALSE;
  return TRUE;
}

/* The number of samples of TENSOR's shape in NPY; 0 if it does not fit. */
static gsize
count_samples (FettleNpy *npy, const FettleTensor *tensor)
{
  gsize wanted[FETTLE_MAX_RANK], found[FETTLE_NPY_MAX_RANK];
  guint wanted_rank = squeeze_tensor (tensor, wanted);
  guint found_rank = squeeze_npy (npy, found);

  if (shapes_equal (found, found_rank, wanted, wanted_rank))
    return 1;
  if (found_rank > 0 && shapes_equal (found + 1, found_rank - 1, wanted, wanted_rank))
    return found[0];
  return 0;
}

static gboolean
fail_shape (FettleNpy *npy, const FettleTensor *tensor, GError **error)
{
  g_autofree char *found = fettle_npy_format_shape (npy);
  g_autofree char *wanted = fettle_tensor_format_shape (tensor);

  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("The data have the shape %s, but the model's input “%s” has the shape "
                  "%s; give one sample of that shape, or many along a new first axis."),
               found, tensor->name, wanted);
  return FALSE;
}

FettleSamples *
fettle_samples_new (FettleNpy *npy, FettleGraph *graph,
                    const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleSamples) samples = NULL;
  const FettleTensor *tensor;
  gsize n;

  g_return_val_if_fail (npy != NULL, NULL);
  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);

  samples = g_new0 (FettleSamples, 1);
  samples->npy = npy;
  samples->preprocessing =
      preprocessing != NULL ? *preprocessing : (FettlePreprocessing){ 1.0, 0.0 };
  if (fettle_graph_get_n_inputs (graph) != 1)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("The model has %u inputs, but a .npy file feeds exactly one; give "
                      "the inputs one after the other in a .bin file."),
                   fettle_graph_get_n_inputs (graph));
      return NULL;
    }
  tensor = fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  n = count_samples (npy, tensor);
  if (n == 0 || n > G_MAXINT / 2)
    {
      fail_shape (npy, tensor, error);
      return NULL;
    }
  samples->n = (guint)n;
  samples->size = fettle_tensor_get_n_elements (tensor);
  return g_steal_pointer (&samples);
}

FettleSamples *
fettle_samples_open (const char *path, FettleGraph *graph,
                     const FettlePreprocessing *preprocessing, GError **error)
{
  g_autofree char *name = NULL;
  FettleSamples *samples;
  FettleNpy *npy;

  g_return_val_if_fail (path != NULL, NULL);

  npy = fettle_npy_open (path, error);
  if (npy == NULL)
    return NULL;
  samples = fettle_samples_new (npy, graph, preprocessing, error);
  name = g_filename_display_basename (path);
  if (samples == NULL)
    g_prefix_error (error, "%s: ", name);
  return samples;
}

guint
fettle_samples_get_n (FettleSamples *samples)
{
  return samples->n;
}

gsize
fettle_samples_get_size (FettleSamples *samples)
{
  return samples->size;
}

void
fettle_samples_read (FettleSamples *samples, guint index, float *values)
{
  g_return_if_fail (index < samples->n);

  fettle_npy_read (samples->npy, index * samples->size, samples->size,
                   samples->preprocessing.scale, samples->preprocessing.offset, values);
}

gboolean
fettle_samples_check_finite (FettleSamples *samples, guint index, const float *values,
                             GError **error)
{
  for (gsize i = 0; i < samples->size; i++)
    if (!isfinite (values[i]))
      {
        g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                     _ ("Value %" G_GSIZE_FORMAT " of sample %u is %s; remove it from "
                        "the data, for nothing can be measured on it."),
                     i, index, isnan (values[i]) ? _ ("not a number") : _ ("infinite"));
        return FALSE;
      }
  return TRUE;
}

const FettlePreprocessing *
fettle_samples_get_preprocessing (FettleSamples *samples)
{
  return &samples->preprocessing;
}

const char *
fettle_samples_get_hash (FettleSamples *samples)
{
  return fettle_npy_get_hash (samples->npy);
}
