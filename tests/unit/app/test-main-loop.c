/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-main-loop.c: the main loop never waits for import, tuning or comparison.
 *
 * What is measured is the processor time that the main thread spends in one iteration of its loop, which does not depend on
 * how busy the machine is: work that belongs in a thread would show there as seconds. */
#include "app/document.h"

#include <time.h>

#define DEADLINE_US (120 * G_USEC_PER_SEC)
/* Three frames of a 30 Hz display, for machines slower than those that anybody works at. */
#define MAXIMUM_SECONDS 0.1

static const char *sample;

static double
get_seconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Runs the main loop until DOCUMENT has nothing to do; returns the longest iteration's processor time. */
static double
settle (FettleDocument *document)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;
  double longest = 0;

  while (fettle_document_is_busy (document))
    {
      double start = get_seconds (CLOCK_THREAD_CPUTIME_ID);

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, get_seconds (CLOCK_THREAD_CPUTIME_ID) - start);
    }
  return longest;
}

static void
test_import_and_tuning (void)
{
  g_autofree char *model = g_build_filename (sample, "bearing.tflite", NULL);
  g_autofree char *path = g_build_filename (sample, "bearing_calib_x.npy", NULL);
  g_autoptr (FettleData) data = fettle_data_new (path, 1, 0);
  g_autoptr (FettleDocument) document = fettle_document_new ();
  double own = get_seconds (CLOCK_THREAD_CPUTIME_ID);
  double all = get_seconds (CLOCK_PROCESS_CPUTIME_ID);

  fettle_document_open (document, model);
  g_assert_cmpfloat (settle (document), <, MAXIMUM_SECONDS);
  g_assert_nonnull (fettle_document_get_content (document));
  fettle_document_tune (document, data);
  g_assert_cmpfloat (settle (document), <, MAXIMUM_SECONDS);
  g_assert_nonnull (fettle_document_get_errors (document));

  /* There was work to do, and it was done elsewhere. */
  own = get_seconds (CLOCK_THREAD_CPUTIME_ID) - own;
  all = get_seconds (CLOCK_PROCESS_CPUTIME_ID) - all;
  g_test_message ("the main thread took %.3f s of %.3f s", own, all);
  g_assert_cmpfloat (all, >, 5 * own);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >, 1);
  sample = argv[1];
  g_test_add_func ("/app/main-loop/import-and-tuning", test_import_and_tuning);
  return g_test_run ();
}
