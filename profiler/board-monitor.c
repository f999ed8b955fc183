/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-monitor.c: the boards of this machine, as they come and go.
 *
 * libusb's hotplug callback does nothing but post the device: input and output fail in it. Arrivals may
 * be told twice and departures of what never came, so both are idempotent, and an entry is known by its
 * bus and address. Looking at a device reads files, in a thread of GTask's. */
#include "profiler/board-monitor.h"

#include "profiler/board-private.h"
#include "profiler/inbox.h"
#include "profiler/serial-watch.h"

/* udev applies its rules some milliseconds after a device has arrived. */
#define PERMISSION_WAIT  G_TIME_SPAN_SECOND
#define PERMISSION_RETRY 100  /* ms */
#define PROBLEM_RETRY    1000 /* ms */

/* A device that is plugged in. */
typedef struct
{
  guint number; /* each entry has its own */
  guint8 bus, address;
  gint64 arrival;
  FettleUsbDevice *usb; /* NULL until it was looked at */
  FettleBoard *board;   /* NULL until it is listed */
  gboolean is_looked_at;
} Entry;

struct _FettleBoardMonitor
{
  GObject parent_instance;

  GMainContext *context;
  FettleUsbContext *usb; /* NULL: there is none */
  FettleInbox *inbox;    /* of Arrival */
  struct Hotplug *hotplug;
  GPtrArray *boards;
  GPtrArray *entries;
  guint next_number;
  GSource *timer;
  FettleSerialWatch *serial;
};

G_DEFINE_FINAL_TYPE (FettleBoardMonitor, fettle_board_monitor, G_TYPE_OBJECT)

enum
{
  ADDED,
  CHANGED,
  REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- hotplug, on the event thread --- */

typedef struct Hotplug
{
  FettleInbox *inbox;
  libusb_hotplug_callback_handle handle;
} Hotplug;

typedef struct
{
  libusb_device *device;
  gboolean is_here;
} Arrival;

static void
free_arrival (gpointer data)
{
  Arrival *arrival = data;

  libusb_unref_device (arrival->device);
  g_free (arrival);
}

static int LIBUSB_CALL
on_hotplug (libusb_context *context, libusb_device *device, libusb_hotplug_event event,
            void *user_data)
{
  Hotplug *hotplug = user_data;
  Arrival *arrival;

  if (!fettle_usb_device_is_known (device))
    return 0;
  arrival = g_new (Arrival, 1);
  arrival->device = libusb_ref_device (device);
  arrival->is_here = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED;
  fettle_inbox_post (hotplug->inbox, arrival);
  return 0;
}

static void
start_hotplug (FettleUsbContext *context, gpointer data)
{
  Hotplug *hotplug = data;

  libusb_hotplug_register_callback (
      fettle_usb_context_get_libusb (context),
      LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
      LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
      LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, hotplug, &hotplug->handle);
}

static void
stop_hotplug (FettleUsbContext *context, gpointer data)
{
  Hotplug *hotplug = data;

  libusb_hotplug_deregister_callback (fettle_usb_context_get_libusb (context),
                                      hotplug->handle);
  fettle_inbox_unref (hotplug->inbox);
  g_free (hotplug);
}

/* --- entries --- */

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->usb, fettle_usb_device_unref);
  g_clear_object (&entry->board);
  g_free (entry);
}

static Entry *
find_place (FettleBoardMonitor *self, libusb_device *device)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->bus == libusb_get_bus_number (device)
          && entry->address == libusb_get_device_address (device))
        return entry;
    }
  return NULL;
}

static Entry *
find_number (FettleBoardMonitor *self, guint number)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->number == number)
        return entry;
    }
  return NULL;
}

/* --- looking at a device --- */

typedef struct
{
  GWeakRef monitor;
  guint number; /* of the entry */
  FettleUsbContext *context;
  libusb_device *device; /* for the first look */
  FettleUsbDevice *usb;
  FettleUsbState state;
  char *problem;
} Look;

static void
free_look (gpointer data)
{
  Look *look = data;

  g_weak_ref_clear (&look->monitor);
  g_clear_pointer (&look->device, libusb_unref_device);
  g_clear_pointer (&look->usb, fettle_usb_device_unref);
  g_clear_pointer (&look->context, fettle_usb_context_unref);
  g_free (look->problem);
  g_free (look);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;

  if (look->usb == NULL)
    look->usb = fettle_usb_device_new (look->context, look->device);
  look->state = fettle_usb_device_check (look->usb, &look->problem);
  g_task_return_boolean (task, TRUE);
}

