/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document-private.h: what document.c and document-work.c share. */
#pragma once

#include "app/document.h"
#include "app/project-notes.h"
#include "app/result-cache.h"

G_BEGIN_DECLS

#define FETTLE_DOCUMENT_REFRESH_MS 100

struct _FettleDocument
{
  GObject parent_instance;

  FettleContent *content;
  GArray *errors;
  FettleData *compared;    /* the data of the last comparison; NULL before the first */
  FettleContent *original; /* as it was opened */
  char *original_key;      /* of the state in which it was opened */
  char *path;              /* of what was opened, or saved last */
  FettleEditState *saved_state; /* NULL: what is there was never saved */
  char *saved_key;              /* what was shown then */
  FettleRecipe *proposal;       /* for a state without a recipe */
  FettleHistory *history;
  FettleResultCache *results;
  GPtrArray *attempts; /* FettleAttempt */
  char *shown_key; /* of the state that CONTENT belongs to */

  FettleTrace *trace;
  GArray *
      layer_times; /* FettleStatistics per layer: sorting the trace once serves all pages */
  FettleStatistics total_time;
  int selected;
  guint trace_timeout;

  /* The work under way; all NULL or 0 if there is none. */
  GCancellable *cancellable;
  FettleProgress *progress;
  guint activity_timeout;
  guint generation; /* of the latest work: results of any other are dropped */
};

/* Starts the history of CONTENT, which is taken over. NOTES are those of its file. */
void fettle_document_begin (FettleDocument *self, FettleContent *content,
                            const FettleProjectNotes *notes, gboolean is_saved);
/* The model that is shown as a project for a file at PATH, with notes on how it was left. ORIGIN as in project-notes.h. */
FettleProject *fettle_document_make_project (FettleDocument *self, const char *path,
                                             const char *origin);
void fettle_document_set_saved (FettleDocument *self, FettleEditState *state,
                                const char *shown_key, const char *path);
/* Keeps what was made of the state called KEY; shows it if the document is still in that state. ERRORS may be NULL. */
void fettle_document_add_result (FettleDocument *self, const char *key,
                                 FettleContent *content, GArray *errors);
void fettle_document_changed_activity (FettleDocument *self);
void fettle_document_fail (FettleDocument *self, const char *message);
/* Forgets the work under way, without a signal. */
void fettle_document_end_work (FettleDocument *self);

/* STATE must have a recipe. */
void fettle_document_start_tuning (FettleDocument *self, FettleEditState *state);

G_END_DECLS
