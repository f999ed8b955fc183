/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensitivity.h: which layers cost the most, and what other types for them would change.
 *
 * Each alternative is built and run: the layer as another type in the model as it stands, conversions included where
 * types meet. Scales of other types follow from the ranges that the model's activations have, int4 weights are rounded to
 * nearest; a recipe that makes more of them will do better. */
#pragma once

#include "tuner/output-error.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_ALTERNATIVE_FLOAT, /* weights and activations float32 */
  FETTLE_ALTERNATIVE_INT16, /* activations int16, weights int8 */
  FETTLE_ALTERNATIVE_INT4,  /* weights int4, activations int8 */
  FETTLE_ALTERNATIVE_INT8,  /* both int8 */
  FETTLE_N_ALTERNATIVES,
} FettleAlternativeKind;

/* "float32", "int16", "int4", "int8"; static. */
const char *fettle_alternative_get_name (FettleAlternativeKind kind);

typedef struct
{
  gboolean
      is_possible; /* FALSE: no kernel, no weights, or what the layer is already; the rest is 0 */
  FettleOutputFigures output;
  guint correct; /* samples with the right class; 0 without labels */
  gsize image_bytes;
  gsize arena_bytes;
} FettleAlternative;

typedef struct
{
  guint layer; /* of the quantized graph */
  FettleAlternative alternatives[FETTLE_N_ALTERNATIVES];
  /* What the output's SQNR gains, in dB, when the layer becomes float: what its quantization costs. NaN if it
   * cannot. */
  double cost_db;
} FettleLayerSensitivity;

typedef struct
{
  guint n_samples;
  FettleOutputKind kind;
  FettleAlternative present; /* the model as it stands */
  GArray *layers;            /* FettleLayerSensitivity; the costliest first */
} FettleSensitivity;

/* REFERENCE is the float graph that QUANTIZED was made from. Measured on at most N_SAMPLES samples, evenly
 * spread; LABELS (may be NULL) holds a class per sample. The figures do not depend on the number of threads. */
FettleSensitivity *
fettle_measure_sensitivity (FettleGraph *reference, FettleGraph *quantized,
                            FettleSamples *samples, FettleNpy *labels, guint n_samples,
                            void (*progress) (double fraction, gpointer user_data),
                            gpointer user_data, GCancellable *cancellable,
                            GError **error);
void fettle_sensitivity_free (FettleSensitivity *sensitivity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSensitivity, fettle_sensitivity_free)

G_END_DECLS
