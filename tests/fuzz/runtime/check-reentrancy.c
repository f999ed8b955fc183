/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check-reentrancy.c: two models in one program and one model in two arenas give the bytes that each gives alone,
 * even if one runs between the layers of another. */
#include "runtime/frt_format.h"
#include "tests/fuzz/runtime/image-seeds.h"

#include <glib.h>
#include <string.h>

#define MOST_ARENA 8192u
#define N_RUNS     2

/* One model in one arena. */
struct party
{
  frt_image image;
  unsigned n_runs;
  _Alignas(FRT_ALIGNMENT) uint8_t arena[MOST_ARENA];
};

static void
start (struct party *party, unsigned seed)
{
  size_t size;
  const uint8_t *bytes = image_seeds_get (seed, &size);
  uint32_t state = seed + 1;

  party->n_runs = 0;
  g_assert_cmpint (
      frt_image_open (&party->image, bytes, size, frt_all_kernels, frt_all_kernels_count),
      ==, FRT_OK);
  g_assert_cmpuint (frt_image_arena_size (&party->image), <=, sizeof party->arena);
  for (size_t i = 0; i < sizeof party->arena; i++)
    party->arena[i] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
  frt_image_reset (&party->image, party->arena);
}

static void
run (struct party *party, const frt_observer *observer)
{
  if (party->n_runs++ < N_RUNS)
    g_assert_cmpint (
        frt_image_run (&party->image, party->arena, sizeof party->arena, observer), ==,
        FRT_OK);
}

/* Behind each layer of one party, the other two may run. */
static int
run_others (void *user, uint32_t layer)
{
  struct party *others = user;

  run (&others[layer % 2], NULL);
  return 0;
}

static void
run_alone (struct party *party, unsigned seed)
{
  start (party, seed);
  for (int i = 0; i < N_RUNS; i++)
    run (party, NULL);
}

static void
run_together (struct party *party, struct party others[2], unsigned seed, unsigned other)
{
  const frt_observer observer = { .before_layer = run_others,
                                  .after_layer = run_others,
                                  .user = others };

  start (party, seed);
  start (&others[0], seed);
  start (&others[1], other);
  for (int i = 0; i < N_RUNS; i++)
    run (party, &observer);
  for (int i = 0; i < N_RUNS; i++)
    {
      run (&others[0], NULL);
      run (&others[1], NULL);
    }
}

static void
test_all (void)
{
  static struct party alone[2], together, others[2];
  const unsigned n = image_seeds_count ();

  for (unsigned i = 0; i < n; i++)
    {
      const unsigned other = (i + 1) % n;

      run_alone (&alone[0], i);
      run_alone (&alone[1], other);
      run_together (&together, others, i, other);
      g_assert_cmpmem (together.arena, MOST_ARENA, alone[0].arena, MOST_ARENA);
      g_assert_cmpmem (others[0].arena, MOST_ARENA, alone[0].arena, MOST_ARENA);
      g_assert_cmpmem (others[1].arena, MOST_ARENA, alone[1].arena, MOST_ARENA);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reentrancy/all-images", test_all);
  return g_test_run ();
}
