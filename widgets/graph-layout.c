/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-layout.c: where the nodes and edges of a layered drawing of a graph are. */
#include "widgets/graph-layout-private.h"

#include <math.h>
#include <string.h>

#define MARGIN 24
/* More dummies than that would make a drawing that nobody can read, slowly. */
#define MAXIMUM_DUMMIES 100000

static FettleGraphEdge
get_downward (const FettleGraphEdge *edge)
{
  return (FettleGraphEdge){ MIN (edge->from, edge->to), MAX (edge->from, edge->to) };
}

/* --- layers --- */

typedef struct
{
  FettleGraphEdge ends;
  guint number;
} SortedEdge;

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const SortedEdge *x = a, *y = b;

  if (x->ends.from != y->ends.from)
    return x->ends.from < y->ends.from ? -1 : 1;
  if (x->ends.to != y->ends.to)
    return x->ends.to < y->ends.to ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

/* Without loops, downwards, by beginning and end. */
static GArray *
sort_edges (const FettleGraphShape *shape)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (SortedEdge));

  for (guint i = 0; i < shape->n_edges; i++)
    {
      SortedEdge edge = { get_downward (&shape->edges[i]), i };

      if (edge.ends.from != edge.ends.to)
        g_array_append_val (edges, edge);
    }
  g_array_sort (edges, compare_edges);
  return edges;
}

/* Each node below all that lead to it, by the longest path; a node that nothing leads to stands just above the first
 * that it leads to, or inputs far down would all be at the top. */
static guint
assign_layers (const FettleGraphShape *shape, GArray *edges, guint *layers)
{
  g_autofree guint *lowest = g_new (guint, shape->n_nodes);
  g_autofree gboolean *has_upper = g_new0 (gboolean, shape->n_nodes);
  guint n_layers = 0;

  memset (layers, 0, shape->n_nodes * sizeof *layers);
  for (guint i = 0; i < edges->len; i++)
    {
      FettleGraphEdge edge = g_array_index (edges, SortedEdge, i).ends;

      layers[edge.to] = MAX (layers[edge.to], layers[edge.from] + 1);
      has_upper[edge.to] = TRUE;
    }
  for (guint i = 0; i < shape->n_nodes; i++)
    lowest[i] = G_MAXUINT;
  for (guint i = 0; i < edges->len; i++)
    {
      FettleGraphEdge edge = g_array_index (edges, SortedEdge, i).ends;

      lowest[edge.from] = MIN (lowest[edge.from], layers[edge.to]);
    }
  for (guint i = 0; i < shape->n_nodes; i++)
    {
      if (!has_upper[i] && lowest[i] != G_MAXUINT)
        layers[i] = lowest[i] - 1;
      n_layers = MAX (n_layers, layers[i] + 1);
    }
  return n_layers;
}

/* --- dummies --- */

/* Edges through more layers than that are left straight. */
static guint
choose_longest_span (GArray *edges, const guint *layers, guint n_layers)
{
  for (guint longest = n_layers;; longest /= 2)
    {
      gsize n_dummies = 0;

      for (guint i = 0; i < edges->len; i++)
        {
          FettleGraphEdge edge = g_array_index (edges, SortedEdge, i).ends;
          guint span = layers[edge.to] - layers[edge.from];

          n_dummies += span <= longest ? span - 1 : 0;
        }
      if (n_dummies <= MAXIMUM_DUMMIES)
        return longest;
    }
}

static void
add_link (FettleGraphRanks *ranks, guint upper, guint lower, guint edge)
{
  ranks->upper[ranks->n_links] = upper;
  ranks->lower[ranks->n_links] = lower;
  ranks->link_edges[ranks->n_links++] = edge;
}

/* Vertices and links of EDGES; the numbers of edges that are left straight go to STRAIGHT. */
static void
add_links (FettleGraphRanks *ranks, GArray *edges, guint longest, GArray *straight)
{
  for (guint i = 0; i < edges->len; i++)
    {
      const SortedEdge *edge = &g_array_index (edges, SortedEdge, i);
      guint last = ranks->layers[edge->ends.to];
      guint above = edge->ends.from;

      if (last - ranks->layers[above] > longest)
        {
          g_array_append_val (straight, edge->number);
          continue;
        }
      while (ranks->layers[above] + 1 < last)
        {
          guint dummy = ranks->n_vertices++;

          ranks->layers[dummy] = ranks->layers[above] + 1;
          add_link (ranks, above, dummy, edge->number);
          above = dummy;
        }
      add_link (ranks, above, edge->ends.to, edge->number);
    }
}

/* Groups numbers 0 to N - 1 by KEYS: those of key K stand from STARTS[K] on in SORTED, in rising order. */
static void
group (const guint *keys, guint n, guint n_keys, guint *starts, guint *sorted)
{
  g_autofree guint *next = NULL;

  memset (starts, 0, (n_keys + 1) * sizeof *starts);
  for (guint i = 0; i < n; i++)
    starts[keys[i] + 1]++;
  for (guint k = 0; k < n_keys; k++)
    starts[k + 1] += starts[k];
  next = g_memdup2 (starts, (n_keys + 1) * sizeof *starts);
  for (guint i = 0; i < n; i++)
    sorted[next[keys[i]]++] = i;
}

