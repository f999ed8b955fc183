/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-simulated.c: the simulated board, over a socket pair. */
#include "profiler/link-simulated.h"

#include <errno.h>
#include <sys/socket.h>

#define BOARD_FD 3

struct _FettleLinkSimulated
{
  FettleLinkProcess parent_instance;

  char *program;
};

G_DEFINE_TYPE (FettleLinkSimulated, fettle_link_simulated, FETTLE_TYPE_LINK_PROCESS)

static gboolean
fettle_link_simulated_start (FettleLinkProcess *process, GError **error)
{
  FettleLinkSimulated *self = FETTLE_LINK_SIMULATED (process);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const char *argv[] = { self->program, G_STRINGIFY (BOARD_FD), NULL };
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The socket of the simulated board cannot be made: %s.",
                   g_strerror (errno));
      return FALSE;
    }
  g_subprocess_launcher_take_fd (launcher, pair[1], BOARD_FD);
  return fettle_link_process_launch (process, launcher, argv, pair[0], pair[0], error);
}

static void
fettle_link_simulated_finalize (GObject *object)
{
  g_free (FETTLE_LINK_SIMULATED (object)->program);
  G_OBJECT_CLASS (fettle_link_simulated_parent_class)->finalize (object);
}

static void
fettle_link_simulated_class_init (FettleLinkSimulatedClass *class)
{
  FettleLinkProcessClass *process_class = FETTLE_LINK_PROCESS_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = fettle_link_simulated_finalize;
  process_class->subject = "The simulated board's process";
  process_class->start = fettle_link_simulated_start;
}

static void
fettle_link_simulated_init (FettleLinkSimulated *self)
{
}

FettleLink *
fettle_link_simulated_new (const char *program)
{
  FettleLinkSimulated *self = g_object_new (FETTLE_TYPE_LINK_SIMULATED, NULL);

  self->program = g_strdup (program);
  return FETTLE_LINK (self);
}
