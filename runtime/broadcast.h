/* SPDX-License-Identifier: Apache-2.0 */
/* broadcast.h: walks two inputs and one output whose shapes broadcast. */
#pragma once

#include <stdbool.h>

#include "access.h"

/* One row of the output after another. Axes are counted from the last, where shapes are
 * aligned; an input that is repeated along an axis has step 0 there. */
struct frt_broadcast
{
  int32_t extent[FRT_MAX_RANK];
  int32_t step[2][FRT_MAX_RANK];
  int32_t index[FRT_MAX_RANK];
  int32_t offset[2];   /* of the current row in each input, elements */
  int32_t rows_before; /* rows done, the current one included */
  int32_t rows;
};

/* TRUE if the inputs of OPERATOR broadcast to its output. */
bool frt_broadcast_check (const frt_image *image, const struct frt_operator *operator_);

/* Equal shapes give a single row. */
void frt_broadcast_start (struct frt_broadcast *walk, const frt_image *image,
                          const struct frt_operator *operator_);

/* Goes to the first or next row; false after the last. */
bool frt_broadcast_next (struct frt_broadcast *walk);
