/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export-work.c: writes a model's header in a thread. */
#include "config.h"

#include "app/export-work.h"
#include "model/header-writer.h"

void
fettle_export_free (FettleExport *export_)
{
  g_free (export_->header);
  g_free (export_);
}

typedef struct
{
  FettleContent *content;
  FettleExportOptions options;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  fettle_content_unref (work->content);
  g_free (work->options.symbol);
  g_free (work);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  const FettleLowerOptions options = { .target = work->options.target,
                                       .rounding = work->options.rounding };
  FettleProject *project = work->content->project;
  GError *error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (project->graph, &options, &error);
  g_autoptr (FettleExport) export_ = g_new0 (FettleExport, 1);

  if (lowered != NULL)
    {
      export_->image_bytes = g_bytes_get_size (lowered->image);
      export_->arena_bytes = lowered->arena.size;
      fettle_image_measure_sections (lowered->image, export_->sections);
      export_->header = fettle_header_write (project, options.target, options.rounding,
                                             work->options.symbol, &error);
    }
  if (export_->header != NULL)
    g_task_return_pointer (task, g_steal_pointer (&export_),
                           (GDestroyNotify)fettle_export_free);
  else
    g_task_return_error (task, error);
}

void
fettle_export_async (FettleContent *content, const FettleExportOptions *options,
                     GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Work *work;

  g_return_if_fail (content != NULL && options != NULL);

  work = g_new0 (Work, 1);
  work->content = fettle_content_ref (content);
  work->options = *options;
  work->options.symbol = g_strdup (options->symbol);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, export_in_thread);
}

FettleExport *
fettle_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
