/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recovery-bar.h: offers unsaved work that was left behind. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_RECOVERY_BAR (fettle_recovery_bar_get_type ())
G_DECLARE_FINAL_TYPE (FettleRecoveryBar, fettle_recovery_bar, FETTLE, RECOVERY_BAR,
                      GtkInfoBar)

/* Signal "recover" (const char *path): the user wants this copy back. */

/* Shows itself if there is something to offer; one after the other. */
void fettle_recovery_bar_offer (FettleRecoveryBar *self);

G_END_DECLS
