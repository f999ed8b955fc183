/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export.c: fettle-cli export, a model as a C header. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/header-writer.h"
#include "model/model-file.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the exported program is to save: cycles, with the kernels of its core, or flash, with the portable ones. */
static gboolean
read_optimize (const char *name, FettleLowerOptions *options, GError **error)
{
  if (g_strcmp0 (name, "size") == 0)
    options->target = FETTLE_TARGET_PORTABLE;
  else if (name != NULL && strcmp (name, "speed") != 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is not what --optimize knows: it is speed or size."), name);
      return FALSE;
    }
  return TRUE;
}

static void
print_json (const char *header, const char *symbol, const FettleLowerOptions *options,
            FettleProject *project, const FettleLowered *lowered)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "header", header);
  fettle_cli_add_string (builder, "symbol", symbol);
  fettle_cli_add_string (builder, "target", fettle_target_get_name (options->target));
  fettle_cli_add_string (builder, "rounding",
                         fettle_rounding_get_name (options->rounding));
  fettle_cli_add_string (builder, "model_hash",
                         fettle_graph_get_source_hash (project->graph));
  fettle_cli_add_string (builder, "recipe_hash", project->recipe_hash);
  fettle_cli_add_int (builder, "image_bytes", g_bytes_get_size (lowered->image));
  fettle_cli_add_int (builder, "arena_bytes", lowered->arena.size);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_text (const char *header, const char *symbol, const FettleLowerOptions *options,
            const FettleLowered *lowered)
{
  g_autofree char *image = fettle_cli_format_size (g_bytes_get_size (lowered->image));
  g_autofree char *arena = fettle_cli_format_size (lowered->arena.size);

  fettle_cli_print (
      _ ("Wrote %s: names begin with “%s”, target %s, image %s, arena %s\n"), header,
      symbol, fettle_target_get_name (options->target), image, arena);
}

static gboolean
export_model (const char *model, const char *header, const FettleLowerOptions *options,
              const char *symbol, gboolean json, GError **error)
{
  g_autoptr (FettleProject) project = fettle_model_file_load (model, error);
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (project == NULL)
    return FALSE;
  lowered = fettle_lower (project->graph, options, error);
  if (lowered == NULL)
    return FALSE;
  text = fettle_header_write (project, options->target, options->rounding, symbol, error);
  if (text == NULL)
    return FALSE;
  bytes = g_bytes_new_take (text, strlen (text));
  if (!fettle_cli_write_file (header, bytes, error))
    return FALSE;
  if (json)
    print_json (header, symbol, options, project, lowered);
  else
    print_text (header, symbol, options, lowered);
  return TRUE;
}

gboolean
fettle_cli_export (int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL;
  g_autofree char *header = NULL;
  g_autofree char *target_name = NULL;
  g_autofree char *optimize = NULL;
  g_autofree char *rounding_name = NULL;
  g_autofree char *symbol = NULL;
  gboolean json = FALSE;
  FettleLowerOptions options = { .target = FETTLE_TARGET_PORTABLE };
  const GOptionEntry entries[] = {
    { "header", 0, 0, G_OPTION_ARG_FILENAME, &header, N_ ("Header to write"), "OUT.h" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &target_name,
      N_ ("Core to pack the weights for: portable (default), cortex-m4, "
          "cortex-m7, cortex-m55"),
      "TARGET" },
    { "optimize", 0, 0, G_OPTION_ARG_STRING, &optimize,
      N_ ("What to save: speed (default), with the kernels of the target, or size, with "
          "portable ones"),
      "speed|size" },
    { "symbol", 0, 0, G_OPTION_ARG_STRING, &symbol,
      N_ ("Beginning of all names in the header (default: the header's name)"), "NAME" },
    FETTLE_CLI_ROUNDING_ENTRY (&rounding_name),
    FETTLE_CLI_JSON_ENTRY (&json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (argc, argv, entries,
                         _ ("Writes a model as one C header that includes only frt.h."),
                         "MODEL", &model, error)
      || !fettle_cli_require (header, "--header", error)
      || (target_name != NULL
          && !fettle_target_from_name (target_name, &options.target, error))
      || !read_optimize (optimize, &options, error)
      || !fettle_cli_read_rounding (rounding_name, &options.rounding, error))
    return FALSE;
  if (symbol == NULL)
    {
      g_autofree char *name = g_path_get_basename (header);

      symbol = fettle_header_symbol (name);
    }
  return export_model (model, header, &options, symbol, json, error);
}
