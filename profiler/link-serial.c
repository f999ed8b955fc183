/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-serial.c: a link over a serial port. */
#include "profiler/link-serial.h"

#include "profiler/fd-writer.h"
#include "target-agent/cobs.h"

/* Instead of <termios.h>, which knows no baud rates but the old ones. */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define READ_SIZE    16384
#define MOST_PIECE   65536
#define MOST_PACKET  (256 * 1024)
#define FLUSH_ZEROES 3

struct _FettleLinkSerial
{
  FettleLink parent_instance;

  GMainContext *context;
  char *device;
  guint baud;
  int fd; /* -1: not open */
  gboolean was_opened;
  GSource *read_source;
  FettleFdWriter writer;
  GByteArray *packet; /* that is coming in, encoded */
  gboolean overflows; /* it was longer than MOST_PACKET */
};

G_DEFINE_TYPE (FettleLinkSerial, fettle_link_serial, FETTLE_TYPE_LINK)

static void
close_port (FettleLinkSerial *self)
{
  int pending;

  if (self->read_source != NULL)
    g_source_destroy (self->read_source);
  g_clear_pointer (&self->read_source, g_source_unref);
  fettle_fd_writer_drop (&self->writer);
  if (self->fd >= 0)
    {
      /* Closing would wait half a minute for a port that takes nothing. */
      if (ioctl (self->fd, TIOCOUTQ, &pending) == 0 && pending > 0)
        ioctl (self->fd, TCFLSH, TCOFLUSH);
      close (self->fd);
    }
  self->fd = self->writer.fd = -1;
}

/* --- receiving --- */

static void
end_packet (FettleLinkSerial *self)
{
  GByteArray *packet = self->packet;
  gsize size = self->overflows || packet->len == 0
                   ? SIZE_MAX
                   : fta_cobs_decode (packet->data, packet->len, packet->data);
  g_autoptr (GBytes) bytes = NULL;

  self->overflows = FALSE;
  if (size != SIZE_MAX && size > 0)
    bytes = g_bytes_new (packet->data, size);
  g_byte_array_set_size (packet, 0);
  if (bytes != NULL)
    fettle_link_emit_received (FETTLE_LINK (self), bytes);
}

static void
take_bytes (FettleLinkSerial *self, const guint8 *bytes, gsize size)
{
  /* Whoever hears of a packet may close the link. */
  while (size > 0 && self->fd >= 0)
    {
      const guint8 *zero = memchr (bytes, 0, size);
      gsize n = zero != NULL ? (gsize)(zero - bytes) : size;

      if (n > MOST_PACKET - self->packet->len)
        self->overflows = TRUE;
      else
        g_byte_array_append (self->packet, bytes, (guint)n);
      if (zero == NULL)
        return;
      end_packet (self);
      bytes += n + 1;
      size -= n + 1;
    }
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (FettleLinkSerial) self = g_object_ref (user_data);
  guint8 bytes[READ_SIZE];
  ssize_t size = read (fd, bytes, sizeof bytes);
  g_autoptr (GError) reason = NULL;

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (size > 0)
    {
      take_bytes (self, bytes, (gsize)size);
      return G_SOURCE_CONTINUE;
    }
  close_port (self);
  reason = g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                        "The board at %s was unplugged.", self->device);
  fettle_link_emit_lost (FETTLE_LINK (self), reason);
  return G_SOURCE_REMOVE;
}

/* --- sending --- */

static void
send_packet (FettleLinkSerial *self, const guint8 *bytes, gsize size)
{
  guint8 *encoded = g_malloc (FTA_COBS_BOUND (size) + 1);
  gsize n = fta_cobs_encode (bytes, size, encoded);
  g_autoptr (GBytes) packet = NULL;

  encoded[n++] = 0;
  packet = g_bytes_new_take (encoded, n);
  fettle_fd_writer_send (&self->writer, packet);
}

static void
fettle_link_serial_send (FettleLink *link, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize at = 0; at < size; at += MOST_PIECE)
    send_packet (FETTLE_LINK_SERIAL (link), data + at, MIN (size - at, MOST_PIECE));
}

