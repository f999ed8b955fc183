/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project-notes.h: what the workbench keeps in a project file beside the model: the recipe as it was left, and where
 * the data are. */
#pragma once

#include "app/calibration-data.h"
#include "tuner/recipe.h"

G_BEGIN_DECLS

typedef struct
{
  FettleRecipe *recipe; /* as it was left; NULL: none */
  FettleData *data;     /* NULL: none */
  gboolean is_applied;  /* the file's model is what both lead to */
  char *
      origin; /* path of the file that stands for it, of a copy kept for recovery; else NULL */
} FettleProjectNotes;

void fettle_project_notes_clear (FettleProjectNotes *notes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FettleProjectNotes, fettle_project_notes_clear)

/* For a file at PATH: paths are written as seen from its folder, so that it can be moved with its data. Floating. */
GVariant *fettle_project_notes_write (const FettleProjectNotes *notes, const char *path);
/* What a file at PATH says; VARIANT may be NULL or hold anything. A file that is not where it was beside the project
 * is taken from where it was on the disk, if it is there. */
void fettle_project_notes_read (FettleProjectNotes *notes, GVariant *variant,
                                const char *path);

G_END_DECLS
