/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-format.h: the types that each layer is quantized to; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

typedef struct
{
  FettleType activations;  /* FLOAT32: the layer stays as it is; INT8 or INT16 */
  FettleType weights;      /* INT8 or INT4 */
  gboolean is_per_channel; /* of the weights: a scale for each output channel */
} FettleLayerFormat;

/* An entry of the step's "layers" changes what its other parameters say; in each, "same" changes
 * nothing. */
#define FETTLE_LAYER_FORMAT_N_FIELDS 4
extern const FettleParameter fettle_layer_format_fields[FETTLE_LAYER_FORMAT_N_FIELDS];

/* FettleLayerFormat per layer of GRAPH, from the parameters of STEP, a "quantize". USUAL receives that of
 * a layer which no entry of "layers" matches. NULL with ERROR if an entry matches no layer, or a layer would have types that
 * do not go together. */
GArray *fettle_layer_formats_new (FettleGraph *graph, const FettleStep *step,
                                  FettleLayerFormat *usual, GError **error);

/* FORMATS, of FROM's layers, for those layers of TO that have the same names; TO has no others. */
GArray *fettle_layer_formats_select (GArray *formats, FettleGraph *from, FettleGraph *to);

/* "weights int4 per-tensor, activations int8"; free with g_free. */
char *fettle_layer_format_describe (const FettleLayerFormat *format,
                                    gboolean has_weights);

G_END_DECLS
