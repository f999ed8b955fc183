/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-quantize-movement.c: quantizing layers that move data: scales that must be shared. */
#include "graphs.h"
#include "model/runner.h"

#define N_VALUES 8

static const float sample[N_VALUES] = {
  -1.0f, 2.5f, 0.5f, 3.0f, 0.0f, -0.25f, 1.5f, 2.0f
};

static FettleProject *
tune (FettleGraph *graph)
{
  g_autoptr (FettleSamples) samples = test_samples_new (graph, 1, sample);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, NULL, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

/* The outputs for the sample, as real numbers one behind the other; the first N. */
static void
run (FettleGraph *graph, float *values, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_tensor_encode (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)), sample,
      fettle_runner_get_input (runner, 0, NULL), N_VALUES);
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  for (guint i = 0; n > 0; i++)
    {
      const FettleTensor *tensor =
          fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, i));
      gsize size = fettle_tensor_get_n_elements (tensor);

      g_assert_cmpuint (size, <=, n);
      fettle_tensor_decode (tensor, fettle_runner_get_output (runner, i, NULL), values,
                            size);
      values += size;
      n -= size;
    }
}

/* Tunes GRAPH, runs both on the sample, and expects N outputs to be within TOLERANCE. */
static FettleProject *
tune_and_compare (FettleGraph *graph, gsize n, float tolerance)
{
  FettleProject *tuned = tune (graph);
  g_autofree float *expected = g_new (float, n);
  g_autofree float *found = g_new (float, n);

  run (graph, expected, n);
  run (tuned->graph, found, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (found[i], expected[i], tolerance);
  return tuned;
}

static void
test_joined (void)
{
  const float weights[] = { 2.0f, 0.0f, 0.0f, -1.0f };
  const gint32 shape[] = { 1, 2, 2, 4 };
  TestGraph builder = test_graph_new (2, 2, 2);
  gint32 input = builder.last;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  const FettleTensor *joined;
  float scale, expected;
  gint32 zero_point, expected_zero_point;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_CONCATENATION, "joined", 4, shape, &input, 1)
      ->options.axis = 3;
  graph = test_graph_finish (&builder);
  tuned = tune_and_compare (graph, 16, 0.05f);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 2);
  joined = test_find_tensor (tuned->graph, "joined");
  fettle_tensor_get_scale (joined, &expected, &expected_zero_point);
  for (guint i = 0; i < 2; i++)
    {
      fettle_tensor_get_scale (test_find_tensor (tuned->graph, i == 0 ? "input" : "conv"),
                               &scale, &zero_point);
      g_assert_cmpfloat (scale, ==, expected);
      g_assert_cmpint (zero_point, ==, expected_zero_point);
    }
}

/* SOFTMAX has a scale of its own, which its neighbour cannot share. */
static void
test_rescaled (void)
{
  const gint32 shape[] = { 1, 2, 2, 2 }, packed[] = { 2, 1, 2, 2, 2 };
  TestGraph builder = test_graph_new (2, 2, 2);
  gint32 input = builder.last;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;

  test_graph_add (&builder, FETTLE_OPCODE_SOFTMAX, "softmax", 4, shape, NULL, 0)
      ->options.beta = 1.0f;
  test_graph_add (&builder, FETTLE_OPCODE_PACK, "packed", 5, packed, &input, 1);
  graph = test_graph_finish (&builder);
  tuned = tune_and_compare (graph, 16, 0.02f);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 3);
  g_assert_cmpint (fettle_graph_get_operator (tuned->graph, 1)->opcode, ==,
                   FETTLE_OPCODE_QUANTIZE);
}

static void
test_constant (void)
{
  const float more[] = { 5.0f, -4.0f };
  const gint32 flat[] = { 8 }, longer[] = { 10 }, two[] = { 2 };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 constant = test_graph_add_floats (&builder, "more", 1, two, more);

  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 1, flat, NULL, 0);
  test_graph_add (&builder, FETTLE_OPCODE_CONCATENATION, "longer", 1, longer, &constant,
                  1);
  graph = test_graph_finish (&builder);
  tuned = tune_and_compare (graph, 10, 0.02f);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 2);
}

static void
test_split (void)
{
  const gint32 half[] = { 1, 2, 2, 1 };
  gint32 axis = 3, inputs[2], outputs[2];
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = builder.graph;
  g_autoptr (FettleProject) tuned = NULL;

  inputs[0] = test_graph_add_integers (&builder, "axis", 1, &axis);
  inputs[1] = builder.last;
  outputs[0] =
      (gint32)fettle_graph_add_tensor (graph, "left", FETTLE_TYPE_FLOAT32, 4, half);
  outputs[1] =
      (gint32)fettle_graph_add_tensor (graph, "right", FETTLE_TYPE_FLOAT32, 4, half);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_SPLIT, "split", inputs, 2, outputs, 2);
  fettle_graph_set_outputs (graph, outputs, 2);
  tuned = tune_and_compare (graph, 8, 0.01f);
  g_assert_cmpint (test_find_tensor (tuned->graph, "right")->type, ==, FETTLE_TYPE_INT8);
}

/* Whole numbers have no scale; the layers around the cast do. A number that is only just whole may be cast to
 * the one below. */
static void
test_cast (void)
{
  const float weights[] = { 1.0f, 0.0f, 0.0f, 1.0f };
  const gint32 shape[] = { 1, 2, 2, 2 };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;

  test_graph_add_conv (&builder, "before", 2, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_CAST, "whole", 4, shape, NULL, 0);
  fettle_graph_get_tensor (builder.graph, (guint)builder.last)->type = FETTLE_TYPE_INT32;
  test_graph_add (&builder, FETTLE_OPCODE_CAST, "real", 4, shape, NULL, 0);
  test_graph_add_conv (&builder, "after", 2, weights, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune_and_compare (graph, 8, 1.02f);
  g_assert_cmpint (test_find_tensor (tuned->graph, "whole")->type, ==, FETTLE_TYPE_INT32);
  g_assert_cmpint (test_find_tensor (tuned->graph, "before")->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpint (test_find_tensor (tuned->graph, "after")->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/movement/joined", test_joined);
  g_test_add_func ("/tuner/movement/rescaled", test_rescaled);
  g_test_add_func ("/tuner/movement/constant", test_constant);
  g_test_add_func ("/tuner/movement/split", test_split);
  g_test_add_func ("/tuner/movement/cast", test_cast);
  return g_test_run ();
}
