/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.c: where the windows of convolutions and pools lie along one axis. */
#include "model/window.h"

/* Pools and TRANSPOSE_CONV have none. */
static gboolean
has_dilation (const FettleOptions *options)
{
  return options->dilation_height != 0 || options->dilation_width != 0;
}

FettleWindowAxis
fettle_window_rows (const FettleOptions *options, gint32 height)
{
  return (FettleWindowAxis){
    .padding = options->padding,
    .before = options->padding_top,
    .after = options->padding_bottom,
    .filter = height,
    .stride = options->stride_height,
    .dilation = has_dilation (options) ? options->dilation_height : 1,
  };
}

FettleWindowAxis
fettle_window_columns (const FettleOptions *options, gint32 width)
{
  return (FettleWindowAxis){
    .padding = options->padding,
    .before = options->padding_left,
    .after = options->padding_right,
    .filter = width,
    .stride = options->stride_width,
    .dilation = has_dilation (options) ? options->dilation_width : 1,
  };
}

static gint64
get_reach (const FettleWindowAxis *axis)
{
  return (gint64)(axis->filter - 1) * axis->dilation + 1;
}

static gboolean
contradiction (GError **error, const char *message)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

gboolean
fettle_window_count (const FettleWindowAxis *axis, gint32 input, gint32 *output,
                     GError **error)
{
  gint64 length = input, n;

  if (axis->filter < 1 || axis->stride < 1 || axis->dilation < 1)
    return contradiction (error, "its window, stride or dilation is not positive.");
  if (axis->padding == FETTLE_PADDING_EXPLICIT)
    {
      /* A window on padding alone would have nothing to compute from. */
      if (axis->before < 0 || axis->after < 0 || axis->before >= get_reach (axis)
          || axis->after >= get_reach (axis))
        return contradiction (error,
                              "its padding is negative, or as wide as its window.");
      length += (gint64)axis->before + axis->after;
    }
  n = axis->padding == FETTLE_PADDING_SAME
          ? (length + axis->stride - 1) / axis->stride
          : (length - get_reach (axis) + axis->stride) / axis->stride;
  if (n < 1)
    return contradiction (error, "its window is larger than its input.");
  *output = (gint32)n;
  return TRUE;
}

gint32
fettle_window_leading_padding (const FettleWindowAxis *axis, gint32 input, gint32 output)
{
  gint64 total = (gint64)(output - 1) * axis->stride + get_reach (axis) - input;

  if (axis->padding == FETTLE_PADDING_EXPLICIT)
    return axis->before;
  if (axis->padding == FETTLE_PADDING_VALID || total <= 0)
    return 0;
  return (gint32)(total / 2);
}
