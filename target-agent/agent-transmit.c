/* SPDX-License-Identifier: Apache-2.0 */
/* agent-transmit.c: frames on their way out of the board. */
#include "target-agent/agent-private.h"

#include <string.h>

static bool
push (fta_agent *agent)
{
  const uint8_t *frame = agent->memory.transmit;

  while (agent->transmit_begin < agent->transmit_end)
    {
      size_t taken = agent->port.write (agent->port.user, frame + agent->transmit_begin,
                                        agent->transmit_end - agent->transmit_begin);

      if (taken == 0)
        return false;
      agent->transmit_begin += taken;
    }
  return true;
}

/* A desktop that takes nothing for so long is gone; the rest of the frame is dropped with it. */
static bool
drain (fta_agent *agent)
{
  uint32_t start =
      agent->port.milliseconds ? agent->port.milliseconds (agent->port.user) : 0;

  while (!push (agent))
    {
      if (fta_agent_take_reset (agent))
        return false;
      if (agent->port.milliseconds != NULL
          && agent->port.milliseconds (agent->port.user) - start > FTA_SILENCE_MS)
        {
          agent->transmit_begin = agent->transmit_end = 0;
          fta_agent_forget_session (agent);
          return false;
        }
      if (agent->port.wait != NULL)
        agent->port.wait (agent->port.user);
    }
  return true;
}

uint8_t *
fta_agent_compose (fta_agent *agent)
{
  bool may_wait = !agent->measured || agent->stop != FTA_STOP_NOT;
  bool free_now = may_wait ? drain (agent) : push (agent);

  return free_now ? agent->memory.transmit + FTA_FRAME_HEADER : NULL;
}

uint32_t
fta_agent_payload_capacity (const fta_agent *agent)
{
  return (uint32_t)(agent->memory.transmit_size - FTA_FRAME_OVERHEAD);
}

void
fta_agent_send (fta_agent *agent, uint8_t type, uint16_t sequence, uint32_t length)
{
  if (agent->port.begin_frame != NULL)
    agent->port.begin_frame (agent->port.user);
  agent->transmit_begin = 0;
  agent->transmit_end = fta_frame_seal (agent->memory.transmit, type, sequence, length);
  push (agent);
}

void
fta_agent_reply (fta_agent *agent, const fta_frame *request)
{
  if (fta_agent_compose (agent) != NULL)
    fta_agent_send (agent, (uint8_t)(request->type | FTA_FRAME_REPLY), request->sequence,
                    0);
}

uint32_t
fta_agent_append (const fta_agent *agent, uint8_t *payload, uint32_t length,
                  const char *text)
{
  uint32_t room = fta_agent_payload_capacity (agent) - length;
  size_t size = strlen (text);

  if (size > room)
    size = room;
  memcpy (payload + length, text, size);
  return length + (uint32_t)size;
}

void
fta_agent_error (fta_agent *agent, uint16_t sequence, enum fta_error code, int reason,
                 uint32_t detail, const char *text)
{
  uint8_t *payload = fta_agent_compose (agent);

  if (payload == NULL)
    return;
  fta_put_le16 (payload, (uint16_t)code);
  fta_put_le16 (payload + 2, (uint16_t)reason);
  fta_put_le32 (payload + 4, detail);
  fta_agent_send (agent, FTA_ERROR | FTA_FRAME_REPLY, sequence,
                  fta_agent_append (agent, payload, FTA_ERROR_SIZE, text));
}
