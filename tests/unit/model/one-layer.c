/* SPDX-License-Identifier: GPL-3.0-or-later */
/* one-layer.c: graphs of one layer, lowered for a target and run, for tests that compare targets. */
#include "one-layer.h"
#include "../runtime/random.h"
#include "model/runner.h"
#include "runtime/frt_format.h"

#include <string.h>

GBytes *
one_layer_run (FettleGraph *graph, FettleTarget target, gconstpointer x, guint16 *kernel)
{
  const FettleLowerOptions options = { .target = target };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, &options, &error);
  g_autoptr (FettleRunner) runner = NULL;
  const struct frt_image_header *header;
  const guint8 *next = x;
  gconstpointer output;
  gsize size;

  g_assert_no_error (error);
  header = g_bytes_get_data (lowered->image, NULL);
  *kernel = ((const struct frt_operator *)(gconstpointer)((const guint8 *)header
                                                          + header->operators_offset))
                ->kernel;
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++, next += size)
    {
      gpointer input = fettle_runner_get_input (runner, i, &size);

      memcpy (input, next, size);
    }
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  output = fettle_runner_get_output (runner, 0, &size);
  return g_bytes_new (output, size);
}

gint32
one_layer_count_positions (gint32 cells, gint32 taps, gint32 stride, gint32 dilation,
                           FettlePadding padding)
{
  gint32 extent = (taps - 1) * dilation + 1;

  return padding == FETTLE_PADDING_SAME ? (cells + stride - 1) / stride
                                        : (cells - extent) / stride + 1;
}

void
one_layer_pick_padding (FettleOptions *options, gint32 height, gint32 width,
                        const gint32 input[4], gint32 output[4])
{
  gint32 rows = (height - 1) * options->dilation_height;
  gint32 columns = (width - 1) * options->dilation_width;

  options->padding = (FettlePadding)random_between (0, 2);
  if (options->padding == FETTLE_PADDING_EXPLICIT)
    {
      options->padding_top = random_between (0, rows);
      options->padding_bottom = random_between (0, rows);
      options->padding_left = random_between (0, columns);
      options->padding_right = random_between (0, columns);
    }
  output[1] = one_layer_count_positions (
      input[1] + options->padding_top + options->padding_bottom, height,
      options->stride_height, options->dilation_height, options->padding);
  output[2] = one_layer_count_positions (
      input[2] + options->padding_left + options->padding_right, width,
      options->stride_width, options->dilation_width, options->padding);
}

float
one_layer_random_scale (double low, double high)
{
  return (float)(low + (high - low) * random_bits () / 4294967296.0);
}
