/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart.c: quantities against their limits, one bar each. */
#include "widgets/bullet-chart.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/row-walk.h"

#include <math.h>

#define MINIMUM_WIDTH 320
#define NATURAL_WIDTH 640
#define PICTURE_WIDTH 800

struct _FettleBulletChart
{
  FettleChart parent_instance;

  GArray *items; /* FettleBulletItem, with strings of our own */
};

G_DEFINE_TYPE (FettleBulletChart, fettle_bullet_chart, FETTLE_TYPE_CHART)

static void
clear_item (gpointer data)
{
  FettleBulletItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->text);
  g_free ((char *)item->detail);
  g_free ((char *)item->description);
}

static const FettleBulletItem *
get_bullet (FettleBulletChart *self, guint index)
{
  g_assert (index < self->items->len);
  return &g_array_index (self->items, FettleBulletItem, index);
}

static void
fill_contents (FettleBulletChart *self, FettleBulletContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);
  gboolean focused = gtk_widget_has_visible_focus (GTK_WIDGET (self));

  *contents = (FettleBulletContents){
    .empty_text = fettle_chart_get_empty_text (chart),
    .items = (const FettleBulletItem *)self->items->data,
    .n_items = self->items->len,
    .hovered = fettle_chart_get_hovered (chart),
    .cursor = focused ? MAX (fettle_chart_get_selected (chart), 0) : -1,
  };
}

static void
init_layout (FettleBulletChart *self, FettleBulletLayout *layout)
{
  GtkWidget *widget = GTK_WIDGET (self);
  FettleBulletContents contents;
  FettleBulletMetrics metrics;

  fill_contents (self, &contents);
  fettle_bullet_chart_measure (&contents, gtk_widget_get_pango_context (widget),
                               &metrics);
  fettle_bullet_layout_init (layout, &metrics, gtk_widget_get_allocated_width (widget),
                             contents.n_items);
}

static gboolean
fettle_bullet_chart_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleBulletChart *self = FETTLE_BULLET_CHART (widget);
  FettleBulletContents contents;
  FettleBulletLayout layout;

  fill_contents (self, &contents);
  init_layout (self, &layout);
  fettle_bullet_chart_draw (cr, gtk_widget_get_pango_context (widget), &contents, &layout,
                            fettle_chart_get_palette (FETTLE_CHART (self)));
  return GDK_EVENT_PROPAGATE;
}

static GtkSizeRequestMode
fettle_bullet_chart_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
fettle_bullet_chart_get_preferred_height_for_width (GtkWidget *widget, int width,
                                                    int *minimum, int *natural)
{
  FettleBulletContents contents;

  fill_contents (FETTLE_BULLET_CHART (widget), &contents);
  *minimum = (int)ceil (fettle_bullet_chart_get_full_height (
      &contents, gtk_widget_get_pango_context (widget), width));
  *natural = *minimum;
}

static void
fettle_bullet_chart_get_preferred_height (GtkWidget *widget, int *minimum, int *natural)
{
  fettle_bullet_chart_get_preferred_height_for_width (widget, NATURAL_WIDTH, minimum,
                                                      natural);
}

static guint
fettle_bullet_chart_get_n_items (FettleChart *chart)
{
  return FETTLE_BULLET_CHART (chart)->items->len;
}

static void
fettle_bullet_chart_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  const FettleBulletItem *bullet = get_bullet (FETTLE_BULLET_CHART (chart), index);

  item->name = bullet->label;
  item->description = bullet->description;
  item->text = bullet->text;
  item->value = bullet->known ? bullet->value : 0;
  item->minimum = 0;
  item->maximum = isfinite (bullet->limit)
                      ? bullet->limit
                      : fettle_bullet_get_maximum (item->value, NAN, bullet->compared);
}

static gboolean
fettle_bullet_chart_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleBulletLayout layout;
  FettleRectangle row;

  init_layout (FETTLE_BULLET_CHART (chart), &layout);
  fettle_bullet_layout_get_row (&layout, index, &row);
  *area = (GdkRectangle){ 0, (int)row.y, (int)row.width, (int)row.height };
  return TRUE;
}

static int
fettle_bullet_chart_get_item_at (FettleChart *chart, double x, double y)
{
  FettleBulletLayout layout;

  init_layout (FETTLE_BULLET_CHART (chart), &layout);
  return fettle_bullet_layout_find_row (&layout, y);
}

