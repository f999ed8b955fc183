/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary-bar.h: the model's name and its key figures, above every page. */
#pragma once

#include "app/target-image.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_SUMMARY_BAR (fettle_summary_bar_get_type ())
G_DECLARE_FINAL_TYPE (FettleSummaryBar, fettle_summary_bar, FETTLE, SUMMARY_BAR, GtkBox)

/* Once. */
void fettle_summary_bar_set_document (FettleSummaryBar *self, FettleDocument *document,
                                      FettleTargetImage *image);

G_END_DECLS
