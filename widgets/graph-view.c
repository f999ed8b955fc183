/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-view.c: a graph drawn in layers, to zoom, to search and to walk through. */
#include "widgets/graph-view.h"
#include "widgets/chart-private.h"
#include "widgets/graph-search.h"
#include "widgets/graph-walk.h"
#include "widgets/zoom-area.h"

#include <math.h>

#define MINIMUM_SIDE   240
#define NATURAL_WIDTH  720
#define NATURAL_HEIGHT 480
#define READABLE_ZOOM  0.85 /* at first; the whole graph may be too small for it */
#define DRAG_FROM      4    /* pixels: less is a click */

struct _FettleGraphView
{
  FettleScrolledChart parent_instance;

  GArray *nodes;     /* FettleGraphNode, with strings of our own */
  GArray *edges;     /* FettleGraphEdge */
  GArray *values;    /* FettleGraphValue, or empty: nothing is measured */
  gboolean *matches; /* per node; NULL: nothing is searched for */
  GPtrArray *spoken; /* value of each node as people read it */
  char *measure;
  FettleNumberFormat format;

  FettleGraphLayout *layout; /* NULL: not there yet */
  GCancellable *cancellable; /* of the layout under way */
  FettleGraphTexts *texts;
  FettleZoomArea area;
  gboolean is_placed; /* the first zoom was chosen */

  gboolean is_dragged;
  double drag_x, drag_y; /* where the pointer was when it began */
  double drag_scroll_x, drag_scroll_y;
};

enum
{
  PROP_ZOOM = 1,
};

static guint laid_out_signal;

G_DEFINE_TYPE (FettleGraphView, fettle_graph_view, FETTLE_TYPE_SCROLLED_CHART)

static void
clear_node (gpointer data)
{
  FettleGraphNode *node = data;

  g_free ((char *)node->title);
  g_free ((char *)node->name);
  g_free ((char *)node->detail);
  g_free ((char *)node->description);
}

static const FettleGraphNode *
get_node (FettleGraphView *self, guint index)
{
  g_assert (index < self->nodes->len);
  return &g_array_index (self->nodes, FettleGraphNode, index);
}

static void
fill_contents (FettleGraphView *self, FettleGraphContents *contents)
{
  FettleChart *chart = FETTLE_CHART (self);

  *contents = (FettleGraphContents){
    .nodes = (const FettleGraphNode *)self->nodes->data,
    .n_nodes = self->nodes->len,
    .edges = (const FettleGraphEdge *)self->edges->data,
    .n_edges = self->edges->len,
    .values = self->values->len > 0 ? (const FettleGraphValue *)self->values->data : NULL,
    .measure = self->measure,
    .format = self->format,
    .matches = self->matches,
    .empty_text = fettle_chart_get_empty_text (chart),
    .selected = fettle_chart_get_selected (chart),
    .hovered = fettle_chart_get_hovered (chart),
    .focused = gtk_widget_has_visible_focus (GTK_WIDGET (self)),
  };
}

/* --- what is seen --- */

static void
fettle_graph_view_configure (FettleScrolledChart *scrolled)
{
  FettleZoomArea *area = &FETTLE_GRAPH_VIEW (scrolled)->area;

  for (guint axis = 0; axis < 2; axis++)
    area->adjustments[axis] = fettle_scrolled_chart_get_adjustment (scrolled, axis);
  fettle_zoom_area_configure (area);
}

static void
update_area (FettleGraphView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->area.lengths[0] = self->layout != NULL ? self->layout->width : 0;
  self->area.lengths[1] = self->layout != NULL ? self->layout->height : 0;
  self->area.sides[0] = gtk_widget_get_allocated_width (widget);
  self->area.sides[1] = gtk_widget_get_allocated_height (widget);
  fettle_zoom_area_configure (&self->area);
  gtk_widget_queue_draw (widget);
}

static void
zoom_around (FettleGraphView *self, double zoom, double x, double y)
{
  if (!fettle_zoom_area_zoom_around (&self->area, zoom, x, y))
    return;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify (G_OBJECT (self), "zoom");
}

