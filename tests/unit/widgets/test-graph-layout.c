/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-graph-layout.c: layered drawings of chains, branches, and graphs made at random. */
#include "widgets/graph-layout-private.h"

#include <string.h>

/* A graph that is made edge by edge; all nodes are 100 by 40 unless said otherwise. */
typedef struct
{
  GArray *edges;
  double *widths, *heights;
  FettleGraphShape shape;
} Fixture;

static void
fixture_init (Fixture *fixture, guint n_nodes)
{
  fixture->edges = g_array_new (FALSE, FALSE, sizeof (FettleGraphEdge));
  fixture->widths = g_new (double, n_nodes + 1);
  fixture->heights = g_new (double, n_nodes + 1);
  for (guint i = 0; i < n_nodes; i++)
    {
      fixture->widths[i] = 100;
      fixture->heights[i] = 40;
    }
  fixture->shape.n_nodes = n_nodes;
}

static void
add_edge (Fixture *fixture, guint from, guint to)
{
  g_array_append_vals (fixture->edges, &(FettleGraphEdge){ from, to }, 1);
}

static FettleGraphLayout *
lay_out (Fixture *fixture, GCancellable *cancellable)
{
  fixture->shape.edges = (const FettleGraphEdge *)fixture->edges->data;
  fixture->shape.n_edges = fixture->edges->len;
  fixture->shape.widths = fixture->widths;
  fixture->shape.heights = fixture->heights;
  return fettle_graph_layout_new (&fixture->shape, cancellable);
}

static void
fixture_clear (Fixture *fixture)
{
  g_array_unref (fixture->edges);
  g_free (fixture->widths);
  g_free (fixture->heights);
}

/* Most edges lead a little way, as in networks; some far. */
static void
fixture_init_random (Fixture *fixture, guint n_nodes, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  fixture_init (fixture, n_nodes);
  for (guint i = 0; i < n_nodes; i++)
    {
      fixture->widths[i] = g_rand_int_range (rand, 40, 220);
      fixture->heights[i] = g_rand_int_range (rand, 20, 60);
    }
  for (guint i = 1; i < n_nodes; i++)
    {
      gint32 reach = g_rand_int_range (rand, 0, 10) == 0 ? (gint32)i : MIN ((gint32)i, 5);

      for (guint k = 0; k < 1 + i % 2; k++)
        add_edge (fixture, i - (guint)g_rand_int_range (rand, 1, reach + 1), i);
    }
}

static gboolean
overlap (const FettleRectangle *a, const FettleRectangle *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

static void
check_nodes (const FettleGraphLayout *layout)
{
  for (guint i = 0; i < layout->n_nodes; i++)
    {
      const FettleRectangle *node = &layout->nodes[i];

      g_assert_cmpfloat (node->x, >=, 0);
      g_assert_cmpfloat (node->y, >=, 0);
      g_assert_cmpfloat (node->x + node->width, <=, layout->width);
      g_assert_cmpfloat (node->y + node->height, <=, layout->height);
      for (guint k = 0; k < i; k++)
        g_assert_false (overlap (node, &layout->nodes[k]));
    }
}

/* From node to node without a gap, downwards, and through no node on the way. */
static void
check_segments (const FettleGraphLayout *layout, const FettleGraphEdge *edges)
{
  for (guint i = 0; i < layout->gap_starts[layout->n_layers]; i++)
    {
      const FettleGraphSegment *segment = &layout->segments[i];
      FettleGraphEdge edge = edges[segment->edge];
      guint from = MIN (edge.from, edge.to), to = MAX (edge.from, edge.to);

      g_assert_cmpfloat (segment->y0, <, segment->y1);
      if (segment->from_node)
        g_assert_cmpfloat_with_epsilon (
            segment->x0, layout->nodes[from].x + layout->nodes[from].width / 2, 1);
      if (segment->to_node)
        g_assert_cmpfloat_with_epsilon (
            segment->x1, layout->nodes[to].x + layout->nodes[to].width / 2, 1);
      if (!segment->from_node)
        {
          FettleRectangle line = { segment->x0, segment->layer_top, 1,
                                   segment->y0 - segment->layer_top };

          for (guint k = 0; k < layout->n_nodes; k++)
            g_assert_false (overlap (&line, &layout->nodes[k]));
        }
    }
}

static void
check_edges_lead_down (const FettleGraphLayout *layout, const Fixture *fixture)
{
  for (guint i = 0; i < fixture->edges->len; i++)
    {
      FettleGraphEdge edge = fixture->shape.edges[i];
      guint from = MIN (edge.from, edge.to), to = MAX (edge.from, edge.to);

      if (from != to)
        g_assert_cmpuint (layout->node_layers[from], <, layout->node_layers[to]);
    }
}

static void
test_random (void)
{
  for (guint32 seed = 0; seed < 40; seed++)
    {
      Fixture fixture = { NULL };
      g_autoptr (FettleGraphLayout) layout = NULL;

      fixture_init_random (&fixture, 10 + seed * 5, seed);
      layout = lay_out (&fixture, NULL);
      check_nodes (layout);
      check_segments (layout, fixture.shape.edges);
      check_edges_lead_down (layout, &fixture);
      fixture_clear (&fixture);
    }
}

static void
test_same_again (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) first = NULL;
  g_autoptr (FettleGraphLayout) second = NULL;

  fixture_init_random (&fixture, 300, 7);
  first = lay_out (&fixture, NULL);
  second = lay_out (&fixture, NULL);
  g_assert_cmpmem (first->nodes, 300 * sizeof *first->nodes, second->nodes,
                   300 * sizeof *second->nodes);
  fixture_clear (&fixture);
}

