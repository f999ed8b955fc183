/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-samples.c: stand-ins for calibration data. */
#include "tuner/random-samples.h"
#include "tuner/random-numbers.h"

#include <math.h>

#define N_SAMPLES 64

typedef struct
{
  FettleRandom random;
  double minimum, maximum;
} Source;

static double
draw (Source *source)
{
  if (source->minimum < source->maximum)
    return source->minimum
           + (source->maximum - source->minimum)
                 * fettle_random_uniform (&source->random);
  return fettle_random_normal (&source->random);
}

static void
fill_sample (Source *source, float *values, gsize n, gsize n_channels)
{
  g_autofree double *levels = g_new (double, n_channels);
  double noise = fettle_random_uniform (&source->random), level = 1.0 - noise;

  /* Variances add up, limits do not. */
  if (source->minimum >= source->maximum)
    level = sqrt (1.0 - noise * noise);
  for (gsize i = 0; i < n_channels; i++)
    levels[i] = draw (source);
  for (gsize i = 0; i < n; i++)
    values[i] = (float)(level * levels[i % n_channels] + noise * draw (source));
}

FettleSamples *
fettle_random_samples_new (FettleGraph *graph, double minimum, double maximum,
                           GError **error)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  gsize n_channels = input->rank > 0 ? (gsize)input->shape[input->rank - 1] : 1;
  gsize n = fettle_tensor_get_n_elements (input);
  gsize shape[1 + FETTLE_MAX_RANK] = { N_SAMPLES };
  g_autofree float *values = g_new (float, N_SAMPLES *n);
  g_autoptr (GBytes) file = NULL;
  Source source = { { 0x2545F491u }, minimum, maximum };

  for (guint i = 0; i < input->rank; i++)
    shape[1 + i] = (gsize)input->shape[i];
  for (gsize i = 0; i < N_SAMPLES; i++)
    fill_sample (&source, values + i * n, n, n_channels);
  file = fettle_npy_write_float32 (shape, 1 + input->rank, values);
  return fettle_samples_new (fettle_npy_parse (file, "random", error), graph, NULL,
                             error);
}
