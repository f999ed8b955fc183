/* SPDX-License-Identifier: Apache-2.0 */
/* run.c: executes an opened image, and gives access to its inputs, outputs and state. */
#include "access.h"
#include "find_kernel.h"

#include <stdbool.h>
#include <string.h>

static bool
must_stop (int (*hook) (void *user, uint32_t layer), void *user, uint32_t layer)
{
  return hook != NULL && hook (user, layer) != 0;
}

int
frt_image_run (const frt_image *image, void *arena, size_t arena_size,
               const frt_observer *observer)
{
  static const frt_observer nobody = { NULL, NULL, NULL };
  const frt_observer *hooks = observer != NULL ? observer : &nobody;

  if ((uintptr_t)arena % FRT_ALIGNMENT != 0)
    return FRT_E_ALIGNMENT;
  if (arena_size < image->header->arena_size)
    return FRT_E_ARENA;
  for (uint32_t layer = 0; layer < image->header->operator_count; layer++)
    {
      const struct frt_operator *operator_ = &image->operators[layer];

      if (must_stop (hooks->before_layer, hooks->user, layer))
        return FRT_E_ABORTED;
      frt_find_kernel (image, operator_->kernel)->run (image, operator_, arena);
      if (must_stop (hooks->after_layer, hooks->user, layer))
        return FRT_E_ABORTED;
    }
  return FRT_OK;
}

void
frt_image_reset (const frt_image *image, void *arena)
{
  for (uint32_t i = 0; i < image->header->tensor_count; i++)
    {
      const struct frt_tensor *tensor = &image->tensors[i];
      const int value = tensor->type == FRT_INT8 ? (int)tensor->zero_point : 0;

      if (tensor->flags & FRT_TENSOR_VARIABLE)
        memset ((uint8_t *)arena + tensor->offset, value, tensor->size);
    }
}

static const struct frt_tensor *
tensor_of_list (const frt_image *image, uint32_t list_offset, uint32_t index)
{
  const uint16_t *numbers = (const uint16_t *)(const void *)(image->bytes + list_offset);

  return &image->tensors[numbers[index]];
}

size_t
frt_image_arena_size (const frt_image *image)
{
  return image->header->arena_size;
}

uint32_t
frt_image_layer_count (const frt_image *image)
{
  return image->header->operator_count;
}

uint32_t
frt_image_input_count (const frt_image *image)
{
  return image->header->input_count;
}

uint32_t
frt_image_output_count (const frt_image *image)
{
  return image->header->output_count;
}

void *
frt_image_input (const frt_image *image, void *arena, uint32_t index)
{
  return (uint8_t *)arena
         + tensor_of_list (image, image->header->inputs_offset, index)->offset;
}

void *
frt_image_output (const frt_image *image, void *arena, uint32_t index)
{
  return (uint8_t *)arena
         + tensor_of_list (image, image->header->outputs_offset, index)->offset;
}

size_t
frt_image_input_size (const frt_image *image, uint32_t index)
{
  return tensor_of_list (image, image->header->inputs_offset, index)->size;
}

size_t
frt_image_output_size (const frt_image *image, uint32_t index)
{
  return tensor_of_list (image, image->header->outputs_offset, index)->size;
}
