/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-page.c: what quantization costs, layer by layer. */
#include "config.h"

#include "app/layer-text.h"
#include "app/quantization-details.h"
#include "app/quantization-page.h"
#include "app/quantization-study.h"
#include "tuner/quantization-error.h"
#include "widgets/bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>

/* What the bars are; the order of the choices in quantization-page.ui. */
typedef enum
{
  MEASURE_LAYER,   /* the layer's own output, all layers quantized */
  MEASURE_ONLY,    /* the model's output, only the layer quantized */
  MEASURE_ALL_BUT, /* the same, all but the layer */
  MEASURE_GAIN,    /* decibels that the output gains if the layer becomes float */
  MEASURE_CLIPPED, /* share of the layer's float values that its integers cannot represent */
} Measure;

struct _FettleQuantizationPage
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleQuantizationStudy *study;
  GtkStack *stack;
  GtkComboBox *measure;
  GtkToggleButton *sort_button;
  GtkLabel *caption;
  FettleBarChart *chart;
  FettleQuantizationDetails *details;
  GtkWidget *activity_box;
  GtkProgressBar *activity_bar;
  GtkButton *activity_button;
  GtkLabel *reason_title;
  GtkLabel *reason;
  GtkWidget *tune_button;
  guint *order; /* the layer of each bar */
  guint n_layers;
  char *failure; /* why the study ended; NULL: it did not */
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

/* --- the bars --- */

static Measure
get_measure (FettleQuantizationPage *self)
{
  return (Measure)gtk_combo_box_get_active (self->measure);
}

/* Errors must be known. */
static const FettleLayerError *
get_standing (FettleQuantizationPage *self, guint layer)
{
  return &g_array_index (fettle_document_get_errors (self->document), FettleLayerError,
                         layer);
}

/* The bar of LAYER; NaN while it is not known. */
static double
get_value (FettleQuantizationPage *self, guint layer)
{
  const FettleErrorReport *report = fettle_quantization_study_get_errors (self->study);
  const FettleLayerSensitivity *sensitivity =
      fettle_quantization_study_get_layer_sensitivity (self->study, layer);
  const FettleLayerErrors *errors =
      report != NULL && layer < report->layers->len
          ? &g_array_index (report->layers, FettleLayerErrors, layer)
          : NULL;
  double relative =
      fettle_layer_relative_error (fettle_document_get_errors (self->document), layer);

  switch (get_measure (self))
    {
    case MEASURE_ONLY:
    case MEASURE_ALL_BUT:
      if (errors == NULL || !errors->is_known)
        return NAN;
      return pow (10.0, -(get_measure (self) == MEASURE_ONLY
                              ? errors->only.output.error.sqnr_db
                              : errors->all_but.output.error.sqnr_db)
                            / 20.0);
    case MEASURE_GAIN:
      return sensitivity != NULL ? sensitivity->cost_db : NAN;
    case MEASURE_CLIPPED:
      return relative >= 0 ? get_standing (self, layer)->clipped_share : NAN;
    case MEASURE_LAYER:
    default:
      return relative >= 0 ? relative : NAN;
    }
}

static char *
format_value (FettleQuantizationPage *self, double value)
{
  g_autofree char *percent = NULL;
  g_autofree char *decibel = NULL;

  if (get_measure (self) == MEASURE_GAIN)
    return fettle_format_decibel (value);
  if (get_measure (self) == MEASURE_CLIPPED)
    return fettle_format_tick (FETTLE_NUMBER_PERCENT, value);
  if (value <= 0)
    return g_strdup (_ ("exact"));
  percent = fettle_format_percent (value);
  decibel = fettle_format_decibel (-20.0 * log10 (value));
  return g_strdup_printf ("%s · %s", percent, decibel);
}

static char *
describe_value (FettleQuantizationPage *self, guint layer, const char *text)
{
  const FettleLayerError *error;
  g_autofree char *percent = NULL;
  g_autofree char *decibel = NULL;
  g_autofree char *clipped = NULL;

  switch (get_measure (self))
    {
    case MEASURE_ONLY:
      return g_strdup_printf (_ ("Error of the model’s output with only this layer "
                                 "quantized: %s"),
                              text);
    case MEASURE_ALL_BUT:
      return g_strdup_printf (_ ("Error of the model’s output with all but this layer "
                                 "quantized: %s"),
                              text);
    case MEASURE_GAIN:
      return g_strdup_printf (
          _ ("SQNR that the model’s output gains if this layer is float: %s"), text);
    case MEASURE_CLIPPED:
      return g_strdup_printf (
          _ ("Share of the float values that the integers cannot represent: %s"), text);
    case MEASURE_LAYER:
    default:
      error = get_standing (self, layer);
      percent = fettle_format_percent (pow (10.0, -error->sqnr_db / 20.0));
      decibel = fettle_format_decibel (error->sqnr_db);
      clipped = fettle_format_percent (error->clipped_share);
      return g_strdup_printf (_ ("Error %s of the signal, SQNR %s, largest difference "
                                 "%.3g, %s of the values clipped"),
                              percent, decibel, error->maximum_error, clipped);
    }
}

