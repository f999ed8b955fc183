/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry-list.h: the entries of a parameter that is a list, each with its fields; part of parameter-editor. */
#pragma once

#include "tuner/step.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_ENTRY_LIST (fettle_entry_list_get_type ())
G_DECLARE_FINAL_TYPE (FettleEntryList, fettle_entry_list, FETTLE, ENTRY_LIST, GtkBox)

/* Signal "edited". */

GtkWidget *fettle_entry_list_new (const FettleParameter *parameter);

void fettle_entry_list_set_suggestions (FettleEntryList *self,
                                        const char *const *suggestions);
void fettle_entry_list_set_value (FettleEntryList *self, GVariant *value);
/* The entries whose texts are all written; one that is being made does not count yet. Floating. */
GVariant *fettle_entry_list_get_value (FettleEntryList *self);

G_END_DECLS
