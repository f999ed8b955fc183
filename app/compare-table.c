/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare-table.c: the layers of two attempts side by side. */
#include "config.h"

#include "app/compare-table.h"

#include "widgets/number-format.h"

#include <glib/gi18n.h>
#include <math.h>

struct _FettleCompareTable
{
  GtkTreeView parent_instance;

  GtkListStore *store;
};

G_DEFINE_FINAL_TYPE (FettleCompareTable, fettle_compare_table, GTK_TYPE_TREE_VIEW)

/* Texts, and whether the row is a total or differs. */
enum
{
  NAME,
  FIRST_WEIGHTS,
  SECOND_WEIGHTS,
  WEIGHTS_CHANGE,
  FIRST_ERROR,
  SECOND_ERROR,
  ERROR_CHANGE,
  FIRST_TIME,
  SECOND_TIME,
  TIME_CHANGE,
  WEIGHT, /* of the font */
  N_COLUMNS
};

static const char *const titles[WEIGHT] = {
  N_ ("Layer"),   N_ ("Weights A"), N_ ("Weights B"), N_ ("Change"), N_ ("Error A"),
  N_ ("Error B"), N_ ("Change"),    N_ ("Time A"),    N_ ("Time B"), N_ ("Change"),
};

/* "−50 %", "=", or "–" if it cannot be said. */
static char *
format_change (double first, double second)
{
  g_autofree char *percent = NULL;

  if (!isfinite (first) || !isfinite (second))
    return g_strdup ("–");
  if (first == second)
    return g_strdup ("=");
  if (first == 0)
    return g_strdup (_ ("new"));
  percent = fettle_format_percent (second / first - 1);
  return g_strconcat (second > first ? "+" : "", percent, NULL);
}

static void
set_pair (FettleCompareTable *self, GtkTreeIter *iter, int column,
          FettleNumberFormat format, double first, double second)
{
  g_autofree char *first_text = fettle_format_number (format, first);
  g_autofree char *second_text = fettle_format_number (format, second);
  g_autofree char *change = format_change (first, second);

  gtk_list_store_set (self->store, iter, column, first_text, column + 1, second_text,
                      column + 2, change, -1);
}

static void
append_row (FettleCompareTable *self, const char *name, const FettleLayerFigures *first,
            const FettleLayerFigures *second, gboolean can_compare_times, int weight)
{
  static const FettleLayerFigures nothing = { NULL, NAN, NAN, NAN };
  GtkTreeIter iter;

  first = first != NULL ? first : &nothing;
  second = second != NULL ? second : &nothing;
  gtk_list_store_append (self->store, &iter);
  gtk_list_store_set (self->store, &iter, NAME, name, WEIGHT, weight, -1);
  set_pair (self, &iter, FIRST_WEIGHTS, FETTLE_NUMBER_BYTES, first->weight_bytes,
            second->weight_bytes);
  set_pair (self, &iter, FIRST_ERROR, FETTLE_NUMBER_PERCENT, first->error, second->error);
  set_pair (self, &iter, FIRST_TIME, FETTLE_NUMBER_COUNT, first->time, second->time);
  /* Cycles and nanoseconds have no difference. */
  if (!can_compare_times)
    gtk_list_store_set (self->store, &iter, TIME_CHANGE, "–", -1);
}

static FettleLayerFigures
total_up (const FettleAttempt *attempt)
{
  return (FettleLayerFigures){ NULL, attempt->image_bytes, attempt->output_error,
                               attempt->time };
}

void
fettle_compare_table_set_sides (FettleCompareTable *self, const FettleAttempt *first,
                                const FettleAttempt *second)
{
  g_autoptr (GArray) pairs = NULL;
  FettleLayerFigures first_total, second_total;
  gboolean can_compare_times;

  g_return_if_fail (FETTLE_IS_COMPARE_TABLE (self));

  gtk_list_store_clear (self->store);
  if (first == NULL || second == NULL)
    return;
  can_compare_times = first->unit == second->unit;
  first_total = total_up (first);
  second_total = total_up (second);
  append_row (self, _ ("Whole model (flash)"), &first_total, &second_total,
              can_compare_times, PANGO_WEIGHT_BOLD);
  pairs = fettle_attempts_match (first, second);
  for (guint i = 0; i < pairs->len; i++)
    {
      const FettleLayerPair *pair = &g_array_index (pairs, FettleLayerPair, i);

      append_row (self, pair->first != NULL ? pair->first->name : pair->second->name,
                  pair->first, pair->second, can_compare_times, PANGO_WEIGHT_NORMAL);
    }
}

static void
fettle_compare_table_class_init (FettleCompareTableClass *klass)
{
}

static GtkTreeViewColumn *
make_column (int column)
{
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *tree_column = gtk_tree_view_column_new_with_attributes (
      _ (titles[column]), cell, "text", column, "weight", WEIGHT, NULL);

  gtk_tree_view_column_set_resizable (tree_column, TRUE);
  gtk_tree_view_column_set_expand (tree_column, column == NAME);
  if (column != NAME)
    {
      g_object_set (cell, "xalign", 1.0f, NULL);
      gtk_tree_view_column_set_alignment (tree_column, 1.0f);
    }
  return tree_column;
}

static void
fettle_compare_table_init (FettleCompareTable *self)
{
  GType types[N_COLUMNS];

  for (int i = 0; i < WEIGHT; i++)
    types[i] = G_TYPE_STRING;
  types[WEIGHT] = G_TYPE_INT;
  self->store = gtk_list_store_newv (N_COLUMNS, types);
  gtk_tree_view_set_model (GTK_TREE_VIEW (self), GTK_TREE_MODEL (self->store));
  g_object_unref (self->store); /* the view has it */
  for (int i = 0; i < WEIGHT; i++)
    gtk_tree_view_append_column (GTK_TREE_VIEW (self), make_column (i));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)),
                       _ ("Layers side by side"));
}
