/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-file-users.c: which program has a file open. */
#include "profiler/file-users.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

static void
test_nobody (void)
{
  gboolean is_own = TRUE;

  g_assert_null (fettle_file_users_find ("/nonexistent/board", &is_own));
  g_assert_false (is_own);
}

static void
test_own_and_other (void)
{
  g_autofree char *path = NULL, *own = NULL, *other = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_own;
  int file = g_file_open_tmp ("fettle-file-users-XXXXXX", &path, &error);

  g_assert_no_error (error);
  own = fettle_file_users_find (path, &is_own);
  g_assert_nonnull (own);
  g_assert_true (is_own);
  /* Its standard input keeps the file open until it is told to end. */
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_take_stdin_fd (launcher, file);
  child = g_subprocess_launcher_spawn (launcher, &error, "sleep", "600", NULL);
  g_assert_no_error (error);
  g_subprocess_launcher_close (launcher);
  other = fettle_file_users_find (path, &is_own);
  g_assert_cmpstr (other, ==, "sleep");
  g_assert_false (is_own);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_null (fettle_file_users_find (path, &is_own));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-users/nobody", test_nobody);
  g_test_add_func ("/file-users/own-and-other", test_own_and_other);
  return g_test_run ();
}
