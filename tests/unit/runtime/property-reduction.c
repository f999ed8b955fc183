/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-reduction.c: MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX and ARG_MIN, against their definitions. */
#include "property-range.h"

static PropertyCase *the_case;
static PropertyTensor *input, *output;
static gboolean is_reduced[FETTLE_MAX_RANK];
static gint32 n_reduced; /* elements per output */

/* Some axes, named from either end, perhaps twice; or one. */
static void
add_operands (FettleOpcode opcode, FettleType from, FettleType to, gboolean is_lone)
{
  const guint rank = (guint)random_between (1, 5);
  gint32 shape[FETTLE_MAX_RANK], kept[FETTLE_MAX_RANK], axes[FETTLE_MAX_RANK + 1];
  guint n_kept = 0;
  gint32 n_axes = is_lone ? 1 : random_between (1, (gint32)rank + 1);

  the_case = property_start (opcode);
  the_case->options.keep_dims = !is_lone && random_once_in (2);
  n_reduced = 1;
  for (guint axis = 0; axis < rank; axis++)
    {
      shape[axis] = random_between (1, rank == 1 ? 40 : random_once_in (40) ? 5 : 3);
      is_reduced[axis] = FALSE;
    }
  for (gint32 i = 0; i < n_axes; i++)
    {
      const gint32 axis = random_between (0, (gint32)rank - 1);

      is_reduced[axis] = TRUE;
      axes[i] = random_once_in (2) ? axis : axis - (gint32)rank;
    }
  for (guint axis = 0; axis < rank; axis++)
    if (is_reduced[axis])
      {
        n_reduced *= shape[axis];
        if (the_case->options.keep_dims)
          kept[n_kept++] = 1;
      }
    else
      kept[n_kept++] = shape[axis];
  input = property_add (PROPERTY_INPUT, from, rank, shape);
  property_add_integers (axes, n_axes);
  output = property_add (PROPERTY_OUTPUT, to, n_kept, kept);
}

/* The element of the output that element INDEX of the input goes into, and its place among those. */
static gint32
find_target (gint32 index, gint32 *place)
{
  gint32 at[FETTLE_MAX_RANK], target = 0;

  *place = 0;
  for (guint axis = input->rank; axis-- > 0;)
    {
      at[axis] = index % input->shape[axis];
      index /= input->shape[axis];
    }
  for (guint axis = 0; axis < input->rank; axis++)
    if (is_reduced[axis])
      *place = *place * input->shape[axis] + at[axis];
    else
      target = target * input->shape[axis] + at[axis];
  return target;
}

/* --- MEAN and SUM --- */

static gint64
scale_sum (gint64 sum)
{
  const double real = (double)input->scales[0] / (double)output->scales[0];
  int32_t multiplier;
  int shift = reference_quantize_multiplier (real, &multiplier);

  if (the_case->opcode == FETTLE_OPCODE_MEAN)
    {
      int fold = 0;

      while (fold < 32 && (gint64)2 << fold <= n_reduced)
        fold++;
      fold = MIN (fold, 31 + shift);
      multiplier = (gint32)((gint64)multiplier * ((gint64)1 << fold) / n_reduced);
      shift -= fold;
    }
  return property_narrow (
      output, (gint64)reference_multiply (sum - (gint64)input->zero_point * n_reduced,
                                          multiplier, shift)
                  + output->zero_point);
}

static gboolean
try_sum (FettleOpcode opcode, FettleType type)
{
  static gint64 sums[PROPERTY_MAX_ELEMENTS];
  gint32 place;

  add_operands (opcode, type, type, FALSE);
  property_set_scale (input, property_random_scale (), property_random_zero_point (type));
  property_set_scale (
      output,
      property_output_scale ((double)input->scales[0]
                             * (opcode == FETTLE_OPCODE_SUM ? 0.25 * n_reduced : 0.0625)),
      property_random_zero_point (type));
  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    sums[i] = 0;
  for (gint32 i = 0; i < input->n; i++)
    sums[find_target (i, &place)] += input->values[i];
  for (gint32 i = 0; i < output->n; i++)
    sums[i] = scale_sum (sums[i]);
  property_expect (0, sums);
  return TRUE;
}

static gboolean
try_mean_s8 (void)
{
  return try_sum (FETTLE_OPCODE_MEAN, FETTLE_TYPE_INT8);
}

static gboolean
try_mean_s16 (void)
{
  return try_sum (FETTLE_OPCODE_MEAN, FETTLE_TYPE_INT16);
}

static gboolean
try_sum_s8 (void)
{
  return try_sum (FETTLE_OPCODE_SUM, FETTLE_TYPE_INT8);
}

static gboolean
try_sum_s16 (void)
{
  return try_sum (FETTLE_OPCODE_SUM, FETTLE_TYPE_INT16);
}

/* --- the largest and the smallest, and where they are --- */

static gboolean
try_extreme (FettleOpcode opcode, int sign, gboolean wants_place)
{
  static gint64 best[PROPERTY_MAX_ELEMENTS], places[PROPERTY_MAX_ELEMENTS];
  static gint32 best_place[PROPERTY_MAX_ELEMENTS];
  const FettleType index = random_once_in (2) ? FETTLE_TYPE_INT32 : FETTLE_TYPE_INT64;

  add_operands (opcode, FETTLE_TYPE_INT8, wants_place ? index : FETTLE_TYPE_INT8,
                wants_place);
  property_set_scale (input, property_random_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  if (!wants_place)
    property_set_scale (output, input->scales[0], input->zero_point);
  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    best_place[i] = -1;
  for (gint32 i = 0; i < input->n; i++)
    {
      gint32 place;
      const gint32 target = find_target (i, &place);
      const gint64 value = input->values[i];

      /* The first of equals. */
      if (best_place[target] < 0 || sign * value > sign * best[target]
          || (value == best[target] && place < best_place[target]))
        {
          best[target] = value;
          places[target] = best_place[target] = place;
        }
    }
  property_expect (0, wants_place ? places : best);
  return TRUE;
}

static gboolean
try_reduce_max (void)
{
  return try_extreme (FETTLE_OPCODE_REDUCE_MAX, 1, FALSE);
}

static gboolean
try_reduce_min (void)
{
  return try_extreme (FETTLE_OPCODE_REDUCE_MIN, -1, FALSE);
}

static gboolean
try_arg_max (void)
{
  return try_extreme (FETTLE_OPCODE_ARG_MAX, 1, TRUE);
}

static gboolean
try_arg_min (void)
{
  return try_extreme (FETTLE_OPCODE_ARG_MIN, -1, TRUE);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "mean-s8", FRT_KERNEL_MEAN_S8, try_mean_s8, 1 },
    { "mean-s16", FRT_KERNEL_MEAN_S16, try_mean_s16, 1 },
    { "sum-s8", FRT_KERNEL_MEAN_S8, try_sum_s8, 1 },
    { "sum-s16", FRT_KERNEL_MEAN_S16, try_sum_s16, 1 },
    { "reduce-max-s8", FRT_KERNEL_REDUCE_MAX_S8, try_reduce_max, 1 },
    { "reduce-min-s8", FRT_KERNEL_REDUCE_MIN_S8, try_reduce_min, 1 },
    { "arg-max-s8", FRT_KERNEL_ARG_MAX_S8, try_arg_max, 1 },
    { "arg-min-s8", FRT_KERNEL_ARG_MIN_S8, try_arg_min, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
