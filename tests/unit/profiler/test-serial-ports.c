/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-serial-ports.c: finding boards behind serial ports, in a sysfs of the test's own. */
#include "profiler/serial-ports.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  char *root, *sys, *dev;
} Fixture;

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A port as Linux shows it: /sys/class/tty/NAME is a link into the tree of devices, as is its "device",
 * the interface below the USB device. */
static void
add_port (Fixture *fixture, const char *name, const char *vendor, const char *product)
{
  g_autofree char *device = g_build_filename (fixture->sys, "devices", name, NULL);
  g_autofree char *interface = g_build_filename (device, "1-1:1.2", NULL);
  g_autofree char *tty = g_build_filename (interface, "tty", name, NULL);
  g_autofree char *class = g_build_filename (fixture->sys, "class", "tty", NULL);
  g_autofree char *entry = g_build_filename (class, name, NULL);
  g_autofree char *back = g_build_filename (tty, "device", NULL);

  g_assert_cmpint (g_mkdir_with_parents (tty, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (class, 0700), ==, 0);
  g_assert_cmpint (symlink (tty, entry), ==, 0);
  g_assert_cmpint (symlink (interface, back), ==, 0);
  if (vendor != NULL)
    write_file (device, "idVendor", vendor);
  if (vendor != NULL)
    write_file (device, "idProduct", product);
  write_file (fixture->dev, name, "");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("fettle-ports-XXXXXX", NULL);
  g_assert_nonnull (fixture->root);
  fixture->sys = g_build_filename (fixture->root, "sys", NULL);
  fixture->dev = g_build_filename (fixture->root, "dev", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = NULL;
  const char *name;

  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK)
      || (directory = g_dir_open (path, 0, NULL)) == NULL)
    {
      g_unlink (path);
      return;
    }
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->sys);
  g_free (fixture->dev);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) ports = NULL;
  g_autofree char *device = g_build_filename (fixture->sys, "devices", "ttyACM1", NULL);
  g_autofree char *gone = g_build_filename (fixture->dev, "ttyACM2", NULL);
  const FettleSerialPort *port;

  add_port (fixture, "ttyACM1", "0483\n", "374b\n");
  write_file (device, "product", "STM32 STLink\n");
  write_file (device, "serial", "066BFF\n");
  add_port (fixture, "ttyACM0", "1366\n", "1051\n");
  add_port (fixture, "ttyACM2", "2e8a\n", "000a\n");
  /* Others are not offered: a modem, a Pico in its boot loader, a port that is none of USB. */
  add_port (fixture, "ttyACM3", "12d1\n", "1506\n");
  add_port (fixture, "ttyACM4", "2e8a\n", "0003\n");
  add_port (fixture, "ttyS0", NULL, NULL);
  g_unlink (gone);
  ports = fettle_serial_ports_list (fixture->sys, fixture->dev);
  g_assert_cmpuint (ports->len, ==, 3);
  port = g_ptr_array_index (ports, 0);
  g_assert_true (g_str_has_suffix (port->device, "/dev/ttyACM0"));
  g_assert_cmpstr (port->name, ==, "J-Link");
  g_assert_cmpuint (port->baud, ==, 1000000);
  g_assert_null (port->serial);
  g_assert_cmpint (port->problem, ==, 0);
  port = g_ptr_array_index (ports, 1);
  g_assert_cmpstr (port->name, ==, "STM32 STLink");
  g_assert_cmpstr (port->serial, ==, "066BFF");
  port = g_ptr_array_index (ports, 2);
  g_assert_cmpstr (port->name, ==, "Raspberry Pi Pico");
  g_assert_cmpint (port->problem, ==, ENOENT);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) ports = fettle_serial_ports_list (fixture->sys, fixture->dev);

  g_assert_cmpuint (ports->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ports/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/ports/none", Fixture, NULL, set_up, test_none, tear_down);
  return g_test_run ();
}
