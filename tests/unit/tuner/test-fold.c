/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-fold.c: what can be folded is, what cannot is not, and the function stays. */
#include "graphs.h"
#include "model/window.h"

#include <string.h>

#define FOLD "[{\"step\":\"fold\"}]"

static FettleGraph *
fold (FettleGraph *graph)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, FOLD, NULL, &error);

  g_assert_no_error (error);
  return g_object_ref (tuned->graph);
}

/* The opcodes of GRAPH's layers, one after the other. */
static void
assert_layers (FettleGraph *graph, const char *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    g_string_append_printf (
        names, "%s%s", i > 0 ? " " : "",
        fettle_opcode_get_name (fettle_graph_get_operator (graph, i)->opcode));
  g_assert_cmpstr (names->str, ==, expected);
}

static void
assert_same_bytes (FettleGraph *before, FettleGraph *after)
{
  for (guint32 seed = 0; seed < 16; seed++)
    {
      g_autoptr (GBytes) expected = test_run (before, seed);
      g_autoptr (GBytes) actual = test_run (after, seed);

      g_assert_true (g_bytes_equal (expected, actual));
    }
}

static void
assert_same_floats (FettleGraph *before, FettleGraph *after)
{
  for (guint32 seed = 0; seed < 16; seed++)
    g_assert_true (test_computes_same (before, after, seed, 1e-5f));
}

static gint32
add_noise (TestGraph *builder, const char *name, guint rank, const gint32 *shape,
           guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autofree float *values = NULL;
  gsize n = 1;

  for (guint i = 0; i < rank; i++)
    n *= (gsize)shape[i];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    {
      double size = g_rand_double_range (random, 0.25, 2.0);

      values[i] = (float)(g_rand_boolean (random) ? size : -size);
    }
  return test_graph_add_floats (builder, name, rank, shape, values);
}

/* A layer that takes the last tensor and a constant of N channels, in the order that IS_FIRST says. */
static FettleOperator *
add_affine (TestGraph *builder, FettleOpcode opcode, const char *name, gint32 n,
            gboolean is_first)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  g_autofree char *constant_name = g_strconcat (name, "/constant", NULL);
  gint32 constant = add_noise (builder, constant_name, 1, &n, g_str_hash (name));
  FettleOperator *operator_ =
      test_graph_add (builder, opcode, name, input->rank, input->shape, &constant, 1);

  if (is_first)
    {
      gint32 last = g_array_index (operator_->inputs, gint32, 0);

      g_array_index (operator_->inputs, gint32, 0) = constant;
      g_array_index (operator_->inputs, gint32, 1) = last;
    }
  return operator_;
}

static FettleOperator *
add_conv (TestGraph *builder, const char *name, gint32 n, gboolean has_bias)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  gint32 weight_shape[] = { n, 3, 3, input->shape[3] };
  gint32 shape[] = { 1, input->shape[1], input->shape[2], n };
  gint32 extra[] = { add_noise (builder, name, 4, weight_shape, g_str_hash (name)), -1 };
  FettleOperator *operator_;

  if (has_bias)
    extra[1] = add_noise (builder, "bias", 1, &n, 3);
  operator_ = test_graph_add (builder, FETTLE_OPCODE_CONV_2D, name, 4, shape, extra, 2);
  operator_->options.padding = FETTLE_PADDING_SAME;
  operator_->options.stride_height = operator_->options.stride_width = 1;
  operator_->options.dilation_height = operator_->options.dilation_width = 1;
  return operator_;
}

