/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-dot-product.c: the dot products for ARMv7E-M, in their plain C twins, against the definition. */
#include "random.h"
#include "runtime/arch/dot_product_dsp.h"
#include "runtime/dot_product.h"

#include <glib.h>

#define MOST    100
#define N_CASES 100000

static int8_t x[MOST], w[MOST];
static int16_t wide[MOST];

static void
fill (void)
{
  random_fill_s8 (x, MOST);
  random_fill_s8 (w, MOST);
  for (int i = 0; i < MOST; i++)
    wide[i] =
        random_once_in (8) ? INT16_MIN : (int16_t)random_between (INT16_MIN, INT16_MAX);
}

static void
test_int8 (void)
{
  for (int i = 0; i < property_cases (N_CASES); i++)
    {
      int32_t count = random_between (0, MOST), offset = random_between (-127, 128);

      fill ();
      g_assert_cmpuint (frt_dot_product_s8_dsp (x, w, count, offset), ==,
                        frt_dot_product_s8 (x, w, count, offset));
    }
}

static void
test_int4 (void)
{
  for (int i = 0; i < property_cases (N_CASES); i++)
    {
      int32_t count = random_between (0, MOST / 8) * 8;
      int32_t offset = random_between (-127, 128);
      const uint8_t *packed = (const uint8_t *)w;

      fill ();
      g_assert_cmpuint (frt_dot_product_s4_dsp (x, packed, count, offset), ==,
                        frt_dot_product_s4 (x, packed, 0, count, offset));
    }
}

/* So many that sixteen times their products would not fit in 32 bits. */
static void
test_many (void)
{
  int32_t count = 1 << 17;
  g_autofree int8_t *cells = g_malloc ((gsize)count);
  g_autofree uint8_t *packed = g_malloc ((gsize)count / 2);

  memset (cells, 127, (gsize)count);
  memset (packed, 0x88, (gsize)count / 2);
  g_assert_cmpuint (frt_dot_product_s4_dsp (cells, packed, count, 128), ==,
                    frt_dot_product_s4 (cells, packed, 0, count, 128));
}

static void
test_int16 (void)
{
  for (int i = 0; i < property_cases (N_CASES); i++)
    {
      int32_t count = random_between (0, MOST);

      fill ();
      g_assert_cmpint (frt_dot_product_s16_dsp (wide, w, count), ==,
                       frt_dot_product_s16 (wide, w, count));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/dot-product/int8", test_int8);
  g_test_add_func ("/runtime/dot-product/int4", test_int4);
  g_test_add_func ("/runtime/dot-product/int4-many", test_many);
  g_test_add_func ("/runtime/dot-product/int16", test_int16);
  return g_test_run ();
}
