/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-padding.c: PAD into the convolution behind it. */
#include "config.h"
#include "tuner/fold.h"
#include "model/window.h"
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

  if (input->rank != 4
      || !fettle_tensors_have_same_encoding (
          input, fettle_graph_get_operator_output (graph, pad, 0)))
    return FALSE;
  values = fettle_tensor_read_integers (paddings, &n);
  if (n != 8 || values[0] != 0 || values[1] != 0 || values[6] != 0 || values[7] != 0)
    return FALSE;
  *border = (Border){ values[2], values[3], values[4], values[5] };
  return TRUE;
}

/* Makes AXIS, of a convolution on OUTPUT windows behind a PAD of BEFORE and AFTER cells, that of one on the PAD's
 * SOURCE. FALSE if no padding of its own does what the PAD did. */
static gboolean
fold_axis (FettleWindowAxis *axis, gint64 before, gint64 after, gint32 source,
           gint32 padded, gint32 output)
{
  gint32 leading = fettle_window_leading_padding (axis, padded, output);
  gint64 reach = (gint64)(axis->filter - 1) * axis->dilation + 1;
  gint64 trailing = (gint64)(output - 1) * axis->stride + reach - padded - leading;
  gint32 n;

  before += leading;
  after += axis->padding == FETTLE_PADDING_EXPLICIT ? axis->after : MAX (trailing, 0);
  /* An image has 16 bits for the padding of a window. */
  if (before >= reach || after >= reach || MAX (before, after) > G_MAXUINT16)
    return FALSE;
  axis->padding = FETTLE_PADDING_EXPLICIT;
  axis->before = (gint32)before;
  axis->after = (gint32)after;
  return fettle_window_count (axis, source, &n, NULL) && n == output;
}

/* TRUE if SAME padding makes of AXIS what its explicit padding does. */
static gboolean
is_same_padding (const FettleWindowAxis *axis, gint32 source, gint32 output)
{
  FettleWindowAxis same = *axis;
  gint32 n;

  same.padding = FETTLE_PADDING_SAME;
  return fettle_window_count (&same, source, &n, NULL) && n == output
         && fettle_window_leading_padding (&same, source, output) == axis->before;
}

/* The options of CONVOLUTION without the PAD before it. FALSE if there are none. */
static gboolean
find_options (FettleGraph *graph, const FettleOperator *convolution, const Border *border,
              const FettleTensor *source, FettleOptions *options)
{
  const gint32 *padded = fettle_graph_get_operator_input (graph, convolution, 0)->shape;
  const gint32 *filter = fettle_graph_get_operator_input (graph, convolution, 1)->shape;
  const gint32 *output = fettle_graph_get_operator_output (graph, convolution, 0)->shape;
  FettleWindowAxis rows = fettle_window_rows (&convolution->options, filter[1]);
  FettleWindowAxis columns = fettle_window_columns (&convolution->options, filter[2]);

  *options = convolution->options;
  if (!fold_axis (&rows, border->top, border->bottom, source->shape[1], padded[1],
                  output[1])
      || !fold_axis (&columns, border->left, border->right, source->shape[2], padded[2],
                     output[2]))
    return FALSE;
  options->padding_top = options->padding_bottom = 0;
  options->padding_left = options->padding_right = 0;
  options->padding = FETTLE_PADDING_SAME;
  if (is_same_padding (&rows, source->shape[1], output[1])
      && is_same_padding (&columns, source->shape[2], output[2]))
    return TRUE;
  options->padding = FETTLE_PADDING_EXPLICIT;
  options->padding_top = rows.before;
  options->padding_bottom = rows.after;
  options->padding_left = columns.before;
  options->padding_right = columns.after;
  return TRUE;
}

static gboolean
is_convolution (const FettleOperator *operator_)
{
  return operator_->opcode == FETTLE_OPCODE_CONV_2D
         || operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
}

/* FettleOperator * of the convolutions that read TENSOR, as their input 0; NULL if anything else does. */
static GPtrArray *
find_convolutions (FettleGraph *graph, gint32 tensor)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (is_convolution (operator_)
          && fettle_operator_get_input (operator_, 0) == tensor)
        g_ptr_array_add (found, operator_);
    }
  return found->len == fettle_graph_count_readers (graph, tensor)
             ? g_steal_pointer (&found)
             : NULL;
}

/* The PAD goes only if all that read it can do without: else nothing would be saved. */
static gboolean
fold (FettleTuning *tuning, FettleGraph *graph, const FettleOperator *pad)
{
  g_autoptr (GPtrArray) readers =
      find_convolutions (graph, fettle_operator_get_output (pad, 0));
  const FettleTensor *source = fettle_graph_get_operator_input (graph, pad, 0);
  g_autofree FettleOptions *options = NULL;
  Border border;

  if (readers == NULL || readers->len == 0 || source->is_variable
      || !read_border (graph, pad, &border))
    return FALSE;
  options = g_new (FettleOptions, readers->len);
  for (guint i = 0; i < readers->len; i++)
    if (!find_options (graph, readers->pdata[i], &border, source, &options[i]))
      return FALSE;
  for (guint i = 0; i < readers->len; i++)
    {
      FettleOperator *convolution = readers->pdata[i];

      convolution->options = options[i];
      g_array_index (convolution->inputs, gint32, 0) = fettle_operator_get_input (pad, 0);
      fettle_tuning_report (tuning, pad->name,
                            _ ("Merged with the padding of %s behind it."),
                            convolution->name);
    }
  return TRUE;
}

guint
fettle_fold_padding (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (operator_->opcode == FETTLE_OPCODE_PAD)
        n_folded += fold (tuning, graph, operator_);
    }
  return n_folded;
}
