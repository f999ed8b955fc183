/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-ports.c: the serial ports of this machine that a board may be behind. */
#include "profiler/serial-ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From a port's interface to its device and no further: a hub is nobody's board. */
#define MOST_LEVELS 3

typedef struct
{
  const char *vendor;  /* as sysfs writes it */
  const char *product; /* NULL: any */
  const char *name;
  guint baud;
} Kind;

static const Kind kinds[] = {
  { "0483", NULL, "ST-Link", 921600 },
  { "1366", NULL, "J-Link", 1000000 }, /* Nordic's chips make no 921,600 */
  { "0d28", "0204", "DAPLink", 921600 },
  { "2e8a", "000a", "Raspberry Pi Pico", 921600 },
  { "2e8a", "000c", "Raspberry Pi Debug Probe", 921600 },
};

void
fettle_serial_port_free (FettleSerialPort *port)
{
  g_return_if_fail (port != NULL);
  g_free (port->device);
  g_free (port->name);
  g_free (port->serial);
  g_free (port);
}

/* One line, or NULL. */
static char *
read_attribute (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *raw = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &raw, &size, NULL))
    return NULL;
  text = g_utf8_make_valid (raw, (gssize)size);
  g_strstrip (text);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* The sysfs folder of the USB device that the port belongs to; NULL: it is none of USB. */
static char *
find_device (const char *port)
{
  g_autofree char *link = g_build_filename (port, "device", NULL);
  char *resolved = realpath (link, NULL);
  g_autofree char *folder = g_strdup (resolved);

  free (resolved);
  for (int level = 0; folder != NULL && level < MOST_LEVELS; level++)
    {
      g_autofree char *vendor = read_attribute (folder, "idVendor");
      char *parent;

      if (vendor != NULL)
        return g_steal_pointer (&folder);
      parent = g_path_get_dirname (folder);
      g_free (folder);
      folder = parent;
    }
  return NULL;
}

static const Kind *
find_kind (const char *device)
{
  g_autofree char *vendor = read_attribute (device, "idVendor");
  g_autofree char *product = read_attribute (device, "idProduct");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (vendor, kinds[i].vendor) == 0
        && (kinds[i].product == NULL || g_strcmp0 (product, kinds[i].product) == 0))
      return &kinds[i];
  return NULL;
}

static FettleSerialPort *
read_port (const char *port, const char *dev)
{
  g_autofree char *device = find_device (port);
  g_autofree char *name = g_path_get_basename (port);
  const Kind *kind = device != NULL ? find_kind (device) : NULL;
  FettleSerialPort *found;

  if (kind == NULL)
    return NULL;
  found = g_new0 (FettleSerialPort, 1);
  found->device = g_build_filename (dev, name, NULL);
  found->name = read_attribute (device, "product");
  if (found->name == NULL)
    found->name = g_strdup (kind->name);
  found->baud = kind->baud;
  found->serial = read_attribute (device, "serial");
  if (access (found->device, R_OK | W_OK) != 0)
    found->problem = errno;
  return found;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const FettleSerialPort *const *first = a, *const *second = b;

  return strcmp ((*first)->device, (*second)->device);
}

GPtrArray *
fettle_serial_ports_list (const char *sys, const char *dev)
{
  g_autoptr (GPtrArray) ports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_serial_port_free);
  g_autofree char *folder = g_build_filename (sys, "class", "tty", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      FettleSerialPort *port = read_port (path, dev);

      if (port != NULL)
        g_ptr_array_add (ports, port);
    }
  g_ptr_array_sort (ports, compare);
  return g_steal_pointer (&ports);
}
