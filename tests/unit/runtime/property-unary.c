/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-unary.c: functions of one value that are computed value by value, against their definitions. */
#include "property-range.h"

#include <math.h>

static PropertyCase *the_case;
static PropertyTensor *input, *output;

/* What the operator makes of one value. */
typedef gint64 (*ValueFunc) (gint64 x);

static void
add_operands (FettleOpcode opcode, FettleType from, FettleType to)
{
  const gint32 shape[] = { random_between (1, 3), random_between (1, 20) };

  the_case = property_start (opcode);
  input = property_add (PROPERTY_INPUT, from, 2, shape);
  output = property_add (PROPERTY_OUTPUT, to, 2, shape);
}

static gboolean
compare_with (ValueFunc function)
{
  static gint64 expected[PROPERTY_MAX_ELEMENTS];

  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    expected[i] = function (input->values[i]);
  property_expect (0, expected);
  return TRUE;
}

/* OPCODE from and to TYPE, with any scales. */
static gboolean
try_scaled (FettleOpcode opcode, FettleType type, gboolean is_symmetric,
            ValueFunc function)
{
  const float scale = property_random_scale ();

  add_operands (opcode, type, type);
  property_set_scale (input, scale, is_symmetric ? 0 : property_random_zero_point (type));
  property_set_scale (
      output, random_once_in (4) ? scale : property_output_scale ((double)scale / 16),
      is_symmetric ? 0 : property_random_zero_point (type));
  the_case->options.alpha = (float)random_between (-200, 200) / 100.0f;
  return compare_with (function);
}

/* --- RELU and its like --- */

static gint64
relu (gint64 x)
{
  const double factor = (double)(input->scales[0] / output->scales[0]);

  return property_limit (
      the_case->opcode == FETTLE_OPCODE_RELU ? FETTLE_ACTIVATION_RELU
                                             : FETTLE_ACTIVATION_RELU_N1_TO_1,
      output, reference_scale (x - input->zero_point, factor) + output->zero_point);
}

/* Only clamped, to limits in steps of the input. */
static gint64
relu6 (gint64 x)
{
  return property_limit (FETTLE_ACTIVATION_RELU6, input, x);
}

static FettleOpcode
random_relu (void)
{
  return random_once_in (2) ? FETTLE_OPCODE_RELU : FETTLE_OPCODE_RELU_N1_TO_1;
}

static gboolean
try_relu_s8 (void)
{
  return try_scaled (random_relu (), FETTLE_TYPE_INT8, FALSE, relu);
}

static gboolean
try_relu_s16 (void)
{
  return try_scaled (random_relu (), FETTLE_TYPE_INT16, random_once_in (2), relu);
}

static gboolean
try_relu6_s8 (void)
{
  return try_scaled (FETTLE_OPCODE_RELU6, FETTLE_TYPE_INT8, FALSE, relu6);
}

static gboolean
try_relu6_s16 (void)
{
  return try_scaled (FETTLE_OPCODE_RELU6, FETTLE_TYPE_INT16, random_once_in (2), relu6);
}

/* --- of int16 --- */

static gint64
leaky_relu (gint64 x)
{
  const float s_in = input->scales[0], s_out = output->scales[0];
  const double slope = (double)(s_in * the_case->options.alpha / s_out);

  if (x >= 0)
    return property_narrow (output, reference_scale (x, (double)(s_in / s_out)));
  return property_narrow (output, (slope < 0 ? -1 : 1)
                                      * (gint64)reference_scale (x, fabs (slope)));
}

static gint64
absolute (gint64 x)
{
  return property_narrow (
      output, reference_scale (ABS (x), (double)(input->scales[0] / output->scales[0])));
}

static gint64
inverse_square_root (gint64 x)
{
  const double factor = 1 / (double)(sqrtf (input->scales[0]) * output->scales[0]);
  int32_t multiplier;
  const int shift = reference_quantize_multiplier (factor, &multiplier);

  if (x <= 0)
    return G_MAXINT16;
  return property_narrow (
      output, reference_multiply (reference_scaled_inverse_square_root ((int32_t)x),
                                  multiplier, shift - 20));
}

static gboolean
try_leaky_relu_s16 (void)
{
  return try_scaled (FETTLE_OPCODE_LEAKY_RELU, FETTLE_TYPE_INT16, TRUE, leaky_relu);
}

static gboolean
try_abs_s16 (void)
{
  return try_scaled (FETTLE_OPCODE_ABS, FETTLE_TYPE_INT16, TRUE, absolute);
}

