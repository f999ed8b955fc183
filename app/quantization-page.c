/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-page.c: the quantization error of each layer. */
#include "config.h"

#include "app/layer-text.h"
#include "app/quantization-page.h"
#include "tuner/quantization-error.h"
#include "widgets/bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>

struct _FettleQuantizationPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  GtkStack *stack;
  GtkLabel *caption;
  FettleBarChart *chart;
  GtkLabel *reason_title;
  GtkLabel *reason;
  GtkWidget *tune_button;
};

G_DEFINE_FINAL_TYPE (FettleQuantizationPage, fettle_quantization_page, GTK_TYPE_BOX)

/* Why there are no errors to show, and what to do about it. */
static void
show_reason (FettleQuantizationPage *self, FettleContentKind kind)
{
  switch (kind)
    {
    case FETTLE_CONTENT_FLOAT:
      gtk_label_set_text (self->reason_title, _ ("Not Quantized"));
      gtk_label_set_text (
          self->reason, _ ("This model computes in float. Tune it with calibration data "
                           "to see how far each int8 layer is from its original."));
      break;
    case FETTLE_CONTENT_TUNED:
      gtk_label_set_text (self->reason_title, _ ("Not Compared Yet"));
      gtk_label_set_text (self->reason,
                          _ ("Choose data to compare each layer with the float original "
                             "that this project keeps."));
      break;
    case FETTLE_CONTENT_QUANTIZED:
    default:
      gtk_label_set_text (self->reason_title, _ ("No Float Original"));
      gtk_label_set_text (
          self->reason, _ ("This model was quantized before it was opened here, so there "
                           "is nothing to compare its layers with. Open the float model "
                           "and tune that."));
      break;
    }
  gtk_widget_set_visible (self->tune_button, kind != FETTLE_CONTENT_QUANTIZED);
  gtk_stack_set_visible_child_name (self->stack, "reason");
}

static void
fill_item (FettleBarItem *item, const FettleLayerError *error, double relative,
           GPtrArray *strings)
{
  g_autofree char *decibel = fettle_format_decibel (error->sqnr_db);
  g_autofree char *percent = fettle_format_percent (relative);
  g_autofree char *clipped = fettle_format_percent (error->clipped_share);
  char *text = isinf (error->sqnr_db) ? g_strdup (_ ("exact"))
                                      : g_strdup_printf ("%s · %s", percent, decibel);
  char *description = g_strdup_printf (
      _ ("Error %s of the signal, SQNR %s, largest difference %.3g, %s of the values "
         "clipped"),
      percent, decibel, error->maximum_error, clipped);

  g_ptr_array_add (strings, text);
  g_ptr_array_add (strings, description);
  item->known = TRUE;
  item->value = relative;
  item->text = text;
  item->description = description;
}

static void
show_errors (FettleQuantizationPage *self, FettleContent *content, GArray *errors)
{
  g_autofree FettleBarItem *items = g_new0 (FettleBarItem, errors->len);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  guint worst = 0;
  g_autofree char *worst_label = NULL;
  g_autofree char *caption = NULL;

  for (guint i = 0; i < errors->len; i++)
    {
      double relative = fettle_layer_relative_error (errors, i);
      char *label = fettle_layer_format_label (content, i);

      g_ptr_array_add (strings, label);
      items[i] = (FettleBarItem){ .label = label, .low = NAN, .high = NAN };
      if (relative >= 0)
        fill_item (&items[i], &g_array_index (errors, FettleLayerError, i), relative,
                   strings);
      if (relative > fettle_layer_relative_error (errors, worst))
        worst = i;
    }
  fettle_bar_chart_set_items (self->chart, items, errors->len);
  worst_label = g_strdup (
      fettle_graph_get_operator (fettle_content_get_graph (content), worst)->name);
  caption = g_strdup_printf (_ ("Difference between each layer’s output and the float "
                                "model’s, RMS, as a share of the signal. "
                                "Largest: layer %u (%s), %s."),
                             worst, worst_label,
                             items[worst].text != NULL ? items[worst].text : "–");
  gtk_label_set_text (self->caption, caption);
  gtk_stack_set_visible_child_name (self->stack, "errors");
}

static void
show_selected (FettleQuantizationPage *self)
{
  fettle_bar_chart_set_selected (self->chart,
                                 fettle_document_get_selected (self->document));
}

static void
refresh (FettleQuantizationPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  GArray *errors = fettle_document_get_errors (self->document);

  if (errors != NULL && errors->len > 0)
    show_errors (self, content, errors);
  else
    show_reason (self, content->kind);
  show_selected (self);
}

static void
chart_selected (FettleQuantizationPage *self)
{
  fettle_document_set_selected (self->document,
                                fettle_bar_chart_get_selected (self->chart));
}

void
fettle_quantization_page_set_document (FettleQuantizationPage *self,
                                       FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->chart, "selection-changed", G_CALLBACK (chart_selected),
                            self);
}

static void
fettle_quantization_page_dispose (GObject *object)
{
  FettleQuantizationPage *self = FETTLE_QUANTIZATION_PAGE (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_quantization_page_parent_class)->dispose (object);
}

static void
fettle_quantization_page_class_init (FettleQuantizationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_quantization_page_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/quantization-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage, caption);
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage, chart);
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage,
                                        reason_title);
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage, reason);
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage,
                                        tune_button);
}

static void
fettle_quantization_page_init (FettleQuantizationPage *self)
{
  g_type_ensure (FETTLE_TYPE_BAR_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
  fettle_bar_chart_set_format (self->chart, FETTLE_NUMBER_PERCENT);
  fettle_bar_chart_set_unit (self->chart, _ ("error, share of the signal"));
}
