/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map.c: a memory plan as a map. */
#include "widgets/arena-map.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/row-walk.h"

#define MINIMUM_WIDTH  360
#define MINIMUM_HEIGHT 240
#define NATURAL_WIDTH  720
#define NATURAL_HEIGHT 420
#define PICTURE_WIDTH  1000
#define PICTURE_HEIGHT 600

struct _FettleArenaMap
{
  FettleChart parent_instance;

  GArray
      *items; /* FettleArenaItem, with strings of our own, by first step, then address */
  GPtrArray *sizes; /* of the items, as people read them */
  guint n_steps;
  guint64 high_water, lower_bound, budget;
  int cursor; /* item, -1: none */
  FettleArenaLayout layout;
};

G_DEFINE_TYPE (FettleArenaMap, fettle_arena_map, FETTLE_TYPE_CHART)

static void
clear_item (gpointer data)
{
  FettleArenaItem *item = data;

  g_free ((char *)item->label);
  g_free ((char *)item->description);
}

static const FettleArenaItem *
get_buffer (FettleArenaMap *self, guint index)
{
  g_assert (index < self->items->len);
  return &g_array_index (self->items, FettleArenaItem, index);
}

static void
fill_contents (FettleArenaMap *self, FettleArenaContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);

  *contents = (FettleArenaContents){
    .title = fettle_chart_get_title (chart),
    .empty_text = fettle_chart_get_empty_text (chart),
    .words = *fettle_arena_map_get_default_words (),
    .items = (const FettleArenaItem *)self->items->data,
    .n_items = self->items->len,
    .n_steps = self->n_steps,
    .high_water = self->high_water,
    .lower_bound = self->lower_bound,
    .budget = self->budget,
    .selected = fettle_chart_get_selected (chart),
    .hovered = fettle_chart_get_hovered (chart),
    .cursor = gtk_widget_has_visible_focus (GTK_WIDGET (self)) ? self->cursor : -1,
  };
}

static void
fettle_arena_map_lay_out (FettleChart *chart)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);
  GtkWidget *widget = GTK_WIDGET (chart);
  FettleArenaContents contents;

  fill_contents (self, &contents);
  fettle_arena_map_init_layout (&contents, gtk_widget_get_pango_context (widget),
                                gtk_widget_get_allocated_width (widget),
                                gtk_widget_get_allocated_height (widget), &self->layout);
  gtk_widget_queue_draw (widget);
}

static gboolean
fettle_arena_map_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (widget);
  FettleArenaContents contents;

  fill_contents (self, &contents);
  fettle_arena_map_draw (cr, gtk_widget_get_pango_context (widget), &contents,
                         &self->layout, fettle_chart_get_palette (FETTLE_CHART (self)));
  return GDK_EVENT_PROPAGATE;
}

static guint
fettle_arena_map_get_n_items (FettleChart *chart)
{
  return FETTLE_ARENA_MAP (chart)->items->len;
}

static void
fettle_arena_map_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);
  const FettleArenaItem *buffer = get_buffer (self, index);

  item->name = buffer->label;
  item->description = buffer->description;
  item->text = g_ptr_array_index (self->sizes, index);
  item->value = (double)buffer->size;
  item->minimum = 0;
  item->maximum = self->layout.axis.maximum;
}

static gboolean
fettle_arena_map_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);
  const FettleArenaItem *item = get_buffer (self, index);
  FettleRectangle rectangle;

  fettle_arena_layout_get_buffer (&self->layout, item->first, item->last, item->offset,
                                  item->size, &rectangle);
  *area = (GdkRectangle){ (int)rectangle.x, (int)rectangle.y, (int)rectangle.width,
                          (int)rectangle.height };
  return TRUE;
}

static int
fettle_arena_map_get_item_at (FettleChart *chart, double x, double y)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);
  FettleRectangle area;

  /* What is drawn last lies on top. */
  for (guint i = self->items->len; i-- > 0;)
    {
      const FettleArenaItem *item = get_buffer (self, i);

      fettle_arena_layout_get_buffer (&self->layout, item->first, item->last,
                                      item->offset, item->size, &area);
      if (x >= area.x && x < area.x + area.width && y >= area.y
          && y < area.y + area.height)
        return (int)i;
    }
  return -1;
}

