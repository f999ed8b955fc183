/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-pairs.c: operators of two inputs that broadcast, against their definitions. */
#include "property-broadcast.h"
#include "property-range.h"

#include <math.h>

static PropertyCase *the_case;
static PropertyTensor *a, *b, *output;
static gint64 expected[PROPERTY_MAX_ELEMENTS];

static void
add_operands (FettleType type, FettleType result)
{
  property_add_pair (type, result, &a, &b, &output);
}

static gint32
random_zero_point (FettleType type, gboolean is_symmetric)
{
  return is_symmetric ? 0 : property_random_zero_point (type);
}

static void
fill_inputs (void)
{
  property_fill (a);
  property_fill (b);
  if (random_once_in (4)) /* equal values */
    for (gint32 i = 0; i < MIN (a->n, b->n); i++)
      b->values[i] = a->values[i];
}

/* What the operator makes of two values. */
typedef gint64 (*PairFunc) (gint64 x1, gint64 x2);

static gboolean
compare_with (PairFunc function)
{
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    expected[i] = function (property_broadcast_value (a, output, i),
                            property_broadcast_value (b, output, i));
  property_expect (0, expected);
  return TRUE;
}

/* --- arithmetic --- */

static int left_shift;
static double factor1, factor2, output_factor;

static gint64
scaled (const PropertyTensor *operand, gint64 x, double factor)
{
  return reference_scale ((x - operand->zero_point) * (1 << left_shift), factor);
}

static gint64
finish (gint64 value)
{
  return property_limit (the_case->options.activation, output,
                         reference_scale (value, output_factor) + output->zero_point);
}

static gint64
add (gint64 x1, gint64 x2)
{
  return finish (scaled (a, x1, factor1) + scaled (b, x2, factor2));
}

static gint64
subtract (gint64 x1, gint64 x2)
{
  return finish (scaled (a, x1, factor1) - scaled (b, x2, factor2));
}

static gint64
multiply (gint64 x1, gint64 x2)
{
  return finish ((x1 - a->zero_point) * (x2 - b->zero_point));
}

static gint64
square_difference (gint64 x1, gint64 x2)
{
  const gint64 difference = scaled (a, x1, factor1) - scaled (b, x2, factor2);

  return finish (difference * difference);
}

/* Section 5 of the arithmetic: ADD in double, SUB in float; and SQUARED_DIFFERENCE in both. */
static void
set_factors (void)
{
  const float s1 = a->scales[0], s2 = b->scales[0], s = output->scales[0];
  const double twice = 2 * MAX ((double)s1, (double)s2);
  const float twice_float = 2 * MAX (s1, s2);

  switch (the_case->opcode)
    {
    case FETTLE_OPCODE_ADD:
      factor1 = (double)s1 / twice;
      factor2 = (double)s2 / twice;
      output_factor = twice / (ldexp (1, left_shift) * (double)s);
      break;
    case FETTLE_OPCODE_SUB:
      factor1 = (double)(s1 / twice_float);
      factor2 = (double)(s2 / twice_float);
      output_factor = (double)(twice_float / (ldexpf (1, left_shift) * s));
      break;
    case FETTLE_OPCODE_MUL:
      output_factor = (double)s1 * (double)s2 / (double)s;
      break;
    default:
      factor1 = (double)s1 / twice;
      factor2 = (double)s2 / twice;
      output_factor = twice * twice / (double)(ldexpf (1, 2 * left_shift) * s);
      break;
    }
}

