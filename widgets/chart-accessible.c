/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-accessible.c: a chart as a screen reader sees it. */
#include "widgets/chart-accessible.h"
#include "widgets/chart-item-accessible.h"
#include "widgets/chart-private.h"

struct _FettleChartAccessible
{
  GtkWidgetAccessible parent_instance;
  GPtrArray *children; /* made when first asked for; NULL until then */
};

static void selection_init (AtkSelectionIface *iface);

G_DEFINE_TYPE_WITH_CODE (FettleChartAccessible, fettle_chart_accessible,
                         GTK_TYPE_WIDGET_ACCESSIBLE,
                         G_IMPLEMENT_INTERFACE (ATK_TYPE_SELECTION, selection_init))

/* NULL once the widget is gone. */
static FettleChart *
get_chart (gpointer self)
{
  return (FettleChart *)gtk_accessible_get_widget (GTK_ACCESSIBLE (self));
}

static void
free_child (gpointer child)
{
  if (child == NULL)
    return;
  fettle_chart_item_accessible_invalidate (child);
  g_object_unref (child);
}

static void
drop_children (FettleChartAccessible *self)
{
  g_ptr_array_set_size (self->children, 0);
}

static int
fettle_chart_accessible_get_n_children (AtkObject *object)
{
  FettleChart *chart = get_chart (object);

  return chart == NULL ? 0 : (int)FETTLE_CHART_GET_CLASS (chart)->get_n_items (chart);
}

static AtkObject *
fettle_chart_accessible_ref_child (AtkObject *object, int i)
{
  FettleChartAccessible *self = FETTLE_CHART_ACCESSIBLE (object);

  if (i < 0 || i >= fettle_chart_accessible_get_n_children (object))
    return NULL;
  if (self->children->len <= (guint)i)
    g_ptr_array_set_size (self->children, i + 1);
  if (self->children->pdata[i] == NULL)
    self->children->pdata[i] =
        fettle_chart_item_accessible_new (get_chart (object), (guint)i);
  return g_object_ref (self->children->pdata[i]);
}

static const char *
fettle_chart_accessible_get_name (AtkObject *object)
{
  FettleChart *chart = get_chart (object);
  const char *name =
      ATK_OBJECT_CLASS (fettle_chart_accessible_parent_class)->get_name (object);

  /* A name that somebody has set goes first. */
  return name != NULL || chart == NULL ? name : fettle_chart_get_title (chart);
}

static const char *
fettle_chart_accessible_get_description (AtkObject *object)
{
  FettleChart *chart = get_chart (object);

  if (chart != NULL && fettle_chart_accessible_get_n_children (object) == 0)
    return fettle_chart_get_empty_text (chart);
  return ATK_OBJECT_CLASS (fettle_chart_accessible_parent_class)
      ->get_description (object);
}

static AtkStateSet *
fettle_chart_accessible_ref_state_set (AtkObject *object)
{
  AtkStateSet *states =
      ATK_OBJECT_CLASS (fettle_chart_accessible_parent_class)->ref_state_set (object);

  atk_state_set_add_state (states, ATK_STATE_MANAGES_DESCENDANTS);
  return states;
}

static void
fettle_chart_accessible_widget_unset (GtkAccessible *accessible)
{
  drop_children (FETTLE_CHART_ACCESSIBLE (accessible));
  GTK_ACCESSIBLE_CLASS (fettle_chart_accessible_parent_class)->widget_unset (accessible);
}

static void
fettle_chart_accessible_finalize (GObject *object)
{
  g_ptr_array_unref (FETTLE_CHART_ACCESSIBLE (object)->children);
  G_OBJECT_CLASS (fettle_chart_accessible_parent_class)->finalize (object);
}

static void
fettle_chart_accessible_class_init (FettleChartAccessibleClass *klass)
{
  AtkObjectClass *atk_class = ATK_OBJECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fettle_chart_accessible_finalize;
  GTK_ACCESSIBLE_CLASS (klass)->widget_unset = fettle_chart_accessible_widget_unset;
  atk_class->get_n_children = fettle_chart_accessible_get_n_children;
  atk_class->ref_child = fettle_chart_accessible_ref_child;
  atk_class->get_name = fettle_chart_accessible_get_name;
  atk_class->get_description = fettle_chart_accessible_get_description;
  atk_class->ref_state_set = fettle_chart_accessible_ref_state_set;
}

