/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep-run.h: a measured run for the store of runs. */
#pragma once

#include "cli/board-session.h"
#include "model/project-file.h"

G_BEGIN_DECLS

/* Keeps TRACE, measured in SESSION with PROJECT from the file at PATH; TAGS as in run-store.h. */
gboolean fettle_cli_keep_run (FettleCliSession *session, FettleProject *project,
                              const char *path, FettleTrace *trace, const char *tags,
                              GError **error);

G_END_DECLS
