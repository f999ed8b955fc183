/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-normalization.c: SOFTMAX, LOG_SOFTMAX and L2_NORMALIZATION, row by row, against their definitions. */
#include "property-range.h"

#include <math.h>

static PropertyCase *the_case;
static PropertyTensor *input, *output;
static gint32 depth;

/* One row. */
typedef void (*RowFunc) (const gint64 *x, gint64 *y);

static void
add_operands (FettleOpcode opcode, FettleType from, FettleType to, float scale,
              gint32 zero_point)
{
  const gint32 rows = random_between (1, 3);

  depth = random_between (1, random_once_in (200) ? 1200 : 12);
  the_case = property_start (opcode);
  the_case->options.beta = random_once_in (2) ? 1 : (float)random_between (1, 400) / 100;
  input = property_add (PROPERTY_INPUT, from, 2, (gint32[]){ rows, depth });
  output = property_add (PROPERTY_OUTPUT, to, 2, (gint32[]){ rows, depth });
  property_set_scale (output, scale, zero_point);
}

/* Of logits: from 2^-13 to 8 a step. */
static float
random_logit_scale (void)
{
  return random_once_in (3) ? ldexpf (1, -random_between (0, 12))
                            : ldexpf ((float)random_between (1 << 23, 1 << 24),
                                      -random_between (21, 36));
}

static gboolean
compare_rows (RowFunc function)
{
  static gint64 expected[PROPERTY_MAX_ELEMENTS];

  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 at = 0; at < output->n; at += depth)
    function (input->values + at, expected + at);
  property_expect (0, expected);
  return TRUE;
}

/* --- of int8 --- */

typedef struct
{
  int32_t multiplier;
  int left;
  gint32 least; /* differences below it vanish */
} Scaling;

static Scaling
scale_differences (double beta)
{
  const double real = MIN (beta * (double)input->scales[0] * (1 << 26), 2147483647.0);
  Scaling scaling;

  scaling.left = reference_quantize_multiplier (real, &scaling.multiplier);
  scaling.least = -(gint32)floor (31.0 * (1 << 26) / ldexp (1, scaling.left));
  return scaling;
}

static void
softmax (const gint64 *x, gint64 *y)
{
  const Scaling scaling = scale_differences ((double)the_case->options.beta);

  reference_softmax (x, y, depth, output->type == FETTLE_TYPE_INT8 ? 8 : 16,
                     scaling.multiplier, scaling.left, scaling.least);
}