static void
test_normalization (void)
{
  const gint32 flat[] = { 1, 64 }, dense_shape[] = { 6, 64 }, logits[] = { 1, 6 };
  TestGraph builder = test_graph_new (4, 4, 3);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;
  gint32 extra[2] = { 0, -1 };

  add_conv (&builder, "bare", 5, FALSE);
  add_affine (&builder, FETTLE_OPCODE_MUL, "scale", 5, FALSE);
  add_affine (&builder, FETTLE_OPCODE_ADD, "shift", 5, TRUE)->options.activation =
      FETTLE_ACTIVATION_RELU;
  add_conv (&builder, "biased", 4, TRUE);
  add_affine (&builder, FETTLE_OPCODE_SUB, "mean", 4, FALSE);
  add_affine (&builder, FETTLE_OPCODE_DIV, "deviation", 4, FALSE);
  add_affine (&builder, FETTLE_OPCODE_SUB, "mirror", 1, TRUE);
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, NULL, 0);
  extra[0] = add_noise (&builder, "dense/weights", 2, dense_shape, 9);
  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, logits, extra, 2);
  add_affine (&builder, FETTLE_OPCODE_MUL, "gain", 6, TRUE)->options.activation =
      FETTLE_ACTIVATION_RELU6;
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "CONV_2D CONV_2D RESHAPE FULLY_CONNECTED");
  assert_same_floats (before, after);
}

/* Neither what is clamped first, nor what another layer reads too, nor a division of the constant, nor
 * what varies over the area. */
static void
test_normalization_stays (void)
{
  const gint32 shape[] = { 1, 4, 4, 5 };
  TestGraph builder = test_graph_new (4, 4, 3);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;
  gint32 shared, field;

  add_conv (&builder, "clamped", 5, TRUE)->options.activation = FETTLE_ACTIVATION_RELU;
  add_affine (&builder, FETTLE_OPCODE_MUL, "scale", 5, FALSE);
  add_conv (&builder, "shared", 5, TRUE);
  shared = builder.last;
  add_affine (&builder, FETTLE_OPCODE_MUL, "half", 5, FALSE);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "both", 4, shape, &shared, 1);
  add_conv (&builder, "field", 5, TRUE);
  field = add_noise (&builder, "field/constant", 4, shape, 5);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "plus", 4, shape, &field, 1);
  before = test_graph_finish (&builder);
  after = fold (before);
  g_assert_true (before == after);
}

static void
test_constants (void)
{
  const gint32 n = 3;
  const gint32 shape[] = { 1, 2, 2, 3 };
  TestGraph builder = test_graph_new (2, 2, 3);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;
  gint32 input = builder.last, constant;

  builder.last = add_noise (&builder, "a", 1, &n, 1);
  add_affine (&builder, FETTLE_OPCODE_MUL, "product", 3, FALSE);
  test_graph_add (&builder, FETTLE_OPCODE_TANH, "tanh", 1, &n, NULL, 0);
  constant = builder.last;
  builder.last = input;
  test_graph_add (&builder, FETTLE_OPCODE_SQUARED_DIFFERENCE, "use", 4, shape, &constant,
                  1);
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "SQUARED_DIFFERENCE");
  assert_same_bytes (before, after);
}

static void
add_moving (TestGraph *builder, FettleOpcode opcode, const char *name, guint n,
            const gint32 *values)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  gint32 shape[4] = { 1, input->shape[1], input->shape[2], input->shape[3] };
  gint32 extra = 0;

  if (n > 0)
    extra = test_graph_add_integers (builder, name, n, values);
  if (n == 8)
    {
      const gint32 pairs[] = { 4, 2 };
      FettleTensor *paddings = fettle_graph_get_tensor (builder->graph, (guint)extra);

      paddings->rank = 2;
      memcpy (paddings->shape, pairs, sizeof pairs);
      for (guint i = 0; i < 4; i++)
        shape[i] += values[2 * i] + values[2 * i + 1];
    }
  test_graph_add (builder, opcode, name, 4, shape, &extra, n > 0);
}

