/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-agent.c: a USB board with the project's own agent and device core, in a thread of this process.
 *
 * The agent's thread runs what firmware runs. The controller below its device core is made of what is
 * under the lock here: umockdev's thread puts packets in and takes packets out, the agent's thread looks when
 * the core polls. */
#include "mock-agent.h"

#include "target-agent/usb/agent-port.h"

#include <errno.h>
#include <string.h>

#define PACKET           FTA_USB_HIGH_SPEED_PACKET
#define SETUP_SIZE       8
#define IDLE_WAIT        (5 * G_TIME_SPAN_MILLISECOND)
#define IMAGE_SIZE       (1u << 20)
#define ARENA_SIZE       (1u << 20)
#define PAYLOAD          4096u
#define WINDOW           16384u
#define RECORDS          1024u
#define TEST_VENDOR      0x1209
#define TEST_PRODUCT     0x0001
#define GREATEST_IN      65536
#define DESCRIPTORS_MOST 64

typedef enum
{
  CONTROL_NONE,
  CONTROL_ASKED,
  CONTROL_SERVED, /* by the core; the stages follow */
  CONTROL_ANSWERED,
  CONTROL_STALLED,
} ControlState;

struct _MockAgent
{
  MockUsbBus *bus;
  MockUsbDevice *plugged;
  char *serial;
  GThread *thread;

  /* The agent's thread. */
  fta_usb_device device;
  fta_agent agent;
  fta_memory memory;
  gboolean polls; /* and has the lock */

  GMutex lock; /* of what follows */
  GCond changed;
  gboolean ends, is_stuck;
  gboolean reset_due, disconnect_due;

  ControlState control_state;
  guint8 setup[SETUP_SIZE];
  guint8 answer[512];
  gsize answer_size;
  gboolean control_written_due, control_received_due;

  guint8 *out_packet; /* where the core wants the next one; NULL: NAK */
  guint8 out_bytes[PACKET];
  int out_size; /* -1: none has come */
  gboolean out_stalled;

  guint8 in_bytes[GREATEST_IN]; /* of the transfer being collected */
  gsize in_size;
  gboolean in_is_over; /* its last packet was not a full one */
  gboolean in_stalled, in_written_due;
};

/* --- the controller, as the core sees it --- */

/* The core calls the controller while it polls and, to move bytes, while it does not. */
static gboolean
enter (MockAgent *self)
{
  if (!self->polls)
    g_mutex_lock (&self->lock);
  return !self->polls;
}

static void
leave (MockAgent *self, gboolean entered)
{
  if (entered)
    g_mutex_unlock (&self->lock);
}

static void
port_connect (void *user, bool on)
{
}

static void
port_set_address (void *user, uint8_t address)
{
}

static void
forget_endpoint (MockAgent *self, guint8 endpoint)
{
  if (endpoint == FTA_USB_ENDPOINT_IN)
    {
      self->in_size = 0;
      self->in_is_over = self->in_written_due = FALSE;
      return;
    }
  self->out_packet = NULL;
  self->out_size = -1;
}

static void
port_open (void *user, uint8_t endpoint, uint16_t size)
{
  MockAgent *self = user;
  gboolean entered = enter (self);

  forget_endpoint (self, endpoint);
  if (endpoint == FTA_USB_ENDPOINT_IN)
    self->in_stalled = FALSE;
  else
    self->out_stalled = FALSE;
  leave (self, entered);
}

static void
port_flush (void *user, uint8_t endpoint)
{
  gboolean entered = enter (user);

  forget_endpoint (user, endpoint);
  leave (user, entered);
}

static void
write_control (MockAgent *self, const uint8_t *bytes, size_t size)
{
  guint wanted = (guint)(self->setup[6] | self->setup[7] << 8);

  self->control_written_due = TRUE;
  if (size > 0)
    memcpy (self->answer + self->answer_size, bytes, size);
  self->answer_size += size;
  /* The status stage, or the end of the data. */
  if (size < FTA_USB_CONTROL_PACKET || self->answer_size >= wanted)
    self->control_state = CONTROL_ANSWERED;
}

