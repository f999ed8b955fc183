/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-padding.c: PAD into the convolution behind it. */
#include "config.h"
#include "tuner/fold.h"
#include "tuner/graph-edit.h"

#include <glib/gi18n.h>

/* What a PAD adds around height and width. */
typedef struct
{
  gint64 top, bottom, left, right;
} Border;

/* FALSE if it pads other axes too, or with something else than what a convolution takes for zero. */
static gboolean
read_border (FettleGraph *graph, const FettleOperator *pad, Border *border)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, pad, 0);
  const FettleTensor *paddings = fettle_graph_get_operator_input (graph, pad, 1);
  g_autofree gint64 *values = NULL;
  gsize n;

  if (pad->opcode != FETTLE_OPCODE_PAD || input->rank != 4
      || !fettle_tensors_have_same_encoding (
          input, fettle_graph_get_operator_output (graph, pad, 0)))
    return FALSE;
  values = fettle_tensor_read_integers (paddings, &n);
  if (n != 8 || values[0] != 0 || values[1] != 0 || values[6] != 0 || values[7] != 0)
    return FALSE;
  *border = (Border){ values[2], values[3], values[4], values[5] };
  return TRUE;
}

/* TRUE if a window with SAME padding on EXTENT elements lands where it lands without padding on BEFORE
 * more in front and AFTER more behind. */
static gboolean
is_same_padding (gint64 extent, gint64 before, gint64 after, gint64 filter, gint64 stride,
                 gint64 dilation)
{
  gint64 reach = (filter - 1) * dilation + 1;
  gint64 n_valid = (extent + before + after - reach) / stride + 1;
  gint64 n_same = (extent + stride - 1) / stride;
  gint64 total = MAX ((n_same - 1) * stride + reach - extent, 0);

  return n_valid == n_same && before == total / 2;
}

static gboolean
can_fold (FettleGraph *graph, const FettleOperator *convolution, const Border *border,
          const FettleTensor *source)
{
  const FettleOptions *options = &convolution->options;
  const FettleTensor *weights = fettle_graph_get_operator_input (graph, convolution, 1);

  return options->padding == FETTLE_PADDING_VALID
         && is_same_padding (source->shape[1], border->top, border->bottom,
                             weights->shape[1], options->stride_height,
                             options->dilation_height)
         && is_same_padding (source->shape[2], border->left, border->right,
                             weights->shape[2], options->stride_width,
                             options->dilation_width);
}

static gboolean
fold (FettleTuning *tuning, FettleGraph *graph, FettleOperator *convolution)
{
  guint writer =
      fettle_graph_find_writer (graph, fettle_operator_get_input (convolution, 0));
  const FettleOperator *pad;
  const FettleTensor *source;
  Border border;

  if (writer == FETTLE_NO_LAYER)
    return FALSE;
  pad = fettle_graph_get_operator (graph, writer);
  source = fettle_graph_get_operator_input (graph, pad, 0);
  if (!read_border (graph, pad, &border) || source->is_variable
      || !can_fold (graph, convolution, &border, source))
    return FALSE;
  convolution->options.padding = FETTLE_PADDING_SAME;
  g_array_index (convolution->inputs, gint32, 0) = fettle_operator_get_input (pad, 0);
  fettle_tuning_report (tuning, pad->name, _ ("Merged with the padding of %s behind it."),
                        convolution->name);
  return TRUE;
}

guint
fettle_fold_padding (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (operator_->opcode == FETTLE_OPCODE_CONV_2D
          || operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
        n_folded += fold (tuning, graph, operator_);
    }
  return n_folded;
}
