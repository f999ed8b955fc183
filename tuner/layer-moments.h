/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-moments.h: second moments of what a layer's inputs hold, and of what its outputs should; private to
 * the room. */
#pragma once

#include "tuner/layer-targets.h"
#include "tuner/layer-walk.h"

G_BEGIN_DECLS

/* Of some groups of a layer. A row is a position of a sample; rows of samples that are "seen" come first
 * and make the moments, the others, which are "unseen", tell how far these can be trusted. */
typedef struct
{
  const FettleTuning *tuning;
  FettleLayerWalk *walk; /* the layer's inputs */
  guint input;           /* the tensor that holds them */
  gsize input_size;      /* its elements */
  const FettleLayerTarget *target;
  gboolean is_centered; /* means are taken away, since a bias takes them up */

  guint first_column, n_columns; /* places of a column that are looked at */
  const double
      *others; /* what the layer has for weights, [channel][column's places]: sums
                         * are without what the other places make; NULL if there are none */

  guint first_group, n_groups;
  gsize n_seen, n_rows;
  float *columns;       /* [group][row][n_columns] */
  float *sums;          /* [group][row][target's n_rows]: wanted of the layer */
  double *column_means; /* [group][n_columns], of all rows */
  double *sum_means;    /* [group][target's n_rows], of all rows */
  double *moments;      /* [group][n_columns][n_columns]; the upper triangles */
  double *products;     /* [group][target's n_rows][n_columns]: sums with columns */
} FettleLayerMoments;

/* Nothing is collected yet. */
void fettle_layer_moments_init (FettleLayerMoments *moments, const FettleTuning *tuning,
                                FettleLayerWalk *walk, guint input,
                                const FettleLayerTarget *target, gboolean is_centered);
void fettle_layer_moments_clear (FettleLayerMoments *moments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FettleLayerMoments, fettle_layer_moments_clear)

/* Looks at N_COLUMNS places of each column from FIRST_COLUMN on. OTHERS, as above, must stay. */
void fettle_layer_moments_restrict (FettleLayerMoments *moments, guint first_column,
                                    guint n_columns, const double *others);

/* How many groups can be collected together in the memory set aside, at least 1. */
guint fettle_layer_moments_count_together (const FettleLayerMoments *moments);

/* Collects N_GROUPS groups from FIRST_GROUP on, in place of those collected before. */
gboolean fettle_layer_moments_collect (FettleLayerMoments *moments, guint first_group,
                                       guint n_groups, GError **error);

/* Columns and sums of row ROW of group G of those collected. */
const float *fettle_layer_moments_get_column (const FettleLayerMoments *moments, guint g,
                                              gsize row);
const float *fettle_layer_moments_get_sums (const FettleLayerMoments *moments, guint g,
                                            gsize row);

G_END_DECLS
