/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart.h: quantities against their limits, one bar each: does it fit? */
#pragma once

#include "widgets/bullet-chart-render.h" /* FettleBulletItem */
#include "widgets/chart.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_BULLET_CHART (fettle_bullet_chart_get_type ())
G_DECLARE_FINAL_TYPE (FettleBulletChart, fettle_bullet_chart, FETTLE, BULLET_CHART,
                      FettleChart)

/* "selected" (see FettleChart) is the number of an item; only the keyboard's cursor shows it. */
GtkWidget *fettle_bullet_chart_new (void);

/* Copies ITEMS. */
void fettle_bullet_chart_set_items (FettleBulletChart *self,
                                    const FettleBulletItem *items, guint n_items);

G_END_DECLS
