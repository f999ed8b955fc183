/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-quantize-sequence.c: layers that keep state, as integers. */
#include "graphs.h"
#include "model/runner.h"
#include "model/sequence.h"

#include <math.h>

#define WITH(parameters)                                                                 \
  "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"" parameters "}]"

#define N_STEPS 6
#define DEPTH   3
#define N_UNITS 4

static gint32
add_noise (TestGraph *builder, GRand *random, const char *name, guint rank,
           const gint32 *shape, double limit)
{
  float values[64];

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = (float)g_rand_double_range (random, -limit, limit);
  return test_graph_add_floats (builder, name, rank, shape, values);
}

static gint32
add_state (TestGraph *builder, const char *name, gint32 rows, gint32 columns)
{
  const gint32 shape[] = { rows, columns };
  guint index =
      fettle_graph_add_tensor (builder->graph, name, FETTLE_TYPE_FLOAT32, 2, shape);

  fettle_graph_get_tensor (builder->graph, index)->is_variable = TRUE;
  return (gint32)index;
}

/* An LSTM over sequences of 6 steps, two at a time if time is the outer axis. */
static FettleGraph *
make_lstm (guint32 seed, gboolean time_major, float clip)
{
  const gint32 n_batches = time_major ? 2 : 1;
  const gint32 input_shape[] = { time_major ? N_STEPS : 1, time_major ? 2 : N_STEPS,
                                 DEPTH };
  const gint32 output_shape[] = { input_shape[0], input_shape[1], N_UNITS };
  const gint32 weight_shape[] = { N_UNITS, DEPTH }, bias_shape[] = { N_UNITS };
  const gint32 recurrent_shape[] = { N_UNITS, N_UNITS };
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  TestGraph builder = { fettle_graph_new (), 0 };
  gint32 inputs[FETTLE_LSTM_N_INPUTS], output;
  FettleOperator *lstm;

  inputs[0] = (gint32)fettle_graph_add_tensor (builder.graph, "input",
                                               FETTLE_TYPE_FLOAT32, 3, input_shape);
  fettle_graph_set_inputs (builder.graph, inputs, 1);
  for (guint k = 1; k < G_N_ELEMENTS (inputs); k++)
    inputs[k] = -1;
  for (guint gate = 0; gate < 4; gate++)
    {
      inputs[FETTLE_LSTM_INPUT_WEIGHTS + gate] =
          add_noise (&builder, random, "weights", 2, weight_shape, 2.0);
      inputs[FETTLE_LSTM_RECURRENT_WEIGHTS + gate] =
          add_noise (&builder, random, "recurrent", 2, recurrent_shape, 1.0);
      inputs[FETTLE_LSTM_BIASES + gate] =
          add_noise (&builder, random, "bias", 1, bias_shape, 1.0);
    }
  inputs[FETTLE_LSTM_HIDDEN_STATE] = add_state (&builder, "hidden", n_batches, N_UNITS);
  inputs[FETTLE_LSTM_CELL_STATE] = add_state (&builder, "cell", n_batches, N_UNITS);
  output = (gint32)fettle_graph_add_tensor (builder.graph, "lstm", FETTLE_TYPE_FLOAT32, 3,
                                            output_shape);
  fettle_graph_add_operator (builder.graph, FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM,
                             "lstm", inputs, G_N_ELEMENTS (inputs), &output, 1);
  lstm = fettle_graph_get_operator (builder.graph, 0);
  lstm->options.activation = FETTLE_ACTIVATION_NONE;
  lstm->options.time_major = time_major;
  lstm->options.cell_clip = clip;
  builder.last = output;
  return test_graph_finish (&builder);
}

