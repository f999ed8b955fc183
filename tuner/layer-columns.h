/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-columns.h: a layer with weights as products of weight rows with columns of inputs (im2col);
 * private to the room.
 *
 * A layer has groups that share nothing: those of a grouped convolution, the input channels of a depthwise
 * one, else a single one. In each group, every output channel is a row of weights; all rows multiply
 * the same column, the inputs that an output position sees. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_groups;
  guint n_rows;            /* output channels of a group */
  guint n_columns;         /* inputs that one output sees: the length of a row */
  gsize n_positions;       /* in one sample */
  gsize n_weights;         /* of all groups */
  gboolean is_interleaved; /* weight K of a row stands K * n_channels after weight 0 */

  /* Where a column comes from. */
  gint32 height, width, channels; /* of the input */
  gint32 output_height, output_width;
  gint32 filter_height, filter_width;
  gint32 stride_height, stride_width;
  gint32 dilation_height, dilation_width;
  gint32 top, left;      /* padding */
  gint32 group_channels; /* input channels of a group */
} FettleLayerColumns;

/* FALSE if LAYER is not of a kind with weights. */
gboolean fettle_layer_columns_init (FettleLayerColumns *columns, FettleGraph *graph,
                                    guint layer);

/* Output channels in all groups; channel C is row C % n_rows of group C / n_rows. */
guint fettle_layer_columns_count_channels (const FettleLayerColumns *columns);

/* Index of the weight of output CHANNEL that multiplies place K of the column. */
gsize fettle_layer_columns_get_weight (const FettleLayerColumns *columns, guint channel,
                                       guint k);

/* How many places of columns of N_COLUMNS are worked on together where matrices of them are needed: all, or
 * parts of equal length. */
guint fettle_layer_columns_get_block (guint n_columns);

/* The column of GROUP at POSITION of the layer's input INPUT, real numbers; 0 on padding. */
void fettle_layer_columns_read (const FettleLayerColumns *columns, const float *input,
                                guint group, gsize position, float *column);

G_END_DECLS
