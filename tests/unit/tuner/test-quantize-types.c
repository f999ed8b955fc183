/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-quantize-types.c: types of weights and activations. */
#include "graphs.h"
#include "model/runner.h"
#include "tuner/quantize-weights.h"

#include <string.h>

#define INT4_STEPS                                                                       \
  "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\"}]"

static FettleProject *
tune (FettleGraph *graph, const char *steps)
{
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

static void
test_pack (void)
{
  const gint8 steps[] = { -7, 7, 0, -1, 5 };
  const guint8 expected[] = { 0x79, 0xF0, 0x05 };
  const gint32 shape[] = { 5 };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  FettleTensor *tensor = fettle_graph_get_tensor (
      graph, fettle_graph_add_tensor (graph, "weights", FETTLE_TYPE_INT4, 1, shape));
  g_autofree gint8 *unpacked = NULL;
  gsize size;

  tensor->data = fettle_weights_pack (FETTLE_TYPE_INT4, steps, 5);
  g_assert_cmpmem (g_bytes_get_data (tensor->data, &size), size, expected, 3);
  unpacked = fettle_weights_unpack (tensor);
  g_assert_cmpmem (unpacked, 5, steps, 5);
}

static void
test_int4_weights (void)
{
  const float weights[] = { 0.6f, -1.0f, 0.0f, 0.0f, 0.002f, 0.0011f };
  const gint8 expected[] = { 4, -7, 0, 0, 7, 4 };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autofree gint8 *steps = NULL;
  const FettleTensor *quantized;

  test_graph_add_conv (&builder, "conv", 3, weights, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, INT4_STEPS);
  quantized = test_find_tensor (tuned->graph, "conv/weights");
  g_assert_cmpint (quantized->type, ==, FETTLE_TYPE_INT4);
  g_assert_cmpuint (quantized->quantization.n_channels, ==, 3);
  g_assert_cmpfloat_with_epsilon (quantized->quantization.scales[0], 1.0f / 7.0f, 1e-8f);
  steps = fettle_weights_unpack (quantized);
  g_assert_cmpmem (steps, 6, expected, 6);
}

/* A convolution, a depthwise one and a FULLY_CONNECTED, of odd sizes, so that halves of bytes stay
 * unused. */
static FettleGraph *
make_weighted_graph (void)
{
  TestGraph builder = test_graph_new (5, 5, 3);
  const gint32 depthwise_shape[] = { 1, 3, 3, 5 }, output_shape[] = { 1, 3, 3, 5 };
  const gint32 flat_shape[] = { 1, 45 }, dense_shape[] = { 3, 45 },
               result_shape[] = { 1, 3 };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  float values[135];
  FettleOperator *depthwise;
  gint32 extra[2];

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = (float)g_rand_double_range (random, -1.0, 1.0);
  test_graph_add_conv (&builder, "conv", 5, values, values);
  extra[0] =
      test_graph_add_floats (&builder, "depthwise/weights", 4, depthwise_shape, values);
  extra[1] = -1;
  depthwise = test_graph_add (&builder, FETTLE_OPCODE_DEPTHWISE_CONV_2D, "depthwise", 4,
                              output_shape, extra, 2);
  depthwise->options.padding = FETTLE_PADDING_VALID;
  depthwise->options.stride_height = depthwise->options.stride_width = 1;
  depthwise->options.dilation_height = depthwise->options.dilation_width = 1;
  depthwise->options.depth_multiplier = 1;
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat_shape, NULL, 0);
  extra[0] = test_graph_add_floats (&builder, "dense/weights", 2, dense_shape, values);
  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, result_shape,
                  extra, 2);
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
assert_same_outputs (FettleGraph *a, FettleGraph *b)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (FettleRunner) runner_a = make_runner (a);
  g_autoptr (FettleRunner) runner_b = make_runner (b);
  gsize size;

  for (guint n = 0; n < 50; n++)
    {
      gint8 *input = fettle_runner_get_input (runner_a, 0, &size);

      for (gsize i = 0; i < size; i++)
        input[i] = (gint8)g_rand_int_range (random, -128, 128);
      memcpy (fettle_runner_get_input (runner_b, 0, &size), input, size);
      g_assert_true (fettle_runner_run (runner_a, NULL, NULL, NULL, NULL));
      g_assert_true (fettle_runner_run (runner_b, NULL, NULL, NULL, NULL));
      g_assert_cmpmem (fettle_runner_get_output (runner_a, 0, &size), size,
                       fettle_runner_get_output (runner_b, 0, &size), size);
    }
}

/* Every kind of weights becomes int4, and the layers compute what they do with the same weights kept
 * one per byte. */
static void
test_int4_layers (gconstpointer steps)
{
  static const char *const names[] = { "conv/weights", "depthwise/weights",
                                       "dense/weights" };
  g_autoptr (FettleGraph) graph = make_weighted_graph ();
  g_autoptr (FettleProject) tuned = tune (graph, steps);
  g_autoptr (FettleGraph) unpacked = fettle_graph_copy (tuned->graph);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      FettleTensor *tensor = test_find_tensor (unpacked, names[i]);
      gsize n = fettle_tensor_get_n_elements (tensor);
      gint8 *values;

      g_assert_cmpint (tensor->type, ==, FETTLE_TYPE_INT4);
      g_assert_cmpuint (g_bytes_get_size (tensor->data), ==, (n + 1) / 2);
      values = fettle_weights_unpack (tensor);
      g_bytes_unref (tensor->data);
      tensor->data = g_bytes_new_take (values, n);
      tensor->type = FETTLE_TYPE_INT8;
    }
  assert_same_outputs (tuned->graph, unpacked);
}

