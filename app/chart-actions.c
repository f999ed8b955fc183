/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-actions.c: what can be done with every chart of a window. */
#include "config.h"

#include "app/chart-actions.h"
#include "app/file-choosing.h"
#include "widgets/chart-export.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkApplicationWindow *window; /* not owned: the actions go with it */
  GtkStack *pages;
  FettleChartFailed failed;
  gpointer user_data;
} ChartActions;

/* The first chart on the screen in WIDGET, or in what it holds; NULL if there is none. */
static FettleChart *
find_in (GtkWidget *widget)
{
  g_autoptr (GList) children = NULL;
  FettleChart *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (FETTLE_IS_CHART (widget))
    return FETTLE_CHART (widget);
  if (!GTK_IS_CONTAINER (widget))
    return NULL;
  children = gtk_container_get_children (GTK_CONTAINER (widget));
  for (GList *l = children; l != NULL && found == NULL; l = l->next)
    found = find_in (l->data);
  return found;
}

static FettleChart *
find_chart (const ChartActions *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  FettleChart *chart = NULL;

  if (FETTLE_IS_CHART (focus) && gtk_widget_get_mapped (focus))
    return FETTLE_CHART (focus);
  chart = find_in (GTK_WIDGET (self->pages));
  if (chart == NULL)
    self->failed (_ ("This page has no chart; choose another page first."),
                  self->user_data);
  return chart;
}

/* "Time per layer" to "Time per layer.svg", for the file chooser. */
static char *
propose_name (FettleChart *chart)
{
  const char *title = fettle_chart_get_title (chart);

  return g_strdelimit (g_strdup (title[0] != '\0' ? title : _ ("Chart")), "/", '-');
}

static gboolean
save (FettleChart *chart, const char *path, const char *kind, GError **error)
{
  g_autofree char *table = NULL;
  FettlePictureFormat format;

  if (g_strcmp0 (kind, "csv") == 0)
    {
      table = fettle_chart_to_table (chart, ',');
      return g_file_set_contents (path, table, -1, error);
    }
  return fettle_picture_format_from_path (path, &format, error)
         && fettle_chart_write_picture (chart, path, format, error);
}

static void
save_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const ChartActions *self = data;
  const char *kind = g_variant_get_string (parameter, NULL);
  g_autofree char *suffix = g_strconcat (".", kind, NULL);
  FettleChart *chart = find_chart (self);
  g_autofree char *name = chart != NULL ? propose_name (chart) : NULL;
  g_autofree char *path = chart != NULL ? fettle_choose_save_path (
                              GTK_WINDOW (self->window), _ ("Save Chart"), name, suffix)
                                        : NULL;
  g_autoptr (GError) error = NULL;

  if (path != NULL && !save (chart, path, kind, &error))
    self->failed (error->message, self->user_data);
}

static void
copy_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleChart *chart = find_chart (data);
  g_autofree char *table = chart != NULL ? fettle_chart_to_table (chart, '\t') : NULL;

  if (table != NULL)
    gtk_clipboard_set_text (
        gtk_widget_get_clipboard (GTK_WIDGET (chart), GDK_SELECTION_CLIPBOARD), table,
        -1);
}

static void
draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page,
           gpointer chart)
{
  fettle_chart_draw_page (chart, context);
}

static void
print_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const ChartActions *self = data;
  FettleChart *chart = find_chart (self);
  g_autoptr (GtkPrintOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  if (chart == NULL)
    return;
  operation = gtk_print_operation_new ();
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_job_name (operation, fettle_chart_get_title (chart));
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_page), chart, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           GTK_WINDOW (self->window), &error);
  if (error != NULL)
    self->failed (error->message, self->user_data);
}

static const GActionEntry actions[] = {
  { .name = "save-chart", .activate = save_activated, .parameter_type = "s" },
  { .name = "copy-chart", .activate = copy_activated },
  { .name = "print-chart", .activate = print_activated },
};

void
fettle_chart_actions_add (GtkApplicationWindow *window, GtkStack *pages,
                          FettleChartFailed failed, gpointer user_data)
{
  ChartActions *self;

  g_return_if_fail (GTK_IS_APPLICATION_WINDOW (window) && GTK_IS_STACK (pages));
  g_return_if_fail (failed != NULL);

  self = g_new (ChartActions, 1);
  *self = (ChartActions){ window, pages, failed, user_data };
  g_object_set_data_full (G_OBJECT (window), "fettle-chart-actions", self, g_free);
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions, G_N_ELEMENTS (actions),
                                   self);
}

void
fettle_chart_actions_install_menu (void)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/io/github/fettle/Fettle/chart-menu.ui");

  fettle_chart_set_menu (G_MENU_MODEL (gtk_builder_get_object (builder, "chart_menu")));
}
