/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-board.c: a USB board for other programs, which are started with UMOCKDEV_DIR as this one prints it.
 *
 * usage: umockdev-wrapper mock-board
 *
 * Reads commands, a line each, and answers each with a line: "plug PORT SERIAL", "forbid", "permit",
 * "claim", "release", "unplug", "replug PORT". Ends with its input. */
#include "mock-agent.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

static MockUsbBus *bus;
static MockAgent *agent;

static void
set_mode (int mode)
{
  g_autofree char *file = mock_usb_get_file (mock_agent_get_device (agent));

  g_assert_cmpint (g_chmod (file, mode), ==, 0);
}

static gboolean
obey (char **words)
{
  const char *command = words[0];
  guint port = words[0] != NULL && words[1] != NULL ? (guint)atoi (words[1]) : 0;

  if (g_strcmp0 (command, "plug") == 0)
    agent = mock_agent_plug (bus, port, words[2]);
  else if (g_strcmp0 (command, "replug") == 0)
    mock_agent_replug (agent, port);
  else if (g_strcmp0 (command, "unplug") == 0)
    mock_agent_unplug (agent);
  else if (g_strcmp0 (command, "forbid") == 0)
    set_mode (0);
  else if (g_strcmp0 (command, "permit") == 0)
    set_mode (0600);
  else if (g_strcmp0 (command, "claim") == 0 || g_strcmp0 (command, "release") == 0)
    mock_usb_set_claimed (mock_agent_get_device (agent), *command == 'c');
  else
    return FALSE;
  return TRUE;
}

int
main (void)
{
  char line[256];

  bus = mock_usb_bus_new ();
  if (bus == NULL)
    {
      fputs ("usage: umockdev-wrapper mock-board\n", stderr);
      return 2;
    }
  printf ("%s\n", g_getenv ("UMOCKDEV_DIR"));
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 3);

      puts (obey (words) ? "done" : "what?");
      fflush (stdout);
    }
  if (agent != NULL)
    mock_agent_free (agent);
  mock_usb_bus_free (bus);
  return 0;
}
