/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.h: the palette of the theme that is in use. */
#pragma once

#include "widgets/palette.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes the colours of palette.h known to the style sheets of SCREEN as @fettle_bar and so on, and
 * follows the theme from light to dark and back. Call once at start; widgets also work without. */
void fettle_style_install (GdkScreen *screen);

/* The colours for a widget with CONTEXT: the theme's text and background; our colours for a light or
 * dark background, unless a style sheet defines others; two colours only in a high-contrast theme. */
void fettle_style_get_palette (GtkStyleContext *context, FettlePalette *palette);

G_END_DECLS
