/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart.c: horizontal bars, one row per item. */
#include "widgets/bar-chart.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/row-walk.h"

#include <math.h>

#define MINIMUM_WIDTH 320
#define NATURAL_WIDTH 560
#define PICTURE_WIDTH 800
#define MINIMUM_ROWS  3
#define NATURAL_ROWS  12 /* at most; more are scrolled to */

struct _FettleBarChart
{
  FettleScrolledChart parent_instance;

  GArray *items;              /* FettleBarItem, with strings of our own */
  FettleBarContents contents; /* the fields that do not follow from elsewhere */
  FettleBarMetrics metrics;
  gboolean metrics_are_valid;
  FettleAxis axis; /* of what was last laid out */
  FettleBarLayout layout;
};

static void scrollable_init (GtkScrollableInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FettleBarChart, fettle_bar_chart, FETTLE_TYPE_SCROLLED_CHART,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, scrollable_init))

static void
clear_item (gpointer data)
{
  FettleBarItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->text);
  g_free ((char *)item->description);
}

static const FettleBarItem *
get_bar_item (FettleBarChart *self, guint index)
{
  g_assert (index < self->items->len);
  return &g_array_index (self->items, FettleBarItem, index);
}

/* NULL outside of a scroller. */
static GtkAdjustment *
get_adjustment (FettleBarChart *self)
{
  return fettle_scrolled_chart_get_adjustment (FETTLE_SCROLLED_CHART (self),
                                               GTK_ORIENTATION_VERTICAL);
}

static double
get_scroll (FettleBarChart *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  return adjustment == NULL ? 0 : gtk_adjustment_get_value (adjustment);
}

static void
fill_contents (FettleBarChart *self, FettleBarContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);

  *contents = self->contents;
  contents->title = fettle_chart_get_title (chart);
  contents->empty_text = fettle_chart_get_empty_text (chart);
  contents->items = (const FettleBarItem *)self->items->data;
  contents->n_items = self->items->len;
  contents->selected = fettle_chart_get_selected (chart);
  contents->hovered = fettle_chart_get_hovered (chart);
  contents->focused = gtk_widget_has_visible_focus (GTK_WIDGET (self));
}

static void
ensure_metrics (FettleBarChart *self)
{
  FettleBarContents contents;

  if (self->metrics_are_valid)
    return;
  fill_contents (self, &contents);
  fettle_bar_chart_measure (&contents, gtk_widget_get_pango_context (GTK_WIDGET (self)),
                            &self->metrics);
  self->metrics_are_valid = TRUE;
}

/* Where things are now; TRUE if another axis or another layout means that all must be redrawn. */
static gboolean
update_layout (FettleBarChart *self)
{
  FettleBarContents contents;
  FettleBarLayout old_layout = self->layout;
  FettleAxis old_axis = self->axis;

  ensure_metrics (self);
  fill_contents (self, &contents);
  fettle_bar_layout_init (&self->layout, &self->metrics,
                          gtk_widget_get_allocated_width (GTK_WIDGET (self)),
                          self->items->len);
  fettle_bar_chart_init_axis (&contents, &self->layout, &self->axis);
  return old_axis.minimum != self->axis.minimum || old_axis.maximum != self->axis.maximum
         || old_axis.n_ticks != self->axis.n_ticks
         || old_layout.width != self->layout.width
         || old_layout.plot_x != self->layout.plot_x
         || old_layout.plot_width != self->layout.plot_width;
}

static void
fettle_bar_chart_configure (FettleScrolledChart *scrolled)
{
  FettleBarChart *self = FETTLE_BAR_CHART (scrolled);
  GtkAdjustment *horizontal =
      fettle_scrolled_chart_get_adjustment (scrolled, GTK_ORIENTATION_HORIZONTAL);
  GtkAdjustment *vertical = get_adjustment (self);
  double page = gtk_widget_get_allocated_height (GTK_WIDGET (self));
  double upper = MAX (fettle_bar_layout_get_height (&self->layout), page);

  if (vertical != NULL)
    gtk_adjustment_configure (vertical, CLAMP (get_scroll (self), 0, upper - page), 0,
                              upper, self->layout.row_height,
                              page - self->layout.header_height, page);
  if (horizontal != NULL)
    gtk_adjustment_configure (horizontal, 0, 0, self->layout.width, 1, 1,
                              self->layout.width);
}

