/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.h: looks at the pixels of what was drawn. */
#pragma once

#include "widgets/chart-draw.h"

typedef void (*DrawFunc) (cairo_t *cr, gconstpointer data);

/* WIDTH × HEIGHT units, each SCALE pixels wide; free with cairo_surface_destroy. */
cairo_surface_t *picture_new (double width, double height, double scale, DrawFunc draw,
                              gconstpointer data);

/* 0xRRGGBB; X and Y are pixels. */
guint32 picture_get_pixel (cairo_surface_t *surface, int x, int y);

/* X and Y are units. */
void picture_assert_color (cairo_surface_t *surface, double x, double y, double scale,
                           const FettleColor *color);
gboolean picture_has_color (cairo_surface_t *surface, double x, double y, double scale,
                            const FettleColor *color);

/* Pixels that differ; both of the same size. */
guint picture_count_differences (cairo_surface_t *a, cairo_surface_t *b);

/* Pixels of COLOR in AREA, in units. */
guint picture_count_color (cairo_surface_t *surface, const FettleRectangle *area,
                           double scale, const FettleColor *color);
