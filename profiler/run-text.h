/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-text.h: kept runs for other programs. */
#pragma once

#include "profiler/run-store.h"
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object with all that is known of RUN; "layers" if it has them. */
void fettle_run_add_json (FettleRun *run, JsonBuilder *builder);
/* RUN as JSON text; free with g_free. */
char *fettle_run_format_json (FettleRun *run);
/* A line of titles, then one for each layer and one for the whole inference; numbers and texts as RFC 4180 has them. Free with
 * g_free. */
char *fettle_run_format_csv (FettleRun *run);
/* "2026-11-21T19:30:00Z"; free with g_free. */
char *fettle_run_format_time (FettleRun *run);

G_END_DECLS
