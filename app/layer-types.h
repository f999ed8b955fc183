/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-types.h: the bit widths that a user can choose for a layer, and what each would change. */
#pragma once

#include "app/predictions.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_CHOICE_INT8,  /* weights and activations */
  FETTLE_CHOICE_INT4,  /* weights; activations int8 */
  FETTLE_CHOICE_INT16, /* activations; weights int8 */
  FETTLE_CHOICE_FLOAT,
  FETTLE_N_CHOICES
} FettleTypeChoice;

/* "int8"; not translated, static. */
const char *fettle_type_choice_get_name (FettleTypeChoice choice);
/* What a recipe says for it. */
FettleLayerTypes fettle_type_choice_get_types (FettleTypeChoice choice);

/* What LAYER of the document is now; N_CHOICES if it is none of these. */
FettleTypeChoice fettle_layer_get_choice (FettleGraph *graph, guint layer);
/* "int4", or the type of its output. Static. */
const char *fettle_layer_get_type_name (FettleGraph *graph, guint layer);

/* TRUE if the user can choose: the layer was quantized by a recipe, or kept from it. */
gboolean fettle_layer_has_choices (FettleDocument *document, guint layer);

/* FALSE if the predictions found that LAYER cannot be that: no kernel, no weights. */
gboolean fettle_layer_can_be (FettleDocument *document, FettlePredictions *predictions,
                              guint layer, FettleTypeChoice choice);

/* "int4: image −1.1 KiB, output 34.2 dB (now 41.2 dB)": what CHOICE would change, as far as it was predicted. Free with
 * g_free. */
char *fettle_layer_describe_choice (FettleDocument *document,
                                    FettlePredictions *predictions, guint layer,
                                    FettleTypeChoice choice);

G_END_DECLS
