/* SPDX-License-Identifier: Apache-2.0 */
/* agent-run.c: runs, inference by inference. */
#include "target-agent/agent-private.h"

#include "runtime/frt_format.h"

#include <string.h>

/* What one more inference, not measured, is for. */
#define SENDING (FTA_RUN_TENSORS | FTA_RUN_CHECKSUMS)

/* --- one inference --- */

/* Real zero, which is the zero point of a quantized tensor. */
static void
fill_with_zero (fta_agent *agent, uint32_t index)
{
  const frt_image *image = &agent->image;
  const uint8_t *numbers = image->bytes + image->header->inputs_offset + 2 * index;
  const struct frt_tensor *tensor = &image->tensors[fta_get_le16 (numbers)];
  int value =
      tensor->type == FRT_INT8 || tensor->type == FRT_UINT8 ? tensor->zero_point : 0;

  memset (frt_image_input (image, agent->memory.arena, index), value,
          frt_image_input_size (image, index));
}

static void
write_inputs (fta_agent *agent)
{
  const uint8_t *bytes = agent->memory.image + agent->input_offset;

  for (uint32_t i = 0; i < frt_image_input_count (&agent->image); i++)
    {
      size_t size = frt_image_input_size (&agent->image, i);

      if (!agent->uses_input)
        fill_with_zero (agent, i);
      else
        memcpy (frt_image_input (&agent->image, agent->memory.arena, i), bytes, size);
      bytes += size;
    }
}

/* Returns the ticks of the whole inference. */
static uint64_t
infer (fta_agent *agent, bool measured)
{
  if (!agent->continues)
    frt_image_reset (&agent->image, agent->memory.arena);
  write_inputs (agent);
  return fta_agent_measure (agent, measured);
}

/* --- RUN and DONE --- */

static void
send_done (fta_agent *agent, uint16_t sequence)
{
  uint32_t size, crc = fta_agent_output_crc (agent, &size);
  uint8_t *payload = fta_agent_compose (agent);

  if (payload == NULL)
    return;
  fta_put_le32 (payload, agent->run_id);
  fta_put_le64 (payload + 4, agent->run_ticks);
  fta_put_le32 (payload + 12, crc);
  fta_put_le32 (payload + 16, size);
  fta_put_le32 (payload + 20,
                agent->port.stack_bytes ? agent->port.stack_bytes (agent->port.user) : 0);
  fta_put_le32 (payload + 24, agent->dropped_total);
  fta_agent_send (agent, FTA_RUN | FTA_FRAME_REPLY, sequence, FTA_DONE_SIZE);
}

static void
finish (fta_agent *agent, uint16_t sequence)
{
  enum fta_stop stop = agent->stop;

  agent->running = false;
  agent->stop = FTA_STOP_NOT;
  fta_agent_heard (agent); /* nobody listened during the last layer */
  if (stop == FTA_STOP_NOT)
    {
      agent->has_output = true;
      send_done (agent, sequence);
    }
  if (stop == FTA_STOP_ABORT)
    fta_agent_error (agent, sequence, FTA_ERROR_ABORTED, 0, 0, "the run was aborted");
  if (agent->abort_answer_due)
    {
      const fta_frame abort = { FTA_ABORT, agent->abort_sequence, 0, NULL };

      agent->abort_answer_due = false;
      fta_agent_reply (agent, &abort);
    }
}

static bool
is_single_inference (const fta_frame *frame, uint16_t flags)
{
  return fta_get_le16 (frame->payload + 4) == 0 && fta_get_le16 (frame->payload + 6) == 1
         && !(flags & SENDING);
}

static bool
check_run (fta_agent *agent, const fta_frame *frame)
{
  uint16_t flags;

  if (frame->length != FTA_RUN_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MALFORMED, 0, frame->length,
                       "RUN has the wrong size");
      return false;
    }
  flags = fta_get_le16 (frame->payload + 8);
  if (flags & ~(SENDING | FTA_RUN_INPUT | FTA_RUN_CONTINUE)
      || ((flags & FTA_RUN_CONTINUE) && !is_single_inference (frame, flags)))
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_UNSUPPORTED, 0, flags,
                       "flags of a run that are unknown or exclude each other");
      return false;
    }
  if (!agent->has_image)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, 0,
                       "there is no image");
      return false;
    }
  /* After an aborted run the state is neither old nor new. */
  if ((flags & FTA_RUN_CONTINUE) && !agent->has_output)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, 0,
                       "there is no run to continue");
      return false;
    }
  if ((flags & FTA_RUN_INPUT) && !agent->has_input)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, 0,
                       "there is no input");
      return false;
    }
  return true;
}

/* The same frame once more: the desktop has not seen the answer to it. */
static bool
is_repeated (const fta_agent *agent, const fta_frame *frame)
{
  return agent->has_output && frame->sequence == agent->run_sequence
         && fta_get_le32 (frame->payload) == agent->run_id;
}

static void
begin_run (fta_agent *agent, const fta_frame *frame, uint16_t flags)
{
  agent->run_id = fta_get_le32 (frame->payload);
  agent->run_sequence = frame->sequence;
  agent->run_ticks = 0;
  agent->uses_input = flags & FTA_RUN_INPUT;
  agent->continues = flags & FTA_RUN_CONTINUE;
  agent->uploading = false;
  agent->has_output = false;
  agent->running = true;
  agent->stop = FTA_STOP_NOT;
  fta_agent_clear_records (agent);
}

void
fta_agent_handle_run (fta_agent *agent, const fta_frame *frame)
{
  /* Frames that arrive during the run take the place of this one. */
  const uint16_t sequence = frame->sequence;
  uint16_t warm_up, repetitions, flags;

  if (!check_run (agent, frame))
    return;
  if (is_repeated (agent, frame))
    {
      send_done (agent, sequence);
      return;
    }
  warm_up = fta_get_le16 (frame->payload + 4);
  repetitions = fta_get_le16 (frame->payload + 6);
  flags = fta_get_le16 (frame->payload + 8);
  begin_run (agent, frame, flags);
  for (uint16_t i = 0; i < warm_up && agent->stop == FTA_STOP_NOT; i++)
    infer (agent, false);
  for (uint16_t i = 0; i < repetitions && agent->stop == FTA_STOP_NOT; i++)
    {
      agent->repetition = i;
      agent->run_ticks += infer (agent, true);
      if (agent->stop != FTA_STOP_SILENT)
        fta_agent_send_records (agent);
    }
  if ((flags & SENDING) && agent->stop == FTA_STOP_NOT)
    {
      agent->sending = flags & SENDING;
      infer (agent, false);
      agent->sending = 0;
    }
  finish (agent, sequence);
}
