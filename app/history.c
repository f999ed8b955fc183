/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.c: the states that a user gave a recipe, one after the other, to go back and forth in. */
#include "config.h"

#include "app/history.h"

/* A position costs some kilobytes; nobody goes back further in a list. */
#define MAXIMUM_POSITIONS 1000

struct _FettleHistory
{
  GObject parent_instance;

  GArray *positions; /* FettlePosition */
  guint current;
};

G_DEFINE_FINAL_TYPE (FettleHistory, fettle_history, G_TYPE_OBJECT)

static guint changed_signal;

/* --- states --- */

FettleEditState *
fettle_edit_state_new (FettleRecipe *recipe, const FettleData *data)
{
  FettleEditState *self = g_atomic_rc_box_new0 (FettleEditState);

  g_set_object (&self->recipe, recipe);
  self->data = fettle_data_copy (data);
  return self;
}

FettleEditState *
fettle_edit_state_ref (FettleEditState *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_state (gpointer data)
{
  FettleEditState *self = data;

  g_clear_object (&self->recipe);
  g_clear_pointer (&self->data, fettle_data_free);
}

void
fettle_edit_state_unref (FettleEditState *self)
{
  g_atomic_rc_box_release_full (self, clear_state);
}

static const char *
get_hash (const FettleEditState *self)
{
  return self->recipe != NULL ? fettle_recipe_get_hash (self->recipe) : "";
}

gboolean
fettle_edit_state_equal (const FettleEditState *a, const FettleEditState *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_str_equal (get_hash (a), get_hash (b)) && fettle_data_equal (a->data, b->data);
}

char *
fettle_edit_state_identify (const FettleEditState *self)
{
  g_autofree char *data = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  /* Without a recipe the data decide nothing. */
  if (self->recipe == NULL)
    return g_strdup ("");
  data = fettle_data_identify (self->data);
  return g_strconcat (get_hash (self), "\n", data, NULL);
}

/* --- positions --- */

static void
clear_position (gpointer data)
{
  FettlePosition *position = data;

  fettle_edit_state_unref (position->state);
  g_free (position->label);
  g_free (position->subject);
}

static void
append (FettleHistory *self, FettleEditState *state, const char *label,
        const char *subject)
{
  FettlePosition position = { .state = fettle_edit_state_ref (state),
                              .label = g_strdup (label),
                              .subject = g_strdup (subject) };

  g_array_append_val (self->positions, position);
  if (self->positions->len > MAXIMUM_POSITIONS)
    g_array_remove_index (self->positions, 0);
  self->current = self->positions->len - 1;
  g_signal_emit (self, changed_signal, 0);
}

void
fettle_history_reset (FettleHistory *self, FettleEditState *state, const char *label)
{
  g_return_if_fail (FETTLE_IS_HISTORY (self));
  g_return_if_fail (state != NULL && label != NULL);

  g_array_set_size (self->positions, 0);
  append (self, state, label, NULL);
}

void
fettle_history_add (FettleHistory *self, FettleEditState *state, const char *label,
                    const char *subject)
{
  const FettlePosition *current;
  gboolean goes_on;

  g_return_if_fail (FETTLE_IS_HISTORY (self) && self->positions->len > 0);
  g_return_if_fail (state != NULL && label != NULL);

  current = fettle_history_get (self, self->current);
  if (fettle_edit_state_equal (current->state, state))
    return;
  goes_on = subject != NULL && self->current + 1 == self->positions->len
            && g_strcmp0 (current->subject, subject) == 0;
  g_array_set_size (self->positions, self->current + (goes_on ? 0 : 1));
  append (self, state, label, subject);
}

guint
fettle_history_get_n (FettleHistory *self)
{
  g_return_val_if_fail (FETTLE_IS_HISTORY (self), 0);
  return self->positions->len;
}

const FettlePosition *
fettle_history_get (FettleHistory *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_HISTORY (self), NULL);
  g_return_val_if_fail (index < self->positions->len, NULL);

  return &g_array_index (self->positions, FettlePosition, index);
}

guint
fettle_history_get_current (FettleHistory *self)
{
  g_return_val_if_fail (FETTLE_IS_HISTORY (self) && self->positions->len > 0, 0);
  return self->current;
}

void
fettle_history_go (FettleHistory *self, guint index)
{
  g_return_if_fail (FETTLE_IS_HISTORY (self));
  g_return_if_fail (index < self->positions->len);

  if (index == self->current)
    return;
  self->current = index;
  /* What comes next is a new edit, even if it is about the same as this one. */
  g_clear_pointer (&g_array_index (self->positions, FettlePosition, index).subject,
                   g_free);
  g_signal_emit (self, changed_signal, 0);
}

gboolean
fettle_history_can_undo (FettleHistory *self)
{
  g_return_val_if_fail (FETTLE_IS_HISTORY (self), FALSE);
  return self->positions->len > 0 && self->current > 0;
}

gboolean
fettle_history_can_redo (FettleHistory *self)
{
  g_return_val_if_fail (FETTLE_IS_HISTORY (self), FALSE);
  return self->current + 1 < self->positions->len;
}

static void
fettle_history_finalize (GObject *object)
{
  FettleHistory *self = FETTLE_HISTORY (object);

  g_array_unref (self->positions);
  G_OBJECT_CLASS (fettle_history_parent_class)->finalize (object);
}

static void
fettle_history_class_init (FettleHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fettle_history_finalize;
  changed_signal = g_signal_new ("changed", FETTLE_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_history_init (FettleHistory *self)
{
  self->positions = g_array_new (FALSE, FALSE, sizeof (FettlePosition));
  g_array_set_clear_func (self->positions, clear_position);
}

FettleHistory *
fettle_history_new (void)
{
  return g_object_new (FETTLE_TYPE_HISTORY, NULL);
}
