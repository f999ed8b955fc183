/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-study.c: the study of a tuned model's quantization, part by part. */
#include "app/quantization-study.h"

#define DEADLINE_US (120 * G_USEC_PER_SEC)

static const char *sample;

static FettleData *
make_data (void)
{
  g_autofree char *path = g_build_filename (sample, "bearing_calib_x.npy", NULL);

  return fettle_data_new (path, 1, 0);
}

static FettleContent *
tune_sample (const FettleData *data)
{
  g_autofree char *path = g_build_filename (sample, "bearing.tflite", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleContent) content = fettle_content_load (path, &error);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_default ();
  g_autoptr (FettleProgress) progress = fettle_progress_new ("");
  FettleContent *tuned;

  g_assert_no_error (error);
  tuned = fettle_content_tune (content, recipe, data, progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tuned->report);
  g_assert_cmpuint (tuned->report->len, >, 0);
  return tuned;
}

/* Runs the main loop until CONDITION. */
static void
wait_for (FettleQuantizationStudy *study,
          gboolean (*condition) (FettleQuantizationStudy *study))
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;

  while (!condition (study))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static gboolean
has_spread (FettleQuantizationStudy *study)
{
  return fettle_quantization_study_get_spread (study) != NULL;
}

static gboolean
is_idle (FettleQuantizationStudy *study)
{
  double fraction;
  g_autofree char *activity = fettle_quantization_study_get_activity (study, &fraction);

  return activity == NULL;
}

static void
count (gpointer study, guint *n)
{
  (*n)++;
}

static void
keep_text (gpointer study, const char *text, char **kept)
{
  g_free (*kept);
  *kept = g_strdup (text);
}

static void
test_parts (void)
{
  g_autoptr (FettleData) data = make_data ();
  g_autoptr (FettleContent) content = tune_sample (data);
  g_autoptr (FettleQuantizationStudy) study = fettle_quantization_study_new ();
  guint n_layers = fettle_content_get_n_layers (content), n_changes = 0;

  g_signal_connect (study, "changed", G_CALLBACK (count), &n_changes);
  fettle_quantization_study_set_subject (study, content, data);
  g_assert_false (is_idle (study));
  /* Once more: nothing begins anew. */
  fettle_quantization_study_set_subject (study, content, data);
  wait_for (study, is_idle);
  g_assert_cmpuint (n_changes, ==, 4);
  g_assert_false (fettle_quantization_study_is_interrupted (study));
  g_assert_cmpuint (fettle_quantization_study_get_errors (study)->layers->len, ==,
                    n_layers);
  g_assert_cmpuint (fettle_quantization_study_get_sensitivity (study)->layers->len, ==,
                    n_layers);
  for (guint i = 0; i < n_layers; i++)
    g_assert_cmpuint (fettle_quantization_study_get_layer_sensitivity (study, i)->layer,
                      ==, i);
  g_assert_true (fettle_quantization_study_is_about (study, content));
  fettle_quantization_study_set_subject (study, NULL, NULL);
  g_assert_false (fettle_quantization_study_is_about (study, content));
  g_assert_null (fettle_quantization_study_get_errors (study));
  g_assert_false (fettle_quantization_study_is_interrupted (study));
}

/* What is known stays; what was being measured is measured later. */
static void
test_cancel (void)
{
  g_autoptr (FettleData) data = make_data ();
  g_autoptr (FettleContent) content = tune_sample (data);
  g_autoptr (FettleQuantizationStudy) study = fettle_quantization_study_new ();

  fettle_quantization_study_set_subject (study, content, data);
  wait_for (study, has_spread);
  fettle_quantization_study_cancel (study);
  g_assert_true (is_idle (study));
  g_assert_true (fettle_quantization_study_is_interrupted (study));
  g_assert_true (has_spread (study));
  fettle_quantization_study_resume (study);
  g_assert_false (fettle_quantization_study_is_interrupted (study));
  wait_for (study, is_idle);
  g_assert_nonnull (fettle_quantization_study_get_sensitivity (study));
}

static void
test_failure (void)
{
  g_autoptr (FettleData) data = make_data ();
  g_autoptr (FettleContent) content = tune_sample (data);
  g_autoptr (FettleData) missing = fettle_data_new ("/nonexistent/x.npy", 1, 0);
  g_autoptr (FettleQuantizationStudy) study = fettle_quantization_study_new ();
  g_autofree char *text = NULL;

  g_signal_connect (study, "failed", G_CALLBACK (keep_text), &text);
  fettle_quantization_study_set_subject (study, content, missing);
  wait_for (study, is_idle);
  g_assert_nonnull (text);
  g_assert_nonnull (g_strstr_len (text, -1, "/nonexistent/x.npy"));
  g_assert_true (fettle_quantization_study_is_interrupted (study));
  /* Other data are another subject. */
  fettle_quantization_study_set_subject (study, content, data);
  wait_for (study, has_spread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  sample = argv[1];
  g_test_add_func ("/study/parts", test_parts);
  g_test_add_func ("/study/cancel", test_cancel);
  g_test_add_func ("/study/failure", test_failure);
  return g_test_run ();
}
