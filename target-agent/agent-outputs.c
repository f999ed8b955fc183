/* SPDX-License-Identifier: Apache-2.0 */
/* agent-outputs.c: what layers and models put out: tensors, checksums, and the outputs on request. */
#include "target-agent/agent-private.h"

#include "runtime/access.h"

#include <string.h>

/* --- of a layer --- */

void
fta_agent_send_tensor (fta_agent *agent, uint32_t layer)
{
  const frt_image *image = &agent->image;
  const struct frt_tensor *tensor =
      frt_output_tensor (image, &image->operators[layer], 0);
  uint32_t most = fta_agent_payload_capacity (agent) - FTA_TENSOR_SIZE;

  for (uint32_t offset = 0; offset < tensor->size;)
    {
      uint32_t size = tensor->size - offset < most ? tensor->size - offset : most;
      uint8_t *payload = fta_agent_compose (agent);

      if (payload == NULL)
        return;
      fta_put_le32 (payload, agent->run_id);
      fta_put_le16 (payload + 4, (uint16_t)layer);
      fta_put_le16 (payload + 6, 0);
      fta_put_le32 (payload + 8, offset);
      fta_put_le32 (payload + 12, tensor->size);
      memcpy (payload + FTA_TENSOR_SIZE, agent->memory.arena + tensor->offset + offset,
              size);
      fta_agent_send (agent, FTA_TENSOR, agent->unsolicited++, FTA_TENSOR_SIZE + size);
      offset += size;
    }
}

void
fta_agent_send_checksum (fta_agent *agent, uint32_t layer)
{
  const frt_image *image = &agent->image;
  const struct frt_operator *operator_ = &image->operators[layer];
  uint8_t *payload = fta_agent_compose (agent);
  uint32_t crc = 0, size = 0;

  if (payload == NULL)
    return;
  for (uint32_t i = 0; i < operator_->output_count; i++)
    {
      const struct frt_tensor *tensor = frt_output_tensor (image, operator_, i);

      crc = frt_crc32 (crc, agent->memory.arena + tensor->offset, tensor->size);
      size += tensor->size;
    }
  fta_put_le32 (payload, agent->run_id);
  fta_put_le16 (payload + 4, (uint16_t)layer);
  fta_put_le16 (payload + 6, 0);
  fta_put_le32 (payload + 8, size);
  fta_put_le32 (payload + 12, crc);
  fta_agent_send (agent, FTA_CHECKSUM, agent->unsolicited++, FTA_CHECKSUM_SIZE);
}

/* --- of the model --- */

uint32_t
fta_agent_output_crc (const fta_agent *agent, uint32_t *total)
{
  uint32_t crc = 0;

  *total = 0;
  for (uint32_t i = 0; i < frt_image_output_count (&agent->image); i++)
    {
      size_t size = frt_image_output_size (&agent->image, i);

      crc =
          frt_crc32 (crc, frt_image_output (&agent->image, agent->memory.arena, i), size);
      *total += (uint32_t)size;
    }
  return crc;
}

/* Copies SIZE bytes from OFFSET of all outputs laid one after the other. */
static void
copy_outputs (const fta_agent *agent, uint8_t *to, uint32_t offset, uint32_t size)
{
  for (uint32_t i = 0; i < frt_image_output_count (&agent->image) && size > 0; i++)
    {
      size_t here = frt_image_output_size (&agent->image, i);
      const uint8_t *from = frt_image_output (&agent->image, agent->memory.arena, i);
      size_t part;

      if (offset >= here)
        {
          offset -= (uint32_t)here;
          continue;
        }
      part = here - offset < size ? here - offset : size;
      memcpy (to, from + offset, part);
      to += part;
      size -= (uint32_t)part;
      offset = 0;
    }
}

void
fta_agent_handle_fetch (fta_agent *agent, const fta_frame *frame)
{
  uint32_t offset, size, total;
  uint8_t *payload;

  if (frame->length != FTA_FETCH_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_MALFORMED, 0, frame->length,
                       "FETCH has the wrong size");
      return;
    }
  if (!agent->has_output)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_STATE, 0, 0,
                       "there is no output");
      return;
    }
  offset = fta_get_le32 (frame->payload);
  size = fta_get_le32 (frame->payload + 4);
  fta_agent_output_crc (agent, &total);
  if (offset > total || size > total - offset
      || size > fta_agent_payload_capacity (agent) - FTA_FETCH_REPLY_SIZE)
    {
      fta_agent_error (agent, frame->sequence, FTA_ERROR_TOO_LARGE, 0, total,
                       "the output has no such bytes");
      return;
    }
  payload = fta_agent_compose (agent);
  if (payload == NULL)
    return;
  fta_put_le32 (payload, offset);
  copy_outputs (agent, payload + FTA_FETCH_REPLY_SIZE, offset, size);
  fta_agent_send (agent, FTA_FETCH | FTA_FRAME_REPLY, frame->sequence,
                  FTA_FETCH_REPLY_SIZE + size);
}
