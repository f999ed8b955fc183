/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-walk.c: where the arrow keys lead in a laid out graph. */
#include "widgets/graph-walk.h"

#include <math.h>

static double
get_middle (const FettleGraphLayout *layout, guint node)
{
  return layout->nodes[node].x + layout->nodes[node].width / 2;
}

int
fettle_graph_walk_along_edge (const FettleGraphLayout *layout,
                              const FettleGraphEdge *edges, guint n_edges, int from,
                              gboolean downwards)
{
  double nearest = INFINITY;
  int found = from;

  if (from < 0)
    return layout->n_nodes > 0 ? 0 : -1;
  for (guint i = 0; i < n_edges; i++)
    {
      guint start = downwards ? edges[i].from : edges[i].to;
      guint end = downwards ? edges[i].to : edges[i].from;
      double distance;

      if (start != (guint)from || end == start)
        continue;
      distance = fabs (get_middle (layout, end) - get_middle (layout, start));
      if (distance >= nearest)
        continue;
      nearest = distance;
      found = (int)end;
    }
  return found;
}

int
fettle_graph_walk_along_layer (const FettleGraphLayout *layout, int from,
                               gboolean rightwards)
{
  guint layer, first, end;

  if (from < 0)
    return layout->n_nodes > 0 ? 0 : -1;
  layer = layout->node_layers[from];
  first = layout->layer_starts[layer];
  end = layout->layer_starts[layer + 1];
  for (guint i = first; i < end; i++)
    {
      if (layout->layer_nodes[i] != (guint)from)
        continue;
      if (rightwards)
        return i + 1 < end ? (int)layout->layer_nodes[i + 1] : from;
      return i > first ? (int)layout->layer_nodes[i - 1] : from;
    }
  return from;
}
