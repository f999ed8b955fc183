/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview-page.h: does the model fit the board, is it right, what is in it, what does it cost. */
#pragma once

#include "app/target-image.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_OVERVIEW_PAGE (fettle_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleOverviewPage, fettle_overview_page, FETTLE, OVERVIEW_PAGE,
                      GtkBox)

/* Once. */
void fettle_overview_page_set_document (FettleOverviewPage *self,
                                        FettleDocument *document,
                                        FettleTargetImage *image);

G_END_DECLS
