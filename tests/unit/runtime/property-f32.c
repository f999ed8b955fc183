/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-f32.c: operators of floats, against their definitions in double.
 *
 * The bounds are those of runtime/README.md, in units of a float's rounding, 2^-24. */
#include "property-broadcast.h"

#include <float.h>
#include <math.h>

#define ROUNDING 0x1p-24

static PropertyCase *the_case;
static PropertyTensor *a, *b, *output;
static double expected[PROPERTY_MAX_ELEMENTS], bounds[PROPERTY_MAX_ELEMENTS];

static PropertyTensor *
add_floats (PropertyRole role, guint rank, const gint32 *shape)
{
  PropertyTensor *tensor = property_add (role, FETTLE_TYPE_FLOAT32, rank, shape);

  if (role != PROPERTY_STATE)
    property_fill_floats (tensor);
  return tensor;
}

static double
at (const PropertyTensor *tensor, gint32 index)
{
  return (double)property_to_float (tensor->values[index]);
}

static double
limit (double value)
{
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

/* Result I is VALUE, to BOUND; a fused activation makes no error larger. */
static void
expect (gint32 i, double value, double bound)
{
  expected[i] = limit (value);
  bounds[i] = bound + (double)FLT_MIN;
}

/* N products or terms, summed one by one; MAGNITUDE is the sum of their absolute values. */
static void
expect_sum (gint32 i, double sum, double magnitude, gint32 n)
{
  expect (i, sum, (n + 2) * ROUNDING * magnitude);
}

static gboolean
finish (void)
{
  property_expect_near (0, expected, bounds);
  return TRUE;
}

static gboolean
run (void)
{
  if (!property_lower ())
    return FALSE;
  property_run ();
  return TRUE;
}

/* --- pairs: each operation rounds once --- */

static double
pair_result (double x1, double x2, int *n_roundings)
{
  *n_roundings = 1;
  switch (the_case->opcode)
    {
    case FETTLE_OPCODE_ADD:
      return x1 + x2;
    case FETTLE_OPCODE_SUB:
      return x1 - x2;
    case FETTLE_OPCODE_MUL:
      return x1 * x2;
    case FETTLE_OPCODE_DIV:
      return x1 / x2;
    case FETTLE_OPCODE_PRELU:
      return x1 >= 0 ? x1 : x1 * x2;
    case FETTLE_OPCODE_SQUARED_DIFFERENCE:
      *n_roundings = 4; /* the difference's counts twice; and a little more than that */
      return (x1 - x2) * (x1 - x2);
    default:
      *n_roundings = 0;
      return the_case->opcode == FETTLE_OPCODE_MINIMUM ? MIN (x1, x2) : MAX (x1, x2);
    }
}

static gboolean
try_pair (FettleOpcode opcode, gboolean has_activation)
{
  the_case = property_start (opcode);
  if (has_activation)
    the_case->options.activation = property_random_activation ();
  property_add_pair (FETTLE_TYPE_FLOAT32, FETTLE_TYPE_FLOAT32, &a, &b, &output);
  property_fill_floats (a);
  property_fill_floats (b);
  for (gint32 i = 0; i < b->n; i++)
    if (at (b, i) == 0) /* no divisor */
      b->values[i] = property_from_float (1);
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const float x1 = property_to_float (property_broadcast_value (a, output, i));
      const float x2 = property_to_float (property_broadcast_value (b, output, i));
      int n_roundings;
      const double value = pair_result ((double)x1, (double)x2, &n_roundings);

      expect (i, value, n_roundings * ROUNDING * fabs (value));
    }
  return finish ();
}

#define PAIR(function, OPCODE, has_activation)                                           \
  static gboolean function (void)                                                        \
  {                                                                                      \
    return try_pair (FETTLE_OPCODE_##OPCODE, has_activation);                            \
  }

PAIR (try_add, ADD, TRUE)
PAIR (try_sub, SUB, TRUE)
PAIR (try_mul, MUL, TRUE)
PAIR (try_div, DIV, TRUE)
PAIR (try_squared_difference, SQUARED_DIFFERENCE, FALSE)
PAIR (try_minimum, MINIMUM, FALSE)
PAIR (try_maximum, MAXIMUM, FALSE)
PAIR (try_prelu, PRELU, FALSE)

/* What is not a number is unequal to everything, and nothing else. */
static gint64
compare (float x1, float x2)
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
    default:
      return x1 <= x2;
    }
}