static void
write_bulk (MockAgent *self, const uint8_t *bytes, size_t size)
{
  g_assert_cmpuint (self->in_size + size, <=, GREATEST_IN);
  if (size > 0)
    memcpy (self->in_bytes + self->in_size, bytes, size);
  self->in_size += size;
  self->in_is_over = size % PACKET != 0 || size == 0;
  self->in_written_due = TRUE;
}

static void
port_write (void *user, uint8_t endpoint, const uint8_t *bytes, size_t size)
{
  gboolean entered = enter (user);

  if (endpoint == 0)
    write_control (user, bytes, size);
  else
    write_bulk (user, bytes, size);
  leave (user, entered);
}

static void
port_receive (void *user, uint8_t endpoint, uint8_t *packet)
{
  MockAgent *self = user;
  gboolean entered = enter (self);

  if (endpoint == 0)
    self->control_received_due = TRUE; /* a host confirms at once */
  else
    self->out_packet = packet;
  leave (self, entered);
}

static void
port_stall (void *user, uint8_t endpoint)
{
  MockAgent *self = user;
  gboolean entered = enter (self);

  if (endpoint == 0)
    self->control_state = CONTROL_STALLED;
  else if (endpoint == FTA_USB_ENDPOINT_IN)
    self->in_stalled = TRUE;
  else
    self->out_stalled = TRUE;
  leave (self, entered);
}

static gboolean
report_packets (MockAgent *self)
{
  guint8 *packet = self->out_packet;
  int size = self->out_size;

  if (packet != NULL && size >= 0)
    {
      memcpy (packet, self->out_bytes, (gsize)size);
      self->out_packet = NULL;
      self->out_size = -1;
      fta_usb_received (&self->device, FTA_USB_ENDPOINT_OUT, (size_t)size);
      return TRUE;
    }
  /* The host has taken it, or may take more packets into the same transfer. */
  if (self->in_written_due && (self->in_size == 0 || !self->in_is_over))
    {
      self->in_written_due = FALSE;
      fta_usb_written (&self->device, FTA_USB_ENDPOINT_IN);
      return TRUE;
    }
  return FALSE;
}

static gboolean
report_control (MockAgent *self)
{
  if (self->control_state == CONTROL_ASKED)
    {
      self->control_state = CONTROL_SERVED;
      self->answer_size = 0;
      self->control_written_due = self->control_received_due = FALSE;
      fta_usb_setup (&self->device, self->setup);
      return TRUE;
    }
  if (self->control_written_due)
    {
      self->control_written_due = FALSE;
      fta_usb_written (&self->device, 0);
      return TRUE;
    }
  if (!self->control_received_due)
    return FALSE;
  self->control_received_due = FALSE;
  fta_usb_received (&self->device, 0, 0);
  return TRUE;
}

/* TRUE if there was something to report. */
static gboolean
report (MockAgent *self)
{
  if (self->disconnect_due)
    {
      self->disconnect_due = FALSE;
      fta_usb_disconnected (&self->device);
      return TRUE;
    }
  if (self->reset_due)
    {
      self->reset_due = FALSE;
      fta_usb_bus_reset (&self->device, FTA_USB_HIGH_SPEED);
      return TRUE;
    }
  return report_control (self) || report_packets (self);
}

static void
port_poll (void *user, bool may_wait)
{
  MockAgent *self = user;
  gboolean any = FALSE;

  g_mutex_lock (&self->lock);
  self->polls = TRUE;
  while (self->is_stuck && !self->ends)
    g_cond_wait (&self->changed, &self->lock);
  while (report (self))
    any = TRUE;
  if (!any && may_wait && !self->ends)
    g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + IDLE_WAIT);
  while (report (self))
    ;
  self->polls = FALSE;
  g_mutex_unlock (&self->lock);
}

/* --- the controller, as the host sees it --- */

