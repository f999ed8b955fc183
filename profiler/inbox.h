/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.h: a queue from other threads to one GMainContext. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FettleInbox FettleInbox;

/* Called on the context, once for each item, in the order of posting. Owns ITEM. */
typedef void (*FettleInboxHandler) (gpointer item, gpointer user_data);

/* The owner's reference. FREE_ITEM is for items that nobody handles any more. */
FettleInbox *fettle_inbox_new (GMainContext *context, FettleInboxHandler handler,
                               GDestroyNotify free_item, gpointer user_data);
FettleInbox *fettle_inbox_ref (FettleInbox *self);
void fettle_inbox_unref (FettleInbox *self);

/* Any thread. Takes ITEM. */
void fettle_inbox_post (FettleInbox *self, gpointer item);

/* On the context: HANDLER is not called after this, items posted later are freed. Drops the owner's
 * reference. */
void fettle_inbox_close (FettleInbox *self);

G_END_DECLS
