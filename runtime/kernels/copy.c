/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: RESHAPE and its like, any type: the same bytes under another shape. */
#include "check.h"

#include <string.h>

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  /* The plan may have put both in one place; then there is nothing to move. */
  memmove (frt_output_data (image, operator_, arena, 0),
           frt_input_data (image, operator_, arena, 0),
           frt_output_tensor (image, operator_, 0)->size);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return input->type == output->type && input->size == output->size ? FRT_OK
                                                                    : FRT_E_OPERATOR;
}

const struct frt_kernel frt_copy = {
  .id = FRT_KERNEL_COPY,
  .parameters_size = 0,
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
