/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-pipe.c: the transfers of one opened board. */
#include "profiler/usb-pipe.h"

#include "profiler/inbox.h"
#include "profiler/link.h"

#include <string.h>

/* Four of them cover what the kernel needs to wake this program; libusb splits at this size anyway. */
#define N_IN          4
#define TRANSFER_SIZE 16384
#define OUT_TIMEOUT   1000 /* ms */
/* A board that has never taken a byte is given up after so many timeouts. One that has taken some may
 * be in a long layer; how long it may be silent is the session's business. */
#define MOST_TIMEOUTS 3
/* In a row. Unplugging can look like a fault at first. */
#define MOST_FAULTS 3
/* Many times what a session has under way (PROTOCOL.md, window). */
#define MOST_WAITING (2 << 20)
/* Received and not yet looked at by the owner; then the board has to wait. */
#define MOST_UNREAD (1 << 20)

typedef enum
{
  STARTED,
  RECEIVED,
  LOST,
} EventKind;

/* What the event thread tells the owner. */
typedef struct
{
  EventKind kind;
  GBytes *bytes; /* RECEIVED */
  int status;    /* LOST; libusb's */
} Event;

typedef struct
{
  FettleUsbPipe *pipe;
  struct libusb_transfer *transfer;
  gboolean is_flying, is_held;
  guint8 bytes[TRANSFER_SIZE];
} InTransfer;

struct _FettleUsbPipe
{
  /* Of the owner. */
  FettleUsbDevice *device;
  FettleUsbPipeEvents events;
  gpointer user_data;

  /* Of both sides. */
  FettleInbox *to_owner;
  FettleUsbContext *context; /* the device or the event thread's hold keeps it */
  int n_waiting;             /* bytes to be sent; atomic */
  int n_unread;              /* bytes received, for the owner; atomic */

  /* Of the event thread. */
  libusb_device_handle *handle;
  InTransfer in[N_IN];
  struct libusb_transfer *out;
  guint8 out_bytes[TRANSFER_SIZE];
  gsize out_size;
  gboolean out_is_flying;
  GQueue outgoing;     /* GBytes */
  gsize outgoing_sent; /* of the first of them */
  guint n_flying;      /* transfers of all kinds */
  guint n_timeouts, n_faults;
  gboolean has_moved; /* the board has taken something */
  gboolean is_started, is_lost;
  gboolean is_closing; /* the owner has gone; what waits is still sent */
  gboolean is_ending;  /* nothing is submitted any more */
  gboolean finish_is_due;
  gint64 close_deadline;
};

static void end (FettleUsbPipe *self);
static void send_more (FettleUsbPipe *self);

static void
free_event (gpointer data)
{
  Event *event = data;

  g_clear_pointer (&event->bytes, g_bytes_unref);
  g_free (event);
}

static void
post (FettleUsbPipe *self, EventKind kind, GBytes *bytes, int status)
{
  Event *event = g_new (Event, 1);

  event->kind = kind;
  event->bytes = bytes;
  event->status = status;
  fettle_inbox_post (self->to_owner, event);
}

/* --- the end, on the event thread --- */

static void
finish (FettleUsbContext *context, gpointer data)
{
  FettleUsbPipe *self = data;

  self->finish_is_due = FALSE;
  if (self->handle != NULL)
    {
      /* At once also for a lost board: while its handle is open, libusb is told of it again and again. */
      libusb_release_interface (self->handle, FTA_USB_INTERFACE);
      libusb_close (g_steal_pointer (&self->handle));
      for (int i = 0; i < N_IN; i++)
        libusb_free_transfer (self->in[i].transfer);
      libusb_free_transfer (self->out);
    }
  if (!self->is_closing)
    return;
  fettle_usb_context_count_closing (context, -1);
  fettle_usb_context_release (context);
  fettle_inbox_unref (self->to_owner);
  g_free (self);
}

/* Not from a transfer's callback, which may not free its own transfer's handle. */
static void
finish_later (FettleUsbPipe *self)
{
  if (!self->is_ending || self->n_flying > 0 || self->finish_is_due)
    return;
  self->finish_is_due = TRUE;
  fettle_usb_context_run (self->context, finish, self);
}

