/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recent-menu.h: the models opened lately, as a menu of "win.open-path" items. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills MENU anew, the latest first. */
void fettle_recent_menu_fill (GMenu *menu);
/* Remembers PATH. */
void fettle_recent_menu_add (const char *path);

G_END_DECLS