/* Two units of two filters each, which remember four steps. */
static FettleGraph *
make_svdf (guint32 seed, FettleActivation activation)
{
  const gint32 input_shape[] = { 1, DEPTH }, output_shape[] = { 1, 2 };
  const gint32 feature_shape[] = { 4, DEPTH }, time_shape[] = { 4, 4 };
  const gint32 bias_shape[] = { 2 };
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  TestGraph builder = { fettle_graph_new (), 0 };
  gint32 inputs[FETTLE_SVDF_N_INPUTS], output;
  FettleOperator *svdf;

  inputs[0] = (gint32)fettle_graph_add_tensor (builder.graph, "input",
                                               FETTLE_TYPE_FLOAT32, 2, input_shape);
  fettle_graph_set_inputs (builder.graph, inputs, 1);
  inputs[FETTLE_SVDF_FEATURE_WEIGHTS] =
      add_noise (&builder, random, "feature", 2, feature_shape, 1.0);
  inputs[FETTLE_SVDF_TIME_WEIGHTS] =
      add_noise (&builder, random, "time", 2, time_shape, 1.0);
  inputs[FETTLE_SVDF_BIAS] = add_noise (&builder, random, "bias", 1, bias_shape, 0.5);
  inputs[FETTLE_SVDF_STATE] = add_state (&builder, "memory", 1, 16);
  output = (gint32)fettle_graph_add_tensor (builder.graph, "svdf", FETTLE_TYPE_FLOAT32, 2,
                                            output_shape);
  fettle_graph_add_operator (builder.graph, FETTLE_OPCODE_SVDF, "svdf", inputs,
                             G_N_ELEMENTS (inputs), &output, 1);
  svdf = fettle_graph_get_operator (builder.graph, 0);
  svdf->options.filter_rank = 2;
  svdf->options.activation = activation;
  builder.last = output;
  return test_graph_finish (&builder);
}

static FettleRunner *
make_runner (FettleGraph *graph)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  FettleRunner *runner;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  return runner;
}

static void
run (FettleRunner *runner, FettleGraph *graph, const float *input, float *output)
{
  const FettleTensor *from =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  const FettleTensor *to =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  gsize size;

  fettle_tensor_encode (from, input, fettle_runner_get_input (runner, 0, &size),
                        fettle_tensor_get_n_elements (from));
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  fettle_tensor_decode (to, fettle_runner_get_output (runner, 0, &size), output,
                        fettle_tensor_get_n_elements (to));
}

/* Both graphs on one stream of N_RUNS inputs of noise, within TOLERANCE; states are not reset between. Returns how
 * many values lie outside what the quantized output can hold. */
static guint
compare (FettleGraph *graph, FettleGraph *quantized, guint n_runs, float tolerance)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (17);
  g_autoptr (FettleRunner) expected_runner = make_runner (graph);
  g_autoptr (FettleRunner) runner = make_runner (quantized);
  const FettleTensor *output =
      fettle_graph_get_tensor (quantized, fettle_graph_get_output (quantized, 0));
  const gint8 ends[] = { G_MININT8, G_MAXINT8 };
  float input[64], expected[64], found[64], limits[2] = { -INFINITY, INFINITY };
  guint n_clipped = 0;

  if (output->type == FETTLE_TYPE_INT8)
    fettle_tensor_decode (output, ends, limits, 2);
  for (guint n = 0; n < n_runs; n++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (input); i++)
        input[i] = (float)g_rand_double_range (random, -1.0, 1.0);
      run (expected_runner, graph, input, expected);
      run (runner, quantized, input, found);
      for (gsize i = 0; i < fettle_tensor_get_n_elements (output); i++)
        {
          float nearest = CLAMP (expected[i], limits[0], limits[1]);

          n_clipped += fabsf (nearest - expected[i]) > tolerance;
          g_assert_cmpfloat_with_epsilon (found[i], nearest, tolerance);
        }
    }
  return n_clipped;
}

