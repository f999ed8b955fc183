/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-view-render.c: draws a laid out graph with cairo. */
#include "widgets/graph-view-render.h"

#include <math.h>
#include <string.h>

#define PADDING        8
#define BAR_HEIGHT     4 /* of a node's value, at its lower edge */
#define MINIMUM_WIDTH  120
#define MAXIMUM_WIDTH  240
#define ARROW          4
#define ALL_TEXT_FROM  0.62 /* zoom from which all lines of a node can be read */
#define SOME_TEXT_FROM 0.36 /* the same of its first line, drawn larger */
#define LEGEND_WIDTH   180
#define LEGEND_MARGIN  12
#define DETAILS_FROM   0.3
#define UNKNOWN_TEXT   "\u2013"
#define LINES          4    /* texts of a node: title, name, detail, value */
#define DIMMED         0.75 /* share of the background in nodes that do not match */

struct _FettleGraphTexts
{
  guint n;
  PangoLayout **layouts; /* LINES per node; NULL: not shaped yet */
};

typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleGraphContents *contents;
  const FettleGraphLayout *layout;
  FettleGraphTexts *texts;
  const FettlePalette *palette;
  double zoom;
  double maximum;
  double line_height;
} Drawing;

FettleGraphTexts *
fettle_graph_texts_new (guint n_nodes)
{
  FettleGraphTexts *texts = g_new0 (FettleGraphTexts, 1);

  texts->n = n_nodes * LINES;
  texts->layouts = g_new0 (PangoLayout *, texts->n + 1);
  return texts;
}

void
fettle_graph_texts_free (FettleGraphTexts *texts)
{
  for (guint i = 0; i < texts->n; i++)
    g_clear_object (&texts->layouts[i]);
  g_free (texts->layouts);
  g_free (texts);
}

/* Only the longest text is measured: shaping thousands would be felt. */
void
fettle_graph_view_measure (const FettleGraphContents *contents, PangoContext *context,
                           double *width, double *height)
{
  const char *longest = "";
  glong length = 0;

  for (guint i = 0; i < contents->n_nodes; i++)
    {
      const char *texts[] = { contents->nodes[i].title, contents->nodes[i].name };

      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        if (texts[k] != NULL && g_utf8_strlen (texts[k], -1) > length)
          {
            longest = texts[k];
            length = g_utf8_strlen (longest, -1);
          }
    }
  *width =
      ceil (fettle_text_get_width (context, longest, FETTLE_TEXT_BOLD)) + 2 * PADDING;
  *width = 2 * round (CLAMP (*width, MINIMUM_WIDTH, MAXIMUM_WIDTH) / 2);
  *height = 2
            * round ((3 * fettle_text_get_height (context, FETTLE_TEXT_PLAIN) + BAR_HEIGHT
                      + PADDING)
                     / 2);
}

double
fettle_graph_view_get_maximum (const FettleGraphContents *contents)
{
  double maximum = 0;

  for (guint i = 0; contents->values != NULL && i < contents->n_nodes; i++)
    if (contents->values[i].known)
      maximum = MAX (maximum, contents->values[i].value);
  return maximum;
}

FettleColor
fettle_graph_view_get_shade (const FettleGraphValue *value, double maximum,
                             const FettlePalette *palette)
{
  double share =
      value != NULL && value->known && maximum > 0 ? value->value / maximum : 0;

  return fettle_color_mix (&palette->heat_low, &palette->heat_high, CLAMP (share, 0, 1));
}

/* --- edges --- */

static gboolean
is_incident (const Drawing *drawing, guint edge)
{
  FettleGraphEdge ends = drawing->contents->edges[edge];
  int selected = drawing->contents->selected;

  return selected >= 0 && ((int)ends.from == selected || (int)ends.to == selected);
}

