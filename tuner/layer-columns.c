/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-columns.c: a layer with weights as products of weight rows with columns of inputs. */
#include "config.h"
#include "tuner/layer-columns.h"
#include "model/window.h"
#include "tuner/quantize-weights.h"

#include <string.h>

/* Three matrices of so many rows and columns take a hundred megabytes. */
#define MAX_COLUMNS 2048u
/* Of longer columns, so many at once. */
#define BLOCK_COLUMNS 1024u

static void
init_window (FettleLayerColumns *columns, const FettleOptions *options,
             const FettleTensor *input, const FettleTensor *weights,
             const FettleTensor *output)
{
  FettleWindowAxis rows = fettle_window_rows (options, weights->shape[1]);
  FettleWindowAxis taps = fettle_window_columns (options, weights->shape[2]);

  columns->height = input->shape[1];
  columns->width = input->shape[2];
  columns->channels = input->shape[3];
  columns->output_height = output->shape[1];
  columns->output_width = output->shape[2];
  columns->filter_height = weights->shape[1];
  columns->filter_width = weights->shape[2];
  columns->stride_height = rows.stride;
  columns->stride_width = taps.stride;
  columns->dilation_height = rows.dilation;
  columns->dilation_width = taps.dilation;
  columns->top = fettle_window_leading_padding (&rows, columns->height, output->shape[1]);
  columns->left = fettle_window_leading_padding (&taps, columns->width, output->shape[2]);
  columns->n_positions =
      (gsize)output->shape[0] * (gsize)output->shape[1] * (gsize)output->shape[2];
}

/* FULLY_CONNECTED is a 1×1 convolution over a line of positions. */
static void
init_line (FettleLayerColumns *columns, const FettleTensor *input,
           const FettleTensor *weights)
{
  columns->n_positions = fettle_tensor_get_n_elements (input) / (gsize)weights->shape[1];
  columns->channels = weights->shape[1];
  columns->height = columns->output_height = 1;
  columns->width = columns->output_width = (gint32)columns->n_positions;
  columns->filter_height = columns->filter_width = 1;
  columns->stride_height = columns->stride_width = 1;
  columns->dilation_height = columns->dilation_width = 1;
}

gboolean
fettle_layer_columns_init (FettleLayerColumns *columns, FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *input, *weights, *output;

  if (!fettle_opcode_has_weights (operator_->opcode))
    return FALSE;
  input =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 0));
  weights =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 1));
  output =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0));
  *columns = (FettleLayerColumns){
    .n_weights = fettle_tensor_get_n_elements (weights),
    .is_interleaved = operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D,
  };
  if (operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED)
    init_line (columns, input, weights);
  else
    init_window (columns, &operator_->options, input, weights, output);
  columns->group_channels =
      columns->is_interleaved ? 1 : weights->shape[weights->rank - 1];
  columns->n_groups = (guint)(columns->channels / columns->group_channels);
  columns->n_columns =
      (guint)(columns->filter_height * columns->filter_width * columns->group_channels);
  columns->n_rows = (guint)(columns->n_weights / columns->n_columns / columns->n_groups);
  return TRUE;
}

guint
fettle_layer_columns_count_channels (const FettleLayerColumns *columns)
{
  return columns->n_groups * columns->n_rows;
}

gsize
fettle_layer_columns_get_weight (const FettleLayerColumns *columns, guint channel,
                                 guint k)
{
  if (columns->is_interleaved)
    return (gsize)k * fettle_layer_columns_count_channels (columns) + channel;
  return (gsize)channel * columns->n_columns + k;
}

guint
fettle_layer_columns_get_block (guint n_columns)
{
  guint n_blocks = (n_columns + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS;

  return n_columns <= MAX_COLUMNS ? n_columns : (n_columns + n_blocks - 1) / n_blocks;
}

void
fettle_layer_columns_read (const FettleLayerColumns *columns, const float *input,
                           guint group, gsize position, float *column)
{
  gsize n = (gsize)columns->group_channels;
  gsize plane = (gsize)columns->output_height * (gsize)columns->output_width;
  gsize batch = position / plane;
  gint32 y = (gint32)(position % plane) / columns->output_width * columns->stride_height
             - columns->top;
  gint32 x = (gint32)(position % plane) % columns->output_width * columns->stride_width
             - columns->left;
  const float *image =
      input
      + batch * (gsize)columns->height * (gsize)columns->width * (gsize)columns->channels
      + group * n;

  for (gint32 row = 0; row < columns->filter_height; row++)
    for (gint32 tap = 0; tap < columns->filter_width; tap++)
      {
        gint32 from_y = y + row * columns->dilation_height;
        gint32 from_x = x + tap * columns->dilation_width;

        if (from_y < 0 || from_y >= columns->height || from_x < 0
            || from_x >= columns->width)
          memset (column, 0, n * sizeof *column);
        else
          memcpy (column,
                  image
                      + ((gsize)from_y * (gsize)columns->width + (gsize)from_x)
                            * (gsize)columns->channels,
                  n * sizeof *column);
        column += n;
      }
}
