/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-control.c: connects a document to a board and keeps it running: a state machine. */
#include "config.h"

#include "app/board-control.h"
#include "profiler/reference.h"

#include <glib/gi18n.h>

/* One request after the other keeps a live run going, each with a trace of its own. Long enough that
 * statistics settle, short enough that they are cheap to work out ten times a second. */
#define REPETITIONS_PER_RUN 5000

struct _FettleBoardControl
{
  GObject parent_instance;

  FettleDocument *document;
  FettleBoardMonitor *monitor;
  FettleBoard *board;
  FettleBoardState state;
  gboolean resumes;   /* the run, once an awaited board is connected */
  FettleTrace *trace; /* of that run, which goes on */

  FettleSession *session;     /* NULL while disconnected */
  GCancellable *cancellable;  /* of the operation under way */
  GBytes *uploaded;           /* the image that the board holds */
  FettleReference *reference; /* what that image gives here */
  int difference;             /* as in FettleTrace */
};

G_DEFINE_FINAL_TYPE (FettleBoardControl, fettle_board_control, G_TYPE_OBJECT)

enum
{
  STATE_CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (FettleBoardControl *self, FettleBoardState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
restart_cancellable (FettleBoardControl *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/* Forgets the session; what is still under way in it finds that it is no longer current. */
static void
close_session (FettleBoardControl *self)
{
  g_autoptr (FettleSession) session = g_steal_pointer (&self->session);

  if (session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (session, self);
  g_cancellable_cancel (self->cancellable);
  fettle_session_close (session);
  g_clear_pointer (&self->uploaded, g_bytes_unref);
}

static void
drop_session (FettleBoardControl *self)
{
  close_session (self);
  self->resumes = FALSE;
  set_state (self, FETTLE_BOARD_DISCONNECTED);
}

/* --- boards that come and go --- */

/* The session is over because the board was unplugged. */
static void
await_board (FettleBoardControl *self)
{
  if (self->state == FETTLE_BOARD_PREPARING || self->state == FETTLE_BOARD_RUNNING)
    self->resumes = TRUE;
  else if (self->state != FETTLE_BOARD_CONNECTING)
    self->resumes = FALSE;
  close_session (self);
  set_state (self, FETTLE_BOARD_AWAITED);
}

static gboolean
is_chosen (FettleBoardControl *self, FettleBoard *board)
{
  return self->board != NULL
         && fettle_board_has_id (board, fettle_board_get_id (self->board));
}

/* The awaited board is another object than before. */
static void
board_present (FettleBoardControl *self, FettleBoard *board)
{
  if (!is_chosen (self, board))
    return;
  if (self->session == NULL)
    g_set_object (&self->board, board);
  if (self->state != FETTLE_BOARD_AWAITED || fettle_board_get_problem (board) != NULL)
    g_signal_emit (self, signals[STATE_CHANGED], 0);
  else
    fettle_board_control_connect (self);
}

/* It may be told earlier than the link's loss. */
static void
board_removed (FettleBoardControl *self, FettleBoard *board)
{
  if (self->session != NULL && is_chosen (self, board))
    await_board (self);
}

static gboolean
can_come_back (FettleBoardControl *self, const GError *reason)
{
  return g_error_matches (reason, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED)
         && (g_str_equal (fettle_board_get_link (self->board), "usb")
             || g_str_equal (fettle_board_get_link (self->board), "serial"));
}

/* --- the session --- */

static void
session_lost (FettleSession *session, const GError *reason, FettleBoardControl *self)
{
  g_autofree char *text = g_strdup (reason->message);

  if (can_come_back (self, reason))
    {
      await_board (self);
      return;
    }
  drop_session (self);
  g_signal_emit (self, signals[FAILED], 0, text);
}

static void
session_measured (FettleSession *session, FettleTrace *trace, FettleBoardControl *self)
{
  if (self->state != FETTLE_BOARD_RUNNING)
    return;
  g_set_object (&self->trace, trace);
  fettle_trace_set_difference (trace, self->difference);
  fettle_document_set_trace (self->document, trace);
  fettle_document_touch_trace (self->document);
}

/* Each run's output is compared. One that differs makes the next run tell where. */
static void
session_output (FettleSession *session, guint crc, FettleBoardControl *self)
{
  if (self->session == session && self->difference == FETTLE_TRACE_SAME
      && crc != fettle_reference_get_output_crc (self->reference))
    self->difference = FETTLE_TRACE_NOT_COMPARED;
}

/* TRUE if an operation of SESSION ended well and the session is still the current one. A failure
 * goes to the user, unless the user asked for it. */
static gboolean
check_operation (FettleBoardControl *self, gpointer session, const GError *error)
{
  if (self->session != session)
    return FALSE;
  if (error == NULL)
    return TRUE;
  /* The operation ends before the session tells of its own end. */
  if (can_come_back (self, error))
    {
      await_board (self);
      return FALSE;
    }
  if (self->state == FETTLE_BOARD_CONNECTING)
    drop_session (self);
  else
    set_state (self, FETTLE_BOARD_CONNECTED);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && !g_error_matches (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_ABORTED))
    g_signal_emit (self, signals[FAILED], 0, error->message);
  return FALSE;
}

static void
session_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FettleBoardControl) self = user_data;
  g_autoptr (GError) error = NULL;

  fettle_session_open_finish (FETTLE_SESSION (source), result, &error);
  if (!check_operation (self, source, error))
    return;
  fettle_board_learn_core (self->board, fettle_session_get_info (self->session)->core);
  set_state (self, FETTLE_BOARD_CONNECTED);
  if (self->resumes)
    fettle_board_control_run (self);
}

void
fettle_board_control_connect (FettleBoardControl *self)
{
  g_autoptr (FettleLink) link = NULL;

  g_return_if_fail (FETTLE_IS_BOARD_CONTROL (self) && self->board != NULL);

  if (self->session != NULL)
    return;
  if (fettle_board_get_problem (self->board) != NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, fettle_board_get_problem (self->board));
      return;
    }
  link = fettle_board_create_link (self->board);
  self->session = fettle_session_new (link);
  g_signal_connect (self->session, "lost", G_CALLBACK (session_lost), self);
  g_signal_connect (self->session, "measured", G_CALLBACK (session_measured), self);
  g_signal_connect (self->session, "output", G_CALLBACK (session_output), self);
  restart_cancellable (self);
  set_state (self, FETTLE_BOARD_CONNECTING);
  fettle_session_open_async (self->session, self->cancellable, session_opened,
                             g_object_ref (self));
}

