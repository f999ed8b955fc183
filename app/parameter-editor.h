/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parameter-editor.h: a control for one parameter of a recipe's step, made from the parameter's description. */
#pragma once

#include "tuner/step.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_PARAMETER_EDITOR (fettle_parameter_editor_get_type ())
G_DECLARE_FINAL_TYPE (FettleParameterEditor, fettle_parameter_editor, FETTLE,
                      PARAMETER_EDITOR, GtkBin)

/* Signal "edited" (GVariant *value): the user gave the parameter another value, of its type but perhaps out of its
 * range; numbers and texts once they are whole, not letter by letter. */

/* PARAMETER must outlive the editor. */
GtkWidget *fettle_parameter_editor_new (const FettleParameter *parameter);

/* What is offered while a TEXT is written; NULL-terminated. For a LIST: in its entries. */
void fettle_parameter_editor_set_suggestions (FettleParameterEditor *self,
                                              const char *const *suggestions);
/* Shows VALUE, without the signal. */
void fettle_parameter_editor_set_value (FettleParameterEditor *self, GVariant *value);
/* What the controls say; free with g_variant_unref. */
GVariant *fettle_parameter_editor_get_value (FettleParameterEditor *self);

/* "Spread" of "spread": the name as a label; free with g_free. */
char *fettle_parameter_get_title (const FettleParameter *parameter);

G_END_DECLS
