/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output-step.h: how fine a quantized layer's output may be; private to the room. */
#pragma once

#include "model/type-boundaries.h"

G_BEGIN_DECLS

/* What a layer computes with: the forms in which it reads its first two activations (the second as the
 * first if there is none), and its largest scale of weights. */
typedef struct
{
  FettleForm first, second;
  double weight_scale;
} FettleLayerScales;

/* The finest sensible scale of the layer's output; 0 if any will do. Beyond what the inputs' steps make of it,
 * nothing is gained, and the kernels' multipliers stay far from any overflow. */
double fettle_find_output_step (FettleGraph *graph, const FettleOperator *operator_,
                                const FettleLayerScales *scales);

G_END_DECLS
