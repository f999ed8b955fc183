/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-builder.c: assembles small images by hand, for tests of the runtime alone. */
#include "image-builder.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const uint32_t element_sizes[] = { 0, 4, 1, 2, 4, 8, 1, 1 };

static uint32_t
round_up (uint32_t value)
{
  return (value + FRT_ALIGNMENT - 1) / FRT_ALIGNMENT * FRT_ALIGNMENT;
}

void
image_builder_start (struct image_builder *builder)
{
  builder->size = sizeof (struct frt_image_header);
  builder->arena_size = 0;
  builder->packing = FRT_PACKING_PORTABLE;
  builder->n_tensors = builder->n_operators = 0;
  builder->n_inputs = builder->n_outputs = 0;
}

uint16_t
image_builder_tensor (struct image_builder *builder, enum frt_type type, unsigned rank,
                      const int32_t *dimensions)
{
  struct frt_tensor *tensor = &builder->tensors[builder->n_tensors];

  assert (builder->n_tensors < IMAGE_BUILDER_ENTRIES);
  *tensor = (struct frt_tensor){
    .type = (uint8_t)type,
    .rank = (uint8_t)rank,
    .offset = builder->arena_size,
    .size = element_sizes[type],
    .dimensions = { 1, 1, 1, 1, 1, 1 },
  };
  for (unsigned i = 0; i < rank; i++)
    {
      tensor->dimensions[i] = dimensions[i];
      tensor->size *= (uint32_t)dimensions[i];
    }
  builder->arena_size = round_up (builder->arena_size + tensor->size);
  return (uint16_t)builder->n_tensors++;
}

uint32_t
image_builder_block (struct image_builder *builder, const void *data, size_t size)
{
  const uint32_t offset = builder->size;

  assert (offset + size + FRT_ALIGNMENT <= IMAGE_BUILDER_CAPACITY);
  memcpy (builder->bytes + offset, data, size);
  builder->size = round_up (offset + (uint32_t)size);
  memset (builder->bytes + offset + size, 0, builder->size - offset - size);
  return offset;
}

/* Tensor numbers of an operator; SECOND may be FRT_NO_TENSOR. */
static uint32_t
write_operands (struct image_builder *builder, uint16_t first, uint16_t second,
                uint16_t output)
{
  const bool is_unary = second == FRT_NO_TENSOR;
  const uint16_t numbers[3] = { first, is_unary ? output : second, output };

  return image_builder_block (builder, numbers, (is_unary ? 2 : 3) * sizeof *numbers);
}

struct frt_operator *
image_builder_operator (struct image_builder *builder, enum frt_kernel_id kernel,
                        uint16_t first, uint16_t second, uint16_t output,
                        const void *parameters, size_t parameters_size)
{
  struct frt_operator *operator_ = &builder->operators[builder->n_operators++];

  assert (builder->n_operators <= IMAGE_BUILDER_ENTRIES);
  *operator_ = (struct frt_operator){
    .kernel = (uint16_t)kernel,
    .input_count = second == FRT_NO_TENSOR ? 1 : 2,
    .output_count = 1,
    .parameters_size = (uint32_t)parameters_size,
  };
  operator_->operands_offset = write_operands (builder, first, second, output);
  if (parameters_size > 0)
    operator_->parameters_offset =
        image_builder_block (builder, parameters, parameters_size);
  return operator_;
}

void
image_builder_operands (struct image_builder *builder, struct frt_operator *operator_,
                        const uint16_t *numbers, unsigned n_inputs, unsigned n_outputs)
{
  operator_->input_count = (uint8_t)n_inputs;
  operator_->output_count = (uint8_t)n_outputs;
  operator_->operands_offset =
      image_builder_block (builder, numbers, (n_inputs + n_outputs) * sizeof *numbers);
}

void
image_builder_input (struct image_builder *builder, uint16_t tensor)
{
  builder->inputs[builder->n_inputs++] = tensor;
}

void
image_builder_output (struct image_builder *builder, uint16_t tensor)
{
  builder->outputs[builder->n_outputs++] = tensor;
}

void
image_builder_finish (struct image_builder *builder)
{
  struct frt_image_header header = {
    .magic = FRT_MAGIC,
    .major = FRT_IMAGE_MAJOR,
    .minor = FRT_IMAGE_MINOR,
    .packing = (uint16_t)builder->packing,
    .rounding = FRT_ROUNDING_DOUBLE,
    .arena_size = builder->arena_size,
    .tensor_count = builder->n_tensors,
    .operator_count = builder->n_operators,
    .input_count = builder->n_inputs,
    .output_count = builder->n_outputs,
    .names_size = 1,
  };

  header.tensors_offset = image_builder_block (
      builder, builder->tensors, builder->n_tensors * sizeof *builder->tensors);
  header.operators_offset = image_builder_block (
      builder, builder->operators, builder->n_operators * sizeof *builder->operators);
  header.inputs_offset = image_builder_block (builder, builder->inputs,
                                              builder->n_inputs * sizeof (uint16_t));
  header.outputs_offset = image_builder_block (builder, builder->outputs,
                                               builder->n_outputs * sizeof (uint16_t));
  header.names_offset = image_builder_block (builder, "", 1);
  header.size = builder->size;
  memcpy (builder->bytes, &header, sizeof header);
  image_builder_sign (builder->bytes);
}

void
image_builder_sign (uint8_t *bytes)
{
  struct frt_image_header header;
  const size_t start = offsetof (struct frt_image_header, packing);

  memcpy (&header, bytes, sizeof header);
  header.checksum = frt_crc32 (0, bytes + start, header.size - start);
  memcpy (bytes, &header, sizeof header);
}
