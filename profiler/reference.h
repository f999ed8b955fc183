/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.h: what an image gives on the desktop, for comparison with a board.
 *
 * The desktop executes the very image that the board has, kernels packed for the board by their twins in
 * C, so the bytes of every layer must be the same. Only their CRC-32 is kept. */
#pragma once

#include "profiler/session.h"

G_BEGIN_DECLS

typedef struct _FettleReference FettleReference;

/* INPUT: raw bytes of all inputs one after the other, or NULL for zero points, as in
 * FettleRunRequest. Runs the image once; blocks for that time. */
FettleReference *fettle_reference_new (GBytes *image, GBytes *input, GError **error);
void fettle_reference_free (FettleReference *reference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleReference, fettle_reference_free)

/* Of all outputs of the model. */
guint32 fettle_reference_get_output_crc (const FettleReference *reference);
guint fettle_reference_get_n_layers (const FettleReference *reference);

/* The first layer of CHECKSUMS (of a FettleRunResult) that differs; -1: all are the same. */
int fettle_reference_find_difference (const FettleReference *reference,
                                      const GArray *checksums);

G_END_DECLS
