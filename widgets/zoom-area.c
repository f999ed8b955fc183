/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zoom-area.c: which part of a drawing a window shows, and how large. */
#include "widgets/zoom-area.h"

#include <math.h>

#define REVEAL_MARGIN 24

static double
get_length (const FettleZoomArea *area, guint axis)
{
  return area->lengths[axis] * area->zoom;
}

void
fettle_zoom_area_configure (FettleZoomArea *area)
{
  for (guint axis = 0; axis < 2; axis++)
    {
      double page = area->sides[axis];
      double upper = MAX (get_length (area, axis), page);
      GtkAdjustment *adjustment = area->adjustments[axis];

      if (adjustment != NULL)
        gtk_adjustment_configure (
            adjustment, CLAMP (gtk_adjustment_get_value (adjustment), 0, upper - page), 0,
            upper, page * 0.1, page * 0.9, page);
    }
}

double
fettle_zoom_area_get_scroll (const FettleZoomArea *area, guint axis)
{
  double room = area->sides[axis] - get_length (area, axis);

  if (room > 0)
    return -floor (room / 2);
  return area->adjustments[axis] != NULL
             ? round (gtk_adjustment_get_value (area->adjustments[axis]))
             : 0;
}

void
fettle_zoom_area_set_scroll (FettleZoomArea *area, guint axis, double scroll)
{
  if (area->adjustments[axis] != NULL)
    gtk_adjustment_set_value (area->adjustments[axis], scroll);
}

gboolean
fettle_zoom_area_zoom_around (FettleZoomArea *area, double zoom, double x, double y)
{
  const double point[2] = { x, y };
  double place[2];

  zoom = CLAMP (zoom, FETTLE_ZOOM_MINIMUM, FETTLE_ZOOM_MAXIMUM);
  if (zoom == area->zoom)
    return FALSE;
  for (guint axis = 0; axis < 2; axis++)
    place[axis] = (fettle_zoom_area_get_scroll (area, axis) + point[axis]) / area->zoom;
  area->zoom = zoom;
  fettle_zoom_area_configure (area);
  for (guint axis = 0; axis < 2; axis++)
    fettle_zoom_area_set_scroll (area, axis, place[axis] * zoom - point[axis]);
  return TRUE;
}

double
fettle_zoom_area_get_fitting (const FettleZoomArea *area)
{
  return MIN (area->sides[0] / MAX (area->lengths[0], 1),
              area->sides[1] / MAX (area->lengths[1], 1));
}

double
fettle_zoom_area_get_zoom_for_key (const FettleZoomArea *area, guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      return area->zoom * FETTLE_ZOOM_STEP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      return area->zoom / FETTLE_ZOOM_STEP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      return MIN (fettle_zoom_area_get_fitting (area), 1);
    case GDK_KEY_1:
    case GDK_KEY_KP_1:
      return 1;
    default:
      return 0;
    }
}

void
fettle_zoom_area_map (const FettleZoomArea *area, const FettleRectangle *from,
                      FettleRectangle *to)
{
  *to = (FettleRectangle){ from->x * area->zoom - fettle_zoom_area_get_scroll (area, 0),
                           from->y * area->zoom - fettle_zoom_area_get_scroll (area, 1),
                           from->width * area->zoom, from->height * area->zoom };
}

void
fettle_zoom_area_unmap (const FettleZoomArea *area, double *x, double *y)
{
  *x = (*x + fettle_zoom_area_get_scroll (area, 0)) / area->zoom;
  *y = (*y + fettle_zoom_area_get_scroll (area, 1)) / area->zoom;
}

gboolean
fettle_zoom_area_is_seen (const FettleZoomArea *area, const FettleRectangle *part)
{
  FettleRectangle mapped;

  fettle_zoom_area_map (area, part, &mapped);
  return mapped.x < area->sides[0] && mapped.x + mapped.width > 0
         && mapped.y < area->sides[1] && mapped.y + mapped.height > 0;
}

void
fettle_zoom_area_reveal (FettleZoomArea *area, const FettleRectangle *part)
{
  FettleRectangle mapped;

  fettle_zoom_area_map (area, part, &mapped);
  for (guint axis = 0; axis < 2; axis++)
    {
      double start = axis == 0 ? mapped.x : mapped.y;
      double end = start + (axis == 0 ? mapped.width : mapped.height);
      double scroll = fettle_zoom_area_get_scroll (area, axis);

      if (start < REVEAL_MARGIN)
        fettle_zoom_area_set_scroll (area, axis, scroll + start - REVEAL_MARGIN);
      else if (end > area->sides[axis] - REVEAL_MARGIN)
        fettle_zoom_area_set_scroll (area, axis,
                                     scroll + end - area->sides[axis] + REVEAL_MARGIN);
    }
}
