/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-conformance.h: what every link must do, whatever carries its bytes.
 *
 * To have a link tested: fill in the hooks and call link_conformance_add between g_test_init and
 * g_test_run. The other side of the link, the peer, is no agent: it sends back every byte that it gets,
 * in order and in cuts of its own. */
#pragma once

#include "profiler/link.h"

typedef struct
{
  const char *name; /* of the link in test paths */

  /* Before each test: the other side, ready to be connected to. */
  gpointer (*start) (void);
  /* A new link to PEER. */
  FettleLink *(*create_link) (gpointer peer);
  /* After each test; the link is gone. Frees PEER. */
  void (*stop) (gpointer peer);

  /* PEER goes away without a word: unplugged, killed, hung up. LINK is open or opening. */
  void (*vanish) (gpointer peer, FettleLink *link);
  /* How many ABORTs have reached PEER beside the stream of bytes. NULL: the link has no such way, and
   * an interrupt does nothing. */
  guint (*count_aborts) (gpointer peer);
} LinkHooks;

/* HOOKS must live until the tests have run. */
void link_conformance_add (const LinkHooks *hooks);
