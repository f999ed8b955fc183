/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart.c: columns side by side. */
#include "widgets/column-chart.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/row-walk.h"

#include <math.h>

#define MINIMUM_WIDTH  240
#define MINIMUM_HEIGHT 150
#define NATURAL_WIDTH  480
#define NATURAL_HEIGHT 220
#define PAGE           10
#define PICTURE_WIDTH  800
#define PICTURE_HEIGHT 400

struct _FettleColumnChart
{
  FettleChart parent_instance;

  FettleColumnContents
      contents;  /* with strings of our own; see fill_contents for the rest */
  GArray *items; /* FettleColumnItem, with strings of our own */
  FettleColumnLayout layout;
  FettleAxis axis;
};

G_DEFINE_TYPE (FettleColumnChart, fettle_column_chart, FETTLE_TYPE_CHART)

static void
clear_item (gpointer data)
{
  FettleColumnItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->text);
  g_free ((char *)item->description);
}

static void
clear_texts (FettleColumnContents *contents)
{
  g_free ((char *)contents->x_name);
  g_free ((char *)contents->y_name);
  g_free ((char *)contents->column_name);
  g_free ((char *)contents->compared_name);
  g_free ((char *)contents->limit_name);
}

static const FettleColumnItem *
get_column (FettleColumnChart *self, guint index)
{
  g_assert (index < self->items->len);
  return &g_array_index (self->items, FettleColumnItem, index);
}

static void
fill_contents (FettleColumnChart *self, FettleColumnContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);

  *contents = self->contents;
  contents->title = fettle_chart_get_title (chart);
  contents->empty_text = fettle_chart_get_empty_text (chart);
  contents->items = (const FettleColumnItem *)self->items->data;
  contents->n_items = self->items->len;
  contents->selected = fettle_chart_get_selected (chart);
  contents->hovered = fettle_chart_get_hovered (chart);
  contents->focused = gtk_widget_has_visible_focus (GTK_WIDGET (self));
}

static void
fettle_column_chart_lay_out (FettleChart *chart)
{
  FettleColumnChart *self = FETTLE_COLUMN_CHART (chart);
  GtkWidget *widget = GTK_WIDGET (chart);
  FettleColumnContents contents;

  fill_contents (self, &contents);
  fettle_column_chart_init_layout (&contents, gtk_widget_get_pango_context (widget),
                                   gtk_widget_get_allocated_width (widget),
                                   gtk_widget_get_allocated_height (widget),
                                   &self->layout, &self->axis);
  gtk_widget_queue_draw (widget);
}

static gboolean
fettle_column_chart_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleColumnChart *self = FETTLE_COLUMN_CHART (widget);
  FettleColumnContents contents;

  fill_contents (self, &contents);
  fettle_column_chart_draw (cr, gtk_widget_get_pango_context (widget), &contents,
                            &self->layout, &self->axis,
                            fettle_chart_get_palette (FETTLE_CHART (self)));
  return GDK_EVENT_PROPAGATE;
}

static guint
fettle_column_chart_get_n_items (FettleChart *chart)
{
  return FETTLE_COLUMN_CHART (chart)->items->len;
}

static void
fettle_column_chart_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  FettleColumnChart *self = FETTLE_COLUMN_CHART (chart);
  const FettleColumnItem *column = get_column (self, index);

  item->name = column->label;
  item->description = column->description;
  item->text = column->text;
  item->value = isfinite (column->high) ? column->high : 0;
  item->minimum = self->axis.logarithmic ? 0 : self->axis.minimum;
  item->maximum = self->axis.maximum;
}

static gboolean
fettle_column_chart_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleRectangle band;

  fettle_column_layout_get_band (&FETTLE_COLUMN_CHART (chart)->layout, index, &band);
  *area = (GdkRectangle){ (int)band.x, (int)band.y, (int)band.width, (int)band.height };
  return TRUE;
}

static int
fettle_column_chart_get_item_at (FettleChart *chart, double x, double y)
{
  return fettle_column_layout_find (&FETTLE_COLUMN_CHART (chart)->layout, x, y);
}

static int
fettle_column_chart_find_item (FettleChart *chart, guint keyval)
{
  return fettle_row_walk (fettle_chart_get_selected (chart),
                          FETTLE_COLUMN_CHART (chart)->items->len, keyval,
                          GTK_ORIENTATION_HORIZONTAL, PAGE);
}

