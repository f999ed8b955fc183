/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-run.c: a run: input, its parts, outputs. */
#include "profiler/session-private.h"

#include "runtime/frt.h"

#include <string.h>

/* A board that answers PING does so between layers, and one layer may take long. A virtual board says
 * nothing before an inference is done; its process is known to live. */
#define RUN_ALLOWED_MS         60000
#define VIRTUAL_RUN_ALLOWED_MS 600000
#define ABORT_ALLOWED_MS       30000
#define FETCH_ALLOWED_MS       20000
/* On a link that loses bytes: a board that runs answers, busy, between layers. */
#define RUN_REPEAT_MS       400
#define FETCH_REPEAT_MS     60
#define LOSSY_FETCH         128
#define MOST_CHECKSUM_PARTS 50
/* A run until stopped goes on in parts of so long, so that its outputs can be looked at. */
#define PART_US (G_TIME_SPAN_SECOND / 4)

void
fettle_run_result_free (FettleRunResult *result)
{
  g_clear_object (&result->trace);
  g_clear_pointer (&result->output, g_bytes_unref);
  g_clear_pointer (&result->layers, g_ptr_array_unref);
  g_clear_pointer (&result->checksums, g_array_unref);
  g_free (result);
}

/* --- outputs --- */

static GPtrArray *
take_layers (FettleOperation *operation)
{
  GPtrArray *layers;

  if (operation->layers == NULL)
    return NULL;
  layers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (guint i = 0; i < operation->layers->len; i++)
    {
      GByteArray *tensor = g_ptr_array_index (operation->layers, i);

      g_ptr_array_add (layers, g_bytes_new (tensor->data, tensor->len));
    }
  return layers;
}

static void
finish (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  FettleRunResult *result;

  if (frt_crc32 (0, operation->output->data, operation->output->len)
      != operation->output_crc)
    {
      fettle_session_fail_protocol (self, "an output with a wrong checksum");
      return;
    }
  result = g_new0 (FettleRunResult, 1);
  result->trace = g_object_ref (operation->trace);
  result->output = g_bytes_new (operation->output->data, operation->output->len);
  result->layers = take_layers (operation);
  result->checksums = g_steal_pointer (&operation->checksums);
  result->stack_bytes = operation->stack_bytes;
  fettle_session_succeed (self, result, (GDestroyNotify)fettle_run_result_free);
}

static void
fetch_more (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint8 payload[FTA_FETCH_SIZE];
  guint32 left = operation->output_size - operation->output->len;
  guint32 most = fettle_link_loses_bytes (self->link)
                     ? LOSSY_FETCH
                     : self->largest_payload - FTA_FETCH_REPLY_SIZE;

  if (left == 0)
    {
      finish (self);
      return;
    }
  fta_put_le32 (payload, operation->output->len);
  fta_put_le32 (payload + 4, MIN (left, most));
  fettle_session_request (self, FTA_FETCH, payload, sizeof payload);
}

static void
on_fetched (FettleSession *self, const fta_frame *frame)
{
  GByteArray *output = self->operation->output;

  if (frame->type != (FTA_FETCH | FTA_FRAME_REPLY))
    return;
  /* Of a request that was repeated and then answered twice. */
  if (frame->length > FTA_FETCH_REPLY_SIZE && fta_get_le32 (frame->payload) < output->len)
    return;
  if (frame->length <= FTA_FETCH_REPLY_SIZE
      || fta_get_le32 (frame->payload) != output->len
      || frame->length - FTA_FETCH_REPLY_SIZE
             > self->operation->output_size - output->len)
    {
      fettle_session_fail_protocol (self, "an output with a hole");
      return;
    }
  g_byte_array_append (output, frame->payload + FTA_FETCH_REPLY_SIZE,
                       frame->length - FTA_FETCH_REPLY_SIZE);
  fetch_more (self);
}

/* --- parts --- */

static void start_part (FettleSession *self);

/* Records that did not come, whether the board had no room for them or the link lost them. */
static void
count_missing (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint64 expected = (guint64)operation->part * (self->n_layers + 1);
  guint64 known = operation->received + operation->dropped;

  if (expected > known)
    fettle_trace_add_dropped (operation->trace, (guint)(expected - known));
}

static gboolean
wants_layers (FettleOperation *operation)
{
  return operation->wanted.keep_layers || operation->wanted.keep_checksums;
}

