/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-pool.c: AVERAGE_POOL_2D and MAX_POOL_2D, against their definitions. */
#include "property-range.h"

typedef struct
{
  gint32 in, out, taps, stride, before, after;
} Axis;

static void
random_axis (Axis *axis, FettlePadding padding, gboolean is_large)
{
  gint32 total;

  axis->in = random_between (1, is_large ? 20 : 7);
  axis->taps = random_between (1, padding == FETTLE_PADDING_VALID ? axis->in : 6);
  axis->stride = random_between (1, 4);
  axis->out = padding == FETTLE_PADDING_SAME
                  ? (axis->in + axis->stride - 1) / axis->stride
                  : (axis->in - axis->taps + axis->stride) / axis->stride;
  total = (axis->out - 1) * axis->stride + axis->taps - axis->in;
  axis->before = padding == FETTLE_PADDING_VALID ? 0 : MAX (total, 0) / 2;
  if (padding != FETTLE_PADDING_EXPLICIT)
    return;
  axis->before = random_between (0, axis->taps - 1);
  axis->after =
      random_between (MAX (axis->taps - axis->in - axis->before, 0), axis->taps - 1);
  axis->out =
      (axis->before + axis->in + axis->after - axis->taps + axis->stride) / axis->stride;
}

/* Half away from zero, by the definition: the whole number nearest to SUM / N. */
static gint64
divide (gint64 sum, gint64 n)
{
  const gint64 magnitude = ABS (sum);
  const gint64 quotient = magnitude / n, rest = magnitude % n;
  const gint64 rounded = 2 * rest >= n ? quotient + 1 : quotient;

  return sum < 0 ? -rounded : rounded;
}

static gint64
pool (const PropertyTensor *input, const Axis axes[2], gboolean is_average,
      const gint32 at[4])
{
  gint64 sum = 0, n = 0, largest = G_MININT64;

  for (gint32 y = 0; y < axes[0].in; y++)
    for (gint32 x = 0; x < axes[1].in; x++)
      {
        const gint32 ky = y - at[1] * axes[0].stride + axes[0].before;
        const gint32 kx = x - at[2] * axes[1].stride + axes[1].before;
        gint64 value;

        if (ky < 0 || ky >= axes[0].taps || kx < 0 || kx >= axes[1].taps)
          continue;
        value =
            input->values[((at[0] * axes[0].in + y) * axes[1].in + x) * input->shape[3]
                          + at[3]];
        sum += value;
        largest = MAX (largest, value);
        n++;
      }
  return is_average ? divide (sum, n) : largest;
}

static gboolean
try_pool (FettleOpcode opcode, FettleType type)
{
  static gint64 expected[PROPERTY_MAX_ELEMENTS];
  const gboolean is_large = random_once_in (300);
  const FettlePadding padding = (FettlePadding)random_between (0, 2);
  const gint32 batches = random_between (1, 2), depth = random_between (1, 6);
  PropertyCase *the_case = property_start (opcode);
  FettleOptions *options = &the_case->options;
  PropertyTensor *input, *output;
  Axis axes[2];
  gint32 at[4], i = 0;

  random_axis (&axes[0], padding, is_large);
  random_axis (&axes[1], padding, is_large);
  options->padding = padding;
  if (padding == FETTLE_PADDING_EXPLICIT)
    {
      options->padding_top = axes[0].before;
      options->padding_bottom = axes[0].after;
      options->padding_left = axes[1].before;
      options->padding_right = axes[1].after;
    }
  options->activation = property_random_activation ();
  options->stride_height = axes[0].stride;
  options->stride_width = axes[1].stride;
  options->filter_height = axes[0].taps;
  options->filter_width = axes[1].taps;
  if (!property_shape_fits (4, (gint32[]){ batches, axes[0].in, axes[1].in, depth }))
    return FALSE;
  input = property_add (PROPERTY_INPUT, type, 4,
                        (gint32[]){ batches, axes[0].in, axes[1].in, depth });
  output = property_add (PROPERTY_OUTPUT, type, 4,
                         (gint32[]){ batches, axes[0].out, axes[1].out, depth });
  property_set_scale (input, property_random_scale (),
                      type == FETTLE_TYPE_INT16 ? 0 : property_random_zero_point (type));
  property_set_scale (output, input->scales[0], input->zero_point);
  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (at[0] = 0; at[0] < batches; at[0]++)
    for (at[1] = 0; at[1] < axes[0].out; at[1]++)
      for (at[2] = 0; at[2] < axes[1].out; at[2]++)
        for (at[3] = 0; at[3] < depth; at[3]++)
          expected[i++] = property_limit (
              options->activation, output,
              pool (input, axes, opcode == FETTLE_OPCODE_AVERAGE_POOL_2D, at));
  property_expect (0, expected);
  return TRUE;
}

static gboolean
try_average_s8 (void)
{
  return try_pool (FETTLE_OPCODE_AVERAGE_POOL_2D, FETTLE_TYPE_INT8);
}

static gboolean
try_average_s16 (void)
{
  return try_pool (FETTLE_OPCODE_AVERAGE_POOL_2D, FETTLE_TYPE_INT16);
}

static gboolean
try_max_s8 (void)
{
  return try_pool (FETTLE_OPCODE_MAX_POOL_2D, FETTLE_TYPE_INT8);
}

static gboolean
try_max_s16 (void)
{
  return try_pool (FETTLE_OPCODE_MAX_POOL_2D, FETTLE_TYPE_INT16);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "average-pool2d-s8", FRT_KERNEL_AVERAGE_POOL2D_S8, try_average_s8, 1 },
    { "average-pool2d-s8-packed", FRT_KERNEL_AVERAGE_POOL2D_S8_PACKED, try_average_s8,
      1 },
    { "average-pool2d-s8-helium", FRT_KERNEL_AVERAGE_POOL2D_S8_HELIUM, try_average_s8,
      1 },
    { "average-pool2d-s16", FRT_KERNEL_AVERAGE_POOL2D_S16, try_average_s16, 1 },
    { "max-pool2d-s8", FRT_KERNEL_MAX_POOL2D_S8, try_max_s8, 1 },
    { "max-pool2d-s16", FRT_KERNEL_MAX_POOL2D_S16, try_max_s16, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
