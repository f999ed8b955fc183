/* SPDX-License-Identifier: GPL-3.0-or-later */
/* one-layer.h: graphs of one layer, lowered for a target and run, for tests that compare targets. */
#pragma once

#include "model/lower.h"

/* Output 0 of GRAPH lowered for TARGET, its inputs one after the other in X; KERNEL is what computed the
 * layer. Free with g_bytes_unref. */
GBytes *one_layer_run (FettleGraph *graph, FettleTarget target, gconstpointer x,
                       guint16 *kernel);

/* Positions of a window of TAPS along CELLS. */
gint32 one_layer_count_positions (gint32 cells, gint32 taps, gint32 stride,
                                  gint32 dilation, FettlePadding padding);

/* Padding of some kind for a convolution of HEIGHT rows and WIDTH columns whose dilation OPTIONS hold, and
 * how many positions it has then on INPUT, into OUTPUT. */
void one_layer_pick_padding (FettleOptions *options, gint32 height, gint32 width,
                             const gint32 input[4], gint32 output[4]);

/* Between LOW and HIGH. */
float one_layer_random_scale (double low, double high);
