/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-sensitivity.c: other types for single layers. */
#include "graphs.h"
#include "tuner/evaluate.h"
#include "tuner/layer-errors.h"
#include "tuner/sensitivity.h"

#include <math.h>
#include <string.h>

#define N_SAMPLES 60

typedef struct
{
  FettleGraph *graph;
  FettleSamples *samples;
  FettleProject *tuned;
} Fixture;

/* Two convolutions, one after the other; 16 outputs. */
static FettleGraph *
make_graph (void)
{
  const float first[] = { 0.9f, -0.4f, 0.3f, 0.7f, -0.8f, 0.2f };
  const float second[] = { 0.5f, 0.31f, -0.77f, 0.11f,  -0.9f, 0.4f,
                           0.2f, 0.6f,  0.35f,  -0.45f, 0.8f,  0.05f };
  TestGraph builder = test_graph_new (2, 2, 2);

  test_graph_add_conv (&builder, "first", 3, first, NULL);
  test_graph_add_conv (&builder, "second", 4, second, NULL);
  return test_graph_finish (&builder);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->graph = make_graph ();
  fixture->samples = test_samples_new_noise (fixture->graph, N_SAMPLES, -1.0f, 1.0f);
  fixture->tuned = test_tune (fixture->graph, NULL, fixture->samples, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_project_free (fixture->tuned);
  fettle_samples_free (fixture->samples);
  g_object_unref (fixture->graph);
}

static FettleSensitivity *
measure (Fixture *fixture, FettleNpy *labels)
{
  g_autoptr (GError) error = NULL;
  FettleSensitivity *sensitivity =
      fettle_measure_sensitivity (fixture->graph, fixture->tuned->graph, fixture->samples,
                                  labels, 20, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return sensitivity;
}

/* A layer as float is what "all but this layer quantized" measures. */
static void
test_float_is_all_but (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleSensitivity) sensitivity = measure (fixture, NULL);
  g_autoptr (FettleErrorReport) report =
      fettle_measure_layer_errors (fixture->graph, fixture->tuned->graph,
                                   fixture->samples, 20, NULL, NULL, NULL, NULL);

  g_assert_cmpuint (sensitivity->layers->len, ==, report->layers->len);
  /* The report adds its parts in another order. */
  g_assert_cmpfloat_with_epsilon (sensitivity->present.output.error.sqnr_db,
                                  report->output.error.sqnr_db, 1e-9);
  for (guint i = 0; i < report->layers->len; i++)
    {
      const FettleLayerSensitivity *layer =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);
      const FettleAlternative *real = &layer->alternatives[FETTLE_ALTERNATIVE_FLOAT];
      const FettleLayerErrors *errors =
          &g_array_index (report->layers, FettleLayerErrors, layer->layer);

      g_assert_true (real->is_possible);
      g_assert_cmpfloat (real->output.error.sqnr_db, ==,
                         errors->all_but.output.error.sqnr_db);
      g_assert_cmpfloat (layer->cost_db, ==,
                         real->output.error.sqnr_db
                             - sensitivity->present.output.error.sqnr_db);
      if (i > 0)
        g_assert_cmpfloat (
            layer->cost_db, <=,
            g_array_index (sensitivity->layers, FettleLayerSensitivity, i - 1).cost_db);
    }
}

static void
test_other_types (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleSensitivity) sensitivity = measure (fixture, NULL);

  for (guint i = 0; i < sensitivity->layers->len; i++)
    {
      const FettleLayerSensitivity *layer =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);
      const FettleAlternative *wide = &layer->alternatives[FETTLE_ALTERNATIVE_INT16];
      const FettleAlternative *narrow = &layer->alternatives[FETTLE_ALTERNATIVE_INT4];

      g_assert_true (wide->is_possible && narrow->is_possible);
      g_assert_cmpfloat (narrow->output.error.sqnr_db, <,
                         sensitivity->present.output.error.sqnr_db - 2.0);
      g_assert_cmpfloat (wide->output.error.sqnr_db, >,
                         sensitivity->present.output.error.sqnr_db - 1.0);
      /* Its activations keep their scales, so nothing has to convert. */
      g_assert_cmpuint (narrow->arena_bytes, ==, sensitivity->present.arena_bytes);
      g_assert_cmpuint (wide->arena_bytes, >=, sensitivity->present.arena_bytes);
    }
}

