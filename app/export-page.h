/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export-page.h: what the model becomes in a user's program: the header, its sizes, where to put it. */
#pragma once

#include "app/target-image.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_EXPORT_PAGE (fettle_export_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleExportPage, fettle_export_page, FETTLE, EXPORT_PAGE, GtkBox)

/* Once. */
void fettle_export_page_set_document (FettleExportPage *self, FettleDocument *document,
                                      FettleTargetImage *image);

G_END_DECLS
