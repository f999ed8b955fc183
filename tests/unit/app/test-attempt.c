/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-attempt.c: layers of two attempts, matched by their names. */
#include "app/attempt.h"

#include <math.h>

/* A run with layers called as the words of NAMES. */
static FettleAttempt *
make_attempt (const char *names)
{
  g_autoptr (FettleRun) run = fettle_run_new ();
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  const FettleRunStatistics none = { 0 };

  for (guint i = 0; words[i] != NULL && *names != '\0'; i++)
    fettle_run_add_layer (run, words[i], "CONV_2D", &none);
  return fettle_attempt_new_for_run (run);
}

static void
assert_matched (const char *first_names, const char *second_names, const char *wanted)
{
  g_autoptr (FettleAttempt) first = make_attempt (first_names);
  g_autoptr (FettleAttempt) second = make_attempt (second_names);
  g_autoptr (GArray) pairs = fettle_attempts_match (first, second);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    {
      const FettleLayerPair *pair = &g_array_index (pairs, FettleLayerPair, i);

      g_string_append_printf (text, "%s%s/%s", i > 0 ? " " : "",
                              pair->first != NULL ? pair->first->name : "-",
                              pair->second != NULL ? pair->second->name : "-");
    }
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_matching (void)
{
  assert_matched ("a b c", "a b c", "a/a b/b c/c");
  assert_matched ("pad a b", "a b quantize", "pad/- a/a b/b -/quantize");
  assert_matched ("a b", "q a q2 b", "-/q a/a -/q2 b/b");
  assert_matched ("a", "b", "-/b a/-");
  assert_matched ("", "a", "-/a");
  assert_matched ("a b", "b a", "a/a b/b");
}

static void
test_run (void)
{
  g_autoptr (FettleAttempt) attempt = make_attempt ("a");

  g_assert_null (attempt->state);
  g_assert_true (isnan (attempt->image_bytes));
  g_assert_true (isnan (attempt->output_error));
  g_assert_true (isfinite (attempt->time));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/attempt/matching", test_matching);
  g_test_add_func ("/app/attempt/run", test_run);
  return g_test_run ();
}
