/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-graph-view.c: a graph of 2,000 nodes is laid out in a thread, and a later graph wins. Needs a display. */
#include "widgets/graph-view.h"

#include <time.h>

#define N_NODES     2000
#define DEADLINE_US (60 * G_USEC_PER_SEC)
/* Of processor time in one iteration of the main loop. */
#define MAXIMUM_SECONDS 0.1

static FettleGraphNode nodes[N_NODES];
static FettleGraphEdge edges[2 * N_NODES];

static guint
make_graph (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint n_edges = 0;

  for (guint i = 0; i < N_NODES; i++)
    {
      nodes[i] = (FettleGraphNode){ "CONV_2D", "layer", "1×8×8×16", NULL, FALSE };
      for (guint k = 0; i > 0 && k < 1 + i % 2; k++)
        edges[n_edges++] = (FettleGraphEdge){
          i - (guint)g_rand_int_range (rand, 1, (gint32)MIN (i, 20) + 1), i
        };
    }
  return n_edges;
}

static double
get_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
count (guint *counter)
{
  ++*counter;
}

static void
test_main_loop (void)
{
  GtkWidget *view = g_object_ref_sink (fettle_graph_view_new ());
  gint64 end = g_get_monotonic_time () + DEADLINE_US;
  guint n_edges = make_graph ();
  guint n_layouts = 0;
  double start = get_seconds ();

  g_signal_connect_swapped (view, "laid-out", G_CALLBACK (count), &n_layouts);
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, N_NODES, edges, n_edges);
  g_assert_cmpfloat (get_seconds () - start, <, MAXIMUM_SECONDS);
  while (n_layouts == 0)
    {
      start = get_seconds ();
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpfloat (get_seconds () - start, <, MAXIMUM_SECONDS);
    }
  g_assert_true (fettle_graph_view_is_laid_out (FETTLE_GRAPH_VIEW (view)));
  g_object_unref (view);
}

/* The large graph's layout, which comes late, is not that of the small one. */
static void
test_later_graph_wins (void)
{
  GtkWidget *view = g_object_ref_sink (fettle_graph_view_new ());
  gint64 end = g_get_monotonic_time () + DEADLINE_US;
  guint n_edges = make_graph ();
  guint n_layouts = 0;

  g_signal_connect_swapped (view, "laid-out", G_CALLBACK (count), &n_layouts);
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, N_NODES, edges, n_edges);
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, 3, NULL, 0);
  while (n_layouts == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (FETTLE_CHART_GET_CLASS (view)->get_n_items (FETTLE_CHART (view)), ==,
                    3);
  /* A view that goes away takes its layout with it. */
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, N_NODES, edges, n_edges);
  gtk_widget_destroy (view);
  g_object_unref (view);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_layouts, ==, 1);
}

int
main (int argc, char **argv)
{
  if (!gtk_init_check (&argc, &argv))
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 77;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/graph-view/main-loop", test_main_loop);
  g_test_add_func ("/widgets/graph-view/later-graph-wins", test_later_graph_wins);
  return g_test_run ();
}
