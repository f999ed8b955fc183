/* SPDX-License-Identifier: GPL-3.0-or-later */
/* header-writer.h: a model as one C header that includes only frt.h. */
#pragma once

#include "model/lower.h"
#include "model/project-file.h"

G_BEGIN_DECLS

/* The text of the header: aligned constant image, shapes, scales and zero points as macros, arena
 * size with a static assertion, table of exactly the kernels used, hashes of model and recipe, and
 * the CRC-32 of the outputs of a golden run (all inputs at their zero points).
 * SYMBOL becomes the prefix of all names (made a valid identifier). Free with g_free. */
char *fettle_header_write (FettleProject *project, FettleTarget target,
                           FettleRounding rounding, const char *symbol, GError **error);

/* "kws-dscnn v2.tflite" to "kws_dscnn_v2"; free with g_free. */
char *fettle_header_symbol (const char *file_name);

G_END_DECLS
