/* SPDX-License-Identifier: Apache-2.0 */
/* lstm.c: what the kernels of the LSTM check alike. */
#include "lstm.h"
#include "integer.h"

static bool
is_state (const struct frt_tensor *tensor, uint8_t type, int32_t batches, int32_t units)
{
  return tensor->type == type && tensor->rank == 2 && tensor->dimensions[0] == batches
         && tensor->dimensions[1] == units;
}

bool
frt_lstm_check_operands (const frt_image *image, const struct frt_operator *operator_,
                         uint8_t activation, uint8_t cell)
{
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  /* The first parameter of every LSTM. */
  const uint32_t time_major = *(const uint32_t *)frt_parameters (image, operator_);
  const struct frt_lstm_shape shape = frt_lstm_shape (image, operator_, time_major);

  return time_major <= 1 && frt_check_types (image, operator_, activation, activation)
         && input->rank == 3 && output->rank == 3
         && input->dimensions[0] == output->dimensions[0]
         && input->dimensions[1] == output->dimensions[1]
         && is_state (frt_input_tensor (image, operator_, 1), activation, shape.batches,
                      shape.units)
         && is_state (frt_input_tensor (image, operator_, 2), cell, shape.batches,
                      shape.units);
}

static bool
gate_is_inside (const frt_image *image, const struct frt_lstm_gate *gate,
                const struct frt_lstm_shape *shape, uint32_t bias_size)
{
  const uint64_t units = (uint64_t)shape->units;

  return frt_check_block (image, gate->input_weights_offset,
                          frt_check_product (units, (uint64_t)shape->inputs), 1)
         && frt_check_block (image, gate->recurrent_weights_offset,
                             frt_check_product (units, units), 1)
         && frt_check_block (image, gate->input_bias_offset, units, bias_size)
         && frt_check_block (image, gate->recurrent_bias_offset, units, bias_size);
}

int
frt_lstm_check_quantized (const frt_image *image, const struct frt_operator *operator_,
                          uint8_t activation, uint32_t bias_size)
{
  const struct frt_lstm_quantized_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_lstm_shape shape =
      frt_lstm_shape (image, operator_, parameters->time_major);

  if (!frt_lstm_check_operands (image, operator_, activation, FRT_INT16)
      || !frt_check_multiplier (parameters->cell_multiplier, parameters->cell_shift)
      || !frt_check_multiplier (parameters->hidden_multiplier, parameters->hidden_shift)
      || parameters->tanh_multiplier < 0 || parameters->tanh_multiplier > INT16_MAX
      || parameters->tanh_shift < 0 || parameters->tanh_shift > FRT_MAX_SHIFT
      || parameters->cell_minimum < INT16_MIN
      || parameters->cell_minimum > parameters->cell_maximum
      || parameters->cell_maximum > INT16_MAX
      || !frt_check_zero_point (activation, parameters->hidden_zero_point, false))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->table_offset, 256, sizeof (uint16_t)))
    return FRT_E_LAYOUT;
  for (int i = 0; i < FRT_LSTM_GATES; i++)
    {
      const struct frt_lstm_gate *gate = &parameters->gates[i];

      if (!gate_is_inside (image, gate, &shape, bias_size))
        return FRT_E_LAYOUT;
      if (!frt_check_multiplier (gate->input_multiplier, gate->input_shift)
          || !frt_check_multiplier (gate->recurrent_multiplier, gate->recurrent_shift))
        return FRT_E_OPERATOR;
    }
  return FRT_OK;
}
