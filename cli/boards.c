/* SPDX-License-Identifier: GPL-3.0-or-later */
/* boards.c: fettle-cli boards, what a model can be run on. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "profiler/board.h"

#include <glib/gi18n.h>

static void
print_json (GPtrArray *boards)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < boards->len; i++)
    {
      FettleBoard *board = g_ptr_array_index (boards, i);

      json_builder_begin_object (builder);
      fettle_cli_add_string (builder, "id", fettle_board_get_id (board));
      fettle_cli_add_string (builder, "name", fettle_board_get_name (board));
      fettle_cli_add_string (builder, "link", fettle_board_get_link (board));
      fettle_cli_add_string (builder, "core", fettle_board_get_core (board));
      fettle_cli_add_string (builder, "problem", fettle_board_get_problem (board));
      fettle_cli_add_string (builder, "remedy", fettle_board_get_remedy (board));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  fettle_cli_print_json (builder);
}

/* One is enough: it is the same rule for all boards. */
static void
print_remedy (GPtrArray *boards)
{
  for (guint i = 0; i < boards->len; i++)
    {
      FettleBoard *board = g_ptr_array_index (boards, i);

      if (fettle_board_get_remedy (board) == NULL)
        continue;
      fettle_cli_print (_ ("\nTo be allowed to use %s, run this in a terminal:\n\n%s"),
                        fettle_board_get_id (board), fettle_board_get_remedy (board));
      return;
    }
}

static void
print_text (GPtrArray *boards)
{
  const char *const titles[] = { _ ("Board"), _ ("Link"), _ ("Core"), _ ("Name"),
                                 _ ("State") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("lllll", titles);

  for (guint i = 0; i < boards->len; i++)
    {
      FettleBoard *board = g_ptr_array_index (boards, i);
      const char *problem = fettle_board_get_problem (board);

      fettle_cli_table_add (table, "%s", fettle_board_get_id (board));
      fettle_cli_table_add (table, "%s", fettle_board_get_link (board));
      fettle_cli_table_add (table, "%s", fettle_board_get_core (board));
      fettle_cli_table_add (table, "%s", fettle_board_get_name (board));
      fettle_cli_table_add (table, "%s", problem != NULL ? problem : _ ("ready"));
    }
  fettle_cli_table_print (table);
  print_remedy (boards);
}

gboolean
fettle_cli_boards (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = { FETTLE_CLI_JSON_ENTRY (&json), G_OPTION_ENTRY_NULL };
  g_autoptr (GPtrArray) boards = NULL;

  if (!fettle_cli_parse (argc, argv, entries,
                         _ ("Lists the boards that run and profile can use."), NULL, NULL,
                         error))
    return FALSE;
  boards = fettle_board_list ();
  if (json)
    print_json (boards);
  else
    print_text (boards);
  return TRUE;
}
