/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-usb.c: USB devices in /sys and /dev as umockdev fakes them, for libusb as it is.
 *
 * Three rules that are easy to miss: the ioctl handler is attached before the device is added, since
 * libusb may open the node at once; the line "N:" makes the node; and after unplugging, pending URBs
 * are handed back one by one before ENODEV, or libusb would never end its transfers. */
#include "mock-usb.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

/* poll() finds the node always ready, so libusb asks for results all the time. An empty answer is
 * given after a while, to leave the processor to others. */
#define EMPTY_ANSWER_DELAY 1  /* ms */
#define FIRST_ADDRESS      2  /* after the root hub */
#define LAST_ADDRESS       40 /* then anew; umockdev keeps a socket for each */
#define SETUP_SIZE         8

struct _MockUsbBus
{
  UMockdevTestbed *testbed;
  guint next_address;
  GHashTable *nodes; /* of /dev, by path; each with its handler */
};

typedef struct
{
  UMockdevIoctlData *urb;    /* struct usbdevfs_urb, in libusb's memory */
  UMockdevIoctlData *buffer; /* NULL for no bytes */
  int done;                  /* of an OUT transfer, so far */
} Urb;

struct _MockUsbDevice
{
  gatomicrefcount references; /* the test's, and the handler's */
  MockUsbBus *bus;
  char *node, *path; /* in /dev and /sys */
  char *interface;   /* in /sys */

  GMutex lock; /* of what follows: ioctls come on umockdev's thread */
  MockUsbFunction function;
  GQueue waiting; /* Urb, in the order of submission */
  GQueue ready;   /* Urb, to be reaped */
  GQueue parked;  /* UMockdevIoctlClient: reaping, not answered yet */
  gboolean is_gone;
  gconstpointer claimant; /* NULL: nobody */
  guint n_discarded;
};

/* --- URBs; the lock is held --- */

static struct usbdevfs_urb *
get_urb (Urb *urb)
{
  return (struct usbdevfs_urb *)urb->urb->data;
}

static gboolean
is_control (Urb *urb)
{
  return get_urb (urb)->type == USBDEVFS_URB_TYPE_CONTROL;
}

static gboolean
is_in (Urb *urb)
{
  return !is_control (urb) && (get_urb (urb)->endpoint & 0x80) != 0;
}

static void
complete (MockUsbDevice *self, Urb *urb, int status, int length)
{
  get_urb (urb)->status = status;
  get_urb (urb)->actual_length = length;
  g_queue_push_tail (&self->ready, urb);
}

/* As a MockUsbFunction answers. */
static int
call (MockUsbDevice *self, Urb *urb)
{
  const MockUsbFunction *function = &self->function;
  int capacity = get_urb (urb)->buffer_length;
  guint8 *bytes = urb->buffer != NULL ? urb->buffer->data : NULL;

  if (is_control (urb))
    return function->control (function->user, bytes, bytes + SETUP_SIZE);
  if (is_in (urb))
    return function->in (function->user, bytes, capacity);
  return function->out (function->user, bytes + urb->done, capacity - urb->done);
}

/* TRUE if the URB is over. */
static gboolean
advance (MockUsbDevice *self, Urb *urb)
{
  int n;

  if (self->is_gone)
    {
      complete (self, urb, -ESHUTDOWN, urb->done);
      return TRUE;
    }
  n = call (self, urb);
  if (n == -EAGAIN)
    return FALSE;
  if (n >= 0 && !is_in (urb) && !is_control (urb))
    {
      urb->done += n;
      if (urb->done < get_urb (urb)->buffer_length)
        return FALSE;
      n = urb->done;
    }
  complete (self, urb, n < 0 ? n : 0, MAX (n, 0));
  return TRUE;
}

/* Transfers of one endpoint are served in their order. */
static void
pump (MockUsbDevice *self)
{
  gboolean waits[3] = { FALSE, FALSE, FALSE }; /* OUT, IN, control */

  for (GList *l = self->waiting.head, *next; l != NULL; l = next)
    {
      Urb *urb = l->data;
      gboolean *endpoint_waits = &waits[is_control (urb) ? 2 : is_in (urb)];

      next = l->next;
      if (*endpoint_waits)
        continue;
      if (advance (self, urb))
        g_queue_delete_link (&self->waiting, l);
      else
        *endpoint_waits = TRUE;
    }
}

static void
free_urb (Urb *urb)
{
  g_object_unref (urb->urb);
  g_clear_object (&urb->buffer);
  g_free (urb);
}

