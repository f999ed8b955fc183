/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-virtual.c: a virtual board, over pipes that its firmware opens by semihosting.
 *
 * The firmware opens /proc/self/fd/3 and 4, which are pipes inherited by QEMU: unlike named FIFOs they
 * need no directory, and opening them cannot wait for anybody. */
#include "profiler/link-virtual.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
  BOARD_READ_FD = 3,
  BOARD_WRITE_FD = 4,
  BOARD_DOORBELL_FD = 5, /* the machine's UART */
};

struct _FettleLinkVirtual
{
  FettleLinkProcess parent_instance;

  char *machine, *firmware;
  int doorbell; /* -1: closed */
};

G_DEFINE_TYPE (FettleLinkVirtual, fettle_link_virtual, FETTLE_TYPE_LINK_PROCESS)

/* Under these options SysTick counts executed instructions, and nothing depends on the speed or the
 * load of this machine. */
#define ICOUNT "shift=0,align=off,sleep=off"

static gboolean
launch (FettleLinkVirtual *self, const int to_board[2], const int from_board[2],
        int doorbell, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *chardev =
      g_strdup_printf ("socket,id=doorbell,fd=%d", BOARD_DOORBELL_FD);
  const char *argv[] = { "qemu-system-arm",
                         "-machine",
                         self->machine,
                         "-kernel",
                         self->firmware,
                         "-icount",
                         ICOUNT,
                         "-semihosting-config",
                         "enable=on,target=native",
                         "-display",
                         "none",
                         "-monitor",
                         "none",
                         "-chardev",
                         chardev,
                         "-serial",
                         "chardev:doorbell",
                         NULL };

  g_subprocess_launcher_take_fd (launcher, to_board[0], BOARD_READ_FD);
  g_subprocess_launcher_take_fd (launcher, from_board[1], BOARD_WRITE_FD);
  g_subprocess_launcher_take_fd (launcher, doorbell, BOARD_DOORBELL_FD);
  return fettle_link_process_launch (FETTLE_LINK_PROCESS (self), launcher, argv,
                                     from_board[0], to_board[1], error);
}

static void
close_pair (const int pair[2])
{
  close (pair[0]);
  close (pair[1]);
}

static gboolean
fettle_link_virtual_start (FettleLinkProcess *process, GError **error)
{
  FettleLinkVirtual *self = FETTLE_LINK_VIRTUAL (process);
  int to_board[2], from_board[2], bell[2];

  if (!g_unix_open_pipe (to_board, FD_CLOEXEC, error))
    return FALSE;
  if (!g_unix_open_pipe (from_board, FD_CLOEXEC, error))
    {
      close_pair (to_board);
      return FALSE;
    }
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, bell) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The pipes of the virtual board cannot be made: %s.",
                   g_strerror (errno));
      close_pair (to_board);
      close_pair (from_board);
      return FALSE;
    }
  self->doorbell = bell[0];
  return launch (self, to_board, from_board, bell[1], error);
}

/* A run does not look at the pipe, since a semihosting read stops the machine until something comes.
 * It looks at the UART, which one byte reaches in any case. Each byte is followed by a frame ABORT. */
static void
fettle_link_virtual_interrupt (FettleLink *link, FettleInterrupt interrupt)
{
  FettleLinkVirtual *self = FETTLE_LINK_VIRTUAL (link);

  if (interrupt == FETTLE_INTERRUPT_ABORT && self->doorbell >= 0)
    send (self->doorbell, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  FETTLE_LINK_CLASS (fettle_link_virtual_parent_class)->interrupt (link, interrupt);
}

static void
close_doorbell (FettleLinkVirtual *self)
{
  if (self->doorbell >= 0)
    close (self->doorbell);
  self->doorbell = -1;
}

static void
fettle_link_virtual_close (FettleLink *link)
{
  close_doorbell (FETTLE_LINK_VIRTUAL (link));
  FETTLE_LINK_CLASS (fettle_link_virtual_parent_class)->close (link);
}

static void
fettle_link_virtual_finalize (GObject *object)
{
  FettleLinkVirtual *self = FETTLE_LINK_VIRTUAL (object);

  close_doorbell (self);
  g_free (self->machine);
  g_free (self->firmware);
  G_OBJECT_CLASS (fettle_link_virtual_parent_class)->finalize (object);
}

static void
fettle_link_virtual_class_init (FettleLinkVirtualClass *class)
{
  FettleLinkClass *link_class = FETTLE_LINK_CLASS (class);
  FettleLinkProcessClass *process_class = FETTLE_LINK_PROCESS_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = fettle_link_virtual_finalize;
  link_class->interrupt = fettle_link_virtual_interrupt;
  link_class->close = fettle_link_virtual_close;
  process_class->subject = "The virtual board's QEMU";
  process_class->start = fettle_link_virtual_start;
}

static void
fettle_link_virtual_init (FettleLinkVirtual *self)
{
  self->doorbell = -1;
}

FettleLink *
fettle_link_virtual_new (const char *machine, const char *firmware)
{
  FettleLinkVirtual *self = g_object_new (FETTLE_TYPE_LINK_VIRTUAL, NULL);

  self->machine = g_strdup (machine);
  self->firmware = g_strdup (firmware);
  return FETTLE_LINK (self);
}
