/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare-page.c: everything that was tried, and any two of them side by side. */
#include "config.h"

#include "app/compare-page.h"

#include "app/compare-table.h"
#include "app/layer-text.h"
#include "widgets/scatter-chart.h"

#include <glib/gi18n.h>
#include <math.h>

/* More would make a list that nobody reads; fettle-cli runs has all. */
#define MAXIMUM_RUNS 50

struct _FettleComparePage
{
  GtkBox parent_instance;

  FettleDocument *document;
  GPtrArray *runs;  /* FettleAttempt of kept runs, the latest first */
  GArray *on_chart; /* guint: the attempt of each point */
  guint n_listed;   /* attempts in the lists */
  guint generation; /* of the latest look at the store */
  gboolean is_updating;

  FettleScatterChart *chart;
  GtkComboBox *first;
  GtkComboBox *second;
  FettleCompareTable *table;
};

G_DEFINE_FINAL_TYPE (FettleComparePage, fettle_compare_page, GTK_TYPE_BOX)

/* --- the chart --- */

static char *
describe_figures (const FettleAttempt *attempt)
{
  g_autofree char *flash = fettle_format_bytes (attempt->image_bytes);
  g_autofree char *error = fettle_format_percent (attempt->output_error);
  g_autofree char *time = NULL;

  if (!isfinite (attempt->time))
    return g_strdup_printf (_ ("%s of flash, error %s"), flash, error);
  time = fettle_format_count_short (attempt->time);
  return g_strdup_printf (_ ("%s of flash, error %s, %s %s"), flash, error, time,
                          fettle_unit_get_label (attempt->unit));
}

/* Only what has both coordinates. */
static void
add_point (FettleComparePage *self, GArray *items, guint index)
{
  const FettleAttempt *attempt =
      fettle_document_get_attempts (self->document)->pdata[index];
  FettleScatterItem item = {
    .point = { attempt->image_bytes, attempt->output_error, attempt->time },
    .label = attempt->label,
    .description = _ ("Choose it to go back to it"),
  };

  if (!isfinite (attempt->image_bytes) || !isfinite (attempt->output_error))
    return;
  item.text = describe_figures (attempt);
  g_array_append_val (items, item);
  g_array_append_val (self->on_chart, index);
}

static int
find_shown (FettleComparePage *self)
{
  GPtrArray *attempts = fettle_document_get_attempts (self->document);
  FettleEditState *state = fettle_document_get_state (self->document);

  for (guint i = 0; state != NULL && i < self->on_chart->len; i++)
    {
      const FettleAttempt *attempt =
          attempts->pdata[g_array_index (self->on_chart, guint, i)];

      if (fettle_edit_state_equal (attempt->state, state))
        return (int)i;
    }
  return -1;
}

static void
show_chart (FettleComparePage *self)
{
  GPtrArray *attempts = fettle_document_get_attempts (self->document);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (FettleScatterItem));

  self->is_updating = TRUE;
  g_array_set_size (self->on_chart, 0);
  for (guint i = 0; i < attempts->len; i++)
    add_point (self, items, i);
  fettle_scatter_chart_set_items (
      self->chart, (const FettleScatterItem *)(gpointer)items->data, items->len);
  for (guint i = 0; i < items->len; i++)
    g_free ((char *)g_array_index (items, FettleScatterItem, i).text);
  fettle_chart_set_selected (FETTLE_CHART (self->chart), find_shown (self));
  self->is_updating = FALSE;
}

static void
point_chosen (FettleComparePage *self)
{
  int selected = fettle_chart_get_selected (FETTLE_CHART (self->chart));
  guint index;

  if (self->is_updating || selected < 0 || selected >= (int)self->on_chart->len)
    return;
  index = g_array_index (self->on_chart, guint, selected);
  fettle_document_return_to (self->document,
                             fettle_document_get_attempts (self->document)->pdata[index]);
}

/* --- two side by side --- */

/* Number INDEX of the lists; NULL if there is none. */
static const FettleAttempt *
get_side (FettleComparePage *self, GtkComboBox *combo)
{
  GPtrArray *attempts = fettle_document_get_attempts (self->document);
  int index = gtk_combo_box_get_active (combo);

  if (index < 0)
    return NULL;
  if (index < (int)attempts->len)
    return attempts->pdata[index];
  index -= (int)attempts->len;
  return index < (int)self->runs->len ? self->runs->pdata[index] : NULL;
}

static void
show_table (FettleComparePage *self)
{
  const FettleAttempt *first, *second;

  if (self->is_updating)
    return;
  first = get_side (self, self->first);
  second = get_side (self, self->second);
  fettle_compare_table_set_sides (self->table, first, second);
}

