/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-device.c: a board on USB as it can be known without opening it. */
#include "profiler/usb-device.h"

#include "profiler/file-users.h"
#include "profiler/link.h"
#include "profiler/usb-identity.h"
#include "target-agent/usb/identity.h"

#include <errno.h>
#include <unistd.h>

#define DEEPEST_PORT 7 /* of hubs behind each other, says the USB specification */

struct _FettleUsbDevice
{
  gatomicrefcount references;
  FettleUsbContext *context;
  libusb_device *device;
  char *port; /* "1-1.2", as the kernel names it */
  char *node; /* in /dev */
  char *place, *serial_id, *name;
  const char *boot_loader; /* its name; NULL: an agent */
};

static FettleUsbId
get_id (libusb_device *device)
{
  struct libusb_device_descriptor descriptor;

  libusb_get_device_descriptor (device, &descriptor);
  return (FettleUsbId){ descriptor.idVendor, descriptor.idProduct };
}

gboolean
fettle_usb_device_is_known (libusb_device *device)
{
  FettleUsbId id = get_id (device), agent;

  if (fettle_usb_identity_get_boot_loader (id) != NULL)
    return TRUE;
  return fettle_usb_identity_get (&agent) && id.vendor == agent.vendor
         && id.product == agent.product;
}

/* --- what the kernel tells --- */

static char *
make_port (libusb_device *device)
{
  guint8 ports[DEEPEST_PORT];
  int n = libusb_get_port_numbers (device, ports, G_N_ELEMENTS (ports));
  GString *port = g_string_new (NULL);

  g_string_printf (port, "%u", libusb_get_bus_number (device));
  for (int i = 0; i < n; i++)
    g_string_append_printf (port, "%c%u", i == 0 ? '-' : '.', ports[i]);
  return g_string_free (port, FALSE);
}

/* NULL if there is none or it is empty. */
static char *
read_attribute (FettleUsbDevice *self, const char *attribute)
{
  g_autofree char *path =
      g_build_filename ("/sys/bus/usb/devices", self->port, attribute, NULL);
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL))
    return NULL;
  g_strstrip (text);
  return *text != '\0' ? g_utf8_make_valid (text, -1) : NULL;
}

static void
read_names (FettleUsbDevice *self)
{
  g_autofree char *serial = read_attribute (self, "serial");
  g_autofree char *product = read_attribute (self, "product");

  self->place = g_strconcat ("usb:", self->port, NULL);
  if (serial != NULL && self->boot_loader == NULL)
    self->serial_id = g_strconcat ("usb:", serial, NULL);
  if (self->boot_loader != NULL)
    self->name = g_strdup (self->boot_loader);
  else
    self->name = g_strdup_printf ("%s (USB %s)", product != NULL ? product : "Board",
                                  serial != NULL ? serial : self->port);
}

FettleUsbDevice *
fettle_usb_device_new (FettleUsbContext *context, libusb_device *device)
{
  FettleUsbDevice *self = g_new0 (FettleUsbDevice, 1);

  g_atomic_ref_count_init (&self->references);
  self->context = fettle_usb_context_ref (context);
  self->device = libusb_ref_device (device);
  self->boot_loader = fettle_usb_identity_get_boot_loader (get_id (device));
  self->port = make_port (device);
  self->node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", libusb_get_bus_number (device),
                                libusb_get_device_address (device));
  read_names (self);
  return self;
}

FettleUsbDevice *
fettle_usb_device_ref (FettleUsbDevice *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
fettle_usb_device_unref (FettleUsbDevice *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  libusb_unref_device (self->device);
  fettle_usb_context_unref (self->context);
  g_free (self->port);
  g_free (self->node);
  g_free (self->place);
  g_free (self->serial_id);
  g_free (self->name);
  g_free (self);
}

GPtrArray *
fettle_usb_device_list (void)
{
  GPtrArray *devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_usb_device_unref);
  g_autoptr (FettleUsbContext) context = fettle_usb_context_acquire (NULL);
  libusb_device **all;
  ssize_t n;

  if (context == NULL)
    return devices;
  n = libusb_get_device_list (fettle_usb_context_get_libusb (context), &all);
  for (ssize_t i = 0; i < n; i++)
    if (fettle_usb_device_is_known (all[i]))
      g_ptr_array_add (devices, fettle_usb_device_new (context, all[i]));
  if (n >= 0)
    libusb_free_device_list (all, TRUE);
  return devices;
}

/* --- whether it can be used --- */

static char *
describe_busy (FettleUsbDevice *self)
{
  gboolean is_own;
  g_autofree char *program = fettle_file_users_find (self->node, &is_own);

  if (is_own)
    return g_strdup ("Another window is using this board; disconnect it there.");
  if (program == NULL)
    return g_strdup ("Another program is using this board; close it there.");
  return g_strdup_printf ("The program %s is using this board; close it there.", program);
}