static void
find_neighbours (FettleGraphRanks *ranks)
{
  guint *const ends[2] = { ranks->lower, ranks->upper };

  for (guint side = 0; side < 2; side++)
    {
      ranks->starts[side] = g_new (guint, ranks->n_vertices + 1);
      ranks->neighbours[side] = g_new (guint, ranks->n_links + 1);
      group (ends[side], ranks->n_links, ranks->n_vertices, ranks->starts[side],
             ranks->neighbours[side]);
      for (guint i = 0; i < ranks->n_links; i++)
        ranks->neighbours[side][i] = ends[1 - side][ranks->neighbours[side][i]];
    }
}

static void
ranks_free (FettleGraphRanks *ranks)
{
  g_free (ranks->layers);
  g_free (ranks->widths);
  g_free (ranks->x);
  g_free (ranks->positions);
  g_free (ranks->layer_starts);
  g_free (ranks->order);
  g_free (ranks->upper);
  g_free (ranks->lower);
  g_free (ranks->link_edges);
  for (guint side = 0; side < 2; side++)
    {
      g_free (ranks->starts[side]);
      g_free (ranks->neighbours[side]);
    }
  g_free (ranks);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleGraphRanks, ranks_free)

static FettleGraphRanks *
ranks_new (const FettleGraphShape *shape, GArray *straight)
{
  FettleGraphRanks *ranks = g_new0 (FettleGraphRanks, 1);
  g_autoptr (GArray) edges = sort_edges (shape);
  guint most = shape->n_nodes + MAXIMUM_DUMMIES;
  guint longest;

  ranks->n_nodes = shape->n_nodes;
  ranks->n_vertices = shape->n_nodes;
  ranks->layers = g_new0 (guint, most);
  ranks->n_layers = assign_layers (shape, edges, ranks->layers);
  longest = choose_longest_span (edges, ranks->layers, ranks->n_layers);
  ranks->upper = g_new (guint, edges->len + MAXIMUM_DUMMIES);
  ranks->lower = g_new (guint, edges->len + MAXIMUM_DUMMIES);
  ranks->link_edges = g_new (guint, edges->len + MAXIMUM_DUMMIES);
  add_links (ranks, edges, longest, straight);
  ranks->widths = g_new0 (double, ranks->n_vertices);
  memcpy (ranks->widths, shape->widths, shape->n_nodes * sizeof (double));
  ranks->x = g_new0 (double, ranks->n_vertices);
  ranks->positions = g_new0 (guint, ranks->n_vertices);
  ranks->layer_starts = g_new (guint, ranks->n_layers + 1);
  ranks->order = g_new (guint, ranks->n_vertices);
  group (ranks->layers, ranks->n_vertices, ranks->n_layers, ranks->layer_starts,
         ranks->order);
  find_neighbours (ranks);
  return ranks;
}

/* --- the drawing --- */

static void
set_layers (FettleGraphLayout *layout, const FettleGraphRanks *ranks,
            const FettleGraphShape *shape)
{
  double y = MARGIN;
  guint n = 0;

  for (guint layer = 0; layer < ranks->n_layers; layer++)
    {
      double height = 0;

      layout->layer_starts[layer] = n;
      for (guint i = ranks->layer_starts[layer]; i < ranks->layer_starts[layer + 1]; i++)
        {
          guint node = ranks->order[i];

          if (node >= ranks->n_nodes)
            continue;
          layout->layer_nodes[n++] = node;
          layout->node_layers[node] = layer;
          height = MAX (height, shape->heights[node]);
        }
      layout->layer_tops[layer] = y;
      layout->layer_bottoms[layer] = y + height;
      y += height + FETTLE_GRAPH_LAYER_GAP;
    }
  layout->layer_starts[ranks->n_layers] = n;
  layout->height = ranks->n_layers > 0 ? y - FETTLE_GRAPH_LAYER_GAP + MARGIN : 0;
  layout->layer_tops[ranks->n_layers] = layout->height;
}

/* Whole units, from the margin on. */
static void
set_nodes (FettleGraphLayout *layout, FettleGraphRanks *ranks,
           const FettleGraphShape *shape)
{
  double left = INFINITY, right = -INFINITY;

  for (guint i = 0; i < ranks->n_vertices; i++)
    {
      left = MIN (left, ranks->x[i] - ranks->widths[i] / 2);
      right = MAX (right, ranks->x[i] + ranks->widths[i] / 2);
    }
  for (guint i = 0; i < ranks->n_vertices; i++)
    ranks->x[i] += MARGIN - left;
  layout->width = ranks->n_vertices > 0 ? ceil (right - left) + 2 * MARGIN : 0;
  for (guint i = 0; i < shape->n_nodes; i++)
    {
      double top = layout->layer_tops[layout->node_layers[i]];
      double bottom = layout->layer_bottoms[layout->node_layers[i]];
      double height = shape->heights[i];

      layout->nodes[i] = (FettleRectangle){ round (ranks->x[i] - shape->widths[i] / 2),
                                            round (top + (bottom - top - height) / 2),
                                            shape->widths[i], height };
    }
}

