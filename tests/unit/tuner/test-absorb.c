/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-absorb.c: constants of channels moved to the next bias: the function stays, the ranges shrink. */
#include "graphs.h"

#include <string.h>

#define ABSORB "[{\"step\":\"absorb\"}]"

/* A convolution whose second channel is never below 5, for inputs from -1 to 1, before a window of FILTER. */
static FettleGraph *
make_graph (gint32 filter, FettlePadding padding, FettleActivation activation)
{
  const float first[] = { 1.0f, -1.0f, 0.5f, 0.5f }, bias[] = { 0.0f, 6.0f };
  const gint32 lost = padding == FETTLE_PADDING_SAME ? 0 : filter - 1;
  const gint32 weight_shape[] = { 3, filter, filter, 2 };
  const gint32 shape[] = { 1, 5 - lost, 5 - lost, 3 };
  g_autofree float *weights = g_new (float, 6 * (gsize)(filter * filter));
  TestGraph builder = test_graph_new (5, 5, 2);
  gint32 extra[2] = { 0, -1 };
  FettleOperator *second;

  for (gint32 i = 0; i < 6 * filter * filter; i++)
    weights[i] = (float)(i * 7 % 13) / 13.0f - 0.4f;
  test_graph_add_conv (&builder, "first", 2, first, bias)->options.activation =
      activation;
  extra[0] = test_graph_add_floats (&builder, "second/weights", 4, weight_shape, weights);
  second = test_graph_add (&builder, FETTLE_OPCODE_CONV_2D, "second", 4, shape, extra, 2);
  second->options.padding = padding;
  second->options.stride_height = second->options.stride_width = 1;
  second->options.dilation_height = second->options.dilation_width = 1;
  return test_graph_finish (&builder);
}

static FettleGraph *
absorb (FettleGraph *graph)
{
  /* test_run feeds -4 to 4 at most. */
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 16, -4.0f, 4.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, ABSORB, samples, &error);

  g_assert_no_error (error);
  return g_object_ref (tuned->graph);
}

static float
get_bias (FettleGraph *graph, gsize c)
{
  return ((const float *)g_bytes_get_data (test_find_tensor (graph, "first/bias")->data,
                                           NULL))[c];
}

/* Exact for any input where nothing clamps; beside a ReLU for inputs like those of the calibration. */
static void
test_function (void)
{
  static const gint32 filters[] = { 1, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (FettleGraph) before =
          make_graph (filters[i], FETTLE_PADDING_VALID, FETTLE_ACTIVATION_NONE);
      g_autoptr (FettleGraph) after = absorb (before);

      g_assert_cmpfloat (get_bias (after, 1), <, 4.5f);
      g_assert_cmpfloat (get_bias (after, 0), ==, 0.0f);
      for (guint32 seed = 0; seed < 16; seed++)
        g_assert_true (test_computes_same (before, after, seed, 1e-5f));
    }
}

static void
test_relu (void)
{
  g_autoptr (FettleGraph) before =
      make_graph (3, FETTLE_PADDING_VALID, FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (before, 16, -4.0f, 4.0f);
  g_autoptr (FettleGraph) after = absorb (before);

  g_assert_cmpfloat (get_bias (after, 1), <, 4.5f);
  /* Inputs that are not at the ends of the range stay above what was absorbed. */
  for (guint32 seed = 0; seed < 3; seed++)
    g_assert_true (test_computes_same (before, after, seed, 1e-2f));
}

/* Padding is zero, and not what was absorbed. */
static void
test_padding (void)
{
  g_autoptr (FettleGraph) before =
      make_graph (3, FETTLE_PADDING_SAME, FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleGraph) after = absorb (before);

  g_assert_cmpfloat (get_bias (after, 1), ==, 6.0f);
  for (guint32 seed = 0; seed < 16; seed++)
    g_assert_true (test_computes_same (before, after, seed, 0.0f));
}

static void
test_no_data (void)
{
  g_autoptr (FettleGraph) graph =
      make_graph (1, FETTLE_PADDING_VALID, FETTLE_ACTIVATION_NONE);
  g_autoptr (GError) error = NULL;

  g_assert_null (test_tune (graph, ABSORB, NULL, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA);
}

/* Three deviations below the mean: of the second channel (1 + 1) / 2 + 6 and 0.5 / sqrt (2). */
static void
test_analytic (void)
{
  g_autoptr (FettleGraph) before =
      make_graph (1, FETTLE_PADDING_VALID, FETTLE_ACTIVATION_NONE);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (
      before,
      "[{\"step\":\"absorb\",\"method\":\"analytic\",\"mean\":1,\"deviation\":0.5}]",
      NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (get_bias (tuned->graph, 0), ==, 0.0f);
  g_assert_cmpfloat_with_epsilon (get_bias (tuned->graph, 1), 6.0f - (7.0f - 1.06066f),
                                  1e-4f);
  for (guint32 seed = 0; seed < 16; seed++)
    g_assert_true (test_computes_same (before, tuned->graph, seed, 1e-5f));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/absorb/function", test_function);
  g_test_add_func ("/tuner/absorb/relu", test_relu);
  g_test_add_func ("/tuner/absorb/padding", test_padding);
  g_test_add_func ("/tuner/absorb/no-data", test_no_data);
  g_test_add_func ("/tuner/absorb/analytic", test_analytic);
  return g_test_run ();
}
