/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-accessible.h: a chart as a screen reader sees it: a chart with list items. */
#pragma once

#include <gtk/gtk-a11y.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_CHART_ACCESSIBLE (fettle_chart_accessible_get_type ())
G_DECLARE_FINAL_TYPE (FettleChartAccessible, fettle_chart_accessible, FETTLE,
                      CHART_ACCESSIBLE, GtkWidgetAccessible)

/* There are other items: the children so far are defunct. */
void fettle_chart_accessible_items_changed (FettleChartAccessible *self);
void fettle_chart_accessible_value_changed (FettleChartAccessible *self, guint index);
void fettle_chart_accessible_cursor_moved (FettleChartAccessible *self, int old_cursor,
                                           int cursor);

G_END_DECLS
