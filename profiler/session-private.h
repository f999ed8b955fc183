/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-private.h: what the parts of a session share. */
#pragma once

#include "profiler/session.h"
#include "target-agent/messages.h"
#include "target-agent/wire.h"

G_BEGIN_DECLS

/* The largest payload that either side sends (PROTOCOL.md). */
#define FETTLE_LARGEST_PAYLOAD 65536

typedef struct _FettleOperation FettleOperation;

/* What the session is doing for a caller. Each stage of an operation sets the handlers. */
struct _FettleOperation
{
  GTask *task;
  GSource *cancel_source;
  guint16 first_sequence; /* replies to older requests are stale */
  guint allowed_ms;       /* of silence */
  gboolean cancelling;    /* ABORT was sent; its answer ends the operation */
  GBytes *request;        /* the frame to repeat if it is not answered; NULL: none */
  gint64 request_time;
  guint repeat_ms; /* without an answer for so long */

  /* A reply or a frame sent unasked. */
  void (*on_frame) (FettleSession *self, const fta_frame *frame);
  /* TRUE if the ERROR was dealt with; NULL or FALSE: the operation fails. */
  gboolean (*on_error) (FettleSession *self, const fta_frame *frame);
  /* Called four times a second; may be NULL. */
  void (*on_tick) (FettleSession *self, gint64 now);
  /* Stops the board's part and answers later by itself; NULL: the operation just ends. */
  void (*on_cancel) (FettleSession *self);

  /* upload */
  GBytes *bytes;
  guint8 upload_kind;
  guint32 acknowledged, sent, window;
  gint64 progress_time;
  gboolean end_sent;
  /* After a loss: small chunks, few in flight, and a probe behind them whose answer says what came. */
  gboolean is_careful;
  guint32 chunk, largest_chunk, flight;
  guint16 probe_sequence; /* of the first after the chunks in flight */
  guint n_good, n_unanswered;
  void (*uploaded) (FettleSession *self);

  /* run */
  FettleRunRequest wanted;
  guint left;        /* repetitions not asked for yet */
  guint part;        /* repetitions of the part under way */
  gint64 part_time;  /* when it began */
  gboolean stopping; /* no part follows but what fetches layers */
  gboolean is_last;  /* nothing follows but the outputs */
  guint32 run_id, output_crc, output_size, stack_bytes;
  guint64 received, dropped; /* records of the part */
  FettleTrace *trace;
  GByteArray *output;
  GPtrArray *layers;     /* GByteArray */
  GArray *checksums;     /* guint32 */
  GArray *have_checksum; /* gboolean */
};

struct _FettleSession
{
  GObject parent_instance;

  FettleLink *link;
  GMainContext *context;
  GSource *timer;
  FettleOperation *operation;
  GError *lost; /* why, once the link is gone */
  fta_parser parser;
  guint8 *receive;
  guint16 sequence; /* of the next request */
  guint64 retries;
  gint64 last_sent, last_heard, last_tick;

  gboolean has_info;
  FettleBoardInfo info;
  guint64 nonce;
  guint32 largest_payload, silence_ms;

  gboolean has_model;
  guint32 n_layers, input_size;
  guint32 next_run_id;
};

/* --- session.c --- */

/* Begins an operation, or makes TASK fail and returns NULL. Takes TASK. */
FettleOperation *fettle_session_begin (FettleSession *self, GTask *task);
/* Ends it. RESULT may be NULL for operations without one. */
void fettle_session_succeed (FettleSession *self, gpointer result, GDestroyNotify free);
/* Takes ERROR. */
void fettle_session_fail (FettleSession *self, GError *error);
void fettle_session_fail_cancelled (FettleSession *self);
/* Ends the session and what is under way, with REASON. Takes it. */
void fettle_session_give_up (FettleSession *self, GError *reason);
/* The bytes from the board make no sense: nothing that follows can be trusted. */
void fettle_session_fail_protocol (FettleSession *self, const char *what);

/* Sends a request; returns its sequence number. */
guint16 fettle_session_request (FettleSession *self, guint8 type, const guint8 *payload,
                                gsize size);

/* --- session-hello.c --- */
GError *fettle_session_describe_error (FettleSession *self, const fta_frame *frame);

/* --- session-records.c --- */

/* LAYERS, TENSOR or CHECKSUM of the run under way. */
void fettle_session_take_record (FettleSession *self, const fta_frame *frame);
/* TRUE if a CHECKSUM that was asked for has not come. */
gboolean fettle_session_misses_checksums (FettleSession *self);

/* --- session-upload.c --- */

/* Within an operation: sends BYTES, then calls UPLOADED. */
void fettle_session_start_upload (FettleSession *self, guint8 kind, GBytes *bytes,
                                  void (*uploaded) (FettleSession *self));

G_END_DECLS
