/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-plain.c: operators of plain integers and truths, and conversions, against their definitions. */
#include "property-broadcast.h"
#include "property-range.h"

#include <math.h>

static PropertyCase *the_case;
static PropertyTensor *a, *b, *output;
static gint64 expected[PROPERTY_MAX_ELEMENTS];

/* VALUE modulo 2 to the bits of TYPE, in its range. */
static gint64
wrap (FettleType type, gint64 value)
{
  switch (type)
    {
    case FETTLE_TYPE_BOOL:
      return value != 0;
    case FETTLE_TYPE_UINT8:
      return (guint8)value;
    case FETTLE_TYPE_INT8:
      return (gint8)value;
    case FETTLE_TYPE_INT16:
      return (gint16)value;
    case FETTLE_TYPE_INT32:
      return (gint32)value;
    default:
      return value;
    }
}

/* Of all sizes, often small and equal, also at the ends of 64 bits. */
static void
fill_widely (PropertyTensor *tensor)
{
  for (gint32 i = 0; i < tensor->n; i++)
    {
      const guint64 bits = (guint64)random_bits () << 32 | random_bits ();
      const gint64 value = random_once_in (3) ? random_between (-3, 3)
                           : random_once_in (12)
                               ? (random_once_in (2) ? property_lowest (tensor->type)
                                                     : property_highest (tensor->type))
                               : (gint64)bits >> random_between (0, 63);

      tensor->values[i] = wrap (tensor->type, value);
    }
}

/* What the operator makes of two values. */
typedef gint64 (*PairFunc) (gint64 x1, gint64 x2);

static gboolean
try_pair (FettleOpcode opcode, FettleType type, FettleType result, PairFunc function)
{
  the_case = property_start (opcode);
  property_add_pair (type, result, &a, &b, &output);
  if (result == FETTLE_TYPE_INT32 && opcode != FETTLE_OPCODE_SQUARED_DIFFERENCE)
    the_case->options.activation = property_random_activation ();
  fill_widely (a);
  fill_widely (b);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    expected[i] = function (property_broadcast_value (a, output, i),
                            property_broadcast_value (b, output, i));
  property_expect (0, expected);
  return TRUE;
}

/* --- arithmetic of int32, modulo 2^32 --- */

static gint64
finish (gint64 value)
{
  value = (gint32)value;
  switch (the_case->options.activation)
    {
    case FETTLE_ACTIVATION_RELU:
      return MAX (value, 0);
    case FETTLE_ACTIVATION_RELU6:
      return CLAMP (value, 0, 6);
    case FETTLE_ACTIVATION_RELU_N1_TO_1:
      return CLAMP (value, -1, 1);
    default:
      return value;
    }
}

static gint64
add (gint64 x1, gint64 x2)
{
  return finish (x1 + x2);
}

static gint64
subtract (gint64 x1, gint64 x2)
{
  return finish (x1 - x2);
}

static gint64
multiply (gint64 x1, gint64 x2)
{
  return finish (x1 * x2);
}

static gint64
square_difference (gint64 x1, gint64 x2)
{
  const gint64 difference = (gint32)(x1 - x2);

  return finish (difference * difference);
}

static gboolean
try_add (void)
{
  return try_pair (FETTLE_OPCODE_ADD, FETTLE_TYPE_INT32, FETTLE_TYPE_INT32, add);
}

static gboolean
try_sub (void)
{
  return try_pair (FETTLE_OPCODE_SUB, FETTLE_TYPE_INT32, FETTLE_TYPE_INT32, subtract);
}

static gboolean
try_mul (void)
{
  return try_pair (FETTLE_OPCODE_MUL, FETTLE_TYPE_INT32, FETTLE_TYPE_INT32, multiply);
}

static gboolean
try_squared_difference (void)
{
  return try_pair (FETTLE_OPCODE_SQUARED_DIFFERENCE, FETTLE_TYPE_INT32, FETTLE_TYPE_INT32,
                   square_difference);
}

/* --- truths --- */

static gint64
compare (gint64 x1, gint64 x2)
{
  switch (the_case->opcode)
    {
    case FETTLE_OPCODE_EQUAL:
      return x1 == x2;
    case FETTLE_OPCODE_NOT_EQUAL:
      return x1 != x2;
    case FETTLE_OPCODE_GREATER:
      return x1 > x2;
    case FETTLE_OPCODE_GREATER_EQUAL:
      return x1 >= x2;
    case FETTLE_OPCODE_LESS:
      return x1 < x2;
    case FETTLE_OPCODE_LESS_EQUAL:
      return x1 <= x2;
    case FETTLE_OPCODE_LOGICAL_AND:
      return x1 && x2;
    default:
      return x1 || x2;
    }
}

static gboolean
try_compare_as (FettleType type)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_EQUAL,         FETTLE_OPCODE_NOT_EQUAL, FETTLE_OPCODE_GREATER,
    FETTLE_OPCODE_GREATER_EQUAL, FETTLE_OPCODE_LESS,      FETTLE_OPCODE_LESS_EQUAL,
  };

  return try_pair (opcodes[random_between (0, 5)], type, FETTLE_TYPE_BOOL, compare);
}

static gboolean
try_compare (void)
{
  return try_compare_as (random_once_in (2) ? FETTLE_TYPE_INT32 : FETTLE_TYPE_BOOL);
}

static gboolean
try_compare_s64 (void)
{
  return try_compare_as (FETTLE_TYPE_INT64);
}

static gboolean
try_and (void)
{
  return try_pair (FETTLE_OPCODE_LOGICAL_AND, FETTLE_TYPE_BOOL, FETTLE_TYPE_BOOL,
                   compare);
}

