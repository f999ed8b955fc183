/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lookup-exact.c: int8 functions that the reference computes in integers. */
#include "model/lookup-table.h"
#include "model/multiplier.h"

#include "runtime/fixed_point.h"
#include "runtime/inverse_square_root.h"

#include <math.h>

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       message);
  return FALSE;
}

static gint8
narrow (gint64 value)
{
  return (gint8)CLAMP (value, G_MININT8, G_MAXINT8);
}

/* FALSE if FACTOR takes more than the 30 bits to the left that leave an int32 meaningful. */
static gboolean
check_factor (double factor, GError **error)
{
  return fabs (factor) < 0x1p30
         || refuse ("the scales of its tensors are too far apart.", error);
}

/* VALUE * FACTOR, which was checked */
static gint32
scale_by (const FettleLookupScales *scales, gint32 value, double factor)
{
  gint32 multiplier;
  int shift;

  fettle_quantize_multiplier (factor, &multiplier, &shift);
  return scales->rounds_once ? frt_multiply_rounding_once (value, multiplier, shift)
                             : frt_multiply_rounding_twice (value, multiplier, shift);
}

/* LOGISTIC and TANH. */
static gboolean
fill_sigmoid (const FettleOperator *operator_, const FettleLookupScales *scales,
              gint8 *table, GError **error)
{
  gboolean is_logistic = operator_->opcode == FETTLE_OPCODE_LOGISTIC;
  const int integer_bits = 4;
  double unit = (double)(1 << (31 - integer_bits));
  gint32 multiplier, radius;
  int shift;

  if (is_logistic ? scales->output_scale != 1.0f / 256 || scales->output_zero != G_MININT8
                  : scales->output_scale != 1.0f / 128 || scales->output_zero != 0)
    return refuse (is_logistic ? "its output must have scale 1/256 and zero point -128."
                               : "its output must have scale 1/128 and zero point 0.",
                   error);
  fettle_quantize_multiplier ((double)scales->input_scale * unit, &multiplier, &shift);
  if (shift < 0 || shift > 30)
    return refuse ("the scale of its input is far too small or too large.", error);
  radius = (gint32)floor (15 * unit / (double)(G_GINT64_CONSTANT (1) << shift));
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    {
      gint32 difference = x - scales->input_zero;
      /* Shifted to the left, it is rounded once in either mode. */
      gint32 z = frt_multiply_rounding_twice (difference, multiplier, shift);
      gint32 result = is_logistic
                          ? frt_rounding_divide_by_power (frt_logistic (z), 23) - 128
                          : frt_rounding_divide_by_power (frt_tanh (z), 24);

      table[(guint8)x] = difference <= -radius  ? G_MININT8
                         : difference >= radius ? G_MAXINT8
                                                : narrow (result);
    }
  return TRUE;
}

static gboolean
fill_leaky_relu (const FettleOperator *operator_, const FettleLookupScales *scales,
                 gint8 *table, GError **error)
{
  float alpha = operator_->options.alpha;
  double positive = (double)(scales->input_scale / scales->output_scale);
  double negative = (double)(scales->input_scale * alpha / scales->output_scale);

  if (!check_factor (positive, error) || !check_factor (negative, error))
    return FALSE;
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    {
      gint32 value = x - scales->input_zero;

      if (value >= 0)
        value = scale_by (scales, value, positive);
      else
        value = scale_by (scales, value, fabs (negative)) * (negative < 0 ? -1 : 1);
      table[(guint8)x] = narrow ((gint64)value + scales->output_zero);
    }
  return TRUE;
}

static gboolean
fill_abs (const FettleLookupScales *scales, gint8 *table, GError **error)
{
  double factor = (double)(scales->input_scale / scales->output_scale);

  if (!check_factor (factor, error))
    return FALSE;
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    table[(guint8)x] =
        narrow ((gint64)scale_by (scales, ABS (x - scales->input_zero), factor)
                + scales->output_zero);
  return TRUE;
}