static int
fettle_arena_map_get_cursor (FettleChart *chart)
{
  return FETTLE_ARENA_MAP (chart)->cursor;
}

static void
move_cursor (FettleArenaMap *self, int cursor)
{
  int old_cursor = self->cursor;

  self->cursor = cursor;
  fettle_chart_cursor_moved (FETTLE_CHART (self), old_cursor);
}

static void
fettle_arena_map_set_cursor (FettleChart *chart, int index)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);

  move_cursor (self, index);
  fettle_chart_set_selected (chart, index < 0 ? -1 : get_buffer (self, index)->layer);
}

/* Left and right: the buffers in the order of their first steps; up and down: the next one above or
 * below among those that live at the cursor's first step. */
static int
find_vertical (FettleArenaMap *self, gboolean up)
{
  const FettleArenaItem *from = get_buffer (self, (guint)self->cursor);
  int found = -1;

  for (guint i = 0; i < self->items->len; i++)
    {
      const FettleArenaItem *item = get_buffer (self, i);
      gboolean is_beyond = up ? item->offset > from->offset : item->offset < from->offset;

      if (!is_beyond || item->first > from->last || item->last < from->first)
        continue;
      if (found < 0 || (item->offset < get_buffer (self, (guint)found)->offset) == up)
        found = (int)i;
    }
  return found < 0 ? self->cursor : found;
}

static int
fettle_arena_map_find_item (FettleChart *chart, guint keyval)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (chart);
  int last = (int)self->items->len - 1;

  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return self->cursor < 0 ? MIN (0, last) : find_vertical (self, TRUE);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return self->cursor < 0 ? MIN (0, last) : find_vertical (self, FALSE);
    default:
      return fettle_row_walk (self->cursor, self->items->len, keyval,
                              GTK_ORIENTATION_HORIZONTAL, 0);
    }
}

/* The first buffer that layer LAYER writes, rather a tensor than scratch; or -1. */
static int
find_output (FettleArenaMap *self, int layer)
{
  int found = -1;

  for (guint i = 0; i < self->items->len && layer >= 0; i++)
    {
      const FettleArenaItem *item = get_buffer (self, i);

      if (item->layer != layer)
        continue;
      if (!item->scratch)
        return (int)i;
      found = found < 0 ? (int)i : found;
    }
  return found;
}

/* Moves the cursor to the selected layer, unless it is there already. */
static void
follow_selection (FettleArenaMap *self)
{
  int selected = fettle_chart_get_selected (FETTLE_CHART (self));

  if (self->cursor < 0 || get_buffer (self, (guint)self->cursor)->layer != selected)
    move_cursor (self, find_output (self, selected));
}

static void
fettle_arena_map_selection_changed (FettleChart *chart, int old_selected)
{
  follow_selection (FETTLE_ARENA_MAP (chart));
  gtk_widget_queue_draw (GTK_WIDGET (chart));
}

static void
fettle_arena_map_render_picture (FettleChart *chart, cairo_t *cr, PangoContext *context,
                                 const FettlePalette *palette, double width,
                                 double height)
{
  FettleArenaContents contents;

  fill_contents (FETTLE_ARENA_MAP (chart), &contents);
  contents.selected = -1;
  contents.hovered = -1;
  contents.cursor = -1;
  fettle_arena_map_render (cr, context, &contents, palette, width, height);
}

static void
fettle_arena_map_append_titles (FettleChart *chart, GString *table, char separator)
{
  static const char *const titles[] = { "layer", "first", "last", "offset", "bytes" };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    fettle_table_append (table, titles[i], separator);
}

static void
fettle_arena_map_append_values (FettleChart *chart, guint index, GString *table,
                                char separator)
{
  const FettleArenaItem *item = get_buffer (FETTLE_ARENA_MAP (chart), index);

  fettle_table_append_number (table, item->layer, separator);
  fettle_table_append_number (table, item->first, separator);
  fettle_table_append_number (table, item->last, separator);
  fettle_table_append_number (table, (double)item->offset, separator);
  fettle_table_append_number (table, (double)item->size, separator);
}

