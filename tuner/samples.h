/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samples.h: a data file as a sequence of model inputs. */
#pragma once

#include "model/project-file.h"
#include "tuner/npy.h"

G_BEGIN_DECLS

typedef struct _FettleSamples FettleSamples;

/* NPY as samples for input 0 of GRAPH: one sample, or a first axis of N. Dimensions of 1 are ignored
 * where the others agree in order; else an error that names both shapes. Takes NPY over. Models with
 * several inputs are refused with a sentence. */
FettleSamples *fettle_samples_new (FettleNpy *npy, FettleGraph *graph,
                                   const FettlePreprocessing *preprocessing,
                                   GError **error);
/* PATH as samples: a .npy file; a table (.csv, .tsv, .txt), one sample per row; or a folder of pictures (.png, .jpg, .jpeg, .bmp) or of
 * sounds (.wav, .flac, .aiff, .aif), in it or in its subfolders, or one such file. */
FettleSamples *fettle_samples_open (const char *path, FettleGraph *graph,
                                    const FettlePreprocessing *preprocessing,
                                    GError **error);
/* The same with a class per sample. RULE is "folders" or "names" (see file-list.h) for pictures and sounds, "column:" and a title or number
 * for tables, or the path of a file: .npy, or a table with one column. */
FettleSamples *fettle_samples_open_labelled (const char *path, const char *rule,
                                             FettleGraph *graph,
                                             const FettlePreprocessing *preprocessing,
                                             FettleNpy **labels, GError **error);
void fettle_samples_free (FettleSamples *samples);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSamples, fettle_samples_free)

guint fettle_samples_get_n (FettleSamples *samples);
/* Elements of one sample. */
gsize fettle_samples_get_size (FettleSamples *samples);
/* Sample INDEX as real numbers, preprocessing applied; not numbers if it cannot be read. */
void fettle_samples_read (FettleSamples *samples, guint index, float *values);
/* Refuses VALUES, read as sample INDEX, if one is not a number or infinite; names its position, or why the
 * sample could not be read. */
gboolean fettle_samples_check_finite (FettleSamples *samples, guint index,
                                      const float *values, GError **error);
const FettlePreprocessing *fettle_samples_get_preprocessing (FettleSamples *samples);
/* A sentence for people if the range of the values can hardly be that for which GRAPH, with an integer input, was made; else
 * NULL. Free with g_free. */
char *fettle_samples_describe_misfit (FettleSamples *samples, FettleGraph *graph);

/* Hex SHA-256 of the data file or files; belongs to SAMPLES. Computed at the first call, which must not run beside
 * another. */
const char *fettle_samples_get_hash (FettleSamples *samples);

G_END_DECLS
