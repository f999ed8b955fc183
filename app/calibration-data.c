/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration-data.c: data to calibrate on or to compare with, and what makes model inputs of them. */
#include "config.h"

#include "app/calibration-data.h"

#include <sys/stat.h>

FettleData *
fettle_data_new (const char *path, double scale, double offset)
{
  FettleData *data = g_new0 (FettleData, 1);

  data->path = g_strdup (path);
  data->preprocessing.scale = scale;
  data->preprocessing.offset = offset;
  return data;
}

FettleData *
fettle_data_copy (const FettleData *data)
{
  FettleData *copy;

  if (data == NULL)
    return NULL;
  copy = g_new0 (FettleData, 1);
  copy->path = g_strdup (data->path);
  copy->labels = g_strdup (data->labels);
  copy->preprocessing = data->preprocessing;
  return copy;
}

void
fettle_data_free (FettleData *data)
{
  if (data == NULL)
    return;
  g_free (data->path);
  g_free (data->labels);
  g_free (data);
}

gboolean
fettle_data_equal (const FettleData *a, const FettleData *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->path, b->path) == 0 && g_strcmp0 (a->labels, b->labels) == 0
         && fettle_preprocessing_equal (&a->preprocessing, &b->preprocessing);
}

static void
append_preprocessing (GString *text, const FettlePreprocessing *preprocessing)
{
  g_string_append_printf (text, "\n%a %a %d %u", preprocessing->scale,
                          preprocessing->offset, (int)preprocessing->order,
                          preprocessing->sample_rate);
  for (guint i = 0; i < preprocessing->n_channels; i++)
    g_string_append_printf (text, " %a/%a", preprocessing->mean[i],
                            preprocessing->deviation[i]);
}

char *
fettle_data_identify (const FettleData *data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  struct stat status;

  if (data == NULL)
    return g_strdup ("");
  g_string_append_printf (text, "%s\n%s", data->path,
                          data->labels != NULL ? data->labels : "");
  append_preprocessing (text, &data->preprocessing);
  if (stat (data->path, &status) == 0)
    g_string_append_printf (text, "\n%" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT,
                            (gint64)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                            (gint64)status.st_size);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
