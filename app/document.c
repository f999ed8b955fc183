/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.c: the model that a window shows, its measurements, and the one selection in it. */
#include "config.h"

#include "app/document-private.h"

#include "tuner/recipe-builtin.h"

#include <glib/gi18n.h>

#define MAXIMUM_RESULT_BYTES (512u << 20)

G_DEFINE_FINAL_TYPE (FettleDocument, fettle_document, G_TYPE_OBJECT)

enum
{
  CONTENT_CHANGED,
  RECIPE_CHANGED,
  ERRORS_CHANGED,
  TRACE_CHANGED,
  SELECTION_CHANGED,
  ACTIVITY_CHANGED,
  SAVED_CHANGED,
  ATTEMPTS_CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

FettleContent *
fettle_document_get_content (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->content;
}

GArray *
fettle_document_get_errors (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->errors;
}

const FettleData *
fettle_document_get_data (FettleDocument *self)
{
  FettleEditState *state;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);

  state = fettle_document_get_state (self);
  return state != NULL && state->data != NULL ? state->data : self->compared;
}

FettleTrace *
fettle_document_get_trace (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->trace;
}

FettleStatistics
fettle_document_get_layer_time (FettleDocument *self, guint layer)
{
  FettleStatistics none = { .n = 0 };

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), none);

  return layer < self->layer_times->len
             ? g_array_index (self->layer_times, FettleStatistics, layer)
             : none;
}

FettleStatistics
fettle_document_get_total_time (FettleDocument *self)
{
  FettleStatistics none = { .n = 0 };

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), none);

  return self->total_time;
}

static void
summarize_trace (FettleDocument *self)
{
  guint n_layers = self->trace != NULL ? fettle_trace_get_n_layers (self->trace) : 0;

  g_array_set_size (self->layer_times, n_layers);
  for (guint i = 0; i < n_layers; i++)
    g_array_index (self->layer_times, FettleStatistics, i) =
        fettle_trace_get_layer (self->trace, i);
  self->total_time =
      n_layers > 0 ? fettle_trace_get_total (self->trace) : (FettleStatistics){ .n = 0 };
}

static void note_trace (FettleDocument *self);

static gboolean
emit_trace_changed (gpointer data)
{
  FettleDocument *self = data;

  self->trace_timeout = 0;
  summarize_trace (self);
  g_signal_emit (self, signals[TRACE_CHANGED], 0);
  note_trace (self);
  return G_SOURCE_REMOVE;
}

void
fettle_document_touch_trace (FettleDocument *self)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (self->trace_timeout == 0)
    self->trace_timeout =
        g_timeout_add (FETTLE_DOCUMENT_REFRESH_MS, emit_trace_changed, self);
}

void
fettle_document_set_trace (FettleDocument *self, FettleTrace *trace)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (g_set_object (&self->trace, trace))
    fettle_document_touch_trace (self);
}

int
fettle_document_get_selected (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), -1);
  return self->selected;
}

void
fettle_document_set_selected (FettleDocument *self, int layer)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (self->content == NULL || layer >= (int)fettle_content_get_n_layers (self->content))
    layer = -1;
  if (layer == self->selected)
    return;
  self->selected = layer;
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
set_errors (FettleDocument *self, GArray *errors)
{
  if (errors != NULL)
    g_array_ref (errors);
  g_clear_pointer (&self->errors, g_array_unref);
  self->errors = errors;
  g_signal_emit (self, signals[ERRORS_CHANGED], 0);
}

/* The layer of CONTENT that is called as the selected one, -1 if there is none: an edit should not lose the place that
 * the user looks at. */
static int
find_selected (FettleDocument *self, FettleContent *content)
{
  const char *name;

  if (self->content == NULL || self->selected < 0)
    return -1;
  name = fettle_graph_get_operator (fettle_content_get_graph (self->content),
                                    (guint)self->selected)
             ->name;
  for (guint i = 0; i < fettle_content_get_n_layers (content); i++)
    if (g_strcmp0 (
            fettle_graph_get_operator (fettle_content_get_graph (content), i)->name, name)
        == 0)
      return (int)i;
  return -1;
}

/* KEY is that of the state to which CONTENT belongs. */
static void
show_content (FettleDocument *self, FettleContent *content, GArray *errors,
              const char *key)
{
  int selected = find_selected (self, content);

  g_free (self->shown_key);
  self->shown_key = g_strdup (key);
  fettle_content_ref (content);
  g_clear_pointer (&self->content, fettle_content_unref);
  self->content = content;
  g_clear_pointer (&self->errors, g_array_unref);
  g_clear_object (&self->trace);
  summarize_trace (self);
  self->selected = -1;
  g_signal_emit (self, signals[CONTENT_CHANGED], 0);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
  g_signal_emit (self, signals[TRACE_CHANGED], 0);
  if (errors != NULL)
    set_errors (self, errors);
  fettle_document_set_selected (self, selected);
}