static void
reveal (FettleGraphView *self, int index)
{
  if (self->layout != NULL && self->is_placed && index >= 0)
    fettle_zoom_area_reveal (&self->area, &self->layout->nodes[index]);
}

/* As soon as there are a layout and a size: everything if it can be read, else its beginning. */
static void
place_first (FettleGraphView *self)
{
  FettleZoomArea *area = &self->area;

  update_area (self);
  if (self->layout == NULL || self->is_placed || area->sides[0] <= 1)
    return;
  self->is_placed = TRUE;
  area->zoom = CLAMP (fettle_zoom_area_get_fitting (area), READABLE_ZOOM, 1);
  fettle_zoom_area_configure (area);
  fettle_zoom_area_set_scroll (area, 0,
                               (area->lengths[0] * area->zoom - area->sides[0]) / 2);
  fettle_zoom_area_set_scroll (area, 1, 0);
  g_object_notify (G_OBJECT (self), "zoom");
  reveal (self, fettle_chart_get_cursor (FETTLE_CHART (self)));
}

/* --- the layout --- */

static void
shape_free (gpointer data)
{
  FettleGraphShape *shape = data;

  g_free ((double *)shape->widths);
  g_free ((double *)shape->heights);
  g_free ((FettleGraphEdge *)shape->edges);
  g_free (shape);
}

static FettleGraphShape *
copy_shape (FettleGraphView *self)
{
  FettleGraphShape *shape = g_new0 (FettleGraphShape, 1);
  guint n = self->nodes->len;
  double *widths = g_new (double, n + 1);
  double *heights = g_new (double, n + 1);
  FettleGraphContents contents;
  double width, height;

  fill_contents (self, &contents);
  fettle_graph_view_measure (&contents, gtk_widget_get_pango_context (GTK_WIDGET (self)),
                             &width, &height);
  for (guint i = 0; i < n; i++)
    {
      widths[i] = width;
      heights[i] = height;
    }
  *shape = (FettleGraphShape){
    .n_nodes = n,
    .widths = widths,
    .heights = heights,
    .n_edges = self->edges->len,
    .edges = g_memdup2 (self->edges->data, self->edges->len * sizeof (FettleGraphEdge)),
  };
  return shape;
}

static void
lay_out_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FettleGraphLayout *layout = fettle_graph_layout_new (data, cancellable);

  g_task_return_pointer (task, layout, (GDestroyNotify)fettle_graph_layout_free);
}

static void
layout_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (source);
  g_autoptr (FettleGraphLayout) layout = g_task_propagate_pointer (G_TASK (result), NULL);

  if (layout == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  self->layout = g_steal_pointer (&layout);
  place_first (self);
  g_signal_emit (self, laid_out_signal, 0);
}

static void
cancel_layout (FettleGraphView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
start_layout (FettleGraphView *self)
{
  g_autoptr (GTask) task = NULL;

  cancel_layout (self);
  g_clear_pointer (&self->layout, fettle_graph_layout_free);
  g_clear_pointer (&self->texts, fettle_graph_texts_free);
  self->is_placed = FALSE;
  if (self->nodes->len == 0)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, layout_done, NULL);
  g_task_set_task_data (task, copy_shape (self), shape_free);
  g_task_run_in_thread (task, lay_out_in_thread);
}

/* --- the widget --- */

static gboolean
fettle_graph_view_draw_widget (GtkWidget *widget, cairo_t *cr)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);
  FettleGraphContents contents;
  FettleGraphViewport viewport;

  if (self->texts == NULL)
    self->texts = fettle_graph_texts_new (self->nodes->len);
  fill_contents (self, &contents);
  viewport = (FettleGraphViewport){
    .x = fettle_zoom_area_get_scroll (&self->area, 0) / self->area.zoom,
    .y = fettle_zoom_area_get_scroll (&self->area, 1) / self->area.zoom,
    .zoom = self->area.zoom,
    .width = self->area.sides[0],
    .height = self->area.sides[1],
  };
  fettle_graph_view_draw (cr, gtk_widget_get_pango_context (widget), &contents,
                          self->layout, self->texts,
                          fettle_chart_get_palette (FETTLE_CHART (self)), &viewport);
  return GDK_EVENT_PROPAGATE;
}

