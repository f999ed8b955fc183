/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart.c: what was tried, as points in a plane in which less is better. */
#include "widgets/scatter-chart.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/row-walk.h"

#include <math.h>

#define MINIMUM_WIDTH  320
#define MINIMUM_HEIGHT 200
#define REACH          24 /* pixels between the pointer and the point that it means */

struct _FettleScatterChart
{
  FettleChart parent_instance;

  GArray *items; /* FettleScatterItem, with strings of our own */
  char *x_title, *y_title;
  FettleNumberFormat x_format, y_format;
};

G_DEFINE_TYPE (FettleScatterChart, fettle_scatter_chart, FETTLE_TYPE_CHART)

static void
clear_item (gpointer data)
{
  FettleScatterItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->text);
  g_free ((char *)item->description);
}

static void
fill_contents (FettleScatterChart *self, FettleScatterContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);

  *contents = (FettleScatterContents){
    .empty_text = fettle_chart_get_empty_text (chart),
    .x_title = self->x_title,
    .y_title = self->y_title,
    .x_format = self->x_format,
    .y_format = self->y_format,
    .items = (const FettleScatterItem *)(gpointer)self->items->data,
    .n_items = self->items->len,
    .hovered = fettle_chart_get_hovered (chart),
    .selected = fettle_chart_get_selected (chart),
    .focused = gtk_widget_has_visible_focus (GTK_WIDGET (self)),
  };
}

static void
lay_out (FettleScatterChart *self, FettleScatterContents *contents,
         FettleScatterLayout *layout)
{
  GtkWidget *widget = GTK_WIDGET (self);

  fill_contents (self, contents);
  fettle_scatter_chart_lay_out (contents, gtk_widget_get_pango_context (widget),
                                gtk_widget_get_allocated_width (widget),
                                gtk_widget_get_allocated_height (widget), layout);
}

static gboolean
fettle_scatter_chart_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleScatterContents contents;
  FettleScatterLayout layout;

  lay_out (FETTLE_SCATTER_CHART (widget), &contents, &layout);
  fettle_scatter_chart_draw (cr, gtk_widget_get_pango_context (widget), &contents,
                             &layout, fettle_chart_get_palette (FETTLE_CHART (widget)));
  return GDK_EVENT_PROPAGATE;
}

static guint
fettle_scatter_chart_get_n_items (FettleChart *chart)
{
  return FETTLE_SCATTER_CHART (chart)->items->len;
}

static void
fettle_scatter_chart_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  FettleScatterContents contents;
  FettleScatterLayout layout;
  const FettleScatterItem *scatter;

  lay_out (FETTLE_SCATTER_CHART (chart), &contents, &layout);
  scatter = &contents.items[index];
  item->name = scatter->label;
  item->description = scatter->description;
  item->text = scatter->text;
  item->value = scatter->point.y;
  item->minimum = layout.y_axis.minimum;
  item->maximum = layout.y_axis.maximum;
}

static gboolean
fettle_scatter_chart_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleScatterContents contents;
  FettleScatterLayout layout;
  double x, y, radius;

  lay_out (FETTLE_SCATTER_CHART (chart), &contents, &layout);
  radius = fettle_scatter_chart_get_radius (&contents, index) + 6;
  fettle_scatter_layout_get_place (&layout, &contents.items[index].point, &x, &y);
  *area = (GdkRectangle){ (int)(x - radius), (int)(y - radius), (int)(2 * radius),
                          (int)(2 * radius) };
  return TRUE;
}

static int
fettle_scatter_chart_get_item_at (FettleChart *chart, double x, double y)
{
  FettleScatterContents contents;
  FettleScatterLayout layout;
  g_autofree FettleScatterPoint *points = NULL;

  lay_out (FETTLE_SCATTER_CHART (chart), &contents, &layout);
  points = fettle_scatter_chart_list_points (contents.items, contents.n_items);
  return fettle_scatter_layout_find (&layout, points, contents.n_items, x, y, REACH);
}

/* In the order in which things were tried. */
static int
fettle_scatter_chart_find_item (FettleChart *chart, guint keyval)
{
  guint n_items = FETTLE_SCATTER_CHART (chart)->items->len;
  int selected = fettle_chart_get_selected (chart);
  int item = fettle_row_walk (selected, n_items, keyval, GTK_ORIENTATION_HORIZONTAL, 0);

  return item >= 0
             ? item
             : fettle_row_walk (selected, n_items, keyval, GTK_ORIENTATION_VERTICAL, 0);
}

