/* SPDX-License-Identifier: Apache-2.0 */
/* matmul.c: walks the matrices of BATCH_MATMUL. */
#include "matmul.h"

/* The length of the axis BEHIND from the end, 1 for the last; 1 where there is none. */
static int32_t
extent (const struct frt_tensor *tensor, uint32_t behind)
{
  return behind <= tensor->rank ? tensor->dimensions[tensor->rank - behind] : 1;
}

struct frt_matmul
frt_matmul_start (const frt_image *image, const struct frt_operator *operator_,
                  uint32_t transposed)
{
  const struct frt_tensor *first = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *second = frt_input_tensor (image, operator_, 1);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const bool first_is = (transposed & FRT_TRANSPOSED_FIRST) != 0;
  const bool second_is = (transposed & FRT_TRANSPOSED_SECOND) != 0;

  return (struct frt_matmul){
    .batches = frt_element_count (output) / (extent (output, 1) * extent (output, 2)),
    .rows = extent (first, first_is ? 1 : 2),
    .columns = extent (second, second_is ? 2 : 1),
    .depth = extent (first, first_is ? 2 : 1),
    .row_step = first_is ? 1 : extent (first, 1),
    .first_depth_step = first_is ? extent (first, 1) : 1,
    .column_step = second_is ? extent (second, 1) : 1,
    .second_depth_step = second_is ? 1 : extent (second, 1),
  };
}

int32_t
frt_matmul_offset (const frt_image *image, const struct frt_operator *operator_,
                   uint32_t index, int32_t batch)
{
  const struct frt_tensor *input = frt_input_tensor (image, operator_, index);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  int32_t stride = extent (input, 1) * extent (input, 2);
  int32_t offset = 0;

  for (uint32_t behind = 3; behind <= input->rank; behind++)
    {
      const int32_t cells = extent (input, behind);

      if (cells > 1)
        offset += batch % extent (output, behind) * stride;
      stride *= cells;
      batch /= extent (output, behind);
    }
  return offset;
}

static bool
batches_broadcast (const struct frt_tensor *input, const struct frt_tensor *output)
{
  for (uint32_t behind = 3; behind <= input->rank; behind++)
    if (extent (input, behind) != 1 && extent (input, behind) != extent (output, behind))
      return false;
  return input->rank >= 2 && input->rank <= output->rank;
}

bool
frt_matmul_check (const frt_image *image, const struct frt_operator *operator_,
                  uint32_t transposed)
{
  const struct frt_tensor *first = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *second = frt_input_tensor (image, operator_, 1);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const struct frt_matmul shape = frt_matmul_start (image, operator_, transposed);

  return transposed <= (FRT_TRANSPOSED_FIRST | FRT_TRANSPOSED_SECOND)
         && first->type == second->type && first->type == output->type
         && batches_broadcast (first, output) && batches_broadcast (second, output)
         && extent (output, 2) == shape.rows && extent (output, 1) == shape.columns
         && extent (second, (transposed & FRT_TRANSPOSED_SECOND) != 0 ? 1 : 2)
                == shape.depth;
}
