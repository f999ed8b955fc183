/* SPDX-License-Identifier: Apache-2.0 */
/* call_once.c: CALL_ONCE, any type: the first values of variable tensors.
 *
 * Input 0 is state, 0 after a reset: whether the values have been given. Input k + 1 is the
 * value of output k. */
#include "check.h"

#include <string.h>

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  uint8_t *has_run = frt_state_data (image, operator_, arena, 0);

  if (*has_run)
    return;
  *has_run = 1;
  for (uint32_t k = 0; k < operator_->output_count; k++)
    memcpy (frt_output_data (image, operator_, arena, k),
            frt_input_data (image, operator_, arena, k + 1),
            frt_output_tensor (image, operator_, k)->size);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  if (frt_input_tensor (image, operator_, 0)->type != FRT_BOOL
      || operator_->input_count != operator_->output_count + 1)
    return FRT_E_OPERATOR;
  for (uint32_t k = 0; k < operator_->output_count; k++)
    {
      const struct frt_tensor *value = frt_input_tensor (image, operator_, k + 1);
      const struct frt_tensor *variable = frt_output_tensor (image, operator_, k);

      if (value->type != variable->type || value->size != variable->size)
        return FRT_E_OPERATOR;
    }
  return FRT_OK;
}

const struct frt_kernel frt_call_once = {
  .id = FRT_KERNEL_CALL_ONCE,
  .parameters_size = 0,
  .input_count = FRT_VARIADIC,
  .output_count = FRT_VARIADIC,
  .state = 1 << 0,
  .check = check,
  .run = run,
};
