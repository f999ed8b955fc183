/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-layer-errors.c: mixed graphs, and what each layer's quantization costs. */
#include "graphs.h"
#include "model/runner.h"
#include "tuner/layer-errors.h"
#include "tuner/mixed-graph.h"

#include <math.h>
#include <string.h>

#define N_SAMPLES 40

static const float first_weights[] = { 0.9f, -0.4f, 0.3f, 0.7f, -0.8f, 0.2f };
static const float second_weights[] = { 0.5f, 0.31f, -0.77f };

/* A convolution, a ReLU that quantizing merges with it, another convolution, both concatenated (which rescales
 * one of them in integers), and a sum over the channels. */
static FettleGraph *
make_graph (void)
{
  const float last[] = { 0.6f,  -0.3f, 0.8f, 0.45f, 0.1f,  -0.9f,
                         0.35f, 0.25f, 0.7f, 0.2f,  -0.5f, 0.15f };
  const gint32 shape[] = { 1, 3, 3, 3 }, joined[] = { 1, 3, 3, 4 };
  TestGraph builder = test_graph_new (3, 3, 2);
  gint32 relu;

  test_graph_add_conv (&builder, "first", 3, first_weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_RELU, "relu", 4, shape, NULL, 0);
  relu = builder.last;
  test_graph_add_conv (&builder, "second", 1, second_weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_CONCATENATION, "joined", 4, joined, &relu, 1)
      ->options.axis = 3;
  test_graph_add_conv (&builder, "last", 3, last, NULL);
  return test_graph_finish (&builder);
}

typedef struct
{
  FettleGraph *graph;
  FettleSamples *samples;
  FettleProject *tuned;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->graph = make_graph ();
  fixture->samples = test_samples_new_noise (fixture->graph, N_SAMPLES, -1.0f, 1.5f);
  fixture->tuned = test_tune (fixture->graph, NULL, fixture->samples, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_project_free (fixture->tuned);
  fettle_samples_free (fixture->samples);
  g_object_unref (fixture->graph);
}

/* Output 0 of GRAPH for sample INDEX, real numbers. */
static void
run_graph (FettleGraph *graph, FettleSamples *samples, guint index, float *output,
           gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  g_autofree float *values = g_new (float, fettle_samples_get_size (samples));

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_samples_read (samples, index, values);
  fettle_tensor_encode (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)), values,
      fettle_runner_get_input (runner, 0, NULL), fettle_samples_get_size (samples));
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, &error));
  fettle_tensor_decode (
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0)),
      fettle_runner_get_output (runner, 0, NULL), output, n);
}

static void
assert_same_outputs (FettleGraph *a, FettleGraph *b, FettleSamples *samples)
{
  float outputs[2][27];

  for (guint i = 0; i < 5; i++)
    {
      run_graph (a, samples, i, outputs[0], G_N_ELEMENTS (outputs[0]));
      run_graph (b, samples, i, outputs[1], G_N_ELEMENTS (outputs[1]));
      g_assert_cmpmem (outputs[0], sizeof outputs[0], outputs[1], sizeof outputs[1]);
    }
}

/* All of one side is that side, to the last bit. */
static void
test_pure_mixtures (Fixture *fixture, gconstpointer data)
{
  FettleGraph *graphs[] = { fixture->graph, fixture->tuned->graph };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLayerMatch) match =
      fettle_layer_match_new (graphs[0], graphs[1], &error);

  g_assert_no_error (error);
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    {
      g_autofree FettleSide *sides = g_new (FettleSide, match->tensor_pairs->len);
      g_autoptr (FettleMixedGraph) mixed = NULL;

      for (guint i = 0; i < match->tensor_pairs->len; i++)
        sides[i] = side;
      mixed = fettle_mixed_graph_new (match, sides, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (fettle_graph_get_n_operators (mixed->graph), ==,
                        fettle_graph_get_n_operators (graphs[side]));
      assert_same_outputs (mixed->graph, graphs[side], fixture->samples);
    }
}

static guint
find_layer (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (g_str_equal (fettle_graph_get_operator (graph, i)->name, name))
      return i;
  g_error ("There is no layer “%s”.", name);
}

/* A merged activation goes with its layer: "first" stands for both float layers. */
static void
test_fused_layer (Fixture *fixture, gconstpointer data)
{
  FettleGraph *quantized = fixture->tuned->graph;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLayerMatch) match =
      fettle_layer_match_new (fixture->graph, quantized, &error);
  g_autoptr (FettleMixedGraph) mixed = NULL;
  g_autofree FettleSide *sides = g_new (FettleSide, match->tensor_pairs->len);
  gint32 pair = fettle_layer_match_get_pair (match, find_layer (quantized, "first"));

  g_assert_cmpint (pair, >=, 0);
  g_assert_cmpstr (fettle_layer_match_get_tensor (match, FETTLE_SIDE_FLOAT, pair)->name,
                   ==, "relu");
  for (guint i = 0; i < match->tensor_pairs->len; i++)
    sides[i] = (gint32)i == pair ? FETTLE_SIDE_FLOAT : FETTLE_SIDE_QUANTIZED;
  mixed = fettle_mixed_graph_new (match, sides, &error);
  g_assert_no_error (error);
  /* Its input is dequantized, and its output quantized once for both of its readers. */
  g_assert_cmpuint (fettle_graph_get_n_operators (mixed->graph), ==,
                    fettle_graph_get_n_operators (quantized) + 3);
  find_layer (mixed->graph, "relu");
}

