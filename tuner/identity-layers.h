/* SPDX-License-Identifier: GPL-3.0-or-later */
/* identity-layers.h: layers that give back whatever can come to them; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Removes from GRAPH each layer that computes element by element and, for every value that its input can
 * take there, gives that value back: a clamp that nothing reaches, an ADD of less than half a step.
 * Returns how many. */
guint fettle_remove_identity_layers (FettleGraph *graph);

G_END_DECLS
