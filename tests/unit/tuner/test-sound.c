/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-sound.c: kinds of sound files, and what is refused. */
#include "tuner/sound.h"

#include <sndfile.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_FRAMES  5000 /* several blocks of FLAC and of the reader */
#define MAX_BYTES 100000

/* Of -128 to 127, which every kind holds exactly. */
static gint
get_value (guint frame, guint channel)
{
  return (gint)((frame * 7 + channel * 50) % 256) - 128;
}

static GByteArray *
make_sound (int format)
{
  SF_INFO info = { .samplerate = 8000, .channels = 2, .format = format };
  g_autofree int *values = g_new (int, 2 * N_FRAMES);
  GByteArray *bytes = g_byte_array_new ();
  FILE *file = tmpfile ();
  SNDFILE *sound;
  ssize_t size;

  g_assert_nonnull (file);
  sound = sf_open_fd (fileno (file), SFM_WRITE, &info, SF_FALSE);
  g_assert_nonnull (sound);
  for (guint i = 0; i < 2 * N_FRAMES; i++)
    values[i] = get_value (i / 2, i % 2) * (1 << 24);
  sf_command (sound, SFC_SET_SCALE_INT_FLOAT_WRITE, NULL, SF_TRUE);
  g_assert_cmpint (sf_writef_int (sound, values, N_FRAMES), ==, N_FRAMES);
  sf_close (sound);
  g_byte_array_set_size (bytes, MAX_BYTES);
  size = pread (fileno (file), bytes->data, MAX_BYTES, 0);
  fclose (file);
  g_assert_cmpint (size, >, 0);
  g_assert_cmpint (size, <, MAX_BYTES);
  return g_byte_array_set_size (bytes, (guint)size);
}

/* Takes BYTES over. */
static FettleSound *
parse (GByteArray *bytes, GError **error)
{
  g_autoptr (GBytes) file = g_byte_array_free_to_bytes (bytes);

  return fettle_sound_parse (file, "a.wav", error);
}

/* Takes BYTES over. */
static void
assert_refused (GByteArray *bytes, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSound) sound = parse (bytes, &error);
  g_autofree float *values = g_new (float, N_FRAMES);

  if (sound != NULL)
    g_assert_false (fettle_sound_read (sound, N_FRAMES, values, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
  g_assert_true (g_str_has_prefix (error->message, "a.wav "));
}

static void
test_kinds (void)
{
  static const int formats[] = {
    SF_FORMAT_WAV | SF_FORMAT_PCM_U8,   SF_FORMAT_WAV | SF_FORMAT_PCM_16,
    SF_FORMAT_WAV | SF_FORMAT_PCM_24,   SF_FORMAT_WAV | SF_FORMAT_PCM_32,
    SF_FORMAT_WAV | SF_FORMAT_FLOAT,    SF_FORMAT_WAV | SF_FORMAT_DOUBLE,
    SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, SF_FORMAT_AIFF | SF_FORMAT_PCM_S8,
    SF_FORMAT_AIFF | SF_FORMAT_PCM_16,  SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
    SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
  };

  for (guint kind = 0; kind < G_N_ELEMENTS (formats); kind++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleSound) sound = parse (make_sound (formats[kind]), &error);
      g_autofree float *values = g_new (float, N_FRAMES + 1);

      g_assert_no_error (error);
      g_assert_cmpuint (fettle_sound_get_rate (sound), ==, 8000);
      g_assert_true (fettle_sound_read (sound, N_FRAMES + 1, values, &error));
      for (guint i = 0; i < N_FRAMES; i++)
        g_assert_cmpfloat (values[i], ==,
                           (float)(get_value (i, 0) + get_value (i, 1)) / 256.0f);
      g_assert_cmpfloat (values[N_FRAMES], ==, 0.0f);
    }
}

static void
test_other_kinds (void)
{
  GByteArray *tagged = make_sound (SF_FORMAT_WAV | SF_FORMAT_PCM_16);

  /* Their last bits depend on the processor. */
  assert_refused (make_sound (SF_FORMAT_OGG | SF_FORMAT_VORBIS), "not a sound");
  assert_refused (make_sound (SF_FORMAT_AU | SF_FORMAT_PCM_16), "not a sound");
  assert_refused (g_byte_array_new (), "not a sound");
  memcpy (tagged->data + 20, "\x34\x12", 2);
  assert_refused (tagged, "of a kind that cannot be read");
}

static void
test_cut_off (void)
{
  GByteArray *wave = make_sound (SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  GByteArray *flac = make_sound (SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  GByteArray *damaged = make_sound (SF_FORMAT_FLAC | SF_FORMAT_PCM_16);

  assert_refused (g_byte_array_set_size (wave, 44), "holds no sound");
  assert_refused (g_byte_array_set_size (flac, flac->len - 100), "damaged or cut off");
  damaged->data[damaged->len - 100] ^= 0xFF;
  assert_refused (damaged, "damaged or cut off");
}

/* Live recordings have streams whose header gives no number of frames. */
static void
test_unknown_length (void)
{
  GByteArray *flac = make_sound (SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSound) sound = NULL;
  float values[N_FRAMES + 1];

  flac->data[21] &= 0xF0;
  memset (flac->data + 22, 0, 4);
  sound = parse (flac, &error);
  g_assert_no_error (error);
  g_assert_true (fettle_sound_read (sound, N_FRAMES + 1, values, &error));
  g_assert_cmpfloat (values[N_FRAMES - 1], !=, 0.0f);
  g_assert_cmpfloat (values[N_FRAMES], ==, 0.0f);
}

/* A header that promises more than there is gets what there is. */
static void
test_hostile_header (void)
{
  GByteArray *long_data = make_sound (SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  GByteArray *wide = make_sound (SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  GByteArray *still = make_sound (SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleSound) sound = NULL;
  float values[N_FRAMES + 1];

  memset (long_data->data + 40, 0xFF, 4);
  sound = parse (long_data, &error);
  g_assert_no_error (error);
  g_assert_true (fettle_sound_read (sound, N_FRAMES + 1, values, &error));
  g_assert_cmpfloat (values[N_FRAMES], ==, 0.0f);
  memset (wide->data + 22, 0xFF, 2);
  assert_refused (wide, "damaged");
  memset (still->data + 24, 0, 4);
  assert_refused (still, "damaged");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/sound/kinds", test_kinds);
  g_test_add_func ("/tuner/sound/other-kinds", test_other_kinds);
  g_test_add_func ("/tuner/sound/cut-off", test_cut_off);
  g_test_add_func ("/tuner/sound/unknown-length", test_unknown_length);
  g_test_add_func ("/tuner/sound/hostile-header", test_hostile_header);
  return g_test_run ();
}
