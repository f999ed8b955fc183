/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c: what all charts share. */
#include "widgets/chart-accessible.h"
#include "widgets/chart-export.h"
#include "widgets/chart-private.h"
#include "widgets/style.h"

typedef struct
{
  char *title;
  char *empty_text;
  int selected;
  int hovered;
  FettlePalette palette;
  gboolean palette_is_valid;
} FettleChartPrivate;

enum
{
  PROP_TITLE = 1,
  PROP_EMPTY_TEXT,
  PROP_SELECTED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];
static guint selection_changed_signal;
static GMenuModel *chart_menu;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FettleChart, fettle_chart, GTK_TYPE_DRAWING_AREA)

static void
set_hovered (FettleChart *self, int hovered)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  if (priv->hovered == hovered)
    return;
  fettle_chart_queue_draw_item (self, priv->hovered);
  fettle_chart_queue_draw_item (self, hovered);
  priv->hovered = hovered;
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
}

static gboolean
fettle_chart_motion_notify_event (GtkWidget *widget, GdkEventMotion *event)
{
  FettleChart *self = FETTLE_CHART (widget);

  set_hovered (self,
               FETTLE_CHART_GET_CLASS (self)->get_item_at (self, event->x, event->y));
  return GDK_EVENT_PROPAGATE;
}

static gboolean
fettle_chart_leave_notify_event (GtkWidget *widget, GdkEventCrossing *event)
{
  set_hovered (FETTLE_CHART (widget), -1);
  return GDK_EVENT_PROPAGATE;
}

static void
open_menu (FettleChart *self, const GdkEvent *event)
{
  GtkWidget *menu = gtk_menu_new_from_model (chart_menu);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_menu_attach_to_widget (GTK_MENU (menu), GTK_WIDGET (self), NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_menu_detach), NULL);
  if (event != NULL)
    gtk_menu_popup_at_pointer (GTK_MENU (menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (menu), GTK_WIDGET (self), GDK_GRAVITY_CENTER,
                              GDK_GRAVITY_CENTER, NULL);
}

static gboolean
fettle_chart_popup_menu (GtkWidget *widget)
{
  if (chart_menu == NULL)
    return FALSE;
  open_menu (FETTLE_CHART (widget), NULL);
  return TRUE;
}

static gboolean
fettle_chart_button_press_event (GtkWidget *widget, GdkEventButton *event)
{
  FettleChart *self = FETTLE_CHART (widget);

  if (gdk_event_triggers_context_menu ((GdkEvent *)event) && chart_menu != NULL)
    {
      open_menu (self, (GdkEvent *)event);
      return GDK_EVENT_STOP;
    }
  if (event->button != GDK_BUTTON_PRIMARY || event->type != GDK_BUTTON_PRESS)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (widget);
  fettle_chart_activate (
      self, FETTLE_CHART_GET_CLASS (self)->get_item_at (self, event->x, event->y));
  return GDK_EVENT_STOP;
}

static gboolean
fettle_chart_key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  FettleChart *self = FETTLE_CHART (widget);
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  int item = -1;

  if (modifiers == 0)
    item = FETTLE_CHART_GET_CLASS (self)->find_item (self, event->keyval);
  if (item >= 0)
    {
      fettle_chart_activate (self, item);
      return GDK_EVENT_STOP;
    }
  return GTK_WIDGET_CLASS (fettle_chart_parent_class)->key_press_event (widget, event);
}

static gboolean
redraw_cursor (GtkWidget *widget, GdkEventFocus *event)
{
  gtk_widget_queue_draw (widget);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
fettle_chart_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard_mode,
                            GtkTooltip *tooltip)
{
  FettleChart *self = FETTLE_CHART (widget);
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (self);
  int index =
      keyboard_mode ? fettle_chart_get_cursor (self) : klass->get_item_at (self, x, y);
  g_autofree char *markup = NULL;
  FettleChartItem item;
  GdkRectangle area;

  if (index < 0)
    return FALSE;
  klass->get_item (self, (guint)index, &item);
  klass->get_item_area (self, (guint)index, &area);
  markup =
      g_markup_printf_escaped ("<b>%s</b>\n%s", item.name,
                               item.description != NULL ? item.description : item.text);
  gtk_tooltip_set_markup (tooltip, markup);
  gtk_tooltip_set_tip_area (tooltip, &area);
  return TRUE;
}

static void
fettle_chart_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  GTK_WIDGET_CLASS (fettle_chart_parent_class)->size_allocate (widget, allocation);
  FETTLE_CHART_GET_CLASS (widget)->lay_out (FETTLE_CHART (widget));
}