static void on_looked (GObject *object, GAsyncResult *result, gpointer user_data);

/* DEVICE is for the first time. */
static void
look_at (FettleBoardMonitor *self, Entry *entry, libusb_device *device)
{
  Look *look = g_new0 (Look, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_looked, NULL);

  entry->is_looked_at = TRUE;
  g_weak_ref_init (&look->monitor, self);
  look->number = entry->number;
  look->context = fettle_usb_context_ref (self->usb);
  if (entry->usb != NULL)
    look->usb = fettle_usb_device_ref (entry->usb);
  else
    look->device = libusb_ref_device (device);
  g_task_set_task_data (task, look, free_look);
  g_task_run_in_thread (task, look_in_thread);
}

static gboolean
is_unsettled (const Entry *entry)
{
  return entry->board == NULL
         || (fettle_board_get_problem (entry->board) != NULL
             && fettle_usb_device_has_agent (entry->usb));
}

static void set_timer (FettleBoardMonitor *self);

static gboolean
look_again (gpointer user_data)
{
  FettleBoardMonitor *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->usb != NULL && !entry->is_looked_at && is_unsettled (entry))
        look_at (self, entry, NULL);
    }
  return G_SOURCE_REMOVE;
}

/* Soon while a device is new, later for one with a problem. */
static void
set_timer (FettleBoardMonitor *self)
{
  guint wait = G_MAXUINT;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->board == NULL)
        wait = PERMISSION_RETRY;
      else if (is_unsettled (entry))
        wait = MIN (wait, PROBLEM_RETRY);
    }
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (wait == G_MAXUINT)
    return;
  self->timer = g_timeout_source_new (wait);
  g_source_set_callback (self->timer, look_again, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
list_board (FettleBoardMonitor *self, Entry *entry, const Look *look)
{
  entry->board = fettle_board_new_usb (
      entry->usb, fettle_board_choose_usb_id (self->boards, entry->usb));
  fettle_board_set_problem (entry->board, look->state, look->problem);
  g_ptr_array_add (self->boards, g_object_ref (entry->board));
  g_signal_emit (self, signals[ADDED], 0, entry->board);
}

static void
on_looked (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (FettleBoardMonitor) self = g_weak_ref_get (&look->monitor);
  Entry *entry = self != NULL ? find_number (self, look->number) : NULL;

  if (entry == NULL)
    return; /* gone meanwhile */
  entry->is_looked_at = FALSE;
  if (entry->usb == NULL)
    entry->usb = fettle_usb_device_ref (look->usb);
  if (entry->board != NULL)
    {
      if (fettle_board_set_problem (entry->board, look->state, look->problem))
        g_signal_emit (self, signals[CHANGED], 0, entry->board);
    }
  else if (look->state != FETTLE_USB_FORBIDDEN
           || g_get_monotonic_time () - entry->arrival >= PERMISSION_WAIT)
    list_board (self, entry, look);
  set_timer (self);
}

/* --- arriving and leaving --- */

static void
take_in (FettleBoardMonitor *self, libusb_device *device)
{
  Entry *entry;

  if (find_place (self, device) != NULL)
    return;
  entry = g_new0 (Entry, 1);
  entry->number = ++self->next_number;
  entry->bus = libusb_get_bus_number (device);
  entry->address = libusb_get_device_address (device);
  entry->arrival = g_get_monotonic_time ();
  g_ptr_array_add (self->entries, entry);
  look_at (self, entry, device);
}

static void
take_out (FettleBoardMonitor *self, libusb_device *device)
{
  Entry *entry = find_place (self, device);
  g_autoptr (FettleBoard) board = NULL;

  if (entry == NULL)
    return;
  board = g_steal_pointer (&entry->board);
  g_ptr_array_remove (self->entries, entry);
  if (board == NULL)
    return;
  g_ptr_array_remove (self->boards, board);
  g_signal_emit (self, signals[REMOVED], 0, board);
}

static void
handle_arrival (gpointer item, gpointer user_data)
{
  g_autoptr (FettleBoardMonitor) self = g_object_ref (user_data);
  Arrival *arrival = item;

  if (arrival->is_here)
    take_in (self, arrival->device);
  else
    take_out (self, arrival->device);
  free_arrival (arrival);
}

/* --- serial ports --- */

static const FettleSerialPort *
find_port (GPtrArray *ports, const char *device)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const FettleSerialPort *port = g_ptr_array_index (ports, i);

      if (g_str_equal (port->device, device))
        return port;
    }
  return NULL;
}

