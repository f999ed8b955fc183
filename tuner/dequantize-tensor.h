/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dequantize-tensor.h: tensors of integers as real numbers; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* TRUE if TENSOR holds int4, int8, uint8 or int16 with scales. */
gboolean fettle_tensor_is_quantized (const FettleTensor *tensor);

/* Makes TENSOR float32. Elements of a constant are multiplied by SCALES, N_SCALES of them, one or one per
 * element along AXIS, after ZERO_POINTS are taken from them; of these NULL stands for zeros. */
void fettle_tensor_dequantize (FettleTensor *tensor, guint n_scales, guint axis,
                               const float *scales, const gint32 *zero_points);

G_END_DECLS
