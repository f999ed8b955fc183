/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-layout.c: geometry of bar charts and arena maps. */
#include "widgets/arena-map-layout.h"
#include "widgets/bar-chart-layout.h"
#include "widgets/bullet-chart-layout.h"

#include <math.h>

static const FettleBarMetrics bar_metrics = { .line_height = 16,
                                              .label_width = 120,
                                              .value_width = 70,
                                              .n_header_lines = 2,
                                              .axis_text_width = 50 };

static void
test_bar_columns (void)
{
  for (double width = 200; width <= 1600; width += 100)
    {
      FettleBarLayout layout;

      fettle_bar_layout_init (&layout, &bar_metrics, width, 10);
      g_assert_cmpfloat (layout.label_width, <=, width * 0.35);
      g_assert_cmpfloat (layout.label_x + layout.label_width, <, layout.plot_x);
      g_assert_cmpfloat (layout.plot_width, >, 0);
      if (width >= 320)
        g_assert_cmpfloat (layout.plot_x + layout.plot_width, <, layout.value_x);
      g_assert_cmpfloat (layout.value_x + layout.value_width, <=, width);
      g_assert_cmpuint (layout.max_ticks, >=, 2);
      g_assert_cmpfloat (fettle_bar_layout_get_length (&layout, 0), ==, 0);
      g_assert_cmpfloat (fettle_bar_layout_get_length (&layout, 1), ==,
                         layout.plot_width);
    }
}

static void
test_bar_rows (void)
{
  FettleBarLayout layout;

  fettle_bar_layout_init (&layout, &bar_metrics, 600, 10);
  for (guint i = 0; i < 10; i++)
    for (double scroll = 0; scroll <= 40; scroll += 13)
      {
        double top = fettle_bar_layout_get_row_top (&layout, i, scroll);
        int expected = top < layout.header_height ? -1 : (int)i;

        g_assert_cmpint (fettle_bar_layout_find_row (&layout, top, scroll), ==, expected);
      }
  g_assert_cmpint (fettle_bar_layout_find_row (&layout, 0, 0), ==, -1);
  g_assert_cmpint (
      fettle_bar_layout_find_row (&layout, fettle_bar_layout_get_height (&layout), 0), ==,
      -1);
}

static void
test_bar_scrolling (void)
{
  FettleBarLayout layout;
  double height = 300, scroll = 0;

  fettle_bar_layout_init (&layout, &bar_metrics, 600, 100);
  g_assert_cmpfloat (fettle_bar_layout_scroll_to_row (&layout, 0, 0, height), ==, 0);
  for (guint i = 0; i < 100; i++)
    {
      double top;

      scroll = fettle_bar_layout_scroll_to_row (&layout, i * 37 % 100, scroll, height);
      top = fettle_bar_layout_get_row_top (&layout, i * 37 % 100, scroll);
      g_assert_cmpfloat (top, >=, layout.header_height);
      g_assert_cmpfloat (top + layout.row_height, <=, height + 1);
    }
}

