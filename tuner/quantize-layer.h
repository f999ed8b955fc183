/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-layer.h: one layer of a float graph as integers; private to the room. */
#pragma once

#include "tuner/layer-format.h"
#include "tuner/quantize-activations.h"

G_BEGIN_DECLS

/* A graph while its layers are quantized one after the other, in execution order: a layer's scales follow
 * from those of its inputs. No layer is inserted before all are done. */
typedef struct
{
  FettleGraph *graph;
  FettleActivationPlan *plan;
  const FettleLayerFormat *formats; /* per layer */
  const gboolean *is_real;          /* per tensor at the beginning: held real numbers */
  GArray
      *readings; /* FettleReading: where a layer needs another form than the tensor has */
} FettleQuantizer;

/* Gives the layer's outputs and constants their forms and notes in which forms it reads its inputs, which have theirs
 * already. */
gboolean fettle_quantize_layer (FettleQuantizer *self, guint layer, GError **error);

/* The form in which LAYER, quantized, reads the activation that is its input K, as far as that does not follow from its
 * output. */
FettleForm fettle_quantizer_get_input_form (FettleQuantizer *self, guint layer, guint k);

/* LAYER reads its input K in FORM: constants are converted. */
void fettle_quantizer_read (FettleQuantizer *self, guint layer, guint k,
                            const FettleForm *form);

void fettle_quantizer_set_form (FettleQuantizer *self, guint tensor,
                                const FettleForm *form);

G_END_DECLS
