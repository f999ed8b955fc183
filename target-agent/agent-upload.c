/* SPDX-License-Identifier: Apache-2.0 */
/* agent-upload.c: images and inputs on their way into the board. */
#include "target-agent/agent-private.h"

#include <string.h>

static size_t
align (size_t size)
{
  return (size + FRT_ALIGNMENT - 1) & ~(size_t)(FRT_ALIGNMENT - 1);
}

static size_t
upload_offset (const fta_agent *agent)
{
  return agent->upload_kind == FTA_UPLOAD_INPUT ? agent->input_offset : 0;
}

static void
acknowledge (fta_agent *agent, const fta_frame *frame)
{
  uint8_t *payload = fta_agent_compose (agent);

  if (payload == NULL)
    return;
  agent->upload_acknowledged = agent->upload_received;
  fta_put_le32 (payload, agent->upload_received);
  fta_put_le32 (payload + 4, agent->memory.window);
  fta_agent_send (agent, (uint8_t)(frame->type | FTA_FRAME_REPLY), frame->sequence,
                  FTA_ACKNOWLEDGE_SIZE);
}

static size_t
total_input_size (const fta_agent *agent)
{
  size_t total = 0;

  for (uint32_t i = 0; i < frt_image_input_count (&agent->image); i++)
    total += frt_image_input_size (&agent->image, i);
  return total;
}

static size_t
total_output_size (const fta_agent *agent)
{
  size_t total = 0;

  for (uint32_t i = 0; i < frt_image_output_count (&agent->image); i++)
    total += frt_image_output_size (&agent->image, i);
  return total;
}

/* Whether KIND with TOTAL bytes can be taken; answers with the error if not. */
static bool
check_begin (fta_agent *agent, uint16_t sequence, uint8_t kind, uint32_t total)
{
  size_t room = agent->memory.image_size;

  if (kind > FTA_UPLOAD_INPUT)
    {
      fta_agent_error (agent, sequence, FTA_ERROR_UNSUPPORTED, 0, kind,
                       "unknown kind of upload");
      return false;
    }
  if (kind == FTA_UPLOAD_INPUT)
    {
      if (!agent->has_image)
        {
          fta_agent_error (agent, sequence, FTA_ERROR_STATE, 0, 0, "there is no image");
          return false;
        }
      if (total != total_input_size (agent))
        {
          fta_agent_error (agent, sequence, FTA_ERROR_INPUT, 0,
                           (uint32_t)total_input_size (agent),
                           "the input has the wrong size");
          return false;
        }
      room = room > agent->input_offset ? room - agent->input_offset : 0;
    }
  if (total > room)
    {
      fta_agent_error (agent, sequence, FTA_ERROR_TOO_LARGE, 0, (uint32_t)room,
                       "there is no room for it");
      return false;
    }
  return true;
}

void
fta_agent_handle_begin (fta_agent *agent, const fta_frame *frame)
{
  uint8_t kind;
  uint32_t total;

  if (frame->length != FTA_BEGIN_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MALFORMED, 0, frame->length,
                       "BEGIN has the wrong size");
      return;
    }
  kind = frame->payload[0];
  total = fta_get_le32 (frame->payload + 4);
  agent->uploading = false;
  if (!check_begin (agent, frame->sequence, kind, total))
    return;
  agent->uploading = true;
  agent->gap_reported = false;
  agent->upload_kind = kind;
  agent->upload_total = total;
  agent->upload_crc = fta_get_le32 (frame->payload + 8);
  agent->upload_received = 0;
  agent->has_input = false;
  if (kind == FTA_UPLOAD_IMAGE)
    agent->has_image = agent->has_output = false;
  acknowledge (agent, frame);
}

/* The desktop continues from the offset. Said once for each gap, else every chunk that was in flight
 * behind it would bring another repetition. */
static void
report_gap (fta_agent *agent, const fta_frame *frame)
{
  if (agent->gap_reported)
    return;
  agent->gap_reported = true;
  fta_agent_error (agent, frame->sequence, FTA_ERROR_MISSING, 0, agent->upload_received,
                   "bytes before these are missing");
}

void
fta_agent_handle_data (fta_agent *agent, const fta_frame *frame)
{
  uint32_t offset, size, known;

  if (frame->length < FTA_DATA_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MALFORMED, 0, frame->length,
                       "DATA is too short");
      return;
    }
  offset = fta_get_le32 (frame->payload);
  size = frame->length - FTA_DATA_SIZE;
  if (!agent->uploading || offset > agent->upload_total
      || size > agent->upload_total - offset)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, offset,
                       "no upload expects these bytes");
      return;
    }
  if (offset > agent->upload_received)
    {
      report_gap (agent, frame);
      return;
    }
  known = agent->upload_received - offset;
  if (known >= size)
    {
      /* A repetition: the desktop has not seen the acknowledgement. */
      acknowledge (agent, frame);
      return;
    }
  memcpy (agent->memory.image + upload_offset (agent) + agent->upload_received,
          frame->payload + FTA_DATA_SIZE + known, size - known);
  agent->upload_received = offset + size;
  agent->gap_reported = false;
  if (agent->upload_received == agent->upload_total
      || agent->upload_received - agent->upload_acknowledged >= agent->memory.window / 2)
    acknowledge (agent, frame);
}

static void
accept_image (fta_agent *agent, const fta_frame *frame)
{
  int status = frt_image_open (&agent->image, agent->memory.image, agent->upload_total,
                               frt_all_kernels, frt_all_kernels_count);
  uint8_t *payload;

  if (status != FRT_OK)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_IMAGE, status,
                       agent->image.fault_offset, frt_status_text (status));
      return;
    }
  if (frt_image_arena_size (&agent->image) > agent->memory.arena_size)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_ARENA, 0,
                       (uint32_t)frt_image_arena_size (&agent->image),
                       "the arena is too small");
      return;
    }
  agent->has_image = true;
  agent->input_offset = align (agent->upload_total);
  payload = fta_agent_compose (agent);
  if (payload == NULL)
    return;
  fta_put_le32 (payload, frt_image_layer_count (&agent->image));
  fta_put_le32 (payload + 4, (uint32_t)frt_image_arena_size (&agent->image));
  fta_put_le32 (payload + 8, (uint32_t)total_input_size (agent));
  fta_put_le32 (payload + 12, (uint32_t)total_output_size (agent));
  fta_agent_send (agent, FTA_END | FTA_FRAME_REPLY, frame->sequence,
                  FTA_IMAGE_REPLY_SIZE);
}

void
fta_agent_handle_end (fta_agent *agent, const fta_frame *frame)
{
  const uint8_t *bytes = agent->memory.image + upload_offset (agent);

  if (!agent->uploading)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, 0,
                       "no upload was begun");
      return;
    }
  if (agent->upload_received < agent->upload_total)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MISSING, 0,
                       agent->upload_received, "the upload is not complete");
      return;
    }
  /* The upload stays open, in which nothing can change any more: END may be repeated by a desktop that
   * has not seen its answer. */
  if (frt_crc32 (0, bytes, agent->upload_total) != agent->upload_crc)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_CHECKSUM, 0, 0,
                       "the checksum of the upload is wrong");
      return;
    }
  if (agent->upload_kind == FTA_UPLOAD_IMAGE)
    {
      accept_image (agent, frame);
      return;
    }
  agent->has_input = true;
  fta_agent_reply (agent, frame);
}
