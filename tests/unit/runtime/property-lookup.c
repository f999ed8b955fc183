/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-lookup.c: functions of one int8, which the lowering makes tables of, against their definitions.
 *
 * Each case has scales of its own and tries all 256 values. */
#include "property-range.h"

#include <math.h>

#define N_VALUES 256

static PropertyCase *the_case;
static PropertyTensor *input, *output;

/* What the operator makes of one value. */
typedef gint64 (*ValueFunc) (gint64 x);

static void
start (FettleOpcode opcode)
{
  const gint32 shape[] = { N_VALUES };

  the_case = property_start (opcode);
  input = property_add (PROPERTY_INPUT, FETTLE_TYPE_INT8, 1, shape);
  output = property_add (PROPERTY_OUTPUT, FETTLE_TYPE_INT8, 1, shape);
  for (gint32 i = 0; i < N_VALUES; i++)
    input->values[i] = i + G_MININT8;
}

static gboolean
compare_with (ValueFunc function)
{
  gint64 expected[N_VALUES];

  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < N_VALUES; i++)
    expected[i] = function (input->values[i]);
  property_expect (0, expected);
  return TRUE;
}

static void
set_random_scales (void)
{
  const float scale = property_random_scale ();

  property_set_scale (input, scale, property_random_zero_point (FETTLE_TYPE_INT8));
  property_set_scale (
      output, random_once_in (4) ? scale : property_output_scale ((double)scale / 4),
      property_random_zero_point (FETTLE_TYPE_INT8));
}

/* --- LOGISTIC and TANH, four integer bits --- */

static gint32
negative_part (gint32 z)
{
  return z < 0 ? z : -z;
}

static gint64
logistic (gint32 z)
{
  const gint64 upper =
      reference_reciprocal_of_one_plus (reference_exponential (negative_part (z), 4));

  return z == 0 ? 1 << 30 : z > 0 ? upper : G_MAXINT32 - upper;
}

static gint64
tangent (gint32 z)
{
  const gint64 magnitude =
      reference_one_minus_over_one_plus (reference_exponential (negative_part (z), 5));

  return z == 0 ? 0 : z > 0 ? magnitude : -magnitude;
}

static gint64
sigmoid (gint64 x)
{
  const double real = (double)input->scales[0] * (1 << 27);
  const gint64 d = x - input->zero_point;
  int32_t multiplier;
  const int left = reference_quantize_multiplier (real, &multiplier);
  const gint64 radius = (gint64)floor (15.0 * (1 << 27) / ldexp (1, left));
  gint32 z;

  if (d <= -radius)
    return G_MININT8;
  if (d >= radius)
    return G_MAXINT8;
  z = reference_multiply (d, multiplier, left);
  if (the_case->opcode == FETTLE_OPCODE_TANH)
    return property_narrow (output, reference_divide_by_power ((int32_t)tangent (z), 24));
  return property_narrow (output,
                          reference_divide_by_power ((int32_t)logistic (z), 23) - 128);
}

static gboolean
try_sigmoid (FettleOpcode opcode, float scale, gint32 zero_point)
{
  start (opcode);
  property_set_scale (
      input, ldexpf ((float)random_between (1 << 20, 1 << 24), -random_between (22, 36)),
      property_random_zero_point (FETTLE_TYPE_INT8));
  property_set_scale (output, scale, zero_point);
  return compare_with (sigmoid);
}

static gboolean
try_logistic (void)
{
  return try_sigmoid (FETTLE_OPCODE_LOGISTIC, 1.0f / 256, -128);
}

static gboolean
try_tanh (void)
{
  return try_sigmoid (FETTLE_OPCODE_TANH, 1.0f / 128, 0);
}

/* --- HARD_SWISH, in 16 bits --- */

static gint64
limit_s16 (gint64 value)
{
  return CLAMP (value, G_MININT16, G_MAXINT16);
}

/* a * b / 2^15, nearest, ties upwards. */
static gint64
short_multiply (gint64 a, gint64 b)
{
  return limit_s16 ((gint64)floor ((double)(a * b) / 32768 + 0.5));
}

static gint64
short_multiplier (float real, int *exponent)
{
  int32_t multiplier;

  *exponent = reference_quantize_multiplier ((double)real, &multiplier);
  return multiplier >= G_MAXINT32 - (1 << 15) ? G_MAXINT16
                                              : ((gint64)multiplier + (1 << 15)) >> 16;
}

