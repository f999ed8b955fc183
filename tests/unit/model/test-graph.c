/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-graph.c: editing graphs, and what validation refuses. */
#include "model/graph.h"

#include <string.h>

static const gint32 shape[] = { 1, 4 };

/* in -> RELU -> middle -> SOFTMAX -> out, and a tensor that nothing uses in between. */
static FettleGraph *
make_graph (void)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 in =
      (gint32)fettle_graph_add_tensor (graph, "in", FETTLE_TYPE_FLOAT32, 2, shape);
  gint32 middle, out;

  fettle_graph_add_tensor (graph, "unused", FETTLE_TYPE_INT8, 2, shape);
  middle =
      (gint32)fettle_graph_add_tensor (graph, "middle", FETTLE_TYPE_FLOAT32, 2, shape);
  out = (gint32)fettle_graph_add_tensor (graph, "out", FETTLE_TYPE_FLOAT32, 2, shape);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_RELU, "relu", &in, 1, &middle, 1);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_SOFTMAX, "softmax", &middle, 1, &out,
                             1);
  fettle_graph_set_inputs (graph, &in, 1);
  fettle_graph_set_outputs (graph, &out, 1);
  return graph;
}

static void
assert_invalid (FettleGraph *graph, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fettle_graph_validate (graph, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
test_copy (void)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleGraph) copy = NULL;
  g_autoptr (GError) error = NULL;
  const float scale = 0.5f;
  const gint32 zero_point = -3;
  gint32 found;

  fettle_graph_set_name (graph, "name");
  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, 0), 1, 0, &scale,
                                  &zero_point);
  fettle_graph_get_operator (graph, 1)->options.beta = 2;
  copy = fettle_graph_copy (graph);
  g_assert_true (fettle_graph_validate (copy, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fettle_graph_get_name (copy), ==, "name");
  g_assert_cmpfloat (fettle_graph_get_operator (copy, 1)->options.beta, ==, 2);
  /* The copy is deep. */
  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, 0), 0, 0, NULL, NULL);
  fettle_graph_remove_operator (graph, 0);
  fettle_tensor_get_scale (fettle_graph_get_tensor (copy, 0), NULL, &found);
  g_assert_cmpint (found, ==, -3);
  g_assert_cmpuint (fettle_graph_get_n_operators (copy), ==, 2);
}

static void
test_drop_unused (void)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (GError) error = NULL;

  fettle_graph_drop_unused_tensors (graph);
  g_assert_cmpuint (fettle_graph_get_n_tensors (graph), ==, 3);
  g_assert_cmpstr (fettle_graph_get_tensor (graph, 1)->name, ==, "middle");
  g_assert_cmpint (fettle_operator_get_input (fettle_graph_get_operator (graph, 1), 0),
                   ==, 1);
  g_assert_cmpuint (fettle_graph_get_output (graph, 0), ==, 2);
  g_assert_true (fettle_graph_validate (graph, &error));
  g_assert_no_error (error);
}

static void
test_invalid (void)
{
  g_autoptr (FettleGraph) no_input = make_graph ();
  g_autoptr (FettleGraph) same_name = make_graph ();
  g_autoptr (FettleGraph) shapeless = make_graph ();
  g_autoptr (FettleGraph) unwritten = make_graph ();
  g_autoptr (FettleGraph) late = make_graph ();
  FettleOperator *relu = fettle_operator_new (FETTLE_OPCODE_RELU, "late");
  const gint32 unused = 1;

  fettle_graph_set_inputs (no_input, NULL, 0);
  assert_invalid (no_input, "no inputs");
  g_free (fettle_graph_get_operator (same_name, 1)->name);
  fettle_graph_get_operator (same_name, 1)->name = g_strdup ("relu");
  assert_invalid (same_name, "“relu”");
  fettle_graph_get_tensor (shapeless, 2)->shape[1] = 5;
  assert_invalid (shapeless, "Layer 0 (relu, RELU): its output “middle” is 1×5");
  fettle_graph_set_outputs (unwritten, &unused, 1);
  assert_invalid (unwritten, "Output 0 of the model is not written");
  g_array_append_val (relu->inputs, ((gint32){ 3 }));
  g_array_append_val (relu->outputs, ((gint32){ 1 }));
  fettle_graph_insert_operator (late, 0, relu);
  assert_invalid (late, "Layer 0 (late, RELU): it reads “out” before");
}

static void
test_opcodes (void)
{
  for (guint i = 0; i < FETTLE_N_OPCODES; i++)
    {
      FettleOpcode by_name = FETTLE_N_OPCODES, by_number = FETTLE_N_OPCODES;

      g_assert_true (fettle_opcode_from_name (fettle_opcode_get_name (i), &by_name));
      g_assert_cmpuint (by_name, ==, i);
      g_assert_true (fettle_opcode_from_tflite (fettle_opcode_to_tflite (i), &by_number));
      g_assert_cmpuint (by_number, ==, i);
    }
  g_assert_cmpstr (fettle_opcode_get_name (FETTLE_OPCODE_DEQUANTIZE), ==, "DEQUANTIZE");
  g_assert_cmpint (fettle_opcode_to_tflite (FETTLE_OPCODE_QUANTIZE), ==, 114);
}

static void
test_builtin_names (void)
{
  static const struct
  {
    int number;
    const char *name;
  } cases[] = { { 36, "GATHER" },       { 44, "UNIDIRECTIONAL_SEQUENCE_LSTM" },
                { 102, "SPLIT_V" },     { 126, "BATCH_MATMUL" },
                { 150, "GELU" },        { 161, "RIGHT_SHIFT" },
                { 999, "BUILTIN_999" }, { -2, "BUILTIN_-2" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = fettle_tflite_builtin_name (cases[i].number);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/copy", test_copy);
  g_test_add_func ("/graph/drop-unused", test_drop_unused);
  g_test_add_func ("/graph/invalid", test_invalid);
  g_test_add_func ("/graph/opcodes", test_opcodes);
  g_test_add_func ("/graph/builtin-names", test_builtin_names);
  return g_test_run ();
}