static void
fettle_arena_map_finalize (GObject *object)
{
  FettleArenaMap *self = FETTLE_ARENA_MAP (object);

  g_array_unref (self->items);
  g_ptr_array_unref (self->sizes);
  G_OBJECT_CLASS (fettle_arena_map_parent_class)->finalize (object);
}

static void
fettle_arena_map_class_init (FettleArenaMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_arena_map_finalize;
  widget_class->draw = fettle_arena_map_draw_widget;
  chart_class->minimum_size = (FettleChartSize){ MINIMUM_WIDTH, MINIMUM_HEIGHT };
  chart_class->natural_size = (FettleChartSize){ NATURAL_WIDTH, NATURAL_HEIGHT };
  chart_class->picture_size = (FettleChartSize){ PICTURE_WIDTH, PICTURE_HEIGHT };
  chart_class->lay_out = fettle_arena_map_lay_out;
  chart_class->get_n_items = fettle_arena_map_get_n_items;
  chart_class->get_item = fettle_arena_map_get_item;
  chart_class->get_item_area = fettle_arena_map_get_item_area;
  chart_class->get_item_at = fettle_arena_map_get_item_at;
  chart_class->get_cursor = fettle_arena_map_get_cursor;
  chart_class->set_cursor = fettle_arena_map_set_cursor;
  chart_class->find_item = fettle_arena_map_find_item;
  chart_class->selection_changed = fettle_arena_map_selection_changed;
  chart_class->render = fettle_arena_map_render_picture;
  chart_class->append_titles = fettle_arena_map_append_titles;
  chart_class->append_values = fettle_arena_map_append_values;
}

static void
fettle_arena_map_init (FettleArenaMap *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (FettleArenaItem));
  g_array_set_clear_func (self->items, clear_item);
  self->sizes = g_ptr_array_new_with_free_func (g_free);
  self->cursor = -1;
  g_signal_connect (self, "notify::title", G_CALLBACK (fettle_arena_map_lay_out), NULL);
}

GtkWidget *
fettle_arena_map_new (void)
{
  return g_object_new (FETTLE_TYPE_ARENA_MAP, NULL);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const FettleArenaItem *x = a, *y = b;

  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  return (x->offset > y->offset) - (x->offset < y->offset);
}

void
fettle_arena_map_set_items (FettleArenaMap *self, const FettleArenaItem *items,
                            guint n_items, guint n_steps)
{
  g_return_if_fail (FETTLE_IS_ARENA_MAP (self));
  g_return_if_fail (items != NULL || n_items == 0);

  g_array_set_size (self->items, 0);
  g_ptr_array_set_size (self->sizes, 0);
  for (guint i = 0; i < n_items; i++)
    {
      FettleArenaItem item = items[i];

      item.label = g_strdup (item.label == NULL ? "" : item.label);
      item.description = g_strdup (item.description);
      g_array_append_val (self->items, item);
    }
  g_array_sort (self->items, compare_items);
  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (self->sizes,
                     fettle_format_bytes ((double)get_buffer (self, i)->size));
  self->n_steps = n_steps;
  self->cursor = find_output (self, fettle_chart_get_selected (FETTLE_CHART (self)));
  fettle_arena_map_lay_out (FETTLE_CHART (self));
  fettle_chart_items_changed (FETTLE_CHART (self));
}

void
fettle_arena_map_set_limits (FettleArenaMap *self, guint64 high_water,
                             guint64 lower_bound, guint64 budget)
{
  g_return_if_fail (FETTLE_IS_ARENA_MAP (self));

  self->high_water = high_water;
  self->lower_bound = lower_bound;
  self->budget = budget;
  fettle_arena_map_lay_out (FETTLE_CHART (self));
}

void
fettle_arena_map_set_title (FettleArenaMap *self, const char *title)
{
  fettle_chart_set_title (FETTLE_CHART (self), title);
}

int
fettle_arena_map_get_selected (FettleArenaMap *self)
{
  return fettle_chart_get_selected (FETTLE_CHART (self));
}

void
fettle_arena_map_set_selected (FettleArenaMap *self, int layer)
{
  fettle_chart_set_selected (FETTLE_CHART (self), layer);
}
