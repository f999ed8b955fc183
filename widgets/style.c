/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.c: the palette of the theme that is in use. */
#include "widgets/style.h"

#include <string.h>

#define RESOURCE_PREFIX "/io/github/fettle/Fettle/widgets/"

static gboolean
is_high_contrast (void)
{
  g_autofree char *theme_name = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme_name, NULL);
  return theme_name != NULL && strstr (theme_name, "HighContrast") != NULL;
}

static FettleColor
look_up (GtkStyleContext *context, const char *name, const FettleColor *fallback)
{
  GdkRGBA rgba;

  if (gtk_style_context_lookup_color (context, name, &rgba))
    return (FettleColor){ rgba.red, rgba.green, rgba.blue, rgba.alpha };
  return *fallback;
}

static gboolean
is_dark (const FettleColor *background)
{
  return fettle_color_get_luminance (background) < 0.18;
}

void
fettle_style_get_palette (GtkStyleContext *context, FettlePalette *palette)
{
  const FettlePalette *light = fettle_palette_get (FALSE);
  FettleColor background, text, accent;

  g_return_if_fail (GTK_IS_STYLE_CONTEXT (context) && palette != NULL);

  background = look_up (context, "theme_base_color", &light->background);
  text = look_up (context, "theme_text_color", &light->text);
  if (is_high_contrast ())
    {
      accent = look_up (context, "theme_selected_bg_color", &light->accent);
      fettle_palette_init_contrast (palette, &text, &background, &accent);
      return;
    }
  *palette = *fettle_palette_get (is_dark (&background));
  for (guint i = 0; i < fettle_palette_get_n_colors (); i++)
    {
      FettleColor *color = fettle_palette_get_color (palette, i);

      *color = look_up (context, fettle_palette_get_color_name (i), color);
    }
  palette->background = background;
  palette->text = text;
}

/* Loads the sheet that suits the theme into PROVIDER. */
static void
follow_theme (GtkCssProvider *provider)
{
  g_autoptr (GtkWidget) window = g_object_ref_sink (gtk_offscreen_window_new ());
  GtkStyleContext *context = gtk_widget_get_style_context (window);
  FettleColor background =
      look_up (context, "theme_base_color", &fettle_palette_get (FALSE)->background);

  gtk_css_provider_load_from_resource (
      provider, is_dark (&background) ? RESOURCE_PREFIX "fettle-dark.css"
                                      : RESOURCE_PREFIX "fettle-light.css");
  gtk_widget_destroy (window);
}

void
fettle_style_install (GdkScreen *screen)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  GtkSettings *settings;

  g_return_if_fail (GDK_IS_SCREEN (screen));

  settings = gtk_settings_get_for_screen (screen);
  follow_theme (provider);
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect_object (settings, "notify::gtk-theme-name", G_CALLBACK (follow_theme),
                           provider, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::gtk-application-prefer-dark-theme",
                           G_CALLBACK (follow_theme), provider, G_CONNECT_SWAPPED);
}
