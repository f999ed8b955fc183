/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.c: looks at the pixels of what was drawn. */
#include "pictures.h"

#include <math.h>
#include <string.h>

cairo_surface_t *
picture_new (double width, double height, double scale, DrawFunc draw, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int)ceil (width * scale), (int)ceil (height * scale));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  draw (cr, data);
  cairo_destroy (cr);
  return surface;
}

guint32
picture_get_pixel (cairo_surface_t *surface, int x, int y)
{
  const unsigned char *data = cairo_image_surface_get_data (surface);
  guint32 pixel;

  g_assert_cmpint (x, <, cairo_image_surface_get_width (surface));
  g_assert_cmpint (y, <, cairo_image_surface_get_height (surface));
  memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + 4 * x, 4);
  return pixel & 0xFFFFFF;
}

static guint32
to_pixel (const FettleColor *color)
{
  return (guint32)round (color->red * 255) << 16
         | (guint32)round (color->green * 255) << 8 | (guint32)round (color->blue * 255);
}

/* cairo rounds shades between two colours its own way. */
static gboolean
is_same (guint32 a, guint32 b)
{
  for (guint shift = 0; shift < 24; shift += 8)
    if (ABS ((int)(a >> shift & 255) - (int)(b >> shift & 255)) > 1)
      return FALSE;
  return TRUE;
}

void
picture_assert_color (cairo_surface_t *surface, double x, double y, double scale,
                      const FettleColor *color)
{
  guint32 pixel = picture_get_pixel (surface, (int)(x * scale), (int)(y * scale));

  if (!is_same (pixel, to_pixel (color)))
    g_error ("the pixel at %g, %g is %06x, not %06x", x, y, pixel, to_pixel (color));
}

gboolean
picture_has_color (cairo_surface_t *surface, double x, double y, double scale,
                   const FettleColor *color)
{
  return is_same (picture_get_pixel (surface, (int)(x * scale), (int)(y * scale)),
                  to_pixel (color));
}

guint
picture_count_differences (cairo_surface_t *a, cairo_surface_t *b)
{
  guint n = 0;

  g_assert_cmpint (cairo_image_surface_get_width (a), ==,
                   cairo_image_surface_get_width (b));
  g_assert_cmpint (cairo_image_surface_get_height (a), ==,
                   cairo_image_surface_get_height (b));
  for (int y = 0; y < cairo_image_surface_get_height (a); y++)
    for (int x = 0; x < cairo_image_surface_get_width (a); x++)
      n += picture_get_pixel (a, x, y) != picture_get_pixel (b, x, y);
  return n;
}

guint
picture_count_color (cairo_surface_t *surface, const FettleRectangle *area, double scale,
                     const FettleColor *color)
{
  guint32 pixel = to_pixel (color);
  guint n = 0;

  for (int y = (int)(area->y * scale); y < (int)((area->y + area->height) * scale); y++)
    for (int x = (int)(area->x * scale); x < (int)((area->x + area->width) * scale); x++)
      n += is_same (picture_get_pixel (surface, x, y), pixel);
  return n;
}
