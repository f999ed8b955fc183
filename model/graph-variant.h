/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-variant.h: a graph as a GVariant, for project files. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* name, source hash, tensors, operators, inputs, outputs. A tensor: name, type, shape, is variable, has
 * data, data, axis, scales (the bits of floats), zero points. An operator: opcode name, layer name, inputs, outputs,
 * options (the fields of FettleOptions in their order, those missing at the end are 0; floats as their bits). */
#define FETTLE_TENSOR_VARIANT_TYPE   "(suaibbayuauai)"
#define FETTLE_OPERATOR_VARIANT_TYPE "(ssaiaiai)"
#define FETTLE_GRAPH_VARIANT_TYPE                                                        \
  "(ssa" FETTLE_TENSOR_VARIANT_TYPE "a" FETTLE_OPERATOR_VARIANT_TYPE "aiai)"

/* Floating. */
GVariant *fettle_graph_to_variant (FettleGraph *graph);

/* VARIANT is of the type above, in normal form and little-endian host order. The graph is validated.
 * Constants keep a reference to VARIANT's data. */
FettleGraph *fettle_graph_from_variant (GVariant *variant, GError **error);

G_END_DECLS
