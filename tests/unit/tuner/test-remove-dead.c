/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-remove-dead.c: what makes no difference is removed, and makes none. */
#include "graphs.h"
#include "model/runner.h"
#include "random-graphs.h"

#include <string.h>

#define REMOVE   "[{\"step\":\"remove-dead\"}]"
#define LOSSLESS "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"}]"
#define BY_FOUR  "[{\"step\":\"remove-dead\",\"multiple\":4}]"

static FettleGraph *
tune (FettleGraph *graph, const char *steps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, steps, NULL, &error);

  g_assert_no_error (error);
  return g_object_ref (tuned->graph);
}

static guint64
count_macs (FettleGraph *graph)
{
  guint64 n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    n += fettle_graph_count_macs (graph, i);
  return n;
}

/* Whole numbers to the byte; floats but for sums that are formed in another order. */
static void
assert_same (FettleGraph *before, FettleGraph *after, guint32 seed)
{
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (GBytes) actual = NULL;

  if (fettle_graph_get_tensor (before, fettle_graph_get_output (before, 0))->type
      == FETTLE_TYPE_FLOAT32)
    {
      g_assert_true (test_computes_same (before, after, seed, 1e-5f));
      return;
    }
  expected = test_run (before, seed);
  actual = test_run (after, seed);
  g_assert_true (g_bytes_equal (expected, actual));
}

typedef struct
{
  const char *name;
  FettleType type;
  const char *steps;
  guint32 n_graphs;
} Random;

static void
test_random (gconstpointer data)
{
  const Random *random = data;
  guint64 n_before = 0, n_after = 0;
  guint n_graphs = 0;

  for (guint32 seed = 0; seed < random->n_graphs; seed++)
    {
      g_autoptr (FettleGraph) before = random_graph_new (seed, random->type, 12);
      g_autoptr (FettleGraph) after = NULL;

      if (before == NULL)
        continue;
      n_graphs++;
      after = tune (before, random->steps);
      for (guint32 i = 0; i < 8; i++)
        assert_same (before, after, 8 * seed + i);
      n_before += count_macs (before);
      n_after += count_macs (after);
    }
  g_test_message ("%u graphs, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " MACs left",
                  n_graphs, n_after, n_before);
  g_assert_cmpuint (n_graphs, >, random->n_graphs / 2);
  g_assert_cmpuint (n_after, <, n_before * 9 / 10);
}

