/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map.c: a memory plan as a map. */
#include "widgets/arena-map.h"

struct _FettleArenaMap
{
  FettleChart parent_instance;
  int selected;
};

enum
{
  PROP_SELECTED = 1,
};

static GParamSpec *selected_property;
static guint selection_changed_signal;

G_DEFINE_TYPE (FettleArenaMap, fettle_arena_map, FETTLE_TYPE_CHART)

static void
fettle_arena_map_get_property (GObject *object, guint id, GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    g_value_set_int (value, fettle_arena_map_get_selected (FETTLE_ARENA_MAP (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
fettle_arena_map_set_property (GObject *object, guint id, const GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    fettle_arena_map_set_selected (FETTLE_ARENA_MAP (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
fettle_arena_map_class_init (FettleArenaMapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fettle_arena_map_get_property;
  object_class->set_property = fettle_arena_map_set_property;
  selected_property = g_param_spec_int (
      "selected", "Selected", "What is selected, or -1", -1, G_MAXINT, -1,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_SELECTED, selected_property);
  selection_changed_signal =
      g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_arena_map_init (FettleArenaMap *self)
{
  self->selected = -1;
}

GtkWidget *
fettle_arena_map_new (void)
{
  return g_object_new (FETTLE_TYPE_ARENA_MAP, NULL);
}

void
fettle_arena_map_set_title (FettleArenaMap *self, const char *title)
{
  fettle_chart_set_title (FETTLE_CHART (self), title);
}

int
fettle_arena_map_get_selected (FettleArenaMap *self)
{
  g_return_val_if_fail (FETTLE_IS_ARENA_MAP (self), -1);
  return self->selected;
}

void
fettle_arena_map_set_selected (FettleArenaMap *self, int selected)
{
  g_return_if_fail (FETTLE_IS_ARENA_MAP (self));
  if (self->selected == selected)
    return;
  self->selected = selected;
  g_object_notify_by_pspec (G_OBJECT (self), selected_property);
}

void
fettle_arena_map_set_items (FettleArenaMap *self, const FettleArenaItem *items,
                            guint n_items, guint n_steps)
{
}

void
fettle_arena_map_set_limits (FettleArenaMap *self, guint64 high_water,
                             guint64 lower_bound, guint64 budget)
{
}