static void
trace_segment (const Drawing *drawing, const FettleGraphSegment *segment)
{
  cairo_t *cr = drawing->cr;
  double middle = (segment->y0 + segment->y1) / 2;

  cairo_move_to (cr, segment->x0, segment->from_node ? segment->y0 : segment->layer_top);
  cairo_line_to (cr, segment->x0, segment->y0);
  if (segment->x0 == segment->x1 || drawing->zoom < DETAILS_FROM)
    cairo_line_to (cr, segment->x1, segment->y1);
  else
    cairo_curve_to (cr, segment->x0, middle, segment->x1, middle, segment->x1,
                    segment->y1);
}

static void
trace_arrow (const Drawing *drawing, const FettleGraphSegment *segment)
{
  cairo_t *cr = drawing->cr;

  cairo_move_to (cr, segment->x1, segment->y1);
  cairo_line_to (cr, segment->x1 - ARROW, segment->y1 - 2 * ARROW);
  cairo_line_to (cr, segment->x1 + ARROW, segment->y1 - 2 * ARROW);
  cairo_close_path (cr);
}

/* Of the gaps from FIRST to LAST, those edges that belong to the selected node, or those that do not. */
static void
draw_segments (const Drawing *drawing, guint first, guint last, gboolean incident)
{
  const FettleGraphLayout *layout = drawing->layout;
  const FettleColor *color =
      incident ? &drawing->palette->accent : &drawing->palette->axis;
  cairo_t *cr = drawing->cr;

  fettle_color_set_source (color, cr);
  cairo_set_line_width (cr, (incident ? 2 : 1) / MIN (drawing->zoom, 1));
  for (guint i = layout->gap_starts[first]; i < layout->gap_starts[last + 1]; i++)
    if (is_incident (drawing, layout->segments[i].edge) == incident)
      trace_segment (drawing, &layout->segments[i]);
  cairo_stroke (cr);
  if (drawing->zoom < DETAILS_FROM)
    return;
  for (guint i = layout->gap_starts[first]; i < layout->gap_starts[last + 1]; i++)
    if (layout->segments[i].to_node
        && is_incident (drawing, layout->segments[i].edge) == incident)
      trace_arrow (drawing, &layout->segments[i]);
  cairo_fill (cr);
}

static void
draw_straight_edges (const Drawing *drawing)
{
  const FettleGraphLayout *layout = drawing->layout;
  cairo_t *cr = drawing->cr;

  fettle_color_set_source (&drawing->palette->grid, cr);
  cairo_set_line_width (cr, 1 / MIN (drawing->zoom, 1));
  for (guint i = 0; i < layout->n_straight; i++)
    {
      FettleGraphEdge edge = drawing->contents->edges[layout->straight[i]];
      const FettleRectangle *from = &layout->nodes[edge.from];
      const FettleRectangle *to = &layout->nodes[edge.to];

      cairo_move_to (cr, from->x + from->width / 2, from->y + from->height);
      cairo_line_to (cr, to->x + to->width / 2, to->y);
    }
  cairo_stroke (cr);
}

static void
draw_edges (const Drawing *drawing, guint first, guint last)
{
  guint above = first > 0 ? first - 1 : 0;

  draw_straight_edges (drawing);
  draw_segments (drawing, above, last, FALSE);
  draw_segments (drawing, above, last, TRUE);
}

/* --- nodes --- */

static PangoLayout *
shape_text (const Drawing *drawing, const char *text, guint line)
{
  PangoLayout *layout = pango_layout_new (drawing->context);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (line == 0)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (line > 1)
    pango_attr_list_insert (attributes, pango_attr_scale_new (0.88));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout,
                              line == 1 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
  pango_layout_set_text (layout, text != NULL ? text : "", -1);
  return layout;
}

/* The value's text, "" if no measure is shown, or where the graph begins or ends; free with g_free. */
static char *
format_value (const FettleGraphContents *contents, guint node)
{
  if (contents->values == NULL
      || (contents->nodes[node].is_terminal && !contents->values[node].known))
    return g_strdup ("");
  if (!contents->values[node].known)
    return g_strdup (UNKNOWN_TEXT);
  return fettle_format_number (contents->format, contents->values[node].value);
}

