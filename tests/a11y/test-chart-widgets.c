/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-chart-widgets.c: the widgets inside one process: selection, live values, scrolling, and
 * accessible items that outlive their chart. Needs a display. */
#include "widgets/arena-map.h"
#include "widgets/bar-chart.h"
#include "widgets/row-walk.h"

#include <math.h>

#define N_ITEMS 200

static FettleBarItem items[N_ITEMS];

static void
fill_items (double factor)
{
  for (guint i = 0; i < N_ITEMS; i++)
    items[i] = (FettleBarItem){ .label = "layer",
                                .value = factor * (1 + i % 17),
                                .low = NAN,
                                .high = NAN,
                                .known = TRUE };
}

static void
wait_for_frame (void)
{
  while (gtk_events_pending ())
    gtk_main_iteration ();
}

/* CHART in a window with a scroller; destroy the window. */
static GtkWidget *
show (GtkWidget *chart)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 300);
  gtk_container_add (GTK_CONTAINER (scroller), chart);
  gtk_container_add (GTK_CONTAINER (window), scroller);
  gtk_widget_show_all (window);
  wait_for_frame ();
  return window;
}

static void
count (guint *counter)
{
  ++*counter;
}

static void
test_selection (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  guint n_notifications = 0, n_signals = 0;
  g_autoptr (AtkObject) child = NULL;
  GtkWidget *window;

  fill_items (1);
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  g_signal_connect_swapped (chart, "notify::selected", G_CALLBACK (count),
                            &n_notifications);
  g_signal_connect_swapped (chart, "selection-changed", G_CALLBACK (count), &n_signals);
  window = show (chart);
  g_assert_cmpint (fettle_bar_chart_get_selected (FETTLE_BAR_CHART (chart)), ==, -1);
  fettle_bar_chart_set_selected (FETTLE_BAR_CHART (chart), 5);
  fettle_bar_chart_set_selected (FETTLE_BAR_CHART (chart), 5);
  g_assert_cmpuint (n_notifications, ==, 1);
  g_assert_cmpuint (n_signals, ==, 0);

  /* The user's own doing is told by the signal as well. */
  child = atk_object_ref_accessible_child (gtk_widget_get_accessible (chart), 7);
  g_assert_true (atk_action_do_action (ATK_ACTION (child), 0));
  g_assert_cmpint (fettle_bar_chart_get_selected (FETTLE_BAR_CHART (chart)), ==, 7);
  g_assert_cmpuint (n_notifications, ==, 2);
  g_assert_cmpuint (n_signals, ==, 1);

  /* The selection stays when there are fewer items, and shows nothing. */
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, 3);
  g_assert_cmpint (fettle_bar_chart_get_selected (FETTLE_BAR_CHART (chart)), ==, 7);
  g_assert_cmpint (atk_selection_get_selection_count (
                       ATK_SELECTION (gtk_widget_get_accessible (chart))),
                   ==, 0);
  gtk_widget_destroy (window);
}

static gboolean
is_showing (GtkWidget *chart, int index)
{
  g_autoptr (AtkObject) child =
      atk_object_ref_accessible_child (gtk_widget_get_accessible (chart), index);
  g_autoptr (AtkStateSet) states = atk_object_ref_state_set (child);

  return atk_state_set_contains_state (states, ATK_STATE_SHOWING);
}

static void
test_scrolling (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  GtkAdjustment *adjustment;
  GtkWidget *window;

  fill_items (1);
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  window = show (chart);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (chart));
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >,
                     gtk_adjustment_get_page_size (adjustment));
  g_assert_true (is_showing (chart, 0));
  g_assert_false (is_showing (chart, N_ITEMS - 1));
  fettle_bar_chart_set_selected (FETTLE_BAR_CHART (chart), N_ITEMS - 1);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 0);
  g_assert_false (is_showing (chart, 0));
  g_assert_true (is_showing (chart, N_ITEMS - 1));
  gtk_widget_destroy (window);
}

static void
test_live_values (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  g_autoptr (AtkObject) child = NULL;
  guint n_changes = 0;
  GtkWidget *window;
  double value;
  char *text = NULL;

  fill_items (1);
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  window = show (chart);
  child = atk_object_ref_accessible_child (gtk_widget_get_accessible (chart), 3);
  g_signal_connect_swapped (child, "value-changed", G_CALLBACK (count), &n_changes);
  items[3].value = 1234;
  fettle_bar_chart_set_values (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  atk_value_get_value_and_text (ATK_VALUE (child), &value, &text);
  g_assert_cmpfloat (value, ==, 1234);
  g_assert_cmpstr (text, ==, "1.23\u00a0k");
  g_free (text);

  g_assert_cmpuint (n_changes, ==, 1);

  /* The same child, now unknown. */
  items[3].known = FALSE;
  fettle_bar_chart_set_values (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  atk_value_get_value_and_text (ATK_VALUE (child), &value, &text);
  g_assert_cmpstr (text, ==, "\u2013");
  g_free (text);
  g_assert_cmpuint (n_changes, ==, 2);
  gtk_widget_destroy (window);
}

static gboolean
is_defunct (AtkObject *object)
{
  g_autoptr (AtkStateSet) states = atk_object_ref_state_set (object);

  return atk_state_set_contains_state (states, ATK_STATE_DEFUNCT);
}

/* A screen reader may hold an item for longer than the chart has it. */
static void
test_defunct (void)
{
  GtkWidget *chart = fettle_bar_chart_new ();
  GtkWidget *window;
  AtkObject *replaced, *left;
  int x, y, width, height;

  fill_items (1);
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, N_ITEMS);
  window = show (chart);
  replaced = atk_object_ref_accessible_child (gtk_widget_get_accessible (chart), 0);
  g_assert_false (is_defunct (replaced));
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, 2);
  g_assert_true (is_defunct (replaced));
  left = atk_object_ref_accessible_child (gtk_widget_get_accessible (chart), 0);
  g_assert_true (left != replaced);
  gtk_widget_destroy (window);
  g_assert_true (is_defunct (left));
  g_assert_null (atk_object_get_name (left));
  g_assert_null (atk_object_get_parent (left));
  g_assert_false (atk_action_do_action (ATK_ACTION (left), 0));
  atk_component_get_extents (ATK_COMPONENT (left), &x, &y, &width, &height,
                             ATK_XY_SCREEN);
  g_assert_cmpint (width, ==, -1);
  g_object_unref (replaced);
  g_object_unref (left);
}

