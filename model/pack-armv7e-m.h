/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack-armv7e-m.h: weights and channels in the order of the runtime's packed kernels.
 *
 * Each function proves from the weights that the packed kernel gives the bytes of the portable one
 * for every possible input, and returns FALSE where it cannot: the layer then stays portable.
 */
#pragma once

#include <glib.h>
#include "runtime/frt_format.h"

G_BEGIN_DECLS

/* Weights of one output channel O at tap T: weights[O * output_stride + T * tap_stride]. */
typedef struct
{
  guint n_outputs;
  guint n_taps;
  const gint8 *weights;
  gsize output_stride;
  gsize tap_stride;
  const gint32 *bias; /* NULL: none */
  const gint32 *multipliers;
  const gint8 *shifts; /* positive = left */
  gint32 input_zero_point;
  gint32 output_zero_point;
} FettlePackSource;

/* Blocks of channels and taps, see runtime/arch/packed_matrix.h; FRT_PACKED_CHANNELS * taps bytes per
 * block. NULL where a word cannot hold two neighbouring weights. */
GArray *fettle_pack_matrix (const FettlePackSource *source);

/* struct frt_packed_channel, filled up to whole blocks; the input's zero point goes into the bias. NULL
 * where a sum may leave its range. */
GArray *fettle_pack_matrix_channels (const FettlePackSource *source);

/* gint16, [blocks][taps][4]; at least four outputs, the last four of which are the last block. */
GArray *fettle_pack_depthwise (const FettlePackSource *source);
/* The same, without the input's zero point. */
GArray *fettle_pack_depthwise_channels (const FettlePackSource *source);

/* FALSE where the runtime's short sum may differ. */
gboolean fettle_pack_add (const struct frt_binary_s8_parameters *source,
                          struct frt_add_s8_packed_parameters *packed);

G_END_DECLS
