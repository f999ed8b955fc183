/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.c: a queue from other threads to one GMainContext. */
#include "profiler/inbox.h"

/* Handled in one go; more would keep a window from being drawn. */
#define MOST_AT_ONCE 32

struct _FettleInbox
{
  gatomicrefcount references;
  FettleInboxHandler handler;
  GDestroyNotify free_item;
  gpointer user_data;

  GMutex lock; /* of what follows */
  GQueue items;
  GSource *source; /* NULL: closed */
};

typedef struct
{
  GSource source;
  FettleInbox *inbox;
} InboxSource;

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  FettleInbox *self = fettle_inbox_ref (((InboxSource *)source)->inbox);
  gboolean more = TRUE;

  /* Before looking, so that what is posted meanwhile is not missed. */
  g_source_set_ready_time (source, -1);
  for (int i = 0; more && i < MOST_AT_ONCE; i++)
    {
      gpointer item;

      g_mutex_lock (&self->lock);
      item = g_queue_pop_head (&self->items);
      more = !g_queue_is_empty (&self->items);
      g_mutex_unlock (&self->lock);
      if (item != NULL)
        self->handler (item, self->user_data);
    }
  if (more && !g_source_is_destroyed (source))
    g_source_set_ready_time (source, 0);
  fettle_inbox_unref (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = { .dispatch = dispatch };

FettleInbox *
fettle_inbox_new (GMainContext *context, FettleInboxHandler handler,
                  GDestroyNotify free_item, gpointer user_data)
{
  FettleInbox *self = g_new0 (FettleInbox, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_queue_init (&self->items);
  self->handler = handler;
  self->free_item = free_item;
  self->user_data = user_data;
  self->source = g_source_new (&source_functions, sizeof (InboxSource));
  ((InboxSource *)self->source)->inbox = self;
  g_source_attach (self->source, context);
  return self;
}

FettleInbox *
fettle_inbox_ref (FettleInbox *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
fettle_inbox_unref (FettleInbox *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_assert (self->source == NULL && g_queue_is_empty (&self->items));
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
fettle_inbox_post (FettleInbox *self, gpointer item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->source == NULL)
    {
      self->free_item (item);
      return;
    }
  g_queue_push_tail (&self->items, item);
  g_source_set_ready_time (self->source, 0);
}

void
fettle_inbox_close (FettleInbox *self)
{
  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->items, self->free_item);
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->lock);
  fettle_inbox_unref (self);
}
