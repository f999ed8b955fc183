/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-palette.c: both palettes can be read: 4.5:1 for text, 3:1 for what carries meaning (WCAG 2). */
#include "widgets/palette.h"

#include <math.h>

/* TOP, translucent, over BOTTOM. */
static FettleColor
blend (const FettleColor *bottom, const FettleColor *top)
{
  return (FettleColor){ bottom->red + (top->red - bottom->red) * top->alpha,
                        bottom->green + (top->green - bottom->green) * top->alpha,
                        bottom->blue + (top->blue - bottom->blue) * top->alpha, 1 };
}

static void
assert_contrast (const FettleColor *a, const FettleColor *b, double minimum)
{
  g_assert_cmpfloat (fettle_color_contrast (a, b), >=, minimum);
}

/* Text can be read on every shade, and more cost is always darker, or always lighter: the order shows without hues. */
static void
check_heat (const FettlePalette *palette)
{
  double low = fettle_color_get_luminance (&palette->heat_low);
  double high = fettle_color_get_luminance (&palette->heat_high);
  double last = low;

  for (double share = 0; share <= 1; share += 0.125)
    {
      FettleColor shade =
          fettle_color_mix (&palette->heat_low, &palette->heat_high, share);
      double luminance = fettle_color_get_luminance (&shade);

      assert_contrast (&palette->text, &shade, 4.5);
      g_assert_true (share == 0 || (luminance < last) == (high < low));
      last = luminance;
    }
  assert_contrast (&palette->heat_low, &palette->heat_high, 1.7);
}

static void
check_palette (const FettlePalette *palette)
{
  const FettleColor *background = &palette->background;
  FettleColor selected = blend (background, &palette->selection);
  FettleColor selected_tensor = blend (&palette->tensor, &palette->selection);

  assert_contrast (&palette->text, background, 7);
  assert_contrast (&palette->text, &selected, 4.5);
  assert_contrast (&palette->text, &palette->tensor, 4.5);
  assert_contrast (&palette->text, &selected_tensor, 4.5);
  assert_contrast (&palette->text, &palette->scratch, 4.5);
  assert_contrast (&palette->dim_text, background, 4.5);
  assert_contrast (&palette->dim_text, &selected, 4.5);
  assert_contrast (&palette->reference, background, 4.5);
  assert_contrast (&palette->bar, background, 3);
  assert_contrast (&palette->bar, &selected, 3);
  assert_contrast (&palette->whisker, &palette->bar, 3);
  assert_contrast (&palette->accent, background, 3);
  assert_contrast (&palette->accent, &palette->tensor, 3);
  assert_contrast (&palette->tensor_outline, background, 3);
  assert_contrast (&palette->scratch_outline, background, 3);
  assert_contrast (&palette->high_water, background, 3);
  assert_contrast (&palette->lower_bound, background, 3);
  assert_contrast (&palette->lower_bound, &palette->tensor, 3);
  assert_contrast (&palette->budget, background, 3);
  check_heat (palette);
}

static void
test_contrast (void)
{
  const FettleColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };

  g_assert_cmpfloat (fabs (fettle_color_contrast (&black, &white) - 21), <, 1e-9);
  check_palette (fettle_palette_get (FALSE));
  check_palette (fettle_palette_get (TRUE));
}

static void
test_style_sheets (void)
{
  const FettlePalette *light = fettle_palette_get (FALSE);
  const FettleColor *hover = &light->hover;

  g_assert_cmpfloat (fabs (light->bar.green - 0x72 / 255.0), <, 1e-9);
  g_assert_cmpfloat (fabs (hover->alpha - 0.05), <, 1e-9);
  g_assert_cmpfloat (fettle_color_get_luminance (&light->background), >, 0.9);
  g_assert_cmpfloat (fettle_color_get_luminance (&fettle_palette_get (TRUE)->background),
                     <, 0.1);
}

static void
test_high_contrast (void)
{
  const FettleColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 }, blue = { 0, 0, 1, 1 };
  FettlePalette palette;

  fettle_palette_init_contrast (&palette, &white, &black, &blue);
  assert_contrast (&palette.text, &palette.background, 21);
  assert_contrast (&palette.dim_text, &palette.background, 21);
  assert_contrast (&palette.text, &palette.tensor, 7);
  assert_contrast (&palette.bar, &palette.background, 3);
  assert_contrast (&palette.whisker, &palette.bar, 2);
  check_heat (&palette);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/palette/contrast", test_contrast);
  g_test_add_func ("/widgets/palette/style-sheets", test_style_sheets);
  g_test_add_func ("/widgets/palette/high-contrast", test_high_contrast);
  return g_test_run ();
}
