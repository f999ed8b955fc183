/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-weighted.h: weights, bias and results of the layers that have them, for property tests. */
#pragma once

#include "property.h"

/* Random weights with one scale, or one per channel of AXIS. */
PropertyTensor *weighted_add_weights (FettleType type, guint rank, const gint32 *shape,
                                      guint axis);
/* Random scales of all three; the weights' first. */
void weighted_set_scales (PropertyTensor *input, PropertyTensor *weights,
                          PropertyTensor *output);
/* A random bias of a type that goes with ACTIVATIONS, or NULL for none; and a fused activation. */
PropertyTensor *weighted_add_bias (PropertyCase *the_case, FettleType activations,
                                   gint32 n_channels);
/* What becomes of SUM, the sum of the products, in output channel O. */
gint64 weighted_result (const PropertyCase *the_case, const PropertyTensor *input,
                        const PropertyTensor *weights, const PropertyTensor *bias,
                        const PropertyTensor *output, gint64 sum, gint32 o);