static PangoLayout *
get_text (const Drawing *drawing, guint index, guint line)
{
  const FettleGraphNode *node = &drawing->contents->nodes[index];
  PangoLayout **place = &drawing->texts->layouts[index * LINES + line];
  g_autofree char *value = NULL;

  if (*place != NULL)
    return *place;
  if (line == LINES - 1)
    value = format_value (drawing->contents, index);
  *place = shape_text (drawing,
                       value != NULL ? value
                       : line == 0   ? node->title
                       : line == 1   ? node->name
                                     : node->detail,
                       line);
  return *place;
}

/* In one line; returns the width that it takes. */
static double
draw_line (const Drawing *drawing, PangoLayout *text, double x, double y, double width,
           PangoAlignment alignment)
{
  int used;

  if (width < 1)
    return 0;
  pango_layout_set_width (text, (int)(width * PANGO_SCALE));
  pango_layout_set_alignment (text, alignment);
  cairo_move_to (drawing->cr, x, y);
  pango_cairo_show_layout (drawing->cr, text);
  pango_layout_get_pixel_size (text, &used, NULL);
  return used;
}

static void
draw_all_lines (const Drawing *drawing, guint index, const FettleRectangle *area)
{
  double x = area->x + PADDING, width = area->width - 2 * PADDING;
  double y = area->y + PADDING / 2;
  double value_width;

  draw_line (drawing, get_text (drawing, index, 0), x, y, width, PANGO_ALIGN_LEFT);
  y += drawing->line_height;
  draw_line (drawing, get_text (drawing, index, 1), x, y, width, PANGO_ALIGN_LEFT);
  y += drawing->line_height;
  value_width =
      draw_line (drawing, get_text (drawing, index, 3), x, y, width, PANGO_ALIGN_RIGHT);
  draw_line (drawing, get_text (drawing, index, 2), x, y, width - value_width - PADDING,
             PANGO_ALIGN_LEFT);
}

/* From afar, the first line fills the node. */
static void
draw_first_line (const Drawing *drawing, guint index, const FettleRectangle *area)
{
  const double larger = 1.5;

  cairo_save (drawing->cr);
  cairo_translate (drawing->cr, area->x + PADDING / 2,
                   area->y + (area->height - larger * drawing->line_height) / 2);
  cairo_scale (drawing->cr, larger, larger);
  draw_line (drawing, get_text (drawing, index, 0), 0, 0,
             (area->width - PADDING) / larger, PANGO_ALIGN_CENTER);
  cairo_restore (drawing->cr);
}

/* A bar along the lower edge says the same as the shade, to those who cannot tell shades apart. */
static void
draw_value_bar (const Drawing *drawing, guint index, const FettleRectangle *area)
{
  const FettleGraphValue *value = &drawing->contents->values[index];
  FettleRectangle bar = { area->x + 1, area->y + area->height - BAR_HEIGHT - 1,
                          area->width - 2, BAR_HEIGHT };

  if (!value->known)
    {
      if (!drawing->contents->nodes[index].is_terminal)
        fettle_draw_hatch (drawing->cr, &bar, &drawing->palette->unknown);
      return;
    }
  if (drawing->maximum <= 0 || value->value <= 0)
    return;
  bar.width = MAX (round (bar.width * value->value / drawing->maximum), 1);
  fettle_draw_fill (drawing->cr, &bar, &drawing->palette->bar);
}

static void
draw_frame (const Drawing *drawing, guint index, const FettleRectangle *area)
{
  const FettlePalette *palette = drawing->palette;
  gboolean selected = drawing->contents->selected == (int)index;
  double thickness = 1 / MIN (drawing->zoom, 1);
  FettleRectangle inner = { area->x + 3 * thickness, area->y + 3 * thickness,
                            area->width - 6 * thickness, area->height - 6 * thickness };

  if (drawing->contents->nodes[index].is_terminal)
    fettle_draw_outline (drawing->cr, &inner, thickness, &palette->axis);
  fettle_draw_outline (drawing->cr, area, thickness, &palette->axis);
  if (!selected)
    return;
  fettle_draw_outline (drawing->cr, area, 3 * thickness, &palette->accent);
  if (drawing->contents->focused)
    fettle_draw_outline (
        drawing->cr,
        &(FettleRectangle){ area->x - 4 * thickness, area->y - 4 * thickness,
                            area->width + 8 * thickness, area->height + 8 * thickness },
        thickness, &palette->text);
}

