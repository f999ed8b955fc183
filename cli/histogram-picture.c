/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram-picture.c: how a layer's values are spread, as a picture. */
#include "config.h"
#include "cli/histogram-picture.h"
#include "widgets/column-chart-render.h"
#include "widgets/picture-render.h"

#include <glib/gi18n.h>
#include <math.h>

#define WIDTH  800
#define HEIGHT 300 /* of each tensor */

typedef struct
{
  const FettleSpreadReport *report;
  int channel;
  PangoContext *context;
} Picture;

/* Shares of all values, float's and the integers'. */
static void
fill_items (FettleColumnItem *items, const FettleValueHistogram *histogram)
{
  double n = 0.0;

  for (guint i = 0; i < histogram->n_bins; i++)
    n += (double)histogram->counts[FETTLE_SIDE_FLOAT][i];
  for (guint i = 0; i < histogram->n_bins; i++)
    {
      double share = (double)histogram->counts[FETTLE_SIDE_QUANTIZED][i] / n;

      items[i] = (FettleColumnItem){
        .low = share > 0.0 ? 0.0 : (double)NAN,
        .high = share > 0.0 ? share : (double)NAN,
        .compared_low = 0.0,
        .compared_high = (double)histogram->counts[FETTLE_SIDE_FLOAT][i] / n,
      };
    }
}

static void
draw_tensor (cairo_t *cr, const Picture *picture, const FettleTensorSpread *tensor)
{
  gboolean is_whole = picture->channel < 0 || tensor->channel_histograms == NULL
                      || picture->channel >= (int)tensor->n_channels;
  const FettleValueHistogram *histogram =
      is_whole ? &tensor->histogram : &tensor->channel_histograms[picture->channel];
  const FettleValueSpread *spread =
      is_whole ? &tensor->whole : &tensor->channels[picture->channel];
  g_autofree FettleColumnItem *items = g_new0 (FettleColumnItem, histogram->n_bins);
  const FettleColumnContents contents = {
    .style = FETTLE_COLUMNS_STEPS,
    .title = tensor->name,
    .empty_text = _ ("No finite values"),
    .x_name = _ ("value"),
    .y_name = _ ("share of the values"),
    .column_name = fettle_type_get_name (tensor->type),
    .compared_name = _ ("float"),
    .limit_name = _ ("limits of the integers"),
    .format = FETTLE_NUMBER_PERCENT,
    .is_logarithmic = TRUE,
    .start = histogram->start,
    .step = histogram->width,
    .lower = spread->lowest,
    .upper = spread->highest,
    .items = items,
    .n_items = histogram->n_bins,
    .selected = -1,
    .hovered = -1,
  };

  fill_items (items, histogram);
  fettle_column_chart_render (cr, picture->context, &contents, fettle_palette_get (FALSE),
                              WIDTH, HEIGHT);
}

static void
draw (cairo_t *cr, gpointer user_data)
{
  const Picture *picture = user_data;

  for (guint i = 0; i < picture->report->tensors->len; i++)
    {
      cairo_save (cr);
      cairo_translate (cr, 0, (double)i * HEIGHT);
      cairo_rectangle (cr, 0, 0, WIDTH, HEIGHT);
      cairo_clip (cr);
      draw_tensor (cr, picture, g_ptr_array_index (picture->report->tensors, i));
      cairo_restore (cr);
    }
}

gboolean
fettle_cli_write_spread_picture (const char *path, const FettleSpreadReport *report,
                                 int channel, GError **error)
{
  Picture picture = { .report = report, .channel = channel };
  FettlePictureFormat format;
  gboolean is_written;

  if (!fettle_picture_format_from_path (path, &format, error))
    return FALSE;
  picture.context = fettle_chart_create_context (NULL);
  is_written = fettle_picture_write (
      path, format, WIDTH, MAX (report->tensors->len, 1) * HEIGHT, draw, &picture, error);
  g_object_unref (picture.context);
  return is_written;
}
