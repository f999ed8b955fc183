/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-place.c: the coordinates of vertices whose order is fixed.
 *
 * Each vertex would like to stand at the mean of its neighbours in the layer before. The places nearest to these wishes
 * (least squares) that keep order and distances are an isotonic regression: pool adjacent violators finds them
 * exactly, in linear time (Ayer and others, 1955). Sweeps down and up let the wishes of all layers meet. */
#include "widgets/graph-layout-private.h"

#include <math.h>

#define SWEEPS 12 /* even, so that the last one goes up, the one before down */
/* Nodes stay in their column; edges that pass them give way. */
#define NODE_WEIGHT  4096
#define DUMMY_WEIGHT 1

/* Adjacent vertices that would like to overlap: they stand as close as they may. */
typedef struct
{
  double weight;
  double sum; /* weight times wish, each measured from the block's beginning */
  guint end;  /* behind its last vertex */
} Block;

double
fettle_graph_get_separation (const FettleGraphRanks *ranks, guint left, guint right)
{
  gboolean has_dummy = left >= ranks->n_nodes || right >= ranks->n_nodes;

  return (ranks->widths[left] + ranks->widths[right]) / 2
         + (has_dummy ? FETTLE_GRAPH_EDGE_GAP : FETTLE_GRAPH_NODE_GAP);
}

static double
get_weight (const FettleGraphRanks *ranks, guint vertex)
{
  return vertex < ranks->n_nodes ? NODE_WEIGHT : DUMMY_WEIGHT;
}

/* Where VERTEX would like to stand: its place now, if it has no neighbours on that side. */
static double
get_wish (const FettleGraphRanks *ranks, guint vertex, guint side)
{
  double sum = 0, weight = 0;

  for (guint i = ranks->starts[side][vertex]; i < ranks->starts[side][vertex + 1]; i++)
    {
      guint neighbour = ranks->neighbours[side][i];

      sum += get_weight (ranks, neighbour) * ranks->x[neighbour];
      weight += get_weight (ranks, neighbour);
    }
  return weight > 0 ? sum / weight : ranks->x[vertex];
}

/* Distance of each vertex of a layer from the first one if all stand as close as they may: a wish less that is a wish that
 * must only not fall, which is what isotonic regression asks for. */
static void
place_layer (FettleGraphRanks *ranks, guint layer, guint side, Block *blocks,
             double *offsets)
{
  const guint *vertices = ranks->order + ranks->layer_starts[layer];
  guint n = ranks->layer_starts[layer + 1] - ranks->layer_starts[layer];
  guint n_blocks = 0, vertex = 0;

  for (guint i = 0; i < n; i++)
    {
      double weight = get_weight (ranks, vertices[i]);

      offsets[i] = i == 0 ? 0
                          : offsets[i - 1]
                                + fettle_graph_get_separation (ranks, vertices[i - 1],
                                                               vertices[i]);
      blocks[n_blocks++] =
          (Block){ weight, weight * (get_wish (ranks, vertices[i], side) - offsets[i]),
                   i + 1 };
      while (n_blocks > 1
             && blocks[n_blocks - 2].sum * blocks[n_blocks - 1].weight
                    >= blocks[n_blocks - 1].sum * blocks[n_blocks - 2].weight)
        {
          blocks[n_blocks - 2].sum += blocks[n_blocks - 1].sum;
          blocks[n_blocks - 2].weight += blocks[n_blocks - 1].weight;
          blocks[n_blocks - 2].end = blocks[n_blocks - 1].end;
          n_blocks--;
        }
    }
  for (guint k = 0; k < n_blocks; k++)
    for (; vertex < blocks[k].end; vertex++)
      ranks->x[vertices[vertex]] = blocks[k].sum / blocks[k].weight + offsets[vertex];
}

/* Side by side, each layer around 0. */
static void
place_first (FettleGraphRanks *ranks)
{
  for (guint layer = 0; layer < ranks->n_layers; layer++)
    {
      guint first = ranks->layer_starts[layer], end = ranks->layer_starts[layer + 1];
      double x = 0;

      for (guint i = first; i < end; i++)
        {
          if (i > first)
            x +=
                fettle_graph_get_separation (ranks, ranks->order[i - 1], ranks->order[i]);
          ranks->x[ranks->order[i]] = x;
        }
      for (guint i = first; i < end; i++)
        ranks->x[ranks->order[i]] -= x / 2;
    }
}

gboolean
fettle_graph_place (FettleGraphRanks *ranks, GCancellable *cancellable)
{
  g_autofree Block *blocks = g_new (Block, ranks->n_vertices + 1);
  g_autofree double *offsets = g_new (double, ranks->n_vertices + 1);

  place_first (ranks);
  for (guint i = 0; i < SWEEPS; i++)
    {
      gboolean downwards = i % 2 == 0;

      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      for (guint k = 0; k < ranks->n_layers; k++)
        place_layer (ranks, downwards ? k : ranks->n_layers - 1 - k, downwards ? 0 : 1,
                     blocks, offsets);
    }
  return TRUE;
}
