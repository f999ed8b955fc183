/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lookup-table.h: int8 functions of one value as tables of 256 bytes. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

#define FETTLE_LOOKUP_LENGTH 256

typedef struct
{
  float input_scale, output_scale; /* positive */
  gint32 input_zero, output_zero;
  gboolean rounds_once; /* FETTLE_ROUNDING_SINGLE */
} FettleLookupScales;

/* TABLE[x] for x as an unsigned byte: what OPERATOR makes of x, with the arithmetic of TensorFlow Lite
 * Micro where it has an int8 kernel, else of TensorFlow Lite. ERROR says why there is no such table,
 * without naming the layer. */
gboolean fettle_lookup_table_fill (const FettleOperator *operator_,
                                   const FettleLookupScales *scales,
                                   gint8 table[FETTLE_LOOKUP_LENGTH], GError **error);

/* The function itself, in float. */
float fettle_lookup_function (const FettleOperator *operator_, float x);

/* Those that the reference computes in integers: TABLE as above. *IS_EXACT tells whether OPERATOR is one
 * of them. */
gboolean fettle_lookup_exact_fill (const FettleOperator *operator_,
                                   const FettleLookupScales *scales,
                                   gint8 table[FETTLE_LOOKUP_LENGTH], gboolean *is_exact,
                                   GError **error);

G_END_DECLS