static void
fettle_bar_chart_lay_out (FettleChart *chart)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);

  update_layout (self);
  fettle_bar_chart_configure (FETTLE_SCROLLED_CHART (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* After a change of anything but values. */
static void
invalidate (FettleBarChart *self)
{
  self->metrics_are_valid = FALSE;
  fettle_bar_chart_lay_out (FETTLE_CHART (self));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static gboolean
fettle_bar_chart_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleBarChart *self = FETTLE_BAR_CHART (widget);
  FettleBarContents contents;

  update_layout (self);
  fill_contents (self, &contents);
  fettle_bar_chart_draw (cr, gtk_widget_get_pango_context (widget), &contents,
                         &self->layout, &self->axis,
                         fettle_chart_get_palette (FETTLE_CHART (self)),
                         get_scroll (self), gtk_widget_get_allocated_height (widget));
  return GDK_EVENT_PROPAGATE;
}

static void
fettle_bar_chart_get_preferred_height (GtkWidget *widget, int *minimum, int *natural)
{
  FettleBarChart *self = FETTLE_BAR_CHART (widget);
  guint n_items = self->items->len;
  FettleBarLayout layout;

  ensure_metrics (self);
  fettle_bar_layout_init (&layout, &self->metrics, NATURAL_WIDTH,
                          CLAMP (n_items, MINIMUM_ROWS, NATURAL_ROWS));
  *natural = (int)ceil (fettle_bar_layout_get_height (&layout));
  layout.n_rows = MINIMUM_ROWS;
  /* Without a scroller around it, what does not fit could never be seen. */
  if (get_adjustment (self) == NULL)
    layout.n_rows = MAX (n_items, MINIMUM_ROWS);
  *minimum = (int)ceil (fettle_bar_layout_get_height (&layout));
  *natural = MAX (*natural, *minimum);
}

static void
fettle_bar_chart_style_updated (GtkWidget *widget)
{
  FETTLE_BAR_CHART (widget)->metrics_are_valid = FALSE;
  GTK_WIDGET_CLASS (fettle_bar_chart_parent_class)->style_updated (widget);
}

static guint
fettle_bar_chart_count_items (FettleChart *chart)
{
  return FETTLE_BAR_CHART (chart)->items->len;
}

static void
fettle_bar_chart_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);
  const FettleBarItem *bar = get_bar_item (self, index);

  item->name = bar->label;
  item->text = bar->text;
  item->description = bar->description;
  item->value = bar->known ? bar->value : 0;
  item->minimum = self->axis.minimum;
  item->maximum = self->axis.maximum;
}

static gboolean
fettle_bar_chart_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);
  int height = gtk_widget_get_allocated_height (GTK_WIDGET (self));
  double top = fettle_bar_layout_get_row_top (&self->layout, index, get_scroll (self));

  *area = (GdkRectangle){ 0, (int)top, (int)self->layout.width,
                          (int)self->layout.row_height };
  return top + area->height > self->layout.header_height && top < height;
}

static int
fettle_bar_chart_get_item_at (FettleChart *chart, double x, double y)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);

  return fettle_bar_layout_find_row (&self->layout, y, get_scroll (self));
}

static int
fettle_bar_chart_find_item (FettleChart *chart, guint keyval)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);
  int cursor = fettle_chart_get_cursor (chart);
  double room =
      gtk_widget_get_allocated_height (GTK_WIDGET (self)) - self->layout.header_height;
  int page = MAX ((int)(room / MAX (self->layout.row_height, 1)) - 1, 1);

  if (cursor < 0 && (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up))
    return (int)self->items->len - 1;
  return fettle_row_walk (cursor, self->items->len, keyval, GTK_ORIENTATION_VERTICAL,
                          page);
}

static void
scroll_to_cursor (FettleBarChart *self)
{
  int cursor = fettle_chart_get_cursor (FETTLE_CHART (self));
  int height = gtk_widget_get_allocated_height (GTK_WIDGET (self));

  if (cursor < 0 || get_adjustment (self) == NULL || height <= 1)
    return;
  gtk_adjustment_set_value (get_adjustment (self),
                            fettle_bar_layout_scroll_to_row (&self->layout, (guint)cursor,
                                                             get_scroll (self), height));
}

static void
fettle_bar_chart_selection_changed (FettleChart *chart, int old_selected)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);

  scroll_to_cursor (self);
  fettle_chart_cursor_moved (chart, old_selected);
}

static gboolean
get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  border->top = (gint16)FETTLE_BAR_CHART (scrollable)->layout.header_height;
  return TRUE;
}