/* Parts grow or shrink until they take PART_US. */
static guint
choose_part (FettleOperation *operation)
{
  gint64 took = g_get_monotonic_time () - operation->part_time;

  if (operation->stopping && operation->run_id != 0)
    return 0;
  if (!operation->wanted.until_stopped)
    return MIN (operation->left, G_MAXUINT16);
  if (operation->part == 0)
    return 1;
  if (took < PART_US / 2)
    return MIN (2 * operation->part, G_MAXUINT16);
  return took > 2 * PART_US ? MAX (operation->part / 2, 1) : operation->part;
}

/* The outputs are those of the last part. */
static void
go_on (FettleSession *self)
{
  FettleOperation *operation = self->operation;

  if (operation->is_last && fettle_session_misses_checksums (self)
      && operation->n_unanswered++ < MOST_CHECKSUM_PARTS)
    {
      self->retries++;
      start_part (self);
      return;
    }
  if (operation->is_last && fettle_session_misses_checksums (self))
    {
      fettle_session_fail_protocol (self, "a run without checksums");
      return;
    }
  if (!operation->is_last
      && ((operation->wanted.until_stopped && !operation->stopping) || operation->left > 0
          || wants_layers (operation)))
    {
      start_part (self);
      return;
    }
  operation->on_frame = on_fetched;
  operation->on_error = NULL;
  operation->on_cancel = NULL;
  operation->allowed_ms = FETCH_ALLOWED_MS;
  operation->repeat_ms = FETCH_REPEAT_MS;
  fetch_more (self);
}

static void
on_done (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  const guint8 *payload = frame->payload;
  g_autoptr (FettleSession) alive = g_object_ref (self);

  if (frame->length < FTA_DONE_SIZE
      || fta_get_le32 (payload + 16) > self->info.arena_bytes)
    {
      fettle_session_fail_protocol (self, "a damaged DONE");
      return;
    }
  if (fta_get_le32 (payload) != operation->run_id)
    return; /* of the part before, asked for twice */
  operation->output_crc = fta_get_le32 (payload + 12);
  operation->output_size = fta_get_le32 (payload + 16);
  operation->stack_bytes = fta_get_le32 (payload + 20);
  count_missing (self);
  g_signal_emit_by_name (self, "output", operation->output_crc);
  if (self->operation == operation)
    go_on (self);
}

static void
on_run_frame (FettleSession *self, const fta_frame *frame)
{
  /* A run that is being aborted may still end by itself; ABORT's answer comes after that. */
  if (frame->type == (FTA_ABORT | FTA_FRAME_REPLY) && self->operation->cancelling)
    fettle_session_fail_cancelled (self);
  else if (self->operation->cancelling)
    return;
  else if (frame->type == (FTA_RUN | FTA_FRAME_REPLY))
    on_done (self, frame);
  else
    fettle_session_take_record (self, frame);
}

static gboolean
on_run_error (FettleSession *self, const fta_frame *frame)
{
  guint code = fta_get_le16 (frame->payload);

  /* The answer to a repetition that was not needed. */
  if (code == FTA_ERROR_BUSY && fettle_link_loses_bytes (self->link))
    {
      self->retries -= MIN (self->retries, 1);
      return TRUE;
    }
  return self->operation->cancelling && code == FTA_ERROR_ABORTED;
}

static void
on_run_cancelled (FettleSession *self)
{
  self->operation->allowed_ms = ABORT_ALLOWED_MS;
  self->operation->repeat_ms = RUN_REPEAT_MS;
  fettle_link_interrupt (self->link, FETTLE_INTERRUPT_ABORT);
  fettle_session_request (self, FTA_ABORT, NULL, 0);
}

static guint
choose_flags (const FettleOperation *operation)
{
  const FettleRunRequest *wanted = &operation->wanted;
  guint flags = wanted->input != NULL ? FTA_RUN_INPUT : 0;

  if (wanted->is_continued)
    flags |= FTA_RUN_CONTINUE;
  /* Not once more for checksums that were lost. */
  if (operation->is_last && wanted->keep_layers && operation->n_unanswered == 0)
    flags |= FTA_RUN_TENSORS;
  if (operation->is_last && wanted->keep_checksums)
    flags |= FTA_RUN_CHECKSUMS;
  return flags;
}

