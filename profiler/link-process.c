/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-process.c: starting a process, its pipes, and its end. */
#include "profiler/link-process.h"

#include "profiler/fd-writer.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define READ_SIZE 65536
/* Enough for the last sentence of a program that fails. */
#define COMPLAINT_SIZE 512

typedef struct
{
  GMainContext *context;
  GSubprocess *process;
  int read_fd;      /* -1: closed */
  int complaint_fd; /* the process's standard error; owned by PROCESS */
  GSource *read_source, *complaint_source;
  FettleFdWriter writer;
  GString *complaint;
} FettleLinkProcessPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FettleLinkProcess, fettle_link_process,
                                     FETTLE_TYPE_LINK)

static FettleLinkProcessPrivate *
get_private (FettleLinkProcess *self)
{
  return fettle_link_process_get_instance_private (self);
}

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
watch_fd (FettleLinkProcess *self, int fd, GIOCondition condition,
          GUnixFDSourceFunc function)
{
  GSource *source = g_unix_fd_source_new (fd, condition);

  g_source_set_callback (source, G_SOURCE_FUNC (function), self, NULL);
  g_source_attach (source, get_private (self)->context);
  return source;
}

static void
close_pipes (FettleLinkProcess *self)
{
  FettleLinkProcessPrivate *private = get_private (self);

  drop_source (&private->read_source);
  drop_source (&private->complaint_source);
  fettle_fd_writer_drop (&private->writer);
  if (private->writer.fd >= 0 && private->writer.fd != private->read_fd)
    close (private->writer.fd);
  if (private->read_fd >= 0)
    close (private->read_fd);
  private->read_fd = private->writer.fd = -1;
}

/* --- the end of the process --- */

static void
read_complaint (FettleLinkProcessPrivate *private)
{
  char text[COMPLAINT_SIZE];
  ssize_t size;

  while ((size = read (private->complaint_fd, text, sizeof text)) > 0)
    {
      g_string_append_len (private->complaint, text, size);
      if (private->complaint->len > COMPLAINT_SIZE)
        g_string_erase (private->complaint, 0, private->complaint->len - COMPLAINT_SIZE);
    }
}

static gboolean
on_complaint (int fd, GIOCondition condition, gpointer user_data)
{
  FettleLinkProcessPrivate *private = get_private (user_data);

  read_complaint (private);
  if (!(condition & (G_IO_HUP | G_IO_ERR)))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&private->complaint_source, g_source_unref);
  return G_SOURCE_REMOVE;
}

static GError *
describe_end (FettleLinkProcess *self)
{
  FettleLinkProcessPrivate *private = get_private (self);
  const char *subject = FETTLE_LINK_PROCESS_GET_CLASS (self)->subject;
  g_autofree char *complaint = NULL;

  if (g_subprocess_get_if_signaled (private->process))
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                        "%s ended (signal %d).", subject,
                        g_subprocess_get_term_sig (private->process));
  read_complaint (private);
  complaint = g_utf8_make_valid (private->complaint->str, private->complaint->len);
  g_strstrip (complaint);
  if (*complaint != '\0')
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                        "%s ended (exit status %d): %s", subject,
                        g_subprocess_get_exit_status (private->process),
                        g_strdelimit (complaint, "\n", ' '));
  return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                      "%s ended (exit status %d).", subject,
                      g_subprocess_get_exit_status (private->process));
}

/* At the end of the pipe, which comes after everything that the process said. The pipe is closed by
 * the process's exit, so there is next to nothing to wait for; one that closed it and lives on serves
 * nobody. */
static void
tell_end (FettleLinkProcess *self)
{
  FettleLinkProcessPrivate *private = get_private (self);
  g_autoptr (GError) reason = NULL;

  g_subprocess_force_exit (private->process);
  g_subprocess_wait (private->process, NULL, NULL);
  reason = describe_end (self);
  close_pipes (self);
  fettle_link_emit_lost (FETTLE_LINK (self), reason);
}

/* --- reading and writing --- */

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (FettleLinkProcess) self = g_object_ref (user_data);
  g_autofree guint8 *bytes = g_malloc (READ_SIZE);
  ssize_t size = read (fd, bytes, READ_SIZE);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (size > 0)
    {
      g_autoptr (GBytes) received = g_bytes_new (bytes, (gsize)size);

      fettle_link_emit_received (FETTLE_LINK (self), received);
      return G_SOURCE_CONTINUE;
    }
  tell_end (self);
  return G_SOURCE_REMOVE;
}

