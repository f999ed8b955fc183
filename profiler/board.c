/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board.c: the boards of this machine: simulated and virtual ones, and those on USB and serial ports. */
#include "profiler/board-private.h"

#include "profiler/link-serial.h"
#include "profiler/link-simulated.h"
#include "profiler/link-usb.h"
#include "profiler/link-virtual.h"
#include "profiler/locate.h"
#include "profiler/serial-ports.h"
#include "profiler/usb-identity.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SERIAL_PREFIX "serial:"
#define USB_PREFIX    "usb:"

typedef struct
{
  const char *id, *name, *link, *core;
  FettleTarget target;
  const char *machine; /* of QEMU; NULL: not a virtual board */
  const char *folder;  /* of the build tree */
  const char *program; /* or firmware */
} BoardKind;

static const BoardKind kinds[] = {
  { "simulated", "Simulated board (a process of this computer)", "socket", "desktop",
    FETTLE_TARGET_PORTABLE, NULL, "target-agent/boards/simulated",
    "fettle-simulated-board" },
  { "virtual-m4", "Virtual Cortex-M4 (QEMU mps2-an386)", "pipe", "Cortex-M4",
    FETTLE_TARGET_CORTEX_M4, "mps2-an386", "target-agent/boards/mps",
    "fettle-agent-virtual-m4.elf" },
  { "virtual-m7", "Virtual Cortex-M7 (QEMU mps2-an500)", "pipe", "Cortex-M7",
    FETTLE_TARGET_CORTEX_M7, "mps2-an500", "target-agent/boards/mps",
    "fettle-agent-virtual-m7.elf" },
  { "virtual-m55", "Virtual Cortex-M55 (QEMU mps3-an547)", "pipe", "Cortex-M55",
    FETTLE_TARGET_CORTEX_M55, "mps3-an547", "target-agent/boards/mps",
    "fettle-agent-virtual-m55.elf" },
};

static const BoardKind serial_kind = {
  "serial", "Serial port", "serial", "?", FETTLE_TARGET_PORTABLE, NULL, NULL, NULL
};

static const BoardKind usb_kind = { "usb", "USB", "usb", "?", FETTLE_TARGET_PORTABLE,
                                    NULL,  NULL,  NULL };

struct _FettleBoard
{
  GObject parent_instance;

  const BoardKind *kind;
  char *id, *name;
  char *core; /* learned from the board; NULL: the kind's */
  FettleUsbDevice *usb;
  char *device; /* of a serial port */
  guint baud;
  char *path; /* of the program or firmware; NULL: missing */
  char *problem, *remedy;
};

G_DEFINE_TYPE (FettleBoard, fettle_board, G_TYPE_OBJECT)

static void
fettle_board_finalize (GObject *object)
{
  FettleBoard *self = FETTLE_BOARD (object);

  g_clear_pointer (&self->usb, fettle_usb_device_unref);
  g_free (self->id);
  g_free (self->name);
  g_free (self->core);
  g_free (self->device);
  g_free (self->path);
  g_free (self->problem);
  g_free (self->remedy);
  G_OBJECT_CLASS (fettle_board_parent_class)->finalize (object);
}

static void
fettle_board_class_init (FettleBoardClass *class)
{
  G_OBJECT_CLASS (class)->finalize = fettle_board_finalize;
}

static void
fettle_board_init (FettleBoard *self)
{
}

static char *
find_problem (FettleBoard *self)
{
  g_autofree char *qemu = NULL;

  if (self->kind->machine != NULL)
    {
      qemu = g_find_program_in_path ("qemu-system-arm");
      if (qemu == NULL)
        return g_strdup ("The program qemu-system-arm is missing; install the package "
                         "qemu-system-arm.");
      if (self->path == NULL)
        return g_strdup_printf (
            "The board's firmware %s is missing; install the packages "
            "gcc-arm-none-eabi and libnewlib-arm-none-eabi and build "
            "Fettle again.",
            self->kind->program);
    }
  if (self->path == NULL)
    return g_strdup_printf ("The program %s is missing; install Fettle completely.",
                            self->kind->program);
  return NULL;
}