static int
fettle_bullet_chart_find_item (FettleChart *chart, guint keyval)
{
  /* While nothing is selected, the first row is drawn as having the focus. */
  int cursor = MAX (fettle_chart_get_selected (chart), 0);

  return fettle_row_walk (cursor, FETTLE_BULLET_CHART (chart)->items->len, keyval,
                          GTK_ORIENTATION_VERTICAL, 0);
}

static void
fettle_bullet_chart_get_picture_size (FettleChart *chart, PangoContext *context,
                                      double *width, double *height)
{
  FettleBulletContents contents;

  fill_contents (FETTLE_BULLET_CHART (chart), &contents);
  *width = PICTURE_WIDTH;
  *height = fettle_bullet_chart_get_full_height (&contents, context, PICTURE_WIDTH);
}

static void
fettle_bullet_chart_render_picture (FettleChart *chart, cairo_t *cr,
                                    PangoContext *context, const FettlePalette *palette,
                                    double width, double height)
{
  FettleBulletContents contents;

  fill_contents (FETTLE_BULLET_CHART (chart), &contents);
  contents.cursor = -1;
  contents.hovered = -1;
  fettle_bullet_chart_render (cr, context, &contents, palette, width);
}

static void
fettle_bullet_chart_append_titles (FettleChart *chart, GString *table, char separator)
{
  fettle_table_append (table, "value", separator);
  fettle_table_append (table, "limit", separator);
  fettle_table_append (table, "before", separator);
}

static void
fettle_bullet_chart_append_values (FettleChart *chart, guint index, GString *table,
                                   char separator)
{
  const FettleBulletItem *item = get_bullet (FETTLE_BULLET_CHART (chart), index);

  fettle_table_append_number (table, item->known ? item->value : NAN, separator);
  fettle_table_append_number (table, item->limit, separator);
  fettle_table_append_number (table, item->compared, separator);
}

static void
fettle_bullet_chart_finalize (GObject *object)
{
  g_array_unref (FETTLE_BULLET_CHART (object)->items);
  G_OBJECT_CLASS (fettle_bullet_chart_parent_class)->finalize (object);
}

static void
fettle_bullet_chart_class_init (FettleBulletChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_bullet_chart_finalize;
  widget_class->draw = fettle_bullet_chart_draw_widget;
  widget_class->get_request_mode = fettle_bullet_chart_get_request_mode;
  widget_class->get_preferred_height = fettle_bullet_chart_get_preferred_height;
  widget_class->get_preferred_height_for_width =
      fettle_bullet_chart_get_preferred_height_for_width;
  chart_class->minimum_size = (FettleChartSize){ MINIMUM_WIDTH, 0 };
  chart_class->natural_size = (FettleChartSize){ NATURAL_WIDTH, 0 };
  chart_class->get_n_items = fettle_bullet_chart_get_n_items;
  chart_class->get_item = fettle_bullet_chart_get_item;
  chart_class->get_item_area = fettle_bullet_chart_get_item_area;
  chart_class->get_item_at = fettle_bullet_chart_get_item_at;
  chart_class->find_item = fettle_bullet_chart_find_item;
  chart_class->get_picture_size = fettle_bullet_chart_get_picture_size;
  chart_class->render = fettle_bullet_chart_render_picture;
  chart_class->append_titles = fettle_bullet_chart_append_titles;
  chart_class->append_values = fettle_bullet_chart_append_values;
}

static void
fettle_bullet_chart_init (FettleBulletChart *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (FettleBulletItem));
  g_array_set_clear_func (self->items, clear_item);
}

GtkWidget *
fettle_bullet_chart_new (void)
{
  return g_object_new (FETTLE_TYPE_BULLET_CHART, NULL);
}

void
fettle_bullet_chart_set_items (FettleBulletChart *self, const FettleBulletItem *items,
                               guint n_items)
{
  gboolean same_number;

  g_return_if_fail (FETTLE_IS_BULLET_CHART (self));
  g_return_if_fail (items != NULL || n_items == 0);

  same_number = n_items == self->items->len;
  g_array_set_size (self->items, 0);
  for (guint i = 0; i < n_items; i++)
    {
      FettleBulletItem item = items[i];

      item.label = g_strdup (item.label);
      item.text = g_strdup (item.text);
      item.detail = g_strdup (item.detail);
      item.description = g_strdup (item.description);
      g_array_append_val (self->items, item);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (!same_number)
    fettle_chart_items_changed (FETTLE_CHART (self));
  for (guint i = 0; i < n_items; i++)
    fettle_chart_value_changed (FETTLE_CHART (self), i);
}
