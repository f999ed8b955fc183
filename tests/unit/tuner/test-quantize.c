/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-quantize.c: the rules of calibration and quantization, on small graphs. */
#include "graphs.h"
#include "model/lower.h"

#include <math.h>
#include <string.h>

static FettleProject *
tune (FettleGraph *graph, float minimum, float maximum, const char *steps)
{
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, minimum, maximum);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

static void
assert_same_quantization (const FettleTensor *a, const FettleTensor *b)
{
  float scale_a, scale_b;
  gint32 zero_point_a, zero_point_b;

  fettle_tensor_get_scale (a, &scale_a, &zero_point_a);
  fettle_tensor_get_scale (b, &scale_b, &zero_point_b);
  g_assert_cmpint (a->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpint (b->type, ==, FETTLE_TYPE_INT8);
  g_assert_cmpfloat ((double)scale_a, ==, (double)scale_b);
  g_assert_cmpint (zero_point_a, ==, zero_point_b);
}

static void
assert_scale (const FettleTensor *tensor, float expected, gint32 expected_zero_point)
{
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  g_assert_cmpfloat_with_epsilon (scale, expected, expected * 1e-6f);
  g_assert_cmpint (zero_point, ==, expected_zero_point);
}

static const gint8 *
get_weights (const FettleTensor *tensor)
{
  g_assert_cmpint (tensor->type, ==, FETTLE_TYPE_INT8);
  return g_bytes_get_data (tensor->data, NULL);
}

static void
test_weights (void)
{
  const float weights[] = { 0.5f, -1.0f, 0.0f, 0.0f, 0.002f, 0.001f };
  const float bias[] = { 1.0f, 0.25f, -0.5f };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  const FettleTensor *quantized, *quantized_bias;
  float input_scale;
  gint32 zero_point;

  test_graph_add_conv (&builder, "conv", 3, weights, bias);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 3.0f, NULL);
  quantized = test_find_tensor (tuned->graph, "conv/weights");
  quantized_bias = test_find_tensor (tuned->graph, "conv/bias");
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "input"), &input_scale,
                           &zero_point);

  g_assert_cmpuint (quantized->quantization.n_channels, ==, 3);
  g_assert_cmpuint (quantized->quantization.axis, ==, 0);
  g_assert_cmpint (get_weights (quantized)[0], ==, 64);
  g_assert_cmpint (get_weights (quantized)[1], ==, -127);
  g_assert_cmpint (get_weights (quantized)[2], ==, 0);
  g_assert_cmpint (get_weights (quantized)[4], ==, 127);
  g_assert_cmpfloat_with_epsilon (quantized->quantization.scales[0], 1.0f / 127.0f,
                                  1e-8f);
  g_assert_cmpint (quantized_bias->type, ==, FETTLE_TYPE_INT32);
  for (guint c = 0; c < 3; c++)
    {
      float scale = quantized_bias->quantization.scales[c];
      const gint32 *values = g_bytes_get_data (quantized_bias->data, NULL);

      g_assert_cmpfloat (scale, >, 0.0f);
      g_assert_cmpfloat (scale, ==, input_scale * quantized->quantization.scales[c]);
      g_assert_cmpfloat_with_epsilon ((float)values[c] * scale, bias[c], 0.005f);
    }
}

static void
test_per_tensor (void)
{
  const float weights[] = { 0.5f, -1.0f, 0.25f, 0.0f };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  const FettleTensor *quantized;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 1.0f,
                "[{\"step\":\"calibrate\"},"
                "{\"step\":\"quantize\",\"granularity\":\"per-tensor\"}]");
  quantized = test_find_tensor (tuned->graph, "conv/weights");
  g_assert_cmpuint (quantized->quantization.n_channels, ==, 1);
  g_assert_cmpint (get_weights (quantized)[0], ==, 64);
  g_assert_cmpint (get_weights (quantized)[1], ==, -127);
  g_assert_cmpint (get_weights (quantized)[2], ==, 32);
}

