/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.c: what a model needs beside what the board offers. */
#include "config.h"

#include "app/fit.h"
#include "app/layer-text.h"

#include <glib/gi18n.h>
#include <math.h>

static char *
describe_excess (const FettleLowered *lowered, const FettleTargetLimits *limits)
{
  guint64 flash = g_bytes_get_size (lowered->image);
  guint64 arena = lowered->arena.size;
  g_autofree char *flash_excess = NULL;
  g_autofree char *arena_excess = NULL;

  if (flash > limits->image_bytes)
    flash_excess = fettle_format_bytes ((double)(flash - limits->image_bytes));
  if (arena > limits->arena_bytes)
    arena_excess = fettle_format_bytes ((double)(arena - limits->arena_bytes));
  if (flash_excess != NULL && arena_excess != NULL)
    return g_strdup_printf (_ ("It lacks %s for the image and %s for the arena. Weights "
                               "of 4 bits or activations of fewer bits take less."),
                            flash_excess, arena_excess);
  if (flash_excess != NULL)
    return g_strdup_printf (_ ("It lacks %s for the image. Weights of 4 bits take less; "
                               "the Layers page shows where they are."),
                            flash_excess);
  return g_strdup_printf (_ ("It lacks %s for the arena. The Arena page shows which "
                             "layers need the most at once."),
                          arena_excess);
}

static char *
describe_room (const FettleLowered *lowered, const FettleTargetLimits *limits)
{
  g_autofree char *flash = fettle_format_bytes (
      (double)(limits->image_bytes - g_bytes_get_size (lowered->image)));
  g_autofree char *arena =
      fettle_format_bytes ((double)(limits->arena_bytes - lowered->arena.size));

  return g_strdup_printf (_ ("%s are left for larger images, %s for larger arenas."),
                          flash, arena);
}

FettleFit
fettle_fit_judge (FettleTargetImage *image, char **title, char **detail)
{
  const FettleLowered *lowered = fettle_target_image_get_lowered (image);
  const char *problem = fettle_target_image_get_problem (image);
  FettleTargetLimits limits = fettle_target_image_get_limits (image);

  if (problem != NULL)
    {
      *title = g_strdup (_ ("Does not run on this core"));
      *detail = g_strdup (problem);
      return FETTLE_FIT_TOO_LARGE;
    }
  if (lowered == NULL)
    {
      *title = g_strdup (_ ("Laying out the model…"));
      *detail = g_strdup (_ ("Its size for the board’s core is being worked out."));
      return FETTLE_FIT_UNKNOWN;
    }
  if (limits.image_bytes == 0 && limits.arena_bytes == 0)
    {
      *title = g_strdup (_ ("Does it fit?"));
      *detail =
          g_strdup (limits.board != NULL
                        ? _ ("Connect the board: it says how much memory it offers.")
                        : _ ("Choose a board below."));
      return FETTLE_FIT_UNKNOWN;
    }
  if (g_bytes_get_size (lowered->image) > limits.image_bytes
      || lowered->arena.size > limits.arena_bytes)
    {
      *title = g_strdup_printf (_ ("Does not fit %s"), limits.board);
      *detail = describe_excess (lowered, &limits);
      return FETTLE_FIT_TOO_LARGE;
    }
  *title = g_strdup_printf (_ ("Fits %s"), limits.board);
  *detail = describe_room (lowered, &limits);
  return FETTLE_FIT_FITS;
}

/* --- the rows --- */

static void
clear_row (gpointer data)
{
  FettleBulletItem *item = data;

  g_free ((char *)item->text);
  g_free ((char *)item->detail);
  g_free ((char *)item->description);
}

/* "13.7 KiB of 512 KiB". */
static char *
format_use (gboolean known, double value, guint64 limit)
{
  g_autofree char *bytes = known ? fettle_format_bytes (value) : g_strdup ("–");
  g_autofree char *limit_text = fettle_format_bytes ((double)limit);

  return limit > 0 ? g_strdup_printf (_ ("%s of %s"), bytes, limit_text)
                   : g_steal_pointer (&bytes);
}

/* "2.7 % · ◇ float model 35.3 KiB"; the sign is the one that the chart draws. COMPARED is NAN if there is nothing to
 * compare with. */
static char *
format_share (gboolean known, double value, guint64 limit, double compared)
{
  g_autofree char *share =
      known && limit > 0 ? fettle_format_percent (value / (double)limit) : NULL;
  g_autofree char *before = isfinite (compared) ? fettle_format_bytes (compared) : NULL;
  g_autofree char *before_text =
      before != NULL ? g_strdup_printf (_ ("◇ float model %s"), before) : NULL;

  if (share != NULL && before_text != NULL)
    return g_strdup_printf ("%s · %s", share, before_text);
  return share != NULL ? g_steal_pointer (&share) : g_steal_pointer (&before_text);
}

/* "Arena: 20.0 KiB of 64.0 KiB, float model 80.0 KiB". */
static char *
describe_use (const char *subject, const char *use, double compared)
{
  g_autofree char *before = isfinite (compared) ? fettle_format_bytes (compared) : NULL;

  return before != NULL
             ? g_strdup_printf (_ ("%s: %s, float model %s"), subject, use, before)
             : g_strdup_printf (_ ("%s: %s"), subject, use);
}

