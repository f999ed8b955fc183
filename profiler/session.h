/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.h: a link plus its state: HELLO, upload, run, records, output.
 *
 * One operation at a time; starting a second one while one is under way fails with
 * G_IO_ERROR_PENDING. Every operation ends: with its result, with an error of the link, with ERROR from
 * the board, or after the silence allowed. Used on the link's GMainContext only. A cancelled
 * operation interrupts the board where that makes sense and leaves the session usable. */
#pragma once

#include "profiler/board.h"
#include "profiler/trace.h"

G_BEGIN_DECLS

/* What the board said of itself. */
typedef struct
{
  char *agent;         /* "fettle-agent 0.1" */
  char *board;         /* "virtual-m4" */
  char *core;          /* "Cortex-M4" */
  FettleTarget target; /* what images are lowered for */
  char *unique_id;
  char *kernels;         /* "portable, ARMv7E-M" */
  guint32 clock_hz;      /* 0 if meaningless */
  FettleUnit unit;       /* of the trace */
  double units_per_tick; /* duration in ticks times this = duration in unit */
  guint64 arena_bytes;
  guint64 image_bytes;
  guint16 image_major, image_minor;
  guint32 runtime_abi;
  gboolean verified_on_hardware; /* FALSE also for virtual boards */
} FettleBoardInfo;

#define FETTLE_TYPE_SESSION (fettle_session_get_type ())
G_DECLARE_FINAL_TYPE (FettleSession, fettle_session, FETTLE, SESSION, GObject)

/* Signals:
 *   "progress" (double fraction)    of an upload: bytes acknowledged, not bytes sent
 *   "measured" (FettleTrace *trace) new records in the trace of the run under way
 *   "output" (guint crc)            CRC-32 of all outputs, after each part of a run; a run until stopped
 *                                   has several parts a second where an inference takes no longer
 *   "lost" (const GError *reason)   the link is gone; operations under way fail with it too */

FettleSession *fettle_session_new (FettleLink *link);

/* Opens the link and says HELLO. */
void fettle_session_open_async (FettleSession *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean fettle_session_open_finish (FettleSession *self, GAsyncResult *result,
                                     GError **error);

/* NULL before open has succeeded. */
const FettleBoardInfo *fettle_session_get_info (FettleSession *self);

/* Uploads an image; the board validates it. */
void fettle_session_upload_async (FettleSession *self, GBytes *image,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean fettle_session_upload_finish (FettleSession *self, GAsyncResult *result,
                                       GError **error);

typedef struct
{
  guint repetitions; /* at least 1 */
  guint warm_up;     /* runs before, not measured */
  GBytes *input; /* raw bytes of all inputs, one after the other; NULL = zero points */
  gboolean keep_layers; /* also fetch every layer's output of the last repetition */
  gboolean
      is_continued; /* state goes on from the run before; one repetition, no warm-up, no layers;
                          * else it is reset before each repetition */
  gboolean
      until_stopped; /* goes on until fettle_session_stop; repetitions means nothing */
  gboolean keep_checksums; /* also fetch the CRC-32 of every layer's outputs */
  FettleTrace
      *trace; /* of an earlier run of the same model, to go on with; NULL: a new one */
} FettleRunRequest;

typedef struct
{
  FettleTrace *trace;
  GBytes *output;      /* raw bytes of all outputs, one after the other */
  GPtrArray *layers;   /* GBytes per layer if keep_layers, else NULL */
  GArray *checksums;   /* guint32 per layer if keep_checksums, else NULL */
  guint32 stack_bytes; /* high-water mark on the board; 0 = unknown */
} FettleRunResult;

void fettle_run_result_free (FettleRunResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleRunResult, fettle_run_result_free)

/* Runs the uploaded image. REQUEST is copied. */
void fettle_session_run_async (FettleSession *self, const FettleRunRequest *request,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
FettleRunResult *fettle_session_run_finish (FettleSession *self, GAsyncResult *result,
                                            GError **error);

/* Ends a run with until_stopped soon, with its result; cancelling would throw that away. Does nothing
 * when there is none. */
void fettle_session_stop (FettleSession *self);

/* How often something had to be sent again because the link lost or damaged bytes. */
guint64 fettle_session_get_retries (FettleSession *self);

/* Says GOODBYE and closes the link. */
void fettle_session_close (FettleSession *self);

/* --- for programs without a main loop: the same, blocking, on a context of its own --- */

/* Opens BOARD, uploads IMAGE, runs REQUEST, closes. INFO may be NULL; else filled in, free with
 * fettle_board_info_clear. */
FettleRunResult *fettle_session_run_once (FettleBoard *board, GBytes *image,
                                          const FettleRunRequest *request,
                                          FettleBoardInfo *info,
                                          GCancellable *cancellable, GError **error);
void fettle_board_info_clear (FettleBoardInfo *info);

G_END_DECLS
