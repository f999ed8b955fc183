/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c: command lines. */
#include "config.h"
#include "cli/options.h"
#include "cli/output.h"
#include "tuner/preprocessing-text.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

gboolean
fettle_cli_parse (int argc, char **argv, const GOptionEntry *entries, const char *summary,
                  const char *positional, char **argument, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (positional);
  /* GOption takes arguments out of the vector that it is given. */
  g_autofree char **rest = g_new0 (char *, (gsize)argc + 1);
  int n_wanted = positional != NULL ? 2 : 1;

  memcpy (rest, argv, (gsize)argc * sizeof *rest);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  if (!g_option_context_parse (context, &argc, &rest, error))
    return FALSE;
  /* "--" stays in the vector if an argument that follows it looks like an option. */
  if (argc > 1 && g_str_equal (rest[1], "--"))
    memmove (rest + 1, rest + 2, (gsize)(argc-- - 1) * sizeof *rest);
  if (argc < n_wanted)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("%s is missing"),
                   positional);
      return FALSE;
    }
  if (argc > n_wanted)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("unexpected argument “%s”"), rest[n_wanted]);
      return FALSE;
    }
  if (positional != NULL)
    *argument = g_strdup (rest[1]);
  return TRUE;
}

gboolean
fettle_cli_require (const char *value, const char *option, GError **error)
{
  if (value != NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("option %s is missing"),
               option);
  return FALSE;
}

gboolean
fettle_cli_read_rounding (const char *name, FettleRounding *rounding, GError **error)
{
  *rounding = FETTLE_ROUNDING_DOUBLE;
  return name == NULL || fettle_rounding_from_name (name, rounding, error);
}

gboolean
fettle_cli_check_count (int value, const char *option, GError **error)
{
  if (value >= 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("%s must be at least 1"), option);
  return FALSE;
}

FettleSamples *
fettle_cli_open_samples (const char *path, const char *rule, FettleGraph *graph,
                         const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleNpy) labels = NULL;

  if (rule == NULL)
    return fettle_samples_open (path, graph, preprocessing, error);
  if (g_str_has_prefix (rule, "column:"))
    return fettle_samples_open_labelled (path, rule, graph, preprocessing, &labels,
                                         error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--labels is “%s”, but this command needs no labels; it can only leave "
                  "out a column of a table, column:NAME"),
               rule);
  return NULL;
}

FettleGraph *
fettle_cli_require_reference (FettleProject *project, GError **error)
{
  FettleGraph *reference = fettle_project_get_reference (project);

  if (reference == NULL)
    g_set_error_literal (
        error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
        _ ("The model keeps no float model to be compared with; give the "
           ".fettle file that “fettle-cli tune” wrote."));
  return reference;
}

FettleCliPreprocessingTexts fettle_cli_preprocessing_texts;

static gboolean
read_normalization (FettlePreprocessing *preprocessing, GError **error)
{
  const FettleCliPreprocessingTexts *texts = &fettle_cli_preprocessing_texts;

  if (fettle_preprocessing_read_normalization (preprocessing, texts->mean,
                                               texts->deviation))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--mean and --std must each be a number, or up to %d numbers with "
                  "commas between them, as many of one as of the other"),
               FETTLE_MAX_NORMALIZED_CHANNELS);
  return FALSE;
}

static gboolean
read_order (FettlePreprocessing *preprocessing, GError **error)
{
  const char *order = fettle_cli_preprocessing_texts.channels;

  if (order == NULL || g_str_equal (order, "rgb"))
    return TRUE;
  if (!g_str_equal (order, "bgr"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--channels must be rgb or bgr, not “%s”"), order);
      return FALSE;
    }
  preprocessing->order = FETTLE_CHANNELS_BGR;
  return TRUE;
}

gboolean
fettle_cli_check_preprocessing (FettlePreprocessing *preprocessing, GError **error)
{
  if (!read_normalization (preprocessing, error) || !read_order (preprocessing, error))
    return FALSE;
  preprocessing->sample_rate = (guint)MAX (fettle_cli_preprocessing_texts.sample_rate, 0);
  if (fettle_preprocessing_is_valid (preprocessing))
    return TRUE;
  g_set_error (
      error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      _ ("--scale, --offset, --mean and --std must be finite, the scale not 0, and "
         "each deviation greater than 0"));
  return FALSE;
}

void
fettle_cli_compare_preprocessing (FettleProject *project,
                                  const FettlePreprocessing *preprocessing)
{
  const FettlePreprocessing *tuned = &project->preprocessing;

  if (project->recipe == NULL || project->recipe[0] == '\0'
      || fettle_preprocessing_equal (tuned, preprocessing))
    return;
  if (tuned->scale != preprocessing->scale || tuned->offset != preprocessing->offset)
    fettle_cli_print_error (
        _ ("Note: the model was tuned with --scale %.17g --offset %.17g, but is fed with "
           "--scale %.17g --offset %.17g."),
        tuned->scale, tuned->offset, preprocessing->scale, preprocessing->offset);
  else
    fettle_cli_print_error (
        _ ("Note: the model was tuned with other values of --mean, "
           "--std, --channels or --sample-rate than it is fed with."));
}

void
fettle_cli_compare_range (FettleSamples *samples, FettleGraph *graph)
{
  g_autofree char *misfit = fettle_samples_describe_misfit (samples, graph);

  if (misfit != NULL)
    fettle_cli_print_error (_ ("Note: %s"), misfit);
}

gboolean
fettle_cli_has_suffix (const char *path, const char *suffix)
{
  gsize length = strlen (path), suffix_length = strlen (suffix);

  return length >= suffix_length
         && g_ascii_strcasecmp (path + length - suffix_length, suffix) == 0;
}
