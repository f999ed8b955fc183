/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-accuracy.c: accuracy of a document's model, before and after tuning, on labelled data. */
#include "app/accuracy.h"

#define DEADLINE_US (120 * G_USEC_PER_SEC)

static const char *sample;

static void
iterate_until (gboolean (*is_done) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;

  while (!is_done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static gboolean
is_idle (gpointer document)
{
  return !fettle_document_is_busy (document);
}

static gboolean
is_measured (gpointer meter)
{
  return fettle_accuracy_meter_get_state (meter) != FETTLE_ACCURACY_MEASURING;
}

static FettleDocument *
tune (const char *labels)
{
  g_autofree char *model = g_build_filename (sample, "bearing.tflite", NULL);
  g_autofree char *inputs = g_build_filename (sample, "bearing_eval_x.npy", NULL);
  g_autoptr (FettleData) data = fettle_data_new (inputs, 1, 0);
  FettleDocument *document = fettle_document_new ();

  if (labels != NULL)
    data->labels = g_build_filename (sample, labels, NULL);
  fettle_document_open (document, model);
  iterate_until (is_idle, document);
  fettle_document_tune (document, data);
  iterate_until (is_idle, document);
  return document;
}

static void
test_before_and_after (void)
{
  g_autoptr (FettleDocument) document = tune ("bearing_eval_y.npy");
  g_autoptr (FettleAccuracyMeter) meter = fettle_accuracy_meter_new (document);
  const FettleAccuracy *accuracy;

  fettle_accuracy_meter_start (meter);
  g_assert_cmpint (fettle_accuracy_meter_get_state (meter), ==,
                   FETTLE_ACCURACY_MEASURING);
  iterate_until (is_measured, meter);
  accuracy = fettle_accuracy_meter_get (meter);
  g_assert_nonnull (accuracy);
  g_assert_cmpuint (accuracy->n, ==, 400);
  g_assert_cmpuint (accuracy->reference_correct, ==, 390);
  g_assert_cmpuint (accuracy->correct, >=, 384);
  g_assert_cmpuint (accuracy->correct + accuracy->reference_only, ==,
                    accuracy->reference_correct + accuracy->model_only);
  /* Once is enough. */
  fettle_accuracy_meter_start (meter);
  g_assert_cmpint (fettle_accuracy_meter_get_state (meter), ==, FETTLE_ACCURACY_KNOWN);
}

static void
test_without_labels (void)
{
  g_autoptr (FettleDocument) document = tune (NULL);
  g_autoptr (FettleAccuracyMeter) meter = fettle_accuracy_meter_new (document);

  fettle_accuracy_meter_start (meter);
  g_assert_cmpint (fettle_accuracy_meter_get_state (meter), ==,
                   FETTLE_ACCURACY_NO_LABELS);
  g_assert_null (fettle_accuracy_meter_get (meter));
}

/* Labels of another length are explained. */
static void
test_wrong_labels (void)
{
  g_autoptr (FettleDocument) document = tune ("bearing_calib_x.npy");
  g_autoptr (FettleAccuracyMeter) meter = fettle_accuracy_meter_new (document);

  fettle_accuracy_meter_start (meter);
  iterate_until (is_measured, meter);
  g_assert_cmpint (fettle_accuracy_meter_get_state (meter), ==, FETTLE_ACCURACY_FAILED);
  g_assert_nonnull (fettle_accuracy_meter_get_problem (meter));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >, 1);
  sample = argv[1];
  g_test_add_func ("/app/accuracy/before-and-after", test_before_and_after);
  g_test_add_func ("/app/accuracy/without-labels", test_without_labels);
  g_test_add_func ("/app/accuracy/wrong-labels", test_wrong_labels);
  return g_test_run ();
}
