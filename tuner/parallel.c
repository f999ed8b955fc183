/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parallel.c: one piece of work for each of many items, spread over threads. */
#include "config.h"
#include "tuner/parallel.h"

#define MAX_WORKERS 64

typedef struct
{
  guint n_items;
  FettleParallelFunc func;
  gpointer user_data;
  GCancellable *cancellable;

  /* Items are handed out in order, so every item below a failed one is done or under way. */
  gint next_item; /* atomic */
  gint n_done;    /* atomic */
  gint is_failed; /* atomic */

  GMutex lock; /* guards what follows */
  GError *error;
  guint error_item;
} Job;

typedef struct
{
  Job *job;
  guint worker;
} Worker;

guint
fettle_parallel_count_workers (guint n_items)
{
  const char *wanted = g_getenv ("FETTLE_THREADS");
  guint64 n = wanted != NULL ? g_ascii_strtoull (wanted, NULL, 10) : 0;

  if (n == 0)
    n = g_get_num_processors ();
  return (guint)CLAMP (MIN (n, n_items), 1, MAX_WORKERS);
}

static void
fail_item (Job *job, guint item, GError *error)
{
  g_mutex_lock (&job->lock);
  if (job->error == NULL || item < job->error_item)
    {
      g_clear_error (&job->error);
      job->error = error;
      job->error_item = item;
    }
  else
    g_error_free (error);
  g_mutex_unlock (&job->lock);
  g_atomic_int_set (&job->is_failed, TRUE);
}

/* FALSE when nothing is left to do. */
static gboolean
work_once (Job *job, guint worker)
{
  GError *error = NULL;
  guint item;

  /* Before an item is taken: one that was taken is worked on, whatever happens to later ones. */
  if (g_atomic_int_get (&job->is_failed))
    return FALSE;
  item = (guint)g_atomic_int_add (&job->next_item, 1);
  if (item >= job->n_items)
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (job->cancellable, &error)
      || !job->func (worker, item, job->user_data, &error))
    {
      fail_item (job, item, error);
      return FALSE;
    }
  g_atomic_int_inc (&job->n_done);
  return TRUE;
}

static gpointer
run_worker (gpointer data)
{
  Worker *worker = data;

  while (work_once (worker->job, worker->worker))
    ;
  return NULL;
}

gboolean
fettle_parallel_run (guint n_items, guint n_workers, FettleParallelFunc func,
                     gpointer user_data, FettleParallelProgress progress,
                     gpointer progress_data, GCancellable *cancellable, GError **error)
{
  Job job = {
    .n_items = n_items, .func = func, .user_data = user_data, .cancellable = cancellable
  };
  GThread *threads[MAX_WORKERS];
  Worker workers[MAX_WORKERS];

  g_assert (n_items <= G_MAXINT - MAX_WORKERS);
  g_assert (n_workers >= 1 && n_workers <= MAX_WORKERS);

  g_mutex_init (&job.lock);
  for (guint i = 1; i < n_workers; i++)
    {
      workers[i] = (Worker){ &job, i };
      threads[i] = g_thread_new ("fettle-worker", run_worker, &workers[i]);
    }
  while (work_once (&job, 0))
    if (progress != NULL)
      progress ((double)g_atomic_int_get (&job.n_done) / n_items, progress_data);
  for (guint i = 1; i < n_workers; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&job.lock);
  if (job.error == NULL)
    {
      /* The last item may have been another thread's. */
      if (progress != NULL)
        progress (1.0, progress_data);
      return TRUE;
    }
  g_propagate_error (error, job.error);
  return FALSE;
}
