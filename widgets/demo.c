/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demo.c: shows every widget with made-up data, for screenshots and for the accessibility test. */
#include "widgets/arena-map.h"
#include "widgets/bar-chart.h"
#include "widgets/bullet-chart.h"
#include "widgets/cell-renderer-bar.h"
#include "widgets/graph-view.h"
#include "widgets/style.h"

#include <math.h>
#include <stdlib.h>

typedef struct
{
  const char *name;
  double cycles;
  double bytes;
  double decibel;
} Layer;

static const Layer layers[] = {
  { "conv1 · Conv2D", 1642310, 8192, 41.2 },
  { "depthwise2 · DepthwiseConv2D", 903112, 8192, 36.9 },
  { "pointwise2 · Conv2D", 2204800, 16384, 38.4 },
  { "depthwise3 · DepthwiseConv2D", 870446, 16384, 22.7 },
  { "pointwise3_with_a_rather_long_name_from_a_training_framework", 2210034, 12288,
    35.1 },
  { "pool · AveragePool2D", 40211, 256, 33.8 },
  { "dense · FullyConnected", 6020, 64, 31.0 },
  { "softmax · Softmax", 2900, 16, 47.5 },
};

/* Every bar but the last two is known. */
static GtkWidget *
create_cycles (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  FettleBarItem items[G_N_ELEMENTS (layers)];
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      char *text = fettle_format_count ((gint64)layers[i].cycles);
      gboolean known = i + 2 < G_N_ELEMENTS (layers);
      char *description = known ? g_strdup_printf ("Median %s cycles of 20 runs", text)
                                : g_strdup ("Not measured yet");

      g_ptr_array_add (strings, text);
      g_ptr_array_add (strings, description);
      items[i] = (FettleBarItem){
        .label = layers[i].name,
        .value = layers[i].cycles,
        .low = layers[i].cycles * 0.9,
        .high = layers[i].cycles * 1.12,
        .known = known,
        .text = text,
        .description = description,
      };
    }
  fettle_bar_chart_set_title (FETTLE_BAR_CHART (chart), "Time per layer");
  fettle_bar_chart_set_unit (FETTLE_BAR_CHART (chart), "cycles");
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, G_N_ELEMENTS (items));
  return chart;
}

static GtkWidget *
create_errors (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  FettleBarItem items[G_N_ELEMENTS (layers)];

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    items[i] = (FettleBarItem){ .label = layers[i].name,
                                .value = layers[i].decibel,
                                .low = NAN,
                                .high = NAN,
                                .known = TRUE };
  fettle_bar_chart_set_title (FETTLE_BAR_CHART (chart), "Signal to quantization noise");
  fettle_bar_chart_set_unit (FETTLE_BAR_CHART (chart), "dB");
  fettle_bar_chart_set_format (FETTLE_BAR_CHART (chart), FETTLE_NUMBER_DECIBEL);
  fettle_bar_chart_set_reference (FETTLE_BAR_CHART (chart), 30, "30 dB");
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, G_N_ELEMENTS (items));
  return chart;
}

static GtkWidget *
create_many (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  FettleBarItem items[200];
  char labels[G_N_ELEMENTS (items)][16];

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_snprintf (labels[i], sizeof labels[i], "layer %u", i);
      items[i] = (FettleBarItem){ .label = labels[i],
                                  .value = pow (10, 2 + i % 7),
                                  .low = NAN,
                                  .high = NAN,
                                  .known = TRUE };
    }
  fettle_bar_chart_set_title (FETTLE_BAR_CHART (chart), "Two hundred layers");
  fettle_bar_chart_set_unit (FETTLE_BAR_CHART (chart), "instructions, logarithmic");
  fettle_bar_chart_set_scale (FETTLE_BAR_CHART (chart), FETTLE_BAR_SCALE_LOG);
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, G_N_ELEMENTS (items));
  return chart;
}

static GtkWidget *
create_empty (void)
{
  return g_object_new (FETTLE_TYPE_BAR_CHART, "title", "Nothing", "empty-text",
                       "No measurements yet", NULL);
}

static GtkWidget *
create_map (void)
{
  static const FettleArenaItem items[] = {
    { "input", 0, 0, 0, 4096, -1, FALSE, "Model input, read by conv1" },
    { "conv1", 0, 1, 8192, 8192, 0, FALSE,
      "Output of conv1, until depthwise2 has read it" },
    { "im2col", 0, 0, 4096, 2048, 0, TRUE, "Scratch of conv1" },
    { "depthwise2", 1, 2, 0, 8192, 1, FALSE, "Output of depthwise2" },
    { "pointwise2", 2, 3, 8192, 16384, 2, FALSE, "Output of pointwise2" },
    { "depthwise3", 3, 4, 24576, 16384, 3, FALSE, "Output of depthwise3" },
    { "pointwise3", 4, 5, 0, 12288, 4, FALSE, "Output of pointwise3" },
    { "scratch", 4, 4, 12288, 3072, 4, TRUE, "Scratch of pointwise3" },
    { "pool", 5, 6, 12288, 2048, 5, FALSE, "Output of pool" },
    { "dense", 6, 7, 0, 1024, 6, FALSE, "Output of dense" },
    { "softmax", 7, 7, 1024, 512, 7, FALSE, "Model output" },
  };
  GtkWidget *map = fettle_arena_map_new ();

  fettle_arena_map_set_title (FETTLE_ARENA_MAP (map), "Arena");
  fettle_arena_map_set_items (FETTLE_ARENA_MAP (map), items, G_N_ELEMENTS (items), 8);
  fettle_arena_map_set_limits (FETTLE_ARENA_MAP (map), 40960, 32768, 49152);
  return map;
}

