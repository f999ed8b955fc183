/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-order.c: the order of vertices in their layers, by barycenter sweeps. */
#include "widgets/graph-layout-private.h"

#include <string.h>

#define MAXIMUM_SWEEPS 16
/* So many sweeps without fewer crossings are the last. */
#define PATIENCE 4

typedef struct
{
  guint vertex;
  guint position; /* before */
  double barycenter;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;

  if (x->barycenter != y->barycenter)
    return x->barycenter < y->barycenter ? -1 : 1;
  return (x->position > y->position) - (x->position < y->position);
}

static void
set_positions (FettleGraphRanks *ranks, guint layer)
{
  for (guint i = ranks->layer_starts[layer]; i < ranks->layer_starts[layer + 1]; i++)
    ranks->positions[ranks->order[i]] = i - ranks->layer_starts[layer];
}

/* The mean position of VERTEX's neighbours above (SIDE 0) or below (1); its own if it has none. */
static double
get_barycenter (const FettleGraphRanks *ranks, guint vertex, guint side)
{
  guint first = ranks->starts[side][vertex];
  guint end = ranks->starts[side][vertex + 1];
  double sum = 0;

  if (first == end)
    return ranks->positions[vertex];
  for (guint i = first; i < end; i++)
    sum += ranks->positions[ranks->neighbours[side][i]];
  return sum / (end - first);
}

static void
sort_layer (FettleGraphRanks *ranks, guint layer, guint side, Candidate *candidates)
{
  guint first = ranks->layer_starts[layer];
  guint n = ranks->layer_starts[layer + 1] - first;

  for (guint i = 0; i < n; i++)
    {
      guint vertex = ranks->order[first + i];

      candidates[i] = (Candidate){ vertex, i, get_barycenter (ranks, vertex, side) };
    }
  qsort (candidates, n, sizeof *candidates, compare_candidates);
  for (guint i = 0; i < n; i++)
    ranks->order[first + i] = candidates[i].vertex;
  set_positions (ranks, layer);
}

static void
sweep (FettleGraphRanks *ranks, gboolean downwards, Candidate *candidates)
{
  for (guint i = 1; i < ranks->n_layers; i++)
    sort_layer (ranks, downwards ? i : ranks->n_layers - 1 - i, downwards ? 0 : 1,
                candidates);
}

/* Ends of the links from one layer to the next, in the order of their beginnings, are inverted as often as links
 * cross: merge sort counts that. */
static guint64
count_inversions (guint *values, guint *scratch, guint n)
{
  guint half = n / 2;
  guint64 inversions;
  guint left = 0, right = half, out = 0;

  if (n < 2)
    return 0;
  inversions = count_inversions (values, scratch, half)
               + count_inversions (values + half, scratch, n - half);
  while (left < half || right < n)
    {
      if (right >= n || (left < half && values[left] <= values[right]))
        scratch[out++] = values[left++];
      else
        {
          inversions += half - left;
          scratch[out++] = values[right++];
        }
    }
  memcpy (values, scratch, n * sizeof *values);
  return inversions;
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *)a, y = *(const guint *)b;

  return (x > y) - (x < y);
}

guint64
fettle_graph_count_crossings (const FettleGraphRanks *ranks)
{
  g_autofree guint *ends = g_new (guint, ranks->n_links + 1);
  g_autofree guint *scratch = g_new (guint, ranks->n_links + 1);
  guint64 crossings = 0;

  for (guint layer = 0; layer < ranks->n_layers; layer++)
    {
      guint n = 0;

      for (guint i = ranks->layer_starts[layer]; i < ranks->layer_starts[layer + 1]; i++)
        {
          guint vertex = ranks->order[i];
          guint first = n;

          for (guint k = ranks->starts[1][vertex]; k < ranks->starts[1][vertex + 1]; k++)
            ends[n++] = ranks->positions[ranks->neighbours[1][k]];
          qsort (ends + first, n - first, sizeof *ends, compare_positions);
        }
      crossings += count_inversions (ends, scratch, n);
    }
  return crossings;
}

gboolean
fettle_graph_order (FettleGraphRanks *ranks, GCancellable *cancellable)
{
  g_autofree guint *best = g_memdup2 (ranks->order, ranks->n_vertices * sizeof (guint));
  g_autofree Candidate *candidates = g_new (Candidate, ranks->n_vertices + 1);
  guint64 fewest;
  guint in_vain = 0;

  for (guint layer = 0; layer < ranks->n_layers; layer++)
    set_positions (ranks, layer);
  fewest = fettle_graph_count_crossings (ranks);
  for (guint i = 0; i < MAXIMUM_SWEEPS && fewest > 0 && in_vain < PATIENCE; i++)
    {
      guint64 crossings;

      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      sweep (ranks, i % 2 == 0, candidates);
      crossings = fettle_graph_count_crossings (ranks);
      in_vain = crossings < fewest ? 0 : in_vain + 1;
      if (crossings >= fewest)
        continue;
      fewest = crossings;
      memcpy (best, ranks->order, ranks->n_vertices * sizeof (guint));
    }
  memcpy (ranks->order, best, ranks->n_vertices * sizeof (guint));
  for (guint layer = 0; layer < ranks->n_layers; layer++)
    set_positions (ranks, layer);
  return !g_cancellable_is_cancelled (cancellable);
}