/* The bias of such channels would not fit into 32 bits at the weights' own scale. */
static void
test_bias_overflow (void)
{
  const float weights[] = { 1e-9f, 0.0f, 1.0f, -1.0f };
  const float bias[] = { 100.0f, -3.0f };
  TestGraph builder = test_graph_new (1, 1, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  const FettleTensor *quantized_bias;
  const gint32 *values;

  test_graph_add_conv (&builder, "conv", 2, weights, bias);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1e-3f, 1e-3f, NULL);
  quantized_bias = test_find_tensor (tuned->graph, "conv/bias");
  values = g_bytes_get_data (quantized_bias->data, NULL);
  for (guint c = 0; c < 2; c++)
    {
      g_assert_cmpint (ABS ((gint64)values[c]), <=, 1 << 30);
      g_assert_cmpfloat_with_epsilon ((float)values[c]
                                          * quantized_bias->quantization.scales[c],
                                      bias[c], fabsf (bias[c]) * 1e-3f);
    }
}

/* Only 2 to 4 occur, but 0 must be representable: padding and sparse data rely on it. */
static void
test_zero (void)
{
  const float weights[] = { 1.0f };
  const float low_and_high[] = { 2.0f, 4.0f };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new (graph, 2, low_and_high);
  tuned = test_tune (graph, NULL, samples, &error);
  g_assert_no_error (error);
  assert_scale (test_find_tensor (tuned->graph, "input"), 4.0f / 255.0f, -128);
  assert_scale (test_find_tensor (tuned->graph, "conv"), 4.0f / 255.0f, -128);
}

static void
test_all_zero (void)
{
  const float weights[] = { 0.0f };
  const float nothing[] = { 0.0f };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GError) error = NULL;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new (graph, 1, nothing);
  tuned = test_tune (graph, NULL, samples, &error);
  g_assert_no_error (error);
  assert_scale (test_find_tensor (tuned->graph, "input"), 1.0f, -128);
}

/* Layers that only pass values on have one scale on both sides; the range is the widest. */
static void
test_passing_layers (void)
{
  const float weights[] = { 1.0f, -2.0f };
  const gint32 paddings[] = { 0, 0, 1, 1, 1, 1, 0, 0 };
  const gint32 pad_shape[] = { 4, 2 };
  const gint32 padded[] = { 1, 6, 6, 2 }, pooled[] = { 1, 3, 3, 2 }, flat[] = { 1, 18 };
  TestGraph builder = test_graph_new (4, 4, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  static const char *const names[] = { "pad", "max", "reshape", "relu6" };
  FettleOperator *pool;
  gint32 extra;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  extra = test_graph_add_integers (&builder, "paddings", 8, paddings);
  fettle_graph_get_tensor (builder.graph, (guint)extra)->rank = 2;
  memcpy (fettle_graph_get_tensor (builder.graph, (guint)extra)->shape, pad_shape,
          sizeof pad_shape);
  test_graph_add (&builder, FETTLE_OPCODE_PAD, "pad", 4, padded, &extra, 1);
  pool = test_graph_add (&builder, FETTLE_OPCODE_MAX_POOL_2D, "max", 4, pooled, NULL, 0);
  pool->options.padding = FETTLE_PADDING_VALID;
  pool->options.stride_height = pool->options.stride_width = 2;
  pool->options.filter_height = pool->options.filter_width = 2;
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "reshape", 2, flat, NULL, 0);
  test_graph_add (&builder, FETTLE_OPCODE_RELU6, "relu6", 2, flat, NULL, 0);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 1.0f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_same_quantization (test_find_tensor (tuned->graph, "conv"),
                              test_find_tensor (tuned->graph, names[i]));
}

static void
test_softmax (void)
{
  const float weights[] = { 1.0f, -1.0f };
  const gint32 shape[] = { 1, 1, 1, 2 }, flat[] = { 1, 2 };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_SOFTMAX, "softmax", 4, shape, NULL, 0)
      ->options.beta = 1.0f;
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, NULL, 0);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 1.0f, NULL);
  assert_scale (test_find_tensor (tuned->graph, "softmax"), 1.0f / 256.0f, -128);
  assert_scale (test_find_tensor (tuned->graph, "flat"), 1.0f / 256.0f, -128);
}