static FettleBoard *
board_new (const BoardKind *kind)
{
  FettleBoard *self = g_object_new (FETTLE_TYPE_BOARD, NULL);

  self->kind = kind;
  self->id = g_strdup (kind->id);
  self->name = g_strdup (kind->name);
  self->path = fettle_locate (kind->folder, kind->program);
  self->problem = find_problem (self);
  return self;
}

GPtrArray *
fettle_board_list_built_in (void)
{
  GPtrArray *boards = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_add (boards, board_new (&kinds[i]));
  return boards;
}

/* --- serial ports --- */

/* NAME: what is known to be there; NULL: nothing. */
static FettleBoard *
serial_board_new (const char *id, const char *device, guint baud, const char *name,
                  int problem)
{
  FettleBoard *self = g_object_new (FETTLE_TYPE_BOARD, NULL);
  g_autoptr (GError) error = NULL;

  self->kind = &serial_kind;
  self->id = g_strdup (id);
  self->name = name != NULL ? g_strdup_printf ("%s at %s", name, device)
                            : g_strdup_printf ("Serial port %s", device);
  self->device = g_strdup (device);
  self->baud = baud;
  if (problem == 0)
    return self;
  error = fettle_link_serial_describe_error (device, problem);
  self->problem = g_strdup (error->message);
  return self;
}

/* "/dev/ttyACM0" or "/dev/ttyACM0@115200". */
static FettleBoard *
look_up_serial (const char *id, GError **error)
{
  g_autofree char *device = g_strdup (id + strlen (SERIAL_PREFIX));
  char *at = strrchr (device, '@');
  guint64 baud = FETTLE_SERIAL_BAUD;

  if (at != NULL && !g_ascii_string_to_unsigned (at + 1, 10, 1, G_MAXINT, &baud, error))
    {
      g_prefix_error (error, "The board \"%s\" names no baud rate: ", id);
      return NULL;
    }
  if (at != NULL)
    *at = '\0';
  return serial_board_new (id, device, (guint)baud, NULL,
                           access (device, R_OK | W_OK) == 0 ? 0 : errno);
}

FettleBoard *
fettle_board_new_serial (const FettleSerialPort *port)
{
  g_autofree char *id =
      port->baud == FETTLE_SERIAL_BAUD
          ? g_strconcat (SERIAL_PREFIX, port->device, NULL)
          : g_strdup_printf (SERIAL_PREFIX "%s@%u", port->device, port->baud);

  return serial_board_new (id, port->device, port->baud, port->name, port->problem);
}

gboolean
fettle_board_update_serial (FettleBoard *self, const FettleSerialPort *port)
{
  g_autoptr (FettleBoard) now = fettle_board_new_serial (port);

  if (g_strcmp0 (self->problem, now->problem) == 0)
    return FALSE;
  g_free (self->problem);
  self->problem = g_steal_pointer (&now->problem);
  return TRUE;
}

const char *
fettle_board_get_serial_device (FettleBoard *self)
{
  return self->device;
}

static void
add_serial_ports (GPtrArray *boards)
{
  g_autoptr (GPtrArray) ports = fettle_serial_ports_list ("/sys", "/dev");

  for (guint i = 0; i < ports->len; i++)
    g_ptr_array_add (boards, fettle_board_new_serial (g_ptr_array_index (ports, i)));
}

/* --- USB --- */

FettleBoard *
fettle_board_new_usb (FettleUsbDevice *device, const char *id)
{
  FettleBoard *self = g_object_new (FETTLE_TYPE_BOARD, NULL);

  self->kind = &usb_kind;
  self->usb = fettle_usb_device_ref (device);
  self->id = g_strdup (id);
  self->name = g_strdup (fettle_usb_device_get_name (device));
  return self;
}

