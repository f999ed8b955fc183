/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose-ranges.h: per tensor the range that is best for the model's output; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Ranges per tensor of the graph, FettleRange, in the order in which they are preferred: the first are
 * those from the smallest to the largest value, which RANGES holds at the start too. */
#define FETTLE_N_RANGE_CANDIDATES 3

/* Replaces entries of RANGES by those of CANDIDATES. First by those that are best if all tensors take the same; then each
 * tensor's other candidates are tried alone. All in an int8 graph on the runtime, judged by the SQNR of output 0. The best ones, from the greatest gain on, are kept as long as each makes the whole better on
 * other samples. Tensors that share a scale change together; PINNED tensors stay. Costs at most about four runs of the
 * calibration data. */
gboolean fettle_choose_ranges (FettleTuning *tuning, GArray *ranges,
                               GArray *const candidates[FETTLE_N_RANGE_CANDIDATES],
                               const gboolean *pinned, GError **error);

G_END_DECLS
