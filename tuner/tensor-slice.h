/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-slice.h: parts of constants; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Leaves of the constant TENSOR what lies along AXIS where IS_KEPT, one entry per element of the axis, says
 * so; and of its scales, if they belong to that axis. Any type, int4 too. */
void fettle_tensor_slice (FettleTensor *tensor, guint axis, const gboolean *is_kept);

/* A new constant that is such a part of INDEX. */
guint fettle_tensor_add_slice (FettleGraph *graph, guint index, guint axis,
                               const gboolean *is_kept);

G_END_DECLS
