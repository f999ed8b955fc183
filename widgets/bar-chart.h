/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart.h: horizontal bars, one row per item, with a whisker from low to high. */
#pragma once

#include "widgets/bar-chart-render.h" /* FettleBarItem, FettleBarScale */
#include "widgets/scrolled-chart.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_BAR_CHART (fettle_bar_chart_get_type ())
G_DECLARE_FINAL_TYPE (FettleBarChart, fettle_bar_chart, FETTLE, BAR_CHART,
                      FettleScrolledChart)

/* A GtkScrollable: put it straight into a GtkScrolledWindow; title and axis then stay in sight.
 * "selected" (see FettleChart) is the number of an item. */
GtkWidget *fettle_bar_chart_new (void);

/* Copies ITEMS. The selection stays. */
void fettle_bar_chart_set_items (FettleBarChart *self, const FettleBarItem *items,
                                 guint n_items);

/* For live updates: replaces all but the labels, redraws only rows that changed. N_ITEMS must be
 * that of fettle_bar_chart_set_items. */
void fettle_bar_chart_set_values (FettleBarChart *self, const FettleBarItem *items,
                                  guint n_items);

guint fettle_bar_chart_get_n_items (FettleBarChart *self);

/* Same as fettle_chart_set_title. */
void fettle_bar_chart_set_title (FettleBarChart *self, const char *title);

/* Title of the axis: "cycles", "dB". */
void fettle_bar_chart_set_unit (FettleBarChart *self, const char *unit);

/* How the axis writes its numbers. FETTLE_NUMBER_COUNT at first. */
void fettle_bar_chart_set_format (FettleBarChart *self, FettleNumberFormat format);
void fettle_bar_chart_set_scale (FettleBarChart *self, FettleBarScale scale);

/* A line across all rows. VALUE NAN: none. LABEL may be NULL. */
void fettle_bar_chart_set_reference (FettleBarChart *self, double value,
                                     const char *label);

int fettle_bar_chart_get_selected (FettleBarChart *self);
/* -1: none. Scrolls it into sight. */
void fettle_bar_chart_set_selected (FettleBarChart *self, int selected);

G_END_DECLS
