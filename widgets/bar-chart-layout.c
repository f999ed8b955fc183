/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart-layout.c: where the parts of a bar chart are. */
#include "widgets/bar-chart-layout.h"

#include <math.h>

#define MARGIN         12
#define GAP            12 /* between columns */
#define ROW_PADDING    10
#define HEADER_PADDING 6
#define TICK_GAP       16
#define LABEL_SHARE    0.35 /* of the width, at most; longer labels are ellipsized */
#define MINIMUM_PLOT   48
#define MAXIMUM_TICKS  8

void
fettle_bar_layout_init (FettleBarLayout *layout, const FettleBarMetrics *metrics,
                        double width, guint n_rows)
{
  double right;

  g_return_if_fail (layout != NULL && metrics != NULL);

  *layout = (FettleBarLayout){ .width = width, .n_rows = n_rows };
  layout->header_height =
      metrics->n_header_lines * (metrics->line_height + 4) + 2 * HEADER_PADDING;
  layout->row_height = ceil (metrics->line_height) + ROW_PADDING;
  layout->bar_height = 2 * round (layout->row_height * 0.25);

  layout->label_x = MARGIN;
  layout->label_width = MIN (metrics->label_width, floor (width * LABEL_SHARE));
  layout->value_width = metrics->value_width;
  right = MAX (width - MARGIN, layout->label_x + layout->label_width);
  layout->value_x = right - layout->value_width;
  layout->plot_x = layout->label_x + layout->label_width + GAP;
  layout->plot_width = MAX (layout->value_x - GAP - layout->plot_x, MINIMUM_PLOT);
  layout->max_ticks = (guint)CLAMP (
      layout->plot_width / (metrics->axis_text_width + TICK_GAP), 2, MAXIMUM_TICKS);
}

double
fettle_bar_layout_get_height (const FettleBarLayout *layout)
{
  return layout->header_height + layout->n_rows * layout->row_height;
}

double
fettle_bar_layout_get_row_top (const FettleBarLayout *layout, guint index, double scroll)
{
  return layout->header_height + index * layout->row_height - round (scroll);
}

int
fettle_bar_layout_find_row (const FettleBarLayout *layout, double y, double scroll)
{
  double row = floor ((y - layout->header_height + round (scroll)) / layout->row_height);

  if (y < layout->header_height || row < 0 || row >= layout->n_rows)
    return -1;
  return (int)row;
}

double
fettle_bar_layout_scroll_to_row (const FettleBarLayout *layout, guint index,
                                 double scroll, double visible_height)
{
  double top = index * layout->row_height;
  double room = visible_height - layout->header_height;

  if (top < scroll || room < layout->row_height)
    return top;
  return MAX (scroll, top + layout->row_height - room);
}

double
fettle_bar_layout_get_length (const FettleBarLayout *layout, double normalized)
{
  return round (normalized * layout->plot_width);
}