static void
drop_outgoing (FettleUsbPipe *self)
{
  g_queue_clear_full (&self->outgoing, (GDestroyNotify)g_bytes_unref);
  self->outgoing_sent = self->out_size = 0;
}

static void
end (FettleUsbPipe *self)
{
  if (self->is_ending)
    return;
  self->is_ending = TRUE;
  drop_outgoing (self);
  for (int i = 0; i < N_IN; i++)
    if (self->in[i].is_flying)
      libusb_cancel_transfer (self->in[i].transfer);
  if (self->out_is_flying)
    libusb_cancel_transfer (self->out);
  finish_later (self);
}

/* STATUS is libusb's. */
static void
lose (FettleUsbPipe *self, int status)
{
  if (self->is_lost)
    return;
  self->is_lost = TRUE;
  post (self, LOST, NULL, status);
  end (self);
}

/* TRUE if a failed transfer may be tried again, whose status was not a board that is gone. */
static gboolean
may_repeat (FettleUsbPipe *self, enum libusb_transfer_status status)
{
  if (self->is_ending)
    return FALSE;
  if (status == LIBUSB_TRANSFER_NO_DEVICE)
    lose (self, LIBUSB_ERROR_NO_DEVICE);
  else if (++self->n_faults > MOST_FAULTS)
    lose (self, status == LIBUSB_TRANSFER_STALL ? LIBUSB_ERROR_PIPE : LIBUSB_ERROR_IO);
  return !self->is_ending;
}

/* --- receiving, on the event thread --- */

static void
submit_in (InTransfer *in)
{
  FettleUsbPipe *self = in->pipe;
  int status;

  if (self->is_ending)
    return;
  if (!self->is_closing && g_atomic_int_get (&self->n_unread) > MOST_UNREAD)
    {
      in->is_held = TRUE;
      return;
    }
  status = libusb_submit_transfer (in->transfer);
  if (status < 0)
    {
      lose (self, status);
      return;
    }
  in->is_flying = TRUE;
  self->n_flying++;
}

static void LIBUSB_CALL
on_in (struct libusb_transfer *transfer)
{
  InTransfer *in = transfer->user_data;
  FettleUsbPipe *self = in->pipe;

  in->is_flying = FALSE;
  self->n_flying--;
  if (transfer->status == LIBUSB_TRANSFER_COMPLETED)
    {
      self->n_faults = 0;
      /* No bytes are no end: the packet before was a full one. */
      if (transfer->actual_length > 0 && !self->is_closing && !self->is_lost)
        {
          gsize size = (gsize)transfer->actual_length;

          g_atomic_int_add (&self->n_unread, transfer->actual_length);
          post (self, RECEIVED, g_bytes_new (in->bytes, size), 0);
        }
      submit_in (in);
    }
  else if (may_repeat (self, transfer->status))
    submit_in (in);
  finish_later (self);
}

/* The owner has read what was there. */
static void
resume (FettleUsbContext *context, gpointer data)
{
  FettleUsbPipe *self = data;

  for (int i = 0; i < N_IN; i++)
    if (self->in[i].is_held)
      {
        self->in[i].is_held = FALSE;
        submit_in (&self->in[i]);
      }
}

/* --- sending, on the event thread --- */

/* Fills the buffer, whatever the boundaries of what was given to send. */
static void
gather (FettleUsbPipe *self)
{
  while (self->out_size < TRANSFER_SIZE && !g_queue_is_empty (&self->outgoing))
    {
      GBytes *bytes = g_queue_peek_head (&self->outgoing);
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      gsize n = MIN (size - self->outgoing_sent, TRANSFER_SIZE - self->out_size);

      memcpy (self->out_bytes + self->out_size, data + self->outgoing_sent, n);
      self->out_size += n;
      self->outgoing_sent += n;
      if (self->outgoing_sent == size)
        {
          g_bytes_unref (g_queue_pop_head (&self->outgoing));
          self->outgoing_sent = 0;
        }
    }
}

/* What the board has taken. After a timeout that may be a part; should libusb be mistaken about it,
 * the frames' checksums tell, and the session sends again. */
static void
remove_sent (FettleUsbPipe *self, gsize n)
{
  memmove (self->out_bytes, self->out_bytes + n, self->out_size - n);
  self->out_size -= n;
  g_atomic_int_add (&self->n_waiting, -(int)n);
  if (n > 0)
    self->has_moved = TRUE;
}

