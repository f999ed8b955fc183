/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-scatter.c: draws scatter charts and looks at pixels. Texts are left out: fonts differ. */
#include "pictures.h"
#include "widgets/scatter-chart-render.h"

#include <math.h>

#define WIDTH  600
#define HEIGHT 300

static PangoContext *context;

/* Two on the front, one behind both. */
static const FettleScatterItem items[] = {
  { { 100, 0.5, NAN }, "", "", NULL },
  { { 400, 0.1, NAN }, "", "", NULL },
  { { 400, 0.9, NAN }, "", "", NULL },
};

static FettleScatterContents contents = { .items = items,
                                          .n_items = G_N_ELEMENTS (items),
                                          .x_format = FETTLE_NUMBER_COUNT,
                                          .y_format = FETTLE_NUMBER_PERCENT,
                                          .hovered = -1,
                                          .selected = -1 };

static void
lay_out (FettleScatterLayout *layout)
{
  fettle_scatter_chart_lay_out (&contents, context, WIDTH, HEIGHT, layout);
}

static void
draw (cairo_t *cr, gconstpointer palette)
{
  FettleScatterLayout layout;

  lay_out (&layout);
  fettle_scatter_chart_draw (cr, context, &contents, &layout, palette);
}

static void
get_place (guint index, double *x, double *y)
{
  FettleScatterLayout layout;

  lay_out (&layout);
  fettle_scatter_layout_get_place (&layout, &items[index].point, x, y);
}

/* The inside of a point on the front is filled, of one behind it empty; both have the outline. */
static void
test_points (void)
{
  for (guint dark = 0; dark < 2; dark++)
    for (guint scale = 1; scale <= 2; scale++)
      {
        const FettlePalette *palette = fettle_palette_get (dark != 0);
        cairo_surface_t *surface = picture_new (WIDTH, HEIGHT, scale, draw, palette);

        for (guint i = 0; i < G_N_ELEMENTS (items); i++)
          {
            double radius = fettle_scatter_chart_get_radius (&contents, i);
            FettleRectangle area = { 0, 0, 2 * radius + 4, 2 * radius + 4 };
            double x, y;

            get_place (i, &x, &y);
            area.x = x - radius - 2;
            area.y = y - radius - 2;
            picture_assert_color (surface, x, y, scale,
                                  i < 2 ? &palette->bar : &palette->background);
            g_assert_cmpuint (picture_count_color (surface, &area, scale, &palette->bar),
                              >, 20);
          }
        cairo_surface_destroy (surface);
      }
}

static void
test_selection (void)
{
  const FettlePalette *palette = fettle_palette_get (FALSE);
  cairo_surface_t *before = picture_new (WIDTH, HEIGHT, 1, draw, palette);
  cairo_surface_t *after;
  double x, y, radius = fettle_scatter_chart_get_radius (&contents, 0);

  contents.selected = 0;
  after = picture_new (WIDTH, HEIGHT, 1, draw, palette);
  contents.selected = -1;
  get_place (0, &x, &y);
  g_assert_false (picture_has_color (before, x - radius - 4, y, 1, &palette->accent));
  g_assert_true (picture_has_color (after, x - radius - 4, y, 1, &palette->accent));
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
}

static void
test_sizes (void)
{
  const FettleScatterItem sized[] = { { { 1, 1, 100 }, "", "", NULL },
                                      { { 2, 2, 25 }, "", "", NULL },
                                      { { 3, 3, NAN }, "", "", NULL } };
  const FettleScatterContents sizes = { .items = sized, .n_items = 3 };

  g_assert_cmpfloat (fettle_scatter_chart_get_radius (&sizes, 0), ==,
                     2 * fettle_scatter_chart_get_radius (&sizes, 1));
  g_assert_cmpfloat (fettle_scatter_chart_get_radius (&sizes, 2), >, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  context = fettle_chart_create_context (NULL);
  g_test_add_func ("/widgets/render/scatter/points", test_points);
  g_test_add_func ("/widgets/render/scatter/selection", test_selection);
  g_test_add_func ("/widgets/render/scatter/sizes", test_sizes);
  status = g_test_run ();
  g_object_unref (context);
  return status;
}