static int
host_control (gpointer user, const guint8 *setup, guint8 *data)
{
  MockAgent *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint wanted = (guint)(setup[6] | setup[7] << 8);

  /* A new one ends the one before. */
  if (self->control_state == CONTROL_NONE || memcmp (self->setup, setup, SETUP_SIZE) != 0)
    {
      memcpy (self->setup, setup, SETUP_SIZE);
      self->control_state = CONTROL_ASKED;
      g_cond_broadcast (&self->changed);
      return -EAGAIN;
    }
  if (self->control_state == CONTROL_ASKED || self->control_state == CONTROL_SERVED)
    return -EAGAIN;
  if (self->control_state == CONTROL_STALLED)
    {
      self->control_state = CONTROL_NONE;
      return -EPIPE;
    }
  self->control_state = CONTROL_NONE;
  g_assert_cmpuint (self->answer_size, <=, wanted);
  if (self->answer_size > 0)
    memcpy (data, self->answer, self->answer_size);
  return (int)self->answer_size;
}

static int
host_out (gpointer user, const guint8 *bytes, int size)
{
  MockAgent *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int n = MIN (size, PACKET);

  if (self->out_stalled)
    return -EPIPE;
  if (self->out_packet == NULL || self->out_size >= 0)
    return 0;
  memcpy (self->out_bytes, bytes, (gsize)n);
  self->out_size = n;
  g_cond_broadcast (&self->changed);
  return n;
}

static int
host_in (gpointer user, guint8 *bytes, int capacity)
{
  MockAgent *self = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize n = MIN (self->in_size, (gsize)capacity);

  if (self->in_stalled)
    return -EPIPE;
  if (!self->in_is_over && self->in_size < (gsize)capacity)
    return -EAGAIN;
  memcpy (bytes, self->in_bytes, n);
  memmove (self->in_bytes, self->in_bytes + n, self->in_size - n);
  self->in_size -= n;
  if (self->in_size == 0)
    self->in_is_over = FALSE;
  g_cond_broadcast (&self->changed);
  return (int)n;
}

/* --- the agent --- */

static uint64_t
nanoseconds (void *user)
{
  return (uint64_t)g_get_monotonic_time () * 1000u;
}

static uint32_t
milliseconds (void *user)
{
  return (uint32_t)(g_get_monotonic_time () / 1000);
}

