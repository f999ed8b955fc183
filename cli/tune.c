/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune.c: fettle-cli tune, a recipe on a model. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "model/lower.h"
#include "model/model-file.h"
#include "tuner/recipe-builtin.h"
#include "tuner/tune.h"

#include <glib/gi18n.h>

typedef struct
{
  char *model;
  char *calibrate;
  char *labels;
  char *recipe;
  char *output;
  char *weights, *granularity, *activations;
  FettleRecipeGoal goal; /* what these three say */
  gboolean explain;
  gboolean json;
  FettlePreprocessing preprocessing;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->calibrate);
  g_free (arguments->labels);
  g_free (arguments->recipe);
  g_free (arguments->output);
  g_free (arguments->weights);
  g_free (arguments->granularity);
  g_free (arguments->activations);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* TRUE and *IS_SECOND set if VALUE, of OPTION, is absent, FIRST or SECOND. */
static gboolean
read_choice (const char *option, const char *value, const char *first, const char *second,
             gboolean *is_second, GError **error)
{
  *is_second = g_strcmp0 (value, second) == 0;
  if (value == NULL || *is_second || g_str_equal (value, first))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("%s is “%s”, but must be %s or %s."), option, value, first, second);
  return FALSE;
}

static gboolean
read_goal (Arguments *arguments, GError **error)
{
  gboolean is_int4, is_per_tensor, is_int16;

  if (arguments->recipe != NULL
      && (arguments->weights != NULL || arguments->granularity != NULL
          || arguments->activations != NULL || arguments->explain))
    {
      g_set_error_literal (
          error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
          _ ("--recipe says all steps itself; leave it out, or leave out --weights, "
             "--granularity, --activations and --explain."));
      return FALSE;
    }
  if (!read_choice ("--weights", arguments->weights, "int8", "int4", &is_int4, error)
      || !read_choice ("--granularity", arguments->granularity, "channel", "tensor",
                       &is_per_tensor, error)
      || !read_choice ("--activations", arguments->activations, "int8", "int16",
                       &is_int16, error))
    return FALSE;
  arguments->goal = (FettleRecipeGoal){
    .weights = is_int4 ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8,
    .is_per_tensor = is_per_tensor,
    .activations = is_int16 ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8,
  };
  return TRUE;
}

static gboolean
parse (int argc, char **argv, Arguments *arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "calibrate", 0, 0, G_OPTION_ARG_FILENAME, &arguments->calibrate,
      N_ ("Calibration data: .npy, .csv, or a folder of pictures or sounds"), "X" },
    FETTLE_CLI_IGNORED_LABELS_ENTRY (&arguments->labels),
    { "weights", 0, 0, G_OPTION_ARG_STRING, &arguments->weights,
      N_ ("Type of the weights: int8 (default) or int4"), "TYPE" },
    { "granularity", 0, 0, G_OPTION_ARG_STRING, &arguments->granularity,
      N_ ("A scale of the weights for each output channel (default), or one per tensor"),
      "channel|tensor" },
    { "activations", 0, 0, G_OPTION_ARG_STRING, &arguments->activations,
      N_ ("Type of the activations: int8 (default) or int16"), "TYPE" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &arguments->explain,
      N_ ("Print the steps that were chosen, and why"), NULL },
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &arguments->recipe,
      N_ ("Steps to run instead of the ones chosen: a built-in recipe (int8, "
          "int8-per-tensor, int4, lossless, requantize), or a file"),
      "NAME|R.json" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments->output,
      N_ ("Tuned model to write"), "OUT.fettle" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments->preprocessing),
    FETTLE_CLI_PROGRESS_ENTRY,
    FETTLE_CLI_JSON_ENTRY (&arguments->json),
    G_OPTION_ENTRY_NULL
  };

  return fettle_cli_parse (argc, argv, entries,
                           _ ("Tunes a model for a board: chooses steps by the types "
                              "asked for, or runs a "
                              "recipe."),
                           "MODEL", &arguments->model, error)
         && fettle_cli_require (arguments->output, "-o OUT.fettle", error)
         && fettle_cli_check_preprocessing (&arguments->preprocessing, error)
         && read_goal (arguments, error);
}

static void
show_progress (const char *step, double fraction, gpointer user_data)
{
  fettle_cli_show_progress (fraction, (gpointer)step);
}

static char *
format_line (const FettleReportLine *line)
{
  return line->layer != NULL ? g_strdup_printf ("%s: %s", line->layer, line->text)
                             : g_strdup (line->text);
}

