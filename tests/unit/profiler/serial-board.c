/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-board.c: a simulated board behind a serial port of this machine, for tests.
 *
 * The port is a pseudo-terminal. A thread carries its bytes to the board's socket and back, and damages
 * some of them. */
#define _GNU_SOURCE
#include "serial-board.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BOARD_FD 3
#define MILLION  1000000u

struct _SerialBoard
{
  char *device;
  int master,
      held; /* HELD, the port kept open, so that the terminal outlives a desktop */
  int socket, stop[2];
  GSubprocess *process;
  GThread *carrier;
  guint damaged_per_million;
  guint32 state;
  gint n_damaged;
};

static guint32
next_random (SerialBoard *board)
{
  board->state ^= board->state << 13;
  board->state ^= board->state >> 17;
  board->state ^= board->state << 5;
  return board->state;
}

static void
damage (SerialBoard *board, guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (next_random (board) % MILLION < board->damaged_per_million)
      {
        bytes[i] ^= (guint8)(1 + next_random (board) % 255);
        g_atomic_int_inc (&board->n_damaged);
      }
}

/* One direction. Neither may wait for the other: both sides may be writing. */
typedef struct
{
  int from, to;
  guint8 bytes[1024];
  gsize begin, end; /* not yet written */
} Way;

/* FALSE at the end of one of the two. */
static gboolean
carry_some (SerialBoard *board, Way *way)
{
  ssize_t n;

  if (way->begin == way->end)
    {
      n = read (way->from, way->bytes, sizeof way->bytes);
      if (n <= 0)
        return n < 0 && errno == EAGAIN;
      way->begin = 0;
      way->end = (gsize)n;
      damage (board, way->bytes, way->end);
    }
  n = write (way->to, way->bytes + way->begin, way->end - way->begin);
  if (n < 0)
    return errno == EAGAIN;
  way->begin += (gsize)n;
  return TRUE;
}

static gpointer
carry (gpointer user_data)
{
  SerialBoard *board = user_data;
  Way ways[] = { { .from = board->master, .to = board->socket },
                 { .from = board->socket, .to = board->master } };

  for (;;)
    {
      struct pollfd waiting[3] = { [2] = { .fd = board->stop[0], .events = POLLIN } };

      for (int i = 0; i < 2; i++)
        {
          gboolean has_bytes = ways[i].begin < ways[i].end;

          waiting[i].fd = has_bytes ? ways[i].to : ways[i].from;
          waiting[i].events = has_bytes ? POLLOUT : POLLIN;
        }
      if (poll (waiting, G_N_ELEMENTS (waiting), -1) < 0 || waiting[2].revents != 0)
        return NULL;
      for (int i = 0; i < 2; i++)
        if (waiting[i].revents != 0 && !carry_some (board, &ways[i]))
          return NULL;
    }
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
start_process (SerialBoard *board, const char *const *argv, int fd)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_take_fd (launcher, fd, BOARD_FD);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  board->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
}

SerialBoard *
serial_board_start (const char *program, guint damaged_per_million)
{
  const char *argv[] = { program, "--serial", G_STRINGIFY (BOARD_FD), NULL };

  return serial_board_start_command (argv, damaged_per_million);
}

SerialBoard *
serial_board_start_command (const char *const *argv, guint damaged_per_million)
{
  SerialBoard *board = g_new0 (SerialBoard, 1);
  int pair[2];

  board->damaged_per_million = damaged_per_million;
  board->state = 20251121;
  board->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (board->master, >=, 0);
  g_assert_cmpint (grantpt (board->master), ==, 0);
  g_assert_cmpint (unlockpt (board->master), ==, 0);
  board->device = g_strdup (ptsname (board->master));
  board->held = open (board->device, O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (board->held, >=, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  g_assert_cmpint (pipe2 (board->stop, O_CLOEXEC), ==, 0);
  board->socket = pair[0];
  g_assert_cmpint (fcntl (board->socket, F_SETFL, O_NONBLOCK), ==, 0);
  start_process (board, argv, pair[1]);
  board->carrier = g_thread_new ("carrier", carry, board);
  return board;
}

const char *
serial_board_get_device (SerialBoard *board)
{
  return board->device;
}

GPid
serial_board_get_pid (SerialBoard *board)
{
  return atoi (g_subprocess_get_identifier (board->process));
}

guint
serial_board_get_n_damaged (SerialBoard *board)
{
  return (guint)g_atomic_int_get (&board->n_damaged);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
serial_board_unplug (SerialBoard *board)
{
  if (board->carrier == NULL)
    return;
  g_assert_cmpint (write (board->stop[1], "!", 1), ==, 1);
  g_thread_join (g_steal_pointer (&board->carrier));
  close_fd (&board->held);
  close_fd (&board->master);
  close_fd (&board->socket);
}

void
serial_board_stop (SerialBoard *board)
{
  serial_board_unplug (board);
  g_subprocess_force_exit (board->process);
  g_subprocess_wait (board->process, NULL, NULL);
  g_object_unref (board->process);
  close_fd (&board->stop[0]);
  close_fd (&board->stop[1]);
  g_free (board->device);
  g_free (board);
}
