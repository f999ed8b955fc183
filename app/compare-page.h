/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare-page.h: everything that was tried, and any two of them side by side. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_COMPARE_PAGE (fettle_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleComparePage, fettle_compare_page, FETTLE, COMPARE_PAGE,
                      GtkBox)

/* Once. */
void fettle_compare_page_set_document (FettleComparePage *self, FettleDocument *document);

G_END_DECLS
