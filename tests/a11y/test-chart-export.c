/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-chart-export.c: every kind of chart as picture files, and as tables. Needs a display. */
#include "widgets/arena-map.h"
#include "widgets/bar-chart.h"
#include "widgets/bullet-chart.h"
#include "widgets/chart-export.h"
#include "widgets/column-chart.h"
#include "widgets/graph-view.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *folder;

static FettleChart *
make_bars (void)
{
  static const FettleBarItem items[] = {
    { "conv \"1\"", 1234.5, 1000, 2000, TRUE, NULL, "first, with a comma" },
    { "pool", 0, NAN, NAN, FALSE, NULL, NULL },
  };
  GtkWidget *chart = fettle_bar_chart_new ();

  fettle_bar_chart_set_unit (FETTLE_BAR_CHART (chart), "cycles");
  fettle_bar_chart_set_items (FETTLE_BAR_CHART (chart), items, G_N_ELEMENTS (items));
  return FETTLE_CHART (g_object_ref_sink (chart));
}

static FettleChart *
make_map (void)
{
  static const FettleArenaItem items[] = { { "input", 0, 1, 64, 4096, -1, FALSE,
                                             "why" } };
  GtkWidget *map = fettle_arena_map_new ();

  fettle_arena_map_set_items (FETTLE_ARENA_MAP (map), items, 1, 2);
  return FETTLE_CHART (g_object_ref_sink (map));
}

static FettleChart *
make_bullets (void)
{
  static const FettleBulletItem items[] = { { "Flash", TRUE, 10, 20, NAN, "10", NULL, "d",
                                              0 } };
  GtkWidget *chart = fettle_bullet_chart_new ();

  fettle_bullet_chart_set_items (FETTLE_BULLET_CHART (chart), items, 1);
  return FETTLE_CHART (g_object_ref_sink (chart));
}

static FettleChart *
make_columns (void)
{
  static const FettleColumnItem items[] = {
    { 0, 0.25, 0, 0.5, "\u22121 to 0", "25 %", "d" },
    { NAN, NAN, 0, 0.25, "0 to 1", "0 %", NULL },
  };
  const FettleColumnContents contents = { .format = FETTLE_NUMBER_PERCENT,
                                          .start = -1,
                                          .step = 1,
                                          .lower = NAN,
                                          .upper = NAN,
                                          .items = items,
                                          .n_items = G_N_ELEMENTS (items) };
  GtkWidget *chart = fettle_column_chart_new ();

  fettle_column_chart_set_contents (FETTLE_COLUMN_CHART (chart), &contents);
  return FETTLE_CHART (g_object_ref_sink (chart));
}

static void
set_flag (gboolean *flag)
{
  *flag = TRUE;
}

static FettleChart *
make_graph (void)
{
  static const FettleGraphNode nodes[] = { { "A", "first", "1×2", "d", FALSE },
                                           { "B", "second", "1×2", NULL, FALSE } };
  static const FettleGraphEdge edges[] = { { 0, 1 } };
  static const FettleGraphValue values[] = { { TRUE, 5 }, { TRUE, 7 } };
  GtkWidget *view = g_object_ref_sink (fettle_graph_view_new ());
  gboolean done = FALSE;

  g_signal_connect_swapped (view, "laid-out", G_CALLBACK (set_flag), &done);
  fettle_graph_view_set_graph (FETTLE_GRAPH_VIEW (view), nodes, 2, edges, 1);
  fettle_graph_view_set_values (FETTLE_GRAPH_VIEW (view), values, "m",
                                FETTLE_NUMBER_COUNT);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  return FETTLE_CHART (view);
}

static FettleChart *(*const makers[]) (void) = { make_bars, make_map, make_bullets,
                                                 make_graph, make_columns };

/* Each file begins as its kind does, and writing it again gives the same picture. */
static void
test_pictures (void)
{
  static const struct
  {
    const char *suffix, *magic;
  } kinds[] = { { "png", "\x89PNG" }, { "svg", "<?xml" }, { "pdf", "%PDF" } };

  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    {
      g_autoptr (FettleChart) chart = makers[i]();

      for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
        {
          g_autofree char *path =
              g_strdup_printf ("%s/chart-%u.%s", folder, i, kinds[k].suffix);
          g_autofree char *contents = NULL;
          g_autoptr (GError) error = NULL;
          FettlePictureFormat format;
          gsize length;

          g_assert_true (fettle_picture_format_from_path (path, &format, &error));
          fettle_chart_write_picture (chart, path, format, &error);
          g_assert_no_error (error);
          g_file_get_contents (path, &contents, &length, &error);
          g_assert_no_error (error);
          g_assert_true (g_str_has_prefix (contents, kinds[k].magic));
          g_assert_cmpuint (length, >, 500);
          g_unlink (path);
        }
    }
}

static void
check_table (FettleChart *(*make) (void), char separator, const char *expected)
{
  g_autoptr (FettleChart) chart = make ();
  g_autofree char *table = fettle_chart_to_table (chart, separator);

  g_assert_cmpstr (table, ==, expected);
}

static void
test_tables (void)
{
  check_table (make_bars, ',',
               "name,value,low,high,unit,description\n"
               "\"conv \"\"1\"\"\",1234.5,1000,2000,cycles,\"first, with a comma\"\n"
               "pool,,,,cycles,\n");
  check_table (make_bars, '\t',
               "name\tvalue\tlow\thigh\tunit\tdescription\n"
               "conv \"1\"\t1234.5\t1000\t2000\tcycles\tfirst, with a comma\n"
               "pool\t\t\t\tcycles\t\n");
  check_table (make_map, ',',
               "name,layer,first,last,offset,bytes,description\n"
               "input,-1,0,1,64,4096,why\n");
  check_table (make_bullets, ',',
               "name,value,limit,before,description\nFlash,10,20,,d\n");
  check_table (make_graph, ',', "name,value,description\nfirst,5,d\nsecond,7,\n");
  check_table (make_columns, ',',
               "name,from,to,compared from,compared to,description\n"
               "\u22121 to 0,0,0.25,0,0.5,d\n0 to 1,,,0,0.25,\n");
}

/* What cannot be written is an error, and nothing is left behind. */
static void
test_failures (void)
{
  g_autoptr (FettleChart) chart = make_bars ();
  g_autoptr (GError) error = NULL;
  FettlePictureFormat format;

  g_assert_false (fettle_picture_format_from_path ("chart.gif", &format, &error));
  g_assert_nonnull (strstr (error->message, ".svg"));
  g_clear_error (&error);
  g_assert_false (fettle_chart_write_picture (chart, "/nonexistent/chart.png",
                                              FETTLE_PICTURE_PNG, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  int status;

  if (!gtk_init_check (&argc, &argv))
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 77;
    }
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("fettle-charts-XXXXXX", NULL);
  g_test_add_func ("/widgets/export/pictures", test_pictures);
  g_test_add_func ("/widgets/export/tables", test_tables);
  g_test_add_func ("/widgets/export/failures", test_failures);
  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