static gboolean
try_arithmetic (FettleOpcode opcode, FettleType type, PairFunc function)
{
  const gboolean is_s16 = type == FETTLE_TYPE_INT16;
  const gboolean is_product =
      opcode == FETTLE_OPCODE_MUL || opcode == FETTLE_OPCODE_SQUARED_DIFFERENCE;
  const gboolean is_symmetric = is_s16 && (is_product || random_once_in (2));
  float first = property_random_scale (), second = first;

  the_case = property_start (opcode);
  add_operands (type, type);
  the_case->options.activation = opcode == FETTLE_OPCODE_SQUARED_DIFFERENCE
                                     ? FETTLE_ACTIVATION_NONE
                                     : property_random_activation ();
  if (!random_once_in (4))
    second *= random_once_in (8) ? property_random_scale ()
                                 : (float)random_between (1, 64) / 8.0f;
  property_set_scale (a, first, random_zero_point (type, is_symmetric));
  property_set_scale (b, second, random_zero_point (type, is_symmetric));
  property_set_scale (
      output,
      property_output_scale (is_product
                                 ? (double)first * (double)second * (is_s16 ? 8192 : 8)
                                 : (double)MAX (first, second) / 4),
      random_zero_point (type, is_symmetric));
  fill_inputs ();
  left_shift = opcode == FETTLE_OPCODE_SQUARED_DIFFERENCE ? (is_s16 ? 0 : 7)
               : is_s16                                   ? 15
                                                          : 20;
  set_factors ();
  return compare_with (function);
}

static gboolean
try_add_s8 (void)
{
  return try_arithmetic (FETTLE_OPCODE_ADD, FETTLE_TYPE_INT8, add);
}

static gboolean
try_add_s16 (void)
{
  return try_arithmetic (FETTLE_OPCODE_ADD, FETTLE_TYPE_INT16, add);
}

static gboolean
try_sub_s8 (void)
{
  return try_arithmetic (FETTLE_OPCODE_SUB, FETTLE_TYPE_INT8, subtract);
}

static gboolean
try_sub_s16 (void)
{
  return try_arithmetic (FETTLE_OPCODE_SUB, FETTLE_TYPE_INT16, subtract);
}

static gboolean
try_mul_s8 (void)
{
  return try_arithmetic (FETTLE_OPCODE_MUL, FETTLE_TYPE_INT8, multiply);
}

static gboolean
try_mul_s16 (void)
{
  return try_arithmetic (FETTLE_OPCODE_MUL, FETTLE_TYPE_INT16, multiply);
}

static gboolean
try_squared_difference_s8 (void)
{
  return try_arithmetic (FETTLE_OPCODE_SQUARED_DIFFERENCE, FETTLE_TYPE_INT8,
                         square_difference);
}

static gboolean
try_squared_difference_s16 (void)
{
  return try_arithmetic (FETTLE_OPCODE_SQUARED_DIFFERENCE, FETTLE_TYPE_INT16,
                         square_difference);
}

/* --- MINIMUM, MAXIMUM, PRELU --- */

static gint64
smaller (gint64 x1, gint64 x2)
{
  return x1 < x2 ? x1 : x2;
}

static gint64
larger (gint64 x1, gint64 x2)
{
  return x1 > x2 ? x1 : x2;
}

static gboolean
try_extreme (FettleOpcode opcode, PairFunc function)
{
  const FettleType type = random_once_in (2) ? FETTLE_TYPE_INT8 : FETTLE_TYPE_INT16;
  const float scale = property_random_scale ();
  const gint32 zero_point = random_zero_point (type, FALSE);

  the_case = property_start (opcode);
  add_operands (type, type);
  property_set_scale (a, scale, zero_point);
  property_set_scale (b, scale, zero_point);
  property_set_scale (output, scale, zero_point);
  fill_inputs ();
  return compare_with (function);
}

static gboolean
try_minimum (void)
{
  return try_extreme (FETTLE_OPCODE_MINIMUM, smaller);
}

static gboolean
try_maximum (void)
{
  return try_extreme (FETTLE_OPCODE_MAXIMUM, larger);
}

static gint64
prelu (gint64 x, gint64 alpha)
{
  const double s = (double)a->scales[0], s_alpha = (double)b->scales[0];
  const double s_out = (double)output->scales[0];
  const gint64 d = x - a->zero_point;

  return property_narrow (output, (d >= 0 ? reference_scale (d, s / s_out)
                                          : reference_scale (d * (alpha - b->zero_point),
                                                             s * s_alpha / s_out))
                                      + output->zero_point);
}