static void
add_copies (TestGraph *builder, const char *prefix)
{
  static const gint32 order[] = { 0, 1, 2, 3 }, nothing[8] = { 0 };
  const float one[] = { 1.0f }, zero[] = { 0.0f };
  const gint32 scalar[] = { 1 };
  g_autofree char *reshape = g_strconcat (prefix, "/reshape", NULL);
  g_autofree char *transpose = g_strconcat (prefix, "/transpose", NULL);
  g_autofree char *pad = g_strconcat (prefix, "/pad", NULL);
  g_autofree char *mul = g_strconcat (prefix, "/mul", NULL);
  g_autofree char *sub = g_strconcat (prefix, "/sub", NULL);
  g_autofree char *cast = g_strconcat (prefix, "/cast", NULL);
  gint32 constant;

  add_moving (builder, FETTLE_OPCODE_RESHAPE, reshape, 0, NULL);
  add_moving (builder, FETTLE_OPCODE_TRANSPOSE, transpose, 4, order);
  add_moving (builder, FETTLE_OPCODE_PAD, pad, 8, nothing);
  constant = test_graph_add_floats (builder, "one", 1, scalar, one);
  test_graph_add (builder, FETTLE_OPCODE_MUL, mul, 4,
                  fettle_graph_get_tensor (builder->graph, (guint)builder->last)->shape,
                  &constant, 1);
  constant = test_graph_add_floats (builder, "zero", 1, scalar, zero);
  test_graph_add (builder, FETTLE_OPCODE_SUB, sub, 4,
                  fettle_graph_get_tensor (builder->graph, (guint)builder->last)->shape,
                  &constant, 1);
  add_moving (builder, FETTLE_OPCODE_CAST, cast, 0, NULL);
}

/* At the model's input, inside it, and at its output. */
static void
test_copies (void)
{
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  add_copies (&builder, "first");
  add_moving (&builder, FETTLE_OPCODE_TANH, "tanh", 0, NULL);
  add_copies (&builder, "middle");
  add_moving (&builder, FETTLE_OPCODE_ABS, "abs", 0, NULL);
  add_copies (&builder, "last");
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "TANH ABS");
  assert_same_bytes (before, after);
}

/* The same shape is not the same order. */
static void
test_transpose_stays (void)
{
  static const gint32 order[] = { 0, 2, 1, 3 }, mirrored[] = { 0, 3, 2, 1 };
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  add_moving (&builder, FETTLE_OPCODE_TRANSPOSE, "turn", 4, order);
  add_moving (&builder, FETTLE_OPCODE_TRANSPOSE, "mirror", 4, mirrored);
  before = test_graph_finish (&builder);
  after = fold (before);
  g_assert_true (before == after);
}

/* A model that gives back its input needs a layer that does so. */
static void
test_only_copy_stays (void)
{
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  add_copies (&builder, "only");
  before = test_graph_finish (&builder);
  after = fold (before);
  g_assert_cmpuint (fettle_graph_get_n_operators (after), ==, 1);
  assert_same_bytes (before, after);
}

static void
test_reshapes (void)
{
  const gint32 tall[] = { 16, 4 }, flat[] = { 1, 64 };
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  add_moving (&builder, FETTLE_OPCODE_TANH, "tanh", 0, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "tall", 2, tall, NULL, 0);
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, NULL, 0);
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "TANH RESHAPE");
  assert_same_bytes (before, after);
}

/* A PAD and the 3×3 convolution behind it. */
typedef struct
{
  gint32 height, stride, dilation, paddings[8];
  FettlePadding
      padding; /* of the convolution; EXPLICIT is a cell above and one to the right */
  gboolean folds;
} PaddingCase;

static void
add_padded_conv (TestGraph *builder, const char *name, const PaddingCase *padding_case)
{
  const gint32 *padded =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last)->shape;
  gint32 height = padded[1], width = padded[2];
  FettleOptions *options = &add_conv (builder, name, 3, TRUE)->options;
  gint32 *output = fettle_graph_get_tensor (builder->graph, (guint)builder->last)->shape;
  FettleWindowAxis rows, columns;

  options->padding = padding_case->padding;
  options->stride_height = options->stride_width = padding_case->stride;
  options->dilation_height = options->dilation_width = padding_case->dilation;
  options->padding_top = options->padding_right =
      options->padding == FETTLE_PADDING_EXPLICIT;
  rows = fettle_window_rows (options, 3);
  columns = fettle_window_columns (options, 3);
  g_assert_true (fettle_window_count (&rows, height, &output[1], NULL));
  g_assert_true (fettle_window_count (&columns, width, &output[2], NULL));
}