static gint64
hard_swish (gint64 x)
{
  const float fine = input->scales[0] * (1.0f / 128);
  int output_exponent, exponent;
  const gint64 output_multiplier =
      short_multiplier (fine / output->scales[0], &output_exponent);
  const gint64 multiplier = short_multiplier (fine / (3.0f / 32768), &exponent);
  const gint64 v = (x - input->zero_point) * 128;
  const gint64 p = short_multiply (v, output_multiplier);
  gint64 r = v, product;

  if (exponent > 0)
    r = limit_s16 (r * ((gint64)1 << MIN (exponent - 1, 30)));
  r = short_multiply (r, multiplier);
  if (exponent > 0)
    r = limit_s16 (r * 2);
  if (exponent < 0)
    r = reference_divide_by_power ((int32_t)r, -exponent);
  r = (r + (1 << 15)) >> 1;
  product = r == G_MININT16 && p == G_MININT16 ? G_MAXINT16 : r * p / (1 << 15);
  return property_narrow (output,
                          reference_divide_by_power ((int32_t)product, -output_exponent)
                              + output->zero_point);
}

static gboolean
try_hard_swish (void)
{
  start (FETTLE_OPCODE_HARD_SWISH);
  set_random_scales ();
  return compare_with (hard_swish);
}

/* --- LEAKY_RELU, ABS, RSQRT --- */

static gint64
leaky_relu (gint64 x)
{
  const float s_in = input->scales[0], s_out = output->scales[0];
  const double slope = (double)(s_in * the_case->options.alpha / s_out);
  const gint64 d = x - input->zero_point;
  gint64 value = d >= 0 ? reference_scale (d, (double)(s_in / s_out))
                        : reference_scale (d, fabs (slope));

  if (d < 0 && slope < 0)
    value = -value;
  return property_narrow (output, value + output->zero_point);
}

static gboolean
try_leaky_relu (void)
{
  start (FETTLE_OPCODE_LEAKY_RELU);
  set_random_scales ();
  the_case->options.alpha = (float)random_between (-200, 200) / 100.0f;
  return compare_with (leaky_relu);
}

static gint64
absolute (gint64 x)
{
  const double factor = (double)(input->scales[0] / output->scales[0]);

  return property_narrow (output,
                          (gint64)reference_scale (ABS (x - input->zero_point), factor)
                              + output->zero_point);
}

static gboolean
try_abs (void)
{
  start (FETTLE_OPCODE_ABS);
  set_random_scales ();
  return compare_with (absolute);
}

static gint64
inverse_square_root (gint64 x)
{
  const double factor = 1 / (double)(sqrtf (input->scales[0]) * output->scales[0]);
  const gint64 d = x - input->zero_point;
  int32_t multiplier;
  const int shift = reference_quantize_multiplier (factor, &multiplier);

  if (d <= 0)
    return G_MAXINT8;
  return property_narrow (output, (gint64)reference_multiply (
                                      reference_scaled_inverse_square_root ((int32_t)d),
                                      multiplier, shift - 20)
                                      + output->zero_point);
}

