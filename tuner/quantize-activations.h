/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-activations.h: scale and zero point of each activation; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

typedef struct
{
  double minimum, maximum; /* real range to cover; 0 included */
  gboolean is_fixed;       /* scale and zero point are prescribed */
  float scale;
  gint32 zero_point;
} FettleActivationParameters;

/* Tensors that must share scale and zero point share their root: the tensor whose values the others
 * only pass on. */
typedef struct
{
  gint32 *roots;                          /* per tensor */
  FettleActivationParameters *parameters; /* valid at roots */
} FettleActivationPlan;

void fettle_activation_plan_free (FettleActivationPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleActivationPlan, fettle_activation_plan_free)

/* The operator only passes on the values of its data input; the runtime's kernels have no rescaling for
 * it. */
gboolean fettle_opcode_keeps_scale (FettleOpcode opcode);

/* All float inputs and the output have one scale. */
gboolean fettle_opcode_joins_scales (FettleOpcode opcode);

FettleActivationPlan *fettle_activation_plan_new (FettleGraph *graph, GArray *ranges);

/* The parameters that TENSOR shares. */
FettleActivationParameters *fettle_activation_plan_get (FettleActivationPlan *plan,
                                                        gint32 tensor);

/* Makes the scale that TENSOR shares at least SCALE. */
void fettle_activation_plan_coarsen (FettleActivationPlan *plan, gint32 tensor,
                                     double scale);

/* Asymmetric int8: 0 is representable, 255 steps cover the range. */
void fettle_activation_parameters_fit (FettleActivationParameters *parameters,
                                       double minimum_scale);

G_END_DECLS
