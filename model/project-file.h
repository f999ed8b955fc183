/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project-file.h: `.fettle`, a tuned Graph with the recipe that made it. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_CHANNELS_RGB,
  FETTLE_CHANNELS_BGR,
} FettleChannelOrder;

#define FETTLE_MAX_NORMALIZED_CHANNELS 4

/* real input of the model = (scale * x + offset - mean) / deviation, x as it is in the data file; mean and
 * deviation go by the channel, the last axis of the input. */
typedef struct
{
  double scale;
  double offset;
  FettleChannelOrder order; /* of pictures */
  guint n_channels;         /* of MEAN and DEVIATION: 0 for none, 1 for all alike */
  double mean[FETTLE_MAX_NORMALIZED_CHANNELS];
  double deviation[FETTLE_MAX_NORMALIZED_CHANNELS]; /* greater than 0 */
  guint sample_rate;                                /* of sounds, 1/s; 0: any */
} FettlePreprocessing;

/* Finite, the scale not 0, deviations greater than 0. */
gboolean fettle_preprocessing_is_valid (const FettlePreprocessing *preprocessing);
gboolean fettle_preprocessing_equal (const FettlePreprocessing *a,
                                     const FettlePreprocessing *b);

/* Plain data; the recipe is kept as its JSON text, since model/ does not know steps. */
typedef struct
{
  FettleGraph *graph;     /* tuned */
  FettleGraph *source;    /* as imported; NULL if not kept */
  FettleGraph *reference; /* float, what quantization started from; NULL: as SOURCE */
  char *recipe;           /* canonical JSON; "" if none was run */
  char *recipe_hash;      /* hex SHA-256 of recipe; "" */
  char *data_hash;        /* hex SHA-256 of the calibration file; "" */
  FettlePreprocessing preprocessing;
  GVariant *
      notes; /* a{sv}: what a program keeps beside the model, such as where the data are; NULL: nothing */
} FettleProject;

FettleProject *fettle_project_new (FettleGraph *graph);
/* Shares the graphs and NOTES of PROJECT. */
FettleProject *fettle_project_copy (FettleProject *project);
void fettle_project_free (FettleProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleProject, fettle_project_free)

/* The float graph that computes what the tuned one should, layer for layer by the names of their output
 * tensors; borrowed, NULL if not kept. */
FettleGraph *fettle_project_get_reference (FettleProject *project);

/* What the whole model is held against: as it was imported, if that computes in float, so that a step which changes what
 * the float model computes is not hidden; else the reference. Borrowed, NULL if not kept. */
FettleGraph *fettle_project_get_original (FettleProject *project);

/* Of what follows the first 8 bytes of a file; for tests. */
const GVariantType *fettle_project_get_variant_type (void);

gboolean fettle_project_probe (GBytes *bytes);
/* Bytes are deterministic: the same project gives the same file. */
GBytes *fettle_project_serialize (FettleProject *project);
FettleProject *fettle_project_parse (GBytes *bytes, const char *name, GError **error);

/* Writes to a temporary file and renames it: a failure leaves the old file as it was. */
gboolean fettle_project_save (FettleProject *project, const char *path, GError **error);

G_END_DECLS
