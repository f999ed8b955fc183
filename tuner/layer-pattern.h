/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-pattern.h: the layers that a recipe means by a name or a pattern; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* PATTERN is a layer's name; or a glob, in which * stands for any text and ? for one character; or
 * "type:" and an operator as TensorFlow Lite spells it, which may be a glob, too. */
gboolean fettle_layer_matches (const FettleOperator *operator_, const char *pattern);

/* The pattern for one layer of GRAPH that is most like PATTERN, by edit distance; free with g_free. */
char *fettle_layer_find_nearest (FettleGraph *graph, const char *pattern);

G_END_DECLS