static gboolean
try_rsqrt_s16 (void)
{
  const float scale = property_random_scale ();

  add_operands (FETTLE_OPCODE_RSQRT, FETTLE_TYPE_INT16, FETTLE_TYPE_INT16);
  property_set_scale (input, scale, 0);
  property_set_scale (output,
                      ldexpf ((float)random_between (1 << 10, 1 << 11) / sqrtf (scale),
                              -random_between (20, 32)),
                      0);
  return compare_with (inverse_square_root);
}

static int32_t sigmoid_multiplier;
static int sigmoid_shift;

static gint64
logistic (gint64 x)
{
  return reference_logistic_s16 (x, sigmoid_multiplier, sigmoid_shift);
}

static gint64
tangent (gint64 x)
{
  return reference_tanh_s16 (x, sigmoid_multiplier, sigmoid_shift);
}

static gboolean
try_sigmoid (FettleOpcode opcode, ValueFunc function)
{
  add_operands (opcode, FETTLE_TYPE_INT16, FETTLE_TYPE_INT16);
  property_set_scale (
      input,
      random_once_in (4)
          ? ldexpf (1, -random_between (10, 15))
          : ldexpf ((float)random_between (1 << 20, 1 << 24), -random_between (23, 45)),
      0);
  property_set_scale (output, 0x1p-15f, 0);
  sigmoid_multiplier = reference_sigmoid_multiplier (
      input->scales[0], opcode == FETTLE_OPCODE_TANH, &sigmoid_shift);
  return compare_with (function);
}

static gboolean
try_logistic_s16 (void)
{
  return try_sigmoid (FETTLE_OPCODE_LOGISTIC, logistic);
}

static gboolean
try_tanh_s16 (void)
{
  return try_sigmoid (FETTLE_OPCODE_TANH, tangent);
}

/* --- QUANTIZE, integer to integer --- */

static gint64
requantize (gint64 x)
{
  return property_narrow (
      output, reference_scale (x - input->zero_point,
                               (double)input->scales[0] / (double)output->scales[0])
                  + output->zero_point);
}

static gboolean
try_quantize_as (FettleType from, FettleType to)
{
  const float scale = property_random_scale ();
  const gboolean is_narrow = to == FETTLE_TYPE_INT8 || to == FETTLE_TYPE_UINT8;

  add_operands (FETTLE_OPCODE_QUANTIZE, from, to);
  property_set_scale (input, scale,
                      from == FETTLE_TYPE_INT32 || from == FETTLE_TYPE_INT16
                          ? 0
                          : property_random_zero_point (from));
  property_set_scale (output,
                      random_once_in (4) ? scale
                                         : property_output_scale ((double)scale
                                                                  * (from == to  ? 0.1
                                                                     : is_narrow ? 16
                                                                                 : 1e-3)),
                      to == FETTLE_TYPE_INT32 || to == FETTLE_TYPE_INT16
                          ? 0
                          : property_random_zero_point (to));
  return compare_with (requantize);
}

static gboolean
try_quantize (void)
{
  static const FettleType types[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_INT32, FETTLE_TYPE_UINT8 };

  return try_quantize_as (types[random_between (0, 3)], types[random_between (0, 3)]);
}

static gboolean
try_quantize_s8 (void)
{
  return try_quantize_as (FETTLE_TYPE_INT8, FETTLE_TYPE_INT8);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "relu-s8", FRT_KERNEL_REQUANTIZE_S8, try_relu_s8, 1 },
    { "relu-s16", FRT_KERNEL_REQUANTIZE_S16, try_relu_s16, 1 },
    { "relu6-s8", FRT_KERNEL_CLAMP_S8, try_relu6_s8, 1 },
    { "relu6-s16", FRT_KERNEL_CLAMP_S16, try_relu6_s16, 1 },
    { "leaky-relu-s16", FRT_KERNEL_LEAKY_RELU_S16, try_leaky_relu_s16, 1 },
    { "abs-s16", FRT_KERNEL_ABS_S16, try_abs_s16, 1 },
    { "rsqrt-s16", FRT_KERNEL_RSQRT_S16, try_rsqrt_s16, 1 },
    { "logistic-s16", FRT_KERNEL_LOGISTIC_S16, try_logistic_s16, 1 },
    { "tanh-s16", FRT_KERNEL_TANH_S16, try_tanh_s16, 1 },
    { "quantize", FRT_KERNEL_REQUANTIZE, try_quantize, 1 },
    { "quantize-s8", FRT_KERNEL_REQUANTIZE_S8, try_quantize_s8, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
