/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-runner.h: one layer of a graph, run by itself; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* What the runtime makes of a layer is asked of the runtime, so that nothing here can disagree with it
 * about a rounding. */
typedef struct _FettleLayerRunner FettleLayerRunner;

/* LAYER of GRAPH. All inputs that are neither constants nor state are given before each run. An error if the
 * runtime cannot run it. */
FettleLayerRunner *fettle_layer_runner_new (FettleGraph *graph, guint layer,
                                            GError **error);
void fettle_layer_runner_free (FettleLayerRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLayerRunner, fettle_layer_runner_free)

/* Where the bytes of operand K are to be written, anew before each run; NULL if it is a constant, state,
 * or absent. SIZE may be NULL. */
gpointer fettle_layer_runner_get_input (FettleLayerRunner *runner, guint k, gsize *size);
/* State that the layer keeps becomes what it was at first. */
void fettle_layer_runner_reset (FettleLayerRunner *runner);
void fettle_layer_runner_run (FettleLayerRunner *runner);
gconstpointer fettle_layer_runner_get_output (FettleLayerRunner *runner, guint k,
                                              gsize *size);

G_END_DECLS
