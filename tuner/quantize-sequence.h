/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-sequence.h: layers that keep state, as integers; private to the room. */
#pragma once

#include "tuner/quantize-layer.h"

G_BEGIN_DECLS

/* As fettle_quantize_layer, for UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF, from real numbers. */
void fettle_quantize_lstm (FettleQuantizer *self, guint layer);
void fettle_quantize_svdf (FettleQuantizer *self, guint layer);

G_END_DECLS