static void
draw_node (const Drawing *drawing, guint index)
{
  const FettleGraphContents *contents = drawing->contents;
  const FettlePalette *palette = drawing->palette;
  const FettleRectangle *area = &drawing->layout->nodes[index];
  gboolean matches = contents->matches == NULL || contents->matches[index];
  FettleColor fill = fettle_graph_view_get_shade (
      contents->values != NULL ? &contents->values[index] : NULL, drawing->maximum,
      palette);
  gboolean is_far = drawing->zoom < DETAILS_FROM && contents->selected != (int)index
                    && contents->hovered != (int)index;

  if (!matches)
    fill = fettle_color_mix (&fill, &palette->background, DIMMED);
  fettle_draw_fill (drawing->cr, area,
                    is_far && contents->values == NULL ? &palette->axis : &fill);
  if (is_far)
    return;
  if (contents->values != NULL && matches)
    draw_value_bar (drawing, index, area);
  if (contents->hovered == (int)index)
    fettle_draw_fill (drawing->cr, area, &palette->hover);
  fettle_color_set_source (matches ? &palette->text : &palette->dim_text, drawing->cr);
  if (drawing->zoom >= ALL_TEXT_FROM)
    draw_all_lines (drawing, index, area);
  else if (drawing->zoom >= SOME_TEXT_FROM)
    draw_first_line (drawing, index, area);
  draw_frame (drawing, index, area);
}

static void
draw_nodes (const Drawing *drawing, guint first, guint last)
{
  const FettleGraphLayout *layout = drawing->layout;

  for (guint i = layout->layer_starts[first]; i < layout->layer_starts[last + 1]; i++)
    {
      const FettleRectangle *area = &layout->nodes[layout->layer_nodes[i]];
      FettleRectangle outside = { area->x - 4, area->y - 4, area->width + 8,
                                  area->height + 8 };

      if (fettle_draw_is_exposed (drawing->cr, &outside))
        draw_node (drawing, layout->layer_nodes[i]);
    }
}

/* --- the legend --- */

static double
get_legend_height (PangoContext *context)
{
  return 2 * fettle_text_get_height (context, FETTLE_TEXT_SMALL) + 14 + PADDING;
}

/* What the shades mean, from 0 to the highest value. */
static void
draw_legend (const Drawing *drawing, const FettleRectangle *area)
{
  const FettlePalette *palette = drawing->palette;
  double line = fettle_text_get_height (drawing->context, FETTLE_TEXT_SMALL);
  g_autofree char *maximum =
      fettle_format_number (drawing->contents->format, drawing->maximum);
  g_autofree char *zero = fettle_format_tick (drawing->contents->format, 0);
  FettleRectangle title = { area->x + PADDING, area->y + PADDING / 2,
                            area->width - 2 * PADDING, line };
  FettleRectangle ramp = { title.x, title.y + line + 2, title.width, 10 };
  FettleRectangle numbers = { title.x, ramp.y + ramp.height, title.width, line };
  cairo_pattern_t *shades =
      cairo_pattern_create_linear (ramp.x, 0, ramp.x + ramp.width, 0);

  cairo_pattern_add_color_stop_rgb (shades, 0, palette->heat_low.red,
                                    palette->heat_low.green, palette->heat_low.blue);
  cairo_pattern_add_color_stop_rgb (shades, 1, palette->heat_high.red,
                                    palette->heat_high.green, palette->heat_high.blue);
  fettle_draw_fill (drawing->cr, area, &palette->background);
  fettle_draw_outline (drawing->cr, area, 1, &palette->grid);
  cairo_set_source (drawing->cr, shades);
  cairo_rectangle (drawing->cr, ramp.x, ramp.y, ramp.width, ramp.height);
  cairo_fill (drawing->cr);
  cairo_pattern_destroy (shades);
  fettle_draw_outline (drawing->cr, &ramp, 1, &palette->axis);
  fettle_draw_text (drawing->cr, drawing->context, drawing->contents->measure, &title,
                    PANGO_ALIGN_LEFT, FETTLE_TEXT_SMALL, &palette->text);
  fettle_draw_text (drawing->cr, drawing->context, zero, &numbers, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_SMALL, &palette->dim_text);
  fettle_draw_text (drawing->cr, drawing->context, maximum, &numbers, PANGO_ALIGN_RIGHT,
                    FETTLE_TEXT_SMALL, &palette->dim_text);
}

