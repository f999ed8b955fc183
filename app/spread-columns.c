/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spread-columns.c: how a tensor's values are spread, as columns of a chart. */
#include "config.h"

#include "app/spread-columns.h"
#include "tuner/layer-match.h"
#include "widgets/number-format.h"

#include <glib/gi18n.h>
#include <math.h>

/* Strings that items point to until the chart has copied them. */
typedef struct
{
  FettleColumnItem *items;
  guint n;
  GPtrArray *strings;
} Columns;

static void
columns_init (Columns *columns, guint n)
{
  columns->items = g_new0 (FettleColumnItem, n);
  columns->n = n;
  columns->strings = g_ptr_array_new_with_free_func (g_free);
}

static void
columns_clear (Columns *columns)
{
  g_free (columns->items);
  g_ptr_array_unref (columns->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

/* TEXT is taken over. */
static const char *
keep (Columns *columns, char *text)
{
  g_ptr_array_add (columns->strings, text);
  return text;
}

static char *
format_range (double low, double high)
{
  g_autofree char *from = fettle_format_real (low);
  g_autofree char *to = fettle_format_real (high);

  return g_strdup_printf (_ ("%s to %s"), from, to);
}

static const char *
get_type_name (const FettleTensorSpread *tensor)
{
  return fettle_type_get_name (tensor->type);
}

/* --- how often values occur --- */

static guint64
count_values (const FettleValueHistogram *histogram, FettleSide side)
{
  guint64 n = 0;

  for (guint i = 0; i < histogram->n_bins; i++)
    n += histogram->counts[side][i];
  return n;
}

static void
fill_bins (Columns *columns, const FettleValueHistogram *histogram, const char *type)
{
  double n = (double)MAX (count_values (histogram, FETTLE_SIDE_FLOAT), 1);

  for (guint i = 0; i < histogram->n_bins; i++)
    {
      double share = (double)histogram->counts[FETTLE_SIDE_QUANTIZED][i] / n;
      double wanted = (double)histogram->counts[FETTLE_SIDE_FLOAT][i] / n;
      double start = histogram->start + i * histogram->width;
      g_autofree char *text = fettle_format_tick (FETTLE_NUMBER_PERCENT, share);
      g_autofree char *compared = fettle_format_tick (FETTLE_NUMBER_PERCENT, wanted);

      columns->items[i] = (FettleColumnItem){
        .low = share > 0 ? 0 : NAN,
        .high = share > 0 ? share : NAN,
        .compared_low = 0,
        .compared_high = wanted,
        .label = keep (columns, format_range (start, start + histogram->width)),
        .text = keep (columns, g_strdup (text)),
        .description = keep (
            columns, g_strdup_printf (_ ("%s of the %s values, %s of the float ones"),
                                      text, type, compared)),
      };
    }
}

static const FettleValueHistogram *
find_histogram (const FettleTensorSpread *tensor, int channel)
{
  if (tensor == NULL)
    return NULL;
  if (channel < 0 || channel >= (int)tensor->n_channels
      || tensor->channel_histograms == NULL)
    return &tensor->histogram;
  return &tensor->channel_histograms[channel];
}

static char *
make_histogram_title (const FettleTensorSpread *tensor, const FettleValueHistogram *shown,
                      int channel)
{
  gboolean is_weights = tensor != NULL && tensor->kind == FETTLE_SPREAD_WEIGHTS;

  if (tensor == NULL)
    return g_strdup (_ ("Values"));
  if (shown == &tensor->histogram)
    return g_strdup (is_weights ? _ ("Weights, all channels")
                                : _ ("Activations, all channels"));
  return g_strdup_printf (
      is_weights ? _ ("Weights, channel %d") : _ ("Activations, channel %d"), channel);
}

void
fettle_show_histogram (FettleColumnChart *chart, const FettleTensorSpread *tensor,
                       int channel, gboolean is_logarithmic)
{
  const FettleValueHistogram *histogram = find_histogram (tensor, channel);
  const FettleValueSpread *spread;
  g_autofree char *title = make_histogram_title (tensor, histogram, channel);
  FettleColumnContents contents = { .style = FETTLE_COLUMNS_STEPS,
                                    .format = FETTLE_NUMBER_PERCENT,
                                    .x_name = _ ("value"),
                                    .y_name = _ ("share of the values"),
                                    .compared_name = _ ("float"),
                                    .limit_name = _ ("limits of the integers"),
                                    .is_logarithmic = is_logarithmic,
                                    .step = 1,
                                    .lower = NAN,
                                    .upper = NAN };
  g_auto (Columns) columns = { NULL, 0, NULL };

  fettle_chart_set_title (FETTLE_CHART (chart), title);
  columns_init (&columns, histogram != NULL ? histogram->n_bins : 0);
  if (histogram != NULL && histogram->n_bins > 0)
    {
      spread =
          histogram == &tensor->histogram ? &tensor->whole : &tensor->channels[channel];
      fill_bins (&columns, histogram, get_type_name (tensor));
      contents.column_name = get_type_name (tensor);
      contents.start = histogram->start;
      contents.step = histogram->width;
      contents.lower = spread->lowest;
      contents.upper = spread->highest;
    }
  contents.items = columns.items;
  contents.n_items = columns.n;
  fettle_column_chart_set_contents (chart, &contents);
}

/* --- ranges of channels --- */

static void
fill_channels (Columns *columns, const FettleTensorSpread *tensor)
{
  for (guint i = 0; i < tensor->n_channels; i++)
    {
      const FettleValueSpread *channel = &tensor->channels[i];
      FettleErrorFigures figures = fettle_error_sums_finish (&channel->errors);
      g_autofree char *range = format_range ((double)channel->minimum[FETTLE_SIDE_FLOAT],
                                             (double)channel->maximum[FETTLE_SIDE_FLOAT]);
      g_autofree char *clipped = fettle_format_percent (figures.clipped_share);
      g_autofree char *decibel = isinf (figures.sqnr_db)
                                     ? g_strdup (_ ("exact"))
                                     : fettle_format_decibel (figures.sqnr_db);

      columns->items[i] = (FettleColumnItem){
        .low = (double)channel->minimum[FETTLE_SIDE_QUANTIZED],
        .high = (double)channel->maximum[FETTLE_SIDE_QUANTIZED],
        .compared_low = (double)channel->minimum[FETTLE_SIDE_FLOAT],
        .compared_high = (double)channel->maximum[FETTLE_SIDE_FLOAT],
        .label = keep (columns, g_strdup_printf (_ ("Channel %u"), i)),
        .text = keep (columns,
                      format_range ((double)channel->minimum[FETTLE_SIDE_QUANTIZED],
                                    (double)channel->maximum[FETTLE_SIDE_QUANTIZED])),
        .description =
            keep (columns, g_strdup_printf (_ ("Float from %s, %s clipped, SQNR %s"),
                                            range, clipped, decibel)),
      };
    }
}

/* "Ranges of 24 channels; the widest is 3.1 times the median". */
static char *
make_ranges_title (const FettleTensorSpread *tensor)
{
  double imbalance = fettle_tensor_spread_get_imbalance (tensor);
  g_autofree char *factor = fettle_format_real (imbalance);

  if (isnan (imbalance))
    return g_strdup (_ ("Ranges of the channels"));
  return g_strdup_printf (_ ("Ranges of %u channels: the widest is %s times the median"),
                          tensor->n_channels, factor);
}

void
fettle_show_channel_ranges (FettleColumnChart *chart, const FettleTensorSpread *tensor)
{
  FettleColumnContents contents = { .style = FETTLE_COLUMNS_WHISKERS,
                                    .format = FETTLE_NUMBER_REAL,
                                    .x_name = _ ("channel"),
                                    .y_name = _ ("value"),
                                    .compared_name = _ ("float"),
                                    .limit_name = _ ("limits of the integers"),
                                    .start = -0.5,
                                    .step = 1,
                                    .is_ordinal = TRUE,
                                    .lower = NAN,
                                    .upper = NAN };
  g_auto (Columns) columns = { NULL, 0, NULL };
  g_autofree char *title = NULL;

  columns_init (&columns, tensor != NULL ? tensor->n_channels : 0);
  if (tensor != NULL)
    {
      fill_channels (&columns, tensor);
      title = make_ranges_title (tensor);
      contents.column_name = get_type_name (tensor);
      /* Only one scale for all channels has limits that are lines. */
      if (tensor->whole.levels.scale > 0)
        {
          contents.lower = tensor->whole.lowest;
          contents.upper = tensor->whole.highest;
        }
    }
  fettle_chart_set_title (FETTLE_CHART (chart),
                          title != NULL ? title : _ ("Ranges of the channels"));
  contents.items = columns.items;
  contents.n_items = columns.n;
  fettle_column_chart_set_contents (chart, &contents);
}
