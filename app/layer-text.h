/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-text.h: layers, their errors and their times in words, the same on every page. */
#pragma once

#include "app/content.h"
#include "profiler/trace.h"

G_BEGIN_DECLS

/* All strings: free with g_free. */

/* "CONV_2D + RELU6". */
char *fettle_layer_format_operator (const FettleOperator *operator_);

/* "3  conv2d_2". Layers count from 0, as everywhere in the tools. */
char *fettle_layer_format_label (FettleContent *content, guint layer);

/* The layer's quantization error as a share of its signal (RMS over RMS), from the SQNR; -1 if it is
 * not known. ERRORS may be NULL. */
double fettle_layer_relative_error (GArray *errors, guint layer);

/* "instructions, not cycles": what the numbers of UNIT are; static. */
const char *fettle_unit_describe (FettleUnit unit);
/* "instructions", translated; static. */
const char *fettle_unit_get_label (FettleUnit unit);

G_END_DECLS
