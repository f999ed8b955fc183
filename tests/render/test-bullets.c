/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-bullets.c: draws bullet charts and looks at pixels. Texts are left out: fonts differ. */
#include "pictures.h"
#include "widgets/bullet-chart-render.h"

#include <math.h>

#define WIDTH 640

static PangoContext *context;

static const FettleBulletItem items[] = {
  { "", TRUE, 50, 100, NAN, "", NULL, NULL, 0 },
  { "", TRUE, 150, 100, NAN, "", NULL, NULL, 0 },
  { "", TRUE, 50, NAN, 100, "", NULL, NULL, 0 },
  { "", FALSE, 0, 100, NAN, "", NULL, NULL, 0 },
  { "", TRUE, 50, NAN, NAN, "", NULL, NULL, 0 },
  { "", TRUE, 50, 100, NAN, "", NULL, NULL, 200 },
};

static const FettleBulletContents contents = {
  .items = items, .n_items = G_N_ELEMENTS (items), .hovered = -1, .cursor = -1
};

static void
draw (cairo_t *cr, gconstpointer palette)
{
  fettle_bullet_chart_render (cr, context, &contents, palette, WIDTH);
}

static void
init_layout (FettleBulletLayout *layout)
{
  FettleBulletMetrics metrics;

  fettle_bullet_chart_measure (&contents, context, &metrics);
  fettle_bullet_layout_init (layout, &metrics, WIDTH, contents.n_items);
}

static double
get_x (const FettleRectangle *track, double value, double maximum)
{
  return track->x + round (value / maximum * track->width);
}

/* The bar ends at its value; what is beyond the limit has the limit's colour; the limit is a line. */
static void
check_limits (cairo_surface_t *surface, const FettleBulletLayout *layout,
              const FettlePalette *palette, double scale)
{
  double maximum = fettle_bullet_get_maximum (150, 100, NAN);
  FettleRectangle track, beyond;
  double middle;

  fettle_bullet_layout_get_track (layout, 0, &track);
  middle = track.y + track.height / 2;
  picture_assert_color (surface, track.x + 1, middle, scale, &palette->bar);
  picture_assert_color (surface,
                        get_x (&track, 50, fettle_bullet_get_maximum (50, 100, NAN)) - 1,
                        middle, scale, &palette->bar);
  picture_assert_color (surface,
                        get_x (&track, 50, fettle_bullet_get_maximum (50, 100, NAN)) + 1,
                        middle, scale, &palette->grid);
  picture_assert_color (surface,
                        get_x (&track, 100, fettle_bullet_get_maximum (50, 100, NAN)),
                        track.y - 2, scale, &palette->budget);

  fettle_bullet_layout_get_track (layout, 1, &track);
  middle = track.y + track.height / 2;
  picture_assert_color (surface, get_x (&track, 100, maximum) - 3, middle, scale,
                        &palette->bar);
  beyond = (FettleRectangle){ get_x (&track, 100, maximum) + 4, middle,
                              get_x (&track, 50, maximum) - track.x - 6, 2 };
  g_assert_cmpuint (picture_count_color (surface, &beyond, scale, &palette->bar), ==, 0);
  g_assert_cmpuint (picture_count_color (surface, &beyond, scale, &palette->budget), >,
                    beyond.width / 3);
}

static void
test_bars (void)
{
  FettleBulletLayout layout;

  init_layout (&layout);
  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        const FettlePalette *palette = fettle_palette_get (dark);
        cairo_surface_t *surface = picture_new (
            WIDTH, fettle_bullet_layout_get_height (&layout), scale, draw, palette);
        FettleRectangle track;
        double maximum;

        check_limits (surface, &layout, palette, scale);
        /* The mark of what was before is hollow. */
        fettle_bullet_layout_get_track (&layout, 2, &track);
        picture_assert_color (
            surface, get_x (&track, 100, fettle_bullet_get_maximum (50, NAN, 100)),
            track.y + track.height / 2, scale, &palette->background);
        /* Neither what is unknown nor what has no measure has a bar. */
        for (guint i = 3; i < 5; i++)
          {
            fettle_bullet_layout_get_track (&layout, i, &track);
            g_assert_cmpuint (picture_count_color (surface, &track, scale, &palette->bar),
                              ==, 0);
          }
        /* A longer scale makes a shorter bar. */
        fettle_bullet_layout_get_track (&layout, 5, &track);
        maximum = fettle_bullet_get_maximum (200, 100, NAN);
        picture_assert_color (surface, get_x (&track, 50, maximum) - 1,
                              track.y + track.height / 2, scale, &palette->bar);
        picture_assert_color (surface, get_x (&track, 50, maximum) + 1,
                              track.y + track.height / 2, scale, &palette->grid);
        cairo_surface_destroy (surface);
      }
}

/* The row that has the keyboard is outlined, and no other one. */
static void
test_cursor (void)
{
  FettleBulletContents focused = contents;
  const FettlePalette *palette = fettle_palette_get (FALSE);
  FettleBulletLayout layout;
  FettleRectangle row;
  cairo_surface_t *surface;
  cairo_t *cr;

  focused.cursor = 1;
  init_layout (&layout);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH,
                                        (int)fettle_bullet_layout_get_height (&layout));
  cr = cairo_create (surface);
  fettle_bullet_chart_draw (cr, context, &focused, &layout, palette);
  cairo_destroy (cr);
  fettle_bullet_layout_get_row (&layout, 1, &row);
  picture_assert_color (surface, 1, row.y + 1, 1, &palette->accent);
  picture_assert_color (surface, 1, row.y - 1, 1, &palette->background);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  context = fettle_chart_create_context ("DejaVu Sans 10");
  g_test_add_func ("/widgets/render/bullets/bars", test_bars);
  g_test_add_func ("/widgets/render/bullets/cursor", test_cursor);
  status = g_test_run ();
  g_object_unref (context);
  return status;
}
