/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.h: accuracy on labelled data, through the runtime. */
#pragma once

#include "tuner/output-error.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct
{
  guint n;
  guint correct;
} FettleAccuracy;

/* A prediction is the argmax of output 0, ties to the lowest index; state is reset before each
 * sample. LABELS holds one whole number per sample. */
gboolean fettle_evaluate (FettleGraph *graph, FettleSamples *samples, FettleNpy *labels,
                          GCancellable *cancellable, FettleAccuracy *accuracy,
                          GError **error);

G_END_DECLS
