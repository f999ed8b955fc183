/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripted-link.h: a link whose other side is the test. */
#pragma once

#include "profiler/link.h"

G_BEGIN_DECLS

#define SCRIPTED_TYPE_LINK (scripted_link_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedLink, scripted_link, SCRIPTED, LINK, FettleLink)

/* What the desktop has sent last. */
struct _ScriptedLink
{
  FettleLink parent_instance;

  guint8 type;
  guint16 sequence;
  guint8 nonce[8];  /* of the last HELLO */
  guint8 run_id[4]; /* of the last RUN */
  guint n_sent;
};

ScriptedLink *scripted_link_new (void);
/* The desktop receives a frame. */
void scripted_link_say (ScriptedLink *self, guint8 type, guint16 sequence,
                        const guint8 *payload, gsize size);
/* HELLO's reply of a board with room for small images, in PAYLOAD of 256 bytes. Returns its
 * size. */
gsize scripted_link_make_hello (const ScriptedLink *self, guint8 *payload);

G_END_DECLS
