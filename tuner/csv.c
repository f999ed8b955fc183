/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c: tables of numbers as text, one sample per row. */
#include "config.h"
#include "tuner/csv.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

#define NO_COLUMN G_MAXUINT

/* Nobody writes such a row, and a file that is no table at all ends soon. */
#define MAX_COLUMNS (1u << 24)

typedef struct
{
  gsize start, length; /* of the text, without the line end */
} Row;

struct _FettleCsv
{
  GBytes *bytes;
  char *name;
  char separator;
  GArray *rows; /* Row */
  guint n_cells;
  guint label; /* its column, or NO_COLUMN */
  GArray *labels;
};

/* One row, taken apart. */
typedef struct
{
  char *text; /* the row, with a 0 behind each cell */
  GPtrArray *cells;
} Cells;

static void
cells_clear (Cells *cells)
{
  g_free (cells->text);
  g_clear_pointer (&cells->cells, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cells, cells_clear)

void
fettle_csv_free (FettleCsv *csv)
{
  if (csv == NULL)
    return;
  g_bytes_unref (csv->bytes);
  g_free (csv->name);
  g_array_unref (csv->rows);
  g_clear_pointer (&csv->labels, g_array_unref);
  g_free (csv);
}

static char *
strip (char *cell)
{
  gsize length;

  g_strstrip (cell);
  length = strlen (cell);
  if (length >= 2 && cell[0] == '"' && cell[length - 1] == '"')
    {
      cell[length - 1] = '\0';
      cell = g_strstrip (cell + 1);
    }
  return cell;
}

static void
split (const FettleCsv *csv, const Row *row, Cells *cells)
{
  const char *data = g_bytes_get_data (csv->bytes, NULL);
  char *cell;

  cells->text = g_strndup (data + row->start, row->length);
  cells->cells = g_ptr_array_new ();
  cell = cells->text;
  for (char *end = cell; end != NULL; cell = end + 1)
    {
      end = strchr (cell, csv->separator);
      if (end != NULL)
        *end = '\0';
      g_ptr_array_add (cells->cells, strip (cell));
      if (end == NULL)
        break;
    }
}

static gboolean
read_number (const char *cell, double *value)
{
  char *end;

  *value = g_ascii_strtod (cell, &end);
  return end != cell && *end == '\0';
}

static void
find_rows (FettleCsv *csv)
{
  gsize size, start = 0;
  const char *data = g_bytes_get_data (csv->bytes, &size);

  /* A mark that some programs write in front of UTF-8. */
  if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    start = 3;
  while (start < size)
    {
      const char *end = memchr (data + start, '\n', size - start);
      gsize next = end != NULL ? (gsize)(end - data) + 1 : size;
      Row row = { start, (end != NULL ? next - 1 : next) - start };
      gboolean is_blank = TRUE;

      for (gsize i = 0; i < row.length && is_blank; i++)
        is_blank = g_ascii_isspace (data[row.start + i]);
      if (!is_blank)
        g_array_append_val (csv->rows, row);
      start = next;
    }
}

static guint
find_line (const FettleCsv *csv, guint row)
{
  const char *data = g_bytes_get_data (csv->bytes, NULL);
  gsize start = g_array_index (csv->rows, Row, row).start;
  guint line = 1;

  for (gsize i = 0; i < start; i++)
    line += data[i] == '\n';
  return line;
}

static void
find_separator (FettleCsv *csv)
{
  const Row *first = &g_array_index (csv->rows, Row, 0);
  const char *data = (const char *)g_bytes_get_data (csv->bytes, NULL) + first->start;

  csv->separator = ',';
  for (gsize i = 0; i < first->length; i++)
    if (data[i] == ';' || data[i] == '\t' || data[i] == ',')
      {
        csv->separator = data[i];
        return;
      }
}

/* The column that LABEL names, by its title in CELLS or by its number. */
static gboolean
find_label (FettleCsv *csv, const char *label, const Cells *cells, gboolean is_header,
            GError **error)
{
  guint64 number;

  if (label == NULL)
    return TRUE;
  for (guint i = 0; is_header && i < cells->cells->len; i++)
    if (g_str_equal (g_ptr_array_index (cells->cells, i), label))
      {
        csv->label = i;
        return TRUE;
      }
  if (g_ascii_string_to_unsigned (label, 10, 1, cells->cells->len, &number, NULL))
    {
      csv->label = (guint)number - 1;
      return TRUE;
    }
  g_set_error (
      error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
      _ ("%s has no column “%s”; give a title of its first line, or a number from "
         "1 to %u."),
      csv->name, label, cells->cells->len);
  return FALSE;
}

static gboolean
read_header (FettleCsv *csv, const char *label, GError **error)
{
  g_auto (Cells) cells = { 0 };
  gboolean is_header = FALSE;
  double value;

  split (csv, &g_array_index (csv->rows, Row, 0), &cells);
  csv->n_cells = cells.cells->len;
  for (guint i = 0; i < cells.cells->len; i++)
    is_header |= !read_number (g_ptr_array_index (cells.cells, i), &value);
  if (!find_label (csv, label, &cells, is_header, error))
    return FALSE;
  if (is_header)
    g_array_remove_index (csv->rows, 0);
  return TRUE;
}

static gboolean
check_row (FettleCsv *csv, guint row, GError **error)
{
  g_auto (Cells) cells = { 0 };

  split (csv, &g_array_index (csv->rows, Row, row), &cells);
  if (cells.cells->len != csv->n_cells)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s, line %u: there are %u columns, but the first line has %u."),
                   csv->name, find_line (csv, row), cells.cells->len, csv->n_cells);
      return FALSE;
    }
  for (guint i = 0; i < csv->n_cells; i++)
    {
      const char *cell = g_ptr_array_index (cells.cells, i);
      g_autofree char *shown = NULL;
      double value;

      if (!read_number (cell, &value))
        {
          shown = g_utf8_make_valid (cell, MIN (strlen (cell), 40));
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("%s, line %u: “%s” in column %u is not a number."), csv->name,
                       find_line (csv, row), shown, i + 1);
          return FALSE;
        }
      if (i == csv->label)
        g_array_append_val (csv->labels, value);
    }
  return TRUE;
}

