/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-list.h: the files of a folder, each a sample; private to the room. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *path;
  char *name; /* without its folder, for people */
  gint
      folder; /* its place among the subfolders, by the bytes of their names; -1: in none */
} FettleListedFile;

typedef struct
{
  GArray *files;      /* FettleListedFile, by the bytes of their paths */
  GPtrArray *folders; /* char*, names of the subfolders that hold files */
} FettleFileList;

/* The files of folder PATH, or of its subfolders if it holds none itself, whose names end in one of SUFFIXES, in whatever case; or PATH itself, if it
 * is a file. NULL without an error if there are none. */
FettleFileList *fettle_file_list_new (const char *path, const char *const *suffixes,
                                      GError **error);
void fettle_file_list_free (FettleFileList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleFileList, fettle_file_list_free)

/* The class of each file, double. By "folders": the subfolder's name if all are whole numbers, else its place. By "names": the
 * whole number that the file's name begins with. */
GArray *fettle_file_list_read_labels (FettleFileList *list, const char *rule,
                                      GError **error);

/* Hex SHA-256 of names and contents; free with g_free. */
char *fettle_file_list_compute_hash (FettleFileList *list);

G_END_DECLS
