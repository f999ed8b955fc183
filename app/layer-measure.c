/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-measure.c: what a layer costs, by any of the measures that a page can show. */
#include "config.h"

#include "app/layer-measure.h"
#include "app/layer-text.h"

#include <glib/gi18n.h>

static const struct
{
  const char *id;
  const char *title;
  FettleNumberFormat format;
} measures[FETTLE_N_MEASURES] = {
  [FETTLE_MEASURE_TIME] = { "time", N_ ("Time"), FETTLE_NUMBER_COUNT },
  [FETTLE_MEASURE_MACS] = { "macs", N_ ("MACs"), FETTLE_NUMBER_COUNT },
  [FETTLE_MEASURE_FLASH] = { "flash", N_ ("Weights in flash"), FETTLE_NUMBER_BYTES },
  [FETTLE_MEASURE_ARENA] = { "arena", N_ ("Arena in use"), FETTLE_NUMBER_BYTES },
  [FETTLE_MEASURE_ERROR] = { "error", N_ ("Quantization error"), FETTLE_NUMBER_PERCENT },
};

const char *
fettle_measure_get_id (FettleMeasure measure)
{
  g_return_val_if_fail (measure < FETTLE_N_MEASURES, NULL);
  return measures[measure].id;
}

const char *
fettle_measure_get_title (FettleMeasure measure, FettleDocument *document)
{
  FettleTrace *trace = fettle_document_get_trace (document);

  g_return_val_if_fail (measure < FETTLE_N_MEASURES, NULL);

  if (measure != FETTLE_MEASURE_TIME || trace == NULL)
    return _ (measures[measure].title);
  switch (fettle_trace_get_unit (trace))
    {
    case FETTLE_UNIT_CYCLES:
      return _ ("Time, cycles");
    case FETTLE_UNIT_INSTRUCTIONS:
      return _ ("Time, instructions");
    case FETTLE_UNIT_NANOSECONDS:
    default:
      return _ ("Time, nanoseconds");
    }
}

FettleNumberFormat
fettle_measure_get_format (FettleMeasure measure)
{
  g_return_val_if_fail (measure < FETTLE_N_MEASURES, FETTLE_NUMBER_COUNT);
  return measures[measure].format;
}

double
fettle_measure_get_value (FettleMeasure measure, FettleDocument *document, guint layer)
{
  FettleContent *content = fettle_document_get_content (document);
  FettleStatistics time;

  g_return_val_if_fail (content != NULL, -1);
  g_return_val_if_fail (layer < fettle_content_get_n_layers (content), -1);

  switch (measure)
    {
    case FETTLE_MEASURE_TIME:
      time = fettle_document_get_layer_time (document, layer);
      return time.n > 0 ? (double)time.median : -1;
    case FETTLE_MEASURE_MACS:
      return (double)content->macs[layer];
    case FETTLE_MEASURE_FLASH:
      return (double)content->weight_bytes[layer];
    case FETTLE_MEASURE_ARENA:
      return (double)content->live_bytes[layer];
    case FETTLE_MEASURE_ERROR:
      return fettle_layer_relative_error (fettle_document_get_errors (document), layer);
    case FETTLE_N_MEASURES:
    default:
      g_return_val_if_reached (-1);
    }
}

char *
fettle_measure_format_value (FettleMeasure measure, double value)
{
  return value >= 0 ? fettle_format_number (fettle_measure_get_format (measure), value)
                    : g_strdup ("–");
}