static gboolean
try_compare (void)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_EQUAL,         FETTLE_OPCODE_NOT_EQUAL, FETTLE_OPCODE_GREATER,
    FETTLE_OPCODE_GREATER_EQUAL, FETTLE_OPCODE_LESS,      FETTLE_OPCODE_LESS_EQUAL,
  };
  static const float specials[] = { 0.0f, -0.0f, 1.0f, INFINITY, -INFINITY, NAN };
  static gint64 truths[PROPERTY_MAX_ELEMENTS];

  the_case = property_start (opcodes[random_between (0, 5)]);
  property_add_pair (FETTLE_TYPE_FLOAT32, FETTLE_TYPE_BOOL, &a, &b, &output);
  for (gint32 i = 0; i < a->n; i++)
    a->values[i] = property_from_float (specials[random_between (0, 5)]);
  for (gint32 i = 0; i < b->n; i++)
    b->values[i] = property_from_float (specials[random_between (0, 5)]);
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    truths[i] = compare (property_to_float (property_broadcast_value (a, output, i)),
                         property_to_float (property_broadcast_value (b, output, i)));
  property_expect (0, truths);
  return TRUE;
}

/* --- sums of products --- */

/* CONV_2D or DEPTHWISE_CONV_2D along one axis; both are tested along two in test-kernels-f32.c. */
static gboolean
try_conv_as (FettleOpcode opcode)
{
  const gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const gint32 taps = random_between (1, 4), stride = random_between (1, 2);
  const gint32 in = taps + random_between (0, 5), out = (in - taps) / stride + 1;
  const gint32 depth = random_between (1, 20);
  const gint32 n_channels = is_depthwise ? depth : random_between (1, 20);
  PropertyTensor *bias;

  the_case = property_start (opcode);
  the_case->options.padding = FETTLE_PADDING_VALID;
  the_case->options.activation = property_random_activation ();
  the_case->options.stride_height = stride;
  the_case->options.stride_width = 1;
  the_case->options.dilation_height = the_case->options.dilation_width = 1;
  the_case->options.depth_multiplier = is_depthwise ? 1 : 0;
  a = add_floats (PROPERTY_INPUT, 4, (gint32[]){ 1, in, 1, depth });
  b = add_floats (PROPERTY_CONSTANT, 4,
                  is_depthwise ? (gint32[]){ 1, taps, 1, depth }
                               : (gint32[]){ n_channels, taps, 1, depth });
  bias = add_floats (PROPERTY_CONSTANT, 1, &n_channels);
  output = add_floats (PROPERTY_OUTPUT, 4, (gint32[]){ 1, out, 1, n_channels });
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 o = i % n_channels, start = i / n_channels * stride * depth;
      double sum = at (bias, o), magnitude = fabs (sum);

      for (gint32 k = 0; k < taps * depth; k++)
        {
          const double product =
              at (a, start + k) * at (b, is_depthwise ? k : o * taps * depth + k);

          if (is_depthwise && k % depth != o)
            continue;
          sum += product;
          magnitude += fabs (product);
        }
      expect_sum (i, sum, magnitude, is_depthwise ? taps : taps * depth);
    }
  return finish ();
}

static gboolean
try_conv (void)
{
  return try_conv_as (FETTLE_OPCODE_CONV_2D);
}

static gboolean
try_depthwise (void)
{
  return try_conv_as (FETTLE_OPCODE_DEPTHWISE_CONV_2D);
}

static gboolean
try_fully_connected (void)
{
  const gint32 rows = random_between (1, 3), depth = random_between (1, 30);
  const gint32 units = random_between (1, 20);
  PropertyTensor *bias;

  the_case = property_start (FETTLE_OPCODE_FULLY_CONNECTED);
  the_case->options.activation = property_random_activation ();
  a = add_floats (PROPERTY_INPUT, 2, (gint32[]){ rows, depth });
  b = add_floats (PROPERTY_CONSTANT, 2, (gint32[]){ units, depth });
  bias = add_floats (PROPERTY_CONSTANT, 1, &units);
  output = add_floats (PROPERTY_OUTPUT, 2, (gint32[]){ rows, units });
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      double sum = at (bias, i % units), magnitude = fabs (sum);

      for (gint32 k = 0; k < depth; k++)
        {
          const double product =
              at (a, i / units * depth + k) * at (b, i % units * depth + k);

          sum += product;
          magnitude += fabs (product);
        }
      expect_sum (i, sum, magnitude, depth);
    }
  return finish ();
}

