/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-item-accessible.h: one item of a chart as a screen reader sees it. */
#pragma once

#include "widgets/chart.h"
#include <atk/atk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_CHART_ITEM_ACCESSIBLE (fettle_chart_item_accessible_get_type ())
G_DECLARE_FINAL_TYPE (FettleChartItemAccessible, fettle_chart_item_accessible, FETTLE,
                      CHART_ITEM_ACCESSIBLE, AtkObject)

AtkObject *fettle_chart_item_accessible_new (FettleChart *chart, guint index);

/* The item is gone; whoever still holds the object sees it as defunct. */
void fettle_chart_item_accessible_invalidate (FettleChartItemAccessible *self);

G_END_DECLS
