/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agent-fixture.h: an agent and its desktop in one process, over pipes in memory, with a clock of the
 * test's own. */
#pragma once

#include "target-agent/agent.h"
#include "tiny-image.h"

#include <glib.h>

#define FIXTURE_PAYLOAD 1024u
#define FIXTURE_WINDOW  2048u
#define FIXTURE_RECORDS 8u
/* Each reading of the agent's timer is so many ticks later. */
#define FIXTURE_TICK 7u

typedef struct _Fixture Fixture;

struct _Fixture
{
  fta_agent agent;
  guint8 *image, *arena; /* aligned */
  guint8 receive[FIXTURE_PAYLOAD + FTA_FRAME_OVERHEAD];
  guint8 transmit[FIXTURE_PAYLOAD + FTA_FRAME_OVERHEAD];
  fta_record records[FIXTURE_RECORDS];
  guint64 ticks;
  guint32 milliseconds;
  GByteArray *to_agent, *from_agent;
  gboolean stalled; /* the agent's writes are refused */
  gboolean rings;   /* the doorbell */
  gboolean resets;  /* the link was cut */
  guint n_between;  /* layers begun */
  guint n_settled;
  void (*between) (Fixture *fixture); /* before each layer; may be NULL */
  void (*waiting) (Fixture *fixture); /* the agent cannot write; may be NULL */

  /* what the desktop has understood */
  fta_parser parser;
  guint8 frame_buffer[FIXTURE_PAYLOAD + FTA_FRAME_OVERHEAD];
  guint16 sequence;
};

/* For g_test_add. */
void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

/* Queues a request; returns its number. */
guint16 fixture_post (Fixture *fixture, guint8 type, const void *payload, gsize size);
/* Lets the agent work until it has read everything. */
void fixture_serve (Fixture *fixture);
/* The next frame from the agent, which there must be. Valid until the next call. */
fta_frame fixture_take (Fixture *fixture);
/* FALSE if the agent has said no more. */
gboolean fixture_try (Fixture *fixture, fta_frame *frame);
/* Both: post, serve, take. */
fta_frame fixture_ask (Fixture *fixture, guint8 type, const void *payload, gsize size);
/* The next frame is ERROR CODE. */
void fixture_expect_error (Fixture *fixture, guint code);

void fixture_hello (Fixture *fixture);
void fixture_begin (Fixture *fixture, guint8 kind, const guint8 *bytes, guint32 size);
void fixture_data (Fixture *fixture, const guint8 *bytes, guint32 offset, guint32 size);
/* Uploads everything in chunks; returns the reply to END. */
fta_frame fixture_upload (Fixture *fixture, guint8 kind, const guint8 *bytes,
                          guint32 size);
/* HELLO and an image of N_LAYERS layers of SIZE bytes. */
void fixture_upload_image (Fixture *fixture, guint n_layers, guint size);
void fixture_post_run (Fixture *fixture, guint warm_up, guint repetitions, guint flags);
