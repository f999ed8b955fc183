/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sound.c: sound files, read with libsndfile from bytes in memory. */
#include "config.h"
#include "tuner/sound.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

/* Values; several frames even of the most channels that libsndfile takes, 1024. */
#define BLOCK_SIZE 4096

struct _FettleSound
{
  GBytes *bytes;
  gsize position; /* of libsndfile in them */
  char *name;
  SNDFILE *file;
  SF_INFO info;
};

void
fettle_sound_free (FettleSound *sound)
{
  if (sound == NULL)
    return;
  g_clear_pointer (&sound->file, sf_close);
  g_bytes_unref (sound->bytes);
  g_free (sound->name);
  g_free (sound);
}

/* --- the bytes as libsndfile's file --- */

static sf_count_t
get_file_size (void *data)
{
  return (sf_count_t)g_bytes_get_size (((FettleSound *)data)->bytes);
}

/* Stays within the bytes, whatever a hostile header asks for. */
static sf_count_t
seek (sf_count_t offset, int whence, void *data)
{
  FettleSound *sound = data;
  sf_count_t size = get_file_size (sound), base = 0;

  if (whence == SEEK_CUR)
    base = (sf_count_t)sound->position;
  else if (whence == SEEK_END)
    base = size;
  sound->position = (gsize)(base + CLAMP (offset, -base, size - base));
  return (sf_count_t)sound->position;
}

static sf_count_t
read_bytes (void *to, sf_count_t n, void *data)
{
  FettleSound *sound = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (sound->bytes, &size);
  gsize n_read = MIN ((gsize)MAX (n, 0), size - sound->position);

  if (n_read > 0)
    memcpy (to, bytes + sound->position, n_read);
  sound->position += n_read;
  return (sf_count_t)n_read;
}

static sf_count_t
tell (void *data)
{
  return (sf_count_t)((FettleSound *)data)->position;
}

/* --- sounds --- */

/* Asked before libsndfile is: it knows many more, among them Ogg and MP3, whose decoders give last bits that depend on
 * the processor, and each is a door for hostile bytes. */
static gboolean
is_known (GBytes *bytes)
{
  static const char *const beginnings[] = { "RIFF", "RIFX", "RF64", "FORM", "fLaC" };
  gsize size;
  const char *start = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (size >= 4 && memcmp (start, beginnings[i], 4) == 0)
      return TRUE;
  return FALSE;
}

FettleSound *
fettle_sound_parse (GBytes *bytes, const char *name, GError **error)
{
  SF_VIRTUAL_IO file = {
    .get_filelen = get_file_size, .seek = seek, .read = read_bytes, .tell = tell
  };
  g_autoptr (FettleSound) sound = g_new0 (FettleSound, 1);

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);

  sound->bytes = g_bytes_ref (bytes);
  sound->name = g_strdup (name);
  if (is_known (bytes))
    sound->file = sf_open_virtual (&file, SFM_READ, &sound->info, sound);
  if (sound->file == NULL)
    g_set_error (
        error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
        _ ("%s is not a sound (.wav, .flac, .aiff), is damaged or of a kind that "
           "cannot be read; save it as .wav, PCM with 16 bits."),
        name);
  else if (sound->info.frames <= 0 || sound->info.samplerate <= 0
           || sound->info.channels <= 0 || sound->info.channels > BLOCK_SIZE)
    g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                 _ ("%s holds no sound, or is cut off; remove it or save it anew."),
                 name);
  else
    return g_steal_pointer (&sound);
  return NULL;
}

guint
fettle_sound_get_rate (FettleSound *sound)
{
  return (guint)sound->info.samplerate;
}

static float
compute_mean (const double *values, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return (float)(sum / (double)n);
}

gboolean
fettle_sound_read (FettleSound *sound, gsize n, float *values, GError **error)
{
  double block[BLOCK_SIZE];
  gsize n_channels = (gsize)sound->info.channels;
  gsize n_read = 0;
  sf_count_t in_block;

  do
    {
      gsize wanted = MIN (n - n_read, BLOCK_SIZE / n_channels);

      in_block = sf_readf_double (sound->file, block, (sf_count_t)wanted);
      for (sf_count_t i = 0; i < in_block; i++)
        values[n_read++] = compute_mean (block + (gsize)i * n_channels, n_channels);
    }
  while (in_block > 0 && n_read < n);

  memset (values + n_read, 0, (n - n_read) * sizeof *values);
  /* Streams of a length that their header does not tell have the greatest number of frames. */
  if (sf_error (sound->file) == SF_ERR_NO_ERROR
      && (n_read == n || (sf_count_t)n_read >= sound->info.frames
          || sound->info.frames == SF_COUNT_MAX))
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("%s is damaged or cut off; remove it or save it anew."), sound->name);
  return FALSE;
}
