/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-tflite-reader.c: what is read from TensorFlow Lite files, and what is said about bad ones. */
#include "tiny-models.h"
#include "model/hybrid.h"
#include "model/tflite-reader.h"
#include "model/tflite-schema.h"

#include <string.h>

static void
assert_refused (TinyModel *tiny, FettleModelError code, const char *words)
{
  g_autoptr (GBytes) bytes = tiny_make (tiny);
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_tflite_read (bytes, "tiny.tflite", &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, (int)code);
  g_assert_true (g_str_has_prefix (error->message, "tiny.tflite: "));
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
test_float_net (void)
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  const FettleOperator *conv;

  tiny_net_f32 (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fettle_graph_get_n_operators (graph), ==, 5);
  g_assert_cmpuint (strlen (fettle_graph_get_source_hash (graph)), ==, 64);
  conv = fettle_graph_get_operator (graph, 0);
  g_assert_cmpint (conv->opcode, ==, FETTLE_OPCODE_CONV_2D);
  g_assert_cmpint (conv->options.activation, ==, FETTLE_ACTIVATION_RELU6);
  g_assert_cmpint (conv->options.padding, ==, FETTLE_PADDING_SAME);
  g_assert_cmpint (conv->options.dilation_width, ==, 1);
  /* The open batch became 1. */
  g_assert_cmpint (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0))->shape[0], ==,
      1);
  /* 16 positions of 9 taps to 2 channels. */
  g_assert_cmpuint (fettle_graph_count_macs (graph, 0), ==, 288);
  g_assert_cmpuint (fettle_graph_count_weight_bytes (graph, 0), ==, 80);
  g_assert_cmpuint (fettle_graph_count_weight_bytes (graph, 2), ==, 0);
  g_assert_cmpstr (fettle_graph_get_operator (graph, 3)->name, ==, "sum");
  g_assert_cmpstr (fettle_graph_get_operator (graph, 4)->name, ==, "sum_2");
}

static void
test_int8 (void)
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  float scale;
  gint32 zero_point;

  tiny_dense_s8 (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny", &error);
  g_assert_no_error (error);
  fettle_tensor_get_scale (
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0)), &scale,
      &zero_point);
  g_assert_cmpfloat (scale, ==, 1);
  g_assert_cmpint (zero_point, ==, -1);
  g_assert_cmpstr (fettle_graph_get_operator (graph, 0)->name, ==, "dense/Relu");
}

static void
test_unsupported_operators (void)
{
  TinyModel tiny;

  tiny_net_f32 (&tiny);
  tiny.operators[1].builtin = 10;
  tiny.operators[3].builtin = 999;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED,
                  "2 operators of this model are not supported yet: layer 1 "
                  "HASHTABLE_LOOKUP, "
                  "layer 3 BUILTIN_999.");
  tiny_net_f32 (&tiny);
  tiny.operators[0].options[2].value = 4;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED,
                  "Layer 0 (conv, CONV_2D): its fused activation TANH");
  tiny.operators[0].options_type = TFLITE_OPTIONS_POOL_2D;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_FORMAT, "options are those of another");
}

static void
test_unsupported_files (void)
{
  TinyModel tiny;

  tiny_net_f32 (&tiny);
  tiny.model.version = 2;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "version 2");
  tiny_net_f32 (&tiny);
  tiny.model.n_subgraphs = 2;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "2 subgraphs");
  tiny_net_f32 (&tiny);
  tiny.tensors[1].external_offset = 4096;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "“weights” lies outside");
  tiny_net_f32 (&tiny);
  tiny.tensors[1].is_sparse = TRUE;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "“weights” is stored sparsely");
}

static void
test_types (void)
{
  TinyModel tiny;

  tiny_dense_s8 (&tiny);
  tiny.tensors[0].type = TFLITE_TYPE_UINT8;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "“in” is uint8");
  tiny_dense_s8 (&tiny);
  tiny.tensors[1].type = 1;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "“weights” is of type float16");
  tiny_dense_s8 (&tiny);
  tiny.tensors[0].type = tiny.tensors[3].type = TFLITE_TYPE_FLOAT32;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "“bias” is int32");
  tiny.tensors[1].n_scales = 0;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "without the scales");
}

