/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-details.c: what is known of one layer's quantization. */
#include "config.h"

#include "app/layer-text.h"
#include "app/quantization-details.h"
#include "app/spread-columns.h"
#include "tuner/quantization-error.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  COLUMN_TYPE,
  COLUMN_OUTPUT,
  COLUMN_AGREEMENT,
  COLUMN_FLASH,
  COLUMN_RAM,
};

struct _FettleQuantizationDetails
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleQuantizationStudy *study;
  GtkStack *stack;
  GtkLabel *heading;
  GtkLabel *standing;
  GtkLabel *only;
  GtkLabel *all_but;
  GtkLabel *clipped;
  GtkToggleButton *weights_button;
  GtkToggleButton *activations_button;
  GtkToggleButton *types_button;
  GtkToggleButton *steps_button;
  GtkToggleButton *logarithmic_button;
  FettleColumnChart *histogram;
  FettleColumnChart *ranges;
  GtkLabel *alternatives_caption;
  GtkListStore *alternatives;
  GtkLabel *report_caption;
  GtkListBox *report;
};

G_DEFINE_FINAL_TYPE (FettleQuantizationDetails, fettle_quantization_details, GTK_TYPE_BOX)

/* The layer with the largest error; -1 while errors are unknown. */
static int
find_worst (FettleQuantizationDetails *self)
{
  GArray *errors = fettle_document_get_errors (self->document);
  int worst = -1;

  for (guint i = 0; errors != NULL && i < errors->len; i++)
    if (fettle_layer_relative_error (errors, i) >= 0
        && (worst < 0
            || fettle_layer_relative_error (errors, i)
                   > fettle_layer_relative_error (errors, (guint)worst)))
      worst = (int)i;
  return worst;
}

/* The selected layer, else the one that most deserves a look. */
static int
get_layer (FettleQuantizationDetails *self)
{
  int selected = fettle_document_get_selected (self->document);

  return selected >= 0 ? selected : find_worst (self);
}

/* --- figures --- */

static const FettleLayerErrors *
get_errors (FettleQuantizationDetails *self)
{
  const FettleErrorReport *report = fettle_quantization_study_get_errors (self->study);
  int layer = get_layer (self);

  if (report == NULL || layer < 0 || (guint)layer >= report->layers->len)
    return NULL;
  return &g_array_index (report->layers, FettleLayerErrors, layer);
}

static void
show_decibel (GtkLabel *label, gboolean is_known, double decibel)
{
  g_autofree char *text = fettle_format_decibel (decibel);

  if (!is_known)
    gtk_label_set_text (label, "–");
  else
    gtk_label_set_text (label, isinf (decibel) ? _ ("exact") : text);
}

/* The same figures as on the other pages. */
static const FettleLayerError *
get_standing (FettleQuantizationDetails *self)
{
  GArray *errors = fettle_document_get_errors (self->document);
  int layer = get_layer (self);

  if (errors == NULL || layer < 0 || (guint)layer >= errors->len)
    return NULL;
  return &g_array_index (errors, FettleLayerError, layer);
}

static void
show_figures (FettleQuantizationDetails *self)
{
  const FettleLayerError *standing = get_standing (self);
  const FettleLayerErrors *errors = get_errors (self);
  gboolean is_standing = standing != NULL && standing->is_known;
  gboolean is_known = errors != NULL && errors->is_known;
  g_autofree char *clipped =
      fettle_format_percent (is_standing ? standing->clipped_share : NAN);

  show_decibel (self->standing, is_standing, is_standing ? standing->sqnr_db : NAN);
  show_decibel (self->only, is_known, is_known ? errors->only.output.error.sqnr_db : NAN);
  show_decibel (self->all_but, is_known,
                is_known ? errors->all_but.output.error.sqnr_db : NAN);
  gtk_label_set_text (self->clipped, clipped);
}