/* Tables, which take any scales. Noise from 1 to 2 suits all of them. */
static void
test_functions_of_one_value (void)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_ABS,        FETTLE_OPCODE_NEG,          FETTLE_OPCODE_SQRT,
    FETTLE_OPCODE_RSQRT,      FETTLE_OPCODE_LOG,          FETTLE_OPCODE_SQUARE,
    FETTLE_OPCODE_EXP,        FETTLE_OPCODE_FLOOR,        FETTLE_OPCODE_CEIL,
    FETTLE_OPCODE_ROUND,      FETTLE_OPCODE_SIN,          FETTLE_OPCODE_COS,
    FETTLE_OPCODE_LEAKY_RELU, FETTLE_OPCODE_ELU,          FETTLE_OPCODE_GELU,
    FETTLE_OPCODE_HARD_SWISH, FETTLE_OPCODE_RELU_N1_TO_1, FETTLE_OPCODE_LOGISTIC,
    FETTLE_OPCODE_TANH,
  };
  const float weights[] = { 1.0f };
  const gint32 shape[] = { 1, 2, 2, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (opcodes); i++)
    {
      TestGraph builder = test_graph_new (2, 2, 1);
      g_autoptr (FettleGraph) graph = NULL;
      g_autoptr (FettleProject) tuned = NULL;
      g_autoptr (FettleLowered) lowered = NULL;
      g_autoptr (GError) error = NULL;
      const FettleTensor *result;

      test_graph_add_conv (&builder, "conv", 1, weights, NULL);
      test_graph_add (&builder, opcodes[i], "function", 4, shape, NULL, 0);
      graph = test_graph_finish (&builder);
      tuned = tune (graph, 1.0f, 2.0f, NULL);
      result = test_find_tensor (tuned->graph, "function");
      g_assert_cmpint (result->type, ==, FETTLE_TYPE_INT8);
      if (opcodes[i] == FETTLE_OPCODE_LOGISTIC)
        assert_scale (result, 1.0f / 256.0f, -128);
      if (opcodes[i] == FETTLE_OPCODE_TANH)
        assert_scale (result, 1.0f / 128.0f, 0);
      lowered = fettle_lower (tuned->graph, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (lowered);
    }
}

static void
test_functions_of_two_values (void)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_SUB,
    FETTLE_OPCODE_MINIMUM,
    FETTLE_OPCODE_MAXIMUM,
    FETTLE_OPCODE_PRELU,
    FETTLE_OPCODE_SQUARED_DIFFERENCE,
  };
  const float weights[] = { 1.0f }, constants[] = { -0.5f, 0.25f, 3.0f, 0.0f };
  const gint32 shape[] = { 1, 2, 2, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (opcodes); i++)
    {
      TestGraph builder = test_graph_new (2, 2, 1);
      g_autoptr (FettleGraph) graph = NULL;
      g_autoptr (FettleProject) tuned = NULL;
      g_autoptr (FettleLowered) lowered = NULL;
      g_autoptr (GError) error = NULL;
      gint32 constant;

      test_graph_add_conv (&builder, "conv", 1, weights, NULL);
      constant = test_graph_add_floats (&builder, "constant", 4, shape, constants);
      test_graph_add (&builder, opcodes[i], "function", 4, shape, &constant, 1);
      graph = test_graph_finish (&builder);
      tuned = tune (graph, -1.0f, 1.0f, NULL);
      if (opcodes[i] == FETTLE_OPCODE_MINIMUM || opcodes[i] == FETTLE_OPCODE_MAXIMUM)
        assert_same_quantization (test_find_tensor (tuned->graph, "constant"),
                                  test_find_tensor (tuned->graph, "function"));
      lowered = fettle_lower (tuned->graph, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (lowered);
    }
}