static void
submit (MockUsbDevice *self, UMockdevIoctlData *argument, gsize size)
{
  Urb *urb = g_new0 (Urb, 1);
  struct usbdevfs_urb *raw;

  urb->urb = umockdev_ioctl_data_resolve (argument, 0, size, NULL);
  raw = get_urb (urb);
  if (raw->buffer_length > 0)
    urb->buffer = umockdev_ioctl_data_resolve (
        urb->urb, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer),
        (gsize)raw->buffer_length, NULL);
  g_queue_push_tail (&self->waiting, urb);
  pump (self);
}

/* 0 or an errno. */
static int
discard (MockUsbDevice *self, gulong address)
{
  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    {
      Urb *urb = l->data;

      if (urb->urb->client_addr != address)
        continue;
      g_queue_delete_link (&self->waiting, l);
      complete (self, urb, -ENOENT, urb->done);
      self->n_discarded++;
      return 0;
    }
  return EINVAL;
}

/* --- reaping --- */

static void
answer_reap (MockUsbDevice *self, UMockdevIoctlClient *client)
{
  Urb *urb = g_queue_pop_head (&self->ready);
  UMockdevIoctlData *slot;

  if (urb == NULL)
    {
      umockdev_ioctl_client_complete (client, -1, self->is_gone ? ENODEV : EAGAIN);
      return;
    }
  slot = umockdev_ioctl_data_resolve (umockdev_ioctl_client_get_arg (client), 0,
                                      sizeof (void *), NULL);
  umockdev_ioctl_data_set_ptr (slot, 0, urb->urb);
  umockdev_ioctl_client_complete (client, 0, 0);
  g_object_unref (slot);
  free_urb (urb);
}

static gboolean
answer_parked (gpointer data)
{
  MockUsbDevice *self = data;
  UMockdevIoctlClient *client;

  g_mutex_lock (&self->lock);
  pump (self);
  client = g_queue_pop_head (&self->parked);
  if (client != NULL)
    answer_reap (self, client);
  g_mutex_unlock (&self->lock);
  g_clear_object (&client);
  return G_SOURCE_REMOVE;
}

static void device_unref (MockUsbDevice *self);