static void
show_heading (FettleQuantizationDetails *self)
{
  FettleGraph *graph =
      fettle_content_get_graph (fettle_document_get_content (self->document));
  int layer = get_layer (self);
  const FettleOperator *operator_;
  g_autofree char *kind = NULL;
  g_autofree char *text = NULL;

  if (layer < 0)
    {
      gtk_label_set_text (self->heading, _ ("No layer is selected"));
      return;
    }
  operator_ = fettle_graph_get_operator (graph, (guint)layer);
  kind = fettle_layer_format_operator (operator_);
  text = g_strdup_printf (fettle_document_get_selected (self->document) >= 0
                              ? _ ("Layer %d: %s  ·  %s")
                              : _ ("Largest error, layer %d: %s  ·  %s"),
                          layer, operator_->name, kind);
  gtk_label_set_text (self->heading, text);
}

/* --- values --- */

static const FettleTensorSpread *
find_tensor (FettleQuantizationDetails *self, FettleSpreadKind kind)
{
  const FettleSpreadReport *report = fettle_quantization_study_get_spread (self->study);
  int layer = get_layer (self);

  return report != NULL && layer >= 0
             ? fettle_spread_report_find (report, (guint)layer, kind)
             : NULL;
}

static void
show_histogram (FettleQuantizationDetails *self)
{
  gboolean is_weights = gtk_toggle_button_get_active (self->weights_button);

  fettle_show_histogram (
      self->histogram,
      find_tensor (self, is_weights ? FETTLE_SPREAD_WEIGHTS : FETTLE_SPREAD_ACTIVATIONS),
      fettle_chart_get_selected (FETTLE_CHART (self->ranges)),
      gtk_toggle_button_get_active (self->logarithmic_button));
}

static void
show_values (FettleQuantizationDetails *self)
{
  gboolean is_weights = gtk_toggle_button_get_active (self->weights_button);
  gboolean is_known = fettle_quantization_study_get_spread (self->study) != NULL;
  const FettleTensorSpread *tensor =
      find_tensor (self, is_weights ? FETTLE_SPREAD_WEIGHTS : FETTLE_SPREAD_ACTIVATIONS);

  fettle_chart_set_empty_text (FETTLE_CHART (self->histogram),
                               !is_known    ? _ ("Not measured yet")
                               : is_weights ? _ ("This layer has no weights")
                                            : _ ("This layer only converts"));
  fettle_chart_set_selected (FETTLE_CHART (self->ranges), -1);
  fettle_show_channel_ranges (self->ranges, tensor);
  gtk_widget_set_visible (GTK_WIDGET (self->ranges), tensor != NULL);
  show_histogram (self);
}

/* Two of the four tabs share a page of the stack. Called for the one that is left, too. */
static void
show_tab (FettleQuantizationDetails *self)
{
  gboolean is_types = gtk_toggle_button_get_active (self->types_button);
  gboolean is_steps = gtk_toggle_button_get_active (self->steps_button);

  gtk_stack_set_visible_child_name (self->stack, is_types   ? "types"
                                                 : is_steps ? "steps"
                                                            : "values");
  gtk_widget_set_sensitive (GTK_WIDGET (self->logarithmic_button),
                            !is_types && !is_steps);
  if (!is_types && !is_steps)
    show_values (self);
}

/* --- other types --- */

static char *
format_difference (double value, char *(*format) (double))
{
  g_autofree char *text = format (value);

  return g_strconcat (value > 0 ? "+" : "", text, NULL);
}

/* What the differences below are from. */
static void
add_present (FettleQuantizationDetails *self, const FettleAlternative *present)
{
  g_autofree char *output = fettle_format_decibel (present->output.error.sqnr_db);
  g_autofree char *agreement = fettle_format_percent (present->output.agreement);
  g_autofree char *flash = fettle_format_bytes ((double)present->image_bytes);
  g_autofree char *ram = fettle_format_bytes ((double)present->arena_bytes);

  gtk_list_store_insert_with_values (self->alternatives, NULL, -1, COLUMN_TYPE, _ ("now"),
                                     COLUMN_OUTPUT, output, COLUMN_AGREEMENT, agreement,
                                     COLUMN_FLASH, flash, COLUMN_RAM, ram, -1);
}

