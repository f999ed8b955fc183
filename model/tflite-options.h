/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-options.h: the options table of one operator. */
#pragma once

#include "model/flatbuffer.h"
#include "model/graph.h"

G_BEGIN_DECLS

/* From the Operator table OPERATOR_. ERROR says what is wrong, without naming the layer. */
gboolean fettle_tflite_read_options (FettleFlatbuffer *buffer, FettleFlatTable operator_,
                                     FettleOpcode opcode, FettleOptions *options,
                                     GError **error);

G_END_DECLS
