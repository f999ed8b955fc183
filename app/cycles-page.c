/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cycles-page.c: time per layer, live from the board. */
#include "config.h"

#include "app/cycles-page.h"
#include "app/layer-text.h"
#include "widgets/bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>

struct _FettleCyclesPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  GtkLabel *total;
  GtkLabel *details;
  GtkToggleButton *pause_button;
  FettleBarChart *chart;
};

G_DEFINE_FINAL_TYPE (FettleCyclesPage, fettle_cycles_page, GTK_TYPE_BOX)

/* Labels and values of all layers. Strings go to STRINGS, which must outlive the items. */
static FettleBarItem *
make_items (FettleDocument *document, GPtrArray *strings)
{
  FettleContent *content = fettle_document_get_content (document);
  guint n_layers = fettle_content_get_n_layers (content);
  FettleBarItem *items = g_new0 (FettleBarItem, n_layers);

  for (guint i = 0; i < n_layers; i++)
    {
      FettleStatistics time = fettle_document_get_layer_time (document, i);
      char *label = fettle_layer_format_label (content, i);

      g_ptr_array_add (strings, label);
      items[i].label = label;
      items[i].known = time.n > 0;
      items[i].value = (double)time.median;
      items[i].low = (double)time.minimum;
      items[i].high = (double)time.maximum;
    }
  return items;
}

static gboolean
puts_out_float (FettleContent *content, guint layer)
{
  FettleGraph *graph = fettle_content_get_graph (content);
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 output =
      operator_->outputs->len > 0 ? fettle_operator_get_output (operator_, 0) : -1;

  return output >= 0
         && fettle_graph_get_tensor (graph, (guint)output)->type == FETTLE_TYPE_FLOAT32;
}

/* Whether the board computes what this computer does. */
static char *
describe_validity (FettleDocument *document, FettleTrace *trace)
{
  FettleContent *content = fettle_document_get_content (document);
  int layer = fettle_trace_get_difference (trace);
  g_autofree char *label = NULL;

  if (layer == FETTLE_TRACE_NOT_COMPARED || content == NULL
      || layer >= (int)fettle_content_get_n_layers (content))
    return g_strdup ("");
  if (layer == FETTLE_TRACE_SAME)
    return g_strdup (_ ("Every layer’s output is the same as on this computer."));
  label = fettle_layer_format_label (content, (guint)layer);
  if (puts_out_float (content, (guint)layer))
    return g_strdup_printf (
        _ ("Outputs are the same as on this computer up to “%s”, whose "
           "float numbers depend on the C library."),
        label);
  return g_strdup_printf (
      _ ("The board’s output differs from this computer’s from “%s” on; "
         "please report it."),
      label);
}

static char *
describe_runs (FettleDocument *document, FettleTrace *trace, FettleStatistics total)
{
  g_autofree char *validity = describe_validity (document, trace);
  g_autofree char *minimum = fettle_format_count ((gint64)total.minimum);
  g_autofree char *maximum = fettle_format_count ((gint64)total.maximum);
  g_autofree char *runs = fettle_format_count (total.n);
  guint64 dropped = fettle_trace_get_dropped (trace);
  guint n_gaps = fettle_trace_get_n_gaps (trace);
  g_autofree char *gaps =
      n_gaps > 0 ? g_strdup_printf (
          ngettext ("; the board was unplugged meanwhile",
                    "; the board was unplugged %u times meanwhile", n_gaps),
          n_gaps)
                 : g_strdup ("");
  g_autofree char *holes =
      dropped > 0 ? g_strdup_printf (
          ngettext ("; %" G_GUINT64_FORMAT " record was lost on the way",
                    "; %" G_GUINT64_FORMAT " records were lost on the way",
                    (gulong)dropped),
          dropped)
                  : g_strdup ("");

  return g_strdup_printf (
      ngettext ("%s run: %s to %s. %s%s%s. %s",
                "Median of the last %s runs, which took %s to %s. %s%s%s. %s", total.n),
      runs, minimum, maximum, fettle_unit_describe (fettle_trace_get_unit (trace)), holes,
      gaps, validity);
}

static void
show_totals (FettleCyclesPage *self, FettleTrace *trace)
{
  FettleStatistics time = fettle_document_get_total_time (self->document);
  g_autofree char *number = NULL;
  g_autofree char *total = NULL;
  g_autofree char *details = NULL;

  if (trace == NULL || time.n == 0)
    {
      gtk_label_set_text (self->total, _ ("No measurements yet"));
      gtk_label_set_text (self->details, _ ("Connect a board and run the model on it."));
      return;
    }
  number = fettle_format_count ((gint64)time.median);
  total = g_strdup_printf (_ ("%s %s per inference"), number,
                           fettle_unit_get_label (fettle_trace_get_unit (trace)));
  details = describe_runs (self->document, trace, time);
  gtk_label_set_text (self->total, total);
  gtk_label_set_text (self->details, details);
}

static void
show_trace (FettleCyclesPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleTrace *trace = fettle_document_get_trace (self->document);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autofree FettleBarItem *items = NULL;

  if (content == NULL)
    return;
  if (trace != NULL && gtk_toggle_button_get_active (self->pause_button))
    return;
  items = make_items (self->document, strings);
  fettle_bar_chart_set_values (self->chart, items, fettle_content_get_n_layers (content));
  if (trace != NULL)
    fettle_bar_chart_set_unit (self->chart,
                               fettle_unit_get_label (fettle_trace_get_unit (trace)));
  show_totals (self, trace);
}

static void
show_content (FettleCyclesPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autofree FettleBarItem *items = make_items (self->document, strings);

  gtk_toggle_button_set_active (self->pause_button, FALSE);
  fettle_bar_chart_set_items (self->chart, items, fettle_content_get_n_layers (content));
  show_totals (self, NULL);
}

static void
show_selected (FettleCyclesPage *self)
{
  fettle_bar_chart_set_selected (self->chart,
                                 fettle_document_get_selected (self->document));
}

static void
chart_selected (FettleCyclesPage *self)
{
  fettle_document_set_selected (self->document,
                                fettle_bar_chart_get_selected (self->chart));
}

void
fettle_cycles_page_set_document (FettleCyclesPage *self, FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_CYCLES_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_trace), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->chart, "selection-changed", G_CALLBACK (chart_selected),
                            self);
  g_signal_connect_swapped (self->pause_button, "toggled", G_CALLBACK (show_trace), self);
}

static void
fettle_cycles_page_dispose (GObject *object)
{
  FettleCyclesPage *self = FETTLE_CYCLES_PAGE (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_cycles_page_parent_class)->dispose (object);
}

static void
fettle_cycles_page_class_init (FettleCyclesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_cycles_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/cycles-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleCyclesPage, total);
  gtk_widget_class_bind_template_child (widget_class, FettleCyclesPage, details);
  gtk_widget_class_bind_template_child (widget_class, FettleCyclesPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, FettleCyclesPage, chart);
}

static void
fettle_cycles_page_init (FettleCyclesPage *self)
{
  g_type_ensure (FETTLE_TYPE_BAR_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
}