static void
fettle_link_process_send (FettleLink *link, GBytes *bytes)
{
  fettle_fd_writer_send (&get_private (FETTLE_LINK_PROCESS (link))->writer, bytes);
}

/* --- opening and closing --- */

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  /* Ctrl+C is for the program, which then says what it has measured. */
  setpgid (0, 0);
}

gboolean
fettle_link_process_launch (FettleLinkProcess *self, GSubprocessLauncher *launcher,
                            const char *const *argv, int read_fd, int write_fd,
                            GError **error)
{
  FettleLinkProcessPrivate *private = get_private (self);
  GInputStream *complaints;

  g_assert (private->process == NULL);
  private->read_fd = read_fd;
  private->writer.fd = write_fd;
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  if (!g_unix_set_fd_nonblocking (read_fd, TRUE, error)
      || !g_unix_set_fd_nonblocking (write_fd, TRUE, error))
    return FALSE;
  private->process = g_subprocess_launcher_spawnv (launcher, argv, error);
  if (private->process == NULL)
    {
      g_prefix_error (
          error, "%s cannot be started: ", FETTLE_LINK_PROCESS_GET_CLASS (self)->subject);
      return FALSE;
    }
  /* The child's ends must not stay open here, or the end of file would never come. */
  g_subprocess_launcher_close (launcher);
  complaints = g_subprocess_get_stderr_pipe (private->process);
  private->complaint_fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (complaints));
  g_unix_set_fd_nonblocking (private->complaint_fd, TRUE, NULL);
  private->read_source = watch_fd (self, read_fd, G_IO_IN, on_readable);
  private->complaint_source =
      watch_fd (self, private->complaint_fd, G_IO_IN, on_complaint);
  return TRUE;
}

static void
fettle_link_process_open_async (FettleLink *link, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  FettleLinkProcess *self = FETTLE_LINK_PROCESS (link);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  if (!FETTLE_LINK_PROCESS_GET_CLASS (self)->start (self, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
fettle_link_process_open_finish (FettleLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fettle_link_process_interrupt (FettleLink *link, FettleInterrupt interrupt)
{
  FettleLinkProcessPrivate *private = get_private (FETTLE_LINK_PROCESS (link));

  /* ABORT goes as a frame, which the agent looks for between layers. A process that has to be
   * reset is stuck, and a new one costs nothing. */
  if (interrupt == FETTLE_INTERRUPT_RESET && private->process != NULL)
    g_subprocess_force_exit (private->process);
}

static void
fettle_link_process_close (FettleLink *link)
{
  FettleLinkProcess *self = FETTLE_LINK_PROCESS (link);
  FettleLinkProcessPrivate *private = get_private (self);

  if (private->process != NULL)
    g_subprocess_force_exit (private->process);
  close_pipes (self);
}

GPid
fettle_link_process_get_pid (FettleLinkProcess *self)
{
  FettleLinkProcessPrivate *private = get_private (self);
  const char *identifier;

  g_return_val_if_fail (FETTLE_IS_LINK_PROCESS (self), 0);
  if (private->process == NULL)
    return 0;
  identifier = g_subprocess_get_identifier (private->process);
  return identifier != NULL ? atoi (identifier) : 0;
}

static void
fettle_link_process_finalize (GObject *object)
{
  FettleLinkProcessPrivate *private = get_private (FETTLE_LINK_PROCESS (object));

  if (private->process != NULL)
    g_subprocess_force_exit (private->process);
  close_pipes (FETTLE_LINK_PROCESS (object));
  g_clear_object (&private->process);
  g_string_free (private->complaint, TRUE);
  g_main_context_unref (private->context);
  G_OBJECT_CLASS (fettle_link_process_parent_class)->finalize (object);
}

static void
fettle_link_process_class_init (FettleLinkProcessClass *class)
{
  FettleLinkClass *link_class = FETTLE_LINK_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = fettle_link_process_finalize;
  link_class->open_async = fettle_link_process_open_async;
  link_class->open_finish = fettle_link_process_open_finish;
  link_class->send = fettle_link_process_send;
  link_class->interrupt = fettle_link_process_interrupt;
  link_class->close = fettle_link_process_close;

  /* Writing to the pipe of a process that has just ended must not end this one. There is no other
   * way for a pipe; GSocket does the same. */
  signal (SIGPIPE, SIG_IGN);
}

static void
fettle_link_process_init (FettleLinkProcess *self)
{
  FettleLinkProcessPrivate *private = get_private (self);

  private->context = g_main_context_ref_thread_default ();
  private->complaint = g_string_new (NULL);
  private->read_fd = private->complaint_fd = -1;
  fettle_fd_writer_init (&private->writer, private->context);
}
