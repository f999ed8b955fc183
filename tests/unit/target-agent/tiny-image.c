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
fill_operator (struct frt_operator *operator_, uint32_t index, uint32_t operands_offset)
{
  operator_->kernel = FRT_KERNEL_COPY;
  operator_->input_count = operator_->output_count = 1;
  operator_->operands_offset = operands_offset + index * 2 * (uint32_t)sizeof (uint16_t);
}

size_t
tiny_image (uint8_t *image, size_t capacity, uint32_t n_layers, uint32_t size)
{
  struct frt_image_header header = { .magic = FRT_MAGIC, .major = FRT_IMAGE_MAJOR };
  uint16_t list[2] = { 0, (uint16_t)n_layers };
  uint32_t at = sizeof header, operands_offset;
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
  at += 4;
  operands_offset = at;
  header.size = at + n_layers * (uint32_t)sizeof list;
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
      const uint16_t operands[2] = { (uint16_t)i, (uint16_t)(i + 1) };

      fill_operator (&operator_, i, operands_offset);
      memcpy (image + header.operators_offset + i * sizeof operator_, &operator_,
              sizeof operator_);
      memcpy (image + operands_offset + i * sizeof operands, operands, sizeof operands);
    }
  memcpy (image + header.inputs_offset, list, sizeof list);
  memcpy (image, &header, sizeof header);
  header.checksum = frt_crc32 (0, image + covered, header.size - covered);
  memcpy (image, &header, sizeof header);
  return header.size;
}