/* All in one column, and one below the other in the order of the numbers. */
static void
test_chain (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;

  fixture_init (&fixture, 50);
  for (guint i = 0; i < 50; i++)
    fixture.widths[i] = 60 + 2 * (i % 30);
  for (guint i = 1; i < 50; i++)
    add_edge (&fixture, i - 1, i);
  layout = lay_out (&fixture, NULL);
  g_assert_cmpuint (layout->n_layers, ==, 50);
  for (guint i = 1; i < 50; i++)
    {
      g_assert_cmpfloat (layout->nodes[i].y, >, layout->nodes[i - 1].y);
      g_assert_cmpfloat (layout->nodes[i].x + layout->nodes[i].width / 2, ==,
                         layout->nodes[0].x + layout->nodes[0].width / 2);
    }
  fixture_clear (&fixture);
}

/* An edge that skips layers gives way to the chain, which stays a column. */
static void
test_skip (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;

  fixture_init (&fixture, 6);
  for (guint i = 1; i < 6; i++)
    add_edge (&fixture, i - 1, i);
  add_edge (&fixture, 0, 4);
  layout = lay_out (&fixture, NULL);
  for (guint i = 1; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (layout->nodes[i].x, layout->nodes[0].x, 1);
  check_segments (layout, fixture.shape.edges);
  fixture_clear (&fixture);
}

/* Two columns whose edges need not cross, numbered so that at first they all do. */
static void
test_crossings (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;
  guint n_crossings = 0;

  fixture_init (&fixture, 40);
  for (guint i = 0; i < 38; i++)
    add_edge (&fixture, i, i % 2 == 0 ? i + 3 : i + 1);
  layout = lay_out (&fixture, NULL);
  for (guint gap = 0; gap < layout->n_layers; gap++)
    for (guint i = layout->gap_starts[gap]; i < layout->gap_starts[gap + 1]; i++)
      for (guint k = layout->gap_starts[gap]; k < i; k++)
        n_crossings += (layout->segments[i].x0 - layout->segments[k].x0)
                           * (layout->segments[i].x1 - layout->segments[k].x1)
                       < 0;
  g_assert_cmpuint (n_crossings, ==, 0);
  fixture_clear (&fixture);
}

/* Inputs that are needed late stand where they are needed. */
static void
test_late_input (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;

  fixture_init (&fixture, 7);
  for (guint i = 2; i < 7; i++)
    add_edge (&fixture, i - 1, i);
  add_edge (&fixture, 0, 6);
  layout = lay_out (&fixture, NULL);
  g_assert_cmpuint (layout->node_layers[0], ==, layout->node_layers[5]);
  fixture_clear (&fixture);
}

static void
test_loops_and_backward_edges (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;

  fixture_init (&fixture, 4);
  add_edge (&fixture, 0, 1);
  add_edge (&fixture, 1, 1);
  add_edge (&fixture, 3, 1);
  add_edge (&fixture, 1, 3);
  layout = lay_out (&fixture, NULL);
  check_nodes (layout);
  check_segments (layout, fixture.shape.edges);
  check_edges_lead_down (layout, &fixture);
  fixture_clear (&fixture);
}

/* So many long edges that they cannot all be led around nodes: some are straight, none is lost. */
static void
test_too_many_long_edges (void)
{
  const guint n = 1200;
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;
  g_autofree gboolean *found = NULL;

  fixture_init (&fixture, n);
  for (guint i = 1; i < n; i++)
    add_edge (&fixture, i - 1, i);
  for (guint i = 0; i + 1 < n; i++)
    add_edge (&fixture, i, n - 1);
  layout = lay_out (&fixture, NULL);
  found = g_new0 (gboolean, fixture.edges->len);
  for (guint i = 0; i < layout->gap_starts[layout->n_layers]; i++)
    found[layout->segments[i].edge] = TRUE;
  g_assert_cmpuint (layout->n_straight, >, 0);
  for (guint i = 0; i < layout->n_straight; i++)
    {
      g_assert_false (found[layout->straight[i]]);
      found[layout->straight[i]] = TRUE;
    }
  for (guint i = 0; i < fixture.edges->len; i++)
    g_assert_true (found[i]);
  fixture_clear (&fixture);
}

static void
test_finding (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) layout = NULL;
  guint first, last;

  fixture_init_random (&fixture, 200, 3);
  layout = lay_out (&fixture, NULL);
  for (guint i = 0; i < 200; i++)
    {
      const FettleRectangle *node = &layout->nodes[i];

      g_assert_cmpint (fettle_graph_layout_find_node (layout, node->x + node->width / 2,
                                                      node->y + node->height / 2),
                       ==, (int)i);
      g_assert_cmpint (fettle_graph_layout_find_node (layout, node->x - 2, node->y), !=,
                       (int)i);
      g_assert_true (fettle_graph_layout_find_layers (
          layout, node->y, node->y + node->height, &first, &last));
      g_assert_cmpuint (first, <=, layout->node_layers[i]);
      g_assert_cmpuint (last, >=, layout->node_layers[i]);
    }
  g_assert_false (
      fettle_graph_layout_find_layers (layout, layout->height + 1, 1e9, &first, &last));
  fixture_clear (&fixture);
}

