/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.c: what the commands print and write. */
#include "config.h"
#include "cli/output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct _FettleCliTable
{
  char *alignment;
  guint n_columns;
  GPtrArray *cells; /* char*, row by row; the titles first */
};

void
fettle_cli_print (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stdout, format, arguments);
  va_end (arguments);
}

void
fettle_cli_print_error (const char *format, ...)
{
  va_list arguments;

  fputs ("fettle-cli: ", stderr);
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
}

gboolean
fettle_cli_flush (void)
{
  return fflush (stdout) == 0 && !ferror (stdout);
}

void
fettle_cli_print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  fettle_cli_print ("%s\n", text);
}

void
fettle_cli_add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
fettle_cli_add_int (JsonBuilder *builder, const char *key, guint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, (gint64)value);
}

void
fettle_cli_add_double (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

char *
fettle_cli_format_size (guint64 bytes)
{
  return g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
}

FettleCliTable *
fettle_cli_table_new (const char *alignment, const char *const *titles)
{
  FettleCliTable *table = g_new0 (FettleCliTable, 1);

  table->alignment = g_strdup (alignment);
  table->n_columns = (guint)strlen (alignment);
  table->cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < table->n_columns; i++)
    fettle_cli_table_add (table, "%s", titles[i]);
  return table;
}

void
fettle_cli_table_free (FettleCliTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->cells);
  g_free (table->alignment);
  g_free (table);
}

void
fettle_cli_table_add (FettleCliTable *table, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (table->cells, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static glong
measure_column (FettleCliTable *table, guint column)
{
  glong width = 0;

  for (guint i = column; i < table->cells->len; i += table->n_columns)
    width = MAX (width, g_utf8_strlen (g_ptr_array_index (table->cells, i), -1));
  return width;
}

void
fettle_cli_table_print (FettleCliTable *table)
{
  g_autofree glong *widths = g_new (glong, table->n_columns);

  for (guint i = 0; i < table->n_columns; i++)
    widths[i] = measure_column (table, i);
  for (guint i = 0; i < table->cells->len; i++)
    {
      guint column = i % table->n_columns;
      const char *cell = g_ptr_array_index (table->cells, i);
      int padding = (int)(widths[column] - g_utf8_strlen (cell, -1));
      gboolean is_last = column + 1 == table->n_columns;

      if (table->alignment[column] == 'r')
        fettle_cli_print ("%*s%s", padding, "", cell);
      else
        fettle_cli_print ("%s%*s", cell, is_last ? 0 : padding, "");
      fettle_cli_print ("%s", is_last ? "\n" : "  ");
    }
}

static gboolean
fail_write (const char *path, const char *reason, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("%s cannot be written: %s."),
               shown, reason);
  return FALSE;
}

/* Replacing a device node by a file would be a nasty surprise to root. */
static gboolean
write_special (const char *path, GBytes *bytes, GError **error)
{
  FILE *file = g_fopen (path, "wbe");
  gsize size = g_bytes_get_size (bytes);
  gboolean is_written;

  if (file == NULL)
    return fail_write (path, g_strerror (errno), error);
  is_written = fwrite (g_bytes_get_data (bytes, NULL), 1, size, file) == size;
  is_written = fclose (file) == 0 && is_written;
  return is_written || fail_write (path, g_strerror (errno), error);
}

gboolean
fettle_cli_write_file (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *target = realpath (path, NULL);
  g_autoptr (GError) cause = NULL;
  const char *contents;
  GStatBuf status;
  gsize size;

  /* A link is followed, not replaced; a new file has no real path yet. */
  if (target == NULL)
    target = g_strdup (path);
  if (g_stat (target, &status) == 0)
    {
      if (S_ISDIR (status.st_mode))
        return fail_write (path, g_strerror (EISDIR), error);
      if (!S_ISREG (status.st_mode))
        return write_special (target, bytes, error);
      if (g_access (target, W_OK) != 0)
        return fail_write (path, g_strerror (errno), error);
    }
  contents = g_bytes_get_data (bytes, &size);
  if (!g_file_set_contents_full (target, contents, (gssize)size,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0666, &cause))
    return fail_write (path, cause->message, error);
  return TRUE;
}