static gboolean
try_transpose_conv (void)
{
  const gint32 in = random_between (1, 6), taps = random_between (1, 4);
  const gint32 stride = random_between (1, 3), depth = random_between (1, 5);
  const gint32 n_channels = random_between (1, 4), out = (in - 1) * stride + taps;
  const gint32 shape[] = { 1, out, 1, n_channels };
  PropertyTensor *bias;

  the_case = property_start (FETTLE_OPCODE_TRANSPOSE_CONV);
  the_case->options.padding = FETTLE_PADDING_VALID;
  the_case->options.stride_height = stride;
  the_case->options.stride_width = 1;
  property_add_integers (shape, 4);
  b = add_floats (PROPERTY_CONSTANT, 4, (gint32[]){ n_channels, taps, 1, depth });
  a = add_floats (PROPERTY_INPUT, 4, (gint32[]){ 1, in, 1, depth });
  bias = add_floats (PROPERTY_CONSTANT, 1, &n_channels);
  output = add_floats (PROPERTY_OUTPUT, 4, shape);
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 o = i % n_channels;
      double sum = at (bias, o), magnitude = fabs (sum);

      for (gint32 cell = 0; cell < in; cell++)
        for (gint32 c = 0; c < depth; c++)
          {
            const gint32 tap = i / n_channels - cell * stride;
            double product;

            if (tap < 0 || tap >= taps)
              continue;
            product = at (a, cell * depth + c) * at (b, (o * taps + tap) * depth + c);
            sum += product;
            magnitude += fabs (product);
          }
      expect_sum (i, sum, magnitude, taps * depth + 1);
    }
  return finish ();
}

static gboolean
try_batch_matmul (void)
{
  const gint32 batches = random_between (1, 3), rows = random_between (1, 5);
  const gint32 depth = random_between (1, 12), columns = random_between (1, 5);
  gboolean transposes;

  the_case = property_start (FETTLE_OPCODE_BATCH_MATMUL);
  the_case->options.transpose_second = transposes = random_once_in (2);
  a = add_floats (PROPERTY_INPUT, 3, (gint32[]){ batches, rows, depth });
  b = add_floats (
      PROPERTY_INPUT, 2,
      (gint32[]){ transposes ? columns : depth, transposes ? depth : columns });
  output = add_floats (PROPERTY_OUTPUT, 3, (gint32[]){ batches, rows, columns });
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 column = i % columns;
      double sum = 0, magnitude = 0;

      for (gint32 k = 0; k < depth; k++)
        {
          const double product =
              at (a, i / columns * depth + k)
              * at (b, transposes ? column * depth + k : k * columns + column);

          sum += product;
          magnitude += fabs (product);
        }
      expect_sum (i, sum, magnitude, depth);
    }
  return finish ();
}

/* --- rows --- */

static void
add_rows (FettleOpcode opcode)
{
  const gint32 shape[] = { random_between (1, 3), random_between (1, 20) };

  the_case = property_start (opcode);
  a = add_floats (PROPERTY_INPUT, 2, shape);
  output = add_floats (PROPERTY_OUTPUT, 2, shape);
}

static gboolean
try_log_softmax (void)
{
  add_rows (FETTLE_OPCODE_LOG_SOFTMAX);
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 depth = a->shape[1], row = i / depth * depth;
      double largest = -INFINITY, sum = 0, value;

      for (gint32 k = 0; k < depth; k++)
        largest = MAX (largest, at (a, row + k));
      for (gint32 k = 0; k < depth; k++)
        sum += exp (at (a, row + k) - largest);
      value = at (a, i) - largest - log (sum);
      expect (i, value, ROUNDING * (4 * fabs (value) + 2 * depth + 8));
    }
  return finish ();
}

