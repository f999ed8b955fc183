/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiny-image.c: a hand-made image of layers that each copy their input. */
#include "tiny-image.h"

#include "runtime/frt_format.h"

#include <string.h>

static void
fill_tensor (struct frt_tensor *tensor, uint32_t index, uint32_t size)
{
  tensor->type = FRT_INT8;
  tensor->storage = FRT_STORAGE_ARENA;
  tensor->rank = 1;
  tensor->offset = index % 2 * size;
  tensor->size = size;
  tensor->scale = 1;
  tensor->zero_point = TINY_ZERO_POINT;
  for (int k = 0; k < FRT_MAX_RANK; k++)
    tensor->dimensions[k] = k == 0 ? (int32_t)size : 1;
}

static void
fill_operator (struct frt_operator *operator_, uint32_t index)
{
  operator_->kernel = FRT_KERNEL_COPY;
  operator_->input_count = operator_->output_count = 1;
  for (int k = 0; k < FRT_MAX_OPERATOR_INPUTS; k++)
    operator_->inputs[k] = k == 0 ? (uint16_t)index : FRT_NO_TENSOR;
  for (int k = 0; k < FRT_MAX_OPERATOR_OUTPUTS; k++)
    operator_->outputs[k] = k == 0 ? (uint16_t)(index + 1) : FRT_NO_TENSOR;
}

size_t
tiny_image (uint8_t *image, size_t capacity, uint32_t n_layers, uint32_t size)
{
  struct frt_image_header header = { .magic = FRT_MAGIC, .major = FRT_IMAGE_MAJOR };
  uint16_t list[2] = { 0, (uint16_t)n_layers };
  uint32_t at = sizeof header;
  const uint32_t covered = offsetof (struct frt_image_header, packing);

  header.tensor_count = n_layers + 1;
  header.tensors_offset = at;
  at += header.tensor_count * (uint32_t)sizeof (struct frt_tensor);
  header.operator_count = n_layers;
  header.operators_offset = at;
  at += n_layers * (uint32_t)sizeof (struct frt_operator);
  header.input_count = header.output_count = 1;
  header.inputs_offset = at;
  header.outputs_offset = at + 2;
  header.size = at + 4;
  header.arena_size = 2 * size;
  if (header.size > capacity)
    return 0;
  memset (image, 0, header.size);
  for (uint32_t i = 0; i <= n_layers; i++)
    {
      struct frt_tensor tensor = { 0 };

      fill_tensor (&tensor, i, size);
      memcpy (image + header.tensors_offset + i * sizeof tensor, &tensor, sizeof tensor);
    }
  for (uint32_t i = 0; i < n_layers; i++)
    {
      struct frt_operator operator_ = { 0 };

      fill_operator (&operator_, i);
      memcpy (image + header.operators_offset + i * sizeof operator_, &operator_,
              sizeof operator_);
    }
  memcpy (image + header.inputs_offset, list, sizeof list);
  memcpy (image, &header, sizeof header);
  header.checksum = frt_crc32 (0, image + covered, header.size - covered);
  memcpy (image, &header, sizeof header);
  return header.size;
}
