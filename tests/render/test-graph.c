/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-graph.c: draws graphs and looks at pixels. Texts are left out: fonts differ. */
#include "pictures.h"
#include "widgets/graph-view-render.h"

#include <math.h>

static PangoContext *context;

/* A chain of four, with an edge from the first to the last. */
static const FettleGraphNode nodes[] = {
  { "", "", "", NULL, TRUE },
  { "", "", "", NULL, FALSE },
  { "", "", "", NULL, FALSE },
  { "", "", "", NULL, FALSE },
};
static const FettleGraphEdge edges[] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 0, 3 } };
static const FettleGraphValue values[] = {
  { FALSE, 0 }, { TRUE, 50 }, { TRUE, 100 }, { FALSE, 0 }
};

static const FettleGraphContents contents = {
  .nodes = nodes,
  .n_nodes = G_N_ELEMENTS (nodes),
  .edges = edges,
  .n_edges = G_N_ELEMENTS (edges),
  .values = values,
  .measure = "",
  .selected = -1,
  .hovered = -1,
};

typedef struct
{
  FettleGraphContents contents;
  const FettleGraphLayout *layout;
  const FettlePalette *palette;
  FettleGraphViewport viewport;
} Scene;

static void
draw (cairo_t *cr, gconstpointer data)
{
  const Scene *scene = data;

  fettle_graph_view_draw (cr, context, &scene->contents, scene->layout, NULL,
                          scene->palette, &scene->viewport);
}

static FettleGraphLayout *
lay_out (void)
{
  const double widths[] = { 120, 120, 120, 120 }, heights[] = { 60, 60, 60, 60 };
  const FettleGraphShape shape = { G_N_ELEMENTS (nodes), widths, heights,
                                   G_N_ELEMENTS (edges), edges };

  return fettle_graph_layout_new (&shape, NULL);
}

static Scene
make_scene (const FettleGraphLayout *layout, gboolean dark)
{
  return (Scene){ contents,
                  layout,
                  fettle_palette_get (dark),
                  { 0, 0, 1, layout->width + 200, layout->height + 100 } };
}

static cairo_surface_t *
render (const Scene *scene, double scale)
{
  return picture_new (scene->viewport.width, scene->viewport.height, scale, draw, scene);
}

/* Each node has the shade of its value, and a bar as long as its share. */
static void
check_node (cairo_surface_t *surface, const Scene *scene, guint index, double share,
            double scale)
{
  const FettleRectangle *area = &scene->layout->nodes[index];
  FettleColor shade = fettle_graph_view_get_shade (&values[index], 100, scene->palette);
  double bar_y = area->y + area->height - 3;

  picture_assert_color (surface, area->x + area->width / 2, area->y + 20, scale, &shade);
  if (share <= 0)
    return;
  picture_assert_color (surface, area->x + 2, bar_y, scale, &scene->palette->bar);
  picture_assert_color (surface, area->x + share * (area->width - 2) - 1, bar_y, scale,
                        &scene->palette->bar);
  if (share < 1)
    g_assert_false (picture_has_color (surface, area->x + share * (area->width - 2) + 2,
                                       bar_y, scale, &scene->palette->bar));
}

static void
test_nodes (void)
{
  g_autoptr (FettleGraphLayout) layout = lay_out ();

  for (int scale = 1; scale <= 2; scale++)
    for (gboolean dark = FALSE; dark <= TRUE; dark++)
      {
        Scene scene = make_scene (layout, dark);
        cairo_surface_t *surface = render (&scene, scale);

        check_node (surface, &scene, 0, 0, scale);
        check_node (surface, &scene, 1, 0.5, scale);
        check_node (surface, &scene, 2, 1, scale);
        /* Outlines lie on the node's own first and last pixels. */
        for (guint i = 0; i < contents.n_nodes; i++)
          {
            const FettleRectangle *area = &layout->nodes[i];

            picture_assert_color (surface, area->x, area->y + 20, scale,
                                  &scene.palette->axis);
            picture_assert_color (surface, area->x + area->width - 1.0 / scale,
                                  area->y + 20, scale, &scene.palette->axis);
          }
        cairo_surface_destroy (surface);
      }
}

