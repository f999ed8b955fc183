/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-echo.c: a USB device with Fettle's interface that sends back what it gets, or misbehaves. */
#include "mock-echo.h"

#include "target-agent/usb/identity.h"

#include <errno.h>
#include <string.h>

/* Like a device of little memory: what is not fetched keeps it from taking more. */
#define CAPACITY 8192

struct _MockEcho
{
  GMutex lock;
  MockEchoFaults faults;
  guint8 bytes[CAPACITY];
  int size;
  guint32 random;
  gboolean empty_sent;
  guint n_requests[256], n_cleared_halts, n_empties;
};

static int
take_control (gpointer user, const guint8 *setup, guint8 *data)
{
  MockEcho *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (setup[0] == 0x02 && setup[1] == 1) /* CLEAR_FEATURE of an endpoint */
    {
      self->n_cleared_halts++;
      return 0;
    }
  if (self->faults.refuses_requests || setup[0] != FTA_USB_REQUEST_TYPE)
    return -EPIPE;
  self->n_requests[setup[1]]++;
  if (setup[1] == FTA_USB_REQUEST_RESET)
    self->size = 0;
  return 0;
}

static int
take_out (gpointer user, const guint8 *bytes, int size)
{
  MockEcho *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int n = MIN (size, CAPACITY - self->size);

  if (self->faults.stalls_out > 0)
    {
      self->faults.stalls_out--;
      return -EPIPE;
    }
  if (self->faults.takes_nothing)
    return 0;
  if (self->faults.takes_most > 0)
    {
      n = MIN (n, (int)self->faults.takes_most);
      self->faults.takes_nothing = TRUE;
    }
  if (n > 0)
    memcpy (self->bytes + self->size, bytes, (gsize)n);
  self->size += n;
  return n;
}

static int
give_in (gpointer user, guint8 *bytes, int capacity)
{
  MockEcho *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int n;

  if (self->faults.stalls_in > 0)
    {
      self->faults.stalls_in--;
      return -EPIPE;
    }
  if (self->faults.sends_nothing || self->size == 0)
    return -EAGAIN;
  if (self->faults.sends_empties && !self->empty_sent)
    {
      self->empty_sent = TRUE;
      self->n_empties++;
      return 0;
    }
  self->empty_sent = FALSE;
  self->random = self->random * 1664525u + 1013904223u;
  n = MIN (1 + (int)(self->random >> 8) % capacity, self->size);
  memcpy (bytes, self->bytes, (gsize)n);
  memmove (self->bytes, self->bytes + n, (gsize)(self->size - n));
  self->size -= n;
  return n;
}

MockEcho *
mock_echo_new (void)
{
  MockEcho *self = g_new0 (MockEcho, 1);

  g_mutex_init (&self->lock);
  return self;
}

void
mock_echo_free (MockEcho *self)
{
  g_mutex_clear (&self->lock);
  g_free (self);
}

MockUsbFunction
mock_echo_get_function (MockEcho *self)
{
  return (MockUsbFunction){
    .control = take_control, .out = take_out, .in = give_in, .user = self
  };
}

void
mock_echo_set_faults (MockEcho *self, const MockEchoFaults *faults)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->faults = *faults;
}

guint
mock_echo_count_requests (MockEcho *self, guint8 number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_requests[number];
}

guint
mock_echo_count_cleared_halts (MockEcho *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_cleared_halts;
}

guint
mock_echo_count_empties (MockEcho *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_empties;
}

guint
mock_echo_count_held (MockEcho *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return (guint)self->size;
}

MockUsbDescription
mock_echo_describe_other (guint16 vendor, guint16 product, guint8 subclass,
                          guint8 protocol)
{
  /* clang-format off */
  static guint8 descriptors[] = {
    18, 1, 0x01, 0x02, 0xff, 0, 0, 64, 0, 0, 0, 0, 0, 1, 1, 2, 3, 1,
    9, 2, 32, 0, 1, 1, 0, 0x80, 50,
    9, 4, 0, 0, 2, FTA_USB_CLASS, 0, 0, 0,
    7, 5, FTA_USB_ENDPOINT_OUT, 2, 0x00, 0x02, 0,
    7, 5, FTA_USB_ENDPOINT_IN, 2, 0x00, 0x02, 0,
  };
  /* clang-format on */
  guint8 *interface = descriptors + 18 + 9;

  descriptors[8] = (guint8)vendor;
  descriptors[9] = (guint8)(vendor >> 8);
  descriptors[10] = (guint8)product;
  descriptors[11] = (guint8)(product >> 8);
  interface[6] = subclass;
  interface[7] = protocol;
  return (MockUsbDescription){
    .vendor = vendor,
    .product = product,
    .name = "Echo",
    .descriptors = descriptors,
    .descriptors_size = sizeof descriptors,
  };
}

MockUsbDescription
mock_echo_describe (const char *serial)
{
  MockUsbDescription description =
      mock_echo_describe_other (0x1209, 0x0001, FTA_USB_SUBCLASS, FTA_USB_PROTOCOL);

  description.serial = serial;
  return description;
}