static void
scrollable_init (GtkScrollableInterface *iface)
{
  iface->get_border = get_border;
}

/* --- files --- */

static void
fill_picture (FettleBarChart *self, FettleBarContents *contents)
{
  fill_contents (self, contents);
  contents->selected = -1;
  contents->hovered = -1;
  contents->focused = FALSE;
}

static void
fettle_bar_chart_get_picture_size (FettleChart *chart, PangoContext *context,
                                   double *width, double *height)
{
  FettleBarContents contents;

  fill_picture (FETTLE_BAR_CHART (chart), &contents);
  *width = PICTURE_WIDTH;
  *height = fettle_bar_chart_get_full_height (&contents, context, PICTURE_WIDTH);
}

static void
fettle_bar_chart_render_picture (FettleChart *chart, cairo_t *cr, PangoContext *context,
                                 const FettlePalette *palette, double width,
                                 double height)
{
  FettleBarContents contents;

  fill_picture (FETTLE_BAR_CHART (chart), &contents);
  fettle_bar_chart_render (cr, context, &contents, palette, width);
}

static void
fettle_bar_chart_append_titles (FettleChart *chart, GString *table, char separator)
{
  fettle_table_append (table, "value", separator);
  fettle_table_append (table, "low", separator);
  fettle_table_append (table, "high", separator);
  fettle_table_append (table, "unit", separator);
}

static void
fettle_bar_chart_append_values (FettleChart *chart, guint index, GString *table,
                                char separator)
{
  FettleBarChart *self = FETTLE_BAR_CHART (chart);
  const FettleBarItem *item = get_bar_item (self, index);

  fettle_table_append_number (table, item->value, separator);
  fettle_table_append_number (table, item->low, separator);
  fettle_table_append_number (table, item->high, separator);
  fettle_table_append (table, self->contents.unit, separator);
}

static void
fettle_bar_chart_finalize (GObject *object)
{
  FettleBarChart *self = FETTLE_BAR_CHART (object);

  g_array_unref (self->items);
  g_free ((char *)self->contents.unit);
  g_free ((char *)self->contents.reference_label);
  G_OBJECT_CLASS (fettle_bar_chart_parent_class)->finalize (object);
}

static void
fettle_bar_chart_class_init (FettleBarChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_bar_chart_finalize;
  FETTLE_SCROLLED_CHART_CLASS (klass)->configure = fettle_bar_chart_configure;
  widget_class->draw = fettle_bar_chart_draw_widget;
  widget_class->get_preferred_height = fettle_bar_chart_get_preferred_height;
  widget_class->style_updated = fettle_bar_chart_style_updated;

  chart_class->minimum_size = (FettleChartSize){ MINIMUM_WIDTH, 0 };
  chart_class->natural_size = (FettleChartSize){ NATURAL_WIDTH, 0 };
  chart_class->lay_out = fettle_bar_chart_lay_out;
  chart_class->get_n_items = fettle_bar_chart_count_items;
  chart_class->get_item = fettle_bar_chart_get_item;
  chart_class->get_item_area = fettle_bar_chart_get_item_area;
  chart_class->get_item_at = fettle_bar_chart_get_item_at;
  chart_class->find_item = fettle_bar_chart_find_item;
  chart_class->selection_changed = fettle_bar_chart_selection_changed;
  chart_class->get_picture_size = fettle_bar_chart_get_picture_size;
  chart_class->render = fettle_bar_chart_render_picture;
  chart_class->append_titles = fettle_bar_chart_append_titles;
  chart_class->append_values = fettle_bar_chart_append_values;
}

static void
fettle_bar_chart_init (FettleBarChart *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (FettleBarItem));
  g_array_set_clear_func (self->items, clear_item);
  self->contents.reference = NAN;
  g_signal_connect (self, "notify::title", G_CALLBACK (invalidate), NULL);
}

GtkWidget *
fettle_bar_chart_new (void)
{
  return g_object_new (FETTLE_TYPE_BAR_CHART, NULL);
}

/* Copies the values of SOURCE; the label stays. */
static void
copy_values (FettleBarChart *self, FettleBarItem *item, const FettleBarItem *source)
{
  g_free ((char *)item->text);
  g_free ((char *)item->description);
  item->known = source->known;
  item->value = source->known ? source->value : NAN;
  item->low = source->known ? source->low : NAN;
  item->high = source->known ? source->high : NAN;
  item->description = g_strdup (source->description);
  if (!source->known)
    item->text = g_strdup ("\u2013");
  else if (source->text != NULL)
    item->text = g_strdup (source->text);
  else
    item->text = fettle_format_number (self->contents.format, source->value);
}

