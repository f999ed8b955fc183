/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram-output.h: how values are spread, as text and as JSON. */
#pragma once

#include "model/graph.h"
#include "tuner/tensor-histograms.h"

G_BEGIN_DECLS

/* LAYER is that which was asked for, whose channels are listed with their histograms; -1: all, without. CHANNEL: only
 * that one; -1: all. */
void fettle_cli_print_spread_json (FettleGraph *graph, const FettleSpreadReport *report,
                                   int layer, int channel);
/* One row per tensor. */
void fettle_cli_print_spread_table (FettleGraph *graph, const FettleSpreadReport *report);
/* Histograms of bars, and a row per channel; of CHANNEL only, unless it is -1. */
void fettle_cli_print_spread_layer (FettleGraph *graph, const FettleSpreadReport *report,
                                    int channel);

G_END_DECLS
