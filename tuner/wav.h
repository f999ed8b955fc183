/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wav.h: RIFF WAVE files: PCM of 8, 16, 24 and 32 bits, and float of 32. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FettleWav FettleWav;

/* Refuses what is damaged, cut off or compressed with a sentence. */
FettleWav *fettle_wav_parse (GBytes *bytes, const char *name, GError **error);
void fettle_wav_free (FettleWav *wav);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleWav, fettle_wav_free)

guint fettle_wav_get_rate (FettleWav *wav); /* frames per second */
gsize fettle_wav_get_n_frames (FettleWav *wav);
/* The first N frames, the mean of their channels, -1 to 1; zeros behind the last one. */
void fettle_wav_read (FettleWav *wav, gsize n, float *values);

G_END_DECLS
