/* SPDX-License-Identifier: Apache-2.0 */
/* matmul.h: walks the matrices of BATCH_MATMUL. */
#pragma once

#include <stdbool.h>

#include "access.h"

/* Output (row, column) is a sum over DEPTH of first (row, k) * second (k, column). Steps are
 * elements. */
struct frt_matmul
{
  int32_t batches, rows, columns, depth;
  int32_t row_step, first_depth_step;     /* in the first matrix */
  int32_t column_step, second_depth_step; /* in the second one */
};

/* The last two axes are matrices, the others broadcast to those of the output. */
bool frt_matmul_check (const frt_image *image, const struct frt_operator *operator_,
                       uint32_t transposed);

/* TRANSPOSED: enum frt_transposed. */
struct frt_matmul frt_matmul_start (const frt_image *image,
                                    const struct frt_operator *operator_,
                                    uint32_t transposed);

/* Where input INDEX has the matrix for matrix BATCH of the output. */
int32_t frt_matmul_offset (const frt_image *image, const struct frt_operator *operator_,
                           uint32_t index, int32_t batch);