/* There is no int8 division: it stays float, and its neighbours do not. */
static void
test_division (void)
{
  static const char *const names[] = { "conv", "conv/float32", "quotient",
                                       "quotient/int8", "last" };
  const float weights[] = { 1.0f }, constants[] = { 4.0f };
  const gint32 shape[] = { 1, 1, 1, 1 };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 constant;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  constant = test_graph_add_floats (&builder, "constant", 4, shape, constants);
  test_graph_add (&builder, FETTLE_OPCODE_DIV, "quotient", 4, shape, &constant, 1);
  test_graph_add_conv (&builder, "last", 1, weights, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 1.0f, NULL);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==,
                    G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (fettle_graph_get_operator (tuned->graph, i)->name, ==, names[i]);
  g_assert_cmpint (test_find_tensor (tuned->graph, "constant")->type, ==,
                   FETTLE_TYPE_FLOAT32);
}

/* An activation with a layer of its own goes into the layer before it, and spends no step of the
 * output on values below 0. */
static void
test_fused_relu (void)
{
  const float weights[] = { 1.0f };
  const gint32 shape[] = { 1, 2, 2, 1 };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  float scale;
  gint32 zero_point;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_RELU6, "relu6", 4, shape, NULL, 0);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -10.0f, 10.0f, NULL);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 1);
  g_assert_cmpint (fettle_graph_get_operator (tuned->graph, 0)->options.activation, ==,
                   FETTLE_ACTIVATION_RELU6);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "relu6"), &scale, &zero_point);
  g_assert_cmpint (zero_point, ==, -128);
  g_assert_cmpfloat_with_epsilon (scale, 6.0f / 255.0f, 1e-6f);
  /* The graph that was given is as it was. */
  g_assert_cmpuint (fettle_graph_get_n_operators (graph), ==, 2);
}

/* A tensor that somebody else reads too must keep its negative values. */
static void
test_shared_relu (void)
{
  const float weights[] = { 1.0f };
  const gint32 shape[] = { 1, 2, 2, 1 };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 conv;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  conv = builder.last;
  test_graph_add (&builder, FETTLE_OPCODE_RELU, "relu", 4, shape, NULL, 0);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &conv, 1);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -10.0f, 10.0f, NULL);
  g_assert_cmpuint (fettle_graph_get_n_operators (tuned->graph), ==, 3);
}

static void
test_constant_operands (void)
{
  const float weights[] = { 1.0f, 1.0f };
  const float factors[] = { -1.0f, 1.55f };
  const gint32 factor_shape[] = { 2 }, shape[] = { 1, 2, 2, 2 };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 constant;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  constant = test_graph_add_floats (&builder, "factors", 1, factor_shape, factors);
  test_graph_add (&builder, FETTLE_OPCODE_MUL, "mul", 4, shape, &constant, 1);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &constant, 1);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -1.0f, 1.0f, NULL);
  assert_scale (test_find_tensor (tuned->graph, "factors"), 0.01f, -28);
  g_assert_cmpint (get_weights (test_find_tensor (tuned->graph, "factors"))[0], ==, -128);
  g_assert_cmpint (get_weights (test_find_tensor (tuned->graph, "factors"))[1], ==, 127);
}

/* x - x: no step of the output may be finer than the sum's own, or the sum would overflow. */
static void
test_cancelling_add (void)
{
  const float weights[] = { 1.0f }, negative[] = { -1.0f };
  const gint32 shape[] = { 1, 1, 1, 1 };
  const float one[] = { 1.0f };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GError) error = NULL;
  gint32 input = builder.last, positive;

  test_graph_add_conv (&builder, "positive", 1, weights, one);
  positive = builder.last;
  builder.last = input;
  test_graph_add_conv (&builder, "negative", 1, negative, negative);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &positive, 1);
  graph = test_graph_finish (&builder);
  samples = test_samples_new_noise (graph, 4, 1e5f, 2e5f);
  tuned = test_tune (graph, NULL, samples, &error);
  g_assert_no_error (error);
  lowered = fettle_lower (tuned->graph, NULL, &error);
  g_assert_no_error (error);
}