static void
reap (MockUsbDevice *self, UMockdevIoctlClient *client)
{
  GSource *source;

  pump (self);
  if (self->is_gone || !g_queue_is_empty (&self->ready))
    {
      answer_reap (self, client);
      return;
    }
  g_queue_push_tail (&self->parked, g_object_ref (client));
  source = g_timeout_source_new (EMPTY_ANSWER_DELAY);
  g_atomic_ref_count_inc (&self->references);
  g_source_set_callback (source, answer_parked, self, (GDestroyNotify)device_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

/* --- ioctls --- */

/* 0 or an errno; like the kernel it waits for the device. */
static int
clear_halt (MockUsbDevice *self, guint endpoint)
{
  const guint8 setup[SETUP_SIZE] = { 0x02, 1, 0, 0, (guint8)endpoint, 0, 0, 0 };
  const gint64 end = g_get_monotonic_time () + G_TIME_SPAN_SECOND;
  int n;

  do
    n = self->function.control (self->function.user, setup, NULL);
  while (n == -EAGAIN && g_get_monotonic_time () < end);
  return n == -EAGAIN ? ETIMEDOUT : n < 0 ? EPIPE : 0;
}

static int
tell_capabilities (UMockdevIoctlData *argument, gsize size)
{
  UMockdevIoctlData *capabilities = umockdev_ioctl_data_resolve (argument, 0, size, NULL);

  *(guint32 *)capabilities->data =
      USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM
      | USBDEVFS_CAP_REAP_AFTER_DISCONNECT | USBDEVFS_CAP_BULK_CONTINUATION;
  g_object_unref (capabilities);
  return 0;
}

static int
claim (MockUsbDevice *self, gconstpointer claimant)
{
  if (self->claimant != NULL)
    return EBUSY;
  self->claimant = claimant;
  return 0;
}

/* 0 or an errno. */
static int
serve (MockUsbDevice *self, UMockdevIoctlClient *client)
{
  gulong request = umockdev_ioctl_client_get_request (client);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  UMockdevIoctlData *number;
  int error;

  if (self->is_gone)
    return ENODEV;
  switch (request)
    {
    case USBDEVFS_GET_CAPABILITIES:
      return tell_capabilities (argument, _IOC_SIZE (request));
    case USBDEVFS_CLAIMINTERFACE:
      return claim (self, client);
    case USBDEVFS_RELEASEINTERFACE:
      self->claimant = NULL;
      return 0;
    case USBDEVFS_CLEAR_HALT:
      number = umockdev_ioctl_data_resolve (argument, 0, sizeof (guint), NULL);
      error = clear_halt (self, *(guint *)number->data);
      g_object_unref (number);
      return error;
    case USBDEVFS_SUBMITURB:
      submit (self, argument, _IOC_SIZE (request));
      return 0;
    case USBDEVFS_DISCARDURB:
      return discard (self, *(gulong *)argument->data);
    default:
      return ENOTTY;
    }
}

typedef struct
{
  UMockdevIoctlBase parent;
  MockUsbDevice *device;
} MockUsbNode;

typedef struct
{
  UMockdevIoctlBaseClass parent;
} MockUsbNodeClass;

static GType mock_usb_node_get_type (void);
G_DEFINE_TYPE (MockUsbNode, mock_usb_node, UMOCKDEV_TYPE_IOCTL_BASE)

static gboolean
mock_usb_node_handle_ioctl (UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
  MockUsbDevice *self = ((MockUsbNode *)base)->device;
  gulong request = umockdev_ioctl_client_get_request (client);

  g_mutex_lock (&self->lock);
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    reap (self, client);
  else
    {
      int error = serve (self, client);

      umockdev_ioctl_client_complete (client, error != 0 ? -1 : 0, error);
    }
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* A program that ends has released what it had claimed, and wants nothing any more. */
static void
mock_usb_node_client_vanished (UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
  MockUsbDevice *self = ((MockUsbNode *)base)->device;

  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)free_urb);
  g_queue_clear_full (&self->ready, (GDestroyNotify)free_urb);
  if (self->claimant == client)
    self->claimant = NULL;
  g_mutex_unlock (&self->lock);
}

static void
mock_usb_node_finalize (GObject *object)
{
  device_unref (((MockUsbNode *)object)->device);
  G_OBJECT_CLASS (mock_usb_node_parent_class)->finalize (object);
}

static void
mock_usb_node_class_init (MockUsbNodeClass *class)
{
  G_OBJECT_CLASS (class)->finalize = mock_usb_node_finalize;
  UMOCKDEV_IOCTL_BASE_CLASS (class)->handle_ioctl = mock_usb_node_handle_ioctl;
  UMOCKDEV_IOCTL_BASE_CLASS (class)->client_vanished = mock_usb_node_client_vanished;
}

static void
mock_usb_node_init (MockUsbNode *node)
{
}

/* --- plugging --- */

static void
device_unref (MockUsbDevice *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_queue_clear_full (&self->waiting, (GDestroyNotify)free_urb);
  g_queue_clear_full (&self->ready, (GDestroyNotify)free_urb);
  g_queue_clear_full (&self->parked, g_object_unref);
  g_mutex_clear (&self->lock);
  g_free (self->node);
  g_free (self->path);
  g_free (self->interface);
  g_free (self);
}

static void
add_text (GString *text, const char *name, const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, "A: %s=%s\\n\n", name, value);
}

static char *
describe (MockUsbDevice *self, guint address, const MockUsbDescription *description)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text,
                   "P: %s\n"
                   "N: bus/usb/001/%03u\n"
                   "E: DEVTYPE=usb_device\n"
                   "E: DEVNAME=%s\n"
                   "E: BUSNUM=001\n"
                   "E: DEVNUM=%03u\n"
                   "E: PRODUCT=%x/%x/100\n"
                   "E: SUBSYSTEM=usb\n"
                   "A: busnum=1\\n\n"
                   "A: devnum=%u\\n\n"
                   "A: speed=480\\n\n"
                   "A: bConfigurationValue=1\\n\n"
                   "A: idVendor=%04x\\n\n"
                   "A: idProduct=%04x\\n\n",
                   self->path + strlen ("/sys"), address, self->node, address,
                   description->vendor, description->product, address,
                   description->vendor, description->product);
  add_text (text, "product", description->name);
  add_text (text, "serial", description->serial);
  g_string_append (text, "H: descriptors=");
  for (gsize i = 0; i < description->descriptors_size; i++)
    g_string_append_printf (text, "%02X", description->descriptors[i]);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

static void
forget_node (MockUsbBus *bus, const char *node)
{
  g_autoptr (GError) error = NULL;

  if (!g_hash_table_contains (bus->nodes, node))
    return;
  umockdev_testbed_detach_ioctl (bus->testbed, node, &error);
  g_assert_no_error (error);
  g_hash_table_remove (bus->nodes, node);
}

