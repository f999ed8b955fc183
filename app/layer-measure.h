/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-measure.h: what a layer costs, by any of the measures that a page can show. */
#pragma once

#include "app/document.h"
#include "widgets/number-format.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_MEASURE_TIME,
  FETTLE_MEASURE_MACS,
  FETTLE_MEASURE_FLASH,
  FETTLE_MEASURE_ARENA,
  FETTLE_MEASURE_ERROR,
  FETTLE_N_MEASURES
} FettleMeasure;

/* "macs", for files; static. */
const char *fettle_measure_get_id (FettleMeasure measure);
/* With the unit, where it is not in the numbers: "Time, instructions". Translated; static. */
const char *fettle_measure_get_title (FettleMeasure measure, FettleDocument *document);
FettleNumberFormat fettle_measure_get_format (FettleMeasure measure);
/* -1 while it is not known. */
double fettle_measure_get_value (FettleMeasure measure, FettleDocument *document,
                                 guint layer);
/* "73.7 k", "–" if not known; free with g_free. */
char *fettle_measure_format_value (FettleMeasure measure, double value);

G_END_DECLS