static void LIBUSB_CALL
on_out (struct libusb_transfer *transfer)
{
  FettleUsbPipe *self = transfer->user_data;

  self->out_is_flying = FALSE;
  self->n_flying--;
  if (self->is_ending)
    {
      finish_later (self);
      return;
    }
  remove_sent (self, MIN ((gsize)transfer->actual_length, self->out_size));
  if (transfer->status == LIBUSB_TRANSFER_COMPLETED)
    self->n_faults = 0;
  else if (transfer->status != LIBUSB_TRANSFER_TIMED_OUT)
    may_repeat (self, transfer->status);
  else if (self->is_closing)
    end (self);
  else if (!self->has_moved && ++self->n_timeouts == MOST_TIMEOUTS)
    lose (self, LIBUSB_ERROR_TIMEOUT);
  send_more (self);
  finish_later (self);
}

static void
send_more (FettleUsbPipe *self)
{
  int status;

  if (self->is_ending || self->out_is_flying || !self->is_started)
    return;
  gather (self);
  if (self->is_closing
      && (self->out_size == 0 || g_get_monotonic_time () > self->close_deadline))
    {
      end (self);
      return;
    }
  if (self->out_size == 0)
    return;
  self->out->length = (int)self->out_size;
  status = libusb_submit_transfer (self->out);
  if (status < 0)
    {
      lose (self, status);
      return;
    }
  self->out_is_flying = TRUE;
  self->n_flying++;
}

/* --- requests, on the event thread --- */

static void
note_start (FettleUsbPipe *self)
{
  self->is_started = TRUE;
  post (self, STARTED, NULL, 0);
  for (int i = 0; i < N_IN; i++)
    submit_in (&self->in[i]);
  send_more (self);
}

static void LIBUSB_CALL
on_request (struct libusb_transfer *transfer)
{
  FettleUsbPipe *self = transfer->user_data;

  self->n_flying--;
  if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
    lose (self, LIBUSB_ERROR_NO_DEVICE);
  else if (self->is_closing && !self->is_started)
    end (self);
  else if (!self->is_started && !self->is_ending)
    {
      /* A refusal is an answer too. */
      if (transfer->status == LIBUSB_TRANSFER_COMPLETED
          || transfer->status == LIBUSB_TRANSFER_STALL)
        note_start (self);
      else
        lose (self, transfer->status == LIBUSB_TRANSFER_TIMED_OUT ? LIBUSB_ERROR_TIMEOUT
                                                                  : LIBUSB_ERROR_IO);
    }
  libusb_free_transfer (transfer);
  finish_later (self);
}

static void
request (FettleUsbPipe *self, enum fta_usb_request number)
{
  struct libusb_transfer *transfer = libusb_alloc_transfer (0);
  guint8 *setup = g_malloc (LIBUSB_CONTROL_SETUP_SIZE);
  int status;

  libusb_fill_control_setup (setup, FTA_USB_REQUEST_TYPE, (guint8)number, 0,
                             FTA_USB_INTERFACE, 0);
  libusb_fill_control_transfer (transfer, self->handle, setup, on_request, self,
                                OUT_TIMEOUT);
  /* libusb frees it with free(), which is g_free. */
  transfer->flags = LIBUSB_TRANSFER_FREE_BUFFER;
  status = libusb_submit_transfer (transfer);
  if (status == 0)
    {
      self->n_flying++;
      return;
    }
  libusb_free_transfer (transfer);
  lose (self, status);
}

/* --- jobs --- */

typedef struct
{
  FettleUsbPipe *pipe;
  GBytes *bytes; /* to send; NULL: a request */
  enum fta_usb_request number;
} Order;

static void
run_order (FettleUsbContext *context, gpointer data)
{
  g_autofree Order *order = data;
  FettleUsbPipe *self = order->pipe;

  if (order->bytes == NULL && !self->is_ending)
    request (self, order->number);
  else if (order->bytes != NULL && !self->is_ending)
    {
      g_queue_push_tail (&self->outgoing, g_steal_pointer (&order->bytes));
      send_more (self);
    }
  g_clear_pointer (&order->bytes, g_bytes_unref);
}