/* Strings go to STRINGS, which must outlive the item. */
static FettleBarItem
make_item (FettleQuantizationPage *self, FettleContent *content, guint layer,
           GPtrArray *strings)
{
  double value = get_value (self, layer);
  char *label = fettle_layer_format_label (content, layer);
  FettleBarItem item = { .label = label, .low = NAN, .high = NAN };
  char *text, *description;

  g_ptr_array_add (strings, label);
  if (isnan (value))
    return item;
  text = format_value (self, value);
  description = describe_value (self, layer, text);
  g_ptr_array_add (strings, text);
  g_ptr_array_add (strings, description);
  item.known = TRUE;
  item.value = value;
  item.text = text;
  item.description = description;
  return item;
}

static int
compare_layers (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint first = *(const guint *)a, second = *(const guint *)b;
  double x = get_value (user_data, first), y = get_value (user_data, second);

  /* What is not known comes last; of equals, the first layer first. */
  x = isnan (x) ? -INFINITY : x;
  y = isnan (y) ? -INFINITY : y;
  if (x != y)
    return x > y ? -1 : 1;
  return first < second ? -1 : first > second;
}

static void
order_layers (FettleQuantizationPage *self, guint n_layers)
{
  self->n_layers = n_layers;
  self->order = g_renew (guint, self->order, n_layers);
  for (guint i = 0; i < n_layers; i++)
    self->order[i] = i;
  if (gtk_toggle_button_get_active (self->sort_button))
    g_qsort_with_data (self->order, (int)n_layers, sizeof *self->order, compare_layers,
                       self);
}

/* What the bars are, and the largest. */
static void
show_caption (FettleQuantizationPage *self, FettleContent *content)
{
  static const char *const texts[] = {
    N_ ("Difference between each layer’s output and the float model’s, RMS, as a share "
        "of the signal."),
    N_ ("Error of the model’s output when only this layer is quantized."),
    N_ ("Error of the model’s output when all but this layer are quantized. A short bar: "
        "the layer costs much."),
    N_ ("What the model’s output gains in SQNR when only this layer becomes float."),
    N_ ("Share of each layer’s float values that its integers cannot represent."),
  };
  const char *text = _ (texts[get_measure (self)]);
  g_autofree char *value = NULL;
  g_autofree char *caption = NULL;
  int largest = -1;

  for (guint i = 0; i < self->n_layers; i++)
    if (!isnan (get_value (self, i))
        && (largest < 0 || get_value (self, i) > get_value (self, (guint)largest)))
      largest = (int)i;
  if (largest >= 0)
    {
      value = format_value (self, get_value (self, (guint)largest));
      caption = g_strdup_printf (
          _ ("%s Largest: layer %d (%s), %s."), text, largest,
          fettle_graph_get_operator (fettle_content_get_graph (content), (guint)largest)
              ->name,
          value);
    }
  gtk_label_set_text (self->caption, caption != NULL ? caption : text);
}

static void
show_selected (FettleQuantizationPage *self)
{
  int selected = fettle_document_get_selected (self->document);
  int place = -1;

  for (guint i = 0; i < self->n_layers; i++)
    if ((int)self->order[i] == selected)
      place = (int)i;
  fettle_bar_chart_set_selected (self->chart, place);
}

static void
show_bars (FettleQuantizationPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  GArray *errors = fettle_document_get_errors (self->document);
  gboolean is_gain = get_measure (self) == MEASURE_GAIN;
  gboolean is_clipped = get_measure (self) == MEASURE_CLIPPED;
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autofree FettleBarItem *items = NULL;

  if (content == NULL || errors == NULL)
    return;
  order_layers (self, errors->len);
  items = g_new (FettleBarItem, self->n_layers);
  for (guint i = 0; i < self->n_layers; i++)
    items[i] = make_item (self, content, self->order[i], strings);
  fettle_bar_chart_set_format (self->chart,
                               is_gain ? FETTLE_NUMBER_DECIBEL : FETTLE_NUMBER_PERCENT);
  fettle_bar_chart_set_unit (self->chart, is_gain ? _ ("dB")
                                          : is_clipped
                                              ? _ ("share of the values")
                                              : _ ("error, share of the signal"));
  fettle_bar_chart_set_items (self->chart, items, self->n_layers);
  show_caption (self, content);
  show_selected (self);
}

static void
chart_selected (FettleQuantizationPage *self)
{
  int place = fettle_bar_chart_get_selected (self->chart);

  fettle_document_set_selected (
      self->document,
      place >= 0 && (guint)place < self->n_layers ? (int)self->order[place] : -1);
}