static void
add_alternative (FettleQuantizationDetails *self, const char *type,
                 const FettleAlternative *alternative, const FettleAlternative *present)
{
  g_autofree char *output = format_difference (alternative->output.error.sqnr_db
                                                   - present->output.error.sqnr_db,
                                               fettle_format_decibel);
  g_autofree char *agreement =
      isnan (present->output.agreement)
          ? g_strdup ("–")
          : format_difference (alternative->output.agreement - present->output.agreement,
                               fettle_format_percent);
  g_autofree char *flash =
      format_difference ((double)alternative->image_bytes - (double)present->image_bytes,
                         fettle_format_bytes);
  g_autofree char *ram =
      format_difference ((double)alternative->arena_bytes - (double)present->arena_bytes,
                         fettle_format_bytes);

  gtk_list_store_insert_with_values (self->alternatives, NULL, -1, COLUMN_TYPE, type,
                                     COLUMN_OUTPUT, output, COLUMN_AGREEMENT, agreement,
                                     COLUMN_FLASH, flash, COLUMN_RAM, ram, -1);
}

static void
caption_alternatives (FettleQuantizationDetails *self,
                      const FettleLayerSensitivity *layer)
{
  FettleContent *content = fettle_document_get_content (self->document);
  g_autofree char *macs = NULL;
  g_autofree char *text = NULL;

  if (get_layer (self) < 0)
    text = g_strdup (_ ("Select a layer to see what other types for it would change."));
  else if (layer == NULL)
    text = g_strdup (_ ("Not measured yet."));
  else
    {
      macs = fettle_format_count_short ((double)content->macs[layer->layer]);
      text = g_strdup_printf (
          _ ("What would change if only this layer (%s MACs) had another type. Each was "
             "built and run, weights rounded to nearest."),
          macs);
    }
  gtk_label_set_text (self->alternatives_caption, text);
}

static void
show_alternatives (FettleQuantizationDetails *self)
{
  const FettleSensitivity *sensitivity =
      fettle_quantization_study_get_sensitivity (self->study);
  int selected = get_layer (self);
  const FettleLayerSensitivity *layer =
      selected >= 0
          ? fettle_quantization_study_get_layer_sensitivity (self->study, (guint)selected)
          : NULL;

  gtk_list_store_clear (self->alternatives);
  caption_alternatives (self, layer);
  if (layer != NULL)
    add_present (self, &sensitivity->present);
  for (guint i = 0; layer != NULL && i < FETTLE_N_ALTERNATIVES; i++)
    if (layer->alternatives[i].is_possible)
      add_alternative (self, fettle_alternative_get_name (i), &layer->alternatives[i],
                       &sensitivity->present);
}

/* --- what the recipe did --- */

static void
remove_row (GtkWidget *row, gpointer list)
{
  gtk_container_remove (GTK_CONTAINER (list), row);
}

static const char *
get_step_name (FettleRecipe *recipe, guint step)
{
  return recipe != NULL && step < fettle_recipe_get_n_steps (recipe)
             ? fettle_recipe_get_step (recipe, step)->kind->name
             : "";
}

static void
add_line (FettleQuantizationDetails *self, const FettleReportLine *line,
          FettleRecipe *recipe, gboolean is_one_layer)
{
  g_autofree char *step = g_markup_escape_text (get_step_name (recipe, line->step), -1);
  g_autofree char *layer =
      g_markup_escape_text (line->layer != NULL && !is_one_layer ? line->layer : "", -1);
  g_autofree char *text = g_markup_escape_text (line->text, -1);
  g_autofree char *markup = g_strdup_printf ("<b>%s</b>  %s%s%s", step, layer,
                                             layer[0] != '\0' ? ": " : "", text);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  g_object_set (label, "margin", 6, "margin-start", 12, "margin-end", 12, NULL);
  gtk_container_add (GTK_CONTAINER (row), label);
  gtk_widget_show_all (row);
  gtk_container_add (GTK_CONTAINER (self->report), row);
}

