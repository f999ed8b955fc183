/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep-run.c: a measured run for the store of runs. */
#include "config.h"
#include "cli/keep-run.h"
#include "profiler/run-store.h"

static void
set_string (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

static void
describe (FettleRun *run, FettleCliSession *session, FettleProject *project,
          const char *path)
{
  const FettleBoardInfo *info = fettle_cli_session_get_info (session);

  set_string (&run->board, fettle_board_get_id (fettle_cli_session_get_board (session)));
  set_string (&run->core, info->core);
  set_string (&run->firmware, info->agent);
  run->clock_hz = info->clock_hz;
  g_free (run->model);
  run->model = g_filename_display_basename (path);
  set_string (&run->model_hash, fettle_graph_get_source_hash (project->graph));
  set_string (&run->recipe_hash, project->recipe_hash);
  run->arena_bytes = fettle_cli_session_get_arena_size (session);
  run->time = g_get_real_time ();
}

gboolean
fettle_cli_keep_run (FettleCliSession *session, FettleProject *project, const char *path,
                     FettleTrace *trace, const char *tags, GError **error)
{
  g_autoptr (FettleRunStore) store = fettle_run_store_open (NULL, error);
  g_autoptr (FettleRun) run = fettle_run_new ();

  if (store == NULL)
    return FALSE;
  describe (run, session, project, path);
  set_string (&run->tags, tags);
  for (guint i = 0; i < fettle_graph_get_n_operators (project->graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (project->graph, i);

      fettle_run_add_layer (run, operator_->name,
                            fettle_opcode_get_name (operator_->opcode),
                            &(FettleRunStatistics){ 0 });
    }
  fettle_run_set_trace (run, trace);
  return fettle_run_store_add (store, run, error);
}
