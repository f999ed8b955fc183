/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary-bar.c: the model's name and its key figures, above every page. */
#include "config.h"

#include "app/layer-text.h"
#include "app/summary-bar.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>

struct _FettleSummaryBar
{
  GtkBox parent_instance;

  FettleDocument *document;
  FettleTargetImage *target_image;
  GtkLabel *name;
  GtkLabel *kind;
  GtkLabel *image;
  GtkLabel *image_target;
  GtkLabel *arena;
  GtkLabel *arena_bound;
  GtkLabel *macs;
  GtkLabel *error;
  GtkLabel *time;
  GtkLabel *time_unit;
};

G_DEFINE_FINAL_TYPE (FettleSummaryBar, fettle_summary_bar, GTK_TYPE_BOX)

/* Takes TEXT over. */
static void
take_text (GtkLabel *label, char *text)
{
  gtk_label_set_text (label, text);
  g_free (text);
}

static char *
describe_kind (FettleContent *content)
{
  static const char *const kinds[] = {
    [FETTLE_CONTENT_FLOAT] = N_ ("float32"),
    [FETTLE_CONTENT_TUNED] = N_ ("tuned to int8"),
    [FETTLE_CONTENT_QUANTIZED] = N_ ("int8"),
  };
  FettleGraph *graph = fettle_content_get_graph (content);
  FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  g_autofree char *shape = fettle_tensor_format_shape (input);
  guint n_layers = fettle_content_get_n_layers (content);

  return g_strdup_printf (
      ngettext ("%s · %u layer · input %s", "%s · %u layers · input %s", n_layers),
      _ (kinds[content->kind]), n_layers, shape);
}

static void
show_errors (FettleSummaryBar *self)
{
  GArray *errors = fettle_document_get_errors (self->document);
  double worst = -1;

  for (guint i = 0; errors != NULL && i < errors->len; i++)
    worst = MAX (worst, fettle_layer_relative_error (errors, i));
  take_text (self->error, worst >= 0 ? fettle_format_percent (worst) : g_strdup ("–"));
}

static void
show_trace (FettleSummaryBar *self)
{
  FettleTrace *trace = fettle_document_get_trace (self->document);
  FettleStatistics total = fettle_document_get_total_time (self->document);

  take_text (self->time, total.n > 0 ? fettle_format_count_short ((double)total.median)
                                     : g_strdup ("–"));
  gtk_label_set_text (self->time_unit,
                      total.n > 0 ? fettle_unit_get_label (fettle_trace_get_unit (trace))
                                  : _ ("not measured"));
}

/* For the chosen board's core. */
static void
show_sizes (FettleSummaryBar *self)
{
  const FettleLowered *lowered = fettle_target_image_get_lowered (self->target_image);
  FettleTarget target = fettle_target_image_get_target (self->target_image);
  g_autofree char *bound = NULL;

  take_text (self->image_target,
             g_strdup_printf (_ ("flash, %s"), fettle_target_get_name (target)));
  if (lowered == NULL)
    {
      gtk_label_set_text (self->image, "–");
      gtk_label_set_text (self->arena, "–");
      gtk_label_set_text (self->arena_bound, NULL);
      return;
    }
  bound = fettle_format_bytes ((double)lowered->arena.lower_bound);
  take_text (self->image,
             fettle_format_bytes ((double)g_bytes_get_size (lowered->image)));
  take_text (self->arena, fettle_format_bytes ((double)lowered->arena.size));
  take_text (self->arena_bound, g_strdup_printf (_ ("at least %s"), bound));
}

static void
show_content (FettleSummaryBar *self)
{
  FettleContent *content = fettle_document_get_content (self->document);

  take_text (self->name, g_filename_display_basename (content->path));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), content->path);
  take_text (self->kind, describe_kind (content));
  take_text (self->macs, fettle_format_count_short ((double)content->total_macs));
  show_errors (self);
  show_trace (self);
}

void
fettle_summary_bar_set_document (FettleSummaryBar *self, FettleDocument *document,
                                 FettleTargetImage *image)
{
  g_return_if_fail (FETTLE_IS_SUMMARY_BAR (self) && FETTLE_IS_DOCUMENT (document));
  g_return_if_fail (FETTLE_IS_TARGET_IMAGE (image) && self->document == NULL);

  self->document = g_object_ref (document);
  self->target_image = g_object_ref (image);
  g_signal_connect_object (document, "content-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (image, "changed", G_CALLBACK (show_sizes), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "errors-changed", G_CALLBACK (show_errors), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "trace-changed", G_CALLBACK (show_trace), self,
                           G_CONNECT_SWAPPED);
}

static void
fettle_summary_bar_dispose (GObject *object)
{
  FettleSummaryBar *self = FETTLE_SUMMARY_BAR (object);

  g_clear_object (&self->target_image);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (fettle_summary_bar_parent_class)->dispose (object);
}

static void
fettle_summary_bar_class_init (FettleSummaryBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_summary_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/summary-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, name);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, kind);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, image);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, image_target);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, arena);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, arena_bound);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, macs);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, error);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, time);
  gtk_widget_class_bind_template_child (widget_class, FettleSummaryBar, time_unit);
}

static void
fettle_summary_bar_init (FettleSummaryBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