static FettleBulletItem
make_bytes_row (const char *label, const char *subject, gboolean known, double value,
                guint64 limit, double compared)
{
  FettleBulletItem row = {
    .label = label,
    .known = known,
    .value = value,
    .limit = limit > 0 ? (double)limit : NAN,
    .compared = compared,
    .text = format_use (known, value, limit),
    .detail = format_share (known, value, limit, compared),
  };

  row.description = describe_use (subject, row.text, compared);
  return row;
}

static guint64
count_macs (FettleGraph *graph)
{
  guint64 macs = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    macs += fettle_graph_count_macs (graph, i);
  return macs;
}

static FettleBulletItem
make_macs_row (FettleContent *content)
{
  FettleGraph *source = content->project->source;
  double value = (double)content->total_macs;
  FettleBulletItem row = { .label = _ ("MACs"),
                           .known = TRUE,
                           .value = value,
                           .limit = NAN,
                           .compared = NAN,
                           .text = fettle_format_count_short (value) };
  g_autofree char *before = NULL;

  if (source == NULL)
    {
      row.detail = g_strdup (_ ("per inference"));
      row.description = g_strdup_printf (
          _ ("Multiply-accumulate operations of one inference: %s"), row.text);
      return row;
    }
  row.compared = (double)count_macs (source);
  before = fettle_format_count_short (row.compared);
  row.detail = g_strdup_printf (_ ("◇ float model %s"), before);
  row.description = g_strdup_printf (
      _ ("Multiply-accumulate operations of one inference: %s, float model %s"), row.text,
      before);
  return row;
}

/* A time in seconds, if the board's unit and clock allow it; NULL else. Free with g_free. */
static char *
format_seconds (FettleUnit unit, double value, guint32 clock_hz)
{
  double seconds;

  if (unit == FETTLE_UNIT_CYCLES && clock_hz > 0)
    seconds = value / clock_hz;
  else if (unit == FETTLE_UNIT_NANOSECONDS)
    seconds = value * 1e-9;
  else
    return NULL;
  return seconds < 1e-3 ? g_strdup_printf (_ ("%.3g µs"), seconds * 1e6)
                        : g_strdup_printf (_ ("%.3g ms"), seconds * 1e3);
}

/* A size that is not known is no mark. */
static double
get_mark (gsize bytes)
{
  return bytes > 0 ? (double)bytes : NAN;
}

static FettleBulletItem
make_time_row (FettleDocument *document, FettleTargetImage *image)
{
  FettleStatistics time = fettle_document_get_total_time (document);
  FettleTrace *trace = fettle_document_get_trace (document);
  FettleTargetLimits limits = fettle_target_image_get_limits (image);
  FettleBulletItem row = { .label = _ ("Time"), .limit = NAN, .compared = NAN };
  g_autofree char *number = NULL;
  FettleUnit unit;

  if (time.n == 0 || trace == NULL)
    {
      row.text = g_strdup (_ ("not measured"));
      row.detail = g_strdup (_ ("run it on the board (F5)"));
      row.description = g_strdup (_ ("One inference: not measured yet"));
      return row;
    }
  unit = fettle_trace_get_unit (trace);
  number = fettle_format_count_short ((double)time.median);
  row.known = TRUE;
  row.value = (double)time.median;
  row.text = g_strdup_printf (_ ("%s %s"), number, fettle_unit_get_label (unit));
  row.detail = format_seconds (unit, (double)time.median, limits.clock_hz);
  if (row.detail == NULL)
    row.detail = g_strdup_printf (
        ngettext ("measured, %u run", "measured, median of %u runs", time.n), time.n);
  row.description = g_strdup_printf (_ ("One inference, measured: %s. %s"), row.text,
                                     fettle_unit_describe (unit));
  return row;
}

GArray *
fettle_fit_list_rows (FettleDocument *document, FettleTargetImage *image)
{
  FettleContent *content = fettle_document_get_content (document);
  const FettleLowered *lowered = fettle_target_image_get_lowered (image);
  FettleTargetLimits limits = fettle_target_image_get_limits (image);
  FettleTargetSize source = fettle_target_image_get_source_size (image);
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (FettleBulletItem));
  gboolean known = lowered != NULL;
  FettleBulletItem row;

  g_array_set_clear_func (rows, clear_row);
  row =
      make_bytes_row (_ ("Flash"), _ ("Image of the model, with its weights and tables"),
                      known, known ? (double)g_bytes_get_size (lowered->image) : 0,
                      limits.image_bytes, get_mark (source.image_bytes));
  g_array_append_val (rows, row);
  row = make_bytes_row (_ ("RAM"), _ ("Arena, the one buffer of activations"), known,
                        known ? (double)lowered->arena.size : 0, limits.arena_bytes,
                        get_mark (source.arena_bytes));
  g_array_append_val (rows, row);
  row = make_macs_row (content);
  g_array_append_val (rows, row);
  row = make_time_row (document, image);
  g_array_append_val (rows, row);
  return rows;
}
