/* SPDX-License-Identifier: Apache-2.0 */
/* validate_operator.c: arity, tensors, parameters, scratch and overlaps of one operator. */
#include "find_kernel.h"
#include "validate.h"

static bool
count_fits (uint8_t count, uint8_t expected)
{
  return expected == FRT_VARIADIC ? count >= 1 && count <= FRT_MAX_OPERANDS
                                  : count == expected;
}

static bool
tensors_exist (const frt_image *image, const struct frt_operator *operator_)
{
  const uint32_t inputs = operator_->input_count, outputs = operator_->output_count;

  /* Outputs are compared with all operands. */
  if (!frt_check_block (image, operator_->operands_offset, inputs + outputs,
                        sizeof (uint16_t))
      || !frt_afford (image, (inputs + outputs) * (1 + outputs)))
    return false;
  for (uint32_t i = 0; i < inputs + outputs; i++)
    if (frt_operands (image, operator_)[i] >= image->header->tensor_count)
      return false;
  for (uint32_t i = 0; i < outputs; i++)
    if (frt_output_tensor (image, operator_, i)->storage != FRT_STORAGE_ARENA)
      return false;
  return true;
}

static bool
scratch_is_inside (const frt_image *image, const struct frt_operator *operator_)
{
  const uint32_t limit = image->header->arena_size;

  return operator_->scratch_size == 0
         || (operator_->scratch_offset % FRT_ALIGNMENT == 0
             && operator_->scratch_offset <= limit
             && operator_->scratch_size <= limit - operator_->scratch_offset
             && frt_spares_variables (image,
                                      (struct frt_range){ operator_->scratch_offset,
                                                          operator_->scratch_size }));
}

/* OUTPUT overlaps no input; or lies exactly on one where the kernel says that it may. */
static bool
output_spares_inputs (const frt_image *image, const struct frt_operator *operator_,
                      const struct frt_kernel *kernel, uint32_t output)
{
  const struct frt_range written =
      frt_tensor_range (frt_output_tensor (image, operator_, output));

  for (uint32_t i = 0; i < operator_->input_count; i++)
    {
      const struct frt_tensor *input = frt_input_tensor (image, operator_, i);
      const bool exact = output == 0 && i < 8 && (kernel->in_place >> i & 1)
                         && input->offset == written.offset
                         && input->size == written.size;

      if (input->storage == FRT_STORAGE_ARENA && !exact
          && frt_ranges_overlap (written, frt_tensor_range (input)))
        return false;
    }
  return true;
}

/* Nothing that the operator writes destroys what it still reads. */
static bool
writes_are_apart (const frt_image *image, const struct frt_operator *operator_,
                  const struct frt_kernel *kernel)
{
  const struct frt_range scratch = { operator_->scratch_offset, operator_->scratch_size };

  for (uint32_t i = 0; i < operator_->input_count; i++)
    {
      const struct frt_tensor *input = frt_input_tensor (image, operator_, i);

      if (scratch.size > 0 && input->storage == FRT_STORAGE_ARENA
          && frt_ranges_overlap (scratch, frt_tensor_range (input)))
        return false;
    }
  for (uint32_t i = 0; i < operator_->output_count; i++)
    {
      const struct frt_range output =
          frt_tensor_range (frt_output_tensor (image, operator_, i));

      if (!output_spares_inputs (image, operator_, kernel, i)
          || (scratch.size > 0 && frt_ranges_overlap (scratch, output)))
        return false;
      for (uint32_t j = 0; j < i; j++)
        if (frt_ranges_overlap (
                output, frt_tensor_range (frt_output_tensor (image, operator_, j))))
          return false;
    }
  return true;
}

static bool
parameters_are_inside (const frt_image *image, const struct frt_operator *operator_)
{
  return operator_->parameters_size == 0
         || (operator_->parameters_offset % 4 == 0
             && frt_check_block (image, operator_->parameters_offset,
                                 operator_->parameters_size, 1));
}

int
frt_validate_operator (frt_image *image, uint32_t index)
{
  const struct frt_operator *operator_ = &image->operators[index];
  const struct frt_kernel *kernel = frt_find_kernel (image, operator_->kernel);
  const uint32_t at =
      image->header->operators_offset + index * (uint32_t)sizeof *operator_;
  int status;

#define FIELD(name) (at + (uint32_t)offsetof (struct frt_operator, name))
  if (kernel == NULL)
    return frt_fault (image, FIELD (kernel), FRT_E_KERNEL);
  if (operator_->kernel / FRT_KERNEL_SINGLE_ROUNDING > image->header->rounding
      || !count_fits (operator_->input_count, kernel->input_count)
      || !count_fits (operator_->output_count, kernel->output_count))
    return frt_fault (image, FIELD (input_count), FRT_E_OPERATOR);
  if (!tensors_exist (image, operator_))
    return frt_fault (image, FIELD (operands_offset), FRT_E_OPERATOR);
  if (operator_->parameters_size != kernel->parameters_size)
    return frt_fault (image, FIELD (parameters_size), FRT_E_OPERATOR);
  if (!parameters_are_inside (image, operator_))
    return frt_fault (image, FIELD (parameters_offset), FRT_E_LAYOUT);
  if (!scratch_is_inside (image, operator_))
    return frt_fault (image, FIELD (scratch_offset), FRT_E_LAYOUT);
  if (!frt_states_are_valid (image, operator_, kernel)
      || !writes_are_apart (image, operator_, kernel))
    return frt_fault (image, FIELD (operands_offset), FRT_E_OPERATOR);
  if (image->header->names_size > 0 && operator_->name >= image->header->names_size)
    return frt_fault (image, FIELD (name), FRT_E_OPERATOR);
#undef FIELD
  status = kernel->check (image, operator_);
  if (status != FRT_OK)
    /* The tensors of the operator contradict the parameters, or their blocks are outside. */
    return frt_fault (
        image, kernel->parameters_size > 0 ? operator_->parameters_offset : at, status);
  return FRT_OK;
}
