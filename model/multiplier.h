/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multiplier.h: real factors to fixed point (arithmetic of TensorFlow Lite Micro). */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* QuantizeMultiplier: VALUE = MULTIPLIER * 2^(SHIFT - 31), tiny values flush to 0. */
void fettle_quantize_multiplier (double value, gint32 *multiplier, int *shift);

/* CalculateActivationRangeQuantized for int8 or int16: the clamp of ACTIVATION in units of the output. */
void fettle_activation_range_quantized (FettleActivation activation, FettleType type,
                                        float scale, gint32 zero_point, gint32 *minimum,
                                        gint32 *maximum);

/* The same for int8. */
void fettle_activation_range_s8 (FettleActivation activation, float scale,
                                 gint32 zero_point, gint32 *minimum, gint32 *maximum);

/* Real limits; infinities for NONE. */
void fettle_activation_range_f32 (FettleActivation activation, float *minimum,
                                  float *maximum);

G_END_DECLS