/* What has been done once finds nothing more to do, and gives the very same graph. */
static void
test_settled (void)
{
  for (guint32 seed = 0; seed < 40; seed++)
    {
      g_autoptr (FettleGraph) before = random_graph_new (seed, FETTLE_TYPE_INT8, 12);
      g_autoptr (FettleGraph) once = NULL;
      g_autoptr (FettleGraph) twice = NULL;

      if (before == NULL)
        continue;
      once = tune (before, REMOVE);
      twice = tune (once, REMOVE);
      g_assert_true (once == twice);
    }
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

static gconstpointer
run_value (FettleRunner *runner, guint16 value, gsize *size)
{
  gpointer place = fettle_runner_get_input (runner, 0, size);

  memcpy (place, &value, *size);
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  return fettle_runner_get_output (runner, 0, size);
}

/* All 65,536 inputs of models with an input of two elements. */
static void
test_brute_force (void)
{
  guint n_tried = 0;

  for (guint32 seed = 0; seed < 400 && n_tried < 4; seed++)
    {
      g_autoptr (FettleGraph) before = random_graph_new (seed, FETTLE_TYPE_INT8, 6);
      g_autoptr (FettleGraph) after = NULL;
      g_autoptr (FettleRunner) runner = NULL;
      g_autoptr (FettleRunner) tuned_runner = NULL;

      if (before == NULL
          || fettle_tensor_get_n_elements (
                 fettle_graph_get_tensor (before, fettle_graph_get_input (before, 0)))
                 > 2)
        continue;
      after = tune (before, LOSSLESS);
      if (after == before)
        continue;
      n_tried++;
      runner = make_runner (before);
      tuned_runner = make_runner (after);
      for (guint value = 0; value <= G_MAXUINT16; value++)
        {
          gsize size, tuned_size;
          gconstpointer output = run_value (runner, (guint16)value, &size);
          gconstpointer tuned = run_value (tuned_runner, (guint16)value, &tuned_size);

          if (size != tuned_size || memcmp (output, tuned, size) != 0)
            g_error ("Graph %u differs for the input %u.", seed, value);
        }
    }
  g_assert_cmpuint (n_tried, ==, 4);
}

static gint32
add_bytes (TestGraph *builder, const char *name, const gint32 *shape, gint8 value)
{
  guint index =
      fettle_graph_add_tensor (builder->graph, name, FETTLE_TYPE_INT8, 4, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (builder->graph, index);
  gsize n = fettle_tensor_get_n_elements (tensor);
  gint8 *data = g_new (gint8, n);

  for (gsize i = 0; i < n; i++)
    data[i] = value;
  tensor->data = g_bytes_new_take (data, n);
  test_set_int8 (builder->graph, index, 0.5f, 0);
  return (gint32)index;
}

/* Weights of VALUE; the output has the same steps as the sums, and the zero point -10. */
static FettleOperator *
add_window (TestGraph *builder, FettleOpcode opcode, const char *name, gint32 filter,
            FettlePadding padding, gint32 n_out, gint8 value)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  gint32 lost = padding == FETTLE_PADDING_SAME ? 0 : filter - 1;
  const gint32 weight_shape[] = { is_depthwise ? 1 : n_out, filter, filter,
                                  is_depthwise ? n_out : input->shape[3] };
  const gint32 shape[] = { 1, input->shape[1] - lost, input->shape[2] - lost, n_out };
  const gint32 extra[] = { add_bytes (builder, name, weight_shape, value), -1 };
  float scale;
  FettleOperator *operator_;

  fettle_tensor_get_scale (input, &scale, NULL);
  operator_ = test_graph_add (builder, opcode, name, 4, shape, extra, 2);
  test_set_int8 (builder->graph, (guint)builder->last, 0.5f * scale, -10);
  operator_->options.padding = padding;
  operator_->options.stride_height = operator_->options.stride_width = 1;
  operator_->options.dilation_height = operator_->options.dilation_width = 1;
  operator_->options.depth_multiplier = is_depthwise ? 1 : 0;
  return operator_;
}

/* A layer of two channels, the second of which is always CONSTANT above the zero point, before another. */
static FettleGraph *
make_constant_channel (FettleOpcode opcode, FettlePadding padding, gint32 constant)
{
  const gint32 two = 2, bias[] = { 0, constant };
  gint8 *weights;
  TestGraph builder = test_graph_new (5, 5, 2);
  FettleOperator *first;
  gint32 number;
  gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;

  test_set_int8 (builder.graph, (guint)builder.last, 0.5f, 0);
  first = add_window (&builder, FETTLE_OPCODE_CONV_2D, "first", 1, FETTLE_PADDING_VALID,
                      2, 1);
  weights =
      (gint8 *)g_bytes_get_data (test_find_tensor (builder.graph, "first")->data, NULL);
  weights[2] = weights[3] = 0;
  number = test_graph_add_integers (&builder, "bias", (guint)two, bias);
  g_array_index (first->inputs, gint32, 2) = number;
  add_window (&builder, opcode, "window", 3, padding, is_depthwise ? 2 : 1, 3);
  if (is_depthwise)
    add_window (&builder, FETTLE_OPCODE_CONV_2D, "last", 1, FETTLE_PADDING_VALID, 1, 2);
  return test_graph_finish (&builder);
}

/* A constant is folded only where no padding, which is zero, takes its place. */
static void
test_padding (void)
{
  static const struct
  {
    FettleOpcode opcode;
    FettlePadding padding;
    gint32 constant, n_left;
  } cases[] = {
    { FETTLE_OPCODE_CONV_2D, FETTLE_PADDING_SAME, 5, 2 },
    { FETTLE_OPCODE_CONV_2D, FETTLE_PADDING_VALID, 5, 1 },
    { FETTLE_OPCODE_CONV_2D, FETTLE_PADDING_SAME, 0, 1 },
    { FETTLE_OPCODE_DEPTHWISE_CONV_2D, FETTLE_PADDING_SAME, 5, 2 },
    { FETTLE_OPCODE_DEPTHWISE_CONV_2D, FETTLE_PADDING_VALID, 5, 1 },
    { FETTLE_OPCODE_DEPTHWISE_CONV_2D, FETTLE_PADDING_SAME, 0, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FettleGraph) before =
          make_constant_channel (cases[i].opcode, cases[i].padding, cases[i].constant);
      g_autoptr (FettleGraph) after = tune (before, REMOVE);
      const FettleTensor *output = fettle_graph_get_operator_output (
          after, fettle_graph_get_operator (after, 0), 0);

      g_assert_cmpint (output->shape[3], ==, cases[i].n_left);
      for (guint32 seed = 0; seed < 16; seed++)
        assert_same (before, after, seed);
    }
}

/* Nothing is known of a channel whose weights are not finite. */
static void
test_not_finite (void)
{
  const float first[] = { 0.0f, 0.0f, 1.0f },
              second[] = { 1.0f, G_MAXFLOAT * 2.0f, 1.0f };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  test_graph_add_conv (&builder, "first", 3, first, NULL);
  test_graph_add_conv (&builder, "second", 1, second, NULL);
  before = test_graph_finish (&builder);
  after = tune (before, REMOVE);
  g_assert_true (before == after);
}

static void
test_multiple (void)
{
  guint n_smaller = 0;

  for (guint32 seed = 0; seed < 60; seed++)
    {
      g_autoptr (FettleGraph) before = random_graph_new (seed, FETTLE_TYPE_INT8, 12);
      g_autoptr (FettleGraph) after = NULL;

      if (before == NULL)
        continue;
      after = tune (before, BY_FOUR);
      for (guint i = 0; after != before && i < fettle_graph_get_n_tensors (after); i++)
        {
          const FettleTensor *tensor = fettle_graph_get_tensor (after, i);

          if (g_str_has_suffix (tensor->name, "/live"))
            {
              g_assert_cmpint (tensor->shape[tensor->rank - 1] % 4, ==, 0);
              n_smaller++;
            }
        }
      assert_same (before, after, seed);
    }
  g_assert_cmpuint (n_smaller, >, 0);
}

/* A clamp that nothing reaches, and an addition of less than half a step. */
static void
test_identity (void)
{
  const gint32 shape[] = { 1, 5, 5, 2 }, one[] = { 1, 1, 1, 1 };
  TestGraph builder = test_graph_new (5, 5, 2);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;
  gint32 constant;

  test_set_int8 (builder.graph, (guint)builder.last, 0.125f, 0);
  test_graph_add (&builder, FETTLE_OPCODE_LOGISTIC, "logistic", 4, shape, NULL, 0);
  test_set_int8 (builder.graph, (guint)builder.last, 0.00390625f, -128);
  test_graph_add (&builder, FETTLE_OPCODE_RELU6, "relu6", 4, shape, NULL, 0);
  test_set_int8 (builder.graph, (guint)builder.last, 0.00390625f, -128);
  constant = add_bytes (&builder, "small", one, 1);
  test_set_int8 (builder.graph, (guint)constant, 0.001f, 0);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &constant, 1);
  test_set_int8 (builder.graph, (guint)builder.last, 0.00390625f, -128);
  test_graph_add (&builder, FETTLE_OPCODE_TANH, "tanh", 4, shape, NULL, 0);
  test_set_int8 (builder.graph, (guint)builder.last, 0.0078125f, 0);
  before = test_graph_finish (&builder);
  after = tune (before, REMOVE);
  g_assert_cmpuint (fettle_graph_get_n_operators (after), ==, 2);
  for (guint32 seed = 0; seed < 16; seed++)
    assert_same (before, after, seed);
}

int
main (int argc, char *argv[])
{
  static const Random cases[] = {
    { "int8", FETTLE_TYPE_INT8, REMOVE, 300 },
    { "int8-folded", FETTLE_TYPE_INT8, LOSSLESS, 150 },
    { "int16", FETTLE_TYPE_INT16, REMOVE, 150 },
    { "float", FETTLE_TYPE_FLOAT32, REMOVE, 150 },
    { "float-folded", FETTLE_TYPE_FLOAT32, LOSSLESS, 100 },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path =
          g_strconcat ("/tuner/remove-dead/random/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_random);
    }
  g_test_add_func ("/tuner/remove-dead/settled", test_settled);
  g_test_add_func ("/tuner/remove-dead/brute-force", test_brute_force);
  g_test_add_func ("/tuner/remove-dead/padding", test_padding);
  g_test_add_func ("/tuner/remove-dead/not-finite", test_not_finite);
  g_test_add_func ("/tuner/remove-dead/multiple", test_multiple);
  g_test_add_func ("/tuner/remove-dead/identity", test_identity);
  return g_test_run ();
}
