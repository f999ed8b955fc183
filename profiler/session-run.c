/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-run.c: a run: input, records as they come, outputs. */
#include "profiler/session-private.h"

#include "runtime/frt.h"

#include <string.h>

/* A board that answers PING does so between layers, and one layer may take long. A virtual board says
 * nothing before an inference is done; its process is known to live. */
#define RUN_ALLOWED_MS         60000
#define VIRTUAL_RUN_ALLOWED_MS 600000
#define ABORT_ALLOWED_MS       30000
#define FETCH_ALLOWED_MS       20000

void
fettle_run_result_free (FettleRunResult *result)
{
  g_clear_object (&result->trace);
  g_clear_pointer (&result->output, g_bytes_unref);
  g_clear_pointer (&result->layers, g_ptr_array_unref);
  g_free (result);
}

/* --- records and tensors --- */

static void
add_record (FettleSession *self, guint repetition, const guint8 *record)
{
  FettleTrace *trace = self->operation->trace;
  guint layer = fta_get_le16 (record);
  guint64 duration =
      (guint64)((double)fta_get_le64 (record + 12) * self->info.units_per_tick + 0.5);

  if (layer == FTA_WHOLE_INFERENCE)
    fettle_trace_add_total (trace, repetition, duration);
  else if (layer < self->n_layers)
    fettle_trace_add (trace, repetition, layer, duration);
}

static void
on_layers (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  const guint8 *payload = frame->payload;
  guint count, dropped;

  count = frame->length < FTA_LAYERS_SIZE ? 0 : fta_get_le16 (payload + 6);
  if (frame->length != FTA_LAYERS_SIZE + count * FTA_RECORD_SIZE)
    {
      fettle_session_fail_protocol (self, "damaged records");
      return;
    }
  if (fta_get_le32 (payload) != operation->run_id)
    return;
  dropped = fta_get_le32 (payload + 8);
  for (guint i = 0; i < count; i++)
    add_record (self, fta_get_le16 (payload + 4),
                payload + FTA_LAYERS_SIZE + i * FTA_RECORD_SIZE);
  fettle_trace_add_dropped (operation->trace, dropped);
  operation->dropped += dropped;
  g_signal_emit_by_name (self, "measured", operation->trace);
}

static void
on_tensor (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  const guint8 *payload = frame->payload;
  GByteArray *tensor;
  guint32 size, layer, offset, whole;

  if (frame->length < FTA_TENSOR_SIZE)
    {
      fettle_session_fail_protocol (self, "a damaged tensor");
      return;
    }
  if (fta_get_le32 (payload) != operation->run_id || operation->layers == NULL)
    return;
  size = frame->length - FTA_TENSOR_SIZE;
  layer = fta_get_le16 (payload + 4);
  offset = fta_get_le32 (payload + 8);
  whole = fta_get_le32 (payload + 12);
  tensor = layer < self->n_layers ? g_ptr_array_index (operation->layers, layer) : NULL;
  if (tensor == NULL || offset != tensor->len || whole > self->info.arena_bytes
      || size > whole - MIN (offset, whole))
    {
      fettle_session_fail_protocol (self, "a tensor with a hole");
      return;
    }
  g_byte_array_append (tensor, payload + FTA_TENSOR_SIZE, size);
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
  result->stack_bytes = operation->stack_bytes;
  fettle_session_succeed (self, result, (GDestroyNotify)fettle_run_result_free);
}

static void
fetch_more (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint8 payload[FTA_FETCH_SIZE];
  guint32 left = operation->output_size - operation->output->len;

  if (left == 0)
    {
      finish (self);
      return;
    }
  fta_put_le32 (payload, operation->output->len);
  fta_put_le32 (payload + 4, MIN (left, self->largest_payload - FTA_FETCH_REPLY_SIZE));
  fettle_session_request (self, FTA_FETCH, payload, sizeof payload);
}