static void
fettle_chart_accessible_init (FettleChartAccessible *self)
{
  self->children = g_ptr_array_new_with_free_func (free_child);
}

static int
get_cursor (gpointer self)
{
  FettleChart *chart = get_chart (self);

  return chart == NULL ? -1 : FETTLE_CHART_GET_CLASS (chart)->get_cursor (chart);
}

static gboolean
add_selection (AtkSelection *selection, int i)
{
  if (i < 0 || i >= fettle_chart_accessible_get_n_children (ATK_OBJECT (selection)))
    return FALSE;
  fettle_chart_activate (get_chart (selection), i);
  return TRUE;
}

static gboolean
clear_selection (AtkSelection *selection)
{
  if (get_chart (selection) == NULL)
    return FALSE;
  fettle_chart_activate (get_chart (selection), -1);
  return TRUE;
}

static AtkObject *
ref_selection (AtkSelection *selection, int i)
{
  int cursor = get_cursor (selection);

  return i == 0 && cursor >= 0
             ? fettle_chart_accessible_ref_child (ATK_OBJECT (selection), cursor)
             : NULL;
}

static int
get_selection_count (AtkSelection *selection)
{
  return get_cursor (selection) >= 0 ? 1 : 0;
}

static gboolean
is_child_selected (AtkSelection *selection, int i)
{
  return i >= 0 && get_cursor (selection) == i;
}

static gboolean
remove_selection (AtkSelection *selection, int i)
{
  return i == 0 && get_selection_count (selection) == 1 && clear_selection (selection);
}

static void
selection_init (AtkSelectionIface *iface)
{
  iface->add_selection = add_selection;
  iface->clear_selection = clear_selection;
  iface->ref_selection = ref_selection;
  iface->get_selection_count = get_selection_count;
  iface->is_child_selected = is_child_selected;
  iface->remove_selection = remove_selection;
}

void
fettle_chart_accessible_items_changed (FettleChartAccessible *self)
{
  g_assert (FETTLE_IS_CHART_ACCESSIBLE (self));
  drop_children (self);
  /* No index and no child: everything is to be read again. */
  g_signal_emit_by_name (self, "children-changed::add", 0, NULL, NULL);
  g_signal_emit_by_name (self, "visible-data-changed");
}

void
fettle_chart_accessible_value_changed (FettleChartAccessible *self, guint index)
{
  FettleChart *chart = get_chart (self);
  FettleChartItem item;

  /* Only children that somebody has asked for can have listeners. */
  if (index >= self->children->len || self->children->pdata[index] == NULL)
    return;
  FETTLE_CHART_GET_CLASS (chart)->get_item (chart, index, &item);
  g_signal_emit_by_name (self->children->pdata[index], "value-changed", item.value,
                         item.text);
}

static void
notify_selected (FettleChartAccessible *self, int index, gboolean selected)
{
  AtkObject *child;

  if (index < 0 || (guint)index >= self->children->len
      || self->children->pdata[index] == NULL)
    return;
  child = self->children->pdata[index];
  atk_object_notify_state_change (child, ATK_STATE_SELECTED, selected);
  if (gtk_widget_has_focus (GTK_WIDGET (get_chart (self))))
    atk_object_notify_state_change (child, ATK_STATE_FOCUSED, selected);
}

void
fettle_chart_accessible_cursor_moved (FettleChartAccessible *self, int old_cursor,
                                      int cursor)
{
  g_autoptr (AtkObject) child = NULL;

  g_assert (FETTLE_IS_CHART_ACCESSIBLE (self));
  child = fettle_chart_accessible_ref_child (ATK_OBJECT (self), cursor);
  notify_selected (self, old_cursor, FALSE);
  notify_selected (self, cursor, TRUE);
  g_signal_emit_by_name (self, "selection-changed");
  if (child != NULL)
    g_signal_emit_by_name (self, "active-descendant-changed", child);
}
