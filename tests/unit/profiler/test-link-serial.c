/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-link-serial.c: the conformance tests on the link over a serial port.
 *
 * The argument is the path of echo-peer. */
#include "link-conformance.h"
#include "profiler/link-serial.h"
#include "serial-board.h"

static char *echo_peer;

static gpointer
start (void)
{
  return serial_board_start (echo_peer, 0);
}

static FettleLink *
create_link (gpointer peer)
{
  return fettle_link_serial_new (serial_board_get_device (peer), FETTLE_SERIAL_BAUD);
}

static void
stop (gpointer peer)
{
  serial_board_stop (peer);
}

static void
vanish (gpointer peer, FettleLink *link)
{
  serial_board_unplug (peer);
}

static const LinkHooks hooks = {
  .name = "serial",
  .start = start,
  .create_link = create_link,
  .stop = stop,
  .vanish = vanish,
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  echo_peer = g_canonicalize_filename (argv[1], NULL);
  link_conformance_add (&hooks);
  return g_test_run ();
}