/* ADD with a fused ReLU: what one operand has below minus the other's maximum never matters. */
static void
test_trimmed_operand (void)
{
  const float four[] = { 4.0f }, one[] = { 1.0f };
  const gint32 shape[] = { 1, 4, 4, 1 };
  TestGraph builder = test_graph_new (4, 4, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 input = builder.last, wide;
  float scale;
  gint32 zero_point;

  test_graph_add_conv (&builder, "wide", 1, four, NULL);
  wide = builder.last;
  builder.last = input;
  test_graph_add_conv (&builder, "narrow", 1, one, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &wide, 1)
      ->options.activation = FETTLE_ACTIVATION_RELU;
  graph = test_graph_finish (&builder);
  tuned = tune (graph, -10.0f, 10.0f, NULL);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "wide"), &scale, &zero_point);
  g_assert_cmpfloat_with_epsilon (scale, 50.0f / 255.0f, 0.01f);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "narrow"), &scale,
                           &zero_point);
  g_assert_cmpfloat_with_epsilon (scale, 20.0f / 255.0f, 0.005f);
}

static FettleGraph *
make_plain_graph (void)
{
  const float weights[] = { 1.0f, 0.3f, -0.7f, 0.9f };
  TestGraph builder = test_graph_new (3, 3, 2);

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  return test_graph_finish (&builder);
}

/* The result must not depend on how many threads worked, nor on which finished first. */
static void
test_deterministic (gconstpointer steps)
{
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  g_autoptr (GBytes) expected = NULL;
  static const char *const threads[] = { "1", "2", "7" };

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleProject) tuned = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      tuned = tune (graph, -1.0f, 1.0f, steps);
      bytes = fettle_project_serialize (tuned);
      if (expected == NULL)
        expected = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (bytes, expected));
    }
  g_unsetenv ("FETTLE_THREADS");
}

static void
assert_refused (FettleGraph *graph, const char *steps, FettleSamples *samples,
                const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (test_tune (graph, steps, samples, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_refused (void)
{
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 2, -1.0f, 1.0f);
  g_autoptr (FettleProject) tuned = tune (graph, -1.0f, 1.0f, NULL);

  assert_refused (graph, "[{\"step\":\"quantize\"}]", samples, "before it calibrates");
  assert_refused (tuned->graph, NULL, samples, "already quantized");
}

static gboolean
has_line (GPtrArray *report, const char *text)
{
  for (guint i = 0; i < report->len; i++)
    if (strstr (((FettleReportLine *)g_ptr_array_index (report, i))->text, text) != NULL)
      return TRUE;
  return FALSE;
}

static FettleProject *
tune_blindly (FettleGraph *graph, const FettlePreprocessing *preprocessing,
              const char *warning)
{
  g_autoptr (FettleProject) project = fettle_project_new (graph);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();
  g_autoptr (GPtrArray) report = NULL;
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = fettle_tune (project, recipe, NULL, preprocessing, NULL, NULL,
                                      NULL, &report, &error);

  g_assert_no_error (error);
  g_assert_true (has_line (report, warning));
  g_assert_true (has_line (report, "Warning: without calibration data"));
  return tuned;
}

/* Without data: noise, or the range that the preprocessing makes of bytes; a warning says so. */
static void
test_without_data (void)
{
  const FettlePreprocessing bytes = { .scale = 0.5, .offset = -10.0 };
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  g_autoptr (FettleProject) normal = tune_blindly (graph, NULL, "normal noise");
  g_autoptr (FettleProject) declared =
      tune_blindly (graph, &bytes, "between -10 and 117.5");
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (test_find_tensor (normal->graph, "input"), &scale,
                           &zero_point);
  g_assert_cmpfloat (scale * 255.0f, >, 5.0f);
  g_assert_cmpfloat (scale * 255.0f, <, 10.0f);
  g_assert_cmpint (ABS (zero_point), <, 40);
  fettle_tensor_get_scale (test_find_tensor (declared->graph, "input"), &scale,
                           &zero_point);
  g_assert_cmpfloat_with_epsilon (scale, 0.5f, 0.01f);
  g_assert_cmpint (ABS (zero_point + 108), <=, 1);
}

/* Tuning a tuned project begins at its source again. */
static void
test_again (void)
{
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -1.0f, 1.0f);
  g_autoptr (FettleProject) once = tune (graph, -1.0f, 1.0f, NULL);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (once->recipe, NULL);
  g_autoptr (FettleProject) twice = NULL;
  g_autoptr (GBytes) first = fettle_project_serialize (once);
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GError) error = NULL;

  twice = fettle_tune (once, recipe, samples, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  second = fettle_project_serialize (twice);
  g_assert_true (g_bytes_equal (first, second));
  g_assert_cmpstr (twice->recipe_hash, ==, fettle_recipe_get_hash (recipe));
  g_assert_cmpstr (twice->data_hash, ==, fettle_samples_get_hash (samples));
}

static void
test_not_a_number (void)
{
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  float values[3 * 18] = { 0 };

  for (gsize threads = 1; threads <= 3; threads++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT, threads);
      g_autoptr (FettleSamples) samples = NULL;

      g_setenv ("FETTLE_THREADS", text, TRUE);
      values[18 + 5] = NAN;
      values[36] = INFINITY;
      samples = test_samples_new (graph, 3, values);
      assert_refused (graph, NULL, samples, "Value 5 of sample 1");
    }
  g_unsetenv ("FETTLE_THREADS");
}