MockUsbDevice *
mock_usb_plug (MockUsbBus *bus, guint port, const MockUsbDescription *description,
               const MockUsbFunction *function)
{
  MockUsbDevice *self = g_new0 (MockUsbDevice, 1);
  MockUsbNode *node = g_object_new (mock_usb_node_get_type (), NULL);
  guint address = bus->next_address;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  bus->next_address = address < LAST_ADDRESS ? address + 1 : FIRST_ADDRESS;
  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->bus = bus;
  self->function = *function;
  self->node = g_strdup_printf ("/dev/bus/usb/001/%03u", address);
  self->path = g_strdup_printf ("/sys/devices/usb1/1-%u", port);
  self->interface = g_strdup_printf ("/sys/devices/usb1/1-%u/1-%u:1.0", port, port);
  forget_node (bus, self->node);
  g_atomic_ref_count_inc (&self->references);
  node->device = self;
  g_hash_table_insert (bus->nodes, g_strdup (self->node), node);
  umockdev_testbed_attach_ioctl (bus->testbed, self->node, &node->parent, &error);
  g_assert_no_error (error);
  text = describe (self, address, description);
  umockdev_testbed_add_from_string (bus->testbed, text, &error);
  g_assert_no_error (error);
  return self;
}

void
mock_usb_unplug (MockUsbDevice *self)
{
  g_mutex_lock (&self->lock);
  self->is_gone = TRUE;
  pump (self);
  g_mutex_unlock (&self->lock);
  umockdev_testbed_uevent (self->bus->testbed, self->path, "remove");
  umockdev_testbed_remove_device (self->bus->testbed, self->path);
  device_unref (self);
}

char *
mock_usb_get_file (MockUsbDevice *self)
{
  g_autofree char *root = umockdev_testbed_get_root_dir (self->bus->testbed);

  return g_build_filename (root, self->node, NULL);
}

/* In /sys, as the kernel shows who drives an interface. */
static void
show_driver (MockUsbDevice *self, gboolean claimed)
{
  g_autofree char *root = umockdev_testbed_get_root_dir (self->bus->testbed);
  g_autofree char *folder = g_build_filename (root, self->interface, NULL);
  g_autofree char *link = g_build_filename (folder, "driver", NULL);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *alias = g_build_filename (root, "sys/bus/usb/devices", name, NULL);

  if (!claimed)
    {
      g_assert_cmpint (g_unlink (link), ==, 0);
      return;
    }
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("../../../../bus/usb/drivers/usbfs", link), ==, 0);
  if (!g_file_test (alias, G_FILE_TEST_IS_SYMLINK))
    g_assert_cmpint (symlink (folder, alias), ==, 0);
}

void
mock_usb_set_claimed (MockUsbDevice *self, gboolean claimed)
{
  g_mutex_lock (&self->lock);
  self->claimant = claimed ? self : NULL;
  g_mutex_unlock (&self->lock);
  show_driver (self, claimed);
}

gboolean
mock_usb_is_claimed (MockUsbDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->claimant != NULL;
}

guint
mock_usb_count_discarded (MockUsbDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_discarded;
}

guint
mock_usb_count_waiting_in (MockUsbDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint n = 0;

  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    n += is_in (l->data);
  return n;
}

/* libusb looks for the parent of each device. */
static void
add_root_hub (MockUsbBus *self)
{
  g_autoptr (GError) error = NULL;

  umockdev_testbed_add_from_string (self->testbed,
                                    "P: /devices/usb1\n"
                                    "N: bus/usb/001/001\n"
                                    "E: DEVTYPE=usb_device\n"
                                    "E: DEVNAME=/dev/bus/usb/001/001\n"
                                    "E: BUSNUM=001\n"
                                    "E: DEVNUM=001\n"
                                    "E: SUBSYSTEM=usb\n"
                                    "A: busnum=1\\n\n"
                                    "A: devnum=1\\n\n"
                                    "A: speed=480\\n\n"
                                    "A: bConfigurationValue=1\\n\n"
                                    "H: descriptors="
                                    "12010002090001406B1D0200060100000001"
                                    "09021900010100E000"
                                    "090400000109000000"
                                    "0705810304000C\n",
                                    &error);
  g_assert_no_error (error);
}

MockUsbBus *
mock_usb_bus_new (void)
{
  UMockdevTestbed *testbed;
  MockUsbBus *self;

  /* It can be told only now. */
  testbed = umockdev_testbed_new ();
  if (!umockdev_in_mock_environment ())
    {
      g_object_unref (testbed);
      return NULL;
    }
  self = g_new0 (MockUsbBus, 1);
  self->testbed = testbed;
  self->next_address = FIRST_ADDRESS;
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  add_root_hub (self);
  return self;
}

void
mock_usb_bus_free (MockUsbBus *self)
{
  g_autoptr (GList) nodes = g_hash_table_get_keys (self->nodes);

  for (GList *l = nodes; l != NULL; l = l->next)
    umockdev_testbed_detach_ioctl (self->testbed, l->data, NULL);
  g_hash_table_unref (self->nodes);
  g_object_unref (self->testbed);
  g_free (self);
}
