/* SPDX-License-Identifier: Apache-2.0 */
/* agent-private.h: what the parts of the agent share. */
#pragma once

#include "target-agent/agent.h"

/* --- agent-transmit.c --- */

/* Where the next frame's payload is composed; fta_agent_payload_capacity bytes. Waits for the frame
 * before to be gone, except during an inference: NULL if it would have to. */
uint8_t *fta_agent_compose (fta_agent *agent);
uint32_t fta_agent_payload_capacity (const fta_agent *agent);
void fta_agent_send (fta_agent *agent, uint8_t type, uint16_t sequence, uint32_t length);
/* A frame without payload. */
void fta_agent_reply (fta_agent *agent, const fta_frame *request);
void fta_agent_error (fta_agent *agent, uint16_t sequence, enum fta_error code,
                      int reason, uint32_t detail, const char *text);
/* Text appended at LENGTH of a payload, cut at its capacity. Returns the new length. */
uint32_t fta_agent_append (const fta_agent *agent, uint8_t *payload, uint32_t length,
                           const char *text);

/* --- agent.c --- */

/* The silence of the desktop counts from now. */
void fta_agent_heard (fta_agent *agent);
/* If the link was reset, forgets the session and every byte under way, and is TRUE. */
bool fta_agent_take_reset (fta_agent *agent);
/* Between layers: serves what may be served during a run. TRUE if the run has to end. */
bool fta_agent_serve_between_layers (fta_agent *agent);

/* --- agent-hello.c --- */
void fta_agent_handle_hello (fta_agent *agent, const fta_frame *frame);
void fta_agent_forget_session (fta_agent *agent);

/* --- agent-upload.c --- */
void fta_agent_handle_begin (fta_agent *agent, const fta_frame *frame);
void fta_agent_handle_data (fta_agent *agent, const fta_frame *frame);
void fta_agent_handle_end (fta_agent *agent, const fta_frame *frame);

/* --- agent-measure.c --- */

/* Forgets records and their numbers. */
void fta_agent_clear_records (fta_agent *agent);
/* One inference, whose records are kept if MEASURED. Returns its ticks. */
uint64_t fta_agent_measure (fta_agent *agent, bool measured);
/* What the transmit buffer cannot hold stays for the next frame. */
void fta_agent_send_records (fta_agent *agent);

/* --- agent-run.c --- */
void fta_agent_handle_run (fta_agent *agent, const fta_frame *frame);

/* --- agent-outputs.c --- */

/* After a layer: its first output, or the CRC-32 of all its outputs. */
void fta_agent_send_tensor (fta_agent *agent, uint32_t layer);
void fta_agent_send_checksum (fta_agent *agent, uint32_t layer);
/* CRC-32 of all outputs of the model one after the other, and their SIZE in bytes. */
uint32_t fta_agent_output_crc (const fta_agent *agent, uint32_t *size);
void fta_agent_handle_fetch (fta_agent *agent, const fta_frame *frame);