void
fettle_board_control_disconnect (FettleBoardControl *self)
{
  g_return_if_fail (FETTLE_IS_BOARD_CONTROL (self));
  drop_session (self);
}

/* --- running --- */

static void start_run (FettleBoardControl *self);

static void
compare_layers (FettleBoardControl *self, const FettleRunResult *run)
{
  if (run->checksums != NULL)
    self->difference = fettle_reference_find_difference (self->reference, run->checksums);
  fettle_trace_set_difference (run->trace, self->difference);
}

static void
run_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FettleBoardControl) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) run =
      fettle_session_run_finish (FETTLE_SESSION (source), result, &error);

  if (!check_operation (self, source, error))
    return;
  if (self->state == FETTLE_BOARD_RUNNING)
    {
      compare_layers (self, run);
      fettle_document_set_trace (self->document, run->trace);
      start_run (self);
    }
  else
    set_state (self, FETTLE_BOARD_CONNECTED);
}

static void
start_run (FettleBoardControl *self)
{
  /* The first run is short, and tells whether the board computes what this computer does. */
  gboolean is_compared = self->difference != FETTLE_TRACE_NOT_COMPARED;
  FettleRunRequest request = { .repetitions = is_compared ? REPETITIONS_PER_RUN : 1,
                               .keep_checksums = !is_compared };

  /* One trace until the user stops. The board may have come back with other firmware. */
  if (self->trace != NULL
      && fettle_trace_get_unit (self->trace)
             == fettle_session_get_info (self->session)->unit)
    {
      request.trace = self->trace;
      if (self->resumes)
        fettle_trace_add_gap (self->trace);
    }
  self->resumes = FALSE;
  set_state (self, FETTLE_BOARD_RUNNING);
  fettle_session_run_async (self->session, &request, self->cancellable, run_finished,
                            g_object_ref (self));
}

static void
image_uploaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FettleBoardControl) self = user_data;
  g_autoptr (GError) error = NULL;

  fettle_session_upload_finish (FETTLE_SESSION (source), result, &error);
  if (self->session == FETTLE_SESSION (source) && error != NULL)
    g_clear_pointer (&self->uploaded, g_bytes_unref);
  if (!check_operation (self, source, error))
    return;
  if (self->state == FETTLE_BOARD_PREPARING)
    start_run (self);
  else
    set_state (self, FETTLE_BOARD_CONNECTED);
}

typedef struct
{
  FettleContent *content;
  FettleSession *session; /* the one that was current when the work began */
  FettleTarget target;
  FettleReference *reference; /* what the image gives here */
} Lowering;

static void
lowering_free (Lowering *lowering)
{
  fettle_content_unref (lowering->content);
  g_object_unref (lowering->session);
  g_clear_pointer (&lowering->reference, fettle_reference_free);
  g_free (lowering);
}

