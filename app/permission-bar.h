/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permission-bar.h: says that a board may not be used, and what to do about it. */
#pragma once

#include "profiler/board-monitor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_PERMISSION_BAR (fettle_permission_bar_get_type ())
G_DECLARE_FINAL_TYPE (FettlePermissionBar, fettle_permission_bar, FETTLE, PERMISSION_BAR,
                      GtkInfoBar)

/* Once. The bar appears while there is a board with a remedy, until the user closes it. */
void fettle_permission_bar_set_monitor (FettlePermissionBar *self,
                                        FettleBoardMonitor *monitor);

G_END_DECLS