/* Removes the boards whose ports are gone, looks at the others. */
static void
update_serial_boards (FettleBoardMonitor *self, GPtrArray *ports)
{
  for (guint i = self->boards->len; i-- > 0;)
    {
      g_autoptr (FettleBoard) board = g_object_ref (g_ptr_array_index (self->boards, i));
      const char *device = fettle_board_get_serial_device (board);
      const FettleSerialPort *port = device != NULL ? find_port (ports, device) : NULL;

      if (device != NULL && port == NULL)
        {
          g_ptr_array_remove_index (self->boards, i);
          g_signal_emit (self, signals[REMOVED], 0, board);
        }
      else if (port != NULL && fettle_board_update_serial (board, port))
        g_signal_emit (self, signals[CHANGED], 0, board);
    }
}

static void
on_serial_ports (GPtrArray *ports, gpointer user_data)
{
  g_autoptr (FettleBoardMonitor) self = g_object_ref (user_data);

  update_serial_boards (self, ports);
  for (guint i = 0; i < ports->len; i++)
    {
      g_autoptr (FettleBoard) board =
          fettle_board_new_serial (g_ptr_array_index (ports, i));

      if (fettle_board_monitor_lookup (self, fettle_board_get_id (board)) != NULL)
        continue;
      g_ptr_array_add (self->boards, g_object_ref (board));
      g_signal_emit (self, signals[ADDED], 0, board);
    }
}

/* --- the object --- */

static void
fettle_board_monitor_dispose (GObject *object)
{
  FettleBoardMonitor *self = FETTLE_BOARD_MONITOR (object);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_pointer (&self->serial, fettle_serial_watch_free);
  if (self->inbox != NULL)
    fettle_inbox_close (g_steal_pointer (&self->inbox));
  if (self->hotplug != NULL)
    fettle_usb_context_run (self->usb, stop_hotplug, g_steal_pointer (&self->hotplug));
  g_clear_pointer (&self->boards, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->usb, fettle_usb_context_unref);
  G_OBJECT_CLASS (fettle_board_monitor_parent_class)->dispose (object);
}

static void
fettle_board_monitor_finalize (GObject *object)
{
  g_main_context_unref (FETTLE_BOARD_MONITOR (object)->context);
  G_OBJECT_CLASS (fettle_board_monitor_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, FETTLE_TYPE_BOARD_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                       NULL, G_TYPE_NONE, 1, FETTLE_TYPE_BOARD);
}

static void
fettle_board_monitor_class_init (FettleBoardMonitorClass *class)
{
  G_OBJECT_CLASS (class)->dispose = fettle_board_monitor_dispose;
  G_OBJECT_CLASS (class)->finalize = fettle_board_monitor_finalize;
  signals[ADDED] = add_signal ("added");
  signals[CHANGED] = add_signal ("changed");
  signals[REMOVED] = add_signal ("removed");
}

static void
fettle_board_monitor_init (FettleBoardMonitor *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->boards = fettle_board_list_built_in ();
  self->entries = g_ptr_array_new_with_free_func (free_entry);
  self->serial = fettle_serial_watch_new (on_serial_ports, self);
  self->usb = fettle_usb_context_acquire (NULL);
  if (self->usb == NULL || !libusb_has_capability (LIBUSB_CAP_HAS_HOTPLUG))
    return;
  self->inbox = fettle_inbox_new (self->context, handle_arrival, free_arrival, self);
  self->hotplug = g_new0 (Hotplug, 1);
  self->hotplug->inbox = fettle_inbox_ref (self->inbox);
  fettle_usb_context_run (self->usb, start_hotplug, self->hotplug);
}

FettleBoardMonitor *
fettle_board_monitor_new (void)
{
  return g_object_new (FETTLE_TYPE_BOARD_MONITOR, NULL);
}

GPtrArray *
fettle_board_monitor_get_boards (FettleBoardMonitor *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_MONITOR (self), NULL);
  return self->boards;
}

FettleBoard *
fettle_board_monitor_lookup (FettleBoardMonitor *self, const char *id)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_MONITOR (self) && id != NULL, NULL);

  for (guint i = 0; i < self->boards->len; i++)
    if (fettle_board_has_id (g_ptr_array_index (self->boards, i), id))
      return g_ptr_array_index (self->boards, i);
  return NULL;
}
