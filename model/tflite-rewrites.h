/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-rewrites.h: operators of TensorFlow Lite that become something simpler in a graph.
 *
 * SHAPE, RANK and ZEROS_LIKE become constants, as all shapes are known. A SPACE_TO_BATCH_ND that pads
 * becomes a PAD and one that does not. Hybrid layers become float.
 */
#pragma once

#include "model/tflite-reader-private.h"

G_BEGIN_DECLS

gboolean fettle_tflite_is_constant_operator (int builtin);

/* Operator INDEX, one of these. ERROR names the layer. */
gboolean fettle_tflite_read_constant_operator (FettleTfliteReader *reader, gsize index,
                                               GError **error);

/* Adds a PAD in front of a SPACE_TO_BATCH_ND with these INPUTS, if it needs one, and changes them. What is
 * wrong with them is left to be found by validation. */
void fettle_tflite_split_padding (FettleTfliteReader *reader, GArray *inputs);

/* Makes float the integer constants of layers with float activations, and notes in GRAPH how many layers have such. */
void fettle_tflite_dequantize_hybrid (FettleGraph *graph);

G_END_DECLS
