/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-plan.c: greedy by size (TensorFlow Lite Micro's GreedyMemoryPlanner). */
#include "model/arena-plan.h"

static gsize
aligned (gsize size)
{
  return (size + FETTLE_ARENA_ALIGNMENT - 1) / FETTLE_ARENA_ALIGNMENT
         * FETTLE_ARENA_ALIGNMENT;
}

static int
compare_sizes (gconstpointer a, gconstpointer b, gpointer buffers)
{
  const FettleArenaBuffer *all = buffers;
  guint x = *(const guint *)a, y = *(const guint *)b;
  gsize size_x = aligned (all[x].size), size_y = aligned (all[y].size);

  if (size_x != size_y)
    return size_x > size_y ? -1 : 1;
  return x < y ? -1 : 1;
}

static gboolean
live_together (const FettleArenaBuffer *a, const FettleArenaBuffer *b)
{
  return a->first <= b->last && b->first <= a->last;
}

/* The first gap for BUFFER among PLACED, which are sorted by offset. */
static gsize
find_gap (const FettleArenaBuffer *buffers, const FettleArenaBuffer *buffer,
          GArray *placed)
{
  gsize offset = 0;

  for (guint i = 0; i < placed->len; i++)
    {
      const FettleArenaBuffer *other = &buffers[g_array_index (placed, guint, i)];

      if (!live_together (buffer, other))
        continue;
      if (other->offset >= offset && other->offset - offset >= aligned (buffer->size))
        break;
      offset = MAX (offset, other->offset + aligned (other->size));
    }
  return offset;
}

static void
insert_sorted (const FettleArenaBuffer *buffers, guint index, GArray *placed)
{
  guint at = placed->len;

  while (at > 0
         && buffers[g_array_index (placed, guint, at - 1)].offset > buffers[index].offset)
    at--;
  g_array_insert_val (placed, at, index);
}

static void
find_peak (const FettleArenaBuffer *buffers, guint n_buffers, FettleArenaSummary *summary)
{
  for (guint i = 0; i < n_buffers; i++)
    {
      /* The live total grows only where a buffer begins. */
      gsize live = 0;

      for (guint k = 0; k < n_buffers; k++)
        if (buffers[k].first <= buffers[i].first && buffers[i].first <= buffers[k].last)
          live += aligned (buffers[k].size);
      if (live > summary->lower_bound
          || (live == summary->lower_bound && buffers[i].first < summary->peak_step))
        {
          summary->lower_bound = live;
          summary->peak_step = buffers[i].first;
        }
    }
}

FettleArenaSummary
fettle_arena_plan_greedy (FettleArenaBuffer *buffers, guint n_buffers)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (guint));
  FettleArenaSummary summary = { 0 };

  g_return_val_if_fail (buffers != NULL || n_buffers == 0, summary);
  for (guint i = 0; i < n_buffers; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_sizes, buffers);
  for (guint i = 0; i < n_buffers; i++)
    {
      guint index = g_array_index (order, guint, i);
      FettleArenaBuffer *buffer = &buffers[index];

      buffer->offset = find_gap (buffers, buffer, placed);
      summary.size = MAX (summary.size, buffer->offset + aligned (buffer->size));
      insert_sorted (buffers, index, placed);
    }
  find_peak (buffers, n_buffers, &summary);
  return summary;
}
