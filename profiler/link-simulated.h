/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-simulated.h: a link to the agent in a process of this machine. */
#pragma once

#include "profiler/link-process.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_LINK_SIMULATED (fettle_link_simulated_get_type ())
G_DECLARE_FINAL_TYPE (FettleLinkSimulated, fettle_link_simulated, FETTLE, LINK_SIMULATED,
                      FettleLinkProcess)

/* PROGRAM is the path of fettle-simulated-board. */
FettleLink *fettle_link_simulated_new (const char *program);

G_END_DECLS
