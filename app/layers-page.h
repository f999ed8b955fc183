/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers-page.h: the table of layers with what each costs. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_LAYERS_PAGE (fettle_layers_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleLayersPage, fettle_layers_page, FETTLE, LAYERS_PAGE, GtkBox)

/* Once. */
void fettle_layers_page_set_document (FettleLayersPage *self, FettleDocument *document);

G_END_DECLS
