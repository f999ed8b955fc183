/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sound-source.c: sounds as samples of raw audio. */
#include "config.h"
#include "tuner/sample-source.h"
#include "tuner/sound.h"
#include "tuner/step.h"

#include <glib/gi18n.h>

typedef struct
{
  FettleSampleSource parent;
  FettleFileList *files;
  gsize size; /* frames that the model wants */
} SoundSource;

static FettleSound *
open_sound (const FettleListedFile *file, GError **error)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (file->path, FALSE, error);
  g_autoptr (GBytes) bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;

  return bytes != NULL ? fettle_sound_parse (bytes, file->name, error) : NULL;
}

static gboolean
read_sound (FettleSampleSource *source, guint index, float *values, GError **error)
{
  const SoundSource *self = (const SoundSource *)source;
  g_autoptr (FettleSound) sound =
      open_sound (&g_array_index (self->files->files, FettleListedFile, index), error);

  if (sound == NULL)
    return FALSE;
  return fettle_sound_read (sound, self->size, values, error);
}

static char *
compute_hash (FettleSampleSource *source)
{
  return fettle_file_list_compute_hash (((SoundSource *)source)->files);
}

static void
free_source (FettleSampleSource *source)
{
  SoundSource *self = (SoundSource *)source;

  fettle_file_list_free (self->files);
  g_free (self);
}

/* All files can be read, and have RATE frames per second; those of the first, if RATE is 0. */
static gboolean
check_files (FettleFileList *files, guint rate, GError **error)
{
  for (guint i = 0; i < files->files->len; i++)
    {
      const FettleListedFile *file = &g_array_index (files->files, FettleListedFile, i);
      g_autoptr (FettleSound) sound = open_sound (file, error);

      if (sound == NULL)
        return FALSE;
      if (rate == 0)
        rate = fettle_sound_get_rate (sound);
      if (fettle_sound_get_rate (sound) != rate)
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("%s has %u samples per second, but %u are expected; convert it "
                          "to that rate."),
                       file->name, fettle_sound_get_rate (sound), rate);
          return FALSE;
        }
    }
  return TRUE;
}

FettleSampleSource *
fettle_sound_source_new (FettleFileList *files, const FettleTensor *tensor,
                         const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleFileList) list = files;
  SoundSource *self;
  guint n_long = 0;

  for (guint i = 0; i < tensor->rank; i++)
    n_long += tensor->shape[i] != 1;
  if (n_long > 1)
    {
      g_autofree char *shape = fettle_tensor_format_shape (tensor);

      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
          _ ("Sounds do not fit the model's input “%s” of the shape %s, which is "
             "not one row of raw audio; give its features as .npy."),
          tensor->name, shape);
      return NULL;
    }
  if (!check_files (list, preprocessing->sample_rate, error))
    return NULL;
  self = g_new0 (SoundSource, 1);
  self->parent.n = list->files->len;
  self->parent.read = read_sound;
  self->parent.compute_hash = compute_hash;
  self->parent.free = free_source;
  self->files = g_steal_pointer (&list);
  self->size = fettle_tensor_get_n_elements (tensor);
  return &self->parent;
}