static void
fettle_chart_style_updated (GtkWidget *widget)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (FETTLE_CHART (widget));

  priv->palette_is_valid = FALSE;
  GTK_WIDGET_CLASS (fettle_chart_parent_class)->style_updated (widget);
  FETTLE_CHART_GET_CLASS (widget)->lay_out (FETTLE_CHART (widget));
  gtk_widget_queue_draw (widget);
}

static void
fettle_chart_get_preferred_width (GtkWidget *widget, int *minimum, int *natural)
{
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (widget);

  *minimum = klass->minimum_size.width;
  *natural = klass->natural_size.width;
}

static void
fettle_chart_get_preferred_height (GtkWidget *widget, int *minimum, int *natural)
{
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (widget);

  *minimum = klass->minimum_size.height;
  *natural = klass->natural_size.height;
}

static void
lay_out (FettleChart *self)
{
}

/* --- a chart whose items are what can be selected --- */

static int
get_cursor (FettleChart *self)
{
  int n_items = (int)FETTLE_CHART_GET_CLASS (self)->get_n_items (self);
  int selected = fettle_chart_get_selected (self);

  return selected < n_items ? selected : -1;
}

/* --- what a chart without words of its own is in a file --- */

static void
get_picture_size (FettleChart *self, PangoContext *context, double *width, double *height)
{
  FettleChartSize size = FETTLE_CHART_GET_CLASS (self)->picture_size;

  if (size.width == 0)
    size = (FettleChartSize){
      MAX (gtk_widget_get_allocated_width (GTK_WIDGET (self)), 1),
      MAX (gtk_widget_get_allocated_height (GTK_WIDGET (self)), 1),
    };
  *width = size.width;
  *height = size.height;
}

static void
render (FettleChart *self, cairo_t *cr, PangoContext *context,
        const FettlePalette *palette, double width, double height)
{
  gtk_widget_draw (GTK_WIDGET (self), cr);
}

static void
append_titles (FettleChart *self, GString *table, char separator)
{
  fettle_table_append (table, "value", separator);
}

static void
append_values (FettleChart *self, guint index, GString *table, char separator)
{
  FettleChartItem item;

  FETTLE_CHART_GET_CLASS (self)->get_item (self, index, &item);
  fettle_table_append_number (table, item.value, separator);
}

static void
fettle_chart_finalize (GObject *object)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (FETTLE_CHART (object));

  g_free (priv->title);
  g_free (priv->empty_text);
  G_OBJECT_CLASS (fettle_chart_parent_class)->finalize (object);
}

static void
fettle_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FettleChart *self = FETTLE_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, fettle_chart_get_title (self));
      break;
    case PROP_EMPTY_TEXT:
      g_value_set_string (value, fettle_chart_get_empty_text (self));
      break;
    case PROP_SELECTED:
      g_value_set_int (value, fettle_chart_get_selected (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_chart_set_property (GObject *object, guint id, const GValue *value,
                           GParamSpec *pspec)
{
  FettleChart *self = FETTLE_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      fettle_chart_set_title (self, g_value_get_string (value));
      break;
    case PROP_EMPTY_TEXT:
      fettle_chart_set_empty_text (self, g_value_get_string (value));
      break;
    case PROP_SELECTED:
      fettle_chart_set_selected (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_TITLE] =
      g_param_spec_string ("title", "Title", "Shown above the chart", "", flags);
  properties[PROP_EMPTY_TEXT] = g_param_spec_string (
      "empty-text", "Empty text", "Shown while there are no items", "", flags);
  properties[PROP_SELECTED] = g_param_spec_int (
      "selected", "Selected", "What is selected, or -1", -1, G_MAXINT, -1, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
fettle_chart_class_init (FettleChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = fettle_chart_finalize;
  object_class->get_property = fettle_chart_get_property;
  object_class->set_property = fettle_chart_set_property;
  widget_class->motion_notify_event = fettle_chart_motion_notify_event;
  widget_class->leave_notify_event = fettle_chart_leave_notify_event;
  widget_class->button_press_event = fettle_chart_button_press_event;
  widget_class->key_press_event = fettle_chart_key_press_event;
  widget_class->focus_in_event = redraw_cursor;
  widget_class->focus_out_event = redraw_cursor;
  widget_class->query_tooltip = fettle_chart_query_tooltip;
  widget_class->size_allocate = fettle_chart_size_allocate;
  widget_class->get_preferred_width = fettle_chart_get_preferred_width;
  widget_class->get_preferred_height = fettle_chart_get_preferred_height;
  widget_class->style_updated = fettle_chart_style_updated;
  widget_class->popup_menu = fettle_chart_popup_menu;
  klass->lay_out = lay_out;
  klass->get_cursor = get_cursor;
  klass->set_cursor = fettle_chart_set_selected;
  klass->selection_changed = fettle_chart_cursor_moved;
  klass->get_picture_size = get_picture_size;
  klass->render = render;
  klass->append_titles = append_titles;
  klass->append_values = append_values;
  install_properties (object_class);
  selection_changed_signal =
      g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "fettle-chart");
  gtk_widget_class_set_accessible_type (widget_class, FETTLE_TYPE_CHART_ACCESSIBLE);
  gtk_widget_class_set_accessible_role (widget_class, ATK_ROLE_CHART);
}

static void
fettle_chart_init (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);
  GtkWidget *widget = GTK_WIDGET (self);

  priv->title = g_strdup ("");
  priv->empty_text = g_strdup ("");
  priv->selected = -1;
  priv->hovered = -1;
  gtk_widget_set_can_focus (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_add_events (widget, GDK_POINTER_MOTION_MASK | GDK_LEAVE_NOTIFY_MASK
                                     | GDK_BUTTON_PRESS_MASK | GDK_KEY_PRESS_MASK
                                     | GDK_FOCUS_CHANGE_MASK);
}

static void
set_string (FettleChart *self, char **field, const char *string, GParamSpec *pspec)
{
  if (g_strcmp0 (*field, string == NULL ? "" : string) == 0)
    return;
  g_free (*field);
  *field = g_strdup (string == NULL ? "" : string);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

const char *
fettle_chart_get_title (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_CHART (self), NULL);
  return priv->title;
}

void
fettle_chart_set_title (FettleChart *self, const char *title)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_if_fail (FETTLE_IS_CHART (self));
  set_string (self, &priv->title, title, properties[PROP_TITLE]);
}

const char *
fettle_chart_get_empty_text (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_CHART (self), NULL);
  return priv->empty_text;
}

void
fettle_chart_set_empty_text (FettleChart *self, const char *empty_text)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_if_fail (FETTLE_IS_CHART (self));
  set_string (self, &priv->empty_text, empty_text, properties[PROP_EMPTY_TEXT]);
}

