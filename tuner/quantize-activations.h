/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-activations.h: scale and zero point of each activation; private to the room. */
#pragma once

#include "model/type-boundaries.h"

G_BEGIN_DECLS

/* How values of a tensor are held as integers. */
typedef struct
{
  double minimum, maximum; /* real range to cover; 0 included */
  gboolean is_fixed;       /* the form is prescribed, whatever the range */
  FettleForm form;         /* of type INT8 or INT16 */
} FettleActivationParameters;

/* Tensors that must share scale and zero point share their root: the tensor whose values the others
 * only pass on. */
typedef struct
{
  gint32 *roots;                     /* per tensor */
  FettleActivationParameters *int8;  /* valid at roots */
  FettleActivationParameters *int16; /* the same */
} FettleActivationPlan;

void fettle_activation_plan_free (FettleActivationPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleActivationPlan, fettle_activation_plan_free)

/* The operator only passes on the values of its data input; the runtime's kernels have no rescaling for
 * it. */
gboolean fettle_opcode_keeps_scale (FettleOpcode opcode);

/* All float inputs and the output have one scale. */
gboolean fettle_opcode_joins_scales (FettleOpcode opcode);

/* RANGES: FettleRange per tensor of GRAPH. TYPES: per layer, that of its activations; layers that stay
 * float32 bind no scales. */
FettleActivationPlan *fettle_activation_plan_new (FettleGraph *graph, GArray *ranges,
                                                  const FettleType *types);

/* The parameters that TENSOR shares, as integers of TYPE. */
FettleActivationParameters *fettle_activation_plan_get (FettleActivationPlan *plan,
                                                        gint32 tensor, FettleType type);

/* Makes the scale that TENSOR shares as TYPE at least SCALE. */
void fettle_activation_plan_coarsen (FettleActivationPlan *plan, gint32 tensor,
                                     FettleType type, double scale);

/* The form for the range of PARAMETERS, of the type set there: int8 asymmetric, with 255 steps over the range;
 * int16 symmetric, with 32767 steps from 0 to the farther end. 0 is representable. */
void fettle_activation_parameters_fit (FettleActivationParameters *parameters,
                                       double minimum_scale);

G_END_DECLS