static void
test_arena_map (void)
{
  static const FettleArenaItem buffers[] = {
    { "second", 1, 2, 4096, 4096, 1, FALSE, NULL },
    { "scratch", 1, 1, 0, 1024, 1, TRUE, NULL },
    { "input", 0, 1, 0, 4096, -1, FALSE, NULL },
  };
  GtkWidget *map = fettle_arena_map_new ();
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (map);
  GtkWidget *window;

  fettle_arena_map_set_items (FETTLE_ARENA_MAP (map), buffers, G_N_ELEMENTS (buffers), 3);
  window = show (map);
  /* Sorted by step and address: input, scratch, second. The layer's tensor goes before scratch. */
  fettle_arena_map_set_selected (FETTLE_ARENA_MAP (map), 1);
  g_assert_cmpint (klass->get_cursor (FETTLE_CHART (map)), ==, 2);
  g_assert_cmpint (klass->find_item (FETTLE_CHART (map), GDK_KEY_Down), ==, 1);
  g_assert_cmpint (klass->find_item (FETTLE_CHART (map), GDK_KEY_Home), ==, 0);
  klass->set_cursor (FETTLE_CHART (map), 0);
  g_assert_cmpint (fettle_arena_map_get_selected (FETTLE_ARENA_MAP (map)), ==, -1);
  g_assert_cmpint (klass->get_cursor (FETTLE_CHART (map)), ==, 0);
  /* No items: every key means nothing. */
  fettle_arena_map_set_items (FETTLE_ARENA_MAP (map), NULL, 0, 0);
  g_assert_cmpint (klass->find_item (FETTLE_CHART (map), GDK_KEY_Right), ==, -1);
  g_assert_cmpint (klass->find_item (FETTLE_CHART (map), GDK_KEY_Up), ==, -1);
  wait_for_frame ();
  gtk_widget_destroy (window);
}

static void
test_row_walk (void)
{
  static const struct
  {
    int from;
    guint n_items, keyval;
    int page, expected;
  } cases[] = {
    { -1, 5, GDK_KEY_Down, 0, 0 },       { 4, 5, GDK_KEY_KP_Down, 0, 4 },
    { -1, 5, GDK_KEY_Up, 0, 0 },         { 3, 5, GDK_KEY_KP_Up, 0, 2 },
    { 3, 5, GDK_KEY_Left, 0, -1 },       { 3, 5, GDK_KEY_Page_Up, 0, -1 },
    { 3, 5, GDK_KEY_Page_Up, 2, 1 },     { 1, 5, GDK_KEY_Page_Up, 2, 0 },
    { 1, 5, GDK_KEY_Page_Down, 2, 3 },   { 3, 5, GDK_KEY_Page_Down, 2, 4 },
    { 3, 5, GDK_KEY_Home, 0, 0 },        { 3, 5, GDK_KEY_KP_End, 0, 4 },
    { 3, 5, GDK_KEY_Return, 2, -1 },     { 9, 5, GDK_KEY_Down, 0, 4 },
    { -1, 0, GDK_KEY_Down, 0, -1 },      { -1, 0, GDK_KEY_Home, 0, -1 },
    { -1, 0, GDK_KEY_Page_Down, 2, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (fettle_row_walk (cases[i].from, cases[i].n_items, cases[i].keyval,
                                      GTK_ORIENTATION_VERTICAL, cases[i].page),
                     ==, cases[i].expected);
  g_assert_cmpint (fettle_row_walk (3, 5, GDK_KEY_Left, GTK_ORIENTATION_HORIZONTAL, 0),
                   ==, 2);
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
  g_test_add_func ("/widgets/selection", test_selection);
  g_test_add_func ("/widgets/scrolling", test_scrolling);
  g_test_add_func ("/widgets/live-values", test_live_values);
  g_test_add_func ("/widgets/defunct", test_defunct);
  g_test_add_func ("/widgets/arena-map", test_arena_map);
  g_test_add_func ("/widgets/row-walk", test_row_walk);
  return g_test_run ();
}