static void
start_part (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint8 payload[FTA_RUN_SIZE] = { 0 };
  guint warm_up = operation->run_id == 0 ? operation->wanted.warm_up : 0;

  operation->part = choose_part (operation);
  operation->left -= operation->wanted.until_stopped ? 0 : operation->part;
  operation->part_time = g_get_monotonic_time ();
  operation->received = operation->dropped = 0;
  operation->is_last =
      operation->wanted.until_stopped ? operation->part == 0 : operation->left == 0;
  operation->run_id = ++self->next_run_id;
  fta_put_le32 (payload, operation->run_id);
  fta_put_le16 (payload + 4, (guint16)warm_up);
  fta_put_le16 (payload + 6, (guint16)operation->part);
  fta_put_le16 (payload + 8, (guint16)choose_flags (operation));
  fettle_session_request (self, FTA_RUN, payload, sizeof payload);
}

static void
start_run (FettleSession *self)
{
  FettleOperation *operation = self->operation;

  operation->on_frame = on_run_frame;
  operation->on_error = on_run_error;
  operation->on_tick = NULL;
  operation->on_cancel = on_run_cancelled;
  operation->allowed_ms = self->silence_ms > 0 ? RUN_ALLOWED_MS : VIRTUAL_RUN_ALLOWED_MS;
  operation->repeat_ms = RUN_REPEAT_MS;
  operation->n_unanswered = 0;
  start_part (self);
}

void
fettle_session_stop (FettleSession *self)
{
  g_return_if_fail (FETTLE_IS_SESSION (self));
  if (self->operation != NULL && self->operation->wanted.until_stopped)
    self->operation->stopping = TRUE;
}

/* --- RUN --- */

static GError *
check_request (FettleSession *self, const FettleRunRequest *request)
{
  gsize size = request->input != NULL ? g_bytes_get_size (request->input) : 0;

  if (!self->has_model)
    return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                                "There is no model on the board; upload one first.");
  if ((request->repetitions < 1 && !request->until_stopped)
      || request->warm_up > G_MAXUINT16)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "A run has at least 1 repetition and at most %u to warm up; "
                        "change their numbers.",
                        G_MAXUINT16);
  if (request->trace != NULL
      && fettle_trace_get_n_layers (request->trace) != self->n_layers)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "The measurements are of a model with %u layers and the board's "
                        "has %u; begin anew.",
                        fettle_trace_get_n_layers (request->trace), self->n_layers);
  if (request->input != NULL && size != self->input_size)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "The input has %" G_GSIZE_FORMAT
                        " bytes and the model's inputs take %u; give it exactly as many.",
                        size, self->input_size);
  return NULL;
}

static GArray *
make_zeros (guint n, guint size)
{
  return g_array_set_size (g_array_sized_new (FALSE, TRUE, size, n), n);
}

static void
prepare (FettleSession *self, const FettleRunRequest *request)
{
  FettleOperation *operation = self->operation;

  operation->wanted = *request;
  operation->wanted.trace = NULL;
  operation->left = request->until_stopped ? 0 : request->repetitions;
  if (request->input != NULL)
    g_bytes_ref (request->input);
  operation->trace =
      request->trace != NULL
          ? g_object_ref (request->trace)
          : fettle_trace_new (self->n_layers, self->info.unit, self->info.units_per_tick);
  operation->output = g_byte_array_new ();
  if (request->keep_checksums)
    {
      operation->checksums = make_zeros (self->n_layers, sizeof (guint32));
      operation->have_checksum = make_zeros (self->n_layers, sizeof (gboolean));
    }
  if (!request->keep_layers)
    return;
  operation->layers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  for (guint i = 0; i < self->n_layers; i++)
    g_ptr_array_add (operation->layers, g_byte_array_new ());
}

void
fettle_session_run_async (FettleSession *self, const FettleRunRequest *request,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error;

  g_return_if_fail (FETTLE_IS_SESSION (self));
  g_return_if_fail (request != NULL);
  if (fettle_session_begin (self, g_task_new (self, cancellable, callback, user_data))
      == NULL)
    return;
  error = check_request (self, request);
  if (error != NULL)
    {
      fettle_session_fail (self, error);
      return;
    }
  prepare (self, request);
  if (request->input != NULL)
    fettle_session_start_upload (self, FTA_UPLOAD_INPUT, request->input, start_run);
  else
    start_run (self);
}

FettleRunResult *
fettle_session_run_finish (FettleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