static gpointer
run_agent (gpointer data)
{
  MockAgent *self = data;
  gboolean ends = FALSE;

  while (!ends)
    {
      fta_agent_poll (&self->agent);
      g_mutex_lock (&self->lock);
      ends = self->ends;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static void
make_memory (MockAgent *self)
{
  self->memory = (fta_memory){
    .image = g_aligned_alloc (1, IMAGE_SIZE, FRT_ALIGNMENT),
    .image_size = IMAGE_SIZE,
    .arena = g_aligned_alloc (1, ARENA_SIZE, FRT_ALIGNMENT),
    .arena_size = ARENA_SIZE,
    .receive = g_malloc (PAYLOAD + FTA_FRAME_OVERHEAD),
    .receive_size = PAYLOAD + FTA_FRAME_OVERHEAD,
    .transmit = g_malloc (PAYLOAD + FTA_FRAME_OVERHEAD),
    .transmit_size = PAYLOAD + FTA_FRAME_OVERHEAD,
    .records = g_new (fta_record, RECORDS),
    .record_capacity = RECORDS,
    .window = WINDOW,
  };
}

static void
make_firmware (MockAgent *self)
{
  const fta_usb_identity usb_identity = {
    .vendor = TEST_VENDOR,
    .product = TEST_PRODUCT,
    .release = 0x0100,
    .manufacturer = "Fettle",
    .name = "Mock board",
    .serial = self->serial,
    .high_speed = true,
  };
  const fta_identity identity = {
    .board = "mock",
    .core = "desktop",
    .unique_id = self->serial,
    .kernels = "portable",
    .source = FTA_SOURCE_CLOCK,
    .unit = FTA_UNIT_NANOSECONDS,
    .unit_icount = FTA_UNIT_NANOSECONDS,
    .numerator = 1,
    .denominator = 1,
  };
  const fta_usb_port controller = {
    .connect = port_connect,
    .set_address = port_set_address,
    .open = port_open,
    .flush = port_flush,
    .write = port_write,
    .receive = port_receive,
    .stall = port_stall,
    .poll = port_poll,
    .user = self,
  };
  fta_port port = { .ticks = nanoseconds, .milliseconds = milliseconds };

  make_memory (self);
  self->out_size = -1;
  fta_usb_init (&self->device, &controller, &usb_identity);
  fta_usb_agent_port (&port, &self->device);
  fta_agent_init (&self->agent, &port, &identity, &self->memory);
}

/* --- what a kernel does first --- */

static gsize
ask (MockAgent *self, guint type, guint code, guint value, guint8 *data, guint size)
{
  const guint8 setup[SETUP_SIZE] = {
    (guint8)type,         (guint8)code,       (guint8)value, (guint8)(value >> 8), 0, 0,
    (guint8)(size & 255), (guint8)(size >> 8)
  };
  int n;

  while ((n = host_control (self, setup, data)) == -EAGAIN)
    g_usleep (100);
  g_assert_cmpint (n, >=, 0);
  return (gsize)n;
}

static char *
read_string (MockAgent *self, guint index)
{
  guint8 bytes[255];
  gsize size = ask (self, 0x80, 6, 3 << 8 | index, bytes, sizeof bytes);

  g_assert_cmpuint (size, ==, bytes[0]);
  return g_convert ((const char *)bytes + 2, (gssize)size - 2, "UTF-8", "UTF-16LE", NULL,
                    NULL, NULL);
}

static void
enumerate (MockAgent *self, guint port)
{
  guint8 descriptors[DESCRIPTORS_MOST];
  g_autofree char *name = NULL, *serial = NULL;
  MockUsbDescription description = { .descriptors = descriptors };
  const MockUsbFunction function = {
    .control = host_control, .out = host_out, .in = host_in, .user = self
  };
  gsize size;

  g_mutex_lock (&self->lock);
  self->reset_due = TRUE;
  g_mutex_unlock (&self->lock);
  size = ask (self, 0x80, 6, 1 << 8, descriptors, 18);
  ask (self, 0x00, 5, 5, NULL, 0);
  size += ask (self, 0x80, 6, 2 << 8, descriptors + size, DESCRIPTORS_MOST - 18);
  name = read_string (self, descriptors[15]);
  serial = read_string (self, descriptors[16]);
  ask (self, 0x00, 9, descriptors[18 + 5], NULL, 0);
  description.vendor = (guint16)(descriptors[8] | descriptors[9] << 8);
  description.product = (guint16)(descriptors[10] | descriptors[11] << 8);
  description.name = name;
  description.serial = serial;
  description.descriptors_size = size;
  self->plugged = mock_usb_plug (self->bus, port, &description, &function);
}

MockAgent *
mock_agent_plug (MockUsbBus *bus, guint port, const char *serial)
{
  MockAgent *self = g_new0 (MockAgent, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->bus = bus;
  self->serial = g_strdup (serial);
  make_firmware (self);
  self->thread = g_thread_new ("agent", run_agent, self);
  enumerate (self, port);
  return self;
}

void
mock_agent_unplug (MockAgent *self)
{
  mock_usb_unplug (g_steal_pointer (&self->plugged));
  g_mutex_lock (&self->lock);
  self->disconnect_due = TRUE;
  self->control_state = CONTROL_NONE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
mock_agent_replug (MockAgent *self, guint port)
{
  enumerate (self, port);
}

MockUsbDevice *
mock_agent_get_device (MockAgent *self)
{
  return self->plugged;
}

void
mock_agent_set_stuck (MockAgent *self, gboolean stuck)
{
  g_mutex_lock (&self->lock);
  self->is_stuck = stuck;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
mock_agent_free (MockAgent *self)
{
  if (self->plugged != NULL)
    mock_agent_unplug (self);
  g_mutex_lock (&self->lock);
  self->ends = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_aligned_free (self->memory.image);
  g_aligned_free (self->memory.arena);
  g_free (self->memory.receive);
  g_free (self->memory.transmit);
  g_free (self->memory.records);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->serial);
  g_free (self);
}