static void
lower_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Lowering *lowering = data;
  FettleLowerOptions options = { .target = lowering->target };
  GError *error = NULL;
  g_autoptr (FettleLowered) lowered =
      fettle_lower (fettle_content_get_graph (lowering->content), &options, &error);

  if (lowered != NULL)
    lowering->reference = fettle_reference_new (lowered->image, NULL, &error);
  if (lowering->reference != NULL)
    g_task_return_pointer (task, g_bytes_ref (lowered->image),
                           (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
image_lowered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleBoardControl *self = FETTLE_BOARD_CONTROL (source);
  Lowering *lowering = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = g_task_propagate_pointer (G_TASK (result), &error);

  if (!check_operation (self, lowering->session, error))
    return;
  g_clear_pointer (&self->reference, fettle_reference_free);
  self->reference = g_steal_pointer (&lowering->reference);
  self->difference = FETTLE_TRACE_NOT_COMPARED;
  if (self->state != FETTLE_BOARD_PREPARING)
    set_state (self, FETTLE_BOARD_CONNECTED);
  else if (self->uploaded != NULL && g_bytes_equal (self->uploaded, image))
    start_run (self);
  else
    {
      g_clear_pointer (&self->uploaded, g_bytes_unref);
      self->uploaded = g_bytes_ref (image);
      fettle_session_upload_async (self->session, image, self->cancellable,
                                   image_uploaded, g_object_ref (self));
    }
}

void
fettle_board_control_run (FettleBoardControl *self)
{
  g_autoptr (GTask) task = NULL;
  Lowering *lowering;

  g_return_if_fail (FETTLE_IS_BOARD_CONTROL (self));

  if (self->state != FETTLE_BOARD_CONNECTED
      || fettle_document_get_content (self->document) == NULL)
    return;
  restart_cancellable (self);
  if (!self->resumes)
    g_clear_object (&self->trace);
  set_state (self, FETTLE_BOARD_PREPARING);
  lowering = g_new0 (Lowering, 1);
  lowering->content = fettle_content_ref (fettle_document_get_content (self->document));
  lowering->session = g_object_ref (self->session);
  lowering->target = fettle_board_get_target (self->board);
  task = g_task_new (self, self->cancellable, image_lowered, NULL);
  g_task_set_task_data (task, lowering, (GDestroyNotify)lowering_free);
  g_task_run_in_thread (task, lower_in_thread);
}

void
fettle_board_control_stop (FettleBoardControl *self)
{
  g_return_if_fail (FETTLE_IS_BOARD_CONTROL (self));

  self->resumes = FALSE;
  if (self->state != FETTLE_BOARD_PREPARING && self->state != FETTLE_BOARD_RUNNING)
    return;
  set_state (self, FETTLE_BOARD_STOPPING);
  g_cancellable_cancel (self->cancellable);
}

/* --- the object --- */

FettleBoardState
fettle_board_control_get_state (FettleBoardControl *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (self), FETTLE_BOARD_DISCONNECTED);
  return self->state;
}

FettleBoardMonitor *
fettle_board_control_get_monitor (FettleBoardControl *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (self), NULL);
  return self->monitor;
}

FettleBoard *
fettle_board_control_get_board (FettleBoardControl *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (self), NULL);
  return self->board;
}

void
fettle_board_control_set_board (FettleBoardControl *self, FettleBoard *board)
{
  g_return_if_fail (FETTLE_IS_BOARD_CONTROL (self));

  if (self->board == board)
    return;
  drop_session (self);
  g_set_object (&self->board, board);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

const FettleBoardInfo *
fettle_board_control_get_info (FettleBoardControl *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD_CONTROL (self), NULL);

  return self->session != NULL ? fettle_session_get_info (self->session) : NULL;
}

static void
fettle_board_control_dispose (GObject *object)
{
  FettleBoardControl *self = FETTLE_BOARD_CONTROL (object);

  drop_session (self);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_object (&self->trace);
  g_clear_pointer (&self->reference, fettle_reference_free);
  g_clear_object (&self->board);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (fettle_board_control_parent_class)->dispose (object);
}

static void
fettle_board_control_class_init (FettleBoardControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_board_control_dispose;

  signals[STATE_CHANGED] =
      g_signal_new ("state-changed", FETTLE_TYPE_BOARD_CONTROL, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", FETTLE_TYPE_BOARD_CONTROL, G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fettle_board_control_init (FettleBoardControl *self)
{
}

FettleBoardControl *
fettle_board_control_new (FettleDocument *document)
{
  FettleBoardControl *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (FETTLE_TYPE_BOARD_CONTROL, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "content-changed",
                            G_CALLBACK (fettle_board_control_stop), self);
  self->monitor = fettle_board_monitor_new ();
  g_signal_connect_swapped (self->monitor, "added", G_CALLBACK (board_present), self);
  g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (board_present), self);
  g_signal_connect_swapped (self->monitor, "removed", G_CALLBACK (board_removed), self);
  return self;
}