static void
test_empty_and_single (void)
{
  Fixture fixture = { NULL };
  g_autoptr (FettleGraphLayout) empty = NULL;
  g_autoptr (FettleGraphLayout) single = NULL;
  guint first, last;

  fixture_init (&fixture, 0);
  empty = lay_out (&fixture, NULL);
  g_assert_false (fettle_graph_layout_find_layers (empty, 0, 10, &first, &last));
  g_assert_cmpint (fettle_graph_layout_find_node (empty, 0, 0), ==, -1);
  fixture_clear (&fixture);
  fixture_init (&fixture, 1);
  single = lay_out (&fixture, NULL);
  check_nodes (single);
  g_assert_cmpfloat (single->width, >, 100);
  fixture_clear (&fixture);
}

static void
test_cancelled (void)
{
  Fixture fixture = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture_init_random (&fixture, 100, 1);
  g_cancellable_cancel (cancellable);
  g_assert_null (lay_out (&fixture, cancellable));
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/graph-layout/random", test_random);
  g_test_add_func ("/widgets/graph-layout/same-again", test_same_again);
  g_test_add_func ("/widgets/graph-layout/chain", test_chain);
  g_test_add_func ("/widgets/graph-layout/skip", test_skip);
  g_test_add_func ("/widgets/graph-layout/crossings", test_crossings);
  g_test_add_func ("/widgets/graph-layout/late-input", test_late_input);
  g_test_add_func ("/widgets/graph-layout/loops", test_loops_and_backward_edges);
  g_test_add_func ("/widgets/graph-layout/long-edges", test_too_many_long_edges);
  g_test_add_func ("/widgets/graph-layout/finding", test_finding);
  g_test_add_func ("/widgets/graph-layout/empty", test_empty_and_single);
  g_test_add_func ("/widgets/graph-layout/cancelled", test_cancelled);
  return g_test_run ();
}
