/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-mutator.c: changes an image where it hurts: one field of a table or of an operator's parameters,
 * or two that belong together; then makes the checksum right again, so that the change is looked at. */
#include "fuzz.h"
#include "runtime/frt_format.h"
#include "tests/unit/runtime/image-builder.h"

#include <stdbool.h>
#include <string.h>

static uint32_t state;

static uint32_t
next_random (uint32_t below)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % below;
}

/* What a table of the image holds; changes to it go back with put. */
static bool
get (const uint8_t *bytes, size_t size, uint64_t at, void *entry, size_t entry_size)
{
  if (at > size || entry_size > size - at)
    return false;
  memcpy (entry, bytes + at, entry_size);
  return true;
}

static uint32_t
choose_value (uint32_t old, const uint8_t *bytes, size_t size)
{
  static const uint32_t extremes[] = { 0,          1,           2,          127,
                                       128,        255,         0x7FFF,     0x8000,
                                       0xFFFF,     1u << 16,    1 << 30,    1 << 29,
                                       0x7FFFFFFF, 0x80000000u, 0xFFFFFFFFu };
  uint32_t other = 0;

  switch (next_random (6))
    {
    case 0:
      return old + 1 + next_random (4);
    case 1:
      return old - 1 - next_random (4);
    case 2:
      return old ^ (1u << next_random (32));
    case 3:
      return extremes[next_random (sizeof extremes / sizeof *extremes)];
    case 4:
      return next_random (64) * (next_random (2) ? 1 : 16);
    default:
      get (bytes, size, next_random ((uint32_t)size) & ~3u, &other, sizeof other);
      return other;
    }
}

/* The field of 1, 2 or 4 bytes around byte AT. */
static void
change_field (uint8_t *bytes, size_t size, uint64_t at)
{
  const size_t width = (size_t)1 << next_random (3);
  uint32_t value = 0;

  at -= at % width;
  if (!get (bytes, size, at, &value, width))
    return;
  value = choose_value (value, bytes, size);
  memcpy (bytes + at, &value, width);
}

/* Another type or dimension; the size follows, and often the tensor moves behind all others. */
static void
reshape_tensor (uint8_t *bytes, size_t size, struct frt_image_header *header, uint64_t at)
{
  static const uint8_t element_sizes[] = { 1, 4, 1, 2, 4, 8, 1, 1 };
  struct frt_tensor tensor;

  if (!get (bytes, size, at, &tensor, sizeof tensor))
    return;
  if (next_random (2))
    tensor.type = (uint8_t)(1 + next_random (7));
  else
    tensor.dimensions[next_random (FRT_MAX_RANK)] = (int32_t)(1 + next_random (9));
  if (next_random (4) == 0)
    tensor.rank = (uint8_t)next_random (FRT_MAX_RANK + 1);
  tensor.size = element_sizes[tensor.type % 8];
  for (int i = 0; i < FRT_MAX_RANK; i++)
    tensor.size *= (uint32_t)tensor.dimensions[i];
  if (tensor.storage == FRT_STORAGE_ARENA && next_random (4) != 0
      && tensor.size < 1u << 14)
    {
      tensor.offset = (header->arena_size + 15) & ~15u;
      header->arena_size = tensor.offset + tensor.size;
    }
  memcpy (bytes + at, &tensor, sizeof tensor);
}

/* Another kernel that takes as many operands. */
static void
exchange_kernel (uint8_t *bytes, size_t size, uint64_t at)
{
  struct frt_operator operator_;
  const struct frt_kernel *kernel =
      frt_all_kernels[next_random ((uint32_t)frt_all_kernels_count)];

  if (!get (bytes, size, at, &operator_, sizeof operator_)
      || (kernel->input_count != operator_.input_count
          && kernel->input_count != FRT_VARIADIC))
    return;
  operator_.kernel = kernel->id;
  operator_.parameters_size = kernel->parameters_size;
  memcpy (bytes + at, &operator_, sizeof operator_);
}

static void
change_operator (uint8_t *bytes, size_t size, uint64_t at)
{
  struct frt_operator operator_;

  if (!get (bytes, size, at, &operator_, sizeof operator_))
    return;
  switch (next_random (5))
    {
    case 0:
      change_field (bytes, size, at + next_random (sizeof operator_));
      break;
    case 1:
      change_field (
          bytes, size,
          (uint64_t)operator_.operands_offset
              + 2 * next_random (1u + operator_.input_count + operator_.output_count));
      break;
    case 2:
      exchange_kernel (bytes, size, at);
      break;
    default:
      change_field (bytes, size,
                    (uint64_t)operator_.parameters_offset
                        + next_random (1 + operator_.parameters_size % 512));
      break;
    }
}

static void
change_structure (uint8_t *bytes, size_t size)
{
  struct frt_image_header header;
  uint64_t tensor, operator_;

  memcpy (&header, bytes, sizeof header);
  tensor = header.tensors_offset
           + (uint64_t)sizeof (struct frt_tensor)
                 * next_random (1 + header.tensor_count % 1024);
  operator_ = header.operators_offset
              + (uint64_t)sizeof (struct frt_operator)
                    * next_random (1 + header.operator_count % 1024);
  switch (next_random (8))
    {
    case 0:
      change_field (bytes, size, next_random (sizeof header));
      break;
    case 1:
      change_field (bytes, size, tensor + next_random (sizeof (struct frt_tensor)));
      break;
    case 2:
    case 3:
      reshape_tensor (bytes, size, &header, tensor);
      memcpy (bytes, &header, sizeof header);
      break;
    default:
      change_operator (bytes, size, operator_);
      break;
    }
}

/* Magic, version, size and checksum. */
static void
repair (uint8_t *bytes, size_t size)
{
  struct frt_image_header header;

  memcpy (&header, bytes, sizeof header);
  header.magic = FRT_MAGIC;
  header.major = FRT_IMAGE_MAJOR;
  header.minor = FRT_IMAGE_MINOR;
  header.size = (uint32_t)size;
  memcpy (bytes, &header, sizeof header);
  image_builder_sign (bytes);
}

size_t
LLVMFuzzerCustomMutator (uint8_t *bytes, size_t size, size_t capacity, unsigned seed)
{
  state = (uint32_t)seed * 2654435769u | 1u;
  if (size < sizeof (struct frt_image_header) || next_random (8) == 0)
    size = LLVMFuzzerMutate (bytes, size, capacity);
  else
    for (uint32_t n = 1 + next_random (3); n > 0; n--)
      change_structure (bytes, size);
  if (size >= sizeof (struct frt_image_header) && next_random (64) != 0)
    repair (bytes, size);
  return size;
}
