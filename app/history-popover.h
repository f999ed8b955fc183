/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history-popover.h: the list of edits, to go back to any of them. */
#pragma once

#include "app/history.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_HISTORY_POPOVER (fettle_history_popover_get_type ())
G_DECLARE_FINAL_TYPE (FettleHistoryPopover, fettle_history_popover, FETTLE,
                      HISTORY_POPOVER, GtkPopover)

GtkWidget *fettle_history_popover_new (FettleHistory *history);

G_END_DECLS
