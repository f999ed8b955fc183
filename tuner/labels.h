/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.h: the right class of each sample. */
#pragma once

#include "tuner/npy.h"

G_BEGIN_DECLS

/* The N_SAMPLES whole numbers from 0 to N_CLASSES - 1 of NPY; an error says what does not fit. Free with g_free. */
guint *fettle_labels_read (FettleNpy *npy, guint n_samples, guint n_classes,
                           GError **error);

G_END_DECLS
