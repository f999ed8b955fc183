/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samples.c: a data file as a sequence of model inputs. */
#include "config.h"
#include "tuner/samples.h"
#include "model/runner.h"
#include "tuner/error-sums.h"
#include "tuner/sample-source.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>

struct _FettleSamples
{
  FettleNpy *npy; /* or, if that is NULL, */
  FettleSampleSource *source;
  char *hash; /* of the source, once asked for */
  FettlePreprocessing preprocessing;
  guint n;
  gsize size;
  gsize n_channels; /* the input's last axis */
};

void
fettle_samples_free (FettleSamples *samples)
{
  if (samples == NULL)
    return;
  fettle_npy_free (samples->npy);
  if (samples->source != NULL)
    samples->source->free (samples->source);
  g_free (samples->hash);
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

/* The input that samples feed; NULL with an error if there are several. */
static const FettleTensor *
find_input (FettleGraph *graph, GError **error)
{
  if (fettle_graph_get_n_inputs (graph) == 1)
    return fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("The model has %u inputs, but a data file feeds exactly one; give the "
                  "inputs one after the other in a .bin file."),
               fettle_graph_get_n_inputs (graph));
  return NULL;
}

static gboolean
check_channels (const FettlePreprocessing *preprocessing, const FettleTensor *tensor,
                GError **error)
{
  guint n = preprocessing->n_channels;
  gint32 last = tensor->rank > 0 ? tensor->shape[tensor->rank - 1] : 1;

  if (n <= 1 || (gint32)n == last)
    return TRUE;
  g_set_error (
      error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
      _ ("There are %u means, but the model's input “%s” has %d channels; give one "
         "mean per channel, or one for all."),
      n, tensor->name, last);
  return FALSE;
}

/* Without data yet. */
static FettleSamples *
samples_new (const FettleTensor *tensor, const FettlePreprocessing *preprocessing,
             GError **error)
{
  const FettlePreprocessing none = { .scale = 1.0 };
  FettleSamples *samples;

  if (preprocessing == NULL)
    preprocessing = &none;
  if (!check_channels (preprocessing, tensor, error))
    return NULL;
  samples = g_new0 (FettleSamples, 1);
  samples->preprocessing = *preprocessing;
  samples->size = fettle_tensor_get_n_elements (tensor);
  samples->n_channels = tensor->rank > 0 ? (gsize)tensor->shape[tensor->rank - 1] : 1;
  return samples;
}

FettleSamples *
fettle_samples_new (FettleNpy *npy, FettleGraph *graph,
                    const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleNpy) taken = npy;
  const FettleTensor *tensor;
  FettleSamples *samples;
  gsize n;

  g_return_val_if_fail (npy != NULL, NULL);
  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);

  tensor = find_input (graph, error);
  if (tensor == NULL)
    return NULL;
  n = count_samples (npy, tensor);
  if (n == 0 || n > G_MAXINT / 2)
    {
      fail_shape (npy, tensor, error);
      return NULL;
    }
  samples = samples_new (tensor, preprocessing, error);
  if (samples == NULL)
    return NULL;
  samples->npy = g_steal_pointer (&taken);
  samples->n = (guint)n;
  return samples;
}

FettleSamples *
fettle_samples_new_from_source (FettleSampleSource *source, FettleGraph *graph,
                                const FettlePreprocessing *preprocessing, GError **error)
{
  const FettleTensor *tensor = find_input (graph, error);
  FettleSamples *samples =
      tensor != NULL ? samples_new (tensor, preprocessing, error) : NULL;

  if (samples == NULL)
    {
      source->free (source);
      return NULL;
    }
  samples->source = source;
  samples->n = source->n;
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

static void
normalize (FettleSamples *samples, float *values)
{
  const FettlePreprocessing *preprocessing = &samples->preprocessing;

  for (gsize i = 0; i < samples->size && preprocessing->n_channels > 0; i++)
    {
      gsize channel = preprocessing->n_channels > 1 ? i % samples->n_channels : 0;

      values[i] = (float)(((double)values[i] - preprocessing->mean[channel])
                          / preprocessing->deviation[channel]);
    }
}

void
fettle_samples_read (FettleSamples *samples, guint index, float *values)
{
  const FettlePreprocessing *preprocessing = &samples->preprocessing;

  g_return_if_fail (index < samples->n);

  if (samples->npy != NULL)
    fettle_npy_read (samples->npy, index * samples->size, samples->size,
                     preprocessing->scale, preprocessing->offset, values);
  else if (samples->source->read (samples->source, index, values, NULL))
    for (gsize i = 0; i < samples->size; i++)
      values[i] =
          (float)(preprocessing->scale * (double)values[i] + preprocessing->offset);
  else
    for (gsize i = 0; i < samples->size; i++)
      values[i] = NAN;
  normalize (samples, values);
}

/* Why a sample of a source could not be read, if that is why it holds no numbers. */
static gboolean
is_readable (FettleSamples *samples, guint index, GError **error)
{
  g_autofree float *values = NULL;

  if (samples->source == NULL)
    return TRUE;
  values = g_new (float, samples->size);
  return samples->source->read (samples->source, index, values, error);
}

gboolean
fettle_samples_check_finite (FettleSamples *samples, guint index, const float *values,
                             GError **error)
{
  for (gsize i = 0; i < samples->size; i++)
    if (!isfinite (values[i]))
      {
        if (is_readable (samples, index, error))
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("Value %" G_GSIZE_FORMAT " of sample %u is %s; remove it from "
                          "the data, for nothing can be measured on it."),
                       i, index, isnan (values[i]) ? _ ("not a number") : _ ("infinite"));
        return FALSE;
      }
  return TRUE;
}

/* So many are enough to tell 0..255 from 0..1. */
#define N_EXAMPLES 16

/* Beyond this many times the range of the input, or within this part of it, something is wrong. */
#define MISFIT 8.0

char *
fettle_samples_describe_misfit (FettleSamples *samples, FettleGraph *graph)
{
  const FettleTensor *tensor =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  g_autofree float *values = g_new (float, samples->size);
  double lowest, highest, minimum = INFINITY, maximum = -INFINITY, range;

  fettle_tensor_find_limits (tensor, &lowest, &highest);
  if (!isfinite (lowest))
    return NULL;
  for (guint i = 0; i < MIN (N_EXAMPLES, samples->n); i++)
    {
      fettle_samples_read (
          samples, (guint)((guint64)i * samples->n / MIN (N_EXAMPLES, samples->n)),
          values);
      for (gsize k = 0; k < samples->size; k++)
        {
          minimum = MIN (minimum, (double)values[k]);
          maximum = MAX (maximum, (double)values[k]);
        }
    }
  range = MAX (fabs (lowest), fabs (highest));
  if (MAX (fabs (minimum), fabs (maximum)) <= MISFIT * range
      && MAX (fabs (minimum), fabs (maximum)) * MISFIT >= range)
    return NULL;
  return g_strdup_printf (_ ("The data go from %g to %g, but the model's input “%s” is "
                             "made for %g to %g; check "
                             "--scale and --offset."),
                          minimum, maximum, tensor->name, lowest, highest);
}

const FettlePreprocessing *
fettle_samples_get_preprocessing (FettleSamples *samples)
{
  return &samples->preprocessing;
}

const char *
fettle_samples_get_hash (FettleSamples *samples)
{
  if (samples->npy != NULL)
    return fettle_npy_get_hash (samples->npy);
  if (samples->hash == NULL)
    samples->hash = samples->source->compute_hash (samples->source);
  return samples->hash;
}
