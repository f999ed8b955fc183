/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-options-movement.h: the options of the operators that move data. */
#pragma once

#include "model/flatbuffer.h"
#include "model/graph.h"

G_BEGIN_DECLS

/* TABLE is the options table of OPCODE; absent fields take their defaults. */
gboolean fettle_tflite_read_movement (FettleFlatbuffer *buffer, FettleFlatTable table,
                                      FettleOpcode opcode, FettleOptions *options,
                                      GError **error);

G_END_DECLS
