/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune-popover.h: asks for calibration data and how to read it. */
#pragma once

#include "app/content.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_TUNE_POPOVER (fettle_tune_popover_get_type ())
G_DECLARE_FINAL_TYPE (FettleTunePopover, fettle_tune_popover, FETTLE, TUNE_POPOVER,
                      GtkPopover)

/* Signals:
 *   "tune" (const FettleData *data)
 *   "compare" (const FettleData *data) */

GtkWidget *fettle_tune_popover_new (void);

/* What can be done with a model of KIND. */
void fettle_tune_popover_set_kind (FettleTunePopover *self, FettleContentKind kind);
/* Shows DATA as if the user had entered it. */
void fettle_tune_popover_set_data (FettleTunePopover *self, const FettleData *data);

G_END_DECLS
