/* SPDX-License-Identifier: GPL-3.0-or-later */
/* palette.h: the colours that drawing code receives. Knows no GTK, so that charts can be written to
 * files without a display; style.h fills a palette from a widget's theme. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Each from 0 to 1, not premultiplied. Same layout as GdkRGBA. */
typedef struct
{
  double red, green, blue, alpha;
} FettleColor;

/* Named in CSS as fettle_<field>: widgets/fettle-light.css, widgets/fettle-dark.css. */
typedef struct
{
  FettleColor background;
  FettleColor text;
  FettleColor dim_text; /* axis numbers, empty states */
  FettleColor grid;
  FettleColor axis;
  FettleColor bar;
  FettleColor whisker;   /* over a bar: minimum and maximum */
  FettleColor unknown;   /* hatching where nothing is known yet */
  FettleColor hover;     /* row or rectangle under the pointer, translucent */
  FettleColor selection; /* band behind what is selected, translucent */
  FettleColor accent;    /* outline of what is selected, focus */
  FettleColor reference; /* line to compare with */
  FettleColor tensor;    /* arena: fill behind text; and its outline */
  FettleColor tensor_outline;
  FettleColor scratch;
  FettleColor scratch_outline;
  FettleColor high_water;
  FettleColor lower_bound;
  FettleColor budget;
  FettleColor heat_low; /* fill behind text: from no cost to the highest */
  FettleColor heat_high;
} FettlePalette;

/* The project's own light or dark colours. */
const FettlePalette *fettle_palette_get (gboolean dark);

/* Only black-on-white-like colours: everything is made of the theme's two (high contrast). */
void fettle_palette_init_contrast (FettlePalette *palette, const FettleColor *text,
                                   const FettleColor *background,
                                   const FettleColor *accent);

/* Number of colours, and the CSS name ("fettle_bar") and place of number INDEX. */
guint fettle_palette_get_n_colors (void);
const char *fettle_palette_get_color_name (guint index);
FettleColor *fettle_palette_get_color (FettlePalette *palette, guint index);

/* Between A (0) and B (1). */
FettleColor fettle_color_mix (const FettleColor *a, const FettleColor *b,
                              double share_of_b);

/* Relative luminance of WCAG 2, from 0 to 1. */
double fettle_color_get_luminance (const FettleColor *color);

/* Contrast ratio of WCAG 2, from 1 to 21; both opaque. */
double fettle_color_contrast (const FettleColor *a, const FettleColor *b);

void fettle_color_set_source (const FettleColor *color, cairo_t *cr);

G_END_DECLS
