/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-tensor-histograms.c: how weights and activations are spread, in float and as integers. */
#include "graphs.h"
#include "tuner/tensor-histograms.h"

#include <math.h>

#define N_SAMPLES 30
#define N_VALUES  9 /* of a channel, per sample */

/* The second channel's weights are a hundred times the first's. */
static const float weights[] = { 0.01f, -0.02f, 1.0f, 2.0f, -0.3f, 0.4f };

typedef struct
{
  FettleGraph *graph;
  FettleSamples *samples;
  FettleProject *tuned;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const gint32 shape[] = { 1, 3, 3, 3 };
  TestGraph builder = test_graph_new (3, 3, 2);
  g_autoptr (GError) error = NULL;

  test_graph_add_conv (&builder, "first", 3, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_RELU, "relu", 4, shape, NULL, 0);
  test_graph_add_conv (&builder, "last", 1, weights, NULL);
  fixture->graph = test_graph_finish (&builder);
  fixture->samples = test_samples_new_noise (fixture->graph, N_SAMPLES, -1.0f, 1.0f);
  fixture->tuned = test_tune (fixture->graph, data, fixture->samples, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_project_free (fixture->tuned);
  fettle_samples_free (fixture->samples);
  g_object_unref (fixture->graph);
}

static FettleSpreadReport *
measure (const Fixture *fixture, int layer)
{
  g_autoptr (GError) error = NULL;
  FettleSpreadReport *report = fettle_measure_spread (
      fettle_project_get_reference (fixture->tuned), fixture->tuned->graph,
      fixture->samples, N_SAMPLES, layer, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static guint64
count (const FettleValueHistogram *histogram, FettleSide side)
{
  guint64 n = 0;

  for (guint i = 0; i < histogram->n_bins; i++)
    n += histogram->counts[side][i];
  return n;
}

static void
test_weights (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleSpreadReport) report = measure (fixture, -1);
  const FettleTensorSpread *first =
      fettle_spread_report_find (report, 0, FETTLE_SPREAD_WEIGHTS);

  g_assert_nonnull (first);
  g_assert_cmpuint (first->n_channels, ==, 3);
  g_assert_cmpint (first->type, ==, FETTLE_TYPE_INT8);
  for (guint c = 0; c < 3; c++)
    {
      const FettleValueSpread *channel = &first->channels[c];

      g_assert_cmpfloat (channel->minimum[0], ==,
                         MIN (weights[2 * c], weights[2 * c + 1]));
      g_assert_cmpfloat (channel->maximum[0], ==,
                         MAX (weights[2 * c], weights[2 * c + 1]));
      /* Each channel has a scale of its own, and its largest weight is a level. */
      g_assert_cmpfloat_with_epsilon (channel->levels.scale,
                                      fabs ((double)(c == 0   ? 0.02f
                                                     : c == 1 ? 2.0f
                                                              : 0.4f))
                                          / 127.0,
                                      1e-9);
      g_assert_cmpfloat (channel->errors.maximum_error, <=,
                         channel->levels.scale * 0.5001);
      g_assert_cmpuint (channel->errors.n_clipped, ==, 0);
      g_assert_cmpuint (count (&first->channel_histograms[c], FETTLE_SIDE_FLOAT), ==, 2);
    }
  g_assert_cmpuint (count (&first->histogram, FETTLE_SIDE_QUANTIZED), ==, 6);
  g_assert_cmpfloat (first->whole.minimum[0], ==, -0.3f);
  g_assert_cmpfloat (first->whole.maximum[0], ==, 2.0f);
  /* 2 over the median of 0.02, 0.4 and 2. */
  g_assert_cmpfloat_with_epsilon (fettle_tensor_spread_get_imbalance (first), 5.0, 1e-5);
}

static void
test_activations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleSpreadReport) report = measure (fixture, -1);
  const FettleTensorSpread *first =
      fettle_spread_report_find (report, 0, FETTLE_SPREAD_ACTIVATIONS);
  guint64 n = 0;

  g_assert_cmpuint (report->n_samples, ==, N_SAMPLES);
  g_assert_nonnull (first);
  g_assert_cmpuint (first->n_channels, ==, 3);
  g_assert_cmpuint (first->whole.errors.n, ==, 3 * N_VALUES * N_SAMPLES);
  g_assert_cmpuint (count (&first->histogram, FETTLE_SIDE_FLOAT), ==,
                    3 * N_VALUES * N_SAMPLES);
  for (guint c = 0; c < 3; c++)
    {
      const FettleValueHistogram *histogram = &first->channel_histograms[c];

      g_assert_cmpuint (count (histogram, FETTLE_SIDE_FLOAT), ==, N_VALUES * N_SAMPLES);
      g_assert_cmpuint (count (histogram, FETTLE_SIDE_QUANTIZED), ==,
                        N_VALUES * N_SAMPLES);
      n += first->channels[c].errors.n;
      /* After the merged ReLU nothing is below 0, in either form. */
      g_assert_cmpfloat (first->channels[c].minimum[0], ==, 0.0f);
      g_assert_cmpfloat (first->channels[c].minimum[1], ==, 0.0f);
    }
  g_assert_cmpuint (n, ==, first->whole.errors.n);
  g_assert_cmpfloat (
      first->whole.maximum[0], ==,
      MAX (MAX (first->channels[0].maximum[0], first->channels[1].maximum[0]),
           first->channels[2].maximum[0]));
}

