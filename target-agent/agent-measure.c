/* SPDX-License-Identifier: Apache-2.0 */
/* agent-measure.c: one inference, measured layer by layer, and its records.
 *
 * What is executed around each layer is kept short: see "What is measured" in PROTOCOL.md, and
 * tests/golden/profiler-cost.py, which counts it. */
#include "target-agent/agent-private.h"

#include <string.h>

static uint64_t
now (fta_agent *agent)
{
  return agent->port.ticks (agent->port.user);
}

static inline uint32_t
count (fta_agent *agent)
{
  const volatile uint32_t *counter = agent->port.counter;

  return counter != NULL ? *counter ^ agent->port.counter_flip : (uint32_t)now (agent);
}

/* --- records --- */

void
fta_agent_clear_records (fta_agent *agent)
{
  agent->next_record = agent->memory.records;
  agent->dropped = agent->dropped_total = 0;
}

/* Ticks since the inference began. Layers follow each other in less time than 32 bits count. */
static uint64_t
start_of (fta_agent *agent, const fta_record *record)
{
  if (record->layer == FTA_WHOLE_INFERENCE)
    return 0;
  agent->sent_ticks += (uint32_t)(record->start - agent->sent_start);
  agent->sent_start = record->start;
  return agent->sent_ticks;
}

static void
write_records (fta_agent *agent, uint8_t *payload, const fta_record *record,
               uint32_t number)
{
  fta_put_le32 (payload, agent->run_id);
  fta_put_le16 (payload + 4, agent->repetition);
  fta_put_le16 (payload + 6, (uint16_t)number);
  fta_put_le32 (payload + 8, agent->dropped);
  payload += FTA_LAYERS_SIZE;
  for (; number > 0; number--, record++, payload += FTA_RECORD_SIZE)
    {
      fta_put_le16 (payload, (uint16_t)record->layer);
      fta_put_le16 (payload + 2, 0);
      fta_put_le64 (payload + 4, start_of (agent, record));
      fta_put_le64 (payload + 12, record->duration);
    }
}

void
fta_agent_send_records (fta_agent *agent)
{
  fta_record *records = agent->memory.records;
  const uint32_t recorded = (uint32_t)(agent->next_record - records);
  const uint32_t most =
      (fta_agent_payload_capacity (agent) - FTA_LAYERS_SIZE) / FTA_RECORD_SIZE;
  uint32_t first = 0;

  while (first < recorded || agent->dropped > 0)
    {
      const uint32_t left = recorded - first, number = left < most ? left : most;
      uint8_t *payload = fta_agent_compose (agent);

      if (payload == NULL)
        break;
      write_records (agent, payload, records + first, number);
      fta_agent_send (agent, FTA_LAYERS, agent->unsolicited++,
                      FTA_LAYERS_SIZE + number * FTA_RECORD_SIZE);
      agent->dropped = 0;
      first += number;
    }
  memmove (records, records + first, (recorded - first) * sizeof *records);
  agent->next_record = records + (recorded - first);
}

static void
add_record (fta_agent *agent, uint32_t layer, uint32_t start, uint64_t duration)
{
  const fta_record *end = agent->memory.records + agent->memory.record_capacity;

  if (agent->next_record == end)
    {
      agent->dropped++;
      agent->dropped_total++;
      return;
    }
  *agent->next_record++ = (fta_record){ layer, start, duration };
}

/* --- around a layer --- */

/* What is rarely needed is not inlined: the short way would save and restore registers for it. COUNT is about
 * now. TRUE if the run has to end. */
__attribute__ ((noinline)) static bool
look (fta_agent *agent, uint32_t count)
{
  agent->looked = count;
  return fta_agent_serve_between_layers (agent);
}

static int
before_layer (void *user, uint32_t layer)
{
  fta_agent *agent = user;

  if (*agent->port.attention & agent->port.attention_mask
      && look (agent, agent->layer_start))
    return 1;
  agent->layer_start =
      count (agent); /* last: what stands above is not the layer's time */
  return 0;
}

/* The ring is more than half full, or the inference is not measured. */
__attribute__ ((noinline)) static int
after_layer_at_length (fta_agent *agent, uint32_t layer, uint32_t end)
{
  if (agent->measured)
    {
      add_record (agent, layer, agent->layer_start, end - agent->layer_start);
      fta_agent_send_records (agent);
    }
  if (agent->sending & FTA_RUN_TENSORS)
    fta_agent_send_tensor (agent, layer);
  if (agent->sending & FTA_RUN_CHECKSUMS)
    fta_agent_send_checksum (agent, layer);
  return end - agent->looked > agent->look_interval && look (agent, end);
}

static int
after_layer (void *user, uint32_t layer)
{
  fta_agent *agent = user;
  const uint32_t end = count (agent); /* first: what follows is not the layer's time */
  const uint32_t start = agent->layer_start;
  fta_record *record = agent->next_record;

  if (record >= agent->record_limit)
    return after_layer_at_length (agent, layer, end);
  *record = (fta_record){ layer, start, end - start };
  agent->next_record = record + 1;
  return end - agent->looked > agent->look_interval && look (agent, end);
}

/* --- an inference --- */

static void
begin (fta_agent *agent, bool measured)
{
  agent->measured = measured;
  agent->record_limit =
      agent->memory.records + (measured ? agent->memory.record_capacity / 2 : 0);
  agent->sent_ticks = 0;
  agent->inference_start = now (agent);
  agent->looked = agent->layer_start = agent->sent_start =
      agent->port.counter != NULL ? count (agent) : (uint32_t)agent->inference_start;
}

uint64_t
fta_agent_measure (fta_agent *agent, bool measured)
{
  const frt_observer observer = { before_layer, after_layer, agent };
  uint64_t end;
  int status;

  /* What came with the request is no news to the board any more. */
  if (agent->has_attention && fta_agent_serve_between_layers (agent))
    return 0;
  begin (agent, measured);
  status = frt_image_run (&agent->image, agent->memory.arena, agent->memory.arena_size,
                          &observer);
  end = now (agent);
  agent->measured = false;
  if (status != FRT_OK && agent->stop == FTA_STOP_NOT)
    agent->stop = FTA_STOP_ABORT;
  if (measured && status == FRT_OK)
    add_record (agent, FTA_WHOLE_INFERENCE, 0, end - agent->inference_start);
  return end - agent->inference_start;
}
