/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target-image.c: the document's model as the chosen board would get it. */
#include "config.h"

#include "app/target-image.h"

struct _FettleTargetImage
{
  GObject parent_instance;

  FettleDocument *document;
  FettleBoardControl *control;
  FettleBoard *board; /* whose limits are known */
  FettleTargetLimits limits;

  FettleContent *content; /* of LOWERED, or of the work under way */
  FettleTarget target;    /* likewise */
  FettleLowered *lowered; /* NULL: not done, or CONTENT's own will do */
  FettleLowered *kept;    /* every tensor until the end; NULL: not done */
  FettleTargetSize source_size;
  char *problem;
  GCancellable *cancellable; /* of the work under way; NULL: none */
};

G_DEFINE_FINAL_TYPE (FettleTargetImage, fettle_target_image, G_TYPE_OBJECT)

static guint changed_signal;

/* What the worker gets. */
typedef struct
{
  FettleContent *content;
  FettleTarget target;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  fettle_content_unref (work->content);
  g_free (work);
}

/* What it leaves behind. */
typedef struct
{
  FettleLowered *lowered; /* NULL: the content's own will do */
  FettleLowered *kept;
  FettleTargetSize source_size;
} Result;

static void
result_free (gpointer data)
{
  Result *result = data;

  g_clear_pointer (&result->lowered, fettle_lowered_free);
  g_clear_pointer (&result->kept, fettle_lowered_free);
  g_free (result);
}

/* Of the model before it was tuned; 0 if there was none, or none that runs on this core. */
static FettleTargetSize
measure_source (FettleGraph *source, const FettleLowerOptions *options)
{
  FettleTargetSize size = { 0 };
  g_autoptr (FettleLowered) lowered =
      source != NULL ? fettle_lower (source, options, NULL) : NULL;

  if (lowered != NULL)
    size = (FettleTargetSize){ g_bytes_get_size (lowered->image), lowered->arena.size };
  return size;
}

static void
lower_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  FettleLowerOptions options = { .target = work->target };
  FettleLowerOptions keeping = { .target = work->target, .keep_all_tensors = TRUE };
  Result *result = g_new0 (Result, 1);
  GError *error = NULL;

  if (work->target != FETTLE_TARGET_PORTABLE)
    result->lowered =
        fettle_lower (fettle_content_get_graph (work->content), &options, &error);
  if (error == NULL)
    result->kept =
        fettle_lower (fettle_content_get_graph (work->content), &keeping, NULL);
  if (error == NULL)
    result->source_size = measure_source (work->content->project->source, &options);
  if (error == NULL)
    g_task_return_pointer (task, result, result_free);
  else
    {
      result_free (result);
      g_task_return_error (task, error);
    }
}

static void
lowering_done (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  FettleTargetImage *self = FETTLE_TARGET_IMAGE (source);
  g_autoptr (GError) error = NULL;
  Result *result = g_task_propagate_pointer (G_TASK (async_result), &error);

  if (g_task_get_cancellable (G_TASK (async_result)) == self->cancellable)
    {
      g_clear_object (&self->cancellable);
      if (result != NULL)
        {
          self->lowered = g_steal_pointer (&result->lowered);
          self->kept = g_steal_pointer (&result->kept);
          self->source_size = result->source_size;
        }
      else
        self->problem = g_strdup (error->message);
      g_signal_emit (self, changed_signal, 0);
    }
  g_clear_pointer (&result, result_free);
}

static void
forget (FettleTargetImage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->lowered, fettle_lowered_free);
  g_clear_pointer (&self->kept, fettle_lowered_free);
  g_clear_pointer (&self->content, fettle_content_unref);
  g_clear_pointer (&self->problem, g_free);
  self->source_size = (FettleTargetSize){ 0 };
}

static void
start_lowering (FettleTargetImage *self)
{
  g_autoptr (GTask) task = NULL;
  Work *work;

  if (self->content == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, lowering_done, NULL);
  work = g_new0 (Work, 1);
  work->content = fettle_content_ref (self->content);
  work->target = self->target;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, lower_in_thread);
}

static void
update_limits (FettleTargetImage *self)
{
  const FettleBoardInfo *info = fettle_board_control_get_info (self->control);
  FettleBoard *board = fettle_board_control_get_board (self->control);

  if (g_set_object (&self->board, board))
    self->limits = (FettleTargetLimits){
      .board = board != NULL ? fettle_board_get_name (board) : NULL,
    };
  if (info == NULL
      || fettle_board_control_get_state (self->control) == FETTLE_BOARD_CONNECTING)
    return;
  self->limits.image_bytes = info->image_bytes;
  self->limits.arena_bytes = info->arena_bytes;
  self->limits.clock_hz = info->clock_hz;
}

static void
refresh (FettleTargetImage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleBoard *board = fettle_board_control_get_board (self->control);
  FettleTarget target =
      board != NULL ? fettle_board_get_target (board) : FETTLE_TARGET_PORTABLE;

  update_limits (self);
  if (content != self->content || target != self->target)
    {
      forget (self);
      self->content = content != NULL ? fettle_content_ref (content) : NULL;
      self->target = target;
      start_lowering (self);
    }
  g_signal_emit (self, changed_signal, 0);
}

FettleTarget
fettle_target_image_get_target (FettleTargetImage *self)
{
  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), FETTLE_TARGET_PORTABLE);
  return self->target;
}

const FettleLowered *
fettle_target_image_get_lowered (FettleTargetImage *self)
{
  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), NULL);

  if (self->content != NULL && self->target == FETTLE_TARGET_PORTABLE)
    return self->content->lowered;
  return self->lowered;
}

const FettleLowered *
fettle_target_image_get_kept (FettleTargetImage *self)
{
  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), NULL);
  return self->kept;
}

const char *
fettle_target_image_get_problem (FettleTargetImage *self)
{
  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), NULL);
  return self->problem;
}

FettleTargetSize
fettle_target_image_get_source_size (FettleTargetImage *self)
{
  FettleTargetSize none = { 0 };

  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), none);
  return self->source_size;
}

FettleTargetLimits
fettle_target_image_get_limits (FettleTargetImage *self)
{
  FettleTargetLimits none = { NULL };

  g_return_val_if_fail (FETTLE_IS_TARGET_IMAGE (self), none);
  return self->limits;
}

static void
fettle_target_image_dispose (GObject *object)
{
  FettleTargetImage *self = FETTLE_TARGET_IMAGE (object);

  forget (self);
  g_clear_object (&self->board);
  g_clear_object (&self->control);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_target_image_parent_class)->dispose (object);
}

static void
fettle_target_image_class_init (FettleTargetImageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_target_image_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_target_image_init (FettleTargetImage *self)
{
}

FettleTargetImage *
fettle_target_image_new (FettleDocument *document, FettleBoardControl *control)
{
  FettleTargetImage *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (control), NULL);

  self = g_object_new (FETTLE_TYPE_TARGET_IMAGE, NULL);
  self->document = g_object_ref (document);
  self->control = g_object_ref (control);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (control, "state-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  refresh (self);
  return self;
}
