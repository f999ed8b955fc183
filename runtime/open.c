/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: validates the header and the tables of an image, then hands its tensors and
 * operators to their own checks. */
#include "validate.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Images are little-endian and are read in place."
#endif

_Static_assert(sizeof (struct frt_image_header) == 64, "no padding");
_Static_assert(sizeof (struct frt_tensor) == 48, "no padding");
_Static_assert(sizeof (struct frt_operator) == 32, "no padding");

/* One of the image's tables. */
struct table
{
  uint32_t count;
  uint32_t offset;
  uint32_t entry_size;
  uint32_t alignment;
  uint32_t field; /* where the header names the table */
};

#define N_TABLES 5

static int
check_identity (frt_image *image, size_t size)
{
  const struct frt_image_header *header = image->header;

  if (size < sizeof *header)
    return frt_fault (image, 0, FRT_E_TRUNCATED);
  if (header->magic != FRT_MAGIC)
    return frt_fault (image, FRT_HEADER_FIELD (magic), FRT_E_MAGIC);
  if (header->major != FRT_IMAGE_MAJOR)
    return frt_fault (image, FRT_HEADER_FIELD (major), FRT_E_VERSION);
  if (header->minor > FRT_IMAGE_MINOR)
    return frt_fault (image, FRT_HEADER_FIELD (minor), FRT_E_VERSION);
  if (header->size > size)
    return frt_fault (image, FRT_HEADER_FIELD (size), FRT_E_TRUNCATED);
  if (header->size < sizeof *header || header->size > FRT_MAX_BYTES)
    return frt_fault (image, FRT_HEADER_FIELD (size), FRT_E_LAYOUT);
  return FRT_OK;
}

static int
check_checksum (frt_image *image)
{
  const uint32_t start = FRT_HEADER_FIELD (packing);

  if (frt_crc32 (0, image->bytes + start, image->header->size - start)
      != image->header->checksum)
    return frt_fault (image, FRT_HEADER_FIELD (checksum), FRT_E_CHECKSUM);
  return FRT_OK;
}

static int
check_properties (frt_image *image)
{
  const struct frt_image_header *header = image->header;

  if (header->packing > FRT_PACKING_HELIUM)
    return frt_fault (image, FRT_HEADER_FIELD (packing), FRT_E_VERSION);
  if (header->rounding > FRT_ROUNDING_SINGLE)
    return frt_fault (image, FRT_HEADER_FIELD (rounding), FRT_E_ROUNDING);
  if (header->arena_size > FRT_MAX_BYTES)
    return frt_fault (image, FRT_HEADER_FIELD (arena_size), FRT_E_LAYOUT);
  if (header->tensor_count > FRT_NO_TENSOR)
    return frt_fault (image, FRT_HEADER_FIELD (tensor_count), FRT_E_LAYOUT);
  return FRT_OK;
}

static bool
table_is_inside (const struct table *table, uint32_t image_size)
{
  return table->offset >= sizeof (struct frt_image_header) && table->offset <= image_size
         && table->offset % table->alignment == 0
         && table->count <= (image_size - table->offset) / table->entry_size;
}

static bool
tables_overlap (const struct table *a, const struct table *b)
{
  return a->count > 0 && b->count > 0 && a->offset < b->offset + b->count * b->entry_size
         && b->offset < a->offset + a->count * a->entry_size;
}

