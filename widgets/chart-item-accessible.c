/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-item-accessible.c: one item of a chart as a screen reader sees it. */
#include "widgets/chart-item-accessible.h"
#include "widgets/chart-private.h"

struct _FettleChartItemAccessible
{
  AtkObject parent_instance;
  FettleChart *chart; /* not owned; NULL once the item is gone */
  guint index;
};

static void component_init (AtkComponentIface *iface);
static void action_init (AtkActionIface *iface);
static void value_init (AtkValueIface *iface);

G_DEFINE_TYPE_WITH_CODE (FettleChartItemAccessible, fettle_chart_item_accessible,
                         ATK_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATK_TYPE_COMPONENT, component_init)
                             G_IMPLEMENT_INTERFACE (ATK_TYPE_ACTION, action_init)
                                 G_IMPLEMENT_INTERFACE (ATK_TYPE_VALUE, value_init))

/* FALSE if the item is gone. */
static gboolean
get_item (FettleChartItemAccessible *self, FettleChartItem *item)
{
  *item = (FettleChartItem){ 0 };
  if (self->chart == NULL)
    return FALSE;
  FETTLE_CHART_GET_CLASS (self->chart)->get_item (self->chart, self->index, item);
  return TRUE;
}

static const char *
fettle_chart_item_accessible_get_name (AtkObject *object)
{
  FettleChartItem item;

  get_item (FETTLE_CHART_ITEM_ACCESSIBLE (object), &item);
  return item.name;
}

static const char *
fettle_chart_item_accessible_get_description (AtkObject *object)
{
  FettleChartItem item;

  get_item (FETTLE_CHART_ITEM_ACCESSIBLE (object), &item);
  return item.description != NULL ? item.description : item.text;
}

static AtkObject *
fettle_chart_item_accessible_get_parent (AtkObject *object)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (object);

  return self->chart == NULL ? NULL
                             : gtk_widget_get_accessible (GTK_WIDGET (self->chart));
}

static int
fettle_chart_item_accessible_get_index_in_parent (AtkObject *object)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (object);

  return self->chart == NULL ? -1 : (int)self->index;
}

static AtkStateSet *
fettle_chart_item_accessible_ref_state_set (AtkObject *object)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (object);
  AtkStateSet *states = atk_state_set_new ();
  FettleChartClass *klass;
  GtkWidget *widget = GTK_WIDGET (self->chart);
  GdkRectangle area;

  if (self->chart == NULL)
    {
      atk_state_set_add_state (states, ATK_STATE_DEFUNCT);
      return states;
    }
  klass = FETTLE_CHART_GET_CLASS (self->chart);
  atk_state_set_add_state (states, ATK_STATE_SELECTABLE);
  atk_state_set_add_state (states, ATK_STATE_FOCUSABLE);
  atk_state_set_add_state (states, ATK_STATE_VISIBLE);
  if (gtk_widget_is_sensitive (widget))
    {
      atk_state_set_add_state (states, ATK_STATE_ENABLED);
      atk_state_set_add_state (states, ATK_STATE_SENSITIVE);
    }
  if (gtk_widget_get_mapped (widget)
      && klass->get_item_area (self->chart, self->index, &area))
    atk_state_set_add_state (states, ATK_STATE_SHOWING);
  if (klass->get_cursor (self->chart) == (int)self->index)
    {
      atk_state_set_add_state (states, ATK_STATE_SELECTED);
      if (gtk_widget_has_focus (widget))
        atk_state_set_add_state (states, ATK_STATE_FOCUSED);
    }
  return states;
}

static void
fettle_chart_item_accessible_class_init (FettleChartItemAccessibleClass *klass)
{
  AtkObjectClass *atk_class = ATK_OBJECT_CLASS (klass);

  atk_class->get_name = fettle_chart_item_accessible_get_name;
  atk_class->get_description = fettle_chart_item_accessible_get_description;
  atk_class->get_parent = fettle_chart_item_accessible_get_parent;
  atk_class->get_index_in_parent = fettle_chart_item_accessible_get_index_in_parent;
  atk_class->ref_state_set = fettle_chart_item_accessible_ref_state_set;
}

static void
fettle_chart_item_accessible_init (FettleChartItemAccessible *self)
{
  atk_object_set_role (ATK_OBJECT (self), ATK_ROLE_LIST_ITEM);
}

static void
get_extents (AtkComponent *component, int *x, int *y, int *width, int *height,
             AtkCoordType coord_type)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (component);
  GdkRectangle area;
  int chart_x, chart_y, chart_width, chart_height;

  *x = *y = *width = *height = -1;
  if (self->chart == NULL)
    return;
  FETTLE_CHART_GET_CLASS (self->chart)->get_item_area (self->chart, self->index, &area);
  *x = area.x;
  *y = area.y;
  *width = area.width;
  *height = area.height;
  if (coord_type == ATK_XY_PARENT)
    return;
  atk_component_get_extents (
      ATK_COMPONENT (gtk_widget_get_accessible (GTK_WIDGET (self->chart))), &chart_x,
      &chart_y, &chart_width, &chart_height, coord_type);
  *x += chart_x;
  *y += chart_y;
}

static gboolean
grab_focus (AtkComponent *component)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (component);

  if (self->chart == NULL)
    return FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self->chart));
  fettle_chart_activate (self->chart, (int)self->index);
  return TRUE;
}

static void
component_init (AtkComponentIface *iface)
{
  iface->get_extents = get_extents;
  iface->grab_focus = grab_focus;
}

static gboolean
do_action (AtkAction *action, int i)
{
  FettleChartItemAccessible *self = FETTLE_CHART_ITEM_ACCESSIBLE (action);

  if (self->chart == NULL || i != 0)
    return FALSE;
  fettle_chart_activate (self->chart, (int)self->index);
  return TRUE;
}

static int
get_n_actions (AtkAction *action)
{
  return 1;
}

static const char *
get_action_name (AtkAction *action, int i)
{
  return i == 0 ? "select" : NULL;
}

static void
action_init (AtkActionIface *iface)
{
  iface->do_action = do_action;
  iface->get_n_actions = get_n_actions;
  iface->get_name = get_action_name;
}

static void
get_value_and_text (AtkValue *value, double *number, char **text)
{
  FettleChartItem item;

  get_item (FETTLE_CHART_ITEM_ACCESSIBLE (value), &item);
  *number = item.value;
  if (text != NULL)
    *text = g_strdup (item.text);
}

static AtkRange *
get_range (AtkValue *value)
{
  FettleChartItem item;

  get_item (FETTLE_CHART_ITEM_ACCESSIBLE (value), &item);
  return atk_range_new (item.minimum, item.maximum, NULL);
}

static void
value_init (AtkValueIface *iface)
{
  iface->get_value_and_text = get_value_and_text;
  iface->get_range = get_range;
}

AtkObject *
fettle_chart_item_accessible_new (FettleChart *chart, guint index)
{
  FettleChartItemAccessible *self =
      g_object_new (FETTLE_TYPE_CHART_ITEM_ACCESSIBLE, NULL);

  g_assert (FETTLE_IS_CHART (chart));
  self->chart = chart;
  self->index = index;
  return ATK_OBJECT (self);
}

void
fettle_chart_item_accessible_invalidate (FettleChartItemAccessible *self)
{
  g_assert (FETTLE_IS_CHART_ITEM_ACCESSIBLE (self));
  self->chart = NULL;
  atk_object_notify_state_change (ATK_OBJECT (self), ATK_STATE_DEFUNCT, TRUE);
}
