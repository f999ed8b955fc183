/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-sound.c: hostile sounds. */
#include "fuzz.h"
#include "tuner/sound.h"

#include <sndfile.h>
#include <stdio.h>
#include <unistd.h>

#define N_FRAMES 64

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSound) sound = fettle_sound_parse (file, "fuzz.wav", &error);
  float values[N_FRAMES];

  g_assert_true ((sound == NULL) == (error != NULL));
  if (sound != NULL)
    {
      g_assert_cmpuint (fettle_sound_get_rate (sound), >, 0);
      g_assert_true (fettle_sound_read (sound, N_FRAMES, values, &error)
                     == (error == NULL));
    }
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static const SF_INFO kinds[] = {
    { .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16 },
    { .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_24 },
    { .channels = 3, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8 },
    { .channels = 1, .format = SF_FORMAT_WAVEX | SF_FORMAT_FLOAT },
    { .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM },
    { .channels = 2, .format = SF_FORMAT_AIFF | SF_FORMAT_PCM_16 },
    { .channels = 2, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16 },
  };
  const double values[3 * N_FRAMES] = { 0.5, -0.5, 0.25 };
  SF_INFO info;
  SNDFILE *sound;
  ssize_t size;
  FILE *file;

  if (index >= G_N_ELEMENTS (kinds))
    return 0;
  info = kinds[index];
  info.samplerate = 16000;
  file = tmpfile ();
  g_assert_nonnull (file);
  sound = sf_open_fd (fileno (file), SFM_WRITE, &info, SF_FALSE);
  g_assert_nonnull (sound);
  sf_writef_double (sound, values, N_FRAMES);
  sf_close (sound);
  size = pread (fileno (file), buffer, capacity, 0);
  fclose (file);
  g_assert_cmpint (size, >, 0);
  return (size_t)size;
}