static const char *
describe_forbidden (void)
{
  return "You may not use this board, because its udev rule is missing; install the rule "
         "that Fettle shows for it.";
}

/* Through usbfs, which is what programs use. */
static gboolean
is_claimed (FettleUsbDevice *self)
{
  g_autofree char *path =
      g_strdup_printf ("/sys/bus/usb/devices/%s:%d.%d/driver", self->port,
                       FTA_USB_CONFIGURATION, FTA_USB_INTERFACE);
  g_autofree char *driver = g_file_read_link (path, NULL);

  return driver != NULL && g_str_has_suffix (driver, "/usbfs");
}

/* NULL, or what is wrong with the agent's interface. */
static char *
check_interface (FettleUsbDevice *self)
{
  struct libusb_config_descriptor *configuration;
  const struct libusb_interface_descriptor *setting;
  char *problem = NULL;

  /* The kernel's copy, no transfer. */
  if (libusb_get_config_descriptor (self->device, 0, &configuration) < 0)
    return g_strdup ("The board has not said what it is; plug it in again.");
  setting = configuration->bNumInterfaces > FTA_USB_INTERFACE
                    && configuration->interface[FTA_USB_INTERFACE].num_altsetting > 0
                ? configuration->interface[FTA_USB_INTERFACE].altsetting
                : NULL;
  if (setting == NULL || setting->bInterfaceClass != FTA_USB_CLASS
      || setting->bInterfaceSubClass != FTA_USB_SUBCLASS)
    problem = g_strdup ("The device has Fettle's USB id and no agent; flash the agent's "
                        "firmware.");
  else if (setting->bInterfaceProtocol != FTA_USB_PROTOCOL)
    problem =
        g_strdup_printf ("The board's agent uses version %u of the USB interface and "
                         "Fettle version %u; update the older of the two.",
                         setting->bInterfaceProtocol, FTA_USB_PROTOCOL);
  libusb_free_config_descriptor (configuration);
  return problem;
}

gboolean
fettle_usb_device_is_permitted (FettleUsbDevice *self)
{
  /* A node that is gone is for others to report. */
  return access (self->node, R_OK | W_OK) == 0 || errno != EACCES;
}

FettleUsbState
fettle_usb_device_check (FettleUsbDevice *self, char **problem)
{
  *problem = NULL;
  if (self->boot_loader != NULL)
    {
      *problem =
          g_strdup ("This board has no agent yet; flash the agent's firmware, as the "
                    "board's page describes.");
      return FETTLE_USB_UNUSABLE;
    }
  *problem = check_interface (self);
  if (*problem != NULL)
    return FETTLE_USB_UNUSABLE;
  if (!fettle_usb_device_is_permitted (self))
    {
      *problem = g_strdup (describe_forbidden ());
      return FETTLE_USB_FORBIDDEN;
    }
  if (is_claimed (self) && (*problem = describe_busy (self)) != NULL)
    return FETTLE_USB_BUSY;
  return FETTLE_USB_READY;
}

GError *
fettle_usb_device_describe (FettleUsbDevice *self, int status)
{
  g_autofree char *text = NULL;

  switch (status)
    {
    case LIBUSB_ERROR_ACCESS:
      return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_FORBIDDEN,
                                  describe_forbidden ());
    case LIBUSB_ERROR_BUSY:
      text = describe_busy (self);
      return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_BUSY, text);
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
      return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED,
                                  "The board was unplugged; plug it in again.");
    case LIBUSB_ERROR_NOT_SUPPORTED:
      return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                                  "No driver is bound to this board; plug it in again.");
    case LIBUSB_ERROR_TIMEOUT:
      return g_error_new_literal (
          FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT,
          "The board does not answer; press its reset button or plug it in again.");
    default:
      return g_error_new (
          FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
          "The USB connection to the board failed (%s); plug it in again.",
          libusb_error_name (status));
    }
}

/* --- what is known --- */

FettleUsbContext *
fettle_usb_device_get_context (FettleUsbDevice *self)
{
  return self->context;
}

libusb_device *
fettle_usb_device_get_libusb (FettleUsbDevice *self)
{
  return self->device;
}

const char *
fettle_usb_device_get_place (FettleUsbDevice *self)
{
  return self->place;
}

const char *
fettle_usb_device_get_serial_id (FettleUsbDevice *self)
{
  return self->serial_id;
}

const char *
fettle_usb_device_get_name (FettleUsbDevice *self)
{
  return self->name;
}

gboolean
fettle_usb_device_has_agent (FettleUsbDevice *self)
{
  return self->boot_loader == NULL;
}