static gboolean
try_or (void)
{
  return try_pair (FETTLE_OPCODE_LOGICAL_OR, FETTLE_TYPE_BOOL, FETTLE_TYPE_BOOL, compare);
}

/* --- of one value --- */

typedef gint64 (*ValueFunc) (gint64 x);

static void
add_operands (FettleOpcode opcode, FettleType from, FettleType to)
{
  const gint32 shape[] = { random_between (1, 3), random_between (1, 10) };

  the_case = property_start (opcode);
  a = property_add (PROPERTY_INPUT, from, 2, shape);
  output = property_add (PROPERTY_OUTPUT, to, 2, shape);
}

static gboolean
compare_with (ValueFunc function)
{
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    expected[i] = function (a->values[i]);
  property_expect (0, expected);
  return TRUE;
}

static gint64
negate (gint64 x)
{
  return !x;
}

static gboolean
try_not (void)
{
  add_operands (FETTLE_OPCODE_LOGICAL_NOT, FETTLE_TYPE_BOOL, FETTLE_TYPE_BOOL);
  fill_widely (a);
  return compare_with (negate);
}

/* Whole numbers, halves, ties of SCALE, very large ones; no NaN. */
static void
fill_floats (PropertyTensor *tensor, float scale)
{
  for (gint32 i = 0; i < tensor->n; i++)
    {
      const int kind = random_between (0, 9);
      float value = (float)random_between (-(1 << 24), 1 << 24);

      if (kind <= 3)
        value = ((float)random_between (-300, 300) + 0.5f) * scale;
      else if (kind <= 7)
        value = ldexpf (value, random_between (-26, -8)) * scale;
      else if (kind == 8)
        value = ldexpf (value, random_between (0, 80));
      else
        value = random_once_in (2) ? INFINITY : -INFINITY;
      tensor->values[i] = property_from_float (value);
    }
}

/* The whole part, and in C beyond the range what saturates it. */
static gint64
cast (gint64 x)
{
  double value;

  if (a->type != FETTLE_TYPE_FLOAT32)
    return output->type == FETTLE_TYPE_FLOAT32 ? property_from_float ((float)x)
                                               : wrap (output->type, x);
  value = trunc ((double)property_to_float (x));
  if (output->type == FETTLE_TYPE_FLOAT32)
    return x;
  if (output->type == FETTLE_TYPE_BOOL)
    return property_to_float (x) != 0.0f;
  if (value >= (double)property_highest (output->type))
    return property_highest (output->type);
  return value <= (double)property_lowest (output->type) ? property_lowest (output->type)
                                                         : (gint64)value;
}

static gboolean
try_cast (void)
{
  add_operands (FETTLE_OPCODE_CAST,
                (FettleType)random_between (FETTLE_TYPE_FLOAT32, FETTLE_TYPE_BOOL),
                (FettleType)random_between (FETTLE_TYPE_FLOAT32, FETTLE_TYPE_BOOL));
  if (a->type == FETTLE_TYPE_FLOAT32)
    fill_floats (a, 1);
  else
    fill_widely (a);
  return compare_with (cast);
}

static FettleType
random_narrow_type (void)
{
  static const FettleType types[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_UINT8 };

  return types[random_between (0, 2)];
}

/* Divided in float, halves away from zero. */
static gint64
quantize (gint64 x)
{
  return property_narrow (
      output, reference_round ((double)(property_to_float (x) / output->scales[0]))
                  + output->zero_point);
}

static gboolean
try_quantize (void)
{
  const FettleType type = random_narrow_type ();

  add_operands (FETTLE_OPCODE_QUANTIZE, FETTLE_TYPE_FLOAT32, type);
  property_set_scale (output, property_random_scale (),
                      property_random_zero_point (type));
  fill_floats (a, output->scales[0]);
  return compare_with (quantize);
}

static gint64
dequantize (gint64 x)
{
  return property_from_float (
      (float)((double)a->scales[0] * (double)(x - a->zero_point)));
}

static gboolean
try_dequantize (void)
{
  const FettleType type = random_narrow_type ();

  add_operands (FETTLE_OPCODE_DEQUANTIZE, type, FETTLE_TYPE_FLOAT32);
  property_set_scale (a, property_random_scale (), property_random_zero_point (type));
  property_fill (a);
  return compare_with (dequantize);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "add-s32", FRT_KERNEL_ADD_S32, try_add, 1 },
    { "sub-s32", FRT_KERNEL_SUB_S32, try_sub, 1 },
    { "mul-s32", FRT_KERNEL_MUL_S32, try_mul, 1 },
    { "squared-difference-s32", FRT_KERNEL_SQUARED_DIFFERENCE_S32, try_squared_difference,
      1 },
    { "compare-integer", FRT_KERNEL_COMPARE_INTEGER, try_compare, 1 },
    { "compare-s64", FRT_KERNEL_COMPARE_S64, try_compare_s64, 1 },
    { "logical-and", FRT_KERNEL_LOGICAL_AND, try_and, 1 },
    { "logical-or", FRT_KERNEL_LOGICAL_OR, try_or, 1 },
    { "logical-not", FRT_KERNEL_LOGICAL_NOT, try_not, 1 },
    { "cast", FRT_KERNEL_CAST, try_cast, 1 },
    { "quantize-f32", FRT_KERNEL_QUANTIZE_F32, try_quantize, 1 },
    { "dequantize-f32", FRT_KERNEL_DEQUANTIZE_F32, try_dequantize, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
