/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-wav.c: hostile sounds. */
#include "fuzz.h"
#include "tuner/wav.h"

#include <string.h>

#define N_FRAMES 64

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleWav) wav = fettle_wav_parse (file, "fuzz.wav", &error);
  float values[N_FRAMES];

  g_assert_true ((wav == NULL) == (error != NULL));
  if (wav != NULL)
    {
      g_assert_cmpuint (fettle_wav_get_n_frames (wav), >, 0);
      fettle_wav_read (wav, N_FRAMES, values);
    }
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  /* Format tag, channels, bits. */
  static const uint8_t kinds[][3] = {
    { 1, 1, 16 }, { 1, 2, 24 }, { 3, 1, 32 }, { 1, 3, 8 }
  };
  const size_t n_data = 48;

  if (index >= sizeof kinds / sizeof *kinds)
    return 0;
  memset (buffer, 0, 44 + n_data);
  memcpy (buffer, "RIFF\x54\0\0\0WAVEfmt \x10", 17);
  buffer[20] = kinds[index][0];
  buffer[22] = kinds[index][1];
  buffer[24] = 0x80; /* 16000 frames per second */
  buffer[25] = 0x3E;
  buffer[34] = kinds[index][2];
  memcpy (buffer + 36, "data", 4);
  buffer[40] = (uint8_t)n_data;
  memset (buffer + 44, 0x3F, n_data);
  return 44 + n_data;
}
