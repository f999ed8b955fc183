/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rearrangement.h: which element of its input each element of a layer's output is, axis by axis. */
#pragma once

#include "model/lower-private.h"

G_BEGIN_DECLS

/* Output element (i, j, ...) is input element START + place (i) + place (j) + ..., where the place along
 * an axis is a multiple of its step, or comes from its table. Axes are added from the outermost on. */
typedef struct
{
  gint64 start;
  guint n_axes;
  struct
  {
    gint64 extent, step;
    gint32 *table; /* EXTENT places, or NULL */
  } axes[FETTLE_MAX_RANK];
} FettleRearrangement;

void fettle_rearrangement_clear (FettleRearrangement *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FettleRearrangement, fettle_rearrangement_clear)

void fettle_rearrangement_add (FettleRearrangement *self, gint64 extent, gint64 step);

/* Takes TABLE, which counts in steps of STEP. */
void fettle_rearrangement_add_table (FettleRearrangement *self, gint64 extent,
                                     gint64 step, gint32 *table);

/* Merges axes and makes the call; the output's elements are as wide as the input's. */
gboolean fettle_lower_rearrangement (const FettleLayer *layer, FettleRearrangement *self,
                                     FettleKernelCall *call, GError **error);

/* How many elements apart neighbours along AXIS of TENSOR lie. */
gint64 fettle_rearrangement_stride (const FettleTensor *tensor, guint axis);

G_END_DECLS
