/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preprocessing-text.c: the means and deviations of a preprocessing as people write them. */
#include "config.h"
#include "tuner/preprocessing-text.h"

/* Returns how many there are, -1 if TEXT is something else. */
static int
read_numbers (const char *text, double *numbers)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  int n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);
      char *end;

      if (n == FETTLE_MAX_NORMALIZED_CHANNELS)
        return -1;
      numbers[n++] = g_ascii_strtod (part, &end);
      if (end == part || *end != '\0')
        return -1;
    }
  return n;
}

gboolean
fettle_preprocessing_read_normalization (FettlePreprocessing *preprocessing,
                                         const char *mean, const char *deviation)
{
  double means[FETTLE_MAX_NORMALIZED_CHANNELS] = { 0 };
  double deviations[FETTLE_MAX_NORMALIZED_CHANNELS] = { 0 };
  int n_means, n_deviations;

  g_return_val_if_fail (preprocessing != NULL, FALSE);

  n_means = read_numbers (mean, means);
  n_deviations = read_numbers (deviation, deviations);
  if (n_means < 0 || n_deviations < 0
      || (n_means > 0 && n_deviations > 0 && n_means != n_deviations))
    return FALSE;
  preprocessing->n_channels = (guint)MAX (n_means, n_deviations);
  for (guint i = 0; i < preprocessing->n_channels; i++)
    {
      preprocessing->mean[i] = n_means > 0 ? means[i] : 0.0;
      preprocessing->deviation[i] = n_deviations > 0 ? deviations[i] : 1.0;
    }
  return TRUE;
}

static char *
format_numbers (const double *numbers, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                            g_ascii_formatd (number, sizeof number, "%.12g", numbers[i]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
fettle_preprocessing_format_mean (const FettlePreprocessing *preprocessing)
{
  g_return_val_if_fail (preprocessing != NULL, NULL);
  return format_numbers (preprocessing->mean, preprocessing->n_channels);
}

char *
fettle_preprocessing_format_deviation (const FettlePreprocessing *preprocessing)
{
  g_return_val_if_fail (preprocessing != NULL, NULL);
  return format_numbers (preprocessing->deviation, preprocessing->n_channels);
}
