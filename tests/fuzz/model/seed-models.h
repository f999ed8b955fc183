/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-models.h: a .tflite of each operator in each type, one operator per model. */
#pragma once

#include "tflite-builder.h"

G_BEGIN_DECLS

/* What a family of models has in common. OPERATOR is TensorFlow Lite's name. TYPES has a letter for each
 * model of the family, the type of its activations: f float32, b int8, 4 int8 with weights of int4, h
 * int16, i int32, l int64, u uint8, o bool.
 *
 * INPUTS and OUTPUTS are lists of tensors:
 *   1.5.5.4      an activation of this shape; of no dimension: "."
 *   =8.3.3.4     constant weights of the type that goes with the activations
 *   %8           a bias, the same
 *   $4           a constant of the activations' type
 *   ~2.8         a variable of the activations' type
 *   #1,-2        constant int32 numbers; ##1,2,3,4 in rows of two
 *   -            none
 * and behind each, if they are not the usual ones: ":" and the letter of another type, "@" and steps per 1
 * and perhaps "," and the zero point. */
typedef struct
{
  const char *operator_;
  const char *types;
  const char *inputs, *outputs;
  int options_type;
  BuilderOption options[6];
} SeedFamily;

extern const SeedFamily seed_families[];
extern const guint n_seed_families;

guint seed_models_count (void);
/* "CONV_2D, b". */
char *seed_models_name (guint index);
GBytes *seed_models_make (guint index);

G_END_DECLS
