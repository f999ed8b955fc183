/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-moments.h: means and variances of a float graph's activations, found without data; private to the
 * room.
 *
 * What is assumed: elements of a tensor are independent, and normal before a layer's clamp. Inputs have the mean
 * 0 if their range has both signs, else the middle of the range, and a sixth of the range as deviation.
 * Layers with weights and clamps are then exact; other layers are run, by the runtime, on random normal
 * numbers. Means and variances never contradict a tensor's range. */
#pragma once

#include "tuner/normal-moments.h"
#include "tuner/step.h"

G_BEGIN_DECLS

/* Of one tensor; per element. */
typedef struct
{
  gsize n;
  float *means;
  float *variances;
} FettleTensorMoments;

/* Per tensor of GRAPH; of constants and of what is not float a struct of zeros. RANGES: FettleRange per
 * tensor, infinite where it is not known; INPUTS: of the graph's inputs, NULL if nothing is known but their ranges, or
 * 0 and 1 without. Free with g_array_unref. */
GArray *fettle_graph_moments_new (FettleGraph *graph, GArray *ranges,
                                  const FettleMoments *inputs, GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