static void
fill_combo (FettleComparePage *self, GtkComboBox *combo, int usual)
{
  GPtrArray *attempts = fettle_document_get_attempts (self->document);
  int active = gtk_combo_box_get_active (combo);
  GtkComboBoxText *text = GTK_COMBO_BOX_TEXT (combo);

  gtk_combo_box_text_remove_all (text);
  for (guint i = 0; i < attempts->len; i++)
    gtk_combo_box_text_append_text (text, ((FettleAttempt *)attempts->pdata[i])->label);
  for (guint i = 0; i < self->runs->len; i++)
    gtk_combo_box_text_append_text (text, ((FettleAttempt *)self->runs->pdata[i])->label);
  if (active < 0 || active >= (int)(attempts->len + self->runs->len))
    active = usual;
  gtk_combo_box_set_active (combo, active);
}

static void
fill_combos (FettleComparePage *self)
{
  int last = (int)fettle_document_get_attempts (self->document)->len - 1;

  self->is_updating = TRUE;
  fill_combo (self, self->first, 0);
  fill_combo (self, self->second, last);
  self->is_updating = FALSE;
  show_table (self);
}

/* Live measurements change figures ten times a second; lists are filled anew only when there is something new in
 * them. */
static void
attempts_changed (FettleComparePage *self)
{
  guint n = fettle_document_get_attempts (self->document)->len;

  if (n == self->n_listed)
    {
      if (gtk_widget_get_mapped (GTK_WIDGET (self)))
        {
          show_chart (self);
          show_table (self);
        }
      return;
    }
  self->n_listed = n;
  show_chart (self);
  /* What was tried last is what one wants to see beside the first. */
  gtk_combo_box_set_active (self->first, -1);
  gtk_combo_box_set_active (self->second, -1);
  fill_combos (self);
}

/* --- kept runs --- */

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (FettleRunStore) store = fettle_run_store_open (NULL, NULL);
  g_autoptr (GPtrArray) found =
      store != NULL ? fettle_run_store_search (store, NULL, NULL) : NULL;
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_attempt_free);

  for (guint i = 0; found != NULL && i < MIN (found->len, MAXIMUM_RUNS); i++)
    {
      g_autoptr (FettleRun) run =
          fettle_run_store_get (store, ((FettleRun *)found->pdata[i])->id, NULL);

      if (run != NULL)
        g_ptr_array_add (runs, fettle_attempt_new_for_run (run));
    }
  g_task_return_pointer (task, runs, (GDestroyNotify)g_ptr_array_unref);
}

static void
runs_read (GObject *source, GAsyncResult *result, gpointer generation)
{
  FettleComparePage *self = FETTLE_COMPARE_PAGE (source);
  g_autoptr (GPtrArray) runs = g_task_propagate_pointer (G_TASK (result), NULL);

  if (GPOINTER_TO_UINT (generation) != self->generation || self->document == NULL)
    return;
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  self->runs = g_steal_pointer (&runs);
  fill_combos (self);
}

/* Each time that the page is looked at: runs come from other windows and programs, too. */
static void
page_mapped (FettleComparePage *self)
{
  g_autoptr (GTask) task = NULL;

  show_chart (self);
  self->generation++;
  task = g_task_new (self, NULL, runs_read, GUINT_TO_POINTER (self->generation));
  g_task_run_in_thread (task, read_in_thread);
}

/* --- the object --- */

void
fettle_compare_page_set_document (FettleComparePage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_COMPARE_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "attempts-changed", G_CALLBACK (attempts_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "recipe-changed", G_CALLBACK (show_chart), self,
                           G_CONNECT_SWAPPED);
}

static void
fettle_compare_page_dispose (GObject *object)
{
  FettleComparePage *self = FETTLE_COMPARE_PAGE (object);

  self->is_updating = TRUE;
  g_clear_object (&self->document);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->on_chart, g_array_unref);
  G_OBJECT_CLASS (fettle_compare_page_parent_class)->dispose (object);
}

static void
fettle_compare_page_class_init (FettleComparePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_compare_page_dispose;
  g_type_ensure (FETTLE_TYPE_SCATTER_CHART);
  g_type_ensure (FETTLE_TYPE_COMPARE_TABLE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleComparePage, chart);
  gtk_widget_class_bind_template_child (widget_class, FettleComparePage, first);
  gtk_widget_class_bind_template_child (widget_class, FettleComparePage, second);
  gtk_widget_class_bind_template_child (widget_class, FettleComparePage, table);
  gtk_widget_class_bind_template_callback (widget_class, point_chosen);
  gtk_widget_class_bind_template_callback (widget_class, show_table);
  gtk_widget_class_bind_template_callback (widget_class, page_mapped);
}

static void
fettle_compare_page_init (FettleComparePage *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_attempt_free);
  self->on_chart = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
  fettle_scatter_chart_set_axes (self->chart, _ ("Flash"), FETTLE_NUMBER_BYTES,
                                 _ ("Error of the output"), FETTLE_NUMBER_PERCENT);
}
