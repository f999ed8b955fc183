/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-name.h: short names of layers for people, from the long names that converters give tensors. */
#pragma once

#include "model/opcode.h"

G_BEGIN_DECLS

/* "model/conv2d_3/Relu;model/bn/FusedBatchNormV3" to "conv2d_3/Relu"; never empty; not in USED, to
 * which it is added (a set of strings that it owns). Free with g_free. */
char *fettle_layer_name (const char *tensor_name, FettleOpcode opcode, GHashTable *used);

G_END_DECLS
