/* SPDX-License-Identifier: Apache-2.0 */
/* svdf.c: what the kernels of SVDF share. */
#include "svdf.h"

struct frt_svdf_shape
frt_svdf_shape (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_svdf_weights *weights = frt_parameters (image, operator_);
  const int32_t *input = frt_input_tensor (image, operator_, 0)->dimensions;
  const int32_t *state = frt_input_tensor (image, operator_, 1)->dimensions;
  const int32_t *output = frt_output_tensor (image, operator_, 0)->dimensions;

  return (struct frt_svdf_shape){ .batches = input[0],
                                  .inputs = input[1],
                                  .units = output[1],
                                  .rank = (int32_t)weights->rank,
                                  .memory =
                                      state[1] / (output[1] * (int32_t)weights->rank) };
}

static bool
shapes_fit (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_svdf_weights *weights = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *state = frt_input_tensor (image, operator_, 1);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const uint64_t filters =
      frt_check_product ((uint64_t)output->dimensions[1], weights->rank);

  return input->rank == 2 && state->rank == 2 && output->rank == 2
         && input->dimensions[0] == output->dimensions[0]
         && state->dimensions[0] == output->dimensions[0] && filters >= 1
         && filters <= FRT_MAX_BYTES && (uint32_t)state->dimensions[1] % filters == 0;
}

int
frt_svdf_check (const frt_image *image, const struct frt_operator *operator_,
                uint32_t feature_size, uint32_t time_size)
{
  const struct frt_svdf_weights *weights = frt_parameters (image, operator_);
  struct frt_svdf_shape shape;
  uint64_t filters;

  if (!shapes_fit (image, operator_))
    return FRT_E_OPERATOR;
  shape = frt_svdf_shape (image, operator_);
  filters = (uint64_t)shape.units * weights->rank;
  return frt_check_block (image, weights->feature_weights_offset,
                          frt_check_product (filters, (uint64_t)shape.inputs),
                          feature_size)
                 && frt_check_block (image, weights->time_weights_offset,
                                     frt_check_product (filters, (uint64_t)shape.memory),
                                     time_size)
                 && frt_check_optional_block (image, weights->bias_offset,
                                              (uint64_t)shape.units, 4)
             ? FRT_OK
             : FRT_E_LAYOUT;
}
