/* SPDX-License-Identifier: Apache-2.0 */
/* agent-hello.c: the first exchange of a session. */
#include "target-agent/agent-private.h"

#include <string.h>

void
fta_agent_forget_session (fta_agent *agent)
{
  agent->has_session = false;
  agent->uploading = false;
  agent->has_image = agent->has_input = agent->has_output = false;
  if (agent->running)
    agent->stop = FTA_STOP_SILENT;
}

/* The payload of HELLO's reply as it grows. */
struct fields
{
  uint8_t *bytes;
  uint32_t length, capacity;
};

static uint8_t *
add_field (struct fields *fields, enum fta_tag tag, uint32_t size)
{
  uint8_t *at = fields->bytes + fields->length;

  if (size > fields->capacity - fields->length - FTA_TAG_HEADER)
    return NULL;
  fta_put_le16 (at, (uint16_t)tag);
  fta_put_le16 (at + 2, (uint16_t)size);
  fields->length += FTA_TAG_HEADER + size;
  return at + FTA_TAG_HEADER;
}

static void
add_text (struct fields *fields, enum fta_tag tag, const char *text)
{
  size_t size = strlen (text);
  uint8_t *value = add_field (fields, tag, (uint32_t)size);

  if (value != NULL)
    memcpy (value, text, size);
}

static void
add_pair (struct fields *fields, enum fta_tag tag, uint32_t first, uint32_t second)
{
  uint8_t *value = add_field (fields, tag, 8);

  if (value == NULL)
    return;
  fta_put_le32 (value, first);
  fta_put_le32 (value + 4, second);
}

static void
add_tick (struct fields *fields, const fta_identity *identity, bool icount)
{
  uint8_t *value = add_field (fields, FTA_TAG_TICK, 12);

  if (value == NULL)
    return;
  memset (value, 0, 4);
  value[0] = (uint8_t)identity->source;
  value[1] = (uint8_t)(icount ? identity->unit_icount : identity->unit);
  fta_put_le32 (value + 4, identity->numerator);
  fta_put_le32 (value + 8, identity->denominator);
}

static void
answer (fta_agent *agent, const fta_frame *frame, uint8_t version, uint16_t flags)
{
  const fta_identity *identity = &agent->identity;
  const fta_memory *memory = &agent->memory;
  struct fields fields = { fta_agent_compose (agent), FTA_HELLO_REPLY_SIZE,
                           fta_agent_payload_capacity (agent) };

  if (fields.bytes == NULL)
    return;
  memcpy (fields.bytes, frame->payload, 8);
  memset (fields.bytes + 8, 0, 4);
  fields.bytes[8] = version;
  add_text (&fields, FTA_TAG_AGENT, FTA_AGENT_NAME);
  add_text (&fields, FTA_TAG_BOARD, identity->board);
  add_text (&fields, FTA_TAG_CORE, identity->core);
  add_text (&fields, FTA_TAG_UNIQUE_ID, identity->unique_id);
  add_text (&fields, FTA_TAG_KERNELS, identity->kernels);
  add_pair (&fields, FTA_TAG_CLOCK, identity->clock_hz, 0);
  add_tick (&fields, identity, flags & FTA_HELLO_ICOUNT);
  add_pair (&fields, FTA_TAG_IMAGE_FORMAT,
            FRT_IMAGE_MAJOR | (uint32_t)FRT_IMAGE_MINOR << 16, FRT_ABI);
  add_pair (&fields, FTA_TAG_ARENA, (uint32_t)memory->arena_size, FRT_ALIGNMENT);
  add_pair (&fields, FTA_TAG_IMAGE_SPACE, (uint32_t)memory->image_size, 0);
  add_pair (&fields, FTA_TAG_TRANSFER,
            (uint32_t)(memory->receive_size - FTA_FRAME_OVERHEAD), memory->window);
  add_pair (&fields, FTA_TAG_SILENCE, agent->port.milliseconds ? FTA_SILENCE_MS : 0, 0);
  add_pair (&fields, FTA_TAG_VERIFIED, identity->verified_on_hardware, 0);
  fta_agent_send (agent, FTA_HELLO | FTA_FRAME_REPLY, frame->sequence, fields.length);
}

static uint32_t
append_number (const fta_agent *agent, uint8_t *payload, uint32_t length, uint8_t number)
{
  char text[4] = { 0 }, *at = text;

  if (number >= 100)
    *at++ = (char)('0' + number / 100);
  if (number >= 10)
    *at++ = (char)('0' + number / 10 % 10);
  *at = (char)('0' + number % 10);
  return fta_agent_append (agent, payload, length, text);
}

static void
refuse_version (fta_agent *agent, const fta_frame *frame, uint8_t oldest, uint8_t newest)
{
  uint8_t *payload = fta_agent_compose (agent);
  uint32_t length = FTA_ERROR_SIZE;

  if (payload == NULL)
    return;
  fta_put_le16 (payload, FTA_ERROR_VERSION);
  fta_put_le16 (payload + 2, 0);
  fta_put_le32 (payload + 4, FTA_PROTOCOL_OLDEST | FTA_PROTOCOL_NEWEST << 8);
  length = fta_agent_append (agent, payload, length, "board speaks protocol ");
  length = append_number (agent, payload, length, FTA_PROTOCOL_OLDEST);
  length = fta_agent_append (agent, payload, length, " to ");
  length = append_number (agent, payload, length, FTA_PROTOCOL_NEWEST);
  length = fta_agent_append (agent, payload, length, ", desktop ");
  length = append_number (agent, payload, length, oldest);
  length = fta_agent_append (agent, payload, length, " to ");
  length = append_number (agent, payload, length, newest);
  fta_agent_send (agent, FTA_ERROR | FTA_FRAME_REPLY, frame->sequence, length);
}

void
fta_agent_handle_hello (fta_agent *agent, const fta_frame *frame)
{
  uint8_t oldest, newest;

  if (frame->length < FTA_HELLO_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MALFORMED, 0, frame->length,
                       "HELLO is too short");
      return;
    }
  oldest = frame->payload[8];
  newest = frame->payload[9];
  fta_agent_forget_session (agent);
  if (oldest > FTA_PROTOCOL_NEWEST || newest < FTA_PROTOCOL_OLDEST || oldest > newest)
    {
      refuse_version (agent, frame, oldest, newest);
      return;
    }
  agent->has_session = true;
  answer (agent, frame, newest < FTA_PROTOCOL_NEWEST ? newest : FTA_PROTOCOL_NEWEST,
          fta_get_le16 (frame->payload + 10));
}