/* The edges of the selected node have another colour; so has its outline. */
static void
test_selection (void)
{
  g_autoptr (FettleGraphLayout) layout = lay_out ();
  Scene scene = make_scene (layout, FALSE);
  const FettleRectangle *selected = &layout->nodes[1], *other = &layout->nodes[3];
  FettleRectangle above = { selected->x, selected->y - 20, selected->width, 6 };
  FettleRectangle below_next = { other->x, other->y - 20, 70, 6 };
  cairo_surface_t *surface;

  scene.contents.selected = 1;
  surface = render (&scene, 1);
  picture_assert_color (surface, selected->x + 1, selected->y + 20, 1,
                        &scene.palette->accent);
  picture_assert_color (surface, other->x, other->y + 20, 1, &scene.palette->axis);
  g_assert_cmpuint (picture_count_color (surface, &above, 1, &scene.palette->accent), >,
                    0);
  g_assert_cmpuint (picture_count_color (surface, &below_next, 1, &scene.palette->accent),
                    ==, 0);
  cairo_surface_destroy (surface);
}

/* What is not found loses its colour, and nothing else does. */
static void
test_search (void)
{
  const gboolean matches[] = { FALSE, TRUE, FALSE, FALSE };
  g_autoptr (FettleGraphLayout) layout = lay_out ();
  Scene scene = make_scene (layout, FALSE);
  FettleColor shade = fettle_graph_view_get_shade (&values[2], 100, scene.palette);
  FettleColor found = fettle_graph_view_get_shade (&values[1], 100, scene.palette);
  cairo_surface_t *surface;

  scene.contents.matches = matches;
  surface = render (&scene, 1);
  picture_assert_color (surface, layout->nodes[1].x + 60, layout->nodes[1].y + 20, 1,
                        &found);
  g_assert_false (picture_has_color (surface, layout->nodes[2].x + 60,
                                     layout->nodes[2].y + 20, 1, &shade));
  cairo_surface_destroy (surface);
}

/* A curve that is cut is smoothed a little differently at its end. */
static gboolean
differ (guint32 a, guint32 b)
{
  return ABS ((int)(a & 255) - (int)(b & 255)) > 16;
}

/* Drawing a part is the same as drawing everything and looking at that part; zooming moves nodes as it should. */
static void
test_viewport (void)
{
  g_autoptr (FettleGraphLayout) layout = lay_out ();
  Scene scene = make_scene (layout, FALSE);
  const FettleRectangle *node = &layout->nodes[2];
  cairo_surface_t *whole, *part, *small;
  guint n_differences = 0;

  scene.contents.values = NULL; /* the legend would stay in its corner */
  whole = render (&scene, 1);
  scene.viewport = (FettleGraphViewport){ 30, 100, 1, 100, 120 };
  part = render (&scene, 1);
  for (int y = 0; y < 120; y++)
    for (int x = 0; x < 100; x++)
      n_differences += differ (picture_get_pixel (part, x, y),
                               picture_get_pixel (whole, x + 30, y + 100));
  g_assert_cmpuint (n_differences, ==, 0);
  scene.viewport = (FettleGraphViewport){ 0, 0, 0.5, 200, 300 };
  small = render (&scene, 1);
  picture_assert_color (small, (node->x + 30) / 2, (node->y + 30) / 2, 1,
                        &scene.palette->heat_low);
  picture_assert_color (small, node->x / 2 - 3, (node->y + 30) / 2, 1,
                        &scene.palette->background);
  cairo_surface_destroy (whole);
  cairo_surface_destroy (part);
  cairo_surface_destroy (small);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  context = fettle_chart_create_context ("DejaVu Sans 10");
  g_test_add_func ("/widgets/render/graph/nodes", test_nodes);
  g_test_add_func ("/widgets/render/graph/selection", test_selection);
  g_test_add_func ("/widgets/render/graph/search", test_search);
  g_test_add_func ("/widgets/render/graph/viewport", test_viewport);
  status = g_test_run ();
  g_object_unref (context);
  return status;
}