static void
add_lines (JsonBuilder *builder, GPtrArray *report)
{
  json_builder_set_member_name (builder, "report_lines");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->len; i++)
    {
      const FettleReportLine *line = g_ptr_array_index (report, i);

      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "step", line->step);
      if (line->layer != NULL)
        fettle_cli_add_string (builder, "layer", line->layer);
      fettle_cli_add_string (builder, "text", line->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_explanation (JsonBuilder *builder, const Arguments *arguments, FettleRecipe *recipe)
{
  json_builder_set_member_name (builder, "explanation");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    {
      json_builder_begin_object (builder);
      fettle_cli_add_string (builder, "step",
                             fettle_recipe_get_step (recipe, i)->kind->name);
      fettle_cli_add_string (builder, "reason",
                             fettle_recipe_goal_explain (&arguments->goal, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  fettle_cli_add_string (builder, "recipe", fettle_recipe_to_json (recipe));
}

static void
print_explanation (const Arguments *arguments, FettleRecipe *recipe)
{
  for (guint i = 0; i < fettle_recipe_get_n_steps (recipe); i++)
    fettle_cli_print ("%u. %s: %s\n", i + 1,
                      fettle_recipe_get_step (recipe, i)->kind->name,
                      fettle_recipe_goal_explain (&arguments->goal, i));
  fettle_cli_print (_ ("The recipe, as --recipe takes it:\n%s"),
                    fettle_recipe_to_json (recipe));
}

static void
print_json (const Arguments *arguments, FettleProject *tuned, FettleRecipe *recipe,
            guint n_samples, GPtrArray *report, const FettleLowered *lowered)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "output", arguments->output);
  fettle_cli_add_string (builder, "model_hash",
                         fettle_graph_get_source_hash (tuned->graph));
  fettle_cli_add_string (builder, "recipe_hash", tuned->recipe_hash);
  fettle_cli_add_string (builder, "data_hash", tuned->data_hash);
  fettle_cli_add_int (builder, "samples", n_samples);
  fettle_cli_add_int (builder, "image_bytes", g_bytes_get_size (lowered->image));
  fettle_cli_add_int (builder, "arena_bytes", lowered->arena.size);
  json_builder_set_member_name (builder, "report");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->len; i++)
    {
      g_autofree char *text = format_line (g_ptr_array_index (report, i));

      json_builder_add_string_value (builder, text);
    }
  json_builder_end_array (builder);
  add_lines (builder, report);
  if (arguments->explain)
    add_explanation (builder, arguments, recipe);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_text (const Arguments *arguments, GPtrArray *report, const FettleLowered *lowered)
{
  g_autofree char *image = fettle_cli_format_size (g_bytes_get_size (lowered->image));
  g_autofree char *arena = fettle_cli_format_size (lowered->arena.size);

  for (guint i = 0; i < report->len; i++)
    {
      g_autofree char *text = format_line (g_ptr_array_index (report, i));

      fettle_cli_print ("%s\n", text);
    }
  fettle_cli_print (_ ("Wrote %s: image %s, arena %s\n"), arguments->output, image,
                    arena);
}

static FettleProject *
tune (const Arguments *arguments, FettleProject *project, FettleRecipe *recipe,
      FettleSamples *samples, GPtrArray **report, GError **error)
{
  FettleProject *tuned =
      fettle_tune (project, recipe, samples, &arguments->preprocessing,
                   fettle_cli_get_progress () != NULL ? show_progress : NULL, NULL,
                   fettle_cli_progress_begin (), report, error);

  fettle_cli_progress_end ();
  return tuned;
}

gboolean
fettle_cli_tune (int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .preprocessing = { .scale = 1.0 } };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleRecipe) recipe = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GPtrArray) report = NULL;
  g_autoptr (GBytes) file = NULL;

  if (!parse (argc, argv, &arguments, error))
    return FALSE;
  project = fettle_model_file_load (arguments.model, error);
  if (project == NULL)
    return FALSE;
  recipe = arguments.recipe != NULL ? fettle_recipe_open (arguments.recipe, error)
                                    : fettle_recipe_new_for_goal (&arguments.goal);
  if (recipe == NULL)
    return FALSE;
  if (arguments.calibrate != NULL)
    {
      samples = fettle_cli_open_samples (arguments.calibrate, arguments.labels,
                                         project->graph, &arguments.preprocessing, error);
      if (samples == NULL)
        return FALSE;
    }
  tuned = tune (&arguments, project, recipe, samples, &report, error);
  if (tuned == NULL)
    return FALSE;
  lowered = fettle_lower (tuned->graph, NULL, error);
  if (lowered == NULL)
    return FALSE;
  file = fettle_project_serialize (tuned);
  if (!fettle_cli_write_file (arguments.output, file, error))
    return FALSE;
  if (arguments.json)
    print_json (&arguments, tuned, recipe,
                samples != NULL ? fettle_samples_get_n (samples) : 0, report, lowered);
  else
    {
      if (arguments.explain)
        print_explanation (&arguments, recipe);
      print_text (&arguments, report, lowered);
    }
  return TRUE;
}
