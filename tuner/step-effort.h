/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-effort.h: roughly how much work steps are, for their share of the progress; private to the room.
 *
 * All numbers are multiply-adds: of runs of the model, of products of matrices, of sweeps over weights. They say how parts of the
 * work compare with each other and nothing of how long it takes. */
#pragma once

#include "tuner/recipe.h"

G_BEGIN_DECLS

/* That of each step of RECIPE on GRAPH, from which it starts, into EFFORTS; 0 for steps that are switched off. SAMPLES may be
 * NULL. */
void fettle_recipe_estimate_efforts (FettleRecipe *recipe, FettleGraph *graph,
                                     FettleSamples *samples, double *efforts);

/* Runs of LAYER on N_ITEMS samples. */
double fettle_layer_estimate_run (FettleGraph *graph, guint layer, guint n_items);
/* Choosing the weights of LAYER, IS_INT4 or int8, for the least error; 0 without weights. */
double fettle_layer_estimate_rounding (FettleGraph *graph, guint layer, guint n_items,
                                       gboolean is_int4);

G_END_DECLS
