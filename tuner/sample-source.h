/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample-source.h: where samples come from; private to the room. */
#pragma once

#include "model/project-file.h"
#include "tuner/csv.h"
#include "tuner/file-list.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct _FettleSampleSource FettleSampleSource;

/* Begins each kind of source. */
struct _FettleSampleSource
{
  guint n;
  /* Sample INDEX as it is in the file, in the order of the model's input. In any thread, several at once. */
  gboolean (*read) (FettleSampleSource *source, guint index, float *values,
                    GError **error);
  /* Hex SHA-256 of all that was given. */
  char *(*compute_hash) (FettleSampleSource *source);
  void (*free) (FettleSampleSource *source);
};

/* Rows of BYTES, a table, for input TENSOR; CSV is taken over. */
FettleSampleSource *fettle_csv_source_new (FettleCsv *csv, GBytes *bytes,
                                           const FettleTensor *tensor, GError **error);

/* Pictures, scaled to the size of TENSOR, which must be NHWC with 1 or 3 channels. Values are 0 to 255; 1 channel is
 * luminance. Takes FILES over. */
FettleSampleSource *fettle_picture_source_new (FettleFileList *files,
                                               const FettleTensor *tensor,
                                               const FettlePreprocessing *preprocessing,
                                               GError **error);

/* Sounds as raw audio, -1 to 1, their channels averaged; shorter ones than TENSOR are followed by silence, longer ones cut.
 * Takes FILES over. */
FettleSampleSource *fettle_sound_source_new (FettleFileList *files,
                                             const FettleTensor *tensor,
                                             const FettlePreprocessing *preprocessing,
                                             GError **error);

/* SOURCE as samples for input 0 of GRAPH; takes it over. */
FettleSamples *fettle_samples_new_from_source (FettleSampleSource *source,
                                               FettleGraph *graph,
                                               const FettlePreprocessing *preprocessing,
                                               GError **error);

G_END_DECLS