/* IS_SHARED: a second convolution reads the PAD, too. */
static FettleGraph *
make_padded (const PaddingCase *padding_case, gboolean is_shared)
{
  TestGraph builder = test_graph_new (padding_case->height, padding_case->height, 2);
  gint32 padded, first;

  add_moving (&builder, FETTLE_OPCODE_PAD, "pad", 8, padding_case->paddings);
  padded = builder.last;
  add_padded_conv (&builder, "conv", padding_case);
  if (is_shared)
    {
      const gint32 *output =
          fettle_graph_get_tensor (builder.graph, (guint)builder.last)->shape;
      const gint32 shape[] = { 1, output[1], output[2], output[3] };

      first = builder.last;
      builder.last = padded;
      add_padded_conv (&builder, "twin", padding_case);
      test_graph_add (&builder, FETTLE_OPCODE_ADD, "sum", 4, shape, &first, 1);
    }
  return test_graph_finish (&builder);
}

static const PaddingCase padding_cases[] = {
  { 6, 1, 1, { 0, 0, 1, 1, 1, 1, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 6, 2, 1, { 0, 0, 0, 1, 0, 1, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 5, 2, 1, { 0, 0, 1, 1, 1, 1, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  /* What SAME does not do. */
  { 6, 2, 1, { 0, 0, 1, 1, 1, 1, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 6, 1, 1, { 0, 0, 2, 2, 2, 2, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 6, 2, 1, { 0, 0, 0, 1, 1, 0, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 6, 1, 2, { 0, 0, 4, 3, 2, 4, 0, 0 }, FETTLE_PADDING_VALID, TRUE },
  { 6, 1, 1, { 0, 0, 1, 1, 1, 1, 0, 0 }, FETTLE_PADDING_SAME, TRUE },
  { 6, 2, 1, { 0, 0, 1, 1, 1, 1, 0, 0 }, FETTLE_PADDING_SAME, TRUE },
  { 6, 2, 1, { 0, 0, 1, 0, 1, 0, 0, 0 }, FETTLE_PADDING_EXPLICIT, TRUE },
  /* Windows on nothing but padding; other axes. */
  { 6, 1, 1, { 0, 0, 3, 3, 3, 3, 0, 0 }, FETTLE_PADDING_VALID, FALSE },
  { 6, 1, 1, { 0, 0, 0, 2, 0, 0, 0, 0 }, FETTLE_PADDING_SAME, FALSE },
  { 6, 1, 1, { 0, 0, 1, 1, 1, 1, 0, 1 }, FETTLE_PADDING_VALID, FALSE },
};

static void
test_padding (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (padding_cases); i++)
    for (guint is_shared = 0; is_shared < 2; is_shared++)
      {
        const char *layers = is_shared ? "PAD CONV_2D CONV_2D ADD" : "PAD CONV_2D";
        g_autoptr (FettleGraph) before = make_padded (&padding_cases[i], is_shared);
        g_autoptr (FettleSamples) samples =
            test_samples_new_noise (before, 8, -1.0f, 3.0f);
        g_autoptr (FettleProject) quantized = test_tune (before, NULL, samples, NULL);
        g_autoptr (FettleGraph) after = fold (before);
        g_autoptr (FettleGraph) folded = fold (quantized->graph);

        if (padding_cases[i].folds)
          layers += strlen ("PAD ");
        assert_layers (after, layers);
        assert_same_floats (before, after);
        assert_layers (folded, layers);
        assert_same_bytes (quantized->graph, folded);
      }
}

/* A PAD that something else reads, too, has to stay; then nothing changes. */
static void
test_padding_read_twice (void)
{
  const PaddingCase padding_case = padding_cases[0];
  TestGraph builder = test_graph_new (padding_case.height, padding_case.height, 2);
  const gint32 shape[] = { 1, 8, 8, 2 };
  gint32 padded, outputs[2];
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  add_moving (&builder, FETTLE_OPCODE_PAD, "pad", 8, padding_case.paddings);
  padded = builder.last;
  add_padded_conv (&builder, "conv", &padding_case);
  outputs[0] = builder.last;
  builder.last = padded;
  test_graph_add (&builder, FETTLE_OPCODE_TANH, "tanh", 4, shape, NULL, 0);
  outputs[1] = builder.last;
  before = test_graph_finish (&builder);
  fettle_graph_set_outputs (before, outputs, 2);
  after = fold (before);
  assert_layers (after, "PAD CONV_2D TANH");
}

/* ADD and a clamp of int8; the clamp's output has the scale given. */
static FettleGraph *
make_clamped (FettleOpcode clamp, float scale)
{
  const gint32 shape[] = { 1, 4, 4, 4 };
  TestGraph builder = test_graph_new (4, 4, 4);
  gint32 input = builder.last;

  test_set_int8 (builder.graph, (guint)builder.last, 0.03f, 4);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &input, 1);
  test_set_int8 (builder.graph, (guint)builder.last, 0.0625f, -9);
  test_graph_add (&builder, clamp, "clamp", 4, shape, NULL, 0);
  test_set_int8 (builder.graph, (guint)builder.last, scale, -9);
  return test_graph_finish (&builder);
}

static void
test_activations (void)
{
  static const FettleOpcode clamps[] = { FETTLE_OPCODE_RELU, FETTLE_OPCODE_RELU6,
                                         FETTLE_OPCODE_RELU_N1_TO_1 };

  for (gsize i = 0; i < G_N_ELEMENTS (clamps); i++)
    {
      g_autoptr (FettleGraph) before = make_clamped (clamps[i], 0.0625f);
      g_autoptr (FettleGraph) after = fold (before);
      g_autoptr (FettleGraph) other = make_clamped (clamps[i], 0.05f);
      g_autoptr (FettleGraph) unchanged = fold (other);

      assert_layers (after, "ADD");
      assert_same_bytes (before, after);
      g_assert_true (other == unchanged);
    }
}

static void
test_returning (void)
{
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;

  test_set_int8 (builder.graph, (guint)builder.last, 0.03f, 4);
  add_moving (&builder, FETTLE_OPCODE_TANH, "tanh", 0, NULL);
  test_set_int8 (builder.graph, (guint)builder.last, 0.0078125f, 0);
  add_moving (&builder, FETTLE_OPCODE_DEQUANTIZE, "out", 0, NULL);
  add_moving (&builder, FETTLE_OPCODE_QUANTIZE, "back", 0, NULL);
  test_set_int8 (builder.graph, (guint)builder.last, 0.0078125f, 0);
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "TANH");
  assert_same_bytes (before, after);
}

static void
test_unread (void)
{
  TestGraph builder = test_graph_new (4, 4, 4);
  g_autoptr (FettleGraph) before = NULL;
  g_autoptr (FettleGraph) after = NULL;
  gint32 input = builder.last;

  add_conv (&builder, "unread", 5, TRUE);
  add_conv (&builder, "unread too", 5, TRUE);
  builder.last = input;
  add_moving (&builder, FETTLE_OPCODE_ABS, "abs", 0, NULL);
  before = test_graph_finish (&builder);
  after = fold (before);
  assert_layers (after, "ABS");
  assert_same_bytes (before, after);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/fold/normalization", test_normalization);
  g_test_add_func ("/tuner/fold/normalization-stays", test_normalization_stays);
  g_test_add_func ("/tuner/fold/constants", test_constants);
  g_test_add_func ("/tuner/fold/copies", test_copies);
  g_test_add_func ("/tuner/fold/transpose-stays", test_transpose_stays);
  g_test_add_func ("/tuner/fold/only-copy-stays", test_only_copy_stays);
  g_test_add_func ("/tuner/fold/reshapes", test_reshapes);
  g_test_add_func ("/tuner/fold/padding", test_padding);
  g_test_add_func ("/tuner/fold/padding-read-twice", test_padding_read_twice);
  g_test_add_func ("/tuner/fold/activations", test_activations);
  g_test_add_func ("/tuner/fold/returning", test_returning);
  g_test_add_func ("/tuner/fold/unread", test_unread);
  return g_test_run ();
}
