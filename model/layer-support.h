/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-support.h: whether the runtime can compute a layer with the types and scales that it has. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Checks and lowers LAYER of GRAPH by itself. FALSE with ERROR, which says why without naming the layer,
 * if there is no kernel for it. */
gboolean fettle_layer_is_supported (FettleGraph *graph, guint layer, GError **error);

G_END_DECLS
