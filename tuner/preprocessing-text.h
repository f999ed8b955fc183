/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preprocessing-text.h: the means and deviations of a preprocessing as people write them. */
#pragma once

#include "model/project-file.h"

G_BEGIN_DECLS

/* MEAN and DEVIATION are numbers with commas between them, one or one per channel, as in "0.5,0.4,0.4"; either may be
 * NULL or empty. FALSE, and PREPROCESSING as it was, if they are something else or differ in number. */
gboolean fettle_preprocessing_read_normalization (FettlePreprocessing *preprocessing,
                                                  const char *mean,
                                                  const char *deviation);

/* What the function above reads; "" if there is none. Free with g_free. */
char *fettle_preprocessing_format_mean (const FettlePreprocessing *preprocessing);
char *fettle_preprocessing_format_deviation (const FettlePreprocessing *preprocessing);

G_END_DECLS