static void
send_zeroes (FettleLinkSerial *self)
{
  static const guint8 zeroes[FLUSH_ZEROES] = { 0 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (zeroes, sizeof zeroes);

  fettle_fd_writer_send (&self->writer, bytes);
}

/* What was half sent ends here, and the frame that follows is read. ABORT is such a frame, which the agent
 * looks for between layers; HELLO, too, is read in any state. A break would need no more wires, but
 * debuggers' serial ports do not pass it on. */
static void
fettle_link_serial_interrupt (FettleLink *link, FettleInterrupt interrupt)
{
  FettleLinkSerial *self = FETTLE_LINK_SERIAL (link);

  fettle_fd_writer_drop (&self->writer);
  send_zeroes (self);
}

/* --- opening and closing --- */

GError *
fettle_link_serial_describe_error (const char *device, int errno_)
{
  if (errno_ == EACCES || errno_ == EPERM)
    return g_error_new (
        FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
        "You may not use %s; install Fettle's udev rule, or run “sudo usermod -aG "
        "dialout $USER” and log in again.",
        device);
  if (errno_ == EBUSY)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                        "Another program is using %s; close it and try again.", device);
  if (errno_ == ENOENT || errno_ == ENXIO || errno_ == ENODEV)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                        "There is no %s; plug the board in.", device);
  if (errno_ == ENOTTY)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                        "%s is not a serial port; choose another.", device);
  return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                      "%s cannot be opened: %s.", device, g_strerror (errno_));
}

/* Eight bits, no parity, one stop bit, no flow control, nothing translated. */
static gboolean
set_up_port (int fd, guint baud)
{
  struct termios2 mode;

  if (ioctl (fd, TIOCEXCL) < 0 || ioctl (fd, TCGETS2, &mode) < 0)
    return FALSE;
  mode.c_iflag = 0;
  mode.c_oflag = 0;
  mode.c_lflag = 0;
  mode.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | BOTHER << IBSHIFT;
  mode.c_ispeed = mode.c_ospeed = baud;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  return ioctl (fd, TCSETS2, &mode) == 0 && ioctl (fd, TCFLSH, TCIOFLUSH) == 0;
}

static gboolean
open_port (FettleLinkSerial *self, GError **error)
{
  int fd = open (self->device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 || !set_up_port (fd, self->baud))
    {
      g_propagate_error (error, fettle_link_serial_describe_error (self->device, errno));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  self->fd = self->writer.fd = fd;
  self->read_source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (self->read_source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->read_source, self->context);
  send_zeroes (self);
  return TRUE;
}

static void
fettle_link_serial_open_async (FettleLink *link, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FettleLinkSerial *self = FETTLE_LINK_SERIAL (link);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  if (self->was_opened)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                               "This connection was used before; make a new one.");
      return;
    }
  self->was_opened = TRUE;
  if (open_port (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
fettle_link_serial_open_finish (FettleLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fettle_link_serial_close (FettleLink *link)
{
  close_port (FETTLE_LINK_SERIAL (link));
}

static void
fettle_link_serial_finalize (GObject *object)
{
  FettleLinkSerial *self = FETTLE_LINK_SERIAL (object);

  close_port (self);
  g_free (self->device);
  g_byte_array_unref (self->packet);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (fettle_link_serial_parent_class)->finalize (object);
}

static void
fettle_link_serial_class_init (FettleLinkSerialClass *class)
{
  FettleLinkClass *link_class = FETTLE_LINK_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = fettle_link_serial_finalize;
  link_class->open_async = fettle_link_serial_open_async;
  link_class->open_finish = fettle_link_serial_open_finish;
  link_class->send = fettle_link_serial_send;
  link_class->interrupt = fettle_link_serial_interrupt;
  link_class->close = fettle_link_serial_close;
  link_class->loses_bytes = TRUE;
}

static void
fettle_link_serial_init (FettleLinkSerial *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->packet = g_byte_array_new ();
  self->fd = -1;
  fettle_fd_writer_init (&self->writer, self->context);
}

FettleLink *
fettle_link_serial_new (const char *device, guint baud)
{
  FettleLinkSerial *self;

  g_return_val_if_fail (device != NULL && baud > 0, NULL);
  self = g_object_new (FETTLE_TYPE_LINK_SERIAL, NULL);
  self->device = g_strdup (device);
  self->baud = baud;
  return FETTLE_LINK (self);
}