static gboolean
try_l2_normalization (void)
{
  add_rows (FETTLE_OPCODE_L2_NORMALIZATION);
  if (!run ())
    return FALSE;
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 depth = a->shape[1], row = i / depth * depth;
      double squares = 0, value;

      for (gint32 k = 0; k < depth; k++)
        squares += at (a, row + k) * at (a, row + k);
      value = at (a, i) / MAX (sqrt (squares), 1e-6);
      expect (i, value, (depth + 3) * ROUNDING * fabs (value));
    }
  return finish ();
}

/* --- sequences --- */

#define N_RUNS 3

static gboolean
try_svdf (void)
{
  const gint32 depth = random_between (1, 8), units = random_between (1, 4);
  const gint32 rank = random_between (1, 3), memory = random_between (1, 5);
  const gint32 n_filters = units * rank;
  double state[60] = { 0 }, magnitudes[60] = { 0 };
  PropertyTensor *bias;

  the_case = property_start (FETTLE_OPCODE_SVDF);
  the_case->options.filter_rank = rank;
  the_case->options.activation = property_random_activation ();
  a = add_floats (PROPERTY_INPUT, 2, (gint32[]){ 1, depth });
  b = add_floats (PROPERTY_CONSTANT, 2, (gint32[]){ n_filters, depth });
  add_floats (PROPERTY_CONSTANT, 2, (gint32[]){ n_filters, memory });
  bias = add_floats (PROPERTY_CONSTANT, 1, &units);
  add_floats (PROPERTY_STATE, 2, (gint32[]){ 1, n_filters * memory });
  output = add_floats (PROPERTY_OUTPUT, 2, (gint32[]){ 1, units });
  if (!property_lower ())
    return FALSE;
  for (int step = 0; step < N_RUNS; step++)
    {
      property_fill_floats (a);
      property_run ();
      for (gint32 unit = 0; unit < units; unit++)
        {
          double sum = at (bias, unit), magnitude = fabs (sum);

          for (gint32 f = unit * rank; f < (unit + 1) * rank; f++)
            for (gint32 i = 0; i < memory; i++)
              {
                const gint32 cell = f * memory + i;
                const double weight = at (the_case->inputs[2], cell);

                state[cell] = i + 1 < memory ? state[cell + 1] : 0;
                magnitudes[cell] = i + 1 < memory ? magnitudes[cell + 1] : 0;
                for (gint32 k = 0; i + 1 == memory && k < depth; k++)
                  {
                    const double product = at (a, k) * at (b, f * depth + k);

                    state[cell] += product;
                    magnitudes[cell] += fabs (product);
                  }
                sum += weight * state[cell];
                magnitude += fabs (weight) * magnitudes[cell];
              }
          expect_sum (unit, sum, magnitude, depth + rank * memory + 4);
        }
      finish ();
    }
  return TRUE;
}

static double
logistic (double x)
{
  return 1 / (1 + exp (-x));
}

/* The sum of gate WHICH of UNIT, and in *MAGNITUDE that of the absolute values. */
static double
gate_sum (int which, gint32 unit, const double *x, const double *hidden,
          double *magnitude)
{
  const PropertyTensor *w = the_case->inputs[1 + which];
  const PropertyTensor *r = the_case->inputs[5 + which];
  const gint32 depth = w->shape[1], units = r->shape[1];
  double sum = at (the_case->inputs[12 + which], unit);

  *magnitude = fabs (sum);
  for (gint32 i = 0; i < depth + units; i++)
    {
      const double product = i < depth
                                 ? at (w, unit * depth + i) * x[i]
                                 : at (r, unit * units + i - depth) * hidden[i - depth];

      sum += product;
      *magnitude += fabs (product);
    }
  return sum;
}

static void
add_lstm (gint32 steps, gint32 depth, gint32 units)
{
  the_case = property_start (FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM);
  a = add_floats (PROPERTY_INPUT, 3, (gint32[]){ 1, steps, depth });
  for (int i = 0; i < 4; i++)
    add_floats (PROPERTY_CONSTANT, 2, (gint32[]){ units, depth });
  for (int i = 0; i < 4; i++)
    add_floats (PROPERTY_CONSTANT, 2, (gint32[]){ units, units });
  for (int i = 0; i < 3; i++)
    property_add_absent ();
  for (int i = 0; i < 4; i++)
    add_floats (PROPERTY_CONSTANT, 1, &units);
  for (int i = 0; i < 2; i++)
    property_add_absent ();
  add_floats (PROPERTY_STATE, 2, (gint32[]){ 1, units });
  add_floats (PROPERTY_STATE, 2, (gint32[]){ 1, units });
  output = add_floats (PROPERTY_OUTPUT, 3, (gint32[]){ 1, steps, units });
}