/* The lines about the selected layer, or all of them. */
static guint
add_lines (FettleQuantizationDetails *self, FettleContent *content, const char *layer)
{
  g_autoptr (FettleRecipe) recipe =
      content->project->recipe[0] != '\0'
          ? fettle_recipe_parse (content->project->recipe, NULL)
          : NULL;
  guint n = 0;

  for (guint i = 0; content->report != NULL && i < content->report->len; i++)
    {
      const FettleReportLine *line = g_ptr_array_index (content->report, i);

      if (layer != NULL && g_strcmp0 (line->layer, layer) != 0)
        continue;
      add_line (self, line, recipe, layer != NULL);
      n++;
    }
  return n;
}

static void
show_report (FettleQuantizationDetails *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  int selected = fettle_document_get_selected (self->document);
  const char *layer = NULL;
  g_autofree char *caption = NULL;

  gtk_container_foreach (GTK_CONTAINER (self->report), remove_row, self->report);
  if (content == NULL)
    return;
  if (selected >= 0)
    layer =
        fettle_graph_get_operator (fettle_content_get_graph (content), (guint)selected)
            ->name;
  if (content->report == NULL)
    caption = g_strdup (_ ("Project files do not keep what each step did. Tune again to "
                           "see it."));
  else if (add_lines (self, content, layer) == 0)
    caption = g_strdup (_ ("No step says anything about this layer alone."));
  else if (layer != NULL)
    caption = g_strdup_printf (_ ("What the recipe did to %s:"), layer);
  else
    caption = g_strdup (_ ("What the recipe did, step by step:"));
  gtk_label_set_text (self->report_caption, caption);
}

/* --- the whole --- */

static void
refresh (FettleQuantizationDetails *self)
{
  FettleContent *content = fettle_document_get_content (self->document);

  if (content == NULL)
    return;
  show_heading (self);
  show_figures (self);
  show_values (self);
  show_alternatives (self);
}

static void
refresh_all (FettleQuantizationDetails *self)
{
  refresh (self);
  show_report (self);
}

void
fettle_quantization_details_set_document (FettleQuantizationDetails *self,
                                          FettleDocument *document,
                                          FettleQuantizationStudy *study)
{
  g_return_if_fail (FETTLE_IS_QUANTIZATION_DETAILS (self));
  g_return_if_fail (FETTLE_IS_DOCUMENT (document) && self->document == NULL);

  self->document = g_object_ref (document);
  self->study = g_object_ref (study);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (refresh_all), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "selection-changed", G_CALLBACK (refresh_all), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (study, "changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->activations_button, "toggled", G_CALLBACK (show_tab),
                            self);
  g_signal_connect_swapped (self->weights_button, "toggled", G_CALLBACK (show_tab), self);
  g_signal_connect_swapped (self->types_button, "toggled", G_CALLBACK (show_tab), self);
  g_signal_connect_swapped (self->steps_button, "toggled", G_CALLBACK (show_tab), self);
  g_signal_connect_swapped (self->logarithmic_button, "toggled",
                            G_CALLBACK (show_histogram), self);
  g_signal_connect_swapped (self->ranges, "selection-changed",
                            G_CALLBACK (show_histogram), self);
}

static void
fettle_quantization_details_dispose (GObject *object)
{
  FettleQuantizationDetails *self = FETTLE_QUANTIZATION_DETAILS (object);

  g_clear_object (&self->document);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (fettle_quantization_details_parent_class)->dispose (object);
}

#define BIND(name)                                                                       \
  gtk_widget_class_bind_template_child (widget_class, FettleQuantizationDetails, name)

static void
fettle_quantization_details_class_init (FettleQuantizationDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_quantization_details_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/fettle/Fettle/quantization-details.ui");
  BIND (heading);
  BIND (standing);
  BIND (only);
  BIND (all_but);
  BIND (clipped);
  BIND (stack);
  BIND (weights_button);
  BIND (activations_button);
  BIND (types_button);
  BIND (steps_button);
  BIND (logarithmic_button);
  BIND (histogram);
  BIND (ranges);
  BIND (alternatives_caption);
  BIND (alternatives);
  BIND (report_caption);
  BIND (report);
}

static void
fettle_quantization_details_init (FettleQuantizationDetails *self)
{
  g_type_ensure (FETTLE_TYPE_COLUMN_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
}
