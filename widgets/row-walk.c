/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row-walk.c: the way of the keyboard through items that stand in a row. */
#include "widgets/row-walk.h"

/* How many items further an arrow leads; 0 for any other key. */
static int
get_step (guint keyval, GtkOrientation orientation)
{
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return horizontal ? -1 : 0;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return horizontal ? 1 : 0;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return horizontal ? 0 : -1;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return horizontal ? 0 : 1;
    default:
      return 0;
    }
}

int
fettle_row_walk (int from, guint n_items, guint keyval, GtkOrientation orientation,
                 int page)
{
  int last = (int)n_items - 1;
  int step = get_step (keyval, orientation);

  switch (keyval)
    {
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      step = -page;
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      step = page;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return MIN (0, last);
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return last;
    default:
      break;
    }
  return step == 0 ? -1 : MIN (MAX (from + step, 0), last);
}
