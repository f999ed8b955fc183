/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.c: how long drawing takes: a plot of 1,000 and of 1,000,000 values, a graph of 2,000 nodes.
 *
 * Prints the median processor time of many frames, in milliseconds; the limits are those of a window that stays fluid. A
 * measurement for people, no test: machines differ. */
#include "widgets/graph-view-render.h"
#include "widgets/line-plot-render.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WIDTH    1400
#define HEIGHT   900
#define N_FRAMES 41
#define N_NODES  2000

typedef void (*Frame) (cairo_t *cr, gpointer data);

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

/* Of this thread, in microseconds: what other programs do does not count. */
static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Median in milliseconds. */
static double
time_frames (Frame frame, gpointer data)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  gint64 times[N_FRAMES];

  for (guint i = 0; i < N_FRAMES; i++)
    {
      cairo_t *cr = cairo_create (surface);
      gint64 start = get_time ();

      frame (cr, data);
      cairo_surface_flush (surface);
      times[i] = get_time () - start;
      cairo_destroy (cr);
    }
  cairo_surface_destroy (surface);
  qsort (times, N_FRAMES, sizeof *times, compare_times);
  return (double)times[N_FRAMES / 2] / 1000;
}

/* --- a live plot: one value more for each frame --- */

static void
draw_plot (cairo_t *cr, gpointer data)
{
  FettleSeries *series = data;
  const FettlePalette *palette = fettle_palette_get (FALSE);
  const FettleRectangle area = { 0, 0, WIDTH, HEIGHT / 3 };

  fettle_series_append (series, sin ((double)fettle_series_get_n (series)));
  fettle_draw_fill (cr, &area, &palette->background);
  fettle_line_plot_draw (cr, series, 0, fettle_series_get_n (series), -1, 1, &area,
                         &palette->bar);
}

static double
time_plot (guint n)
{
  g_autoptr (FettleSeries) series = fettle_series_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < n; i++)
    fettle_series_append (series, g_rand_double_range (rand, -1, 1));
  return time_frames (draw_plot, series);
}

/* --- a graph with branches, as large networks have them --- */

typedef struct
{
  FettleGraphContents contents;
  FettleGraphLayout *layout;
  FettleGraphTexts *texts;
  FettleGraphViewport viewport;
  PangoContext *context;
} Scene;

static void
draw_graph (cairo_t *cr, gpointer data)
{
  Scene *scene = data;

  scene->viewport.y += 3; /* as if it were dragged */
  fettle_graph_view_draw (cr, scene->context, &scene->contents, scene->layout,
                          scene->texts, fettle_palette_get (FALSE), &scene->viewport);
}

static GArray *
make_edges (void)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (FettleGraphEdge));
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 1; i < N_NODES; i++)
    for (guint k = 0; k < 1 + i % 2; k++)
      {
        guint reach = MIN (i, i % 20 == 0 ? 100 : 6);
        FettleGraphEdge edge = { i - (guint)g_rand_int_range (rand, 1, (gint32)reach + 1),
                                 i };

        g_array_append_val (edges, edge);
      }
  return edges;
}

static void
print (const char *what, double milliseconds, const char *limit)
{
  printf ("%-44s %8.2f ms   %s\n", what, milliseconds, limit);
}

static void
measure_graph (void)
{
  g_autoptr (GArray) edges = make_edges ();
  g_autofree FettleGraphNode *nodes = g_new0 (FettleGraphNode, N_NODES);
  g_autofree FettleGraphValue *values = g_new0 (FettleGraphValue, N_NODES);
  g_autofree double *widths = g_new (double, N_NODES);
  g_autofree double *heights = g_new (double, N_NODES);
  FettleGraphShape shape = { N_NODES, widths, heights, edges->len,
                             (const FettleGraphEdge *)edges->data };
  Scene scene = { .context = fettle_chart_create_context (NULL),
                  .contents = { .nodes = nodes,
                                .n_nodes = N_NODES,
                                .edges = (const FettleGraphEdge *)edges->data,
                                .n_edges = edges->len,
                                .values = values,
                                .measure = "MACs",
                                .selected = 10,
                                .hovered = -1 } };
  double width, height;
  gint64 start;

  for (guint i = 0; i < N_NODES; i++)
    {
      nodes[i] = (FettleGraphNode){ "DEPTHWISE_CONV_2D + RELU6", "block/depthwise",
                                    "1×96×96×32", NULL, FALSE };
      values[i] = (FettleGraphValue){ TRUE, i };
    }
  fettle_graph_view_measure (&scene.contents, scene.context, &width, &height);
  for (guint i = 0; i < N_NODES; i++)
    {
      widths[i] = width;
      heights[i] = height;
    }
  start = get_time ();
  scene.layout = fettle_graph_layout_new (&shape, NULL);
  print ("lay out 2,000 nodes (in a task)", (double)(get_time () - start) / 1000,
         "limit 1000 ms");
  scene.texts = fettle_graph_texts_new (N_NODES);
  for (double zoom = 1; zoom > 0.03; zoom /= 2)
    {
      g_autofree char *what = g_strdup_printf ("draw 2,000 nodes at %.0f %%", 100 * zoom);

      scene.viewport =
          (FettleGraphViewport){ scene.layout->width / 3, 0, zoom, WIDTH, HEIGHT };
      print (what, time_frames (draw_graph, &scene), "limit 4 ms");
    }
  fettle_graph_texts_free (scene.texts);
  fettle_graph_layout_free (scene.layout);
  g_object_unref (scene.context);
}

int
main (void)
{
  double thousand = time_plot (1000);
  double million = time_plot (1000000);

  print ("draw a live plot of 1,000 values", thousand, "");
  print ("draw a live plot of 1,000,000 values", million, "limit: twice that of 1,000");
  measure_graph ();
  return 0;
}
