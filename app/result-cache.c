/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result-cache.c: what recipes made of a model, kept so that going back to them takes no time. */
#include "config.h"

#include "app/result-cache.h"

/* Of an image: beside it, the tuned graph has its weights again, and the float graph that it is compared with has four
 * bytes for each. */
#define BYTES_PER_IMAGE_BYTE 6

typedef struct
{
  char *key;
  FettleContent *content;
  GArray *errors;
  gsize n_bytes;
} Result;

struct _FettleResultCache
{
  GQueue results; /* of Result; the latest wanted first */
  gsize n_bytes;
  gsize maximum_bytes;
};

FettleResultCache *
fettle_result_cache_new (gsize maximum_bytes)
{
  FettleResultCache *self = g_new0 (FettleResultCache, 1);

  g_queue_init (&self->results);
  self->maximum_bytes = maximum_bytes;
  return self;
}

static void
result_free (Result *result)
{
  g_free (result->key);
  fettle_content_unref (result->content);
  g_clear_pointer (&result->errors, g_array_unref);
  g_free (result);
}

void
fettle_result_cache_clear (FettleResultCache *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->results, (GDestroyNotify)result_free);
  self->n_bytes = 0;
}

void
fettle_result_cache_free (FettleResultCache *self)
{
  if (self == NULL)
    return;
  fettle_result_cache_clear (self);
  g_free (self);
}

static void
drop (FettleResultCache *self, GList *link)
{
  Result *result = link->data;

  self->n_bytes -= result->n_bytes;
  g_queue_delete_link (&self->results, link);
  result_free (result);
}

static GList *
find (FettleResultCache *self, const char *key)
{
  for (GList *link = self->results.head; link != NULL; link = link->next)
    if (g_str_equal (((Result *)link->data)->key, key))
      return link;
  return NULL;
}

void
fettle_result_cache_put (FettleResultCache *self, const char *key, FettleContent *content,
                         GArray *errors)
{
  GList *old;
  Result *result;

  g_return_if_fail (self != NULL && key != NULL && content != NULL);

  result = g_new0 (Result, 1);
  result->key = g_strdup (key);
  result->content = fettle_content_ref (content);
  result->errors = errors != NULL ? g_array_ref (errors) : NULL;
  result->n_bytes = g_bytes_get_size (content->lowered->image) * BYTES_PER_IMAGE_BYTE;
  old = find (self, key);
  if (old != NULL)
    drop (self, old);
  g_queue_push_head (&self->results, result);
  self->n_bytes += result->n_bytes;
  while (self->n_bytes > self->maximum_bytes && self->results.length > 1)
    drop (self, self->results.tail);
}

FettleContent *
fettle_result_cache_get (FettleResultCache *self, const char *key, GArray **errors)
{
  GList *link;
  Result *result;

  g_return_val_if_fail (self != NULL && key != NULL && errors != NULL, NULL);

  *errors = NULL;
  link = find (self, key);
  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->results, link);
  g_queue_push_head_link (&self->results, link);
  result = link->data;
  *errors = result->errors;
  return result->content;
}