static FettleGraphSegment
make_segment (const FettleGraphLayout *layout, const FettleGraphRanks *ranks, guint link)
{
  guint upper = ranks->upper[link], lower = ranks->lower[link];
  guint layer = ranks->layers[upper];
  FettleGraphSegment segment = {
    .edge = ranks->link_edges[link],
    .x0 = round (ranks->x[upper]),
    .x1 = round (ranks->x[lower]),
    .y0 = layout->layer_bottoms[layer],
    .y1 = layout->layer_tops[layer + 1],
    .from_node = upper < ranks->n_nodes,
    .to_node = lower < ranks->n_nodes,
    .layer_top = layout->layer_tops[layer],
  };

  if (segment.from_node)
    segment.y0 = layout->nodes[upper].y + layout->nodes[upper].height;
  if (segment.to_node)
    segment.y1 = layout->nodes[lower].y;
  return segment;
}

static void
set_segments (FettleGraphLayout *layout, const FettleGraphRanks *ranks)
{
  g_autofree guint *gaps = g_new (guint, ranks->n_links + 1);
  g_autofree guint *sorted = g_new (guint, ranks->n_links + 1);

  for (guint i = 0; i < ranks->n_links; i++)
    gaps[i] = ranks->layers[ranks->upper[i]];
  group (gaps, ranks->n_links, ranks->n_layers, layout->gap_starts, sorted);
  layout->segments = g_new (FettleGraphSegment, ranks->n_links + 1);
  for (guint i = 0; i < ranks->n_links; i++)
    layout->segments[i] = make_segment (layout, ranks, sorted[i]);
}

static FettleGraphLayout *
make_layout (const FettleGraphShape *shape, FettleGraphRanks *ranks)
{
  FettleGraphLayout *layout = g_new0 (FettleGraphLayout, 1);

  layout->n_nodes = shape->n_nodes;
  layout->n_layers = ranks->n_layers;
  layout->nodes = g_new0 (FettleRectangle, shape->n_nodes + 1);
  layout->node_layers = g_new0 (guint, shape->n_nodes + 1);
  layout->layer_tops = g_new0 (double, ranks->n_layers + 1);
  layout->layer_bottoms = g_new0 (double, ranks->n_layers + 1);
  layout->layer_starts = g_new0 (guint, ranks->n_layers + 1);
  layout->layer_nodes = g_new0 (guint, shape->n_nodes + 1);
  layout->gap_starts = g_new0 (guint, ranks->n_layers + 1);
  set_layers (layout, ranks, shape);
  set_nodes (layout, ranks, shape);
  set_segments (layout, ranks);
  return layout;
}

FettleGraphLayout *
fettle_graph_layout_new (const FettleGraphShape *shape, GCancellable *cancellable)
{
  g_autoptr (GArray) straight = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (FettleGraphRanks) ranks = NULL;
  FettleGraphLayout *layout;

  g_return_val_if_fail (shape != NULL, NULL);

  ranks = ranks_new (shape, straight);
  if (!fettle_graph_order (ranks, cancellable)
      || !fettle_graph_place (ranks, cancellable))
    return NULL;
  layout = make_layout (shape, ranks);
  layout->n_straight = straight->len;
  layout->straight = g_memdup2 (straight->data, straight->len * sizeof (guint));
  return layout;
}

void
fettle_graph_layout_free (FettleGraphLayout *layout)
{
  g_free (layout->nodes);
  g_free (layout->node_layers);
  g_free (layout->layer_tops);
  g_free (layout->layer_bottoms);
  g_free (layout->layer_starts);
  g_free (layout->layer_nodes);
  g_free (layout->gap_starts);
  g_free (layout->segments);
  g_free (layout->straight);
  g_free (layout);
}

/* The last layer that begins at or above Y; 0 if none does. */
static guint
find_layer (const FettleGraphLayout *layout, double y)
{
  guint low = 0, high = layout->n_layers;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (layout->layer_tops[middle] <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

gboolean
fettle_graph_layout_find_layers (const FettleGraphLayout *layout, double top,
                                 double bottom, guint *first, guint *last)
{
  if (layout->n_layers == 0 || bottom < 0 || top > layout->height)
    return FALSE;
  *first = find_layer (layout, top);
  *last = find_layer (layout, bottom);
  return TRUE;
}

int
fettle_graph_layout_find_node (const FettleGraphLayout *layout, double x, double y)
{
  guint layer;

  if (layout->n_layers == 0)
    return -1;
  layer = find_layer (layout, y);
  for (guint i = layout->layer_starts[layer]; i < layout->layer_starts[layer + 1]; i++)
    {
      const FettleRectangle *node = &layout->nodes[layout->layer_nodes[i]];

      if (x >= node->x && x < node->x + node->width && y >= node->y
          && y < node->y + node->height)
        return (int)layout->layer_nodes[i];
    }
  return -1;
}
