/* SPDX-License-Identifier: Apache-2.0 */
/* gather.c: GATHER along any axis, any type, with indices that may come at run time. */
#include "check.h"
#include "integer.h"

#include <string.h>

/* A negative index counts from the end; one outside takes the nearest block. */
static uint32_t
limit_index (int64_t index, uint32_t extent)
{
  if (index < 0)
    index += extent;
  if (index < 0)
    return 0;
  return index < extent ? (uint32_t)index : extent - 1;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_gather_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *indices = frt_input_tensor (image, operator_, 1);
  const uint32_t n = (uint32_t)frt_element_count (indices) / parameters->batches;
  const uint32_t block = parameters->block;
  const uint8_t *from = frt_input_data (image, operator_, arena, 0);
  const void *index_data = frt_input_data (image, operator_, arena, 1);
  uint8_t *to = frt_output_data (image, operator_, arena, 0);

  for (uint32_t batch = 0; batch < parameters->batches; batch++)
    for (uint32_t row = 0; row < parameters->rows; row++)
      {
        for (uint32_t i = 0; i < n; i++)
          {
            const int64_t index =
                frt_integer_load (index_data, indices->type, (int32_t)(batch * n + i));

            memcpy (to, from + limit_index (index, parameters->extent) * block, block);
            to += block;
          }
        from += parameters->extent * block;
      }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_gather_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *data = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *indices = frt_input_tensor (image, operator_, 1);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const uint32_t batches = parameters->batches;
  uint64_t rows_bytes;

  if (data->type != output->type || batches == 0
      || (indices->type != FRT_INT32 && indices->type != FRT_INT64)
      || (uint32_t)frt_element_count (indices) % batches != 0)
    return FRT_E_OPERATOR;
  rows_bytes = frt_check_product (frt_check_product (batches, parameters->rows),
                                  parameters->block);
  return parameters->extent > 0
                 && frt_check_product (rows_bytes, parameters->extent) == data->size
                 && frt_check_product (rows_bytes,
                                       (uint32_t)frt_element_count (indices) / batches)
                        == output->size
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_gather = {
  .id = FRT_KERNEL_GATHER,
  .parameters_size = sizeof (struct frt_gather_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
