/* SPDX-License-Identifier: GPL-3.0-or-later */
/* echo-peer.c: a process in the place of a board: sends back what it gets, in cuts of its own.
 *
 * As fettle-simulated-board it is given one socket; as qemu-system-arm it finds two pipes and the
 * doorbell where link-virtual.c puts them, and notes each ring in the file $FETTLE_TEST_DOORBELL. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
  SOCKET = 3,
  PIPE_IN = 3,
  PIPE_OUT = 4,
  DOORBELL = 5,
};

static void
echo (int in, int out)
{
  static uint32_t state = 1;
  static uint8_t bytes[8192];
  ssize_t size = read (in, bytes, 1 + state % sizeof bytes);
  ssize_t written = 0;

  if (size <= 0)
    exit (EXIT_SUCCESS);
  state = state * 1664525u + 1013904223u;
  while (written < size)
    {
      ssize_t n = write (out, bytes + written, (size_t)(size - written));

      if (n < 0)
        exit (EXIT_FAILURE);
      written += n;
    }
}

static void
note_ring (void)
{
  char ring;
  int file;

  if (read (DOORBELL, &ring, 1) != 1)
    return;
  file = open (getenv ("FETTLE_TEST_DOORBELL"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (file < 0 || write (file, &ring, 1) != 1 || close (file) < 0)
    exit (EXIT_FAILURE);
}

int
main (int argc, char **argv)
{
  int is_virtual = strstr (argv[0], "qemu-system-arm") != NULL;
  struct pollfd waiting[] = { { .fd = PIPE_IN, .events = POLLIN },
                              { .fd = is_virtual ? DOORBELL : -1, .events = POLLIN } };

  for (;;)
    {
      if (poll (waiting, 2, -1) < 0)
        return EXIT_FAILURE;
      if (waiting[1].revents & POLLIN)
        note_ring ();
      if (waiting[0].revents != 0)
        echo (PIPE_IN, is_virtual ? PIPE_OUT : SOCKET);
    }
}
