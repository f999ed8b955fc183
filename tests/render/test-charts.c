/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-charts.c: draws charts to pictures and looks at pixels. The text is left out where positions
 * matter, since fonts differ from machine to machine. */
#include "pictures.h"
#include "widgets/arena-map-render.h"
#include "widgets/bar-chart-render.h"

#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#define WIDTH 400

static PangoContext *context;

static const FettleBarItem bars[] = {
  { .label = "", .value = 50, .low = NAN, .high = NAN, .known = TRUE, .text = "" },
  { .label = "", .value = 100, .low = 60, .high = 100, .known = TRUE, .text = "" },
  { .label = "", .value = 80, .low = NAN, .high = NAN, .known = FALSE },
};

static const FettleBarContents bar_contents = {
  .items = bars,
  .n_items = G_N_ELEMENTS (bars),
  .reference = NAN,
  .selected = -1,
  .hovered = -1,
};

static const FettleArenaItem buffers[] = {
  { .label = "", .first = 0, .last = 1, .offset = 0, .size = 4096, .layer = 0 },
  { .label = "", .first = 1, .last = 2, .offset = 4096, .size = 4096, .layer = 1 },
  { .label = "",
    .first = 2,
    .last = 3,
    .offset = 0,
    .size = 4096,
    .layer = 2,
    .scratch = TRUE },
};

static const FettleArenaContents arena_contents = {
  .items = buffers,
  .n_items = G_N_ELEMENTS (buffers),
  .n_steps = 4,
  .selected = -1,
  .hovered = -1,
  .cursor = -1,
};

/* Each bar begins and ends on the very pixel that the layout says, at every scale and in both
 * palettes. */
static void
test_bars (void)
{
  FettleBarMetrics metrics;
  FettleBarLayout layout;
  FettleAxis axis;

  fettle_bar_chart_measure (&bar_contents, context, &metrics);
  fettle_bar_layout_init (&layout, &metrics, WIDTH, bar_contents.n_items);
  fettle_bar_chart_init_axis (&bar_contents, &layout, &axis);
  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        const FettlePalette *palette = fettle_palette_get (dark);
        cairo_surface_t *surface = fettle_bar_chart_render_to_surface (
            &bar_contents, context, palette, WIDTH, scale);
        double middle = fettle_bar_layout_get_row_top (&layout, 0, 0)
                        + floor (layout.row_height / 2) + 2;
        double end =
            layout.plot_x
            + fettle_bar_layout_get_length (&layout, fettle_axis_normalize (&axis, 50));

        picture_assert_color (surface, layout.plot_x + 1, middle, scale, &palette->bar);
        picture_assert_color (surface, end - 1.0 / scale, middle, scale, &palette->bar);
        g_assert_false (picture_has_color (surface, end, middle, scale, &palette->bar));
        /* What is not known has hatching, and no bar. */
        for (double x = layout.plot_x + 1; x < layout.plot_x + layout.plot_width; x++)
          g_assert_false (picture_has_color (surface, x, middle + 2 * layout.row_height,
                                             scale, &palette->bar));
        cairo_surface_destroy (surface);
      }
}

/* A value that makes a bar one pixel longer must change the picture, by one column. */
static void
test_one_pixel (void)
{
  const FettlePalette *palette = fettle_palette_get (FALSE);
  FettleBarItem longer[G_N_ELEMENTS (bars)];
  FettleBarContents contents = bar_contents;
  FettleBarMetrics metrics;
  FettleBarLayout layout;
  cairo_surface_t *before, *same, *after;

  memcpy (longer, bars, sizeof bars);
  fettle_bar_chart_measure (&bar_contents, context, &metrics);
  fettle_bar_layout_init (&layout, &metrics, WIDTH, bar_contents.n_items);
  /* The axis goes to 100. */
  longer[0].value =
      100 * (fettle_bar_layout_get_length (&layout, 0.5) + 1) / layout.plot_width;
  contents.items = longer;
  before = fettle_bar_chart_render_to_surface (&bar_contents, context, palette, WIDTH, 1);
  same = fettle_bar_chart_render_to_surface (&bar_contents, context, palette, WIDTH, 1);
  after = fettle_bar_chart_render_to_surface (&contents, context, palette, WIDTH, 1);
  g_assert_cmpuint (picture_count_differences (before, same), ==, 0);
  g_assert_cmpuint (picture_count_differences (before, after), ==,
                    (guint)layout.bar_height);
  cairo_surface_destroy (before);
  cairo_surface_destroy (same);
  cairo_surface_destroy (after);
}

