/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview-page.c: does the model fit the board, is it right, what is in it, what does it cost. */
#include "config.h"

#include "app/accuracy.h"
#include "app/fit.h"
#include "app/layer-text.h"
#include "app/overview-page.h"
#include "app/recipe-text.h"
#include "widgets/bar-chart.h"
#include "widgets/bullet-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_COSTLY 3

struct _FettleOverviewPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleTargetImage *image;
  FettleAccuracyMeter *meter;
  GtkImage *verdict_image;
  GtkLabel *verdict;
  GtkLabel *verdict_detail;
  FettleBulletChart *fit_chart;
  GtkLabel *accuracy;
  GtkLabel *recipe;
  GtkLabel *costly_title;
  FettleBarChart *costly_chart;
  guint costly[N_COSTLY]; /* numbers of the layers in the chart */
  guint n_costly;
};

G_DEFINE_FINAL_TYPE (FettleOverviewPage, fettle_overview_page, GTK_TYPE_BOX)

/* --- does it fit --- */

static void
show_fit (FettleOverviewPage *self)
{
  static const char *const icons[] = {
    [FETTLE_FIT_UNKNOWN] = "dialog-question-symbolic",
    [FETTLE_FIT_FITS] = "emblem-ok-symbolic",
    [FETTLE_FIT_TOO_LARGE] = "dialog-warning-symbolic",
  };
  static const char *const names[] = {
    [FETTLE_FIT_UNKNOWN] = N_ ("Not known yet"),
    [FETTLE_FIT_FITS] = N_ ("Fits"),
    [FETTLE_FIT_TOO_LARGE] = N_ ("Does not fit"),
  };
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  g_autoptr (GArray) rows = NULL;
  FettleFit fit;

  if (fettle_document_get_content (self->document) == NULL)
    return;
  rows = fettle_fit_list_rows (self->document, self->image);
  fit = fettle_fit_judge (self->image, &title, &detail);
  gtk_image_set_from_icon_name (self->verdict_image, icons[fit], GTK_ICON_SIZE_DND);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->verdict_image)),
                       _ (names[fit]));
  gtk_label_set_text (self->verdict, title);
  gtk_label_set_text (self->verdict_detail, detail);
  fettle_bullet_chart_set_items (self->fit_chart, (const FettleBulletItem *)rows->data,
                                 rows->len);
}

/* --- is it right --- */

/* "97.5 % of 400 samples right (95 % confidence: 95.5 % to 98.6 %). Float model: 97.5 %; ..." Free with g_free. */
static char *
describe_accuracy (const FettleAccuracy *accuracy, gboolean has_reference)
{
  g_autofree char *share = fettle_format_percent (accuracy->share.value);
  g_autofree char *low = fettle_format_percent (accuracy->share.low);
  g_autofree char *high = fettle_format_percent (accuracy->share.high);
  g_autofree char *before = fettle_format_percent (
      accuracy->n > 0 ? (double)accuracy->reference_correct / accuracy->n : 0);

  if (!has_reference)
    return g_strdup_printf (_ ("%s of %u samples right (95 %% confidence: %s to %s)."),
                            share, accuracy->n, low, high);
  return g_strdup_printf (
      _ ("%s of %u samples right (95 %% confidence: %s to %s), float model %s. %u only "
         "by the float model, %u only by this one."),
      share, accuracy->n, low, high, before, accuracy->reference_only,
      accuracy->model_only);
}

static void
show_accuracy (FettleOverviewPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  g_autofree char *text = NULL;

  switch (fettle_accuracy_meter_get_state (self->meter))
    {
    case FETTLE_ACCURACY_KNOWN:
      text = describe_accuracy (fettle_accuracy_meter_get (self->meter),
                                content != NULL && content->project->source != NULL);
      break;
    case FETTLE_ACCURACY_MEASURING:
      text = g_strdup (_ ("Being measured…"));
      break;
    case FETTLE_ACCURACY_FAILED:
      text = g_strdup (fettle_accuracy_meter_get_problem (self->meter));
      break;
    case FETTLE_ACCURACY_NO_LABELS:
    default:
      text = g_strdup (_ ("Not known: the recipe’s data has no labels."));
      break;
    }
  gtk_label_set_text (self->accuracy, text);
}

/* Only what is looked at is worth the work. */
static void
start_measuring (FettleOverviewPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    fettle_accuracy_meter_start (self->meter);
}

/* --- the recipe --- */

static void
show_recipe (FettleOverviewPage *self)
{
  const FettleProject *project = fettle_document_get_content (self->document)->project;
  g_autoptr (FettleRecipe) recipe =
      project->recipe[0] != '\0' ? fettle_recipe_parse (project->recipe, NULL) : NULL;
  g_autofree char *text = NULL;

  if (recipe == NULL)
    text = g_strdup (_ ("None: the model is as it was imported."));
  else
    text = fettle_recipe_describe (recipe);
  gtk_label_set_text (self->recipe, text);
}

/* --- the most costly layers --- */

/* What a layer costs: its measured time, or its MACs as long as nothing was measured. */
static double
get_cost (FettleOverviewPage *self, guint layer)
{
  FettleStatistics time = fettle_document_get_layer_time (self->document, layer);

  if (fettle_document_get_total_time (self->document).n > 0)
    return (double)time.median;
  return (double)fettle_document_get_content (self->document)->macs[layer];
}

