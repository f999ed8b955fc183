/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-columns.c: draws column charts and looks at pixels. Texts are left out: fonts differ. */
#include "pictures.h"
#include "widgets/column-chart-render.h"

#include <math.h>

#define WIDTH  400
#define HEIGHT 240

static PangoContext *context;

/* Shares of values, as a histogram shows them; the third bin is empty, and of the fourth float has none. */
static const FettleColumnItem bins[] = {
  { 0, 0.5, 0, 0.25, "", "", NULL },
  { 0, 0.25, 0, 0.5, "", "", NULL },
  { NAN, NAN, 0, 0.25, "", "", NULL },
  { 0, 0.25, 0, 0, "", "", NULL },
};

static const FettleColumnContents histogram = {
  .style = FETTLE_COLUMNS_STEPS,
  .format = FETTLE_NUMBER_PERCENT,
  .start = -2,
  .step = 1,
  .lower = -1,
  .upper = INFINITY,
  .items = bins,
  .n_items = G_N_ELEMENTS (bins),
  .selected = -1,
  .hovered = -1,
};

/* Ranges: float reaches farther than the first column, not as far as the second. */
static const FettleColumnItem channels[] = {
  { -1, 1, -1, 2, "", "", NULL },
  { -1, 1, -0.5, 0.5, "", "", NULL },
};

static const FettleColumnContents ranges = {
  .style = FETTLE_COLUMNS_WHISKERS,
  .format = FETTLE_NUMBER_REAL,
  .start = -0.5,
  .step = 1,
  .is_ordinal = TRUE,
  .lower = NAN,
  .upper = 3,
  .items = channels,
  .n_items = G_N_ELEMENTS (channels),
  .selected = -1,
  .hovered = -1,
};

typedef struct
{
  const FettleColumnContents *contents;
  const FettlePalette *palette;
  FettleColumnLayout layout;
  FettleAxis axis;
  cairo_surface_t *surface;
  double scale;
} Picture;

static void
draw (cairo_t *cr, gconstpointer data)
{
  const Picture *picture = data;

  fettle_column_chart_render (cr, context, picture->contents, picture->palette, WIDTH,
                              HEIGHT);
}

static void
picture_init (Picture *picture, const FettleColumnContents *contents, gboolean dark,
              double scale)
{
  *picture = (Picture){ .contents = contents,
                        .palette = fettle_palette_get (dark),
                        .scale = scale };
  fettle_column_chart_init_layout (contents, context, WIDTH, HEIGHT, &picture->layout,
                                   &picture->axis);
  picture->surface = picture_new (WIDTH, HEIGHT, scale, draw, picture);
}

/* The color in column INDEX, 1/4 of its width from the left, OFFSET units below VALUE. */
static void
assert_column (const Picture *picture, guint index, double value, double offset,
               const FettleColor *color)
{
  FettleRectangle band;

  fettle_column_layout_get_band (&picture->layout, index, &band);
  picture_assert_color (
      picture->surface, band.x + floor (band.width / 4),
      fettle_column_layout_get_y (&picture->layout, &picture->axis, value) + offset,
      picture->scale, color);
}

/* Columns end on the very pixel that the layout says; float's line runs along its own heights. */
static void
test_histogram (void)
{
  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        const FettlePalette *palette = fettle_palette_get (dark);
        Picture picture;

        picture_init (&picture, &histogram, dark, scale);
        assert_column (&picture, 0, 0.5, 0, &palette->bar);
        assert_column (&picture, 0, 0.25, 0, &palette->reference);
        assert_column (&picture, 0, 0.25, 4, &palette->bar);
        assert_column (&picture, 1, 0.25, 2, &palette->bar);
        assert_column (&picture, 1, 0.5, 0, &palette->reference);
        assert_column (&picture, 1, 0.25, -4, &palette->background);
        assert_column (&picture, 2, 0.25, 0, &palette->reference);
        assert_column (&picture, 2, 0.25, 4, &palette->background);
        assert_column (&picture, 3, 0.25, 2, &palette->bar);
        /* The lower limit is the edge between the first two; there is no upper one. */
        g_assert_cmpuint (picture_count_color (
                              picture.surface,
                              &(FettleRectangle){ picture.layout.plot.x
                                                      + picture.layout.plot.width / 4 - 2,
                                                  picture.layout.plot.y + 3, 4, 60 },
                              scale, &palette->budget),
                          >, 40);
        cairo_surface_destroy (picture.surface);
      }
}