/* Weights of scale 1/4, {1, 2}, {3, -4}, between float activations. */
static void
test_hybrid (void)
{
  static const float bias[] = { 0.5f, -1.0f };
  static const float expected[] = { 0.25f, 0.5f, 0.75f, -1.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleGraph) copy = NULL;
  const FettleTensor *weights;
  TinyModel tiny;

  tiny_dense_s8 (&tiny);
  tiny.tensors[0].type = tiny.tensors[3].type = TFLITE_TYPE_FLOAT32;
  tiny.tensors[0].n_scales = tiny.tensors[3].n_scales = 0;
  tiny.tensors[2].type = TFLITE_TYPE_FLOAT32;
  tiny.tensors[2].n_scales = 0;
  tiny.tensors[2].data = bias;
  tiny.tensors[2].size = sizeof bias;
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny", &error);
  g_assert_no_error (error);
  weights =
      fettle_graph_get_operator_input (graph, fettle_graph_get_operator (graph, 0), 1);
  g_assert_cmpint (weights->type, ==, FETTLE_TYPE_FLOAT32);
  g_assert_cmpuint (weights->quantization.n_channels, ==, 0);
  g_assert_cmpmem (g_bytes_get_data (weights->data, NULL),
                   g_bytes_get_size (weights->data), expected, sizeof expected);
  copy = fettle_graph_copy (graph);
  g_assert_cmpuint (fettle_graph_get_n_hybrid_layers (copy), ==, 1);
}

static void
test_contradictions (void)
{
  TinyModel tiny;

  tiny_net_f32 (&tiny);
  tiny.tensors[4].shape[1] = 3;
  assert_refused (
      &tiny, FETTLE_MODEL_ERROR_INVALID,
      "Layer 1 (pool, AVERAGE_POOL_2D): its output “pool” is 1×3×2×2, but its "
      "inputs give 1×2×2×2");
  tiny_net_f32 (&tiny);
  tiny.tensors[1].size = 8;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_INVALID, "“weights” holds 8 bytes");
  tiny_net_f32 (&tiny);
  tiny.operators[0].inputs[1] = 77;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_FORMAT, "refers to tensor 77");
  tiny_net_f32 (&tiny);
  tiny.operators[1].inputs[0] = 9;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_INVALID, "before any layer has written it");
  tiny_net_f32 (&tiny);
  tiny.operators[4].output = 8;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_INVALID, "it writes “sum”");
  tiny_net_f32 (&tiny);
  tiny.tensors[0].rank = 7;
  assert_refused (&tiny, FETTLE_MODEL_ERROR_UNSUPPORTED, "7 dimensions");
}

static void
test_truncation (void)
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const guint8 *data;

  tiny_net_f32 (&tiny);
  bytes = tiny_make (&tiny);
  data = g_bytes_get_data (bytes, &size);
  for (gsize cut = 0; cut < size; cut += 64)
    {
      /* An exact copy, so that a read behind the end is seen by the sanitizer. */
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      g_autoptr (GError) error = NULL;

      g_assert_null (fettle_tflite_read (part, "cut", &error));
      g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tflite-reader/float-net", test_float_net);
  g_test_add_func ("/tflite-reader/int8", test_int8);
  g_test_add_func ("/tflite-reader/unsupported-operators", test_unsupported_operators);
  g_test_add_func ("/tflite-reader/unsupported-files", test_unsupported_files);
  g_test_add_func ("/tflite-reader/types", test_types);
  g_test_add_func ("/tflite-reader/hybrid", test_hybrid);
  g_test_add_func ("/tflite-reader/contradictions", test_contradictions);
  g_test_add_func ("/tflite-reader/truncation", test_truncation);
  return g_test_run ();
}
