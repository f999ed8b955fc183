/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-usb.c: a link to the agent on a USB board, through libusb. */
#include "profiler/link-usb.h"

#include "profiler/usb-pipe.h"

/* udev applies its rules some milliseconds after a device has arrived. */
#define PERMISSION_WAIT G_TIME_SPAN_SECOND
/* A connection of this program that is just being closed; longer than that may take. */
#define CLOSING_WAIT (3 * G_TIME_SPAN_SECOND)
#define RETRY_WAIT   (20 * G_TIME_SPAN_MILLISECOND)

struct _FettleLinkUsb
{
  FettleLink parent_instance;

  GMainContext *context;
  FettleUsbDevice *device;
  FettleUsbPipe *pipe; /* NULL: not open yet, or closed */
  GTask *opening;
  int is_closed; /* atomic */
};

G_DEFINE_TYPE (FettleLinkUsb, fettle_link_usb, FETTLE_TYPE_LINK)

/* --- opening, in a thread: a board that wakes up or is just being reset holds up its callers --- */

static void
close_handle (gpointer handle)
{
  libusb_release_interface (handle, FTA_USB_INTERFACE);
  libusb_close (handle);
}

static void
close_handle_later (FettleUsbContext *context, gpointer handle)
{
  close_handle (handle);
}

/* Ends a halt that was left behind, and both sides agree on the next packet. */
static int
clear_halt (libusb_device_handle *handle, guint8 endpoint)
{
  int status = libusb_clear_halt (handle, endpoint);

  /* libusb has no word for the kernel's ETIMEDOUT here. */
  return status == LIBUSB_ERROR_OTHER ? LIBUSB_ERROR_TIMEOUT : status;
}

static int
open_and_claim (FettleUsbDevice *device, libusb_device_handle **handle)
{
  int status;

  if (!fettle_usb_device_is_permitted (device))
    return LIBUSB_ERROR_ACCESS;
  status = libusb_open (fettle_usb_device_get_libusb (device), handle);
  if (status < 0)
    return status;
  status = libusb_claim_interface (*handle, FTA_USB_INTERFACE);
  if (status < 0)
    {
      libusb_close (*handle);
      return status;
    }
  status = clear_halt (*handle, FTA_USB_ENDPOINT_IN);
  if (status == 0)
    status = clear_halt (*handle, FTA_USB_ENDPOINT_OUT);
  if (status < 0)
    close_handle (*handle);
  return status;
}

static gboolean
is_worth_waiting (FettleLinkUsb *self, int status, gint64 waited)
{
  if (status == LIBUSB_ERROR_ACCESS)
    return waited < PERMISSION_WAIT;
  return status == LIBUSB_ERROR_BUSY && waited < CLOSING_WAIT
         && fettle_usb_context_is_closing (fettle_usb_device_get_context (self->device));
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (source);
  gint64 begin = g_get_monotonic_time ();
  libusb_device_handle *handle;
  int status;

  for (;;)
    {
      status = open_and_claim (self->device, &handle);
      if (!is_worth_waiting (self, status, g_get_monotonic_time () - begin)
          || g_cancellable_is_cancelled (cancellable)
          || g_atomic_int_get (&self->is_closed))
        break;
      g_usleep (RETRY_WAIT);
    }
  if (status == 0)
    g_task_return_pointer (task, handle, close_handle);
  else
    g_task_return_error (task, fettle_usb_device_describe (self->device, status));
}

/* --- events --- */

static void
drop_pipe (FettleLinkUsb *self)
{
  FettleUsbPipe *pipe = g_steal_pointer (&self->pipe);

  if (pipe != NULL)
    fettle_usb_pipe_close (pipe);
}

static void
on_started (gpointer user_data)
{
  FettleLinkUsb *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  g_task_return_boolean (task, TRUE);
}

static void
on_received (gpointer user_data, GBytes *bytes)
{
  g_autoptr (FettleLink) self = g_object_ref (user_data);

  fettle_link_emit_received (self, bytes);
}

static void
on_lost (gpointer user_data, const GError *reason)
{
  g_autoptr (FettleLinkUsb) self = g_object_ref (user_data);
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  drop_pipe (self);
  if (task != NULL)
    g_task_return_error (task, g_error_copy (reason));
  else
    fettle_link_emit_lost (FETTLE_LINK (self), reason);
}

static const FettleUsbPipeEvents events = {
  .started = on_started,
  .received = on_received,
  .lost = on_lost,
};

/* --- the link --- */

static void
return_closed (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                           "The connection to the board was closed.");
}

static void
on_claimed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (object);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  libusb_device_handle *handle = g_task_propagate_pointer (G_TASK (result), &error);

  if (handle == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->is_closed)
    {
      fettle_usb_context_run (fettle_usb_device_get_context (self->device),
                              close_handle_later, handle);
      return_closed (task);
      return;
    }
  self->opening = g_steal_pointer (&task);
  self->pipe = fettle_usb_pipe_new (self->device, handle, self->context, &events, self);
}

static void
fettle_link_usb_open_async (FettleLink *link, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (link, cancellable, callback, user_data);
  g_autoptr (GTask) claim = g_task_new (link, cancellable, on_claimed, task);

  g_task_run_in_thread (claim, open_in_thread);
}

static gboolean
fettle_link_usb_open_finish (FettleLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fettle_link_usb_send (FettleLink *link, GBytes *bytes)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (link);
  g_autoptr (GError) reason = NULL;

  if (self->pipe == NULL || fettle_usb_pipe_send (self->pipe, bytes))
    return;
  reason = fettle_usb_device_describe (self->device, LIBUSB_ERROR_TIMEOUT);
  drop_pipe (self);
  fettle_link_emit_lost (link, reason);
}

static void
fettle_link_usb_interrupt (FettleLink *link, FettleInterrupt interrupt)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (link);

  if (self->pipe != NULL)
    fettle_usb_pipe_request (self->pipe, interrupt == FETTLE_INTERRUPT_ABORT
                                             ? FTA_USB_REQUEST_ABORT
                                             : FTA_USB_REQUEST_RESET);
}

static void
fettle_link_usb_close (FettleLink *link)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (link);
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  g_atomic_int_set (&self->is_closed, TRUE);
  drop_pipe (self);
  if (task != NULL)
    return_closed (task);
}

static void
fettle_link_usb_finalize (GObject *object)
{
  FettleLinkUsb *self = FETTLE_LINK_USB (object);

  drop_pipe (self);
  fettle_usb_device_unref (self->device);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (fettle_link_usb_parent_class)->finalize (object);
}

static void
fettle_link_usb_class_init (FettleLinkUsbClass *class)
{
  FettleLinkClass *link_class = FETTLE_LINK_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = fettle_link_usb_finalize;
  link_class->open_async = fettle_link_usb_open_async;
  link_class->open_finish = fettle_link_usb_open_finish;
  link_class->send = fettle_link_usb_send;
  link_class->interrupt = fettle_link_usb_interrupt;
  link_class->close = fettle_link_usb_close;
}

static void
fettle_link_usb_init (FettleLinkUsb *self)
{
  self->context = g_main_context_ref_thread_default ();
}

FettleLink *
fettle_link_usb_new (FettleUsbDevice *device)
{
  FettleLinkUsb *self = g_object_new (FETTLE_TYPE_LINK_USB, NULL);

  self->device = fettle_usb_device_ref (device);
  return FETTLE_LINK (self);
}
