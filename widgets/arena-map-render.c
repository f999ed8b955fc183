/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map-render.c: draws an arena map with cairo. */
#include "widgets/arena-map-render.h"

#include <math.h>

#define ADDRESS_TEXT_GUESS "0000\u00a0KiB"
#define SWATCH             12
#define LEGEND_GAP         18
#define TEXT_PADDING       4
#define LABEL_FROM_WIDTH   30
/* A budget beyond this many times the plan would flatten the map; the legend still names it. */
#define BUDGET_IN_SIGHT 2.0

typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleArenaContents *contents;
  const FettleArenaLayout *layout;
  const FettlePalette *palette;
  double line_height;
} Drawing;

const FettleArenaWords *
fettle_arena_map_get_default_words (void)
{
  static const FettleArenaWords words = { "Tensor",      "Scratch", "High water",
                                          "Lower bound", "Budget",  "Layer" };

  return &words;
}

/* The highest address that must be in sight. */
static double
get_top (const FettleArenaContents *contents)
{
  guint64 top = MAX (contents->high_water, contents->lower_bound);

  for (guint i = 0; i < contents->n_items; i++)
    top = MAX (top, contents->items[i].offset + contents->items[i].size);
  if ((double)contents->budget <= BUDGET_IN_SIGHT * (double)top)
    top = MAX (top, contents->budget);
  return (double)top;
}

void
fettle_arena_map_init_layout (const FettleArenaContents *contents, PangoContext *context,
                              double width, double height, FettleArenaLayout *layout)
{
  const FettleArenaMetrics metrics = {
    .line_height = fettle_text_get_height (context, FETTLE_TEXT_PLAIN),
    .address_width =
        fettle_text_get_width (context, ADDRESS_TEXT_GUESS, FETTLE_TEXT_SMALL),
    .has_title = contents->title != NULL && contents->title[0] != '\0',
  };

  fettle_arena_layout_init (layout, &metrics, width, height, contents->n_steps,
                            get_top (contents));
}

/* Draws one entry of the legend, a swatch or a line, and returns where the next may start. */
static double
draw_legend_entry (const Drawing *drawing, double x, const FettleColor *fill,
                   const FettleColor *line, const char *text)
{
  const FettleRectangle *legend = &drawing->layout->legend;
  double middle = round (legend->y + legend->height / 2);
  FettleRectangle swatch = { x, middle - SWATCH / 2, SWATCH, SWATCH };
  double width = fettle_text_get_width (drawing->context, text, FETTLE_TEXT_SMALL) + 2;
  FettleRectangle area = { x + SWATCH + 6, legend->y, width, legend->height };

  area.width = MIN (area.width, legend->x + legend->width - area.x);
  if (area.width < 2 * SWATCH)
    return x;
  if (fill != NULL)
    {
      fettle_draw_fill (drawing->cr, &swatch, fill);
      fettle_draw_outline (drawing->cr, &swatch, 1, line);
    }
  else
    fettle_draw_fill (drawing->cr, &(FettleRectangle){ x, middle - 1, SWATCH, 2 }, line);
  fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_SMALL, &drawing->palette->text);
  return area.x + width + LEGEND_GAP;
}

static double
draw_limit_entry (const Drawing *drawing, double x, const FettleColor *line,
                  const char *word, guint64 bytes)
{
  g_autofree char *size = fettle_format_bytes ((double)bytes);
  g_autofree char *text = g_strdup_printf ("%s %s", word, size);

  return bytes == 0 ? x : draw_legend_entry (drawing, x, NULL, line, text);
}

static gboolean
has_scratch (const FettleArenaContents *contents)
{
  for (guint i = 0; i < contents->n_items; i++)
    if (contents->items[i].scratch)
      return TRUE;
  return FALSE;
}

static void
draw_legend (const Drawing *drawing)
{
  const FettleArenaContents *contents = drawing->contents;
  const FettlePalette *palette = drawing->palette;
  double x = drawing->layout->legend.x;

  x = draw_limit_entry (drawing, x, &palette->high_water, contents->words.high_water,
                        contents->high_water);
  x = draw_limit_entry (drawing, x, &palette->lower_bound, contents->words.lower_bound,
                        contents->lower_bound);
  x = draw_limit_entry (drawing, x, &palette->budget, contents->words.budget,
                        contents->budget);
  x = draw_legend_entry (drawing, x, &palette->tensor, &palette->tensor_outline,
                         contents->words.tensor);
  if (has_scratch (contents))
    draw_legend_entry (drawing, x, &palette->scratch, &palette->scratch_outline,
                       contents->words.scratch);
}