static void
on_fetched (FettleSession *self, const fta_frame *frame)
{
  GByteArray *output = self->operation->output;

  if (frame->type != (FTA_FETCH | FTA_FRAME_REPLY))
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

/* --- RUN --- */

static void
on_done (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  const guint8 *payload = frame->payload;
  guint32 dropped;

  if (frame->length < FTA_DONE_SIZE || fta_get_le32 (payload) != operation->run_id
      || fta_get_le32 (payload + 16) > self->info.arena_bytes)
    {
      fettle_session_fail_protocol (self, "a damaged DONE");
      return;
    }
  operation->output_crc = fta_get_le32 (payload + 12);
  operation->output_size = fta_get_le32 (payload + 16);
  operation->stack_bytes = fta_get_le32 (payload + 20);
  dropped = fta_get_le32 (payload + 24);
  if (dropped > operation->dropped)
    fettle_trace_add_dropped (operation->trace, (guint)(dropped - operation->dropped));
  operation->on_frame = on_fetched;
  operation->on_cancel = NULL;
  operation->allowed_ms = FETCH_ALLOWED_MS;
  fetch_more (self);
}

static void
on_run_frame (FettleSession *self, const fta_frame *frame)
{
  /* A run that is being aborted may still end by itself; ABORT's answer comes after that. */
  if (frame->type == (FTA_ABORT | FTA_FRAME_REPLY) && self->operation->cancelling)
    fettle_session_fail_cancelled (self);
  else if (self->operation->cancelling)
    return;
  else if (frame->type == FTA_LAYERS)
    on_layers (self, frame);
  else if (frame->type == FTA_TENSOR)
    on_tensor (self, frame);
  else if (frame->type == (FTA_RUN | FTA_FRAME_REPLY))
    on_done (self, frame);
}

static gboolean
on_run_error (FettleSession *self, const fta_frame *frame)
{
  return self->operation->cancelling
         && fta_get_le16 (frame->payload) == FTA_ERROR_ABORTED;
}

static void
on_run_cancelled (FettleSession *self)
{
  self->operation->allowed_ms = ABORT_ALLOWED_MS;
  fettle_link_interrupt (self->link, FETTLE_INTERRUPT_ABORT);
  fettle_session_request (self, FTA_ABORT, NULL, 0);
}

static void
start_run (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint8 payload[FTA_RUN_SIZE] = { 0 };

  operation->run_id = ++self->next_run_id;
  operation->on_frame = on_run_frame;
  operation->on_error = on_run_error;
  operation->on_tick = NULL;
  operation->on_cancel = on_run_cancelled;
  operation->allowed_ms = self->silence_ms > 0 ? RUN_ALLOWED_MS : VIRTUAL_RUN_ALLOWED_MS;
  fta_put_le32 (payload, operation->run_id);
  fta_put_le16 (payload + 4, (guint16)operation->request.warm_up);
  fta_put_le16 (payload + 6, (guint16)operation->request.repetitions);
  fta_put_le16 (payload + 8,
                (operation->request.keep_layers ? FTA_RUN_TENSORS : 0)
                    | (operation->request.input != NULL ? FTA_RUN_INPUT : 0)
                    | (operation->request.is_continued ? FTA_RUN_CONTINUE : 0));
  fettle_session_request (self, FTA_RUN, payload, sizeof payload);
}

static GError *
check_request (FettleSession *self, const FettleRunRequest *request)
{
  gsize size = request->input != NULL ? g_bytes_get_size (request->input) : 0;

  if (!self->has_model)
    return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                                "There is no model on the board; upload one first.");
  if (request->repetitions < 1 || request->repetitions > G_MAXUINT16
      || request->warm_up > G_MAXUINT16)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "A run has 1 to %u repetitions; change their number.",
                        G_MAXUINT16);
  if (request->input != NULL && size != self->input_size)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "The input has %" G_GSIZE_FORMAT
                        " bytes and the model's inputs take %u; give it exactly as many.",
                        size, self->input_size);
  return NULL;
}

static void
prepare (FettleSession *self, const FettleRunRequest *request)
{
  FettleOperation *operation = self->operation;

  operation->request = *request;
  if (request->input != NULL)
    g_bytes_ref (request->input);
  operation->trace =
      fettle_trace_new (self->n_layers, self->info.unit, self->info.units_per_tick);
  operation->output = g_byte_array_new ();
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