static void
fettle_graph_view_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);

  GTK_WIDGET_CLASS (fettle_graph_view_parent_class)->size_allocate (widget, allocation);
  place_first (self);
}

/* Another font makes other nodes. */
static void
fettle_graph_view_style_updated (GtkWidget *widget)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);

  GTK_WIDGET_CLASS (fettle_graph_view_parent_class)->style_updated (widget);
  if (self->layout != NULL)
    start_layout (self);
}

static gboolean
fettle_graph_view_scroll_event (GtkWidget *widget, GdkEventScroll *event)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);
  double steps = 0;

  if (!(event->state & GDK_CONTROL_MASK) || self->layout == NULL)
    return GDK_EVENT_PROPAGATE;
  if (event->direction == GDK_SCROLL_SMOOTH)
    steps = -event->delta_y;
  else if (event->direction == GDK_SCROLL_UP || event->direction == GDK_SCROLL_DOWN)
    steps = event->direction == GDK_SCROLL_UP ? 1 : -1;
  zoom_around (self, self->area.zoom * pow (FETTLE_ZOOM_STEP, steps), event->x, event->y);
  return GDK_EVENT_STOP;
}

static gboolean
fettle_graph_view_button_press_event (GtkWidget *widget, GdkEventButton *event)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);
  int item = FETTLE_CHART_GET_CLASS (self)->get_item_at (FETTLE_CHART (self), event->x,
                                                         event->y);

  if (event->type != GDK_BUTTON_PRESS
      || !(event->button == GDK_BUTTON_MIDDLE
           || (event->button == GDK_BUTTON_PRIMARY && item < 0)))
    return GTK_WIDGET_CLASS (fettle_graph_view_parent_class)
        ->button_press_event (widget, event);
  gtk_widget_grab_focus (widget);
  self->is_dragged = TRUE;
  self->drag_x = event->x_root;
  self->drag_y = event->y_root;
  self->drag_scroll_x = fettle_zoom_area_get_scroll (&self->area, 0);
  self->drag_scroll_y = fettle_zoom_area_get_scroll (&self->area, 1);
  return GDK_EVENT_STOP;
}

static gboolean
fettle_graph_view_motion_notify_event (GtkWidget *widget, GdkEventMotion *event)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);

  if (!self->is_dragged)
    return GTK_WIDGET_CLASS (fettle_graph_view_parent_class)
        ->motion_notify_event (widget, event);
  fettle_zoom_area_set_scroll (&self->area, 0,
                               self->drag_scroll_x + self->drag_x - event->x_root);
  fettle_zoom_area_set_scroll (&self->area, 1,
                               self->drag_scroll_y + self->drag_y - event->y_root);
  return GDK_EVENT_STOP;
}

/* A click on the background selects nothing; a drag leaves what is selected. */
static gboolean
fettle_graph_view_button_release_event (GtkWidget *widget, GdkEventButton *event)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);
  gboolean was_dragged = self->is_dragged;

  self->is_dragged = FALSE;
  if (was_dragged && event->button == GDK_BUTTON_PRIMARY
      && hypot (event->x_root - self->drag_x, event->y_root - self->drag_y) < DRAG_FROM)
    fettle_chart_activate (FETTLE_CHART (self), -1);
  return was_dragged ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static gboolean
fettle_graph_view_key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (widget);
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  double zoom = fettle_zoom_area_get_zoom_for_key (&self->area, event->keyval);

  if ((modifiers & ~GDK_SHIFT_MASK) == 0 && zoom > 0)
    {
      fettle_graph_view_set_zoom (self, zoom);
      return GDK_EVENT_STOP;
    }
  return GTK_WIDGET_CLASS (fettle_graph_view_parent_class)
      ->key_press_event (widget, event);
}

