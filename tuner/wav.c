/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wav.c: RIFF WAVE files. Format: Multimedia Programming Interface and Data Specifications 1.0, 1991. */
#include "config.h"
#include "tuner/wav.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

#define HEADER_SIZE       12 /* RIFF, size, WAVE */
#define CHUNK_HEADER_SIZE 8
#define FORMAT_SIZE       16

#define TAG_PCM        1
#define TAG_FLOAT      3
#define TAG_EXTENSIBLE 0xFFFE

struct _FettleWav
{
  GBytes *bytes;
  guint tag, n_channels, rate, bits;
  const guint8 *data;
  gsize n_frames;
};

void
fettle_wav_free (FettleWav *wav)
{
  if (wav == NULL)
    return;
  g_bytes_unref (wav->bytes);
  g_free (wav);
}

static guint32
read_bytes (const guint8 *at, guint n)
{
  guint32 value = 0;

  for (guint i = 0; i < n; i++)
    value |= (guint32)at[i] << (8 * i);
  return value;
}

/* The chunk called ID; NULL if there is none. SIZE is cut to what is there. */
static const guint8 *
find_chunk (GBytes *bytes, const char *id, gsize *size)
{
  gsize total, at = HEADER_SIZE;
  const guint8 *data = g_bytes_get_data (bytes, &total);

  while (at + CHUNK_HEADER_SIZE <= total)
    {
      gsize length = read_bytes (data + at + 4, 4);
      gsize rest = total - at - CHUNK_HEADER_SIZE;

      if (memcmp (data + at, id, 4) == 0)
        {
          *size = MIN (length, rest);
          return data + at + CHUNK_HEADER_SIZE;
        }
      if (length >= rest)
        break;
      /* Chunks begin at even places. */
      at += CHUNK_HEADER_SIZE + length + length % 2;
    }
  return NULL;
}

static gboolean
read_format (FettleWav *wav, const guint8 *format, gsize size)
{
  wav->tag = read_bytes (format, 2);
  wav->n_channels = read_bytes (format + 2, 2);
  wav->rate = read_bytes (format + 4, 4);
  wav->bits = read_bytes (format + 14, 2);
  /* The tag proper begins the identifier at the end. */
  if (wav->tag == TAG_EXTENSIBLE && size >= FORMAT_SIZE + 10)
    wav->tag = read_bytes (format + 24, 2);
  if (wav->n_channels == 0 || wav->rate == 0)
    return FALSE;
  if (wav->tag == TAG_FLOAT)
    return wav->bits == 32;
  return wav->tag == TAG_PCM
         && (wav->bits == 8 || wav->bits == 16 || wav->bits == 24 || wav->bits == 32);
}

FettleWav *
fettle_wav_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (FettleWav) wav = g_new0 (FettleWav, 1);
  gsize size, format_size, data_size;
  const guint8 *start, *format;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);

  wav->bytes = g_bytes_ref (bytes);
  start = g_bytes_get_data (bytes, &size);
  if (size < HEADER_SIZE || memcmp (start, "RIFF", 4) != 0
      || memcmp (start + 8, "WAVE", 4) != 0
      || (format = find_chunk (bytes, "fmt ", &format_size)) == NULL
      || format_size < FORMAT_SIZE)
    g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                 _ ("%s is not a .wav file, or is damaged."), name);
  else if (!read_format (wav, format, format_size))
    g_set_error (
        error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
        _ ("%s is of a kind that cannot be read (format %u, %u bits); save it as "
           "PCM with 16 bits."),
        name, wav->tag, wav->bits);
  else if ((wav->data = find_chunk (bytes, "data", &data_size)) == NULL
           || data_size < (gsize)wav->n_channels * (wav->bits / 8))
    g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                 _ ("%s holds no sound, or is cut off."), name);
  else
    {
      wav->n_frames = data_size / ((gsize)wav->n_channels * (wav->bits / 8));
      return g_steal_pointer (&wav);
    }
  return NULL;
}

guint
fettle_wav_get_rate (FettleWav *wav)
{
  return wav->rate;
}

gsize
fettle_wav_get_n_frames (FettleWav *wav)
{
  return wav->n_frames;
}

static double
get_value (const FettleWav *wav, gsize index)
{
  guint size = wav->bits / 8;
  guint32 bits = read_bytes (wav->data + index * size, size);
  float value;

  if (wav->tag == TAG_FLOAT)
    {
      memcpy (&value, &bits, sizeof value);
      return (double)value;
    }
  if (size == 1)
    return ((double)bits - 128.0) / 128.0;
  /* To the top, for the sign. */
  return (double)(gint32)(bits << (32 - wav->bits)) / 2147483648.0;
}

void
fettle_wav_read (FettleWav *wav, gsize n, float *values)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0.0;

      for (guint k = 0; i < wav->n_frames && k < wav->n_channels; k++)
        sum += get_value (wav, i * wav->n_channels + k);
      values[i] = (float)(sum / wav->n_channels);
    }
}
