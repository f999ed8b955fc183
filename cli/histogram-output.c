/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram-output.c: how values are spread, as text and as JSON. */
#include "config.h"
#include "cli/histogram-output.h"
#include "cli/output.h"

#include <glib/gi18n.h>
#include <math.h>

#define BAR_CELLS 32

static const char *
get_kind_name (FettleSpreadKind kind)
{
  return kind == FETTLE_SPREAD_WEIGHTS ? "weights" : "activations";
}

/* --- JSON --- */

static void
add_counts (JsonBuilder *builder, const char *key, const FettleValueHistogram *histogram,
            FettleSide side)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < histogram->n_bins; i++)
    json_builder_add_int_value (builder, (gint64)histogram->counts[side][i]);
  json_builder_end_array (builder);
}

static void
add_histogram (JsonBuilder *builder, const FettleValueHistogram *histogram)
{
  json_builder_set_member_name (builder, "histogram");
  json_builder_begin_object (builder);
  fettle_cli_add_double (builder, "start", histogram->start);
  fettle_cli_add_double (builder, "width", histogram->width);
  add_counts (builder, "float", histogram, FETTLE_SIDE_FLOAT);
  add_counts (builder, "dequantized", histogram, FETTLE_SIDE_QUANTIZED);
  json_builder_end_object (builder);
}

static void
add_range (JsonBuilder *builder, const char *key, double low, double high)
{
  const double ends[] = { low, high };

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < 2; i++)
    if (isfinite (ends[i]))
      json_builder_add_double_value (builder, ends[i]);
    else
      json_builder_add_null_value (builder);
  json_builder_end_array (builder);
}

static void
add_spread (JsonBuilder *builder, const FettleValueSpread *spread)
{
  FettleErrorFigures figures = fettle_error_sums_finish (&spread->errors);

  add_range (builder, "float_range", (double)spread->minimum[0],
             (double)spread->maximum[0]);
  add_range (builder, "dequantized_range", (double)spread->minimum[1],
             (double)spread->maximum[1]);
  add_range (builder, "limits", spread->lowest, spread->highest);
  fettle_cli_add_double (builder, "clipped_share", figures.clipped_share);
  fettle_cli_add_double (builder, "sqnr_db", figures.sqnr_db);
  fettle_cli_add_double (builder, "mse", figures.mean_square_error);
  fettle_cli_add_double (builder, "max_error", figures.maximum_error);
}

