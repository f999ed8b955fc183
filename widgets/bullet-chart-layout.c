/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart-layout.c: where the parts of a bullet chart are. */
#include "widgets/bullet-chart-layout.h"

#include <math.h>

#define MARGIN       12
#define GAP          16
#define ROW_PADDING  8
#define BAR_HEIGHT   18
#define MINIMUM_PLOT 48
#define NARROW_BELOW 560
#define TEXT_SHARE   0.4 /* of the width, at most */
/* Room behind a limit that holds, and behind a value that does not. */
#define ROOM_BEHIND (10.0 / 9.0)

void
fettle_bullet_layout_init (FettleBulletLayout *layout, const FettleBulletMetrics *metrics,
                           double width, guint n_rows)
{
  double lines = metrics->line_height + metrics->small_line_height;
  double right = width - MARGIN;

  *layout = (FettleBulletLayout){ .width = width,
                                  .n_rows = n_rows,
                                  .bar_height = BAR_HEIGHT,
                                  .line_height = metrics->line_height,
                                  .small_line_height = metrics->small_line_height,
                                  .is_narrow = width < NARROW_BELOW,
                                  .label_x = MARGIN };
  layout->label_width = MIN (metrics->label_width, floor (width * 0.3));
  layout->plot_x = MARGIN + layout->label_width + GAP;
  layout->text_width = MIN (metrics->text_width, floor (width * TEXT_SHARE));
  layout->text_x = right - layout->text_width;
  layout->plot_width = layout->text_x - GAP - layout->plot_x;
  layout->row_height = MAX (lines, BAR_HEIGHT) + 2 * ROW_PADDING;
  if (layout->is_narrow)
    {
      layout->plot_width = right - layout->plot_x;
      layout->text_x = layout->plot_x;
      layout->text_width = layout->plot_width;
      layout->row_height = BAR_HEIGHT + 4 + lines + 2 * ROW_PADDING;
    }
  layout->plot_width = MAX (layout->plot_width, MINIMUM_PLOT);
}

double
fettle_bullet_layout_get_height (const FettleBulletLayout *layout)
{
  return layout->n_rows * layout->row_height;
}

int
fettle_bullet_layout_find_row (const FettleBulletLayout *layout, double y)
{
  double row = floor (y / layout->row_height);

  return row < 0 || row >= layout->n_rows ? -1 : (int)row;
}

void
fettle_bullet_layout_get_row (const FettleBulletLayout *layout, guint index,
                              FettleRectangle *area)
{
  *area = (FettleRectangle){ 0, index * layout->row_height, layout->width,
                             layout->row_height };
}

void
fettle_bullet_layout_get_track (const FettleBulletLayout *layout, guint index,
                                FettleRectangle *area)
{
  double top = index * layout->row_height;
  double y = layout->is_narrow
                 ? top + ROW_PADDING
                 : top + floor ((layout->row_height - layout->bar_height) / 2);

  *area = (FettleRectangle){ layout->plot_x, y, layout->plot_width, layout->bar_height };
}

void
fettle_bullet_layout_get_texts (const FettleBulletLayout *layout, guint index,
                                FettleRectangle *text, FettleRectangle *detail)
{
  double top = index * layout->row_height + ROW_PADDING;

  if (layout->is_narrow)
    top += layout->bar_height + 4;
  *text =
      (FettleRectangle){ layout->text_x, top, layout->text_width, layout->line_height };
  *detail = (FettleRectangle){ layout->text_x, top + layout->line_height,
                               layout->text_width, layout->small_line_height };
}

double
fettle_bullet_get_maximum (double value, double limit, double compared)
{
  double maximum = 0;

  if (isfinite (value))
    maximum = MAX (maximum, value);
  if (isfinite (limit))
    maximum = MAX (maximum, limit);
  if (isfinite (compared))
    maximum = MAX (maximum, compared);
  return maximum > 0 ? maximum * ROOM_BEHIND : 1;
}