/* Counted anew from the values: the histogram of one value and of many, levels and none. */
static void
test_bins (void)
{
  const gint32 shape[] = { 4 };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  const float scale = 0.5f;
  const gint32 zero_point = 3;
  FettleTensor *tensor = fettle_graph_get_tensor (
      graph, fettle_graph_add_tensor (graph, "x", FETTLE_TYPE_INT8, 1, shape));
  const float expected[] = { 0.1f, 0.3f, -70.0f, 61.9f };
  const float actual[] = { 0.0f, 0.5f, -65.5f, 62.0f };
  FettleLevels levels;
  FettleValueSpread spread;
  FettleValueHistogram histogram;

  fettle_tensor_set_quantization (tensor, 1, 0, &scale, &zero_point);
  levels = fettle_levels_new (tensor, 0);
  fettle_value_spread_init (&spread, &levels);
  g_assert_cmpfloat (spread.lowest, ==, 0.5 * (-128 - 3 - 0.5));
  g_assert_cmpfloat (spread.highest, ==, 0.5 * (127 - 3 + 0.5));
  fettle_value_spread_add (&spread, expected, actual, 4);
  g_assert_cmpuint (spread.errors.n_clipped, ==, 1);
  g_assert_cmpfloat (spread.minimum[FETTLE_SIDE_FLOAT], ==, -70.0f);
  fettle_value_histogram_init (&histogram, &spread);
  /* Levels -140 to 124 of 0.5, five to a bin, 0 at the start of one. */
  g_assert_cmpfloat (histogram.width, ==, 2.5);
  g_assert_cmpfloat (histogram.start, ==, -70.25);
  g_assert_cmpuint (histogram.n_bins, ==, 53);
  for (guint i = 0; i < 4; i++)
    {
      fettle_value_histogram_add (&histogram, FETTLE_SIDE_FLOAT, expected[i]);
      fettle_value_histogram_add (&histogram, FETTLE_SIDE_QUANTIZED, actual[i]);
    }
  /* What rounding does not move far stays in its bin; what was clipped leaves it. */
  g_assert_cmpuint (histogram.counts[0][28], ==, 2);
  g_assert_cmpuint (histogram.counts[1][28], ==, 2);
  g_assert_cmpuint (histogram.counts[0][0], ==, 1);
  g_assert_cmpuint (histogram.counts[1][0], ==, 0);
  g_assert_cmpuint (histogram.counts[1][1], ==, 1);
  g_assert_cmpuint (histogram.counts[0][52], ==, 1);
  g_assert_cmpuint (histogram.counts[1][52], ==, 1);
}

static void
test_single_value (void)
{
  const FettleLevels none = { .scale = 0.0 };
  const float values[] = { -3.0f, -3.0f };
  FettleValueSpread spread;
  FettleValueHistogram histogram;

  fettle_value_spread_init (&spread, &none);
  fettle_value_histogram_init (&histogram, &spread);
  g_assert_cmpuint (histogram.n_bins, ==, 0);
  fettle_value_spread_add (&spread, values, values, 2);
  fettle_value_histogram_init (&histogram, &spread);
  g_assert_cmpuint (histogram.n_bins, ==, 1);
  fettle_value_histogram_add (&histogram, FETTLE_SIDE_FLOAT, -3.0f);
  fettle_value_histogram_add (&histogram, FETTLE_SIDE_FLOAT, NAN);
  g_assert_cmpuint (histogram.counts[0][0], ==, 2);
}

