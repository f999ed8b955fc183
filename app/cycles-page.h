/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cycles-page.h: time per layer, live from the board. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_CYCLES_PAGE (fettle_cycles_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleCyclesPage, fettle_cycles_page, FETTLE, CYCLES_PAGE, GtkBox)

/* Once. */
void fettle_cycles_page_set_document (FettleCyclesPage *self, FettleDocument *document);

G_END_DECLS