static void
test_selection (void)
{
  const FettlePalette *palette = fettle_palette_get (FALSE);
  FettleBarContents contents = bar_contents;
  FettleBarMetrics metrics;
  FettleBarLayout layout;
  cairo_surface_t *surface;
  double top;

  contents.selected = 1;
  fettle_bar_chart_measure (&contents, context, &metrics);
  fettle_bar_layout_init (&layout, &metrics, WIDTH, contents.n_items);
  surface = fettle_bar_chart_render_to_surface (&contents, context, palette, WIDTH, 1);
  top = fettle_bar_layout_get_row_top (&layout, 1, 0);
  picture_assert_color (surface, 1, top, 1, &palette->accent);
  picture_assert_color (surface, 1, top + layout.row_height - 1, 1, &palette->accent);
  picture_assert_color (surface, 1, top - 1, 1, &palette->background);
  picture_assert_color (surface, 1, top + layout.row_height, 1, &palette->background);
  cairo_surface_destroy (surface);
}

static void
test_arena (void)
{
  FettleArenaLayout layout;

  fettle_arena_map_init_layout (&arena_contents, context, WIDTH, 300, &layout);
  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        const FettlePalette *palette = fettle_palette_get (dark);
        cairo_surface_t *surface = fettle_arena_map_render_to_surface (
            &arena_contents, context, palette, WIDTH, 300, scale);

        for (guint i = 0; i < G_N_ELEMENTS (buffers); i++)
          {
            const FettleArenaItem *item = &buffers[i];
            FettleRectangle area;

            fettle_arena_layout_get_buffer (&layout, item->first, item->last,
                                            item->offset, item->size, &area);
            picture_assert_color (surface, area.x, area.y + 4, scale,
                                  item->scratch ? &palette->scratch_outline
                                                : &palette->tensor_outline);
            picture_assert_color (surface, area.x + 3, area.y + 3, scale,
                                  item->scratch ? &palette->scratch : &palette->tensor);
          }
        cairo_surface_destroy (surface);
      }
}

static void
test_arena_limits (void)
{
  const FettlePalette *palette = fettle_palette_get (FALSE);
  FettleArenaContents contents = arena_contents;
  FettleArenaLayout layout;
  cairo_surface_t *surface;

  contents.high_water = 8192;
  contents.budget = 12288;
  fettle_arena_map_init_layout (&contents, context, WIDTH, 300, &layout);
  surface =
      fettle_arena_map_render_to_surface (&contents, context, palette, WIDTH, 300, 1);
  picture_assert_color (surface, layout.plot.x + 5,
                        fettle_arena_layout_get_y (&layout, 8192), 1,
                        &palette->high_water);
  picture_assert_color (surface, layout.plot.x + 5,
                        fettle_arena_layout_get_y (&layout, 12288), 1, &palette->budget);
  cairo_surface_destroy (surface);

  /* A budget far beyond the plan does not flatten the map. */
  contents.budget = 1 << 20;
  fettle_arena_map_init_layout (&contents, context, WIDTH, 300, &layout);
  g_assert_cmpfloat (layout.axis.maximum, <, 10000);
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Free with g_free. */
static char *
render_svg (const FettleBarContents *contents)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GRegex) numbers = g_regex_new ("surface[0-9]+", 0, 0, NULL);
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (
      append, bytes, WIDTH, fettle_bar_chart_get_full_height (contents, context, WIDTH));
  cairo_t *cr = cairo_create (surface);

  fettle_bar_chart_render (cr, context, contents, fettle_palette_get (FALSE), WIDTH);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  /* cairo numbers the surfaces of a process; everything else must be the same. */
  return g_regex_replace_literal (numbers, (const char *)bytes->data, bytes->len, 0,
                                  "surface", 0, NULL);
}

static void
test_svg (void)
{
  FettleBarContents contents = bar_contents;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *other = NULL;

  contents.title = "Time per layer";
  first = render_svg (&contents);
  second = render_svg (&contents);
  contents.selected = 1;
  other = render_svg (&contents);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
  g_assert_nonnull (strstr (first, "<svg"));
}

/* With nothing to show, the empty text is what is drawn. */
static void
test_empty (void)
{
  const FettlePalette *palette = fettle_palette_get (FALSE);
  FettleBarContents contents = { .reference = NAN, .selected = -1, .hovered = -1 };
  cairo_surface_t *blank, *surface;

  blank = fettle_bar_chart_render_to_surface (&contents, context, palette, WIDTH, 1);
  contents.empty_text = "No measurements yet";
  surface = fettle_bar_chart_render_to_surface (&contents, context, palette, WIDTH, 1);
  g_assert_cmpuint (picture_count_differences (blank, surface), >, 50);
  picture_assert_color (blank, WIDTH / 2, 20, 1, &palette->background);
  cairo_surface_destroy (blank);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  context = fettle_chart_create_context ("DejaVu Sans 10");
  g_test_add_func ("/widgets/render/bars", test_bars);
  g_test_add_func ("/widgets/render/one-pixel", test_one_pixel);
  g_test_add_func ("/widgets/render/selection", test_selection);
  g_test_add_func ("/widgets/render/arena", test_arena);
  g_test_add_func ("/widgets/render/arena-limits", test_arena_limits);
  g_test_add_func ("/widgets/render/svg", test_svg);
  g_test_add_func ("/widgets/render/empty", test_empty);
  status = g_test_run ();
  g_object_unref (context);
  return status;
}
