/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.h: the measurements of a run, layer by layer.
 *
 * A trace does not grow with the number of its runs (series.h): beyond a thousand a median lies at most
 * 1/256 from the exact one; all else is exact. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_UNIT_CYCLES,       /* of a core: DWT on silicon */
  FETTLE_UNIT_INSTRUCTIONS, /* executed, on a virtual board under -icount */
  FETTLE_UNIT_NANOSECONDS,
} FettleUnit;

/* "instructions"; static. */
const char *fettle_unit_get_name (FettleUnit unit);

typedef struct
{
  guint64 minimum, median, maximum;
  guint n; /* measurements; 0: none yet */
} FettleStatistics;

#define FETTLE_TYPE_TRACE (fettle_trace_get_type ())
G_DECLARE_FINAL_TYPE (FettleTrace, fettle_trace, FETTLE, TRACE, GObject)

/* Values are in UNIT; RESOLUTION is the smallest difference that the board can see, in UNIT. */
FettleTrace *fettle_trace_new (guint n_layers, FettleUnit unit, double resolution);

guint fettle_trace_get_n_layers (FettleTrace *self);
FettleUnit fettle_trace_get_unit (FettleTrace *self);
double fettle_trace_get_resolution (FettleTrace *self);

/* One layer's duration in repetition REPETITION. */
void fettle_trace_add (FettleTrace *self, guint repetition, guint layer,
                       guint64 duration);
/* One whole inference. */
void fettle_trace_add_total (FettleTrace *self, guint repetition, guint64 duration);
/* Records that the board could not send. A trace with holes is shown as one. */
void fettle_trace_add_dropped (FettleTrace *self, guint n);
guint64 fettle_trace_get_dropped (FettleTrace *self);

/* The board went away and came back; what follows was measured after that. */
void fettle_trace_add_gap (FettleTrace *self);
/* The first layer whose output on the board is not the desktop's, or one of these. */
#define FETTLE_TRACE_NOT_COMPARED -2
#define FETTLE_TRACE_SAME         -1
void fettle_trace_set_difference (FettleTrace *self, int layer);
int fettle_trace_get_difference (FettleTrace *self);
guint fettle_trace_get_n_gaps (FettleTrace *self);

guint fettle_trace_get_n_runs (FettleTrace *self);
FettleStatistics fettle_trace_get_layer (FettleTrace *self, guint layer);
FettleStatistics fettle_trace_get_total (FettleTrace *self);
/* See fettle_series_get_quantile. */
guint64 fettle_trace_get_layer_quantile (FettleTrace *self, guint layer, double share);
guint64 fettle_trace_get_total_quantile (FettleTrace *self, double share);
/* The latest measurement of a layer, 0 if none. */
guint64 fettle_trace_get_latest (FettleTrace *self, guint layer);

G_END_DECLS