/* --- items --- */

static guint
fettle_graph_view_get_n_items (FettleChart *chart)
{
  return FETTLE_GRAPH_VIEW (chart)->nodes->len;
}

static void
fettle_graph_view_get_item (FettleChart *chart, guint index, FettleChartItem *item)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);
  const FettleGraphNode *node = get_node (self, index);
  FettleGraphContents contents;

  fill_contents (self, &contents);
  *item = (FettleChartItem){ .name = node->name, .description = node->description };
  if (contents.values == NULL)
    {
      item->text = node->detail;
      return;
    }
  item->text = g_ptr_array_index (self->spoken, index);
  item->value = contents.values[index].known ? contents.values[index].value : 0;
  item->maximum = fettle_graph_view_get_maximum (&contents);
}

static gboolean
fettle_graph_view_get_item_area (FettleChart *chart, guint index, GdkRectangle *area)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);
  FettleRectangle node;

  *area = (GdkRectangle){ 0, 0, 0, 0 };
  if (self->layout == NULL)
    return FALSE;
  fettle_zoom_area_map (&self->area, &self->layout->nodes[index], &node);
  *area = (GdkRectangle){ (int)floor (node.x), (int)floor (node.y),
                          (int)ceil (node.width) + 1, (int)ceil (node.height) + 1 };
  return fettle_zoom_area_is_seen (&self->area, &self->layout->nodes[index]);
}

static int
fettle_graph_view_get_item_at (FettleChart *chart, double x, double y)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);

  if (self->layout == NULL)
    return -1;
  fettle_zoom_area_unmap (&self->area, &x, &y);
  return fettle_graph_layout_find_node (self->layout, x, y);
}

static int
fettle_graph_view_find_item (FettleChart *chart, guint keyval)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);
  int cursor = fettle_chart_get_cursor (chart);

  if (self->layout == NULL)
    return -1;
  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return fettle_graph_walk_along_edge (
          self->layout, (const FettleGraphEdge *)self->edges->data, self->edges->len,
          cursor, keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down);
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return fettle_graph_walk_along_layer (self->layout, cursor, FALSE);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return fettle_graph_walk_along_layer (self->layout, cursor, TRUE);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return 0;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return (int)self->nodes->len - 1;
    default:
      return -1;
    }
}

static void
fettle_graph_view_selection_changed (FettleChart *chart, int old_selected)
{
  reveal (FETTLE_GRAPH_VIEW (chart), fettle_chart_get_cursor (chart));
  fettle_chart_cursor_moved (chart, old_selected);
  /* The edges of both nodes, too. */
  gtk_widget_queue_draw (GTK_WIDGET (chart));
}

static void
fettle_graph_view_get_picture_size (FettleChart *chart, PangoContext *context,
                                    double *width, double *height)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);
  FettleGraphContents contents;

  *width = *height = MINIMUM_SIDE;
  fill_contents (self, &contents);
  if (self->layout != NULL)
    fettle_graph_view_get_full_size (&contents, context, self->layout, width, height);
}

static void
fettle_graph_view_render_picture (FettleChart *chart, cairo_t *cr, PangoContext *context,
                                  const FettlePalette *palette, double width,
                                  double height)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (chart);
  FettleGraphContents contents;

  fill_contents (self, &contents);
  contents.selected = -1;
  contents.hovered = -1;
  contents.matches = NULL;
  if (self->layout != NULL)
    fettle_graph_view_render (cr, context, &contents, self->layout, palette);
}

/* --- the object --- */

