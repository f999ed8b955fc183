/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.h: where the windows of convolutions and pools lie along one axis. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

typedef struct
{
  FettlePadding padding;
  gint32 before, after; /* cells, if the padding is explicit */
  gint32 filter, stride, dilation;
} FettleWindowAxis;

/* Of OPTIONS and a filter of HEIGHT rows, or of WIDTH columns. */
FettleWindowAxis fettle_window_rows (const FettleOptions *options, gint32 height);
FettleWindowAxis fettle_window_columns (const FettleOptions *options, gint32 width);

/* How many windows there are on INPUT cells. ERROR says what does not fit, without naming the layer. */
gboolean fettle_window_count (const FettleWindowAxis *axis, gint32 input, gint32 *output,
                              GError **error);

/* Cells before the first of INPUT that the first of OUTPUT windows covers. Of SAME the odd cell goes to
 * the end (section 1.6 of TensorFlow Lite's rules). */
gint32 fettle_window_leading_padding (const FettleWindowAxis *axis, gint32 input,
                                      gint32 output);

G_END_DECLS
