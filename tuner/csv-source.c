/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv-source.c: rows of a table as samples. */
#include "config.h"
#include "tuner/sample-source.h"
#include "tuner/step.h"

#include <glib/gi18n.h>

typedef struct
{
  FettleSampleSource parent;
  FettleCsv *csv;
  GBytes *bytes;
} CsvSource;

static gboolean
read_row (FettleSampleSource *source, guint index, float *values, GError **error)
{
  fettle_csv_read (((CsvSource *)source)->csv, index, values);
  return TRUE;
}

static char *
compute_hash (FettleSampleSource *source)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, ((CsvSource *)source)->bytes);
}

static void
free_source (FettleSampleSource *source)
{
  CsvSource *self = (CsvSource *)source;

  fettle_csv_free (self->csv);
  g_bytes_unref (self->bytes);
  g_free (self);
}

FettleSampleSource *
fettle_csv_source_new (FettleCsv *csv, GBytes *bytes, const FettleTensor *tensor,
                       GError **error)
{
  g_autoptr (FettleCsv) table = csv;
  CsvSource *self;

  if (fettle_csv_get_n_columns (csv) != fettle_tensor_get_n_elements (tensor))
    {
      g_autofree char *shape = fettle_tensor_format_shape (tensor);

      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
          _ ("Each row has %u values, but the model's input “%s” has the shape %s; "
             "give one sample per row."),
          fettle_csv_get_n_columns (csv), tensor->name, shape);
      return NULL;
    }
  self = g_new0 (CsvSource, 1);
  self->parent.n = fettle_csv_get_n_rows (csv);
  self->parent.read = read_row;
  self->parent.compute_hash = compute_hash;
  self->parent.free = free_source;
  self->csv = g_steal_pointer (&table);
  self->bytes = g_bytes_ref (bytes);
  return &self->parent;
}
