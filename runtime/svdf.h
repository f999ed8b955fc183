/* SPDX-License-Identifier: Apache-2.0 */
/* svdf.h: what the kernels of SVDF share.
 *
 * Operands: the input, then the state, [batch][filter * memory]. A unit has as many filters as the
 * decomposition has ranks. */
#pragma once

#include "check.h"
#include "integer.h"

struct frt_svdf_shape
{
  int32_t batches, inputs, units, rank, memory;
};

/* Of an operator that was checked. */
struct frt_svdf_shape frt_svdf_shape (const frt_image *image,
                                      const struct frt_operator *operator_);

/* Shapes, and the blocks of weights, whose elements have these sizes. FRT_OK or an error. */
int frt_svdf_check (const frt_image *image, const struct frt_operator *operator_,
                    uint32_t feature_size, uint32_t time_size);
