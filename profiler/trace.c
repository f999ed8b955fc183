/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.c: the measurements of a run and their statistics. */
#include "profiler/trace.h"

#include "profiler/series.h"

struct _FettleTrace
{
  GObject parent_instance;

  FettleUnit unit;
  double resolution;
  GPtrArray *layers; /* FettleSeries */
  FettleSeries *totals;
  guint64 dropped;
  guint n_gaps;
  int difference;
};

G_DEFINE_TYPE (FettleTrace, fettle_trace, G_TYPE_OBJECT)

const char *
fettle_unit_get_name (FettleUnit unit)
{
  switch (unit)
    {
    case FETTLE_UNIT_CYCLES:
      return "cycles";
    case FETTLE_UNIT_INSTRUCTIONS:
      return "instructions";
    case FETTLE_UNIT_NANOSECONDS:
      return "nanoseconds";
    }
  g_return_val_if_reached ("");
}

static void
fettle_trace_finalize (GObject *object)
{
  FettleTrace *self = FETTLE_TRACE (object);

  g_ptr_array_unref (self->layers);
  fettle_series_free (self->totals);
  G_OBJECT_CLASS (fettle_trace_parent_class)->finalize (object);
}

static void
fettle_trace_class_init (FettleTraceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = fettle_trace_finalize;
}

static void
fettle_trace_init (FettleTrace *self)
{
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_series_free);
  self->totals = fettle_series_new ();
  self->difference = FETTLE_TRACE_NOT_COMPARED;
}

FettleTrace *
fettle_trace_new (guint n_layers, FettleUnit unit, double resolution)
{
  FettleTrace *self = g_object_new (FETTLE_TYPE_TRACE, NULL);

  self->unit = unit;
  self->resolution = resolution;
  for (guint i = 0; i < n_layers; i++)
    g_ptr_array_add (self->layers, fettle_series_new ());
  return self;
}

guint
fettle_trace_get_n_layers (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return self->layers->len;
}

FettleUnit
fettle_trace_get_unit (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), FETTLE_UNIT_NANOSECONDS);
  return self->unit;
}

double
fettle_trace_get_resolution (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return self->resolution;
}

void
fettle_trace_add (FettleTrace *self, guint repetition, guint layer, guint64 duration)
{
  g_return_if_fail (FETTLE_IS_TRACE (self));
  g_return_if_fail (layer < self->layers->len);
  fettle_series_add (g_ptr_array_index (self->layers, layer), duration);
}

void
fettle_trace_add_total (FettleTrace *self, guint repetition, guint64 duration)
{
  g_return_if_fail (FETTLE_IS_TRACE (self));
  fettle_series_add (self->totals, duration);
}

void
fettle_trace_add_dropped (FettleTrace *self, guint n)
{
  g_return_if_fail (FETTLE_IS_TRACE (self));
  self->dropped += n;
}

guint64
fettle_trace_get_dropped (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return self->dropped;
}

void
fettle_trace_add_gap (FettleTrace *self)
{
  g_return_if_fail (FETTLE_IS_TRACE (self));
  self->n_gaps++;
}

void
fettle_trace_set_difference (FettleTrace *self, int layer)
{
  g_return_if_fail (FETTLE_IS_TRACE (self));
  g_return_if_fail (layer < (int)self->layers->len);
  self->difference = layer;
}

int
fettle_trace_get_difference (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), FETTLE_TRACE_NOT_COMPARED);
  return self->difference;
}

guint
fettle_trace_get_n_gaps (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return self->n_gaps;
}

guint
fettle_trace_get_n_runs (FettleTrace *self)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return (guint)fettle_series_get_n (self->totals);
}

static FettleStatistics
summarize (const FettleSeries *series)
{
  return (FettleStatistics){
    .minimum = fettle_series_get_minimum (series),
    .median = fettle_series_get_median (series),
    .maximum = fettle_series_get_maximum (series),
    .n = (guint)fettle_series_get_n (series),
  };
}

FettleStatistics
fettle_trace_get_layer (FettleTrace *self, guint layer)
{
  FettleStatistics none = { 0 };

  g_return_val_if_fail (FETTLE_IS_TRACE (self), none);
  g_return_val_if_fail (layer < self->layers->len, none);
  return summarize (g_ptr_array_index (self->layers, layer));
}

FettleStatistics
fettle_trace_get_total (FettleTrace *self)
{
  FettleStatistics none = { 0 };

  g_return_val_if_fail (FETTLE_IS_TRACE (self), none);
  return summarize (self->totals);
}

guint64
fettle_trace_get_layer_quantile (FettleTrace *self, guint layer, double share)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  g_return_val_if_fail (layer < self->layers->len, 0);
  return fettle_series_get_quantile (g_ptr_array_index (self->layers, layer), share);
}

guint64
fettle_trace_get_total_quantile (FettleTrace *self, double share)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  return fettle_series_get_quantile (self->totals, share);
}

guint64
fettle_trace_get_latest (FettleTrace *self, guint layer)
{
  g_return_val_if_fail (FETTLE_IS_TRACE (self), 0);
  g_return_val_if_fail (layer < self->layers->len, 0);
  return fettle_series_get_latest (g_ptr_array_index (self->layers, layer));
}