/* The layers that cost most, the first one most, into self->costly. */
static void
find_costly (FettleOverviewPage *self, guint n_layers)
{
  self->n_costly = 0;
  for (guint layer = 0; layer < n_layers; layer++)
    {
      guint place = self->n_costly;

      while (place > 0
             && get_cost (self, layer) > get_cost (self, self->costly[place - 1]))
        place--;
      if (place >= N_COSTLY)
        continue;
      self->n_costly = MIN (self->n_costly + 1, N_COSTLY);
      for (guint i = self->n_costly - 1; i > place; i--)
        self->costly[i] = self->costly[i - 1];
      self->costly[place] = layer;
    }
}

static void
show_selected (FettleOverviewPage *self)
{
  int selected = fettle_document_get_selected (self->document);
  int place = -1;

  for (guint i = 0; i < self->n_costly; i++)
    if ((int)self->costly[i] == selected)
      place = (int)i;
  fettle_bar_chart_set_selected (self->costly_chart, place);
}

static double
sum_costs (FettleOverviewPage *self, FettleContent *content)
{
  double total = 0;

  for (guint i = 0; i < fettle_content_get_n_layers (content); i++)
    total += get_cost (self, i);
  return total;
}

/* Strings go to STRINGS, which must outlive the item. */
static FettleBarItem
make_costly_item (FettleContent *content, guint layer, double cost, double total,
                  GPtrArray *strings)
{
  FettleOperator *operator_ =
      fettle_graph_get_operator (fettle_content_get_graph (content), layer);
  g_autofree char *kind = fettle_layer_format_operator (operator_);
  g_autofree char *number = fettle_format_count_short (cost);
  g_autofree char *share = fettle_format_percent (total > 0 ? cost / total : 0);
  char *label = fettle_layer_format_label (content, layer);
  char *text = g_strdup_printf ("%s · %s", number, share);
  char *description =
      g_strdup_printf (_ ("%s: %s, %s of the model"), kind, number, share);

  g_ptr_array_add (strings, label);
  g_ptr_array_add (strings, text);
  g_ptr_array_add (strings, description);
  return (FettleBarItem){ .label = label,
                          .value = cost,
                          .low = NAN,
                          .high = NAN,
                          .known = TRUE,
                          .text = text,
                          .description = description };
}

static void
fill_costly (FettleOverviewPage *self, FettleContent *content)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  double total = sum_costs (self, content);
  FettleBarItem items[N_COSTLY];

  for (guint i = 0; i < self->n_costly; i++)
    items[i] = make_costly_item (content, self->costly[i],
                                 get_cost (self, self->costly[i]), total, strings);
  fettle_bar_chart_set_items (self->costly_chart, items, self->n_costly);
}

static void
show_costly (FettleOverviewPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleTrace *trace = fettle_document_get_trace (self->document);
  gboolean measured = fettle_document_get_total_time (self->document).n > 0;
  const char *unit =
      measured ? fettle_unit_get_label (fettle_trace_get_unit (trace)) : _ ("MACs");
  g_autofree char *title = NULL;

  if (content == NULL)
    return;
  find_costly (self, fettle_content_get_n_layers (content));
  fill_costly (self, content);
  title = g_strdup_printf (measured ? _ ("Most costly layers, measured in %s")
                                    : _ ("Most costly layers, by %s"),
                           unit);
  gtk_label_set_text (self->costly_title, title);
  show_selected (self);
}

static void
costly_selected (FettleOverviewPage *self)
{
  int place = fettle_bar_chart_get_selected (self->costly_chart);

  if (place >= 0 && place < (int)self->n_costly)
    fettle_document_set_selected (self->document, (int)self->costly[place]);
}

/* --- the page --- */

static void
show_content (FettleOverviewPage *self)
{
  show_recipe (self);
  show_costly (self);
}

static void
show_trace (FettleOverviewPage *self)
{
  show_fit (self);
  show_costly (self);
}

void
fettle_overview_page_set_document (FettleOverviewPage *self, FettleDocument *document,
                                   FettleTargetImage *image)
{
  g_return_if_fail (FETTLE_IS_OVERVIEW_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (FETTLE_IS_TARGET_IMAGE (image) && self->document == NULL);

  self->document = g_object_ref (document);
  self->image = g_object_ref (image);
  self->meter = fettle_accuracy_meter_new (document);
  g_signal_connect_object (self->meter, "changed", G_CALLBACK (show_accuracy), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "activity-changed", G_CALLBACK (start_measuring),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "recipe-changed", G_CALLBACK (start_measuring), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_after (self, "map", G_CALLBACK (start_measuring), NULL);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_trace), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (image, "changed", G_CALLBACK (show_fit), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->costly_chart, "selection-changed",
                            G_CALLBACK (costly_selected), self);
}

static void
fettle_overview_page_dispose (GObject *object)
{
  FettleOverviewPage *self = FETTLE_OVERVIEW_PAGE (object);

  g_clear_object (&self->meter);
  g_clear_object (&self->image);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_overview_page_parent_class)->dispose (object);
}

static void
fettle_overview_page_class_init (FettleOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_overview_page_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, verdict_image);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, verdict_detail);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, fit_chart);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, accuracy);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, recipe);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, costly_title);
  gtk_widget_class_bind_template_child (widget_class, FettleOverviewPage, costly_chart);
}

static void
fettle_overview_page_init (FettleOverviewPage *self)
{
  g_type_ensure (FETTLE_TYPE_BULLET_CHART);
  g_type_ensure (FETTLE_TYPE_BAR_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_text (self->accuracy, _ ("Not known: the recipe’s data has no labels."));
}
