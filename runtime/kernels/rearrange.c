/* SPDX-License-Identifier: Apache-2.0 */
/* rearrange.c: SLICE, TRANSPOSE, MIRROR_PAD, TILE and all others whose output is blocks of
 * the input, any type. */
#include "check.h"

#include <string.h>

#define LAST (FRT_MAX_RANK - 1)

/* Where position INDEX of AXIS lies, in bytes. */
static int32_t
place (const frt_image *image, const struct frt_rearrange_parameters *parameters,
       uint32_t axis, uint32_t index)
{
  const int32_t *table = frt_constant (image, parameters->table_offset[axis]);

  return table != NULL ? table[index] : (int32_t)index * parameters->step[axis];
}

/* A call costs more than copying a few bytes does. */
static void
copy_block (uint8_t *to, const uint8_t *from, uint32_t size)
{
  if (size > 8)
    memcpy (to, from, size);
  else
    for (uint32_t i = 0; i < size; i++)
      to[i] = from[i];
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_rearrange_parameters *parameters = frt_parameters (image, operator_);
  const uint8_t *input = frt_input_data (image, operator_, arena, 0);
  uint8_t *to = frt_output_data (image, operator_, arena, 0);
  const uint8_t *end = to + frt_output_tensor (image, operator_, 0)->size;
  uint32_t index[FRT_MAX_RANK] = { 0 };

  while (to < end)
    {
      int32_t row = (int32_t)parameters->start;

      for (uint32_t axis = 0; axis < LAST; axis++)
        row += place (image, parameters, axis, index[axis]);
      for (uint32_t i = 0; i < parameters->extent[LAST]; i++)
        {
          copy_block (to, input + row + place (image, parameters, LAST, i),
                      parameters->block);
          to += parameters->block;
        }
      for (uint32_t axis = LAST; axis-- > 0;)
        {
          if (++index[axis] < parameters->extent[axis])
            break;
          index[axis] = 0;
        }
    }
}

/* The first and the last byte of the input at which a block may begin. */
struct reach
{
  int64_t low, high;
};

static bool
extend (const frt_image *image, const struct frt_rearrange_parameters *parameters,
        uint32_t axis, struct reach *reach)
{
  const uint32_t last = parameters->extent[axis] - 1;
  const int32_t *table = frt_constant (image, parameters->table_offset[axis]);
  int64_t low = 0, high = 0;

  if (table == NULL)
    {
      const int64_t end = (int64_t)last * parameters->step[axis];

      low = end < 0 ? end : 0;
      high = end > 0 ? end : 0;
    }
  else if (!frt_check_block (image, parameters->table_offset[axis],
                             parameters->extent[axis], sizeof *table)
           || !frt_afford (image, parameters->extent[axis]))
    return false;
  else
    for (uint32_t i = 0; i <= last; i++)
      {
        low = table[i] < low ? table[i] : low;
        high = table[i] > high ? table[i] : high;
      }
  reach->low += low;
  reach->high += high;
  /* Kept small, the sums cannot overflow. */
  return reach->low >= 0 && reach->high <= FRT_MAX_BYTES;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_rearrange_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  struct reach reach = { parameters->start, parameters->start };
  uint64_t size = parameters->block;

  if (input->type != output->type)
    return FRT_E_OPERATOR;
  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    {
      size = frt_check_product (size, parameters->extent[axis]);
      if (parameters->extent[axis] < 1 || size > output->size
          || !extend (image, parameters, axis, &reach))
        return FRT_E_OPERATOR;
    }
  return size == output->size && reach.high + parameters->block <= input->size
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_rearrange = {
  .id = FRT_KERNEL_REARRANGE,
  .parameters_size = sizeof (struct frt_rearrange_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