static gboolean
try_softmax_s8 (void)
{
  add_operands (FETTLE_OPCODE_SOFTMAX, FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, 1.0f / 256,
                -128);
  property_set_scale (input, random_logit_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  return compare_rows (softmax);
}

static gboolean
try_softmax_s8_s16 (void)
{
  add_operands (FETTLE_OPCODE_SOFTMAX, FETTLE_TYPE_INT8, FETTLE_TYPE_INT16, 1.0f / 65536,
                -32768);
  property_set_scale (input, random_logit_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  return compare_rows (softmax);
}

static gint32
product (gint64 a, gint64 b)
{
  return reference_high_multiply ((gint32)a, (gint32)b);
}

static gint32
shift_left (gint64 value, int bits)
{
  return (gint32)CLAMP (value * ((gint64)1 << bits), G_MININT32, G_MAXINT32);
}

static int
leading_zeros (gint32 value)
{
  return value == 0 ? 32 : 31 - (int)g_bit_nth_msf ((gulong)value, -1);
}

/* log (SUM), SUM at least 1 with 12 integer bits, as Q5.26: SUM is 2^k * r, r around the fourth root of a half,
 * where the logarithm is a quotient of polynomials. One integer bit more on the way. */
static gint32
logarithm (gint32 sum)
{
  const gint32 half_root = 1518500250, center = 1805811301, quarter = 1 << 23;
  const int a_zeros = leading_zeros (sum);
  const int b_zeros = leading_zeros (product (sum, half_root)) - 1;
  const gint32 a = shift_left (product (shift_left (sum, a_zeros - 1), half_root), 1);
  const gint32 b = shift_left (sum, b_zeros);
  const gint64 a_power = (gint64)(12 - a_zeros) * (1 << 25) + quarter;
  const gint64 b_power = (gint64)(12 - b_zeros) * (1 << 25) - quarter;
  const gint32 r = MIN (a, b);
  const gint32 p = (gint32)(((gint64)r + center + 1) / 2), q = (r - center) * 2;
  const gint32 q2 = product (q, q);
  const gint32 above = product (q, r) + product (product (q, q2), 117049297);
  const gint32 below = product (p, (gint64)1057819769 + q + product (127690142, q2))
                       + product (638450708, q);
  const gint32 quotient = product (reference_divide_by_power (above, 6),
                                   reference_reciprocal_of_one_plus (below));

  return shift_left ((gint64)product (MAX (a_power, b_power), 1488522236) + quotient, 1);
}

static gint64
largest_of (const gint64 *x)
{
  gint64 largest = x[0];

  for (gint32 i = 1; i < depth; i++)
    largest = MAX (largest, x[i]);
  return largest;
}

/* The factor of a LOG_SOFTMAX, whose input is never scaled by a beta. */
static void
log_softmax (const gint64 *x, gint64 *y)
{
  const Scaling scaling = scale_differences (1);
  const gint64 largest = largest_of (x);
  gint64 sum = 0;
  gint32 log_sum, reverse;
  int shift;
  gint64 limit;

  for (gint32 i = 0; i < depth; i++)
    if (x[i] - largest >= scaling.least)
      sum += reference_divide_by_power (
          reference_exponential (
              reference_multiply (x[i] - largest, scaling.multiplier, scaling.left), 5),
          12);
  log_sum = logarithm ((gint32)sum);
  shift = reference_quantize_multiplier (
      ldexp (1, 31 - scaling.left) / (double)scaling.multiplier, &reverse);
  limit = MAX (scaling.least - 1, reference_multiply ((gint64)log_sum + G_MININT32,
                                                      reverse, MIN (shift, 0)));
  for (gint32 i = 0; i < depth; i++)
    {
      const gint64 d = x[i] - largest;
      const gint64 scaled = reference_multiply (d, scaling.multiplier, scaling.left);

      y[i] = d > limit ? property_narrow (
                 output, reference_divide_by_power ((gint32)(scaled - log_sum), 22) + 127)
                       : G_MININT8;
    }
}

static gboolean
try_log_softmax (void)
{
  add_operands (FETTLE_OPCODE_LOG_SOFTMAX, FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, 1.0f / 16,
                127);
  property_set_scale (input, random_logit_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  return compare_rows (log_softmax);
}

static void
l2_normalization (const gint64 *x, gint64 *y)
{
  gint64 sum = 0;
  int32_t multiplier;
  int shift;

  for (gint32 i = 0; i < depth; i++)
    sum += (x[i] - input->zero_point) * (x[i] - input->zero_point);
  shift = reference_inverse_square_root ((gint32)sum, &multiplier);
  for (gint32 i = 0; i < depth; i++)
    y[i] = property_narrow (
        output, reference_multiply (x[i] - input->zero_point, multiplier, shift + 7));
}

static gboolean
try_l2_normalization (void)
{
  add_operands (FETTLE_OPCODE_L2_NORMALIZATION, FETTLE_TYPE_INT8, FETTLE_TYPE_INT8,
                1.0f / 128, 0);
  property_set_scale (input, property_random_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  return compare_rows (l2_normalization);
}

/* --- of int16 --- */

#define STEPS 512

/* Samples of FUNCTION from LOW on, RANGE wide, to 15 fraction bits. All in float. */
static void
populate (gint64 *table, float (*function) (float x), float input_scale,
          gint32 zero_point)
{
  const float step_out = 2.0f / 65535;
  const float factor = 65536 / (step_out * 32767 - step_out * -32768);
  const float low = input_scale * (float)(-32768 - zero_point);
  const float high = input_scale * (float)(32767 - zero_point);
  const float step = (high - low) / STEPS;

  for (int i = 0; i < STEPS; i++)
    {
      const float x = low + (float)i * step;
      const float sample = roundf (function (x) * factor);
      const float middle = roundf (function (x + step / 2) * factor);
      const float between =
          roundf ((function (low + (float)(i + 1) * step) * factor + sample) / 2);

      table[i] = (gint64)CLAMP (sample - roundf ((between - middle) / 2), -32768, 32767);
    }
  table[STEPS] = (gint64)CLAMP (roundf (function (high) * factor), -32768, 32767);
}

static float
one_over_one_plus (float x)
{
  return 1.0f / (1.0f + x);
}

static gint64
look_up (const gint64 *table, gint64 value)
{
  const gint64 i = (value + 32768) / 128, rest = (value + 32768) % 128;

  return table[i] + (((table[i + 1] - table[i]) * rest + 64) >> 7);
}

static void
softmax_s16 (const gint64 *x, gint64 *y)
{
  static gint64 exponentials[STEPS + 1], reciprocals[STEPS + 1];
  const double factor =
      (double)input->scales[0] * (double)the_case->options.beta / (10.0 / 65535.0);
  const gint64 largest = largest_of (x);
  gint64 sum = 0, r, k;
  int h;

  if (exponentials[STEPS] == 0)
    {
      populate (exponentials, expf, 10.0f / 65535, 32767);
      populate (reciprocals, one_over_one_plus, 1.0f / 65535, -32768);
    }
  for (gint32 i = 0; i < depth; i++)
    {
      const gint64 v = (gint64)reference_scale (x[i] - largest, factor) + 32767;

      sum += y[i] = look_up (exponentials, CLAMP (v, -32768, 32767));
    }
  h = leading_zeros ((gint32)sum);
  r = ((sum << (h - 1)) + (1 << 13)) >> 14;
  r -= (1 << 15) + (1 << 16);
  k = look_up (reciprocals, CLAMP (r, -32768, 32767));
  for (gint32 i = 0; i < depth; i++)
    {
      y[i] = (y[i] * k + ((gint64)1 << (30 - h))) >> (31 - h);
      y[i] = CLAMP (y[i], 0, 32767);
    }
}

static gboolean
try_softmax_s16 (void)
{
  add_operands (FETTLE_OPCODE_SOFTMAX, FETTLE_TYPE_INT16, FETTLE_TYPE_INT16, 1.0f / 32768,
                0);
  property_set_scale (input, random_logit_scale () / 64, 0);
  return compare_rows (softmax_s16);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "softmax-s8", FRT_KERNEL_SOFTMAX_S8, try_softmax_s8, 1 },
    { "softmax-s8-s16", FRT_KERNEL_SOFTMAX_S8_S16, try_softmax_s8_s16, 1 },
    { "softmax-s16", FRT_KERNEL_SOFTMAX_S16, try_softmax_s16, 1 },
    { "log-softmax-s8", FRT_KERNEL_LOG_SOFTMAX_S8, try_log_softmax, 1 },
    { "l2-normalization-s8", FRT_KERNEL_L2_NORMALIZATION_S8, try_l2_normalization, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