static void
start (FettleUsbContext *context, gpointer data)
{
  FettleUsbPipe *self = data;

  fettle_usb_context_hold (context);
  for (int i = 0; i < N_IN; i++)
    {
      InTransfer *in = &self->in[i];

      in->pipe = self;
      in->transfer = libusb_alloc_transfer (0);
      libusb_fill_bulk_transfer (in->transfer, self->handle, FTA_USB_ENDPOINT_IN,
                                 in->bytes, TRANSFER_SIZE, on_in, in, 0);
    }
  self->out = libusb_alloc_transfer (0);
  libusb_fill_bulk_transfer (self->out, self->handle, FTA_USB_ENDPOINT_OUT,
                             self->out_bytes, 0, on_out, self, OUT_TIMEOUT);
  /* What an earlier session left behind must not be taken for this one's. */
  request (self, FTA_USB_REQUEST_RESET);
}

static void
close_pipe (FettleUsbContext *context, gpointer data)
{
  FettleUsbPipe *self = data;

  self->is_closing = TRUE;
  self->close_deadline = g_get_monotonic_time () + G_TIME_SPAN_SECOND;
  if (!self->is_started)
    end (self);
  /* A board that waits to be read would not take what is still to be sent. */
  resume (context, self);
  send_more (self);
  /* It had ended already. */
  if (self->handle == NULL)
    finish (context, self);
}

/* --- the owner --- */

static void
deliver (gpointer item, gpointer user_data)
{
  Event *event = item;
  FettleUsbPipe *self = user_data;
  g_autoptr (GError) reason = NULL;

  /* Each may close the pipe, so it comes last. */
  if (event->kind == LOST)
    {
      reason = fettle_usb_device_describe (self->device, event->status);
      self->events.lost (self->user_data, reason);
    }
  else if (event->kind == STARTED)
    self->events.started (self->user_data);
  else
    {
      int size = (int)g_bytes_get_size (event->bytes);
      int unread = g_atomic_int_add (&self->n_unread, -size);

      if (unread > MOST_UNREAD && unread - size <= MOST_UNREAD)
        fettle_usb_context_run (self->context, resume, self);
      self->events.received (self->user_data, event->bytes);
    }
  free_event (event);
}

FettleUsbPipe *
fettle_usb_pipe_new (FettleUsbDevice *device, libusb_device_handle *handle,
                     GMainContext *context, const FettleUsbPipeEvents *events,
                     gpointer user_data)
{
  FettleUsbPipe *self = g_new0 (FettleUsbPipe, 1);

  self->device = fettle_usb_device_ref (device);
  self->context = fettle_usb_device_get_context (device);
  self->events = *events;
  self->user_data = user_data;
  self->handle = handle;
  g_queue_init (&self->outgoing);
  self->to_owner = fettle_inbox_new (context, deliver, free_event, self);
  /* The event thread's; finish drops it. */
  fettle_inbox_ref (self->to_owner);
  fettle_usb_context_run (self->context, start, self);
  return self;
}

static void
give_order (FettleUsbPipe *self, GBytes *bytes, enum fta_usb_request number)
{
  Order *order = g_new (Order, 1);

  order->pipe = self;
  order->bytes = bytes;
  order->number = number;
  fettle_usb_context_run (self->context, run_order, order);
}

gboolean
fettle_usb_pipe_send (FettleUsbPipe *self, GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if ((gsize)g_atomic_int_get (&self->n_waiting) + size > MOST_WAITING)
    return FALSE;
  if (size == 0)
    return TRUE;
  g_atomic_int_add (&self->n_waiting, (int)size);
  give_order (self, g_bytes_ref (bytes), 0);
  return TRUE;
}

void
fettle_usb_pipe_request (FettleUsbPipe *self, enum fta_usb_request number)
{
  give_order (self, NULL, number);
}

void
fettle_usb_pipe_close (FettleUsbPipe *self)
{
  FettleUsbDevice *device = self->device;

  fettle_inbox_close (self->to_owner);
  fettle_usb_context_count_closing (self->context, 1);
  fettle_usb_context_run (self->context, close_pipe, self);
  fettle_usb_device_unref (device);
}