static FettleProject *
tune (FettleGraph *graph, const char *steps)
{
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 500, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

static void
assert_lstm_types (FettleGraph *graph, FettleType activations, FettleType bias)
{
  const FettleTensor *cell = test_find_tensor (graph, "cell");
  const FettleTensor *hidden = test_find_tensor (graph, "hidden");
  const FettleTensor *output = test_find_tensor (graph, "lstm");
  float fraction, cell_scale = cell->quantization.scales[0];
  int exponent;

  g_assert_cmpint (test_find_tensor (graph, "weights")->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpint (test_find_tensor (graph, "recurrent")->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpint (test_find_tensor (graph, "bias")->type, ==, bias);
  g_assert_cmpint (hidden->type, ==, activations);
  g_assert_cmpfloat (hidden->quantization.scales[0], ==, output->quantization.scales[0]);
  g_assert_cmpint (hidden->quantization.zero_points[0], ==,
                   output->quantization.zero_points[0]);
  g_assert_cmpint (cell->type, ==, FETTLE_TYPE_INT16);
  fraction = frexpf (cell_scale, &exponent);
  g_assert_cmpfloat (fraction, ==, 0.5f);
  /* Cells add up to no more than a step each. */
  g_assert_cmpfloat (cell_scale * 32768.0f, <=, 2.0f * N_STEPS);
}

static void
test_lstm (void)
{
  for (guint32 seed = 1; seed <= 10; seed++)
    {
      g_autoptr (FettleGraph) graph =
          make_lstm (seed, seed % 2 != 0, seed % 3 == 0 ? 1.0f : 0.0f);
      g_autoptr (FettleProject) narrow = tune (graph, WITH (""));
      g_autoptr (FettleProject) wide = tune (graph, WITH (",\"activations\":\"int16\""));

      assert_lstm_types (narrow->graph, FETTLE_TYPE_INT8, FETTLE_TYPE_INT32);
      assert_lstm_types (wide->graph, FETTLE_TYPE_INT16, FETTLE_TYPE_INT64);
      g_assert_cmpuint (compare (graph, narrow->graph, 1, 0.06f), ==, 0);
      compare (graph, wide->graph, 1, 0.03f);
    }
}

static void
test_svdf (void)
{
  for (guint32 seed = 1; seed <= 10; seed++)
    {
      g_autoptr (FettleGraph) graph = make_svdf (
          seed, seed % 2 != 0 ? FETTLE_ACTIVATION_RELU : FETTLE_ACTIVATION_NONE);
      g_autoptr (FettleProject) tuned = tune (graph, WITH (""));
      const FettleTensor *output = test_find_tensor (tuned->graph, "svdf");

      g_assert_cmpint (test_find_tensor (tuned->graph, "feature")->type, ==,
                       FETTLE_TYPE_INT8);
      g_assert_cmpint (test_find_tensor (tuned->graph, "memory")->type, ==,
                       FETTLE_TYPE_INT16);
      g_assert_cmpint (test_find_tensor (tuned->graph, "time")->type, ==,
                       FETTLE_TYPE_INT16);
      /* A full memory was calibrated, so that a long stream is not clipped. */
      g_assert_cmpuint (
          compare (graph, tuned->graph, 30, 6.0f * output->quantization.scales[0]), <=,
          2);
    }
}

/* What the runtime cannot compute as int16 stays float, with its state. */
static void
test_svdf_int16 (void)
{
  g_autoptr (FettleGraph) graph = make_svdf (3, FETTLE_ACTIVATION_NONE);
  g_autoptr (FettleProject) tuned = tune (graph, WITH (",\"activations\":\"int16\""));

  g_assert_cmpint (test_find_tensor (tuned->graph, "memory")->type, ==,
                   FETTLE_TYPE_FLOAT32);
  compare (graph, tuned->graph, 10, 1e-5f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/sequence/lstm", test_lstm);
  g_test_add_func ("/tuner/sequence/svdf", test_svdf);
  g_test_add_func ("/tuner/sequence/svdf-int16", test_svdf_int16);
  return g_test_run ();
}