static void
fettle_scatter_chart_selection_changed (FettleChart *chart, int old_selected)
{
  gtk_widget_queue_draw (GTK_WIDGET (chart));
  fettle_chart_cursor_moved (chart, old_selected);
}

static void
fettle_scatter_chart_append_titles (FettleChart *chart, GString *table, char separator)
{
  FettleScatterChart *self = FETTLE_SCATTER_CHART (chart);

  fettle_table_append (table, self->x_title != NULL ? self->x_title : "x", separator);
  fettle_table_append (table, self->y_title != NULL ? self->y_title : "y", separator);
  fettle_table_append (table, "size", separator);
}

static void
fettle_scatter_chart_append_values (FettleChart *chart, guint index, GString *table,
                                    char separator)
{
  const FettleScatterItem *item =
      &g_array_index (FETTLE_SCATTER_CHART (chart)->items, FettleScatterItem, index);

  fettle_table_append_number (table, item->point.x, separator);
  fettle_table_append_number (table, item->point.y, separator);
  fettle_table_append_number (table, item->point.size, separator);
}

static void
fettle_scatter_chart_finalize (GObject *object)
{
  FettleScatterChart *self = FETTLE_SCATTER_CHART (object);

  g_array_unref (self->items);
  g_free (self->x_title);
  g_free (self->y_title);
  G_OBJECT_CLASS (fettle_scatter_chart_parent_class)->finalize (object);
}

static void
fettle_scatter_chart_class_init (FettleScatterChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_scatter_chart_finalize;
  widget_class->draw = fettle_scatter_chart_draw_widget;
  chart_class->minimum_size = (FettleChartSize){ MINIMUM_WIDTH, MINIMUM_HEIGHT };
  chart_class->natural_size = chart_class->minimum_size;
  chart_class->get_n_items = fettle_scatter_chart_get_n_items;
  chart_class->get_item = fettle_scatter_chart_get_item;
  chart_class->get_item_area = fettle_scatter_chart_get_item_area;
  chart_class->get_item_at = fettle_scatter_chart_get_item_at;
  chart_class->find_item = fettle_scatter_chart_find_item;
  chart_class->selection_changed = fettle_scatter_chart_selection_changed;
  chart_class->append_titles = fettle_scatter_chart_append_titles;
  chart_class->append_values = fettle_scatter_chart_append_values;
}

static void
fettle_scatter_chart_init (FettleScatterChart *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (FettleScatterItem));
  g_array_set_clear_func (self->items, clear_item);
}

GtkWidget *
fettle_scatter_chart_new (void)
{
  return g_object_new (FETTLE_TYPE_SCATTER_CHART, NULL);
}

void
fettle_scatter_chart_set_axes (FettleScatterChart *self, const char *x_title,
                               FettleNumberFormat x_format, const char *y_title,
                               FettleNumberFormat y_format)
{
  g_return_if_fail (FETTLE_IS_SCATTER_CHART (self));

  g_free (self->x_title);
  g_free (self->y_title);
  self->x_title = g_strdup (x_title);
  self->y_title = g_strdup (y_title);
  self->x_format = x_format;
  self->y_format = y_format;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
fettle_scatter_chart_set_items (FettleScatterChart *self, const FettleScatterItem *items,
                                guint n_items)
{
  gboolean same_number;

  g_return_if_fail (FETTLE_IS_SCATTER_CHART (self));
  g_return_if_fail (items != NULL || n_items == 0);

  same_number = n_items == self->items->len;
  g_array_set_size (self->items, 0);
  for (guint i = 0; i < n_items; i++)
    {
      FettleScatterItem item = items[i];

      item.label = g_strdup (item.label);
      item.text = g_strdup (item.text);
      item.description = g_strdup (item.description);
      g_array_append_val (self->items, item);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!same_number)
    fettle_chart_items_changed (FETTLE_CHART (self));
  for (guint i = 0; i < n_items; i++)
    fettle_chart_value_changed (FETTLE_CHART (self), i);
}
