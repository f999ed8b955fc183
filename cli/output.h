/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h: what the commands print and write. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* To standard output, as UTF-8 in every locale, so that scripts get the same bytes everywhere. */
void fettle_cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* "fettle-cli: ..." and a line end, to standard error. */
void fettle_cli_print_error (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* FALSE if anything printed was lost. */
gboolean fettle_cli_flush (void);

/* Prints what BUILDER holds. */
void fettle_cli_print_json (JsonBuilder *builder);
/* "KEY": VALUE in the object under construction. VALUE may be NULL. */
void fettle_cli_add_string (JsonBuilder *builder, const char *key, const char *value);
void fettle_cli_add_int (JsonBuilder *builder, const char *key, guint64 value);
/* null if VALUE is infinite or not a number, for which JSON has no words. */
void fettle_cli_add_double (JsonBuilder *builder, const char *key, double value);

/* "12.3 KiB"; free with g_free. */
char *fettle_cli_format_size (guint64 bytes);

/* Rows of text in aligned columns. */
typedef struct _FettleCliTable FettleCliTable;

/* ALIGNMENT has one letter per column, "l" or "r"; TITLES one title each. */
FettleCliTable *fettle_cli_table_new (const char *alignment, const char *const *titles);
void fettle_cli_table_free (FettleCliTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleCliTable, fettle_cli_table_free)
/* The next cell, row by row. */
void fettle_cli_table_add (FettleCliTable *table, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
void fettle_cli_table_print (FettleCliTable *table);

/* Writes BYTES to PATH so that a failure leaves an old file as it was; devices and pipes are written
 * to directly. */
gboolean fettle_cli_write_file (const char *path, GBytes *bytes, GError **error);

G_END_DECLS