/* The error of every step enters the next one through the gates, whose slopes are at most 1. */
static gboolean
try_lstm (void)
{
  const gint32 steps = random_between (1, 4), depth = random_between (1, 5);
  const gint32 units = random_between (1, 4);
  double hidden[4] = { 0 }, cell[4] = { 0 }, fresh[4], x[5], error = 0;

  add_lstm (steps, depth, units);
  if (!run ())
    return FALSE;
  for (gint32 step = 0; step < steps; step++)
    {
      double largest = 0, magnitude;

      for (gint32 i = 0; i < depth; i++)
        x[i] = at (a, step * depth + i);
      for (gint32 unit = 0; unit < units; unit++)
        {
          double sums[4];

          for (int which = 0; which < 4; which++)
            {
              sums[which] = gate_sum (which, unit, x, hidden, &magnitude);
              largest = MAX (largest, magnitude);
            }
          cell[unit] =
              logistic (sums[1]) * cell[unit] + logistic (sums[0]) * tanh (sums[2]);
          fresh[unit] = logistic (sums[3]) * tanh (cell[unit]);
          expected[step * units + unit] = fresh[unit];
        }
      error = error * (2 + largest) + (depth + units + 8) * ROUNDING * (1 + largest);
      for (gint32 unit = 0; unit < units; unit++)
        {
          hidden[unit] = fresh[unit];
          bounds[step * units + unit] = error;
        }
    }
  return finish ();
}

int
main (int argc, char **argv)
{
  /* Bounds, not bits: a fifth of the cases will do. */
  static const Property properties[] = {
    { "add-f32", FRT_KERNEL_ADD_F32, try_add, 5 },
    { "sub-f32", FRT_KERNEL_SUB_F32, try_sub, 5 },
    { "mul-f32", FRT_KERNEL_MUL_F32, try_mul, 5 },
    { "div-f32", FRT_KERNEL_DIV_F32, try_div, 5 },
    { "squared-difference-f32", FRT_KERNEL_SQUARED_DIFFERENCE_F32, try_squared_difference,
      1 },
    { "minimum-f32", FRT_KERNEL_MINIMUM_F32, try_minimum, 5 },
    { "maximum-f32", FRT_KERNEL_MAXIMUM_F32, try_maximum, 5 },
    { "prelu-f32", FRT_KERNEL_PRELU_F32, try_prelu, 5 },
    { "compare-f32", FRT_KERNEL_COMPARE_F32, try_compare, 5 },
    { "conv2d-f32", FRT_KERNEL_CONV2D_F32, try_conv, 5 },
    { "conv2d-f32-blocked", FRT_KERNEL_CONV2D_F32_BLOCKED, try_conv, 5 },
    { "depthwise-conv2d-f32", FRT_KERNEL_DEPTHWISE_CONV2D_F32, try_depthwise, 5 },
    { "depthwise-conv2d-f32-blocked", FRT_KERNEL_DEPTHWISE_CONV2D_F32_BLOCKED,
      try_depthwise, 5 },
    { "fully-connected-f32", FRT_KERNEL_FULLY_CONNECTED_F32, try_fully_connected, 5 },
    { "fully-connected-f32-blocked", FRT_KERNEL_FULLY_CONNECTED_F32_BLOCKED,
      try_fully_connected, 5 },
    { "transpose-conv-f32", FRT_KERNEL_TRANSPOSE_CONV_F32, try_transpose_conv, 5 },
    { "batch-matmul-f32", FRT_KERNEL_BATCH_MATMUL_F32, try_batch_matmul, 5 },
    { "log-softmax-f32", FRT_KERNEL_LOG_SOFTMAX_F32, try_log_softmax, 5 },
    { "l2-normalization-f32", FRT_KERNEL_L2_NORMALIZATION_F32, try_l2_normalization, 5 },
    { "svdf-f32", FRT_KERNEL_SVDF_F32, try_svdf, 5 },
    { "lstm-f32", FRT_KERNEL_LSTM_F32, try_lstm, 5 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
