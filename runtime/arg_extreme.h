/* SPDX-License-Identifier: Apache-2.0 */
/* arg_extreme.h: what ARG_MAX and ARG_MIN share. */
#pragma once

#include <stdbool.h>

#include "access.h"

/* The input is read as [outer][count][inner]; COUNT values compete. */
struct frt_arg_extreme_shape
{
  int32_t outer, count, inner;
};

struct frt_arg_extreme_shape frt_arg_extreme_shape (const frt_image *image,
                                                    const struct frt_operator *operator_);

/* Element INDEX of the output becomes VALUE. */
void frt_arg_extreme_write (const frt_image *image, const struct frt_operator *operator_,
                            uint8_t *arena, int32_t index, int32_t value);

/* FRT_OK, or FRT_E_OPERATOR. INPUT is the type that input 0 must have. */
int frt_arg_extreme_check (const frt_image *image, const struct frt_operator *operator_,
                           uint8_t input);
