/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.c: what an image gives on the desktop, for comparison with a board. */
#include "profiler/reference.h"

#include "runtime/access.h"
#include "runtime/frt.h"

#include <stdlib.h>
#include <string.h>

struct _FettleReference
{
  GArray *layers; /* guint32 */
  guint32 output_crc;
};

/* One inference under way. */
typedef struct
{
  frt_image image;
  guint8 *bytes; /* aligned copy of the image */
  guint8 *arena;
  GArray *layers;
} Inference;

static void
inference_clear (Inference *inference)
{
  free (inference->bytes);
  free (inference->arena);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inference, inference_clear)

static guint8 *
allocate (gsize size)
{
  const gsize aligned =
      (MAX (size, 1) + FRT_ALIGNMENT - 1) / FRT_ALIGNMENT * FRT_ALIGNMENT;
  guint8 *bytes = aligned_alloc (FRT_ALIGNMENT, aligned);

  if (bytes != NULL)
    memset (bytes, 0, aligned);
  return bytes;
}

static int
after_layer (void *user, uint32_t layer)
{
  Inference *inference = user;
  const frt_image *image = &inference->image;
  const struct frt_operator *operator_ = &image->operators[layer];
  guint32 crc = 0;

  for (guint i = 0; i < operator_->output_count; i++)
    {
      const struct frt_tensor *tensor = frt_output_tensor (image, operator_, i);

      crc = frt_crc32 (crc, inference->arena + tensor->offset, tensor->size);
    }
  g_array_append_val (inference->layers, crc);
  return 0;
}

/* Real zero, as the agent has it. */
static void
fill_with_zero (Inference *inference, guint index)
{
  const frt_image *image = &inference->image;
  guint16 number;
  const struct frt_tensor *tensor;
  gboolean has_zero_point;

  memcpy (&number, image->bytes + image->header->inputs_offset + 2 * index,
          sizeof number);
  tensor = &image->tensors[number];
  has_zero_point = tensor->type == FRT_INT8 || tensor->type == FRT_UINT8;
  memset (frt_image_input (image, inference->arena, index),
          has_zero_point ? tensor->zero_point : 0, frt_image_input_size (image, index));
}

static gsize
input_size (const frt_image *image)
{
  gsize total = 0;

  for (guint i = 0; i < frt_image_input_count (image); i++)
    total += frt_image_input_size (image, i);
  return total;
}

static void
write_inputs (Inference *inference, GBytes *input)
{
  const frt_image *image = &inference->image;
  const guint8 *bytes = input != NULL ? g_bytes_get_data (input, NULL) : NULL;

  for (guint i = 0; i < frt_image_input_count (image); i++)
    {
      gsize size = frt_image_input_size (image, i);

      if (bytes == NULL)
        {
          fill_with_zero (inference, i);
          continue;
        }
      memcpy (frt_image_input (image, inference->arena, i), bytes, size);
      bytes += size;
    }
}

static guint32
output_crc (Inference *inference)
{
  const frt_image *image = &inference->image;
  guint32 crc = 0;

  for (guint i = 0; i < frt_image_output_count (image); i++)
    crc = frt_crc32 (crc, frt_image_output (image, inference->arena, i),
                     frt_image_output_size (image, i));
  return crc;
}

static gboolean
open_image (Inference *inference, GBytes *image, GBytes *input, GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (image, &size);
  int status = FRT_E_ARENA;

  inference->bytes = allocate (size);
  if (inference->bytes != NULL)
    {
      memcpy (inference->bytes, data, size);
      status = frt_image_open (&inference->image, inference->bytes, size, frt_all_kernels,
                               frt_all_kernels_count);
    }
  if (status == FRT_OK)
    inference->arena = allocate (frt_image_arena_size (&inference->image));
  if (inference->arena == NULL)
    {
      g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                   "The model cannot be run on this computer for comparison: %s",
                   frt_status_text (status));
      return FALSE;
    }
  if (input == NULL || g_bytes_get_size (input) == input_size (&inference->image))
    return TRUE;
  g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
               "The input has %" G_GSIZE_FORMAT
               " bytes and the model's inputs take %" G_GSIZE_FORMAT
               "; give it exactly as many.",
               g_bytes_get_size (input), input_size (&inference->image));
  return FALSE;
}

FettleReference *
fettle_reference_new (GBytes *image, GBytes *input, GError **error)
{
  g_autoptr (FettleReference) reference = g_new0 (FettleReference, 1);
  g_auto (Inference) inference = { 0 };
  frt_observer observer = { NULL, after_layer, &inference };
  int status;

  g_return_val_if_fail (image != NULL, NULL);
  reference->layers = g_array_new (FALSE, FALSE, sizeof (guint32));
  inference.layers = reference->layers;
  if (!open_image (&inference, image, input, error))
    return NULL;
  frt_image_reset (&inference.image, inference.arena);
  write_inputs (&inference, input);
  status = frt_image_run (&inference.image, inference.arena,
                          frt_image_arena_size (&inference.image), &observer);
  if (status != FRT_OK)
    {
      g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                   "The model cannot be run on this computer for comparison: %s",
                   frt_status_text (status));
      return NULL;
    }
  reference->output_crc = output_crc (&inference);
  return g_steal_pointer (&reference);
}

void
fettle_reference_free (FettleReference *reference)
{
  g_return_if_fail (reference != NULL);
  g_array_unref (reference->layers);
  g_free (reference);
}

guint32
fettle_reference_get_output_crc (const FettleReference *reference)
{
  g_return_val_if_fail (reference != NULL, 0);
  return reference->output_crc;
}

guint
fettle_reference_get_n_layers (const FettleReference *reference)
{
  g_return_val_if_fail (reference != NULL, 0);
  return reference->layers->len;
}

int
fettle_reference_find_difference (const FettleReference *reference,
                                  const GArray *checksums)
{
  g_return_val_if_fail (reference != NULL && checksums != NULL, 0);
  g_return_val_if_fail (checksums->len == reference->layers->len, 0);
  for (guint i = 0; i < checksums->len; i++)
    if (g_array_index (checksums, guint32, i)
        != g_array_index (reference->layers, guint32, i))
      return (int)i;
  return -1;
}
