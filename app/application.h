/* SPDX-License-Identifier: GPL-3.0-or-later */
/* application.h: the one running Fettle: command line, menus, style. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_APPLICATION (fettle_application_get_type ())
G_DECLARE_FINAL_TYPE (FettleApplication, fettle_application, FETTLE, APPLICATION,
                      GtkApplication)

FettleApplication *fettle_application_new (void);

G_END_DECLS
