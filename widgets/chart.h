/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.h: what all charts share: a drawn widget whose items can be pointed at, reached with the
 * keyboard, and read by a screen reader. */
#pragma once

#include "widgets/palette.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_CHART (fettle_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (FettleChart, fettle_chart, FETTLE, CHART, GtkDrawingArea)

/* What a screen reader says of an item. Strings belong to the chart, valid until it changes. */
typedef struct
{
  const char *name;
  const char *description;
  const char *text; /* the value as people read it */
  double value, minimum, maximum;
} FettleChartItem;

/* In pixels. */
typedef struct
{
  int width, height;
} FettleChartSize;

/**
 * FettleChartClass:
 * @minimum_size, @natural_size: what the widget asks for, unless the chart says so itself
 * @picture_size: how large the chart is in a file; 0: as on the screen
 * @lay_out: computes anew where things are, after another size or style, and redraws; at first nothing, for charts
 *   that compute it as they draw
 * @get_n_items: how many items there are
 * @get_item: describes item INDEX
 * @get_item_area: where item INDEX is drawn, from the widget's top left corner; FALSE if it is
 *   scrolled out of sight (the area is filled in nevertheless)
 * @get_item_at: the item at a point, or -1
 * @get_cursor: the item that the keyboard is at, or -1; at first the selected one
 * @set_cursor: moves the keyboard to item INDEX, -1 for none, and selects what belongs to it; at first the item itself
 * @find_item: the item that a key leads to from the cursor; -1 if the key means nothing here
 * @selection_changed: "selected" has changed, by whomever; at first the cursor has moved with it
 * @get_picture_size: how large the whole chart is in a file, with the texts of CONTEXT; at first picture_size
 * @render: draws the whole chart at CR's origin; at first what is on the screen
 * @append_titles: appends the titles of the values' columns to a table (chart-export.h); at first "value"
 * @append_values: appends the values of item INDEX; at first the one of get_item
 */
struct _FettleChartClass
{
  GtkDrawingAreaClass parent_class;

  FettleChartSize minimum_size, natural_size, picture_size;

  void (*lay_out) (FettleChart *self);
  guint (*get_n_items) (FettleChart *self);
  void (*get_item) (FettleChart *self, guint index, FettleChartItem *item);
  gboolean (*get_item_area) (FettleChart *self, guint index, GdkRectangle *area);
  int (*get_item_at) (FettleChart *self, double x, double y);
  int (*get_cursor) (FettleChart *self);
  void (*set_cursor) (FettleChart *self, int index);
  int (*find_item) (FettleChart *self, guint keyval);
  void (*selection_changed) (FettleChart *self, int old_selected);
  void (*get_picture_size) (FettleChart *self, PangoContext *context, double *width,
                            double *height);
  void (*render) (FettleChart *self, cairo_t *cr, PangoContext *context,
                  const FettlePalette *palette, double width, double height);
  void (*append_titles) (FettleChart *self, GString *table, char separator);
  void (*append_values) (FettleChart *self, guint index, GString *table, char separator);
};

/* What the second button and the menu key open on every chart; its actions are found from the chart upwards. The
 * chart has the focus then. NULL: nothing. */
void fettle_chart_set_menu (GMenuModel *menu);

/* Shown above the chart and spoken as its name. Property "title". */
const char *fettle_chart_get_title (FettleChart *self);
void fettle_chart_set_title (FettleChart *self, const char *title);

/* Shown while there are no items: "No measurements yet". Property "empty-text". */
const char *fettle_chart_get_empty_text (FettleChart *self);
void fettle_chart_set_empty_text (FettleChart *self, const char *empty_text);

/* What is selected, -1 for nothing; each chart says what the number means. A number that does not
 * exist (yet) shows nothing. Property "selected".
 *
 * Signal "selection-changed": the user, by pointer, key or screen reader, has changed it.
 * notify::selected follows every change. */
int fettle_chart_get_selected (FettleChart *self);
void fettle_chart_set_selected (FettleChart *self, int selected);

G_END_DECLS
