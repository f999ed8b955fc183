/* SPDX-License-Identifier: Apache-2.0 */
/* agent.h: the firmware part that serves one desktop.
 *
 * A board fills in a port (how bytes and time reach it), its identity and its memory, and calls
 * fta_agent_poll for ever. All state is the caller's; nothing is allocated. */
#pragma once

#include "runtime/frt.h"
#include "target-agent/messages.h"
#include "target-agent/wire.h"

#ifdef __cplusplus
extern "C"
{
#endif

#define FTA_AGENT_NAME "fettle-agent 0.1"

  /* USER is passed to each function. */
  typedef struct fta_port
  {
    /* Copies up to CAPACITY bytes that have arrived; 0 if there are none. May wait for the first
     * one where the board has nothing else to do. */
    size_t (*read) (void *user, uint8_t *bytes, size_t capacity);
    /* Takes what it can without waiting; returns how many bytes. */
    size_t (*write) (void *user, const uint8_t *bytes, size_t size);
    /* Until bytes can be written, or a few milliseconds; NULL: returns at once. */
    void (*wait) (void *user);
    /* Monotonic, 64 bits wide. */
    uint64_t (*ticks) (void *user);
    /* A wall clock; NULL if there is none, and then no rule of silence. */
    uint32_t (*milliseconds) (void *user);
    /* Asked between layers: would read return bytes at once? NULL: it cannot be told, and the
     * agent does not read during a run. */
    bool (*readable) (void *user);
    /* Asked between layers: was ABORT signalled beside the stream of bytes (a doorbell, EP0, a
     * break)? Each signal is reported once. NULL: there is no such way. */
    bool (*interrupted) (void *user);
    /* A frame ABORT was read, whose signal may be still under way: waits for it and forgets it,
     * so that it cannot end a later run. NULL if not needed. */
    void (*settle) (void *user);
    /* High-water mark of the stack in bytes; NULL: unknown. */
    uint32_t (*stack_bytes) (void *user);
    /* The next byte written begins a frame; one before it that was not written completely is given up.
     * NULL: the link knows no frames. */
    void (*begin_frame) (void *user);
    void *user;
    /* Has the link been cut or reset, beside the stream of bytes? Reported once. What read returns
     * afterwards has come since, and write takes nothing before it was asked. NULL: a link without. */
    bool (*reset) (void *user);

    /* What makes measuring cheap; a board without such registers leaves them NULL. */

    /* Counts as ticks does, in 32 bits. COUNTER_FLIP: 0 if it counts up, UINT32_MAX if down. NULL: ticks
     * is asked around each layer. */
    const volatile uint32_t *counter;
    uint32_t counter_flip;
    /* While all bits of ATTENTION_MASK are 0 here, readable, interrupted and reset have nothing to tell,
     * so they are not asked between layers. NULL: they are. */
    const volatile uint32_t *attention;
    uint32_t attention_mask;
  } fta_port;

  /* What HELLO tells. The strings are UTF-8. */
  typedef struct fta_identity
  {
    const char *board;     /* "virtual-m4" */
    const char *core;      /* "Cortex-M4" */
    const char *unique_id; /* of the chip */
    const char *kernels;   /* "portable, ARMv7E-M" */
    uint32_t clock_hz;     /* 0 if meaningless */
    enum fta_tick_source source;
    enum fta_unit unit;
    /* The unit if the desktop says that the machine runs under -icount. */
    enum fta_unit unit_icount;
    /* A tick is NUMERATOR / DENOMINATOR units. */
    uint32_t numerator, denominator;
    bool verified_on_hardware;
  } fta_identity;

  typedef struct fta_record
  {
    uint32_t layer; /* or FTA_WHOLE_INFERENCE */
    uint32_t start; /* of a layer, lower bits of the count */
    uint64_t duration;
  } fta_record;

  typedef struct fta_memory
  {
    uint8_t *image; /* the image and behind it the input; aligned to FRT_ALIGNMENT */
    size_t image_size;
    uint8_t *arena; /* aligned to FRT_ALIGNMENT */
    size_t arena_size;
    uint8_t *receive; /* one frame */
    size_t receive_size;
    uint8_t *transmit; /* one frame */
    size_t transmit_size;
    fta_record *records;
    uint32_t record_capacity;
    uint32_t
        window; /* bytes of an upload in flight that RECEIVE and the link can buffer */
  } fta_memory;

  enum fta_stop
  {
    FTA_STOP_NOT,
    FTA_STOP_ABORT,  /* on request; answered with ERROR aborted */
    FTA_STOP_SILENT, /* nobody waits for an answer */
  };

  /* Private to agent*.c. */
  typedef struct fta_agent
  {
    fta_port port;
    /* used around each layer, and near the beginning, where instructions reach them */
    fta_record *next_record,
        *record_limit; /* from the limit on, records take the long way */
    uint32_t layer_start;
    uint32_t looked,
        look_interval; /* counts: the last look for news, the longest time without */

    fta_identity identity;
    fta_memory memory;
    fta_parser parser;
    uint8_t inbox[1024]; /* read, not yet parsed */
    size_t inbox_begin, inbox_end;
    size_t transmit_begin, transmit_end;
    uint32_t oversize_seen;
    uint16_t unsolicited;
    bool has_session;
    uint32_t last_heard; /* milliseconds */

    /* upload */
    bool uploading, gap_reported;
    uint8_t upload_kind;
    uint32_t upload_total, upload_crc, upload_received, upload_acknowledged;
    size_t input_offset; /* in memory.image, behind the image */
    bool has_image, has_input, has_output;
    frt_image image;

    /* run */
    bool running, abort_answer_due;
    enum fta_stop stop;
    uint16_t abort_sequence, run_sequence;
    uint32_t run_id;
    uint64_t run_ticks;
    uint16_t repetition;
    uint16_t sending; /* of enum fta_run_flags: what each layer's output is sent as */
    bool measured, uses_input, continues, has_attention;
    uint64_t inference_start;
    uint32_t sent_start; /* of the record sent last, count */
    uint64_t sent_ticks; /* the same, since the inference began */
    uint32_t dropped, dropped_total;
  } fta_agent;

  /* Copies PORT, IDENTITY and MEMORY, not what they point to. */
  void fta_agent_init (fta_agent *agent, const fta_port *port,
                       const fta_identity *identity, const fta_memory *memory);

  /* Reads once and serves every frame that is complete; a run is served to its end. */
  void fta_agent_poll (fta_agent *agent);

#ifdef __cplusplus
}
#endif