/* --- all --- */

static void
draw_graph (const Drawing *drawing, const FettleGraphViewport *viewport)
{
  double left, top, right, bottom;
  guint first, last;

  cairo_save (drawing->cr);
  cairo_scale (drawing->cr, viewport->zoom, viewport->zoom);
  cairo_translate (drawing->cr, -viewport->x, -viewport->y);
  cairo_clip_extents (drawing->cr, &left, &top, &right, &bottom);
  if (fettle_graph_layout_find_layers (drawing->layout, top, bottom, &first, &last))
    {
      /* Thousands of small shapes: smooth edges could not be told from others, but would take their time. */
      if (drawing->zoom < DETAILS_FROM)
        cairo_set_antialias (drawing->cr, CAIRO_ANTIALIAS_NONE);
      draw_edges (drawing, first, last);
      draw_nodes (drawing, first, last);
    }
  cairo_restore (drawing->cr);
}

void
fettle_graph_view_draw (cairo_t *cr, PangoContext *context,
                        const FettleGraphContents *contents,
                        const FettleGraphLayout *layout, FettleGraphTexts *texts,
                        const FettlePalette *palette, const FettleGraphViewport *viewport)
{
  g_autoptr (FettleGraphTexts) own_texts =
      texts == NULL ? fettle_graph_texts_new (contents->n_nodes) : NULL;
  const Drawing drawing = {
    .cr = cr,
    .context = context,
    .contents = contents,
    .layout = layout,
    .texts = texts != NULL ? texts : own_texts,
    .palette = palette,
    .zoom = viewport->zoom,
    .maximum = fettle_graph_view_get_maximum (contents),
    .line_height = fettle_text_get_height (context, FETTLE_TEXT_PLAIN),
  };
  FettleRectangle all = { 0, 0, viewport->width, viewport->height };
  FettleRectangle legend = { LEGEND_MARGIN, 0, LEGEND_WIDTH,
                             get_legend_height (context) };

  legend.y = viewport->height - LEGEND_MARGIN - legend.height;
  fettle_draw_fill (cr, &all, &palette->background);
  if (layout == NULL || layout->n_nodes == 0)
    fettle_draw_text (cr, context, contents->empty_text, &all, PANGO_ALIGN_CENTER,
                      FETTLE_TEXT_PLAIN, &palette->dim_text);
  else
    draw_graph (&drawing, viewport);
  if (contents->values != NULL && layout != NULL && fettle_draw_is_exposed (cr, &legend))
    draw_legend (&drawing, &legend);
}

void
fettle_graph_view_get_full_size (const FettleGraphContents *contents,
                                 PangoContext *context, const FettleGraphLayout *layout,
                                 double *width, double *height)
{
  *width = MAX (layout->width, LEGEND_WIDTH + 2 * LEGEND_MARGIN);
  *height = layout->height;
  if (contents->values != NULL)
    *height += get_legend_height (context) + 2 * LEGEND_MARGIN;
}

void
fettle_graph_view_render (cairo_t *cr, PangoContext *context,
                          const FettleGraphContents *contents,
                          const FettleGraphLayout *layout, const FettlePalette *palette)
{
  FettleGraphViewport viewport = { .zoom = 1 };

  g_return_if_fail (cr != NULL && contents != NULL && layout != NULL);

  fettle_graph_view_get_full_size (contents, context, layout, &viewport.width,
                                   &viewport.height);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, viewport.width, viewport.height);
  cairo_clip (cr);
  fettle_graph_view_draw (cr, context, contents, layout, NULL, palette, &viewport);
  cairo_restore (cr);
}
