/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-records.c: what a board says during a run: records, layers' outputs and their checksums. */
#include "profiler/session-private.h"

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
  operation->received += count;
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
  if (tensor != NULL && offset > tensor->len && fettle_link_loses_bytes (self->link))
    {
      fettle_session_fail (
          self,
          g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
                               "Parts of a layer's output were lost on the way from "
                               "the board; try again."));
      return;
    }
  if (tensor == NULL || offset != tensor->len || whole > self->info.arena_bytes
      || size > whole - MIN (offset, whole))
    {
      fettle_session_fail_protocol (self, "a tensor with a hole");
      return;
    }
  g_byte_array_append (tensor, payload + FTA_TENSOR_SIZE, size);
}

static void
on_checksum (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  guint32 layer, crc;

  if (frame->length < FTA_CHECKSUM_SIZE)
    {
      fettle_session_fail_protocol (self, "a damaged checksum");
      return;
    }
  layer = fta_get_le16 (frame->payload + 4);
  crc = fta_get_le32 (frame->payload + 12);
  if (fta_get_le32 (frame->payload) != operation->run_id || operation->checksums == NULL
      || layer >= operation->checksums->len)
    return;
  g_array_index (operation->checksums, guint32, layer) = crc;
  g_array_index (operation->have_checksum, gboolean, layer) = TRUE;
}

gboolean
fettle_session_misses_checksums (FettleSession *self)
{
  const GArray *have = self->operation->have_checksum;

  for (guint i = 0; have != NULL && i < have->len; i++)
    if (!g_array_index (have, gboolean, i))
      return TRUE;
  return FALSE;
}

void
fettle_session_take_record (FettleSession *self, const fta_frame *frame)
{
  if (frame->type == FTA_LAYERS)
    on_layers (self, frame);
  else if (frame->type == FTA_TENSOR)
    on_tensor (self, frame);
  else if (frame->type == FTA_CHECKSUM)
    on_checksum (self, frame);
}