static void
add_channels (JsonBuilder *builder, const FettleTensorSpread *tensor,
              gboolean has_histograms, int channel)
{
  json_builder_set_member_name (builder, "channels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensor->n_channels; i++)
    {
      if (channel >= 0 && (guint)channel != i)
        continue;
      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "channel", i);
      add_spread (builder, &tensor->channels[i]);
      if (has_histograms && tensor->channel_histograms != NULL)
        add_histogram (builder, &tensor->channel_histograms[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
fettle_cli_print_spread_json (FettleGraph *graph, const FettleSpreadReport *report,
                              int layer, int channel)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", report->n_samples);
  json_builder_set_member_name (builder, "tensors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *tensor = g_ptr_array_index (report->tensors, i);
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, tensor->layer);

      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "index", tensor->layer);
      fettle_cli_add_string (builder, "name", operator_->name);
      fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
      fettle_cli_add_string (builder, "kind", get_kind_name (tensor->kind));
      fettle_cli_add_string (builder, "tensor", tensor->name);
      fettle_cli_add_string (builder, "type", fettle_type_get_name (tensor->type));
      add_spread (builder, &tensor->whole);
      fettle_cli_add_double (builder, "imbalance",
                             fettle_tensor_spread_get_imbalance (tensor));
      add_histogram (builder, &tensor->histogram);
      add_channels (builder, tensor, layer >= 0, channel);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

/* --- text --- */

static void
add_text_range (FettleCliTable *table, double low, double high)
{
  fettle_cli_table_add (table, isfinite (low) ? "%.4g" : "–", low);
  fettle_cli_table_add (table, isfinite (high) ? "%.4g" : "–", high);
}

/* Both ranges, clipped share and SQNR: six cells. */
static void
add_spread_cells (FettleCliTable *table, const FettleValueSpread *spread)
{
  FettleErrorFigures figures = fettle_error_sums_finish (&spread->errors);

  add_text_range (table, (double)spread->minimum[0], (double)spread->maximum[0]);
  add_text_range (table, (double)spread->minimum[1], (double)spread->maximum[1]);
  fettle_cli_table_add (table, "%.2f", 100.0 * figures.clipped_share);
  fettle_cli_table_add (table, isinf (figures.sqnr_db) ? _ ("exact") : "%.1f",
                        figures.sqnr_db);
}

void
fettle_cli_print_spread_table (FettleGraph *graph, const FettleSpreadReport *report)
{
  const char *const titles[] = { "#",
                                 _ ("layer"),
                                 _ ("values"),
                                 _ ("type"),
                                 _ ("float from"),
                                 _ ("to"),
                                 _ ("dequantized from"),
                                 _ ("to"),
                                 _ ("clipped %"),
                                 _ ("SQNR dB"),
                                 _ ("channels"),
                                 _ ("imbalance") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rlllrrrrrrrr", titles);

  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *tensor = g_ptr_array_index (report->tensors, i);
      double imbalance = fettle_tensor_spread_get_imbalance (tensor);

      fettle_cli_table_add (table, "%u", tensor->layer);
      fettle_cli_table_add (table, "%s",
                            fettle_graph_get_operator (graph, tensor->layer)->name);
      fettle_cli_table_add (table, "%s",
                            tensor->kind == FETTLE_SPREAD_WEIGHTS ? _ ("weights")
                                                                  : _ ("activations"));
      fettle_cli_table_add (table, "%s", fettle_type_get_name (tensor->type));
      add_spread_cells (table, &tensor->whole);
      fettle_cli_table_add (table, "%u", tensor->n_channels);
      fettle_cli_table_add (table, isnan (imbalance) ? "–" : "%.1f", imbalance);
    }
  fettle_cli_table_print (table);
  fettle_cli_print (_ ("Imbalance: the widest channel’s float range over the median "
                       "channel’s."));
  if (report->n_samples > 0)
    fettle_cli_print (_ (" Measured on %u samples."), report->n_samples);
  fettle_cli_print ("\n");
}

/* COUNT of TOTAL as blocks, in eighths of a cell: the fullest bin fills BAR_CELLS. */
static char *
draw_bar (guint64 count, guint64 fullest)
{
  static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  guint length = fullest > 0 ? (guint)(count * BAR_CELLS * 8 / fullest) : 0;
  GString *bar = g_string_new (NULL);

  /* Something that is not nothing must not look like nothing. */
  length = MAX (length, count > 0 ? 1 : 0);
  for (guint i = 0; i < length / 8; i++)
    g_string_append (bar, "█");
  g_string_append (bar, eighths[length % 8]);
  return g_string_free (bar, FALSE);
}

static void
print_histogram (const FettleValueHistogram *histogram)
{
  const char *const titles[] = { _ ("from"), _ ("to"),          _ ("float"),
                                 "",         _ ("dequantized"), "" };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rrrlrl", titles);
  guint64 fullest = 0;

  for (guint i = 0; i < histogram->n_bins; i++)
    for (guint side = 0; side < 2; side++)
      fullest = MAX (fullest, histogram->counts[side][i]);
  for (guint i = 0; i < histogram->n_bins; i++)
    {
      fettle_cli_table_add (table, "%.4g", histogram->start + i * histogram->width);
      fettle_cli_table_add (table, "%.4g", histogram->start + (i + 1) * histogram->width);
      for (guint side = 0; side < 2; side++)
        {
          g_autofree char *bar = draw_bar (histogram->counts[side][i], fullest);

          fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, histogram->counts[side][i]);
          fettle_cli_table_add (table, "%s", bar);
        }
    }
  fettle_cli_table_print (table);
}

static void
print_channels (const FettleTensorSpread *tensor)
{
  const char *const titles[] = { _ ("channel"), _ ("float from"),
                                 _ ("to"),      _ ("dequantized from"),
                                 _ ("to"),      _ ("clipped %"),
                                 _ ("SQNR dB") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rrrrrrr", titles);

  for (guint i = 0; i < tensor->n_channels; i++)
    {
      fettle_cli_table_add (table, "%u", i);
      add_spread_cells (table, &tensor->channels[i]);
    }
  fettle_cli_table_print (table);
}

void
fettle_cli_print_spread_layer (FettleGraph *graph, const FettleSpreadReport *report,
                               int channel)
{
  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *tensor = g_ptr_array_index (report->tensors, i);
      const char *layer = fettle_graph_get_operator (graph, tensor->layer)->name;

      if (channel >= (int)tensor->n_channels)
        continue;
      fettle_cli_print (tensor->kind == FETTLE_SPREAD_WEIGHTS
                            ? _ ("Layer %u (%s), weights, %s\n")
                            : _ ("Layer %u (%s), activations, %s\n"),
                        tensor->layer, layer, fettle_type_get_name (tensor->type));
      if (channel < 0)
        {
          print_histogram (&tensor->histogram);
          print_channels (tensor);
        }
      else if (tensor->channel_histograms != NULL)
        print_histogram (&tensor->channel_histograms[channel]);
      fettle_cli_print ("\n");
    }
}
