/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-samples.c: when a data file fits a model. */
#include "graphs.h"

#include <math.h>
#include <string.h>

/* A graph that only has an input of this shape, given with a 0 behind it. */
static FettleGraph *
make_graph (const gint32 *shape)
{
  FettleGraph *graph = fettle_graph_new ();
  guint rank = 0;
  gint32 input;

  while (shape[rank] != 0)
    rank++;
  input =
      (gint32)fettle_graph_add_tensor (graph, "input", FETTLE_TYPE_FLOAT32, rank, shape);
  fettle_graph_set_inputs (graph, &input, 1);
  return graph;
}

static FettleSamples *
open_shape (FettleGraph *graph, const gsize *shape, guint rank,
            const FettlePreprocessing *preprocessing, GError **error)
{
  static const float values[4096] = { 1.0f, 2.0f, 3.0f };
  g_autoptr (GBytes) bytes = fettle_npy_write_float32 (shape, rank, values);

  return fettle_samples_new (fettle_npy_parse (bytes, "x.npy", NULL), graph,
                             preprocessing, error);
}

static void
assert_fits (const gint32 *wanted, const gsize *shape, guint rank, guint n, gsize size)
{
  g_autoptr (FettleGraph) graph = make_graph (wanted);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSamples) samples = open_shape (graph, shape, rank, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_samples_get_n (samples), ==, n);
  g_assert_cmpuint (fettle_samples_get_size (samples), ==, size);
}

static void
assert_misfits (const gint32 *wanted, const gsize *shape, guint rank, const char *found)
{
  g_autoptr (FettleGraph) graph = make_graph (wanted);
  g_autoptr (GError) error = NULL;
  g_autofree char *expected =
      fettle_tensor_format_shape (fettle_graph_get_tensor (graph, 0));

  g_assert_null (open_shape (graph, shape, rank, NULL, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, found));
  g_assert_nonnull (strstr (error->message, expected));
}

#define SHAPE(...) ((const gint32[]){ __VA_ARGS__, 0 })
#define DATA(...)                                                                        \
  ((const gsize[]){ __VA_ARGS__ }),                                                      \
      (sizeof (const gsize[]){ __VA_ARGS__ } / sizeof (gsize))

static void
test_fits (void)
{
  assert_fits (SHAPE (1, 5, 4, 1), DATA (5, 4), 1, 20);
  assert_fits (SHAPE (1, 5, 4, 1), DATA (5, 4, 1), 1, 20);
  assert_fits (SHAPE (1, 5, 4, 1), DATA (1, 5, 4, 1), 1, 20);
  assert_fits (SHAPE (1, 5, 4, 1), DATA (7, 5, 4, 1), 7, 20);
  assert_fits (SHAPE (1, 5, 4, 1), DATA (7, 5, 4), 7, 20);
  assert_fits (SHAPE (1, 5, 4, 1), DATA (7, 1, 5, 1, 4), 7, 20);
  assert_fits (SHAPE (1, 28, 28), DATA (3, 28, 28, 1), 3, 784);
  assert_fits (SHAPE (1, 10), DATA (10), 1, 10);
  assert_fits (SHAPE (1, 10), DATA (10, 10), 10, 10);
  assert_fits (SHAPE (1, 1), DATA (12), 12, 1);
  assert_fits (SHAPE (1, 1), DATA (1), 1, 1);
  assert_fits (SHAPE (2, 3), DATA (4, 2, 3), 4, 6);
}

static void
test_misfits (void)
{
  assert_misfits (SHAPE (1, 5, 4, 1), DATA (4, 5), "4×5");
  assert_misfits (SHAPE (1, 5, 4, 1), DATA (20), "20");
  assert_misfits (SHAPE (1, 5, 4, 1), DATA (7, 4, 5), "7×4×5");
  assert_misfits (SHAPE (1, 5, 4, 1), DATA (2, 3, 5, 4), "2×3×5×4");
  assert_misfits (SHAPE (1, 5, 4, 1), DATA (0, 5, 4), "0×5×4");
  assert_misfits (SHAPE (2, 3), DATA (4, 3), "4×3");
}

static void
test_preprocessing (void)
{
  g_autoptr (FettleGraph) graph = make_graph (SHAPE (1, 3));
  const FettlePreprocessing preprocessing = { .scale = 0.5, .offset = -1.0 };
  const gsize shape[] = { 3 };
  g_autoptr (FettleSamples) samples = open_shape (graph, shape, 1, &preprocessing, NULL);
  float values[3];

  fettle_samples_read (samples, 0, values);
  g_assert_cmpfloat (values[0], ==, -0.5f);
  g_assert_cmpfloat (values[2], ==, 0.5f);
  g_assert_true (fettle_samples_check_finite (samples, 0, values, NULL));
}

static void
test_finite (void)
{
  g_autoptr (FettleGraph) graph = make_graph (SHAPE (1, 3));
  const gsize shape[] = { 2, 3 };
  g_autoptr (FettleSamples) samples = open_shape (graph, shape, 2, NULL, NULL);
  g_autoptr (GError) error = NULL;
  const float values[] = { 1.0f, NAN, INFINITY };

  g_assert_false (fettle_samples_check_finite (samples, 1, values, &error));
  g_assert_nonnull (strstr (error->message, "Value 1 of sample 1"));
}

static void
test_several_inputs (void)
{
  g_autoptr (FettleGraph) graph = make_graph (SHAPE (1, 3));
  const gint32 inputs[] = { 0, 0 };
  const gsize shape[] = { 3 };
  g_autoptr (GError) error = NULL;

  fettle_graph_set_inputs (graph, inputs, 2);
  g_assert_null (open_shape (graph, shape, 1, NULL, &error));
  g_assert_nonnull (strstr (error->message, "2 inputs"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/samples/fits", test_fits);
  g_test_add_func ("/tuner/samples/misfits", test_misfits);
  g_test_add_func ("/tuner/samples/preprocessing", test_preprocessing);
  g_test_add_func ("/tuner/samples/finite", test_finite);
  g_test_add_func ("/tuner/samples/several-inputs", test_several_inputs);
  return g_test_run ();
}