static void
test_overflowing_layer (void)
{
  const float weights[] = { 1e38f };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) samples = NULL;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new_noise (graph, 2, 100.0f, 200.0f);
  assert_refused (graph, NULL, samples, "Layer 0 (conv)");
}

static void
test_cancelled (void)
{
  g_autoptr (FettleGraph) graph = make_plain_graph ();
  g_autoptr (FettleProject) project = fettle_project_new (graph);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 2, -1.0f, 1.0f);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (fettle_tune (project, recipe, samples, NULL, NULL, NULL, cancellable,
                              NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/quantize/weights", test_weights);
  g_test_add_func ("/tuner/quantize/per-tensor", test_per_tensor);
  g_test_add_func ("/tuner/quantize/bias-overflow", test_bias_overflow);
  g_test_add_func ("/tuner/quantize/zero", test_zero);
  g_test_add_func ("/tuner/quantize/all-zero", test_all_zero);
  g_test_add_func ("/tuner/quantize/passing-layers", test_passing_layers);
  g_test_add_func ("/tuner/quantize/softmax", test_softmax);
  g_test_add_func ("/tuner/quantize/functions-of-one-value", test_functions_of_one_value);
  g_test_add_func ("/tuner/quantize/functions-of-two-values",
                   test_functions_of_two_values);
  g_test_add_func ("/tuner/quantize/division", test_division);
  g_test_add_func ("/tuner/quantize/fused-relu", test_fused_relu);
  g_test_add_func ("/tuner/quantize/shared-relu", test_shared_relu);
  g_test_add_func ("/tuner/quantize/constant-operands", test_constant_operands);
  g_test_add_func ("/tuner/quantize/cancelling-add", test_cancelling_add);
  g_test_add_func ("/tuner/quantize/trimmed-operand", test_trimmed_operand);
  g_test_add_data_func ("/tuner/tune/deterministic", NULL, test_deterministic);
  g_test_add_data_func (
      "/tuner/tune/deterministic-percentile",
      "[{\"step\":\"calibrate\",\"method\":\"percentile\",\"outliers\":50000},"
      "{\"step\":\"quantize\"}]",
      test_deterministic);
  g_test_add_data_func ("/tuner/tune/deterministic-mse",
                        "[{\"step\":\"calibrate\",\"method\":\"mse\"},"
                        "{\"step\":\"quantize\"}]",
                        test_deterministic);
  g_test_add_data_func (
      "/tuner/tune/deterministic-types",
      "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"activations\":\"int16\","
      "\"outputs\":\"float32\",\"layers\":[{\"match\":\"conv\",\"activations\":\"int8\","
      "\"weights\":\"int4\"}]}]",
      test_deterministic);
  g_test_add_func ("/tuner/tune/refused", test_refused);
  g_test_add_func ("/tuner/tune/without-data", test_without_data);
  g_test_add_func ("/tuner/tune/again", test_again);
  g_test_add_func ("/tuner/tune/not-a-number", test_not_a_number);
  g_test_add_func ("/tuner/tune/overflowing-layer", test_overflowing_layer);
  g_test_add_func ("/tuner/tune/cancelled", test_cancelled);
  return g_test_run ();
}
