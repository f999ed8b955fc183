/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recovery.h: keeps a copy of unsaved work, for the case that the program ends before it is saved. */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/* Watches a document, and writes a copy of it into the user's data folder a while after each edit. Once the document is
 * saved the copy goes away; if the program ends before, it is offered at the next start. A file lock says that a copy
 * belongs to a program that runs: the system takes it away however the program ends. */
#define FETTLE_TYPE_RECOVERY (fettle_recovery_get_type ())
G_DECLARE_FINAL_TYPE (FettleRecovery, fettle_recovery, FETTLE, RECOVERY, GObject)

/* DOCUMENT must live until the object is disposed of. */
FettleRecovery *fettle_recovery_new (FettleDocument *document);
/* Goes on with a copy that was left behind, for the document that was recovered from it. */
void fettle_recovery_adopt (FettleRecovery *self, const char *path);

/* A copy that nobody works on. */
typedef struct
{
  char *path;
  char *title; /* display name of the file that it is a copy of */
  GDateTime *time;
} FettleRecoverable;

/* FettleRecoverable, the latest first; free with g_ptr_array_unref. */
GPtrArray *fettle_recovery_list (void);
void fettle_recovery_discard (const char *path);

G_END_DECLS
