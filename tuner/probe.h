/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe.h: a graph on the runtime, and what its tensors hold; private to the room. */
#pragma once

#include "model/runner.h"
#include "tuner/output-error.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

/* A graph on the runtime, and what some of its tensors hold as real numbers. */
typedef struct
{
  FettleGraph *graph;
  FettleRunner *runner;
  GHashTable *watched; /* tensor number + 1: float* of its elements after the last run */
} FettleProbe;

FettleProbe *fettle_probe_new (FettleGraph *graph, GError **error);
void fettle_probe_free (FettleProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleProbe, fettle_probe_free)

/* The real numbers that TENSOR, an input or output 0 of a layer, holds after each run; belongs to PROBE. */
const float *fettle_probe_watch (FettleProbe *probe, gint32 tensor);

/* Feeds VALUES, N real numbers, to input 0, its state reset, and keeps what is watched. */
gboolean fettle_probe_run (FettleProbe *probe, const float *values, gsize n,
                           GCancellable *cancellable, GError **error);

/* Which of N samples is number I of COUNT that are spread evenly over them. */
guint fettle_spread (guint i, guint count, guint n);

G_END_DECLS
