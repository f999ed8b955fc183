/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-lower.c: small models, lowered and run, against results computed by hand. */
#include "tiny-models.h"
#include "model/runner.h"
#include "model/tflite-reader.h"
#include "model/tflite-schema.h"
#include "runtime/frt_format.h"

#include <math.h>
#include <string.h>

static FettleGraph *
read_tiny (void (*fill) (TinyModel *))
{
  TinyModel tiny;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  FettleGraph *graph;

  fill (&tiny);
  bytes = tiny_make (&tiny);
  graph = fettle_tflite_read (bytes, "tiny", &error);
  g_assert_no_error (error);
  return graph;
}

static FettleRunner *
make_runner (FettleGraph *graph, const FettleLowerOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, options, &error);
  FettleRunner *runner;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  return runner;
}

static void
test_dense_s8 (void)
{
  static const gint8 sample[2] = { 10, -20 };
  g_autoptr (FettleGraph) graph = read_tiny (tiny_dense_s8);
  g_autoptr (FettleRunner) runner = make_runner (graph, NULL);
  const gint8 *output;
  gsize size;

  memcpy (fettle_runner_get_input (runner, 0, &size), sample, sizeof sample);
  g_assert_cmpuint (size, ==, 2);
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  output = fettle_runner_get_output (runner, 0, &size);
  g_assert_cmpuint (size, ==, 2);
  /* (10 - 40 + 5) / 8 = -3.1, cut off at real 0; (30 + 80 + 6) / 8 = 14.5, away from 0. */
  g_assert_cmpint (output[0], ==, -1);
  g_assert_cmpint (output[1], ==, 14);
}

typedef struct
{
  guint n;
  float first[5]; /* element of each layer's output */
} Seen;

static void
see (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (layer, ==, seen->n);
  seen->first[seen->n++] = *(const float *)output;
}

static void
test_net_f32 (void)
{
  g_autoptr (FettleGraph) graph = read_tiny (tiny_net_f32);
  g_autoptr (FettleRunner) runner = make_runner (graph, NULL);
  Seen seen = { 0 };
  float *input = fettle_runner_get_input (runner, 0, NULL);
  const float *output;
  float logits[8], sum = 0;

  for (guint i = 0; i < 16; i++)
    input[i] = (float)i;
  g_assert_true (fettle_runner_run (runner, see, &seen, NULL, NULL));
  g_assert_cmpuint (seen.n, ==, 5);
  /* Channel 0 copies, channel 1 is the right neighbour plus 1; both cut off at 6. Pooled: */
  {
    const float pooled[8] = {
      (0 + 1 + 4 + 5) / 4.0f,
      (2 + 3 + 6 + 6) / 4.0f, /* rows 0-1, columns 0-1 */
      (2 + 3 + 6 + 6) / 4.0f,
      (4 + 1 + 6 + 1) / 4.0f, /* columns 2-3 */
      6,
      6,
      6,
      (6 + 1 + 6 + 1) / 4.0f,
    };

    g_assert_cmpfloat (seen.first[1], ==, pooled[0]);
    g_assert_cmpfloat (seen.first[2], ==, pooled[0]);
    for (guint i = 0; i < 8; i++)
      sum += logits[i] = expf (pooled[i] + (float)(i + 1) - 14);
  }
  output = fettle_runner_get_output (runner, 0, NULL);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpfloat_with_epsilon (output[i], logits[i] / sum, 1e-6f);
}

static void
test_options (void)
{
  const FettleLowerOptions keep = { .keep_all_tensors = TRUE };
  const FettleLowerOptions strip = { .strip_names = TRUE };
  g_autoptr (FettleGraph) graph = read_tiny (tiny_net_f32);
  g_autoptr (FettleLowered) plain = fettle_lower (graph, NULL, NULL);
  g_autoptr (FettleLowered) again = fettle_lower (graph, NULL, NULL);
  g_autoptr (FettleLowered) kept = fettle_lower (graph, &keep, NULL);
  g_autoptr (FettleLowered) stripped = fettle_lower (graph, &strip, NULL);
  gsize total = 0;

  g_assert_true (g_bytes_equal (plain->image, again->image));
  /* Input 64, conv 128, pool (shared by the reshape) 32, sum 32, softmax 32. */
  g_assert_cmpuint (plain->entries->len, ==, 5);
  g_assert_cmpuint (plain->arena.size, ==, 192);
  g_assert_cmpuint (plain->arena.lower_bound, ==, 192);
  g_assert_cmpuint (kept->entries->len, ==, 6);
  for (guint i = 0; i < kept->entries->len; i++)
    total += g_array_index (kept->entries, FettleArenaEntry, i).buffer.size;
  g_assert_cmpuint (kept->arena.size, ==, total);
  g_assert_cmpuint (g_bytes_get_size (stripped->image), <,
                    g_bytes_get_size (plain->image));
  /* The weights go into parameters; the addend is a tensor of the image. */
  g_assert_cmpint (g_array_index (plain->tensor_index, gint32, 1), ==, -1);
  g_assert_cmpuint (plain->tensor_index->len, ==, fettle_graph_get_n_tensors (graph));
}

static void
test_refusals (void)
{
  g_autoptr (FettleGraph) graph = read_tiny (tiny_dense_s8);
  g_autoptr (GError) error = NULL;
  const float scale = 0;
  const gint32 zero_point = 0;

  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, 0), 1, 0, &scale,
                                  &zero_point);
  g_assert_null (fettle_lower (graph, NULL, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==,
                   "Layer 0 (dense/Relu, FULLY_CONNECTED): its tensor “in” is int8 but "
                   "has no scale of its own.");
}

static void
test_cancel (void)
{
  g_autoptr (FettleGraph) graph = read_tiny (tiny_net_f32);
  g_autoptr (FettleRunner) runner = make_runner (graph, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (fettle_runner_run (runner, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_values (void)
{
  const float values[] = { 0.26f, -0.75f, 1.0e9f, -1.0e9f, NAN };
  const gint8 expected[] = { 4, 1, 127, -128, 3 };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  FettleTensor *tensor = fettle_graph_get_tensor (
      graph, fettle_graph_add_tensor (graph, "t", FETTLE_TYPE_INT8, 0, NULL));
  const float scale = 0.5f;
  const gint32 zero_point = 3;
  gint8 raw[G_N_ELEMENTS (values)];
  float back[G_N_ELEMENTS (values)];

  fettle_tensor_set_quantization (tensor, 1, 0, &scale, &zero_point);
  fettle_tensor_encode (tensor, values, raw, G_N_ELEMENTS (values));
  g_assert_cmpmem (raw, sizeof raw, expected, sizeof expected);
  fettle_tensor_decode (tensor, raw, back, G_N_ELEMENTS (values));
  g_assert_cmpfloat (back[0], ==, 0.5f);
  g_assert_cmpfloat (back[1], ==, -1.0f);
  g_assert_cmpfloat (back[4], ==, 0.0f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lower/dense-s8", test_dense_s8);
  g_test_add_func ("/lower/net-f32", test_net_f32);
  g_test_add_func ("/lower/options", test_options);
  g_test_add_func ("/lower/refusals", test_refusals);
  g_test_add_func ("/lower/cancel", test_cancel);
  g_test_add_func ("/lower/values", test_values);
  return g_test_run ();
}