void
fettle_bar_chart_set_items (FettleBarChart *self, const FettleBarItem *items,
                            guint n_items)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  g_return_if_fail (items != NULL || n_items == 0);

  g_array_set_size (self->items, 0);
  g_array_set_size (self->items, n_items);
  for (guint i = 0; i < n_items; i++)
    {
      FettleBarItem *item = &g_array_index (self->items, FettleBarItem, i);

      item->label = g_strdup (items[i].label == NULL ? "" : items[i].label);
      copy_values (self, item, &items[i]);
    }
  invalidate (self);
  fettle_chart_items_changed (FETTLE_CHART (self));
}

/* NAN is the same as NAN here. */
static gboolean
is_same_number (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

static gboolean
has_same_values (const FettleBarItem *a, const FettleBarItem *b)
{
  if (a->known != b->known || g_strcmp0 (a->description, b->description) != 0)
    return FALSE;
  return !a->known
         || (a->value == b->value && is_same_number (a->low, b->low)
             && is_same_number (a->high, b->high)
             && (b->text == NULL || g_strcmp0 (a->text, b->text) == 0));
}

/* Makes the column of values as wide as it must be; never narrower, or the plot would tremble. */
static void
widen_value_column (FettleBarChart *self)
{
  double old_label_width = self->metrics.label_width;
  double old_value_width = self->metrics.value_width;
  FettleBarContents contents;
  FettleBarItem longest = { .known = TRUE };
  glong longest_length = -1;

  for (guint i = 0; i < self->items->len; i++)
    {
      const FettleBarItem *item = get_bar_item (self, i);
      glong length = g_utf8_strlen (item->text, -1);

      if (length <= longest_length)
        continue;
      longest_length = length;
      longest.text = item->text;
    }
  fill_contents (self, &contents);
  contents.items = &longest;
  contents.n_items = longest_length < 0 ? 0 : 1;
  fettle_bar_chart_measure (&contents, gtk_widget_get_pango_context (GTK_WIDGET (self)),
                            &self->metrics);
  self->metrics.label_width = old_label_width;
  self->metrics.value_width = MAX (old_value_width, self->metrics.value_width);
}

void
fettle_bar_chart_set_values (FettleBarChart *self, const FettleBarItem *items,
                             guint n_items)
{
  gboolean changed = FALSE;

  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  g_return_if_fail (n_items == self->items->len);
  g_return_if_fail (items != NULL || n_items == 0);

  for (guint i = 0; i < n_items; i++)
    {
      FettleBarItem *item = &g_array_index (self->items, FettleBarItem, i);

      if (has_same_values (item, &items[i]))
        continue;
      copy_values (self, item, &items[i]);
      fettle_chart_value_changed (FETTLE_CHART (self), i);
      changed = TRUE;
    }
  if (!changed)
    return;
  ensure_metrics (self);
  widen_value_column (self);
  if (update_layout (self))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
fettle_bar_chart_get_n_items (FettleBarChart *self)
{
  g_return_val_if_fail (FETTLE_IS_BAR_CHART (self), 0);
  return self->items->len;
}

void
fettle_bar_chart_set_title (FettleBarChart *self, const char *title)
{
  fettle_chart_set_title (FETTLE_CHART (self), title);
}

void
fettle_bar_chart_set_unit (FettleBarChart *self, const char *unit)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  g_free ((char *)self->contents.unit);
  self->contents.unit = g_strdup (unit);
  invalidate (self);
}

void
fettle_bar_chart_set_format (FettleBarChart *self, FettleNumberFormat format)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  self->contents.format = format;
  invalidate (self);
}

void
fettle_bar_chart_set_scale (FettleBarChart *self, FettleBarScale scale)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  self->contents.scale = scale;
  invalidate (self);
}

void
fettle_bar_chart_set_reference (FettleBarChart *self, double value, const char *label)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  self->contents.reference = value;
  g_free ((char *)self->contents.reference_label);
  self->contents.reference_label = isfinite (value) ? g_strdup (label) : NULL;
  invalidate (self);
}

int
fettle_bar_chart_get_selected (FettleBarChart *self)
{
  return fettle_chart_get_selected (FETTLE_CHART (self));
}

void
fettle_bar_chart_set_selected (FettleBarChart *self, int selected)
{
  fettle_chart_set_selected (FETTLE_CHART (self), selected);
}