void
fettle_document_changed_activity (FettleDocument *self)
{
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

void
fettle_document_fail (FettleDocument *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, message);
}

/* --- the recipe and its history --- */

FettleHistory *
fettle_document_get_history (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->history;
}

/* --- what was tried --- */

GPtrArray *
fettle_document_get_attempts (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->attempts;
}

/* NULL if nothing was tried under KEY. */
static FettleAttempt *
find_attempt (FettleDocument *self, const char *key)
{
  for (guint i = 0; i < self->attempts->len; i++)
    {
      FettleAttempt *attempt = self->attempts->pdata[i];

      if (g_strcmp0 (attempt->key, key) == 0)
        return attempt;
    }
  return NULL;
}

/* What is known anew of the present state takes the place of what was known before. */
static void
note_attempt (FettleDocument *self, const char *key, const char *label,
              FettleContent *content, GArray *errors)
{
  FettleAttempt *old = find_attempt (self, key);
  FettleAttempt *attempt =
      fettle_attempt_new (key, fettle_document_get_state (self), label, content, errors);
  guint index;

  if (old != NULL && g_ptr_array_find (self->attempts, old, &index))
    {
      fettle_attempt_free (old);
      self->attempts->pdata[index] = attempt;
    }
  else
    g_ptr_array_add (self->attempts, attempt);
  g_signal_emit (self, signals[ATTEMPTS_CHANGED], 0);
}

static const char *
get_current_label (FettleDocument *self)
{
  return fettle_history_get (self->history, fettle_history_get_current (self->history))
      ->label;
}

/* The measurements belong to the model that is shown. */
static void
note_trace (FettleDocument *self)
{
  FettleAttempt *attempt = find_attempt (self, self->shown_key);

  if (attempt == NULL || self->trace == NULL)
    return;
  fettle_attempt_set_trace (attempt, self->trace);
  g_signal_emit (self, signals[ATTEMPTS_CHANGED], 0);
}

void
fettle_document_return_to (FettleDocument *self, const FettleAttempt *attempt)
{
  g_autofree char *label = NULL;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && self->original != NULL);
  g_return_if_fail (attempt != NULL && attempt->state != NULL);

  label = g_strdup_printf (_ ("Return to “%s”"), attempt->label);
  fettle_document_edit (self, attempt->state->recipe, attempt->state->data, label, NULL);
}

FettleEditState *
fettle_document_get_state (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);

  return fettle_history_get_n (self->history) > 0
             ? fettle_history_get (self->history,
                                   fettle_history_get_current (self->history))
                   ->state
             : NULL;
}

static char *
identify_state (FettleDocument *self)
{
  FettleEditState *state = fettle_document_get_state (self);

  return state != NULL ? fettle_edit_state_identify (state) : g_strdup ("");
}

FettleRecipe *
fettle_document_get_recipe (FettleDocument *self)
{
  FettleEditState *state = fettle_document_get_state (self);

  return state != NULL && state->recipe != NULL ? state->recipe : self->proposal;
}

gboolean
fettle_document_is_applied (FettleDocument *self)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), FALSE);

  key = identify_state (self);
  return self->content != NULL && g_strcmp0 (key, self->shown_key) == 0;
}

/* Shows what the present state leads to, if that is known. */
static void
history_changed (FettleDocument *self)
{
  g_autofree char *key = identify_state (self);
  GArray *errors;
  FettleContent *content = fettle_result_cache_get (self->results, key, &errors);

  if (g_strcmp0 (key, self->shown_key) != 0)
    {
      if (content != NULL)
        {
          show_content (self, content, errors, key);
          if (find_attempt (self, key) == NULL)
            note_attempt (self, key, get_current_label (self), content, errors);
        }
      else if (g_strcmp0 (key, self->original_key) == 0)
        show_content (self, self->original, NULL, key);
    }
  g_signal_emit (self, signals[RECIPE_CHANGED], 0);
  g_signal_emit (self, signals[SAVED_CHANGED], 0);
}

/* The recipe of a project was written by this program or another version of it. */
static FettleRecipe *
parse_recipe (FettleDocument *self, FettleProject *project)
{
  g_autoptr (GError) error = NULL;
  FettleRecipe *recipe;

  if (project->recipe == NULL || *project->recipe == '\0')
    return NULL;
  recipe = fettle_recipe_parse (project->recipe, &error);
  if (recipe == NULL)
    fettle_document_fail (self, error->message);
  return recipe;
}

