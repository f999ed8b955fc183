/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.c: numbers that come one after the other, with the range of any stretch of them at hand. */
#include "widgets/series.h"

#define FANOUT 16
#define LEVELS 12 /* more than memory can fill */

typedef struct
{
  double minimum, maximum;
} Range;

struct _FettleSeries
{
  GArray *values; /* double */
  GArray *levels
      [LEVELS]; /* Range; entry K of level L covers FANOUT^(L+1) values, the last one maybe fewer */
};

FettleSeries *
fettle_series_new (void)
{
  FettleSeries *self = g_new0 (FettleSeries, 1);

  self->values = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < LEVELS; i++)
    self->levels[i] = g_array_new (FALSE, FALSE, sizeof (Range));
  return self;
}

void
fettle_series_free (FettleSeries *self)
{
  g_array_unref (self->values);
  for (guint i = 0; i < LEVELS; i++)
    g_array_unref (self->levels[i]);
  g_free (self);
}

static void
widen (Range *range, double minimum, double maximum)
{
  range->minimum = MIN (range->minimum, minimum);
  range->maximum = MAX (range->maximum, maximum);
}

void
fettle_series_append (FettleSeries *self, double value)
{
  guint64 index;

  g_return_if_fail (self != NULL);

  index = self->values->len;
  g_array_append_val (self->values, value);
  for (guint level = 0; level < LEVELS; level++)
    {
      GArray *ranges = self->levels[level];

      index /= FANOUT;
      if (index < ranges->len)
        widen (&g_array_index (ranges, Range, index), value, value);
      else
        g_array_append_vals (ranges, &(Range){ value, value }, 1);
      /* A level with a single entry has none above it that says more; it is made when the second comes. */
      if (ranges->len == 1)
        break;
      if (self->levels[MIN (level + 1, LEVELS - 1)]->len == 0)
        {
          Range all = g_array_index (ranges, Range, 0);

          widen (&all, g_array_index (ranges, Range, 1).minimum,
                 g_array_index (ranges, Range, 1).maximum);
          g_array_append_val (self->levels[level + 1], all);
          break;
        }
    }
}

void
fettle_series_clear (FettleSeries *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->values, 0);
  for (guint i = 0; i < LEVELS; i++)
    g_array_set_size (self->levels[i], 0);
}

guint64
fettle_series_get_n (const FettleSeries *self)
{
  return self->values->len;
}

double
fettle_series_get (const FettleSeries *self, guint64 index)
{
  g_return_val_if_fail (index < self->values->len, 0);
  return g_array_index (self->values, double, index);
}

/* Values and levels alike: entry INDEX of level -1 is a value. */
static Range
get_entry (const FettleSeries *self, int level, guint64 index)
{
  double value;

  if (level >= 0)
    return g_array_index (self->levels[level], Range, index);
  value = g_array_index (self->values, double, index);
  return (Range){ value, value };
}

gboolean
fettle_series_get_range (const FettleSeries *self, guint64 first, guint64 end,
                         double *minimum, double *maximum)
{
  Range range = { G_MAXDOUBLE, -G_MAXDOUBLE };
  int level = -1;

  g_return_val_if_fail (self != NULL && minimum != NULL && maximum != NULL, FALSE);

  end = MIN (end, self->values->len);
  if (first >= end)
    return FALSE;
  /* Up the tree: at each level the entries that stick out at either side, the rest one level higher. */
  while (first < end)
    {
      gboolean can_climb = level + 1 < LEVELS && self->levels[level + 1]->len > 0;

      while (first < end && (first % FANOUT != 0 || !can_climb))
        {
          Range entry = get_entry (self, level, first++);

          widen (&range, entry.minimum, entry.maximum);
        }
      while (end > first && end % FANOUT != 0)
        {
          Range entry = get_entry (self, level, --end);

          widen (&range, entry.minimum, entry.maximum);
        }
      first /= FANOUT;
      end /= FANOUT;
      level++;
    }
  *minimum = range.minimum;
  *maximum = range.maximum;
  return TRUE;
}