static gboolean
read_rows (FettleCsv *csv, const char *label, GError **error)
{
  if (csv->rows->len > 0)
    {
      find_separator (csv);
      if (!read_header (csv, label, error))
        return FALSE;
    }
  if (csv->rows->len == 0 || csv->n_cells > MAX_COLUMNS
      || fettle_csv_get_n_columns (csv) == 0)
    {
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
          _ ("%s holds no table of numbers; give one sample per line, its values "
             "separated by commas."),
          csv->name);
      return FALSE;
    }
  if (csv->label != NO_COLUMN)
    csv->labels = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < csv->rows->len; i++)
    if (!check_row (csv, i, error))
      return FALSE;
  return TRUE;
}

FettleCsv *
fettle_csv_parse (GBytes *bytes, const char *name, const char *label, GError **error)
{
  g_autoptr (FettleCsv) csv = NULL;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);

  csv = g_new0 (FettleCsv, 1);
  csv->bytes = g_bytes_ref (bytes);
  csv->name = g_strdup (name);
  csv->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  csv->label = NO_COLUMN;
  find_rows (csv);
  return read_rows (csv, label, error) ? g_steal_pointer (&csv) : NULL;
}

guint
fettle_csv_get_n_rows (FettleCsv *csv)
{
  return csv->rows->len;
}

guint
fettle_csv_get_n_columns (FettleCsv *csv)
{
  return csv->n_cells - (csv->label != NO_COLUMN);
}

void
fettle_csv_read (FettleCsv *csv, guint row, float *values)
{
  g_auto (Cells) cells = { 0 };

  g_return_if_fail (row < csv->rows->len);

  split (csv, &g_array_index (csv->rows, Row, row), &cells);
  for (guint i = 0, k = 0; i < csv->n_cells; i++)
    {
      double value;

      read_number (g_ptr_array_index (cells.cells, i), &value);
      if (i != csv->label)
        values[k++] = (float)value;
    }
}

const double *
fettle_csv_get_labels (FettleCsv *csv)
{
  return csv->labels != NULL ? (const double *)(gpointer)csv->labels->data : NULL;
}