int
fettle_chart_get_selected (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_CHART (self), -1);
  return priv->selected;
}

void
fettle_chart_set_selected (FettleChart *self, int selected)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);
  int old_selected = priv->selected;

  g_return_if_fail (FETTLE_IS_CHART (self));

  selected = MAX (selected, -1);
  if (old_selected == selected)
    return;
  priv->selected = selected;
  FETTLE_CHART_GET_CLASS (self)->selection_changed (self, old_selected);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

const FettlePalette *
fettle_chart_get_palette (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  if (!priv->palette_is_valid)
    fettle_style_get_palette (gtk_widget_get_style_context (GTK_WIDGET (self)),
                              &priv->palette);
  priv->palette_is_valid = TRUE;
  return &priv->palette;
}

int
fettle_chart_get_hovered (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  return priv->hovered;
}

int
fettle_chart_get_cursor (FettleChart *self)
{
  return FETTLE_CHART_GET_CLASS (self)->get_cursor (self);
}

void
fettle_chart_queue_draw_item (FettleChart *self, int index)
{
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (self);
  GdkRectangle area;

  if (index < 0 || (guint)index >= klass->get_n_items (self))
    return;
  if (klass->get_item_area (self, (guint)index, &area))
    gtk_widget_queue_draw_area (GTK_WIDGET (self), area.x - 2, area.y - 2, area.width + 4,
                                area.height + 4);
}

/* Made at the first change at the latest; its children are made when somebody asks for them. */
static FettleChartAccessible *
get_accessible (FettleChart *self)
{
  return FETTLE_CHART_ACCESSIBLE (gtk_widget_get_accessible (GTK_WIDGET (self)));
}

void
fettle_chart_items_changed (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);
  FettleChartAccessible *accessible = get_accessible (self);

  priv->hovered = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  fettle_chart_accessible_items_changed (accessible);
}

void
fettle_chart_value_changed (FettleChart *self, guint index)
{
  FettleChartAccessible *accessible = get_accessible (self);

  fettle_chart_queue_draw_item (self, (int)index);
  fettle_chart_accessible_value_changed (accessible, index);
}

void
fettle_chart_cursor_moved (FettleChart *self, int old_cursor)
{
  FettleChartAccessible *accessible = get_accessible (self);
  int cursor = fettle_chart_get_cursor (self);

  fettle_chart_queue_draw_item (self, old_cursor);
  fettle_chart_queue_draw_item (self, cursor);
  if (cursor != old_cursor)
    fettle_chart_accessible_cursor_moved (accessible, old_cursor, cursor);
}

void
fettle_chart_activate (FettleChart *self, int index)
{
  int old_selected = fettle_chart_get_selected (self);

  FETTLE_CHART_GET_CLASS (self)->set_cursor (self, index);
  if (fettle_chart_get_selected (self) != old_selected)
    g_signal_emit (self, selection_changed_signal, 0);
}

void
fettle_chart_set_menu (GMenuModel *menu)
{
  g_set_object (&chart_menu, menu);
}