/* A model that is quantized already is left as exact as it is, unless the user wants otherwise. */
static FettleRecipe *
propose_recipe (FettleContentKind kind)
{
  return kind == FETTLE_CONTENT_QUANTIZED ? fettle_recipe_open ("lossless", NULL)
                                          : fettle_recipe_new_default ();
}

/* Where the user left off: a position of its own if the file's model is from before. */
static void
continue_edit (FettleDocument *self, const FettleProjectNotes *notes)
{
  g_autoptr (FettleEditState) state = fettle_edit_state_new (notes->recipe, notes->data);

  if (!notes->is_applied)
    fettle_history_add (self->history, state, _ ("Go on where you left off"), NULL);
}

void
fettle_document_begin (FettleDocument *self, FettleContent *content,
                       const FettleProjectNotes *notes, gboolean is_saved)
{
  g_autoptr (FettleRecipe) recipe = parse_recipe (self, content->project);
  g_autoptr (FettleEditState) state =
      fettle_edit_state_new (recipe, notes->is_applied ? notes->data : NULL);
  g_autofree char *key = fettle_edit_state_identify (state);
  g_autofree char *name = g_filename_display_basename (content->path);
  g_autofree char *label = g_strdup_printf (_ ("Open %s"), name);

  g_clear_object (&self->proposal);
  self->proposal = propose_recipe (content->kind);
  fettle_result_cache_clear (self->results);
  g_clear_pointer (&self->compared, fettle_data_free);
  g_clear_pointer (&self->original, fettle_content_unref);
  self->original = content;
  g_free (self->original_key);
  self->original_key = g_strdup (key);
  self->selected = -1;
  show_content (self, content, NULL, key);
  fettle_history_reset (self->history, state, label);
  g_ptr_array_set_size (self->attempts, 0);
  note_attempt (self, key, label, content, NULL);
  continue_edit (self, notes);
  fettle_document_set_saved (self, is_saved ? fettle_document_get_state (self) : NULL,
                             self->shown_key, content->path);
}

void
fettle_document_set_saved (FettleDocument *self, FettleEditState *state,
                           const char *shown_key, const char *path)
{
  g_clear_pointer (&self->saved_state, fettle_edit_state_unref);
  self->saved_state = state != NULL ? fettle_edit_state_ref (state) : NULL;
  g_free (self->saved_key);
  self->saved_key = g_strdup (shown_key);
  g_free (self->path);
  self->path = g_strdup (path);
  g_signal_emit (self, signals[SAVED_CHANGED], 0);
}

gboolean
fettle_document_is_saved (FettleDocument *self)
{
  FettleEditState *state;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), TRUE);

  state = fettle_document_get_state (self);
  return state == NULL
         || (self->saved_state != NULL
             && fettle_edit_state_equal (state, self->saved_state)
             && g_strcmp0 (self->shown_key, self->saved_key) == 0);
}

const char *
fettle_document_get_path (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->path;
}

void
fettle_document_add_result (FettleDocument *self, const char *key, FettleContent *content,
                            GArray *errors)
{
  g_autofree char *current = identify_state (self);

  fettle_result_cache_put (self->results, key, content, errors);
  if (g_str_equal (current, key))
    note_attempt (self, key, get_current_label (self), content, errors);
  if (content == self->content)
    {
      set_errors (self, errors);
      if (g_str_equal (current, key))
        {
          g_free (self->shown_key);
          self->shown_key = g_strdup (key);
        }
    }
  else if (g_str_equal (current, key))
    show_content (self, content, errors, key);
  g_signal_emit (self, signals[RECIPE_CHANGED], 0);
  g_signal_emit (self, signals[SAVED_CHANGED], 0);
}

void
fettle_document_edit (FettleDocument *self, FettleRecipe *recipe, const FettleData *data,
                      const char *label, const char *subject)
{
  g_autoptr (FettleEditState) state = NULL;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && self->original != NULL);
  g_return_if_fail (label != NULL);

  state = fettle_edit_state_new (recipe, data);
  fettle_history_add (self->history, state, label, subject);
}

void
fettle_document_apply (FettleDocument *self)
{
  FettleEditState *state;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && self->original != NULL);

  state = fettle_document_get_state (self);
  /* What was proposed is accepted. */
  if (state->recipe == NULL)
    fettle_document_edit (self, self->proposal, state->data, _ ("Tune"), NULL);
  fettle_document_start_tuning (self, fettle_document_get_state (self));
}

void
fettle_document_tune (FettleDocument *self, const FettleData *data)
{
  g_autoptr (FettleRecipe) recipe = NULL;
  FettleEditState *state;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && data != NULL);
  g_return_if_fail (self->original != NULL);

  state = fettle_document_get_state (self);
  recipe =
      state->recipe != NULL ? g_object_ref (state->recipe) : fettle_recipe_new_default ();
  fettle_document_edit (
      self, recipe, data,
      state->recipe != NULL ? _ ("Choose calibration data") : _ ("Tune"), NULL);
  fettle_document_apply (self);
}

