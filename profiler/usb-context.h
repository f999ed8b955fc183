/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-context.h: libusb and the one thread that serves it.
 *
 * Everything that submits, completes or cancels a transfer happens on the event thread, as a job or
 * as libusb's callback, so nothing there needs a lock, and nobody waits for that thread. Jobs must not block:
 * they hold up all boards. Synchronous transfers are not used at all, since whoever waits for one
 * may have to serve the callbacks of others meanwhile. */
#pragma once

#include <glib.h>
#include <libusb.h>

G_BEGIN_DECLS

typedef struct _FettleUsbContext FettleUsbContext;

typedef void (*FettleUsbJob) (FettleUsbContext *context, gpointer data);

/* The context of this process, started if nobody has it; NULL with a sentence if there is no USB.
 * Any thread but the event thread. */
FettleUsbContext *fettle_usb_context_acquire (GError **error);
FettleUsbContext *fettle_usb_context_ref (FettleUsbContext *self);
/* The last one waits until every connection is closed, which takes milliseconds with a board that
 * answers and some seconds with one that does not. Any thread but the event thread. */
void fettle_usb_context_unref (FettleUsbContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleUsbContext, fettle_usb_context_unref)

libusb_context *fettle_usb_context_get_libusb (FettleUsbContext *self);

/* Runs JOB on the event thread, after those that were given before. Any thread. */
void fettle_usb_context_run (FettleUsbContext *self, FettleUsbJob job, gpointer data);

/* On the event thread: the thread goes on until as many releases as holds were seen. */
void fettle_usb_context_hold (FettleUsbContext *self);
void fettle_usb_context_release (FettleUsbContext *self);

/* Connections on their way to being closed, whose boards are still claimed. Any thread. */
void fettle_usb_context_count_closing (FettleUsbContext *self, int change);
gboolean fettle_usb_context_is_closing (FettleUsbContext *self);

G_END_DECLS
