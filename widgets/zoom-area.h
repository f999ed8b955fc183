/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zoom-area.h: which part of a drawing a window shows, and how large. */
#pragma once

#include "widgets/chart-draw.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_ZOOM_MINIMUM 0.02
#define FETTLE_ZOOM_MAXIMUM 4.0
#define FETTLE_ZOOM_STEP    1.25

/* Index 0 is horizontal, 1 vertical. Initialize with ZOOM 1, the rest 0. */
typedef struct
{
  double zoom;
  double lengths[2];             /* of the drawing, in its own units */
  double sides[2];               /* of the window, in pixels */
  GtkAdjustment *adjustments[2]; /* of the scroller; NULL outside of one */
} FettleZoomArea;

/* After another length, side or zoom: the adjustments get new bounds. */
void fettle_zoom_area_configure (FettleZoomArea *area);

/* Pixels of the zoomed drawing before what is seen; less than 0 if it is smaller than the window, in whose middle it
 * then stands. */
double fettle_zoom_area_get_scroll (const FettleZoomArea *area, guint axis);
void fettle_zoom_area_set_scroll (FettleZoomArea *area, guint axis, double scroll);

/* FALSE if that is the zoom already. The point at X, Y of the window stays where it is. */
gboolean fettle_zoom_area_zoom_around (FettleZoomArea *area, double zoom, double x,
                                       double y);
/* What plus, minus, 0 (all) and 1 (full size) zoom to; 0 for any other key. */
double fettle_zoom_area_get_zoom_for_key (const FettleZoomArea *area, guint keyval);
/* At which the whole drawing fits; may be greater than 1. */
double fettle_zoom_area_get_fitting (const FettleZoomArea *area);

/* From the drawing's units to pixels of the window, and a point the other way. */
void fettle_zoom_area_map (const FettleZoomArea *area, const FettleRectangle *from,
                           FettleRectangle *to);
void fettle_zoom_area_unmap (const FettleZoomArea *area, double *x, double *y);

gboolean fettle_zoom_area_is_seen (const FettleZoomArea *area,
                                   const FettleRectangle *part);
/* Scrolls as little as needed to see PART, in the drawing's units. */
void fettle_zoom_area_reveal (FettleZoomArea *area, const FettleRectangle *part);

G_END_DECLS
