/* SPDX-License-Identifier: GPL-3.0-or-later */
/* palette.c: the colours that drawing code receives. */
#include "widgets/palette.h"

#include "widgets-resources.h"

#include <math.h>
#include <string.h>

#define RESOURCE_PREFIX "/io/github/fettle/Fettle/widgets/"

typedef struct
{
  const char *name;
  gsize offset;
} NamedColor;

#define NAMED_COLOR(field)                                                               \
  {                                                                                      \
    "fettle_" #field, G_STRUCT_OFFSET (FettlePalette, field)                             \
  }

static const NamedColor named_colors[] = {
  NAMED_COLOR (background), NAMED_COLOR (text),
  NAMED_COLOR (dim_text),   NAMED_COLOR (grid),
  NAMED_COLOR (axis),       NAMED_COLOR (bar),
  NAMED_COLOR (whisker),    NAMED_COLOR (unknown),
  NAMED_COLOR (hover),      NAMED_COLOR (selection),
  NAMED_COLOR (accent),     NAMED_COLOR (reference),
  NAMED_COLOR (tensor),     NAMED_COLOR (tensor_outline),
  NAMED_COLOR (scratch),    NAMED_COLOR (scratch_outline),
  NAMED_COLOR (high_water), NAMED_COLOR (lower_bound),
  NAMED_COLOR (budget),     NAMED_COLOR (heat_low),
  NAMED_COLOR (heat_high),
};

G_STATIC_ASSERT (sizeof (FettlePalette)
                 == G_N_ELEMENTS (named_colors) * sizeof (FettleColor));

/* "#rrggbb" or "rgba(r,g,b,a)": all that our two style sheets use. */
static gboolean
parse_color (const char *text, FettleColor *color)
{
  guint channels[3];
  guint64 rgb;

  if (text[0] == '#')
    {
      rgb = g_ascii_strtoull (text + 1, NULL, 16);
      *color =
          (FettleColor){ (double)(rgb >> 16 & 255) / 255, (double)(rgb >> 8 & 255) / 255,
                         (double)(rgb & 255) / 255, 1 };
      return TRUE;
    }
  if (!g_str_has_prefix (text, "rgba("))
    return FALSE;
  text += strlen ("rgba(");
  for (guint i = 0; i < 3; i++)
    {
      char *end = NULL;

      channels[i] = (guint)g_ascii_strtoull (text, &end, 10);
      text = end + 1;
    }
  *color = (FettleColor){ channels[0] / 255.0, channels[1] / 255.0, channels[2] / 255.0,
                          g_ascii_strtod (text, NULL) };
  return TRUE;
}

/* Reads the @define-color lines, so that files written without GTK have the colours of the screen. */
static void
load_style_sheet (FettlePalette *palette, const char *file_name)
{
  g_autofree char *path = g_strconcat (RESOURCE_PREFIX, file_name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) lines = NULL;

  g_resources_register (widgets_get_resource ());
  bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (bytes != NULL);
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (guint i = 0; i < fettle_palette_get_n_colors (); i++)
    {
      g_autofree char *prefix =
          g_strdup_printf ("@define-color %s ", fettle_palette_get_color_name (i));
      gboolean found = FALSE;

      for (guint line = 0; lines[line] != NULL && !found; line++)
        found = g_str_has_prefix (lines[line], prefix)
                && parse_color (lines[line] + strlen (prefix),
                                fettle_palette_get_color (palette, i));
      g_assert (found);
    }
}

const FettlePalette *
fettle_palette_get (gboolean dark)
{
  static FettlePalette palettes[2];
  static gsize loaded;

  if (g_once_init_enter (&loaded))
    {
      load_style_sheet (&palettes[FALSE], "fettle-light.css");
      load_style_sheet (&palettes[TRUE], "fettle-dark.css");
      g_once_init_leave (&loaded, 1);
    }
  return &palettes[dark ? 1 : 0];
}

FettleColor
fettle_color_mix (const FettleColor *a, const FettleColor *b, double share_of_b)
{
  return (FettleColor){ a->red + (b->red - a->red) * share_of_b,
                        a->green + (b->green - a->green) * share_of_b,
                        a->blue + (b->blue - a->blue) * share_of_b, 1 };
}

void
fettle_palette_init_contrast (FettlePalette *palette, const FettleColor *text,
                              const FettleColor *background, const FettleColor *accent)
{
  g_return_if_fail (palette != NULL && text != NULL && background != NULL
                    && accent != NULL);

  for (guint i = 0; i < fettle_palette_get_n_colors (); i++)
    *fettle_palette_get_color (palette, i) = *text;
  palette->background = *background;
  palette->grid = fettle_color_mix (background, text, 0.3);
  palette->bar = fettle_color_mix (background, text, 0.6);
  palette->tensor = *background;
  palette->scratch = fettle_color_mix (background, text, 0.2);
  palette->heat_low = *background;
  palette->heat_high = fettle_color_mix (background, text, 0.3);
  palette->accent = *accent;
  palette->selection = *accent;
  palette->selection.alpha = 0.25;
  palette->hover.alpha = 0.12;
}

guint
fettle_palette_get_n_colors (void)
{
  return G_N_ELEMENTS (named_colors);
}

const char *
fettle_palette_get_color_name (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (named_colors), NULL);
  return named_colors[index].name;
}

FettleColor *
fettle_palette_get_color (FettlePalette *palette, guint index)
{
  g_return_val_if_fail (palette != NULL && index < G_N_ELEMENTS (named_colors), NULL);
  return G_STRUCT_MEMBER_P (palette, named_colors[index].offset);
}

static double
linearize (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

double
fettle_color_get_luminance (const FettleColor *color)
{
  g_return_val_if_fail (color != NULL, 0);
  return 0.2126 * linearize (color->red) + 0.7152 * linearize (color->green)
         + 0.0722 * linearize (color->blue);
}

double
fettle_color_contrast (const FettleColor *a, const FettleColor *b)
{
  double luminance_a = fettle_color_get_luminance (a);
  double luminance_b = fettle_color_get_luminance (b);

  return (MAX (luminance_a, luminance_b) + 0.05)
         / (MIN (luminance_a, luminance_b) + 0.05);
}

void
fettle_color_set_source (const FettleColor *color, cairo_t *cr)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}