void
fettle_document_undo (FettleDocument *self)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (fettle_history_can_undo (self->history))
    fettle_history_go (self->history, fettle_history_get_current (self->history) - 1);
}

void
fettle_document_redo (FettleDocument *self)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (fettle_history_can_redo (self->history))
    fettle_history_go (self->history, fettle_history_get_current (self->history) + 1);
}

/* --- types of single layers --- */

static const char *
get_layer_name (FettleDocument *self, guint layer)
{
  return fettle_graph_get_operator (fettle_content_get_graph (self->content), layer)
      ->name;
}

FettleLayerTypes
fettle_document_get_layer_types (FettleDocument *self, guint layer)
{
  FettleLayerTypes same = { "same", "same" };
  FettleEditState *state;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self) && self->content != NULL, same);
  g_return_val_if_fail (layer < fettle_content_get_n_layers (self->content), same);

  state = fettle_document_get_state (self);
  return state->recipe != NULL
             ? fettle_recipe_get_layer_types (state->recipe, get_layer_name (self, layer))
             : same;
}

gboolean
fettle_document_set_layer_types (FettleDocument *self, guint layer,
                                 const FettleLayerTypes *types, GError **error)
{
  g_autoptr (FettleRecipe) old = NULL;
  g_autoptr (FettleRecipe) recipe = NULL;
  g_autofree char *label = NULL;
  FettleEditState *state;
  const char *name;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self) && self->content != NULL, FALSE);
  g_return_val_if_fail (layer < fettle_content_get_n_layers (self->content), FALSE);
  g_return_val_if_fail (types != NULL, FALSE);

  state = fettle_document_get_state (self);
  name = get_layer_name (self, layer);
  old =
      state->recipe != NULL ? g_object_ref (state->recipe) : fettle_recipe_new_default ();
  recipe = fettle_recipe_set_layer_types (old, name, types, error);
  if (recipe == NULL)
    return FALSE;
  label = fettle_layer_types_describe_edit (name, types);
  fettle_document_edit (self, recipe, state->data, label, NULL);
  if (!fettle_document_is_applied (self))
    fettle_document_apply (self);
  return TRUE;
}

static void
fettle_document_dispose (GObject *object)
{
  FettleDocument *self = FETTLE_DOCUMENT (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  fettle_document_end_work (self);
  g_clear_handle_id (&self->trace_timeout, g_source_remove);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  g_clear_object (&self->history);
  g_clear_object (&self->proposal);
  g_clear_pointer (&self->saved_state, fettle_edit_state_unref);
  g_clear_pointer (&self->results, fettle_result_cache_free);
  g_clear_pointer (&self->attempts, g_ptr_array_unref);
  g_clear_pointer (&self->original, fettle_content_unref);
  g_clear_pointer (&self->content, fettle_content_unref);
  g_clear_pointer (&self->errors, g_array_unref);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (fettle_document_parent_class)->dispose (object);
}

static void
fettle_document_finalize (GObject *object)
{
  FettleDocument *self = FETTLE_DOCUMENT (object);

  g_array_unref (self->layer_times);
  fettle_data_free (self->compared);
  g_free (self->shown_key);
  g_free (self->original_key);
  g_free (self->path);
  g_free (self->saved_key);
  G_OBJECT_CLASS (fettle_document_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, FETTLE_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
fettle_document_class_init (FettleDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = fettle_document_finalize;

  signals[CONTENT_CHANGED] = add_signal ("content-changed");
  signals[RECIPE_CHANGED] = add_signal ("recipe-changed");
  signals[ERRORS_CHANGED] = add_signal ("errors-changed");
  signals[TRACE_CHANGED] = add_signal ("trace-changed");
  signals[SELECTION_CHANGED] = add_signal ("selection-changed");
  signals[ACTIVITY_CHANGED] = add_signal ("activity-changed");
  signals[ATTEMPTS_CHANGED] = add_signal ("attempts-changed");
  signals[SAVED_CHANGED] = add_signal ("saved-changed");
  signals[FAILED] = g_signal_new ("failed", FETTLE_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fettle_document_init (FettleDocument *self)
{
  self->history = fettle_history_new ();
  g_signal_connect_swapped (self->history, "changed", G_CALLBACK (history_changed), self);
  self->results = fettle_result_cache_new (MAXIMUM_RESULT_BYTES);
  self->attempts = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_attempt_free);
  self->layer_times = g_array_new (FALSE, TRUE, sizeof (FettleStatistics));
  self->selected = -1;
}

FettleDocument *
fettle_document_new (void)
{
  return g_object_new (FETTLE_TYPE_DOCUMENT, NULL);
}
