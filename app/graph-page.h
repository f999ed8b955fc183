/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-page.h: the model as a drawing of its layers and what flows between them. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_GRAPH_PAGE (fettle_graph_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleGraphPage, fettle_graph_page, FETTLE, GRAPH_PAGE, GtkBox)

/* Once. */
void fettle_graph_page_set_document (FettleGraphPage *self, FettleDocument *document);

G_END_DECLS
