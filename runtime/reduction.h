/* SPDX-License-Identifier: Apache-2.0 */
/* reduction.h: walks a tensor some of whose axes are reduced. */
#pragma once

#include <stdbool.h>

#include "access.h"

/* An odometer over some axes of a tensor. */
struct frt_axis_walk
{
  uint32_t count; /* axes, the innermost first */
  int32_t extent[FRT_MAX_RANK];
  int32_t step[FRT_MAX_RANK];
  int32_t index[FRT_MAX_RANK];
  int32_t offset; /* of the current element */
};

/* Bit k of AXES selects axis k of TENSOR. */
void frt_axis_walk_start (struct frt_axis_walk *walk, const struct frt_tensor *tensor,
                          uint32_t axes);

/* False when it is back at the beginning. */
bool frt_axis_walk_next (struct frt_axis_walk *walk);

/* Elements per output. */
int32_t frt_reduced_count (const struct frt_tensor *tensor, uint32_t axes);

/* AXES exist, and the output of OPERATOR has one element for each that remain. */
bool frt_reduction_check (const frt_image *image, const struct frt_operator *operator_,
                          uint32_t axes);