static void
draw_address_axis (const Drawing *drawing)
{
  const FettleArenaLayout *layout = drawing->layout;
  const FettleRectangle *plot = &layout->plot;

  for (guint i = 0; i < layout->axis.n_ticks; i++)
    {
      double y = fettle_arena_layout_get_y (layout, layout->axis.ticks[i]);
      g_autofree char *text =
          fettle_format_tick (FETTLE_NUMBER_BYTES, layout->axis.ticks[i]);
      FettleRectangle area = { layout->addresses.x, y - drawing->line_height / 2,
                               layout->addresses.width, drawing->line_height };

      fettle_draw_horizontal (drawing->cr, y, plot->x, plot->x + plot->width,
                              &drawing->palette->grid);
      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_RIGHT,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
}

static void
draw_step_axis (const Drawing *drawing)
{
  const FettleArenaLayout *layout = drawing->layout;
  const FettleRectangle *steps = &layout->steps;
  double line = steps->height / 2;
  double number_width =
      fettle_text_get_width (drawing->context, "000", FETTLE_TEXT_SMALL) + 2;
  guint stride = fettle_arena_layout_get_stride (layout, number_width);
  FettleRectangle title = { steps->x, steps->y + line, steps->width, line };

  for (guint step = 0; step < layout->n_steps; step += stride)
    {
      g_autofree char *text = g_strdup_printf ("%u", step);
      FettleRectangle band;

      fettle_arena_layout_get_band (layout, step, &band);
      band = (FettleRectangle){ round (band.x + (band.width - number_width) / 2),
                                steps->y, number_width, line };
      fettle_draw_text (drawing->cr, drawing->context, text, &band, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
  fettle_draw_text (drawing->cr, drawing->context, drawing->contents->words.steps, &title,
                    PANGO_ALIGN_CENTER, FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
  fettle_draw_horizontal (drawing->cr, steps->y, steps->x, steps->x + steps->width,
                          &drawing->palette->axis);
}

/* One line in the middle of AREA, on a patch of FILL so that no limit's line strikes it through. */
static void
draw_patched_text (const Drawing *drawing, const char *text, const FettleRectangle *area,
                   const FettleColor *fill)
{
  double width = fettle_text_get_width (drawing->context, text, FETTLE_TEXT_SMALL) + 4;
  FettleRectangle patch = { round (area->x + (area->width - width) / 2), area->y, width,
                            area->height };

  if (width > area->width)
    patch = *area;
  fettle_draw_fill (drawing->cr, &patch, fill);
  fettle_draw_text (drawing->cr, drawing->context, text, area, PANGO_ALIGN_CENTER,
                    FETTLE_TEXT_SMALL, &drawing->palette->text);
}

/* Label, and below it the size, as far as there is room. */
static void
draw_buffer_text (const Drawing *drawing, const FettleArenaItem *item)
{
  const FettlePalette *palette = drawing->palette;
  const FettleColor *fill = item->scratch ? &palette->scratch : &palette->tensor;
  double line = drawing->line_height;
  g_autofree char *size = fettle_format_bytes ((double)item->size);
  FettleRectangle area, text;
  guint n_lines;

  fettle_arena_layout_get_buffer (drawing->layout, item->first, item->last, item->offset,
                                  item->size, &area);
  if (area.width < LABEL_FROM_WIDTH || area.height < line + 2
      || !fettle_draw_is_exposed (drawing->cr, &area))
    return;
  n_lines = area.height >= 2 * line + 4 ? 2 : 1;
  text = (FettleRectangle){ area.x + TEXT_PADDING,
                            round (area.y + (area.height - n_lines * line) / 2),
                            area.width - 2 * TEXT_PADDING, line };
  draw_patched_text (drawing, item->label, &text, fill);
  if (n_lines == 1)
    return;
  text.y += line;
  draw_patched_text (drawing, size, &text, fill);
}

static void
draw_buffer (const Drawing *drawing, guint index)
{
  const FettleArenaContents *contents = drawing->contents;
  const FettlePalette *palette = drawing->palette;
  const FettleArenaItem *item = &contents->items[index];
  gboolean selected = contents->selected >= 0 && item->layer == contents->selected;
  const FettleColor *outline =
      item->scratch ? &palette->scratch_outline : &palette->tensor_outline;
  FettleRectangle area;

  fettle_arena_layout_get_buffer (drawing->layout, item->first, item->last, item->offset,
                                  item->size, &area);
  if (!fettle_draw_is_exposed (drawing->cr, &area))
    return;
  if (area.width < 3 || area.height < 3)
    fettle_draw_fill (drawing->cr, &area, outline);
  else
    {
      fettle_draw_fill (drawing->cr, &area,
                        item->scratch ? &palette->scratch : &palette->tensor);
      fettle_draw_outline (drawing->cr, &area, 1, outline);
    }
  if ((int)index == contents->hovered)
    fettle_draw_fill (drawing->cr, &area, &palette->hover);
  if (selected)
    fettle_draw_outline (drawing->cr, &area, 3, &palette->accent);
  if ((int)index == contents->cursor && area.width > 8 && area.height > 8)
    {
      FettleRectangle inner = { area.x + 4, area.y + 4, area.width - 8, area.height - 8 };

      fettle_draw_outline (drawing->cr, &inner, 1, &palette->text);
    }
}

static void
draw_limit (const Drawing *drawing, guint64 bytes, const FettleColor *color,
            gboolean dashed)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  double y = fettle_arena_layout_get_y (drawing->layout, (double)bytes);

  if (bytes == 0 || (double)bytes > drawing->layout->axis.maximum)
    return;
  if (dashed)
    fettle_draw_dashes (drawing->cr, plot->x, y, plot->x + plot->width, y, color);
  else
    fettle_draw_fill (drawing->cr, &(FettleRectangle){ plot->x, y - 1, plot->width, 2 },
                      color);
}

static void
draw_band (const Drawing *drawing)
{
  FettleRectangle band;

  if (drawing->contents->selected < 0
      || (guint)drawing->contents->selected >= drawing->layout->n_steps)
    return;
  fettle_arena_layout_get_band (drawing->layout, (guint)drawing->contents->selected,
                                &band);
  fettle_draw_fill (drawing->cr, &band, &drawing->palette->selection);
}

static void
draw_plot (const Drawing *drawing)
{
  const FettleArenaContents *contents = drawing->contents;
  const FettlePalette *palette = drawing->palette;

  draw_address_axis (drawing);
  draw_step_axis (drawing);
  for (guint i = 0; i < contents->n_items; i++)
    draw_buffer (drawing, i);
  draw_limit (drawing, contents->high_water, &palette->high_water, FALSE);
  draw_limit (drawing, contents->lower_bound, &palette->lower_bound, TRUE);
  draw_limit (drawing, contents->budget, &palette->budget, FALSE);
  for (guint i = 0; i < contents->n_items; i++)
    draw_buffer_text (drawing, &contents->items[i]);
  draw_band (drawing);
  draw_legend (drawing);
  fettle_draw_text (drawing->cr, drawing->context, contents->title,
                    &drawing->layout->title, PANGO_ALIGN_LEFT, FETTLE_TEXT_BOLD,
                    &palette->text);
}

void
fettle_arena_map_draw (cairo_t *cr, PangoContext *context,
                       const FettleArenaContents *contents,
                       const FettleArenaLayout *layout, const FettlePalette *palette)
{
  const Drawing drawing = {
    cr,     context, contents,
    layout, palette, fettle_text_get_height (context, FETTLE_TEXT_SMALL),
  };
  double left, top, right, bottom;
  FettleRectangle exposed;

  cairo_clip_extents (cr, &left, &top, &right, &bottom);
  exposed = (FettleRectangle){ left, top, right - left, bottom - top };
  fettle_draw_fill (cr, &exposed, &palette->background);
  if (contents->n_items > 0)
    draw_plot (&drawing);
  else
    {
      FettleRectangle all = { layout->title.x, layout->title.y, layout->title.width,
                              layout->steps.y + layout->steps.height };

      fettle_draw_text (cr, context, contents->empty_text, &all, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_PLAIN, &palette->dim_text);
    }
}

void
fettle_arena_map_render (cairo_t *cr, PangoContext *context,
                         const FettleArenaContents *contents,
                         const FettlePalette *palette, double width, double height)
{
  FettleArenaLayout layout;

  g_return_if_fail (cr != NULL && contents != NULL && palette != NULL);

  fettle_arena_map_init_layout (contents, context, width, height, &layout);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  fettle_arena_map_draw (cr, context, contents, &layout, palette);
  cairo_restore (cr);
}

cairo_surface_t *
fettle_arena_map_render_to_surface (const FettleArenaContents *contents,
                                    PangoContext *context, const FettlePalette *palette,
                                    double width, double height, double scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int)ceil (width * scale), (int)ceil (height * scale));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  fettle_arena_map_render (cr, context, contents, palette, width, height);
  cairo_destroy (cr);
  return surface;
}
