/* SPDX-License-Identifier: Apache-2.0 */
/* agent.c: reading, dispatch, and the rule of silence. */
#include "target-agent/agent-private.h"

#include <string.h>

/* Where nothing calls for attention, a wall clock is looked at four times a second. */
static void
init_attention (fta_agent *agent)
{
  static const uint32_t always = 1;

  agent->look_interval = UINT32_MAX;
  agent->has_attention = agent->port.attention != NULL;
  if (agent->has_attention && agent->port.milliseconds != NULL)
    agent->look_interval = agent->identity.clock_hz / 4;
  if (!agent->has_attention)
    {
      agent->port.attention = &always;
      agent->port.attention_mask = always;
    }
}

void
fta_agent_init (fta_agent *agent, const fta_port *port, const fta_identity *identity,
                const fta_memory *memory)
{
  memset (agent, 0, sizeof *agent);
  agent->port = *port;
  agent->identity = *identity;
  agent->memory = *memory;
  fta_parser_init (&agent->parser, memory->receive, memory->receive_size);
  init_attention (agent);
}

void
fta_agent_heard (fta_agent *agent)
{
  if (agent->port.milliseconds != NULL)
    agent->last_heard = agent->port.milliseconds (agent->port.user);
}

/* A board must be usable after the desktop was killed. */
static void
check_silence (fta_agent *agent)
{
  if (agent->has_session && agent->port.milliseconds != NULL
      && agent->port.milliseconds (agent->port.user) - agent->last_heard > FTA_SILENCE_MS)
    {
      uint8_t *payload = fta_agent_compose (agent);

      fta_agent_forget_session (agent);
      if (payload == NULL)
        return;
      payload[0] = 1;
      fta_agent_send (agent, FTA_LOG, agent->unsolicited++,
                      fta_agent_append (agent, payload, 1,
                                        "the session ended, nothing was heard for 2 s"));
    }
}

bool
fta_agent_take_reset (fta_agent *agent)
{
  if (agent->port.reset == NULL || !agent->port.reset (agent->port.user))
    return false;
  fta_agent_forget_session (agent);
  fta_parser_init (&agent->parser, agent->memory.receive, agent->memory.receive_size);
  agent->oversize_seen = 0;
  agent->inbox_begin = agent->inbox_end = 0;
  agent->transmit_begin = agent->transmit_end = 0;
  agent->abort_answer_due = false;
  return true;
}

static void
read_port (fta_agent *agent)
{
  size_t size;

  if (agent->inbox_begin < agent->inbox_end)
    return;
  size = agent->port.read (agent->port.user, agent->inbox, sizeof agent->inbox);
  fta_agent_take_reset (agent); /* of what was before these bytes */
  agent->inbox_begin = 0;
  agent->inbox_end = size;
  if (size > 0)
    fta_agent_heard (agent);
}

static bool
next_frame (fta_agent *agent, fta_frame *frame)
{
  bool complete;

  agent->inbox_begin +=
      fta_parser_feed (&agent->parser, agent->inbox + agent->inbox_begin,
                       agent->inbox_end - agent->inbox_begin, frame, &complete);
  if (agent->parser.oversize != agent->oversize_seen)
    {
      agent->oversize_seen = agent->parser.oversize;
      fta_agent_forget_session (agent);
      fta_agent_error (agent, 0, FTA_ERROR_TOO_LARGE, 0,
                       (uint32_t)(agent->memory.receive_size - FTA_FRAME_OVERHEAD),
                       "a frame was longer than HELLO allows");
    }
  return complete;
}

static void
handle_abort (fta_agent *agent, const fta_frame *frame)
{
  if (agent->port.settle != NULL)
    agent->port.settle (agent->port.user);
  if (!agent->running)
    {
      fta_agent_reply (agent, frame);
      return;
    }
  agent->stop = FTA_STOP_ABORT;
  agent->abort_answer_due = true;
  agent->abort_sequence = frame->sequence;
}

static void
handle_goodbye (fta_agent *agent, const fta_frame *frame)
{
  fta_agent_forget_session (agent);
  fta_agent_reply (agent, frame);
}

struct handler
{
  uint8_t type;
  bool needs_session, during_run;
  void (*handle) (fta_agent *agent, const fta_frame *frame);
};

static const struct handler handlers[] = {
  { FTA_HELLO, false, true, fta_agent_handle_hello },
  { FTA_BEGIN, true, false, fta_agent_handle_begin },
  { FTA_DATA, true, false, fta_agent_handle_data },
  { FTA_END, true, false, fta_agent_handle_end },
  { FTA_RUN, true, false, fta_agent_handle_run },
  { FTA_FETCH, true, false, fta_agent_handle_fetch },
  { FTA_PING, true, true, fta_agent_reply },
  { FTA_ABORT, true, true, handle_abort },
  { FTA_GOODBYE, true, true, handle_goodbye },
};

static void
dispatch (fta_agent *agent, const fta_frame *frame)
{
  for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
    {
      const struct handler *handler = &handlers[i];

      if (handler->type != frame->type)
        continue;
      if (handler->needs_session && !agent->has_session)
        fta_agent_error (agent, frame->sequence, FTA_ERROR_NO_SESSION, 0, 0,
                         "say HELLO first");
      else if (agent->running && !handler->during_run)
        fta_agent_error (agent, frame->sequence, FTA_ERROR_BUSY, 0, 0,
                         "a run is under way");
      else
        handler->handle (agent, frame);
      return;
    }
  fta_agent_error (agent, frame->sequence, FTA_ERROR_UNSUPPORTED, 0, frame->type,
                   "unknown type of message");
}

bool
fta_agent_serve_between_layers (fta_agent *agent)
{
  fta_frame frame;

  if (agent->port.interrupted != NULL && agent->port.interrupted (agent->port.user))
    agent->stop = FTA_STOP_ABORT;
  fta_agent_take_reset (agent);
  if (agent->port.readable != NULL && agent->port.readable (agent->port.user))
    read_port (agent);
  /* What follows a frame that ends the run is for afterwards. */
  while (agent->stop == FTA_STOP_NOT && agent->port.readable != NULL
         && next_frame (agent, &frame))
    dispatch (agent, &frame);
  check_silence (agent);
  return agent->stop != FTA_STOP_NOT;
}

void
fta_agent_poll (fta_agent *agent)
{
  fta_frame frame;

  fta_agent_compose (agent);
  read_port (agent);
  while (next_frame (agent, &frame))
    dispatch (agent, &frame);
  check_silence (agent);
}
