/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram-picture.h: how a layer's values are spread, as a picture. */
#pragma once

#include "tuner/tensor-histograms.h"

G_BEGIN_DECLS

/* Draws the histogram of each tensor of REPORT, one below the other, or that of CHANNEL where there is one (-1: of all
 * channels), into PATH: .png, .svg or .pdf. */
gboolean fettle_cli_write_spread_picture (const char *path,
                                          const FettleSpreadReport *report, int channel,
                                          GError **error);

G_END_DECLS
