/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-actions.h: what can be done with every chart of a window: save, copy, print. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* FAILED gets a sentence for the user. */
typedef void (*FettleChartFailed) (const char *text, gpointer user_data);

/* Adds the actions "save-chart" (string: png, svg, pdf or csv), "copy-chart" and "print-chart" to WINDOW, for the chart
 * that has the focus, else the first of what PAGES shows. */
void fettle_chart_actions_add (GtkApplicationWindow *window, GtkStack *pages,
                               FettleChartFailed failed, gpointer user_data);

/* Gives every chart a menu of these. Once. */
void fettle_chart_actions_install_menu (void);

G_END_DECLS