/* The largest value where there is no result. */
static gboolean
fill_rsqrt (const FettleLookupScales *scales, gint8 *table, GError **error)
{
  /* The reference has this denominator in float. */
  double factor =
      1.0 / (double)(sqrtf (scales->input_scale) * scales->output_scale) / (1 << 20);

  if (!check_factor (factor, error))
    return FALSE;
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    {
      gint32 value = x - scales->input_zero;

      if (value <= 0)
        table[(guint8)x] = G_MAXINT8;
      else
        table[(guint8)x] = narrow (
            (gint64)scale_by (scales, frt_scaled_inverse_square_root (value), factor)
            + scales->output_zero);
    }
  return TRUE;
}

/* A factor with 15 bits. */
typedef struct
{
  gint32 multiplier;
  int shift;
} ShortFactor;

static ShortFactor
short_factor (float factor)
{
  ShortFactor result;

  fettle_quantize_multiplier ((double)factor, &result.multiplier, &result.shift);
  result.multiplier = result.multiplier >= G_MAXINT32 - (1 << 15)
                          ? G_MAXINT16
                          : (result.multiplier + (1 << 15)) >> 16;
  return result;
}

/* As frt_doubling_high_multiply, of 16 bits. */
static gint32
short_multiply (gint32 a, gint32 b)
{
  return (a * b + (1 << 14)) >> 15;
}

static gint32
short_shift_left (gint32 value, int amount)
{
  return (gint32)CLAMP ((gint64)value * (1 << amount), G_MININT16, G_MAXINT16);
}

/* relu6 (x + 3) / 6 of V in steps of 2^-7 of the input's, as 15 fraction bits. */
static gint32
hard_swish_gate (gint32 v, ShortFactor factor)
{
  gint32 gate = v;

  if (factor.shift > 0)
    gate = short_shift_left (gate, MIN (factor.shift - 1, 15));
  gate = short_multiply (gate, factor.multiplier);
  if (factor.shift > 0)
    gate = short_shift_left (gate, 1);
  else
    gate = frt_rounding_divide_by_power (gate, -factor.shift);
  return (gate + (1 << 15)) >> 1;
}

static gboolean
fill_hard_swish (const FettleLookupScales *scales, gint8 *table, GError **error)
{
  float fine_scale = scales->input_scale * (1.0f / 128.0f);
  ShortFactor output = short_factor (fine_scale / scales->output_scale);
  ShortFactor gate = short_factor (fine_scale / (3.0f / 32768.0f));

  if (output.shift > 0)
    return refuse ("the scale of its output is too small for that of its input.", error);
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    {
      gint32 v = (x - scales->input_zero) * 128;
      gint32 product = hard_swish_gate (v, gate) * short_multiply (v, output.multiplier);

      /* The reference truncates this product, towards 0. */
      table[(guint8)x] = narrow (
          (gint64)frt_rounding_divide_by_power (product / (1 << 15), -output.shift)
          + scales->output_zero);
    }
  return TRUE;
}

gboolean
fettle_lookup_exact_fill (const FettleOperator *operator_,
                          const FettleLookupScales *scales,
                          gint8 table[FETTLE_LOOKUP_LENGTH], gboolean *is_exact,
                          GError **error)
{
  *is_exact = TRUE;
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_LOGISTIC:
    case FETTLE_OPCODE_TANH:
      return fill_sigmoid (operator_, scales, table, error);
    case FETTLE_OPCODE_HARD_SWISH:
      return fill_hard_swish (scales, table, error);
    case FETTLE_OPCODE_LEAKY_RELU:
      return fill_leaky_relu (operator_, scales, table, error);
    case FETTLE_OPCODE_ABS:
      return fill_abs (scales, table, error);
    case FETTLE_OPCODE_RSQRT:
      return fill_rsqrt (scales, table, error);
    default:
      *is_exact = FALSE;
      return TRUE;
    }
}