/* One that fits, one that does not, one without a limit, one that is not known. */
static GtkWidget *
create_bullets (void)
{
  static const FettleBulletItem items[] = {
    { "Flash", TRUE, 180000, 524288, 640000, "176 KiB of 512 KiB",
      "34 % \302\267 float model 625 KiB", "Image of the model: 176 KiB of 512 KiB", 0 },
    { "RAM", TRUE, 81920, 65536, NAN, "80.0 KiB of 64.0 KiB", "125 %",
      "Arena: 80.0 KiB of 64.0 KiB", 0 },
    { "MACs", TRUE, 12500000, NAN, NAN, "12.5 M", "per inference", "12.5 M", 0 },
    { "Time", FALSE, 0, NAN, NAN, "not measured", NULL, "Not measured yet", 0 },
  };
  GtkWidget *chart = fettle_bullet_chart_new ();

  fettle_chart_set_title (FETTLE_CHART (chart), "What it needs");
  fettle_bullet_chart_set_items (FETTLE_BULLET_CHART (chart), items,
                                 G_N_ELEMENTS (items));
  return chart;
}

/* The layers in a row, with an edge that skips two of them. */
static GtkWidget *
create_graph (void)
{
  static const FettleGraphEdge edges[] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 4 },
                                           { 4, 5 }, { 5, 6 }, { 6, 7 }, { 1, 4 } };
  FettleGraphNode nodes[G_N_ELEMENTS (layers)];
  FettleGraphValue values[G_N_ELEMENTS (layers)];
  GtkWidget *view = fettle_graph_view_new ();

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      nodes[i] = (FettleGraphNode){ "OPERATOR", layers[i].name, "1×8×8×16",
                                    "What it does", i == 0 };
      values[i] = (FettleGraphValue){ i != 3, layers[i].bytes };
    }
  fettle_chart_set_title (FETTLE_CHART (view), "Graph");
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, G_N_ELEMENTS (nodes),
                               edges, G_N_ELEMENTS (edges));
  fettle_graph_view_set_values (FETTLE_GRAPH_VIEW (view), values, "Bytes",
                                FETTLE_NUMBER_BYTES);
  return view;
}

static GtkWidget *
create_table (void)
{
  g_autoptr (GtkListStore) store =
      gtk_list_store_new (4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
  GtkWidget *view;

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      gboolean known = i % 4 != 3;
      g_autofree char *text = fettle_format_bytes (layers[i].bytes);

      gtk_list_store_insert_with_values (store, NULL, -1, 0, layers[i].name, 1, text, 2,
                                         layers[i].bytes / 16384, 3, known, -1);
    }
  view = gtk_tree_view_new_with_model (GTK_TREE_MODEL (store));
  gtk_tree_view_insert_column_with_attributes (
      GTK_TREE_VIEW (view), -1, "Layer", gtk_cell_renderer_text_new (), "text", 0, NULL);
  gtk_tree_view_insert_column_with_attributes (GTK_TREE_VIEW (view), -1, "Activation",
                                               fettle_cell_renderer_bar_new (), "text", 1,
                                               "fraction", 2, "known", 3, NULL);
  return view;
}

static void
add_page (GtkWidget *notebook, GtkWidget *widget, const char *label)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_container_add (GTK_CONTAINER (scroller), widget);
  gtk_notebook_append_page (GTK_NOTEBOOK (notebook), scroller, gtk_label_new (label));
}

/* With a number as argument, that page is shown; with a second, that item is selected. */
int
main (int argc, char **argv)
{
  GtkWidget *window, *notebook, *cycles, *map;

  if (!gtk_init_check (&argc, &argv))
    {
      g_printerr ("widgets-demo: There is no display to show the widgets on.\n");
      return 77;
    }
  fettle_style_install (gdk_screen_get_default ());
  window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  notebook = gtk_notebook_new ();
  cycles = create_cycles ();
  map = create_map ();
  add_page (notebook, cycles, "Cycles");
  add_page (notebook, create_errors (), "Error");
  add_page (notebook, create_many (), "Many");
  add_page (notebook, create_empty (), "Empty");
  gtk_notebook_append_page (GTK_NOTEBOOK (notebook), map, gtk_label_new ("Arena"));
  add_page (notebook, create_table (), "Table");
  add_page (notebook, create_bullets (), "Bullets");
  add_page (notebook, create_graph (), "Graph");
  /* One selection: what is selected in the chart is selected in the map, and the reverse. */
  g_object_bind_property (cycles, "selected", map, "selected",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_container_add (GTK_CONTAINER (window), notebook);
  gtk_window_set_title (GTK_WINDOW (window), "Fettle widgets");
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 520);
  g_signal_connect (window, "destroy", G_CALLBACK (gtk_main_quit), NULL);
  gtk_widget_show_all (window);
  if (argc > 1)
    gtk_notebook_set_current_page (GTK_NOTEBOOK (notebook), atoi (argv[1]));
  if (argc > 2)
    fettle_bar_chart_set_selected (FETTLE_BAR_CHART (cycles), atoi (argv[2]));
  gtk_main ();
  return 0;
}
