/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-arena-plan.c: plans never overlap, never go below the bound, and are near the optimum. */
#include "model/arena-plan.h"

#define MAX_BUFFERS 6

static gsize
rounded (gsize size)
{
  return (size + FETTLE_ARENA_ALIGNMENT - 1) / FETTLE_ARENA_ALIGNMENT
         * FETTLE_ARENA_ALIGNMENT;
}

static void
assert_no_overlap (const FettleArenaBuffer *buffers, guint n, gsize size)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (buffers[i].offset % FETTLE_ARENA_ALIGNMENT, ==, 0);
      g_assert_cmpuint (buffers[i].offset + buffers[i].size, <=, size);
      for (guint k = 0; k < i; k++)
        {
          const FettleArenaBuffer *a = &buffers[i], *b = &buffers[k];

          g_assert_true (a->last < b->first || b->last < a->first
                         || a->offset + a->size <= b->offset
                         || b->offset + b->size <= a->offset);
        }
    }
}

static gsize
bound (const FettleArenaBuffer *buffers, guint n, guint steps)
{
  gsize most = 0;

  for (guint step = 0; step < steps; step++)
    {
      gsize live = 0;

      for (guint i = 0; i < n; i++)
        if (buffers[i].first <= step && step <= buffers[i].last)
          live += rounded (buffers[i].size);
      most = MAX (most, live);
    }
  return most;
}

/* The size that results when buffers are placed first-fit in ORDER. The best order is optimal. */
static gsize
place (const FettleArenaBuffer *buffers, const guint *order, guint n)
{
  gsize offsets[MAX_BUFFERS], size = 0;

  for (guint i = 0; i < n; i++)
    {
      const FettleArenaBuffer *a = &buffers[order[i]];
      gsize offset = 0;
      gboolean moved = TRUE;

      while (moved)
        {
          moved = FALSE;
          for (guint k = 0; k < i; k++)
            {
              const FettleArenaBuffer *b = &buffers[order[k]];
              gsize end = offsets[k] + rounded (b->size);

              if (a->first <= b->last && b->first <= a->last && offset < end
                  && offsets[k] < offset + rounded (a->size))
                {
                  offset = end;
                  moved = TRUE;
                }
            }
        }
      offsets[i] = offset;
      size = MAX (size, offset + rounded (a->size));
    }
  return size;
}

static gsize
best_of_all_orders (const FettleArenaBuffer *buffers, guint *order, guint n, guint from)
{
  gsize best = G_MAXSIZE;

  if (from == n)
    return place (buffers, order, n);
  for (guint i = from; i < n; i++)
    {
      guint first = order[from];

      order[from] = order[i];
      order[i] = first;
      best = MIN (best, best_of_all_orders (buffers, order, n, from + 1));
      order[i] = order[from];
      order[from] = first;
    }
  return best;
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261121);
  guint n_optimal = 0;
  const guint n_instances = 300;

  for (guint instance = 0; instance < n_instances; instance++)
    {
      guint n = (guint)g_rand_int_range (random, 1, MAX_BUFFERS + 1);
      guint order[MAX_BUFFERS] = { 0, 1, 2, 3, 4, 5 };
      FettleArenaBuffer buffers[MAX_BUFFERS];
      FettleArenaSummary summary;
      gsize best;

      for (guint i = 0; i < n; i++)
        {
          buffers[i].size = (gsize)g_rand_int_range (random, 1, 200);
          buffers[i].first = (guint)g_rand_int_range (random, 0, 8);
          buffers[i].last = buffers[i].first + (guint)g_rand_int_range (random, 0, 4);
        }
      summary = fettle_arena_plan_greedy (buffers, n);
      assert_no_overlap (buffers, n, summary.size);
      g_assert_cmpuint (summary.lower_bound, ==, bound (buffers, n, 12));
      best = best_of_all_orders (buffers, order, n, 0);
      g_assert_cmpuint (best, >=, summary.lower_bound);
      g_assert_cmpuint (summary.size, >=, best);
      n_optimal += summary.size == best;
    }
  g_test_message ("%u of %u plans are optimal", n_optimal, n_instances);
  g_assert_cmpuint (n_optimal, >, n_instances * 3 / 4);
}

static void
test_chain (void)
{
  FettleArenaBuffer buffers[] = { { 100, 0, 0, 0 }, { 40, 0, 1, 0 }, { 100, 1, 2, 0 } };
  FettleArenaSummary summary = fettle_arena_plan_greedy (buffers, 3);

  /* Sizes round up to 112 and 48; the two large ones take turns. */
  g_assert_cmpuint (summary.size, ==, 160);
  g_assert_cmpuint (summary.lower_bound, ==, 160);
  g_assert_cmpuint (summary.peak_step, ==, 0);
  g_assert_cmpuint (buffers[0].offset, ==, 0);
  g_assert_cmpuint (buffers[1].offset, ==, 112);
  g_assert_cmpuint (buffers[2].offset, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena-plan/chain", test_chain);
  g_test_add_func ("/arena-plan/random", test_random);
  return g_test_run ();
}
