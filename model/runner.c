/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner.c: an image in an arena on the desktop. */
#include "model/runner.h"
#include "model/aligned.h"
#include "runtime/access.h"

#include <string.h>

struct _FettleRunner
{
  GBytes *bytes;
  gpointer copy; /* of the image, if BYTES are not aligned */
  frt_image image;
  gpointer arena;
};

/* What the runtime's observer gets to see during one run. */
typedef struct
{
  FettleRunner *runner;
  FettleLayerFunc func;
  gpointer user_data;
  GCancellable *cancellable;
} Observation;

FettleRunner *
fettle_runner_new (GBytes *image, GError **error)
{
  g_autoptr (FettleRunner) self = NULL;
  gsize size;
  gconstpointer data;
  int status;

  g_return_val_if_fail (image != NULL, NULL);
  self = g_new0 (FettleRunner, 1);
  self->bytes = g_bytes_ref (image);
  data = g_bytes_get_data (image, &size);
  if ((guintptr)data % FRT_ALIGNMENT != 0)
    {
      self->copy = fettle_aligned_alloc (size);
      memcpy (self->copy, data, size);
      data = self->copy;
    }
  status =
      frt_image_open (&self->image, data, size, frt_all_kernels, frt_all_kernels_count);
  if (status != FRT_OK)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                   "The image cannot be run (byte %u): %s", self->image.fault_offset,
                   frt_status_text (status));
      return NULL;
    }
  self->arena = fettle_aligned_alloc (frt_image_arena_size (&self->image));
  fettle_runner_reset (self);
  return g_steal_pointer (&self);
}

void
fettle_runner_free (FettleRunner *runner)
{
  g_return_if_fail (runner != NULL);
  g_bytes_unref (runner->bytes);
  g_clear_pointer (&runner->copy, fettle_aligned_free);
  g_clear_pointer (&runner->arena, fettle_aligned_free);
  g_free (runner);
}

void
fettle_runner_reset (FettleRunner *runner)
{
  g_return_if_fail (runner != NULL);
  frt_image_reset (&runner->image, runner->arena);
}

static int
before_layer (void *user, uint32_t layer)
{
  const Observation *observation = user;

  return g_cancellable_is_cancelled (observation->cancellable);
}

static int
after_layer (void *user, uint32_t layer)
{
  const Observation *observation = user;
  const frt_image *image = &observation->runner->image;
  const struct frt_tensor *output =
      frt_output_tensor (image, &image->operators[layer], 0);

  if (observation->func != NULL)
    observation->func (layer, (guint8 *)observation->runner->arena + output->offset,
                       output->size, observation->user_data);
  return 0;
}

gboolean
fettle_runner_run (FettleRunner *runner, FettleLayerFunc func, gpointer user_data,
                   GCancellable *cancellable, GError **error)
{
  Observation observation = { runner, func, user_data, cancellable };
  frt_observer observer = { before_layer, after_layer, &observation };
  int status;

  g_return_val_if_fail (runner != NULL, FALSE);
  status = frt_image_run (&runner->image, runner->arena,
                          frt_image_arena_size (&runner->image), &observer);
  if (status == FRT_OK)
    return TRUE;
  if (status != FRT_E_ABORTED
      || !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                         frt_status_text (status));
  return FALSE;
}

gpointer
fettle_runner_get_input (FettleRunner *runner, guint index, gsize *size)
{
  g_return_val_if_fail (runner != NULL && index < fettle_runner_get_n_inputs (runner),
                        NULL);
  if (size != NULL)
    *size = frt_image_input_size (&runner->image, index);
  return frt_image_input (&runner->image, runner->arena, index);
}

gconstpointer
fettle_runner_get_output (FettleRunner *runner, guint index, gsize *size)
{
  g_return_val_if_fail (runner != NULL && index < fettle_runner_get_n_outputs (runner),
                        NULL);
  if (size != NULL)
    *size = frt_image_output_size (&runner->image, index);
  return frt_image_output (&runner->image, runner->arena, index);
}

guint
fettle_runner_get_n_inputs (FettleRunner *runner)
{
  g_return_val_if_fail (runner != NULL, 0);
  return frt_image_input_count (&runner->image);
}

guint
fettle_runner_get_n_outputs (FettleRunner *runner)
{
  g_return_val_if_fail (runner != NULL, 0);
  return frt_image_output_count (&runner->image);
}
