/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-page.c: the plans of the activation buffer, side by side and as a map. */
#include "config.h"

#include "app/arena-entries.h"
#include "app/arena-page.h"
#include "widgets/arena-map.h"
#include "widgets/bullet-chart.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  PLAN_GREEDY, /* what is exported and uploaded */
  PLAN_KEPT,   /* every tensor until the end: to compare layers */
  N_PLANS
} Plan;

struct _FettleArenaPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleTargetImage *image;
  GtkLabel *caption;
  FettleBulletChart *plans;
  FettleArenaMap *map;
};

G_DEFINE_FINAL_TYPE (FettleArenaPage, fettle_arena_page, GTK_TYPE_BOX)

/* NULL while not known. */
static const FettleLowered *
get_plan (FettleArenaPage *self, Plan plan)
{
  return plan == PLAN_KEPT ? fettle_target_image_get_kept (self->image)
                           : fettle_target_image_get_lowered (self->image);
}

static Plan
get_chosen (FettleArenaPage *self)
{
  return fettle_chart_get_selected (FETTLE_CHART (self->plans)) == PLAN_KEPT
             ? PLAN_KEPT
             : PLAN_GREEDY;
}

static void
show_caption (FettleArenaPage *self, FettleGraph *graph, const FettleArenaSummary *arena)
{
  g_autofree char *size = fettle_format_bytes ((double)arena->size);
  g_autofree char *bound = fettle_format_bytes ((double)arena->lower_bound);
  const char *peak = fettle_graph_get_operator (graph, arena->peak_step)->name;
  g_autofree char *gap = NULL;
  g_autofree char *text = NULL;

  if (arena->size <= arena->lower_bound)
    text =
        g_strdup_printf (_ ("The arena takes %s. No plan for this order of layers can be "
                            "smaller: layer %u (%s) alone needs all of it."),
                         size, arena->peak_step, peak);
  else
    {
      gap = fettle_format_bytes ((double)(arena->size - arena->lower_bound));
      text =
          g_strdup_printf (_ ("The arena takes %s, which is %s more than the lower bound "
                              "of %s that layer %u (%s) needs."),
                           size, gap, bound, arena->peak_step, peak);
    }
  gtk_label_set_text (self->caption, text);
}

/* --- plans side by side --- */

static void
clear_row (gpointer data)
{
  FettleBulletItem *row = data;

  g_free ((char *)row->text);
  g_free ((char *)row->detail);
  g_free ((char *)row->description);
}

static void
append_row (FettleArenaPage *self, GArray *rows, Plan plan)
{
  static const char *const names[] = { N_ ("Greedy by size"), N_ ("Nothing reused") };
  static const char *const hints[] = {
    N_ ("The plan of the image, as TensorFlow Lite Micro makes it"),
    N_ ("Every layer’s output has a place of its own, as when layers are compared"),
  };
  const FettleLowered *lowered = get_plan (self, plan);
  guint64 budget = fettle_target_image_get_limits (self->image).arena_bytes;
  FettleBulletItem row = { .label = _ (names[plan]), .limit = NAN, .compared = NAN };
  g_autofree char *bound = NULL;
  g_autofree char *budget_text = fettle_format_bytes ((double)budget);

  if (budget > 0)
    row.limit = (double)budget;
  if (lowered == NULL)
    row.text = g_strdup ("–");
  else
    {
      row.known = TRUE;
      row.value = (double)lowered->arena.size;
      row.compared = (double)lowered->arena.lower_bound;
      bound = fettle_format_bytes (row.compared);
      row.text = fettle_format_bytes (row.value);
      row.detail = budget > 0 ? g_strdup_printf (_ ("◇ at least %s · board %s"), bound,
                                                 budget_text)
                              : g_strdup_printf (_ ("◇ at least %s"), bound);
    }
  row.description = g_strdup_printf ("%s: %s", _ (hints[plan]), row.text);
  g_array_append_val (rows, row);
}

static void
share_scale (GArray *rows)
{
  double greatest = 0;

  for (guint i = 0; i < rows->len; i++)
    greatest = MAX (greatest, g_array_index (rows, FettleBulletItem, i).value);
  for (guint i = 0; i < rows->len; i++)
    g_array_index (rows, FettleBulletItem, i).reach = greatest;
}

static void
show_plans (FettleArenaPage *self)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (FettleBulletItem));

  g_array_set_clear_func (rows, clear_row);
  for (Plan plan = 0; plan < N_PLANS; plan++)
    append_row (self, rows, plan);
  share_scale (rows);
  fettle_bullet_chart_set_items (self->plans, (const FettleBulletItem *)rows->data,
                                 rows->len);
}

/* --- the map --- */

static void
show_map (FettleArenaPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  const FettleLowered *lowered = get_plan (self, get_chosen (self));
  guint64 budget = fettle_target_image_get_limits (self->image).arena_bytes;
  g_autoptr (GArray) items = NULL;

  if (content == NULL || lowered == NULL)
    return;
  items = fettle_arena_entries_list (fettle_content_get_graph (content), lowered);
  fettle_arena_map_set_items (self->map, (const FettleArenaItem *)items->data, items->len,
                              fettle_content_get_n_layers (content));
  fettle_arena_map_set_limits (self->map, lowered->arena.size, lowered->arena.lower_bound,
                               budget);
  show_caption (self, fettle_content_get_graph (content), &lowered->arena);
}

static void
image_changed (FettleArenaPage *self)
{
  show_plans (self);
  show_map (self);
}

static void
show_selected (FettleArenaPage *self)
{
  fettle_arena_map_set_selected (self->map,
                                 fettle_document_get_selected (self->document));
}

static void
map_selected (FettleArenaPage *self)
{
  fettle_document_set_selected (self->document,
                                fettle_arena_map_get_selected (self->map));
}

/* --- the page --- */

void
fettle_arena_page_set_document (FettleArenaPage *self, FettleDocument *document,
                                FettleTargetImage *image)
{
  g_return_if_fail (FETTLE_IS_ARENA_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (FETTLE_IS_TARGET_IMAGE (image) && self->document == NULL);

  self->document = g_object_ref (document);
  self->image = g_object_ref (image);
  g_signal_connect_object (image, "changed", G_CALLBACK (image_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->map, "selection-changed", G_CALLBACK (map_selected),
                            self);
  g_signal_connect_swapped (self->plans, "notify::selected", G_CALLBACK (show_map), self);
}

static void
fettle_arena_page_dispose (GObject *object)
{
  FettleArenaPage *self = FETTLE_ARENA_PAGE (object);

  g_clear_object (&self->image);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_arena_page_parent_class)->dispose (object);
}

static void
fettle_arena_page_class_init (FettleArenaPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_arena_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/arena-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleArenaPage, caption);
  gtk_widget_class_bind_template_child (widget_class, FettleArenaPage, plans);
  gtk_widget_class_bind_template_child (widget_class, FettleArenaPage, map);
}

static void
fettle_arena_page_init (FettleArenaPage *self)
{
  g_type_ensure (FETTLE_TYPE_ARENA_MAP);
  g_type_ensure (FETTLE_TYPE_BULLET_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
}