#define WITH(parameters)                                                                 \
  "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"," parameters "}]"

static void
test_int16_layers (void)
{
  g_autoptr (FettleGraph) graph = make_weighted_graph ();
  g_autoptr (FettleProject) tuned = tune (graph, WITH ("\"activations\":\"int16\""));
  static const char *const names[] = { "input", "conv", "depthwise", "flat", "dense" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const FettleTensor *tensor = test_find_tensor (tuned->graph, names[i]);

      g_assert_cmpint (tensor->type, ==, FETTLE_TYPE_INT16);
      g_assert_cmpint (tensor->quantization.zero_points[0], ==, 0);
    }
  g_assert_cmpint (test_find_tensor (tuned->graph, "conv/weights")->type, ==,
                   FETTLE_TYPE_INT8);
  g_assert_cmpint (test_find_tensor (tuned->graph, "conv/bias")->type, ==,
                   FETTLE_TYPE_INT64);
}

/* The types that a layer's output and weights have, and the layers' names in order. */
static void
assert_layers (FettleGraph *graph, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gint32 output = fettle_operator_get_output (operator_, 0);
      gint32 weights = fettle_operator_get_input (operator_, 1);

      g_string_append_printf (
          found, "%s%s %s", i > 0 ? ", " : "", operator_->name,
          fettle_type_get_name (fettle_graph_get_tensor (graph, (guint)output)->type));
      if (fettle_opcode_has_weights (operator_->opcode))
        g_string_append_printf (
            found, "*%s",
            fettle_type_get_name (fettle_graph_get_tensor (graph, (guint)weights)->type));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

/* Later entries win, and "same" leaves what earlier ones said. */
static void
test_overrides (void)
{
  static const struct
  {
    const char *steps, *expected;
  } cases[] = {
    { WITH ("\"layers\":[]"),
      "conv int8*int8, depthwise int8*int8, flat int8, dense int8*int8" },
    { WITH (
          "\"weights\":\"int4\",\"layers\":[{\"match\":\"conv\",\"weights\":\"int8\"}]"),
      "conv int8*int8, depthwise int8*int4, flat int8, dense int8*int4" },
    { WITH ("\"layers\":[{\"match\":\"*\",\"weights\":\"int4\"},"
            "{\"match\":\"d?nse\",\"weights\":\"int8\"},"
            "{\"match\":\"dense\",\"activations\":\"int16\"}]"),
      "conv int8*int4, depthwise int8*int4, flat int8, flat/int16 int16, "
      "dense int16*int8" },
    { WITH ("\"layers\":[{\"match\":\"type:DEPTHWISE*\",\"activations\":\"float32\"}]"),
      "conv int8*int8, conv/float32 float32, depthwise float32*float32, "
      "depthwise/int8 int8, flat int8, dense int8*int8" },
    { WITH ("\"inputs\":\"float32\",\"outputs\":\"float32\""),
      "input/int8 int8, conv int8*int8, depthwise int8*int8, flat int8, dense int8*int8, "
      "dense/float32 float32" },
    { WITH ("\"inputs\":\"int8\",\"outputs\":\"int8\",\"activations\":\"int16\""),
      "input/int16 int16, conv int16*int8, depthwise int16*int8, flat int16, "
      "dense int16*int8, dense/int8 int8" },
    { WITH ("\"layers\":[{\"match\":\"conv\",\"activations\":\"float32\"}]"),
      "conv float32*float32, conv/int8 int8, depthwise int8*int8, flat int8, "
      "dense int8*int8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FettleGraph) graph = make_weighted_graph ();
      g_autoptr (FettleProject) tuned = tune (graph, cases[i].steps);

      assert_layers (tuned->graph, cases[i].expected);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *steps, *reason;
  } cases[] = {
    { WITH ("\"layers\":[{\"match\":\"depthwize\"}]"),
      "“depthwize”, which matches no layer of the model; the nearest is “depthwise”." },
    { WITH ("\"layers\":[{\"match\":\"type:CONV2D\"}]"), "“type:CONV_2D”" },
    { WITH ("\"weights\":\"int4\",\"activations\":\"int16\""), "Layer conv (CONV_2D)" },
    { WITH ("\"weights\":\"int4\",\"layers\":[{\"match\":\"de*\","
            "\"activations\":\"int16\"}]"),
      "Layer depthwise (DEPTHWISE_CONV_2D)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FettleGraph) graph = make_weighted_graph ();
      g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 2, -1.0f, 1.0f);
      g_autoptr (GError) error = NULL;

      g_assert_null (test_tune (graph, cases[i].steps, samples, &error));
      g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].reason));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/quantize/pack", test_pack);
  g_test_add_func ("/tuner/quantize/int4-weights", test_int4_weights);
  g_test_add_data_func ("/tuner/quantize/int4-layers", INT4_STEPS, test_int4_layers);
  g_test_add_data_func (
      "/tuner/quantize/int4-layers-per-tensor",
      "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\","
      "\"granularity\":\"per-tensor\"}]",
      test_int4_layers);
  g_test_add_func ("/tuner/quantize/int16-layers", test_int16_layers);
  g_test_add_func ("/tuner/quantize/overrides", test_overrides);
  g_test_add_func ("/tuner/quantize/types-refused", test_refused);
  return g_test_run ();
}
