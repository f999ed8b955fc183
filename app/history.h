/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.h: the states that a user gave a recipe, one after the other, to go back and forth in. */
#pragma once

#include "app/calibration-data.h"
#include "tuner/recipe.h"

G_BEGIN_DECLS

/* What can be edited and undone. */
typedef struct
{
  FettleRecipe *recipe; /* NULL: the model as it was imported */
  FettleData *data;     /* to calibrate on; NULL: none chosen */
} FettleEditState;

FettleEditState *fettle_edit_state_new (FettleRecipe *recipe, const FettleData *data);
FettleEditState *fettle_edit_state_ref (FettleEditState *self);
void fettle_edit_state_unref (FettleEditState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleEditState, fettle_edit_state_unref)

gboolean fettle_edit_state_equal (const FettleEditState *a, const FettleEditState *b);
/* Text under which a result of this state can be kept: the recipe's hash and what identifies the data. Free with
 * g_free. */
char *fettle_edit_state_identify (const FettleEditState *self);

typedef struct
{
  FettleEditState *state;
  char *label;   /* what was done to get here, for people */
  char *subject; /* what the edit was about: see fettle_history_add; NULL: nothing */
} FettlePosition;

/* Signal "changed": another position, or others to go to. */
#define FETTLE_TYPE_HISTORY (fettle_history_get_type ())
G_DECLARE_FINAL_TYPE (FettleHistory, fettle_history, FETTLE, HISTORY, GObject)

/* Has no positions yet. */
FettleHistory *fettle_history_new (void);

/* Forgets everything: STATE is the only position. */
void fettle_history_reset (FettleHistory *self, FettleEditState *state,
                           const char *label);
/* Goes on to a new position; what had been undone is dropped. An edit with the SUBJECT of the latest position takes its
 * place, so that dragging a number through a hundred values is one position. The present state again is none. */
void fettle_history_add (FettleHistory *self, FettleEditState *state, const char *label,
                         const char *subject);

guint fettle_history_get_n (FettleHistory *self);
/* The first is the oldest. Borrowed, until the next change. */
const FettlePosition *fettle_history_get (FettleHistory *self, guint index);
/* Number of the current position; there must be one. */
guint fettle_history_get_current (FettleHistory *self);
void fettle_history_go (FettleHistory *self, guint index);

gboolean fettle_history_can_undo (FettleHistory *self);
gboolean fettle_history_can_redo (FettleHistory *self);

G_END_DECLS