static void
fettle_column_chart_render_picture (FettleChart *chart, cairo_t *cr,
                                    PangoContext *context, const FettlePalette *palette,
                                    double width, double height)
{
  FettleColumnContents contents;

  fill_contents (FETTLE_COLUMN_CHART (chart), &contents);
  contents.selected = -1;
  contents.hovered = -1;
  fettle_column_chart_render (cr, context, &contents, palette, width, height);
}

static void
fettle_column_chart_append_titles (FettleChart *chart, GString *table, char separator)
{
  fettle_table_append (table, "from", separator);
  fettle_table_append (table, "to", separator);
  fettle_table_append (table, "compared from", separator);
  fettle_table_append (table, "compared to", separator);
}

static void
fettle_column_chart_append_values (FettleChart *chart, guint index, GString *table,
                                   char separator)
{
  const FettleColumnItem *item = get_column (FETTLE_COLUMN_CHART (chart), index);

  fettle_table_append_number (table, item->low, separator);
  fettle_table_append_number (table, item->high, separator);
  fettle_table_append_number (table, item->compared_low, separator);
  fettle_table_append_number (table, item->compared_high, separator);
}

static void
fettle_column_chart_finalize (GObject *object)
{
  FettleColumnChart *self = FETTLE_COLUMN_CHART (object);

  g_array_unref (self->items);
  clear_texts (&self->contents);
  G_OBJECT_CLASS (fettle_column_chart_parent_class)->finalize (object);
}

static void
fettle_column_chart_class_init (FettleColumnChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_column_chart_finalize;
  widget_class->draw = fettle_column_chart_draw_widget;
  chart_class->minimum_size = (FettleChartSize){ MINIMUM_WIDTH, MINIMUM_HEIGHT };
  chart_class->natural_size = (FettleChartSize){ NATURAL_WIDTH, NATURAL_HEIGHT };
  chart_class->picture_size = (FettleChartSize){ PICTURE_WIDTH, PICTURE_HEIGHT };
  chart_class->lay_out = fettle_column_chart_lay_out;
  chart_class->get_n_items = fettle_column_chart_get_n_items;
  chart_class->get_item = fettle_column_chart_get_item;
  chart_class->get_item_area = fettle_column_chart_get_item_area;
  chart_class->get_item_at = fettle_column_chart_get_item_at;
  chart_class->find_item = fettle_column_chart_find_item;
  chart_class->render = fettle_column_chart_render_picture;
  chart_class->append_titles = fettle_column_chart_append_titles;
  chart_class->append_values = fettle_column_chart_append_values;
}

static void
fettle_column_chart_init (FettleColumnChart *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (FettleColumnItem));
  g_array_set_clear_func (self->items, clear_item);
  self->contents = (FettleColumnContents){ .step = 1, .lower = NAN, .upper = NAN };
  g_signal_connect (self, "notify::title", G_CALLBACK (fettle_column_chart_lay_out),
                    NULL);
}

GtkWidget *
fettle_column_chart_new (void)
{
  return g_object_new (FETTLE_TYPE_COLUMN_CHART, NULL);
}

void
fettle_column_chart_set_contents (FettleColumnChart *self,
                                  const FettleColumnContents *contents)
{
  FettleColumnContents old;

  g_return_if_fail (FETTLE_IS_COLUMN_CHART (self) && contents != NULL);
  g_return_if_fail (contents->items != NULL || contents->n_items == 0);

  if (contents->n_items != self->items->len)
    fettle_chart_set_selected (FETTLE_CHART (self), -1);
  old = self->contents;
  self->contents = *contents;
  self->contents.x_name = g_strdup (contents->x_name);
  self->contents.y_name = g_strdup (contents->y_name);
  self->contents.column_name = g_strdup (contents->column_name);
  self->contents.compared_name = g_strdup (contents->compared_name);
  self->contents.limit_name = g_strdup (contents->limit_name);
  clear_texts (&old);
  g_array_set_size (self->items, 0);
  for (guint i = 0; i < contents->n_items; i++)
    {
      FettleColumnItem item = contents->items[i];

      item.label = g_strdup (item.label);
      item.text = g_strdup (item.text);
      item.description = g_strdup (item.description);
      g_array_append_val (self->items, item);
    }
  fettle_column_chart_lay_out (FETTLE_CHART (self));
  fettle_chart_items_changed (FETTLE_CHART (self));
}
