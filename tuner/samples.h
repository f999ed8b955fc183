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
FettleSamples *fettle_samples_open (const char *path, FettleGraph *graph,
                                    const FettlePreprocessing *preprocessing,
                                    GError **error);
void fettle_samples_free (FettleSamples *samples);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSamples, fettle_samples_free)

guint fettle_samples_get_n (FettleSamples *samples);
/* Elements of one sample. */
gsize fettle_samples_get_size (FettleSamples *samples);
/* Sample INDEX as real numbers, preprocessing applied. */
void fettle_samples_read (FettleSamples *samples, guint index, float *values);
/* Refuses VALUES, read as sample INDEX, if one is not a number or infinite; names its position. */
gboolean fettle_samples_check_finite (FettleSamples *samples, guint index,
                                      const float *values, GError **error);
const FettlePreprocessing *fettle_samples_get_preprocessing (FettleSamples *samples);
/* Hex SHA-256 of the data file; belongs to SAMPLES. */
const char *fettle_samples_get_hash (FettleSamples *samples);

G_END_DECLS
