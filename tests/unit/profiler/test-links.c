/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-links.c: the conformance tests on the links to processes.
 *
 * The argument is the path of echo-peer. */
#include "link-conformance.h"
#include "profiler/link-simulated.h"
#include "profiler/link-virtual.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

static char *echo_peer;
static char *folder, *doorbell; /* of a qemu-system-arm that is none, and its rings */

/* The process is the link's, so there is nothing to start before it. */
static gpointer
start (void)
{
  g_unlink (doorbell);
  return NULL;
}

static void
stop (gpointer peer)
{
}

static FettleLink *
create_simulated (gpointer peer)
{
  return fettle_link_simulated_new (echo_peer);
}

static FettleLink *
create_virtual (gpointer peer)
{
  return fettle_link_virtual_new ("mps2-an386", "none.elf");
}

static void
vanish (gpointer peer, FettleLink *link)
{
  kill (fettle_link_process_get_pid (FETTLE_LINK_PROCESS (link)), SIGKILL);
}

static guint
count_rings (gpointer peer)
{
  GStatBuf status;

  return g_stat (doorbell, &status) == 0 ? (guint)status.st_size : 0;
}

static const LinkHooks simulated_hooks = {
  .name = "simulated",
  .start = start,
  .create_link = create_simulated,
  .stop = stop,
  .vanish = vanish,
};

static const LinkHooks virtual_hooks = {
  .name = "virtual",
  .start = start,
  .create_link = create_virtual,
  .stop = stop,
  .vanish = vanish,
  .count_aborts = count_rings,
};

int
main (int argc, char **argv)
{
  g_autofree char *program = NULL, *path = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  echo_peer = g_canonicalize_filename (argv[1], NULL);
  folder = g_dir_make_tmp ("fettle-links-XXXXXX", NULL);
  g_assert_nonnull (folder);
  doorbell = g_build_filename (folder, "doorbell", NULL);
  program = g_build_filename (folder, "qemu-system-arm", NULL);
  g_assert_cmpint (symlink (echo_peer, program), ==, 0);
  path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);
  g_setenv ("PATH", path, TRUE);
  g_setenv ("FETTLE_TEST_DOORBELL", doorbell, TRUE);
  link_conformance_add (&simulated_hooks);
  link_conformance_add (&virtual_hooks);
  status = g_test_run ();
  g_unlink (doorbell);
  g_unlink (program);
  g_rmdir (folder);
  return status;
}