static void
fettle_graph_view_get_property (GObject *object, guint id, GValue *value,
                                GParamSpec *pspec)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_ZOOM:
      g_value_set_double (value, self->area.zoom);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_graph_view_set_property (GObject *object, guint id, const GValue *value,
                                GParamSpec *pspec)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_ZOOM:
      fettle_graph_view_set_zoom (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_graph_view_dispose (GObject *object)
{
  cancel_layout (FETTLE_GRAPH_VIEW (object));
  G_OBJECT_CLASS (fettle_graph_view_parent_class)->dispose (object);
}

static void
fettle_graph_view_finalize (GObject *object)
{
  FettleGraphView *self = FETTLE_GRAPH_VIEW (object);

  g_array_unref (self->nodes);
  g_array_unref (self->edges);
  g_array_unref (self->values);
  g_ptr_array_unref (self->spoken);
  g_free (self->matches);
  g_free (self->measure);
  g_clear_pointer (&self->layout, fettle_graph_layout_free);
  g_clear_pointer (&self->texts, fettle_graph_texts_free);
  G_OBJECT_CLASS (fettle_graph_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  object_class->get_property = fettle_graph_view_get_property;
  object_class->set_property = fettle_graph_view_set_property;
  g_object_class_install_property (
      object_class, PROP_ZOOM,
      g_param_spec_double ("zoom", "Zoom", "How large it is drawn", FETTLE_ZOOM_MINIMUM,
                           FETTLE_ZOOM_MAXIMUM, 1,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                               | G_PARAM_STATIC_STRINGS));
}

static void
fettle_graph_view_class_init (FettleGraphViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FettleChartClass *chart_class = FETTLE_CHART_CLASS (klass);

  object_class->dispose = fettle_graph_view_dispose;
  object_class->finalize = fettle_graph_view_finalize;
  install_properties (object_class);
  FETTLE_SCROLLED_CHART_CLASS (klass)->configure = fettle_graph_view_configure;
  widget_class->draw = fettle_graph_view_draw_widget;
  widget_class->size_allocate = fettle_graph_view_size_allocate;
  widget_class->style_updated = fettle_graph_view_style_updated;
  widget_class->scroll_event = fettle_graph_view_scroll_event;
  widget_class->button_press_event = fettle_graph_view_button_press_event;
  widget_class->button_release_event = fettle_graph_view_button_release_event;
  widget_class->motion_notify_event = fettle_graph_view_motion_notify_event;
  widget_class->key_press_event = fettle_graph_view_key_press_event;
  chart_class->minimum_size = (FettleChartSize){ MINIMUM_SIDE, MINIMUM_SIDE };
  chart_class->natural_size = (FettleChartSize){ NATURAL_WIDTH, NATURAL_HEIGHT };
  chart_class->get_n_items = fettle_graph_view_get_n_items;
  chart_class->get_item = fettle_graph_view_get_item;
  chart_class->get_item_area = fettle_graph_view_get_item_area;
  chart_class->get_item_at = fettle_graph_view_get_item_at;
  chart_class->find_item = fettle_graph_view_find_item;
  chart_class->selection_changed = fettle_graph_view_selection_changed;
  chart_class->get_picture_size = fettle_graph_view_get_picture_size;
  chart_class->render = fettle_graph_view_render_picture;
  laid_out_signal = g_signal_new ("laid-out", G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_graph_view_init (FettleGraphView *self)
{
  self->nodes = g_array_new (FALSE, TRUE, sizeof (FettleGraphNode));
  g_array_set_clear_func (self->nodes, clear_node);
  self->edges = g_array_new (FALSE, FALSE, sizeof (FettleGraphEdge));
  self->values = g_array_new (FALSE, FALSE, sizeof (FettleGraphValue));
  self->spoken = g_ptr_array_new_with_free_func (g_free);
  self->area.zoom = 1;
  gtk_widget_add_events (GTK_WIDGET (self), GDK_SCROLL_MASK | GDK_SMOOTH_SCROLL_MASK
                                                | GDK_BUTTON_RELEASE_MASK);
}

GtkWidget *
fettle_graph_view_new (void)
{
  return g_object_new (FETTLE_TYPE_GRAPH_VIEW, NULL);
}

void
fettle_graph_view_set_graph (FettleGraphView *self, const FettleGraphNode *nodes,
                             guint n_nodes, const FettleGraphEdge *edges, guint n_edges)
{
  g_return_if_fail (FETTLE_IS_GRAPH_VIEW (self));
  g_return_if_fail (nodes != NULL || n_nodes == 0);
  g_return_if_fail (edges != NULL || n_edges == 0);

  g_array_set_size (self->nodes, 0);
  g_array_set_size (self->edges, 0);
  g_array_set_size (self->values, 0);
  g_ptr_array_set_size (self->spoken, 0);
  g_clear_pointer (&self->matches, g_free);
  for (guint i = 0; i < n_nodes; i++)
    {
      FettleGraphNode node = nodes[i];

      node.title = g_strdup (node.title != NULL ? node.title : "");
      node.name = g_strdup (node.name != NULL ? node.name : "");
      node.detail = g_strdup (node.detail != NULL ? node.detail : "");
      node.description = g_strdup (node.description);
      g_array_append_val (self->nodes, node);
    }
  for (guint i = 0; i < n_edges; i++)
    if (edges[i].from < n_nodes && edges[i].to < n_nodes)
      g_array_append_val (self->edges, edges[i]);
  start_layout (self);
  fettle_chart_items_changed (FETTLE_CHART (self));
}

void
fettle_graph_view_set_values (FettleGraphView *self, const FettleGraphValue *values,
                              const char *measure, FettleNumberFormat format)
{
  g_return_if_fail (FETTLE_IS_GRAPH_VIEW (self));

  g_array_set_size (self->values, 0);
  g_ptr_array_set_size (self->spoken, 0);
  g_free (self->measure);
  self->measure = g_strdup (measure);
  self->format = format;
  g_clear_pointer (&self->texts, fettle_graph_texts_free);
  if (values != NULL)
    g_array_append_vals (self->values, values, self->nodes->len);
  for (guint i = 0; i < self->values->len; i++)
    {
      g_ptr_array_add (self->spoken, values[i].known
                                         ? fettle_format_number (format, values[i].value)
                                         : g_strdup ("\u2013"));
      fettle_chart_value_changed (FETTLE_CHART (self), i);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
fettle_graph_view_search (FettleGraphView *self, const char *text)
{
  guint n_matches;

  g_return_val_if_fail (FETTLE_IS_GRAPH_VIEW (self), 0);

  g_clear_pointer (&self->matches, g_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (text == NULL || text[0] == '\0')
    return self->nodes->len;
  self->matches = fettle_graph_find_matches ((const FettleGraphNode *)self->nodes->data,
                                             self->nodes->len, text, &n_matches);
  return n_matches;
}

void
fettle_graph_view_go_to_match (FettleGraphView *self, gboolean forwards)
{
  int match;

  g_return_if_fail (FETTLE_IS_GRAPH_VIEW (self));

  if (self->matches == NULL)
    return;
  match = fettle_graph_find_next_match (self->matches, self->nodes->len,
                                        fettle_chart_get_cursor (FETTLE_CHART (self)),
                                        forwards);
  if (match >= 0)
    fettle_chart_activate (FETTLE_CHART (self), match);
}

gboolean
fettle_graph_view_is_laid_out (FettleGraphView *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH_VIEW (self), FALSE);
  return self->layout != NULL;
}

double
fettle_graph_view_get_zoom (FettleGraphView *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH_VIEW (self), 1);
  return self->area.zoom;
}

void
fettle_graph_view_set_zoom (FettleGraphView *self, double zoom)
{
  g_return_if_fail (FETTLE_IS_GRAPH_VIEW (self));

  self->is_placed = TRUE;
  zoom_around (self, zoom, self->area.sides[0] / 2, self->area.sides[1] / 2);
}

void
fettle_graph_view_zoom_to_fit (FettleGraphView *self)
{
  g_return_if_fail (FETTLE_IS_GRAPH_VIEW (self));

  if (self->layout != NULL)
    fettle_graph_view_set_zoom (self,
                                MIN (fettle_zoom_area_get_fitting (&self->area), 1));
}
