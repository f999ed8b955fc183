/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sound.h: sound files: WAVE, AIFF and FLAC. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FettleSound FettleSound;

/* Opens the file BYTES; refuses what is damaged, holds no sound or cannot be read with a sentence that calls it NAME. */
FettleSound *fettle_sound_parse (GBytes *bytes, const char *name, GError **error);
void fettle_sound_free (FettleSound *sound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSound, fettle_sound_free)

guint fettle_sound_get_rate (FettleSound *sound); /* frames per second */
/* The next N frames, from the first one on; each is the mean of its channels, -1 to 1. Zeros behind the last one. Refuses a
 * stream that is damaged, or ends before its header says, with a sentence. */
gboolean fettle_sound_read (FettleSound *sound, gsize n, float *values, GError **error);

G_END_DECLS