/* All of REPORT that depends on the data, as bytes. */
static GByteArray *
flatten (const FettleSpreadReport *report)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *spread = g_ptr_array_index (report->tensors, i);

      g_byte_array_append (bytes, (const guint8 *)&spread->whole.errors,
                           sizeof spread->whole.errors);
      g_byte_array_append (bytes, (const guint8 *)&spread->histogram.counts,
                           sizeof spread->histogram.counts);
      for (guint c = 0; c < spread->n_channels; c++)
        {
          g_byte_array_append (bytes, (const guint8 *)&spread->channels[c].errors,
                               sizeof spread->channels[c].errors);
          g_byte_array_append (bytes,
                               (const guint8 *)&spread->channel_histograms[c].counts,
                               sizeof spread->channel_histograms[c].counts);
        }
    }
  return bytes;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  const char *const threads[] = { "1", "2", "7" };
  g_autoptr (GByteArray) expected = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleSpreadReport) report = NULL;
      g_autoptr (GByteArray) found = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      report = measure (fixture, -1);
      found = flatten (report);
      if (expected == NULL)
        expected = g_steal_pointer (&found);
      else
        g_assert_cmpmem (found->data, found->len, expected->data, expected->len);
    }
  g_unsetenv ("FETTLE_THREADS");
}

static void
test_one_layer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleSpreadReport) all = measure (fixture, -1);
  g_autoptr (FettleSpreadReport) one = measure (fixture, 1);
  const FettleTensorSpread *expected =
      fettle_spread_report_find (all, 1, FETTLE_SPREAD_ACTIVATIONS);
  const FettleTensorSpread *found =
      fettle_spread_report_find (one, 1, FETTLE_SPREAD_ACTIVATIONS);

  g_assert_cmpuint (one->tensors->len, ==, 2);
  g_assert_cmpmem (&found->whole.errors, sizeof found->whole.errors,
                   &expected->whole.errors, sizeof expected->whole.errors);
}

static void
note_progress (double fraction, gpointer user_data)
{
  double *last = user_data;

  g_assert_cmpfloat (fraction, >=, *last);
  *last = fraction;
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  FettleGraph *reference = fettle_project_get_reference (fixture->tuned);
  g_autoptr (FettleSpreadReport) report = NULL;
  double last = 0.0;

  g_setenv ("FETTLE_THREADS", "1", TRUE);
  report = fettle_measure_spread (reference, fixture->tuned->graph, fixture->samples, 10,
                                  -1, note_progress, &last, NULL, &error);
  g_unsetenv ("FETTLE_THREADS");
  g_assert_no_error (error);
  g_assert_cmpfloat (last, ==, 1.0);
  g_assert_cmpuint (report->n_samples, ==, 10);
  g_cancellable_cancel (cancellable);
  g_assert_null (fettle_measure_spread (reference, fixture->tuned->graph,
                                        fixture->samples, 10, -1, NULL, NULL, cancellable,
                                        &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  static const char float_island[] =
      "[{\"step\": \"calibrate\"}, {\"step\": \"quantize\", \"layers\": [{\"match\": "
      "\"first\", \"activations\": \"float32\"}]}]";

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tensor-histograms/weights", Fixture, NULL, set_up, test_weights,
              tear_down);
  g_test_add ("/tensor-histograms/activations", Fixture, NULL, set_up, test_activations,
              tear_down);
  g_test_add_func ("/tensor-histograms/bins", test_bins);
  g_test_add_func ("/tensor-histograms/single-value", test_single_value);
  g_test_add ("/tensor-histograms/threads", Fixture, NULL, set_up, test_threads,
              tear_down);
  g_test_add ("/tensor-histograms/threads-float-island", Fixture, float_island, set_up,
              test_threads, tear_down);
  g_test_add ("/tensor-histograms/one-layer", Fixture, NULL, set_up, test_one_layer,
              tear_down);
  g_test_add ("/tensor-histograms/progress", Fixture, NULL, set_up, test_progress,
              tear_down);
  return g_test_run ();
}