static int
check_tables (frt_image *image)
{
  const struct frt_image_header *header = image->header;
  const struct table tables[N_TABLES] = {
    { header->tensor_count, header->tensors_offset, sizeof (struct frt_tensor), 4,
      FRT_HEADER_FIELD (tensors_offset) },
    { header->operator_count, header->operators_offset, sizeof (struct frt_operator), 4,
      FRT_HEADER_FIELD (operators_offset) },
    { header->input_count, header->inputs_offset, sizeof (uint16_t), 2,
      FRT_HEADER_FIELD (inputs_offset) },
    { header->output_count, header->outputs_offset, sizeof (uint16_t), 2,
      FRT_HEADER_FIELD (outputs_offset) },
    { header->names_size, header->names_offset, 1, 1, FRT_HEADER_FIELD (names_offset) },
  };

  for (uint32_t i = 0; i < N_TABLES; i++)
    {
      if (tables[i].count > 0 && !table_is_inside (&tables[i], header->size))
        return frt_fault (image, tables[i].field, FRT_E_LAYOUT);
      for (uint32_t j = 0; j < i; j++)
        if (tables_overlap (&tables[i], &tables[j]))
          return frt_fault (image, tables[i].field, FRT_E_LAYOUT);
    }
  if (header->names_size > 0
      && image->bytes[header->names_offset + header->names_size - 1] != 0)
    return frt_fault (image, FRT_HEADER_FIELD (names_size), FRT_E_LAYOUT);
  image->tensors = (const void *)(image->bytes + header->tensors_offset);
  image->operators = (const void *)(image->bytes + header->operators_offset);
  return FRT_OK;
}

/* Inputs and outputs of the whole model must lie in the arena, where users reach them. */
static int
check_list (frt_image *image, uint32_t offset, uint32_t count)
{
  const uint16_t *numbers = (const void *)(image->bytes + offset);

  for (uint32_t i = 0; i < count; i++)
    if (numbers[i] >= image->header->tensor_count
        || image->tensors[numbers[i]].storage != FRT_STORAGE_ARENA)
      return frt_fault (image, offset + i * (uint32_t)sizeof *numbers, FRT_E_TENSOR);
  return FRT_OK;
}

static int
check_contents (frt_image *image)
{
  const struct frt_image_header *header = image->header;
  int status = FRT_OK;

  image->validation->steps_left = header->size < UINT32_MAX / FRT_STEPS_PER_BYTE
                                      ? header->size * FRT_STEPS_PER_BYTE
                                      : UINT32_MAX;
  for (uint32_t i = 0; status == FRT_OK && i < header->tensor_count; i++)
    status = frt_validate_tensor (image, i);
  for (uint32_t i = 0; status == FRT_OK && i < header->tensor_count; i++)
    status = frt_validate_variable (image, i);
  if (status == FRT_OK)
    status = check_list (image, header->inputs_offset, header->input_count);
  if (status == FRT_OK)
    status = check_list (image, header->outputs_offset, header->output_count);
  for (uint32_t i = 0; status == FRT_OK && i < header->operator_count; i++)
    status = frt_validate_operator (image, i);
  return status;
}

/* Binary search needs the kernels sorted. */
static bool
kernels_are_sorted (const struct frt_kernel *const *kernels, size_t count)
{
  if (count > UINT16_MAX || (count > 0 && kernels == NULL))
    return false;
  for (size_t i = 1; i < count; i++)
    if (kernels[i]->id <= kernels[i - 1]->id)
      return false;
  return true;
}

int
frt_image_open (frt_image *image, const void *bytes, size_t size,
                const struct frt_kernel *const *kernels, size_t kernel_count)
{
  static int (*const steps[]) (frt_image *) = {
    check_checksum,
    check_properties,
    check_tables,
    check_contents,
  };
  struct frt_validation validation = { 0 };
  int status;

  *image = (frt_image){
    .bytes = bytes,
    .header = bytes,
    .kernels = kernels,
    .kernel_count = (uint32_t)kernel_count,
    .validation = &validation,
  };
  if ((uintptr_t)bytes % FRT_ALIGNMENT != 0)
    status = FRT_E_ALIGNMENT;
  else if (!kernels_are_sorted (kernels, kernel_count))
    status = FRT_E_KERNEL;
  else
    status = check_identity (image, size);
  for (size_t i = 0; status == FRT_OK && i < sizeof steps / sizeof *steps; i++)
    status = steps[i](image);
  image->validation = NULL;
  return validation.gave_up ? FRT_E_EFFORT : status;
}