gboolean
fettle_board_set_problem (FettleBoard *self, FettleUsbState state, const char *problem)
{
  FettleUsbId id;

  if (g_strcmp0 (self->problem, problem) == 0)
    return FALSE;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_clear_pointer (&self->remedy, g_free);
  if (state == FETTLE_USB_FORBIDDEN && fettle_usb_identity_get (&id))
    self->remedy = fettle_usb_identity_get_remedy (id);
  return TRUE;
}

const char *
fettle_board_choose_usb_id (GPtrArray *boards, FettleUsbDevice *device)
{
  const char *id = fettle_usb_device_get_serial_id (device);

  for (guint i = 0; i < boards->len; i++)
    if (g_strcmp0 (fettle_board_get_id (g_ptr_array_index (boards, i)), id) == 0)
      id = NULL;
  return id != NULL ? id : fettle_usb_device_get_place (device);
}

static void
add_usb (GPtrArray *boards)
{
  g_autoptr (GPtrArray) devices = fettle_usb_device_list ();

  for (guint i = 0; i < devices->len; i++)
    {
      FettleUsbDevice *device = g_ptr_array_index (devices, i);
      FettleBoard *board =
          fettle_board_new_usb (device, fettle_board_choose_usb_id (boards, device));
      g_autofree char *problem = NULL;
      FettleUsbState state = fettle_usb_device_check (device, &problem);

      fettle_board_set_problem (board, state, problem);
      g_ptr_array_add (boards, board);
    }
}

/* --- finding --- */

GPtrArray *
fettle_board_list (void)
{
  GPtrArray *boards = fettle_board_list_built_in ();

  add_usb (boards);
  add_serial_ports (boards);
  return boards;
}

gboolean
fettle_board_has_id (FettleBoard *self, const char *id)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), FALSE);

  return g_str_equal (self->id, id)
         || (self->usb != NULL
             && g_str_equal (fettle_usb_device_get_place (self->usb), id));
}

FettleBoard *
fettle_board_lookup (const char *id, GError **error)
{
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (GString) known = g_string_new (NULL);

  g_return_val_if_fail (id != NULL, NULL);
  if (g_str_has_prefix (id, SERIAL_PREFIX))
    return look_up_serial (id, error);
  boards = fettle_board_list_built_in ();
  /* Nobody has to wait for USB who has not asked for it. */
  if (g_str_has_prefix (id, USB_PREFIX))
    add_usb (boards);
  for (guint i = 0; i < boards->len; i++)
    {
      FettleBoard *board = g_ptr_array_index (boards, i);

      if (fettle_board_has_id (board, id))
        return g_object_ref (board);
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", board->id);
    }
  g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
               "There is no board \"%s\"; the boards are: %s, and serial:DEVICE.", id,
               known->str);
  return NULL;
}

/* --- what is known of a board --- */

const char *
fettle_board_get_id (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->id;
}

const char *
fettle_board_get_name (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->name;
}

const char *
fettle_board_get_link (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->kind->link;
}

const char *
fettle_board_get_core (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->core != NULL ? self->core : self->kind->core;
}

FettleTarget
fettle_board_get_target (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), FETTLE_TARGET_PORTABLE);
  return fettle_board_target_of_core (fettle_board_get_core (self));
}

FettleTarget
fettle_board_target_of_core (const char *core)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].core, core) == 0)
      return kinds[i].target;
  return FETTLE_TARGET_PORTABLE;
}

const char *
fettle_board_get_problem (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->problem;
}

const char *
fettle_board_get_remedy (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->remedy;
}

void
fettle_board_learn_core (FettleBoard *self, const char *core)
{
  g_return_if_fail (FETTLE_IS_BOARD (self) && core != NULL);

  g_free (self->core);
  self->core = g_strdup (core);
}

FettleLink *
fettle_board_create_link (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  if (self->usb != NULL)
    return fettle_link_usb_new (self->usb);
  if (self->device != NULL)
    return fettle_link_serial_new (self->device, self->baud);
  if (self->kind->machine != NULL)
    return fettle_link_virtual_new (self->kind->machine, self->path ? self->path : "");
  return fettle_link_simulated_new (self->path ? self->path : "");
}
