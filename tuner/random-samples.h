/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-samples.h: stand-ins for calibration data; private to the room. */
#pragma once

#include "tuner/samples.h"

G_BEGIN_DECLS

/* 64 samples for input 0 of GRAPH, always the same. Values between MINIMUM and MAXIMUM if the one is smaller than the
 * other; else normal, with mean 0 and standard deviation 1, as inputs are that were normalized for training. Each
 * sample mixes, in a proportion of its own, noise with one value for each channel, since smooth inputs
 * drive a network further than noise, which averages out. */
FettleSamples *fettle_random_samples_new (FettleGraph *graph, double minimum,
                                          double maximum, GError **error);

G_END_DECLS