static gboolean
try_prelu (void)
{
  const FettleType type = FETTLE_TYPE_INT8;

  the_case = property_start (FETTLE_OPCODE_PRELU);
  add_operands (type, type);
  property_set_scale (a, property_random_scale (), random_zero_point (type, FALSE));
  property_set_scale (b, property_random_scale (), random_zero_point (type, FALSE));
  property_set_scale (output, property_output_scale ((double)a->scales[0]),
                      random_zero_point (type, FALSE));
  fill_inputs ();
  return compare_with (prelu);
}

/* --- comparisons --- */

static gint64
compare (gint64 x1, gint64 x2)
{
  const gint64 first = reference_scale ((x1 - a->zero_point) * 256, (double)a->scales[0]);
  const gint64 second =
      reference_scale ((x2 - b->zero_point) * 256, (double)b->scales[0]);

  switch (the_case->opcode)
    {
    case FETTLE_OPCODE_EQUAL:
      return first == second;
    case FETTLE_OPCODE_NOT_EQUAL:
      return first != second;
    case FETTLE_OPCODE_GREATER:
      return first > second;
    case FETTLE_OPCODE_GREATER_EQUAL:
      return first >= second;
    case FETTLE_OPCODE_LESS:
      return first < second;
    default:
      return first <= second;
    }
}

static gboolean
try_compare (void)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_EQUAL,         FETTLE_OPCODE_NOT_EQUAL, FETTLE_OPCODE_GREATER,
    FETTLE_OPCODE_GREATER_EQUAL, FETTLE_OPCODE_LESS,      FETTLE_OPCODE_LESS_EQUAL,
  };
  const FettleType type = FETTLE_TYPE_INT8;
  const gboolean is_alike = random_once_in (2);

  the_case = property_start (opcodes[random_between (0, 5)]);
  add_operands (type, FETTLE_TYPE_BOOL);
  property_set_scale (a, property_random_scale (), random_zero_point (type, FALSE));
  property_set_scale (b, is_alike ? a->scales[0] : property_random_scale (),
                      is_alike ? a->zero_point : random_zero_point (type, FALSE));
  fill_inputs ();
  return compare_with (compare);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "add-s8", FRT_KERNEL_ADD_S8, try_add_s8, 1 },
    { "add-s16", FRT_KERNEL_ADD_S16, try_add_s16, 1 },
    { "add-s8-packed", FRT_KERNEL_ADD_S8_PACKED, try_add_s8, 1 },
    { "add-s8-helium", FRT_KERNEL_ADD_S8_HELIUM, try_add_s8, 1 },
    { "sub-s8", FRT_KERNEL_SUB_S8, try_sub_s8, 1 },
    { "sub-s16", FRT_KERNEL_SUB_S16, try_sub_s16, 1 },
    { "mul-s8", FRT_KERNEL_MUL_S8, try_mul_s8, 1 },
    { "mul-s16", FRT_KERNEL_MUL_S16, try_mul_s16, 1 },
    { "squared-difference-s8", FRT_KERNEL_SQUARED_DIFFERENCE_S8,
      try_squared_difference_s8, 1 },
    { "squared-difference-s16", FRT_KERNEL_SQUARED_DIFFERENCE_S16,
      try_squared_difference_s16, 1 },
    { "minimum-integer", FRT_KERNEL_MINIMUM_INTEGER, try_minimum, 1 },
    { "maximum-integer", FRT_KERNEL_MAXIMUM_INTEGER, try_maximum, 1 },
    { "prelu-s8", FRT_KERNEL_PRELU_S8, try_prelu, 1 },
    { "compare-s8", FRT_KERNEL_COMPARE_S8, try_compare, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