static FettleErrorReport *
measure (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  FettleErrorReport *report =
      fettle_measure_layer_errors (fixture->graph, fixture->tuned->graph,
                                   fixture->samples, 17, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
test_report (Fixture *fixture, gconstpointer data)
{
  FettleGraph *quantized = fixture->tuned->graph;
  g_autoptr (FettleErrorReport) report = measure (fixture);
  guint last = find_layer (quantized, "last"), n_unknown = 0;

  g_assert_cmpuint (report->n_samples, ==, 17);
  g_assert_cmpint (report->kind, ==, FETTLE_OUTPUT_SCORES);
  for (guint i = 0; i < report->layers->len; i++)
    {
      const FettleLayerErrors *errors =
          &g_array_index (report->layers, FettleLayerErrors, i);

      n_unknown += !errors->is_known;
      if (!errors->is_known)
        continue;
      /* One layer's rounding costs less than all layers', and all but one no less than 0. */
      g_assert_cmpfloat (errors->only.layer.sqnr_db, >=, errors->standing.sqnr_db - 0.5);
      g_assert_cmpfloat (errors->only.layer.sqnr_db, >, 30.0);
      g_assert_cmpfloat (errors->only.output.error.sqnr_db, >,
                         report->output.error.sqnr_db);
      g_assert_cmpfloat (errors->all_but.output.error.sqnr_db, <, 60.0);
    }
  /* Nothing comes after the last layer. */
  g_assert_cmpmem (&g_array_index (report->layers, FettleLayerErrors, last).standing,
                   sizeof report->output.error, &report->output.error,
                   sizeof report->output.error);
  /* Layers that only rescale have no counterpart. */
  g_assert_cmpuint (n_unknown, ==,
                    fettle_graph_get_n_operators (quantized)
                        - (fettle_graph_get_n_operators (fixture->graph) - 1));
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  static const char *const threads[] = { "1", "2", "7" };
  g_autoptr (FettleErrorReport) first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleErrorReport) report = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      report = measure (fixture);
      g_unsetenv ("FETTLE_THREADS");
      if (first == NULL)
        {
          first = g_steal_pointer (&report);
          continue;
        }
      g_assert_cmpmem (&report->output, sizeof report->output, &first->output,
                       sizeof first->output);
      g_assert_cmpmem (
          report->layers->data, report->layers->len * sizeof (FettleLayerErrors),
          first->layers->data, first->layers->len * sizeof (FettleLayerErrors));
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (fettle_measure_layer_errors (fixture->graph, fixture->tuned->graph,
                                              fixture->samples, 8, NULL, NULL,
                                              cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Of a model of one layer: with all but this layer quantized, the input's rounding is left. */
static void
test_single_layer (void)
{
  TestGraph builder = test_graph_new (1, 1, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleErrorReport) report = NULL;
  g_autoptr (GError) error = NULL;
  const FettleLayerErrors *errors;
  const FettleTensor *input;
  double sum = 0.0;

  test_graph_add_conv (&builder, "conv", 3, first_weights, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new_noise (graph, N_SAMPLES, -2.0f, 2.0f);
  tuned = test_tune (graph, NULL, samples, &error);
  report = fettle_measure_layer_errors (graph, tuned->graph, samples, N_SAMPLES, NULL,
                                        NULL, NULL, &error);
  g_assert_no_error (error);
  errors = &g_array_index (report->layers, FettleLayerErrors, 0);
  g_assert_cmpmem (&errors->only.output, sizeof report->output, &report->output,
                   sizeof report->output);

  input =
      fettle_graph_get_tensor (tuned->graph, fettle_graph_get_input (tuned->graph, 0));
  for (guint i = 0; i < N_SAMPLES; i++)
    {
      float values[2], rounded[2];
      gint8 raw[2];

      fettle_samples_read (samples, i, values);
      fettle_tensor_encode (input, values, raw, 2);
      fettle_tensor_decode (input, raw, rounded, 2);
      for (guint k = 0; k < 3; k++)
        {
          float exact = first_weights[2 * k] * values[0];
          float found = first_weights[2 * k] * rounded[0];

          exact += first_weights[2 * k + 1] * values[1];
          found += first_weights[2 * k + 1] * rounded[1];
          sum += ((double)found - (double)exact) * ((double)found - (double)exact);
        }
    }
  g_assert_cmpfloat_with_epsilon (errors->all_but.output.error.mean_square_error
                                      / (sum / (3.0 * N_SAMPLES)),
                                  1.0, 1e-4);
}

/* The layers of the two graphs must stand for the same thing. */
static void
test_other_model (Fixture *fixture, gconstpointer data)
{
  const float weights[] = { 1.0f, 1.0f };
  TestGraph builder = test_graph_new (3, 3, 2);
  g_autoptr (FettleGraph) other = NULL;
  g_autoptr (GError) error = NULL;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  other = test_graph_finish (&builder);
  g_assert_null (fettle_measure_layer_errors (
      other, fixture->tuned->graph, fixture->samples, 8, NULL, NULL, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "1×3×3×1"));
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/tuner/mixed-graph/pure", test_pure_mixtures);
  add ("/tuner/mixed-graph/fused", test_fused_layer);
  add ("/tuner/layer-errors/report", test_report);
  add ("/tuner/layer-errors/threads", test_threads);
  add ("/tuner/layer-errors/cancelled", test_cancelled);
  add ("/tuner/layer-errors/other-model", test_other_model);
  g_test_add_func ("/tuner/layer-errors/single-layer", test_single_layer);
  return g_test_run ();
}