/* --- the study --- */

/* Begins when somebody looks; goes on when nobody does, but never with a model that is no longer shown. */
static void
study_what_is_shown (FettleQuantizationPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  gboolean is_compared = content != NULL && content->kind == FETTLE_CONTENT_TUNED
                         && fettle_document_get_errors (self->document) != NULL;

  if (is_compared && gtk_widget_get_mapped (GTK_WIDGET (self)))
    fettle_quantization_study_set_subject (self->study, content,
                                           fettle_document_get_data (self->document));
  else if (!is_compared || !fettle_quantization_study_is_about (self->study, content))
    fettle_quantization_study_set_subject (self->study, NULL, NULL);
}

static void
show_activity (FettleQuantizationPage *self)
{
  double fraction = 0;
  g_autofree char *activity =
      fettle_quantization_study_get_activity (self->study, &fraction);
  gboolean is_interrupted = fettle_quantization_study_is_interrupted (self->study);

  gtk_widget_set_visible (self->activity_box, activity != NULL || is_interrupted);
  if (activity != NULL)
    g_clear_pointer (&self->failure, g_free);
  gtk_progress_bar_set_text (self->activity_bar, activity != NULL ? activity
                                                 : self->failure != NULL
                                                     ? self->failure
                                                     : _ ("Not everything is measured"));
  gtk_progress_bar_set_fraction (self->activity_bar, CLAMP (fraction, 0, 1));
  gtk_button_set_label (self->activity_button,
                        activity != NULL ? _ ("_Stop") : _ ("_Measure"));
}

static void
study_failed (FettleQuantizationPage *self, const char *text)
{
  g_free (self->failure);
  self->failure = g_strdup (text);
}

static void
activity_button_clicked (FettleQuantizationPage *self)
{
  if (fettle_quantization_study_is_interrupted (self->study))
    fettle_quantization_study_resume (self->study);
  else
    fettle_quantization_study_cancel (self->study);
}

static void
refresh (FettleQuantizationPage *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  GArray *errors = fettle_document_get_errors (self->document);

  if (content == NULL)
    return;
  study_what_is_shown (self);
  if (errors != NULL && errors->len > 0)
    {
      show_bars (self);
      gtk_stack_set_visible_child_name (self->stack, "errors");
    }
  else
    show_reason (self, content->kind);
}

void
fettle_quantization_page_set_document (FettleQuantizationPage *self,
                                       FettleDocument *document)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_PAGE (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  fettle_quantization_details_set_document (self->details, document, self->study);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (show_selected),
                           self, G_CONNECT_SWAPPED);
}

static void
fettle_quantization_page_map (GtkWidget *widget)
{
  FettleQuantizationPage *self = FETTLE_QUANTIZATION_PAGE (widget);

  GTK_WIDGET_CLASS (fettle_quantization_page_parent_class)->map (widget);
  if (self->document != NULL)
    study_what_is_shown (self);
}

static void
fettle_quantization_page_dispose (GObject *object)
{
  FettleQuantizationPage *self = FETTLE_QUANTIZATION_PAGE (object);

  if (self->study != NULL)
    fettle_quantization_study_cancel (self->study);
  g_clear_object (&self->study);
  g_clear_object (&self->document);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->failure, g_free);
  G_OBJECT_CLASS (fettle_quantization_page_parent_class)->dispose (object);
}

#define BIND(name)                                                                       \
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationPage, name)

static void
fettle_quantization_page_class_init (FettleQuantizationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_quantization_page_dispose;
  widget_class->map = fettle_quantization_page_map;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/quantization-page.ui");
  BIND (stack);
  BIND (measure);
  BIND (sort_button);
  BIND (caption);
  BIND (chart);
  BIND (details);
  BIND (activity_box);
  BIND (activity_bar);
  BIND (activity_button);
  BIND (reason_title);
  BIND (reason);
  BIND (tune_button);
}

static void
fettle_quantization_page_init (FettleQuantizationPage *self)
{
  g_type_ensure (FETTLE_TYPE_BAR_CHART);
  g_type_ensure (FETTLE_TYPE_QUANTIZATION_DETAILS);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->study = fettle_quantization_study_new ();
  g_signal_connect_object (self->study, "changed", G_CALLBACK (show_bars), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->study, "failed", G_CALLBACK (study_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->study, "activity-changed", G_CALLBACK (show_activity),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->chart, "selection-changed", G_CALLBACK (chart_selected),
                            self);
  g_signal_connect_swapped (self->measure, "changed", G_CALLBACK (show_bars), self);
  g_signal_connect_swapped (self->sort_button, "toggled", G_CALLBACK (show_bars), self);
  g_signal_connect_swapped (self->activity_button, "clicked",
                            G_CALLBACK (activity_button_clicked), self);
}
