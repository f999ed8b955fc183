/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-variables.h: resource variables of a TensorFlow Lite file, as states of the graph.
 *
 * VAR_HANDLE names a resource, READ_VARIABLE and ASSIGN_VARIABLE use it. Here each resource becomes a
 * variable tensor, so that no handles are left. CALL_ONCE has a subgraph assign first values; it becomes
 * an operator that copies constants, if a state begins with anything else than its zero point.
 */
#pragma once

#include "model/tflite-reader-private.h"

G_BEGIN_DECLS

/* Whether the functions below read operators of that kind, instead of the general reader. */
gboolean fettle_tflite_is_variable_operator (int builtin);

GPtrArray *fettle_tflite_resources_new (void);

/* All VAR_HANDLE of the subgraph, before any other operator. ERROR names the layer. */
gboolean fettle_tflite_read_handles (FettleTfliteReader *reader, GError **error);

/* Operator INDEX, one of these. ERROR names the layer. */
gboolean fettle_tflite_read_variable_operator (FettleTfliteReader *reader, gsize index,
                                               GError **error);

G_END_DECLS
