/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-multiplier.c: real factors to fixed point, at the edges. */
#include "model/multiplier.h"

#include <math.h>

static void
test_multiplier (void)
{
  static const struct
  {
    double value;
    gint32 multiplier;
    int shift;
  } cases[] = {
    { 0.0, 0, 0 },
    { 0.5, 1 << 30, 0 },
    { 1.0, 1 << 30, 1 },
    { 0.75, 1610612736, 0 },
    { 3.0, 1610612736, 2 },
    { 1.0 / 3, 1431655765, -1 },
    /* round (q * 2^31) reaches 2^31 and is halved. */
    { 1.0 - 1.0 / 17179869184.0, 1 << 30, 1 },
    /* The smallest shift that is kept, and the first that is flushed. */
    { 1.0 / 4294967296.0, 1 << 30, -31 },
    { 1.0 / 8589934592.0, 0, 0 },
    { 1.0e-30, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint32 multiplier;
      int shift;

      fettle_quantize_multiplier (cases[i].value, &multiplier, &shift);
      g_assert_cmpint (multiplier, ==, cases[i].multiplier);
      g_assert_cmpint (shift, ==, cases[i].shift);
    }
}

static void
test_activation (void)
{
  static const struct
  {
    FettleActivation activation;
    float scale;
    gint32 zero_point, minimum, maximum;
  } cases[] = {
    { FETTLE_ACTIVATION_NONE, 0.1f, 5, -128, 127 },
    { FETTLE_ACTIVATION_RELU, 0.1f, 5, 5, 127 },
    { FETTLE_ACTIVATION_RELU, 0.1f, -128, -128, 127 },
    { FETTLE_ACTIVATION_RELU6, 0.1f, -20, -20, 40 },
    { FETTLE_ACTIVATION_RELU6, 6.0f / 255, -128, -128, 127 },
    { FETTLE_ACTIVATION_RELU6, 1.0e-38f, 0, 0, 127 },
    { FETTLE_ACTIVATION_RELU_N1_TO_1, 0.4f, 10, 7, 13 },
    { FETTLE_ACTIVATION_RELU_N1_TO_1, 0.004f, 0, -128, 127 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint32 minimum, maximum;

      fettle_activation_range_s8 (cases[i].activation, cases[i].scale,
                                  cases[i].zero_point, &minimum, &maximum);
      g_assert_cmpint (minimum, ==, cases[i].minimum);
      g_assert_cmpint (maximum, ==, cases[i].maximum);
    }
}

static void
test_float_limits (void)
{
  float minimum, maximum;

  fettle_activation_range_f32 (FETTLE_ACTIVATION_NONE, &minimum, &maximum);
  g_assert_true (isinf (minimum) && minimum < 0);
  g_assert_true (isinf (maximum) && maximum > 0);
  fettle_activation_range_f32 (FETTLE_ACTIVATION_RELU6, &minimum, &maximum);
  g_assert_cmpfloat (minimum, ==, 0);
  g_assert_cmpfloat (maximum, ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/multiplier/multiplier", test_multiplier);
  g_test_add_func ("/multiplier/activation", test_activation);
  g_test_add_func ("/multiplier/float-limits", test_float_limits);
  return g_test_run ();
}