/* Back to int8: for layers of int4 only, and better. */
static void
test_int8_for_int4 (Fixture *fixture, gconstpointer data)
{
  static const char steps[] =
      "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\"}]";
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) narrow =
      test_tune (fixture->graph, steps, fixture->samples, &error);
  g_autoptr (FettleSensitivity) sensitivity =
      fettle_measure_sensitivity (fettle_project_get_reference (narrow), narrow->graph,
                                  fixture->samples, NULL, 20, NULL, NULL, NULL, &error);
  g_autoptr (FettleSensitivity) of_int8 = measure (fixture, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < sensitivity->layers->len; i++)
    {
      const FettleLayerSensitivity *layer =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);
      const FettleAlternative *wide = &layer->alternatives[FETTLE_ALTERNATIVE_INT8];

      g_assert_true (wide->is_possible);
      g_assert_false (layer->alternatives[FETTLE_ALTERNATIVE_INT4].is_possible);
      g_assert_cmpuint (wide->image_bytes, >=, sensitivity->present.image_bytes);
      g_assert_cmpuint (wide->arena_bytes, ==, sensitivity->present.arena_bytes);
      if (i == 0)
        g_assert_cmpfloat (wide->output.error.sqnr_db, >,
                           sensitivity->present.output.error.sqnr_db);
      g_assert_false (g_array_index (of_int8->layers, FettleLayerSensitivity, i)
                          .alternatives[FETTLE_ALTERNATIVE_INT8]
                          .is_possible);
    }
}

static void
test_labels (Fixture *fixture, gconstpointer data)
{
  const gsize shape[] = { N_SAMPLES };
  float classes[N_SAMPLES];
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleEvaluation) evaluation = fettle_evaluate (
      fixture->tuned->graph, NULL, fixture->samples, NULL, NULL, NULL, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleSensitivity) sensitivity = NULL;
  const gsize few[] = { 3 };
  g_autoptr (GBytes) few_bytes = fettle_npy_write_float32 (few, 1, (float[3]){ 0.0f });
  g_autoptr (FettleNpy) few_labels = fettle_npy_parse (few_bytes, "few.npy", NULL);

  /* What the model says is right; every third label is spoilt, of which 7 are among the 20. */
  for (guint i = 0; i < N_SAMPLES; i++)
    classes[i] =
        (float)((g_array_index (evaluation->outcomes, FettleOutcome, i).model.predicted
                 + (i / 3 % 3 == 0))
                % 16);
  bytes = fettle_npy_write_float32 (shape, 1, classes);
  labels = fettle_npy_parse (bytes, "labels.npy", NULL);
  sensitivity = measure (fixture, labels);
  g_assert_cmpuint (sensitivity->present.correct, ==, 13);
  g_assert_null (fettle_measure_sensitivity (fixture->graph, fixture->tuned->graph,
                                             fixture->samples, few_labels, 20, NULL, NULL,
                                             NULL, &error));
  g_assert_nonnull (strstr (error->message, "60 samples"));
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  static const char *const threads[] = { "1", "2", "7" };
  g_autoptr (FettleSensitivity) first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleSensitivity) sensitivity = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      sensitivity = measure (fixture, NULL);
      g_unsetenv ("FETTLE_THREADS");
      if (first == NULL)
        first = g_steal_pointer (&sensitivity);
      else
        g_assert_cmpmem (sensitivity->layers->data,
                         sensitivity->layers->len * sizeof (FettleLayerSensitivity),
                         first->layers->data,
                         first->layers->len * sizeof (FettleLayerSensitivity));
    }
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/tuner/sensitivity/float", test_float_is_all_but);
  add ("/tuner/sensitivity/other-types", test_other_types);
  add ("/tuner/sensitivity/int8-for-int4", test_int8_for_int4);
  add ("/tuner/sensitivity/labels", test_labels);
  add ("/tuner/sensitivity/threads", test_threads);
  return g_test_run ();
}