static gboolean
try_rsqrt (void)
{
  const float scale = property_random_scale ();

  start (FETTLE_OPCODE_RSQRT);
  property_set_scale (input, scale, property_random_zero_point (FETTLE_TYPE_INT8));
  property_set_scale (output,
                      ldexpf ((float)random_between (1 << 10, 1 << 11) / sqrtf (scale),
                              -random_between (12, 20)),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  return compare_with (inverse_square_root);
}

/* --- functions of real numbers --- */

static double
real_function (double v)
{
  switch (the_case->opcode)
    {
    case FETTLE_OPCODE_ELU: /* the subtraction is in float */
      return v < 0 ? (double)((float)exp (v) - 1.0f) : v;
    case FETTLE_OPCODE_GELU:
      return the_case->options.is_approximate
                 ? 0.5 * v * (1 + tanh (sqrt (2 / G_PI) * (v + 0.044715 * v * v * v)))
                 : 0.5 * v * erfc (-v / sqrt (2));
    case FETTLE_OPCODE_NEG:
      return -v;
    case FETTLE_OPCODE_SQRT:
      return sqrt (v);
    case FETTLE_OPCODE_LOG:
      return log (v);
    case FETTLE_OPCODE_EXP:
      return exp (v);
    case FETTLE_OPCODE_SQUARE:
      return v * v;
    case FETTLE_OPCODE_FLOOR:
      return floor (v);
    case FETTLE_OPCODE_CEIL:
      return ceil (v);
    case FETTLE_OPCODE_ROUND:
      return rint (v);
    case FETTLE_OPCODE_SIN:
      return sin (v);
    default:
      return cos (v);
    }
}

/* To the nearest step of the output, but for what float loses on the way. */
static gint64
nearest (gint64 x)
{
  const double v = (double)(input->scales[0] * (float)(x - input->zero_point));
  const double steps = real_function (v) / (double)output->scales[0];
  const gint64 came = output->values[x - G_MININT8] - output->zero_point;
  const double loss = 0.5 + 1e-6 + 4e-7 * fabs (steps);

  if (isnan (steps)) /* no result: the least */
    return G_MININT8;
  if (fabs ((double)came - steps) <= loss)
    return came + output->zero_point;
  return property_narrow (output, reference_round (steps) + output->zero_point);
}

static gboolean
try_real (FettleOpcode opcode)
{
  start (opcode);
  set_random_scales ();
  the_case->options.is_approximate = random_once_in (2);
  /* Most functions are of interest near 0, whatever the steps. */
  if (random_once_in (2))
    property_set_scale (input, (float)random_between (1, 1 << 20) * 0x1p-23f,
                        input->zero_point);
  if (random_once_in (2))
    property_set_scale (output, (float)random_between (1, 1 << 20) * 0x1p-23f,
                        output->zero_point);
  return compare_with (nearest);
}

#define REAL(function, OPCODE)                                                           \
  static gboolean function (void)                                                        \
  {                                                                                      \
    return try_real (FETTLE_OPCODE_##OPCODE);                                            \
  }

REAL (try_elu, ELU)
REAL (try_gelu, GELU)
REAL (try_neg, NEG)
REAL (try_sqrt, SQRT)
REAL (try_log, LOG)
REAL (try_exp, EXP)
REAL (try_square, SQUARE)
REAL (try_floor, FLOOR)
REAL (try_ceil, CEIL)
REAL (try_round, ROUND)
REAL (try_sin, SIN)
REAL (try_cos, COS)

int
main (int argc, char **argv)
{
  /* Each case counts as 16 of the 256 that it is. */
  static const Property properties[] = {
    { "logistic-s8", FRT_KERNEL_LOOKUP_S8, try_logistic, 16 },
    { "tanh-s8", FRT_KERNEL_LOOKUP_S8, try_tanh, 16 },
    { "hard-swish-s8", FRT_KERNEL_LOOKUP_S8, try_hard_swish, 16 },
    { "leaky-relu-s8", FRT_KERNEL_LOOKUP_S8, try_leaky_relu, 16 },
    { "abs-s8", FRT_KERNEL_LOOKUP_S8, try_abs, 16 },
    { "rsqrt-s8", FRT_KERNEL_LOOKUP_S8, try_rsqrt, 16 },
    { "elu-s8", FRT_KERNEL_LOOKUP_S8, try_elu, 16 },
    { "gelu-s8", FRT_KERNEL_LOOKUP_S8, try_gelu, 16 },
    { "neg-s8", FRT_KERNEL_LOOKUP_S8, try_neg, 16 },
    { "sqrt-s8", FRT_KERNEL_LOOKUP_S8, try_sqrt, 16 },
    { "log-s8", FRT_KERNEL_LOOKUP_S8, try_log, 16 },
    { "exp-s8", FRT_KERNEL_LOOKUP_S8, try_exp, 16 },
    { "square-s8", FRT_KERNEL_LOOKUP_S8, try_square, 16 },
    { "floor-s8", FRT_KERNEL_LOOKUP_S8, try_floor, 16 },
    { "ceil-s8", FRT_KERNEL_LOOKUP_S8, try_ceil, 16 },
    { "round-s8", FRT_KERNEL_LOOKUP_S8, try_round, 16 },
    { "sin-s8", FRT_KERNEL_LOOKUP_S8, try_sin, 16 },
    { "cos-s8", FRT_KERNEL_LOOKUP_S8, try_cos, 16 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