/* On a logarithmic axis a hundredth of the share has a height that can be seen. */
static void
test_logarithmic (void)
{
  const FettleColumnItem items[] = { { 0, 0.5, 0, 0.5, "", "", NULL },
                                     { 0, 0.005, 0, 0.005, "", "", NULL } };
  FettleColumnContents contents = histogram;
  Picture picture;
  double height[2];

  contents.items = items;
  contents.n_items = G_N_ELEMENTS (items);
  for (int is_logarithmic = FALSE; is_logarithmic <= TRUE; is_logarithmic++)
    {
      contents.is_logarithmic = is_logarithmic;
      picture_init (&picture, &contents, FALSE, 1);
      height[is_logarithmic] =
          picture.layout.plot.y + picture.layout.plot.height
          - fettle_column_layout_get_y (&picture.layout, &picture.axis, 0.005);
      assert_column (&picture, 0, 0.3, 4, &picture.palette->bar);
      cairo_surface_destroy (picture.surface);
    }
  g_assert_cmpfloat (height[FALSE], <=, 3);
  g_assert_cmpfloat (height[TRUE], >, HEIGHT / 8);
}

static void
test_ranges (void)
{
  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        const FettlePalette *palette = fettle_palette_get (dark);
        FettleRectangle band;
        Picture picture;
        double x;

        picture_init (&picture, &ranges, dark, scale);
        assert_column (&picture, 0, 1, 1, &palette->bar);
        assert_column (&picture, 0, 1, -3, &palette->background);
        assert_column (&picture, 0, -1, -2, &palette->bar);
        assert_column (&picture, 1, -1, 2, &palette->background);
        fettle_column_layout_get_band (&picture.layout, 0, &band);
        x = band.x + floor ((band.width - 1) / 2);
        picture_assert_color (
            picture.surface, x,
            fettle_column_layout_get_y (&picture.layout, &picture.axis, 1.5), scale,
            &palette->whisker);
        picture_assert_color (
            picture.surface, x,
            fettle_column_layout_get_y (&picture.layout, &picture.axis, 0.5), scale,
            &palette->bar);
        assert_column (&picture, 0, 3, 0, &palette->budget);
        cairo_surface_destroy (picture.surface);
      }
}

/* Selecting a column changes that column's band only. */
static void
test_selection (void)
{
  FettleColumnContents contents = ranges;
  Picture before, after;
  FettleRectangle band;

  contents.selected = 1;
  picture_init (&before, &ranges, FALSE, 1);
  picture_init (&after, &contents, FALSE, 1);
  fettle_column_layout_get_band (&before.layout, 1, &band);
  picture_assert_color (after.surface, band.x, band.y + 9, 1, &after.palette->accent);
  g_assert_cmpuint (picture_count_differences (before.surface, after.surface), >, 0);
  g_assert_cmpuint (picture_count_differences (before.surface, after.surface), <=,
                    band.width * band.height);
  cairo_surface_destroy (before.surface);
  cairo_surface_destroy (after.surface);
}

/* Every pixel of the plot belongs to one column, however many there are; what is drawn is found again. */
static void
test_layout (void)
{
  static const guint numbers[] = { 1, 3, 64, 361, 5000 };

  for (gsize k = 0; k < G_N_ELEMENTS (numbers); k++)
    {
      FettleColumnLayout layout;
      const FettleColumnMetrics metrics = { 16, 14, 40, TRUE, TRUE };
      int last = 0;

      fettle_column_layout_init (&layout, &metrics, WIDTH, HEIGHT, numbers[k]);
      g_assert_cmpint (fettle_column_layout_find (&layout, layout.plot.x - 1, 100), ==,
                       -1);
      for (double x = layout.plot.x; x < layout.plot.x + layout.plot.width; x++)
        {
          int found = fettle_column_layout_find (&layout, x, layout.plot.y + 1);
          FettleRectangle band;

          g_assert_cmpint (found, >=, last);
          g_assert_cmpint (found, <, (int)numbers[k]);
          fettle_column_layout_get_band (&layout, (guint)found, &band);
          g_assert_cmpfloat (band.x, <=, x);
          g_assert_cmpfloat (x, <, band.x + band.width);
          last = found;
        }
    }
}

static void
test_ticks (void)
{
  double ticks[FETTLE_AXIS_MAX_TICKS];

  g_assert_cmpuint (fettle_column_layout_find_ticks (-1.2, 1.2, 5, FALSE, ticks), ==, 5);
  g_assert_cmpfloat_with_epsilon (ticks[0], -1.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (ticks[1], -0.5, 1e-9);
  /* Channels have no halves. */
  g_assert_cmpuint (fettle_column_layout_find_ticks (-0.5, 2.5, 10, TRUE, ticks), ==, 3);
  g_assert_cmpfloat (ticks[2], ==, 2.0);
  g_assert_cmpuint (fettle_column_layout_find_ticks (1, 1, 5, FALSE, ticks), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  context = fettle_chart_create_context ("DejaVu Sans 10");
  g_test_add_func ("/widgets/render/columns/histogram", test_histogram);
  g_test_add_func ("/widgets/render/columns/logarithmic", test_logarithmic);
  g_test_add_func ("/widgets/render/columns/ranges", test_ranges);
  g_test_add_func ("/widgets/render/columns/selection", test_selection);
  g_test_add_func ("/widgets/render/columns/layout", test_layout);
  g_test_add_func ("/widgets/render/columns/ticks", test_ticks);
  status = g_test_run ();
  g_object_unref (context);
  return status;
}
