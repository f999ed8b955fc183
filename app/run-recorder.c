/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-recorder.c: keeps each run of the window in the store of runs. */
#include "config.h"

#include "app/run-recorder.h"

#include "profiler/run-store.h"

struct _FettleRunRecorder
{
  GObject parent_instance;

  FettleDocument *document;    /* not owned */
  FettleBoardControl *control; /* not owned */
  FettleRun *run;              /* the one that goes on; NULL: none */
  FettleTrace *trace;          /* its measurements */
  gboolean is_awaited;         /* the board was unplugged; the run may go on */
  gboolean has_failed;         /* the user knows */
};

G_DEFINE_FINAL_TYPE (FettleRunRecorder, fettle_run_recorder, G_TYPE_OBJECT)

static guint failed_signal;

static void
set_string (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

/* Board and model may both be gone when the run has ended. */
static void
describe (FettleRun *run, FettleContent *content, FettleBoard *board,
          const FettleBoardInfo *info)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  const FettleRunStatistics none = { 0 };

  set_string (&run->board, fettle_board_get_id (board));
  set_string (&run->core, info->core);
  set_string (&run->firmware, info->agent);
  run->clock_hz = info->clock_hz;
  g_free (run->model);
  run->model = g_filename_display_basename (content->path);
  set_string (&run->model_hash, fettle_graph_get_source_hash (graph));
  set_string (&run->recipe_hash, content->project->recipe_hash);
  run->image_bytes = g_bytes_get_size (content->lowered->image);
  run->arena_bytes = content->lowered->arena.size;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      fettle_run_add_layer (run, operator_->name,
                            fettle_opcode_get_name (operator_->opcode), &none);
    }
}

static void
begin (FettleRunRecorder *self)
{
  const FettleBoardInfo *info = fettle_board_control_get_info (self->control);
  FettleContent *content = fettle_document_get_content (self->document);

  if (self->run != NULL || info == NULL || content == NULL)
    return;
  self->run = fettle_run_new ();
  describe (self->run, content, fettle_board_control_get_board (self->control), info);
}

static void
keep_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (FettleRunStore) store = fettle_run_store_open (NULL, &error);

  if (store != NULL && fettle_run_store_add (store, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleRunRecorder *self = FETTLE_RUN_RECORDER (source);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) || self->has_failed)
    return;
  self->has_failed = TRUE;
  g_signal_emit (self, failed_signal, 0, error->message);
}

static void
end (FettleRunRecorder *self)
{
  g_autoptr (FettleRun) run = g_steal_pointer (&self->run);
  g_autoptr (FettleTrace) trace = g_steal_pointer (&self->trace);
  g_autoptr (GTask) task = NULL;

  if (run == NULL || trace == NULL || fettle_trace_get_n_runs (trace) == 0
      || fettle_trace_get_n_layers (trace) != run->layers->len)
    return;
  run->time = g_get_real_time ();
  fettle_run_set_trace (run, trace);
  task = g_task_new (self, NULL, kept, NULL);
  g_task_set_task_data (task, g_steal_pointer (&run), (GDestroyNotify)fettle_run_free);
  g_task_run_in_thread (task, keep_in_thread);
}

static void
state_changed (FettleRunRecorder *self)
{
  FettleBoardState state = fettle_board_control_get_state (self->control);

  if (state == FETTLE_BOARD_AWAITED)
    self->is_awaited = TRUE;
  else if (state == FETTLE_BOARD_RUNNING || state == FETTLE_BOARD_STOPPING
           || state == FETTLE_BOARD_DISCONNECTED)
    self->is_awaited = FALSE;
  if (state == FETTLE_BOARD_RUNNING)
    begin (self);
  else if (state != FETTLE_BOARD_STOPPING && !self->is_awaited)
    end (self);
}

static void
trace_changed (FettleRunRecorder *self)
{
  FettleTrace *trace = fettle_document_get_trace (self->document);

  if (self->run != NULL && trace != NULL)
    g_set_object (&self->trace, trace);
}

static void
fettle_run_recorder_dispose (GObject *object)
{
  FettleRunRecorder *self = FETTLE_RUN_RECORDER (object);

  g_clear_pointer (&self->run, fettle_run_free);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (fettle_run_recorder_parent_class)->dispose (object);
}

static void
fettle_run_recorder_class_init (FettleRunRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_run_recorder_dispose;
  failed_signal = g_signal_new ("failed", FETTLE_TYPE_RUN_RECORDER, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fettle_run_recorder_init (FettleRunRecorder *self)
{
}

FettleRunRecorder *
fettle_run_recorder_new (FettleDocument *document, FettleBoardControl *control)
{
  FettleRunRecorder *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (control), NULL);

  self = g_object_new (FETTLE_TYPE_RUN_RECORDER, NULL);
  self->document = document;
  self->control = control;
  g_signal_connect_object (control, "state-changed", G_CALLBACK (state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (trace_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
