/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spread-columns.h: how a tensor's values are spread, as columns of a chart. */
#pragma once

#include "tuner/tensor-histograms.h"
#include "widgets/column-chart.h"

G_BEGIN_DECLS

/* How often values occur in TENSOR, or in CHANNEL of it; -1: in all. TENSOR NULL: an empty chart. */
void fettle_show_histogram (FettleColumnChart *chart, const FettleTensorSpread *tensor,
                            int channel, gboolean is_logarithmic);
/* The range of each channel of TENSOR, which may be NULL. */
void fettle_show_channel_ranges (FettleColumnChart *chart,
                                 const FettleTensorSpread *tensor);

G_END_DECLS