static gboolean
overlap (const FettleRectangle *a, const FettleRectangle *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

/* Label, bar and texts never touch, in wide charts and in narrow ones, and rows follow each other. */
static void
test_bullets (void)
{
  const FettleBulletMetrics metrics = {
    .line_height = 17, .small_line_height = 14, .label_width = 70, .text_width = 220
  };

  for (double width = 320; width <= 1600; width += 40)
    {
      FettleBulletLayout layout;

      fettle_bullet_layout_init (&layout, &metrics, width, 4);
      for (guint i = 0; i < 4; i++)
        {
          FettleRectangle row, track, text, detail;

          fettle_bullet_layout_get_row (&layout, i, &row);
          fettle_bullet_layout_get_track (&layout, i, &track);
          fettle_bullet_layout_get_texts (&layout, i, &text, &detail);
          g_assert_false (overlap (&track, &text));
          g_assert_false (overlap (&track, &detail));
          g_assert_false (overlap (&text, &detail));
          g_assert_cmpfloat (layout.label_x + layout.label_width, <, track.x);
          g_assert_cmpfloat (track.y, >=, row.y);
          g_assert_cmpfloat (detail.y + detail.height, <=, row.y + row.height);
          g_assert_cmpfloat (text.x + text.width, <=, width);
          g_assert_cmpint (fettle_bullet_layout_find_row (&layout, row.y), ==, (int)i);
        }
      g_assert_cmpint (fettle_bullet_layout_find_row (
                           &layout, fettle_bullet_layout_get_height (&layout)),
                       ==, -1);
    }
}

/* Whatever is shown lies within the plot. */
static void
test_bullet_maximum (void)
{
  g_assert_cmpfloat (fettle_bullet_get_maximum (5, 9, NAN), ==, 10);
  g_assert_cmpfloat (fettle_bullet_get_maximum (20, 9, NAN), >, 20);
  g_assert_cmpfloat (fettle_bullet_get_maximum (5, NAN, 30), >, 30);
  g_assert_cmpfloat (fettle_bullet_get_maximum (NAN, NAN, NAN), >, 0);
  g_assert_cmpfloat (fettle_bullet_get_maximum (0, 0, NAN), >, 0);
}

static void
init_arena (FettleArenaLayout *layout)
{
  const FettleArenaMetrics metrics = { .line_height = 16,
                                       .address_width = 60,
                                       .has_title = TRUE };

  fettle_arena_layout_init (layout, &metrics, 800, 500, 8, 40960);
}

static void
test_arena_areas (void)
{
  FettleArenaLayout layout;
  FettleRectangle low, high, next;

  init_arena (&layout);
  fettle_arena_layout_get_buffer (&layout, 0, 1, 0, 8192, &low);
  fettle_arena_layout_get_buffer (&layout, 0, 1, 8192, 32768, &high);
  fettle_arena_layout_get_buffer (&layout, 2, 7, 0, 8192, &next);
  g_assert_cmpfloat (low.x, ==, layout.plot.x);
  g_assert_cmpfloat (low.y + low.height, ==, layout.plot.y + layout.plot.height);
  /* Higher addresses lie higher; neighbours never overlap. */
  g_assert_cmpfloat (high.y + high.height, <=, low.y);
  g_assert_cmpfloat (low.x + low.width, <=, next.x);
  g_assert_cmpfloat (next.x + next.width, <=, layout.plot.x + layout.plot.width);
  g_assert_cmpfloat (high.y, >=, layout.plot.y);
}

static void
test_arena_tiny_buffer (void)
{
  FettleArenaLayout layout;
  FettleRectangle area;

  init_arena (&layout);
  fettle_arena_layout_get_buffer (&layout, 7, 7, 0, 1, &area);
  g_assert_cmpfloat (area.height, >=, 1);
  g_assert_cmpfloat (area.y + area.height, <=, layout.plot.y + layout.plot.height);
  /* Steps beyond the last are the last. */
  fettle_arena_layout_get_buffer (&layout, 7, 99, 0, 1024, &area);
  g_assert_cmpfloat (area.x + area.width, <=, layout.plot.x + layout.plot.width);
}

static void
test_arena_stride (void)
{
  FettleArenaLayout layout;

  init_arena (&layout);
  g_assert_cmpuint (fettle_arena_layout_get_stride (&layout, 24), ==, 1);
  layout.n_steps = 200;
  g_assert_cmpuint (fettle_arena_layout_get_stride (&layout, 24), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/layout/bar/columns", test_bar_columns);
  g_test_add_func ("/widgets/layout/bar/rows", test_bar_rows);
  g_test_add_func ("/widgets/layout/bar/scrolling", test_bar_scrolling);
  g_test_add_func ("/widgets/layout/bullets", test_bullets);
  g_test_add_func ("/widgets/layout/bullet-maximum", test_bullet_maximum);
  g_test_add_func ("/widgets/layout/arena/areas", test_arena_areas);
  g_test_add_func ("/widgets/layout/arena/tiny-buffer", test_arena_tiny_buffer);
  g_test_add_func ("/widgets/layout/arena/stride", test_arena_stride);
  return g_test_run ();
}
