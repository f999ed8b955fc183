/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-movement.c: operators that move elements or mix neighbours, against their definitions. */
#include "property-range.h"

#include <math.h>

static PropertyCase *the_case;
static PropertyTensor *input, *output;
static gint64 expected[PROPERTY_MAX_ELEMENTS];

static FettleType
random_type (void)
{
  static const FettleType types[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_INT32 };

  return types[random_between (0, 2)];
}

static PropertyTensor *
add_activation (PropertyRole role, FettleType type, guint rank, const gint32 *shape)
{
  PropertyTensor *tensor = property_add (role, type, rank, shape);

  if (type != FETTLE_TYPE_INT32)
    property_set_scale (tensor, 0.5f, type == FETTLE_TYPE_INT8 ? -3 : 0);
  property_fill (tensor);
  return tensor;
}

static gint32
random_shape (guint rank, gint32 most, gint32 *shape)
{
  gint32 n = 1;

  for (guint axis = 0; axis < rank; axis++)
    n *= shape[axis] = random_between (1, most);
  return n;
}

static void
find_coordinates (gint32 index, guint rank, const gint32 *shape, gint32 *at)
{
  for (guint axis = rank; axis-- > 0;)
    {
      at[axis] = index % shape[axis];
      index /= shape[axis];
    }
}

static gint64
value_at (const PropertyTensor *tensor, const gint32 *at)
{
  gint32 index = 0;

  for (guint axis = 0; axis < tensor->rank; axis++)
    index = index * tensor->shape[axis] + at[axis];
  return tensor->values[index];
}

/* Fills FROM, the coordinates in the input of what lies at AT of the output. FALSE if that is nothing. */
typedef gboolean (*PlaceFunc) (const gint32 *at, gint32 *from);

static gboolean
compare_places (PlaceFunc place, gint64 nothing)
{
  gint32 at[FETTLE_MAX_RANK], from[FETTLE_MAX_RANK];

  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    {
      find_coordinates (i, output->rank, output->shape, at);
      expected[i] = place (at, from) ? value_at (input, from) : nothing;
    }
  property_expect (0, expected);
  return TRUE;
}

/* --- PAD, PADV2, MIRROR_PAD --- */

static gint32 before[FETTLE_MAX_RANK];

static void
add_paddings (guint rank, const gint32 *behind)
{
  const gint32 pairs[] = { (gint32)rank, 2 };
  PropertyTensor *paddings =
      property_add (PROPERTY_CONSTANT, FETTLE_TYPE_INT32, 2, pairs);

  for (guint axis = 0; axis < rank; axis++)
    {
      paddings->values[2 * axis] = before[axis];
      paddings->values[2 * axis + 1] = behind[axis];
    }
}

static gboolean
place_padded (const gint32 *at, gint32 *from)
{
  for (guint axis = 0; axis < input->rank; axis++)
    {
      from[axis] = at[axis] - before[axis];
      if (from[axis] < 0 || from[axis] >= input->shape[axis])
        return FALSE;
    }
  return TRUE;
}

static gboolean
try_pad (void)
{
  const gboolean has_value = random_once_in (2);
  const FettleType type = random_type ();
  const guint rank = (guint)random_between (1, 5);
  gint32 shape[FETTLE_MAX_RANK], behind[FETTLE_MAX_RANK] = { 0 };
  gint64 value;

  the_case = property_start (has_value ? FETTLE_OPCODE_PADV2 : FETTLE_OPCODE_PAD);
  random_shape (rank, 3, shape);
  input = add_activation (PROPERTY_INPUT, type, rank, shape);
  value = input->zero_point;
  for (guint axis = 0; axis < rank; axis++)
    {
      before[axis] = random_between (0, 2);
      behind[axis] = random_between (0, 2);
    }
  add_paddings (rank, behind);
  if (has_value)
    value = add_activation (PROPERTY_CONSTANT, type, 0, shape)->values[0];
  for (guint axis = 0; axis < rank; axis++)
    shape[axis] += before[axis] + behind[axis];
  if (!property_shape_fits (rank, shape))
    return FALSE;
  output = add_activation (PROPERTY_OUTPUT, type, rank, shape);
  return compare_places (place_padded, value);
}

static gboolean
place_mirrored (const gint32 *at, gint32 *from)
{
  const gint32 edge = the_case->options.mirror == FETTLE_MIRROR_REFLECT ? 0 : 1;

  for (guint axis = 0; axis < input->rank; axis++)
    {
      const gint32 last = input->shape[axis] - 1;

      from[axis] = at[axis] - before[axis];
      if (from[axis] < 0)
        from[axis] = -from[axis] - edge;
      if (from[axis] > last)
        from[axis] = 2 * last - from[axis] + edge;
    }
  return TRUE;
}

static gboolean
try_mirror_pad (void)
{
  const FettleType type = random_type ();
  const guint rank = (guint)random_between (1, 4);
  gint32 shape[FETTLE_MAX_RANK], behind[FETTLE_MAX_RANK] = { 0 };

  the_case = property_start (FETTLE_OPCODE_MIRROR_PAD);
  the_case->options.mirror = (FettleMirror)random_between (0, 1);
  random_shape (rank, 4, shape);
  input = add_activation (PROPERTY_INPUT, type, rank, shape);
  for (guint axis = 0; axis < rank; axis++)
    {
      const gint32 most =
          shape[axis] - (the_case->options.mirror == FETTLE_MIRROR_REFLECT ? 1 : 0);

      before[axis] = random_between (0, most);
      behind[axis] = random_between (0, most);
    }
  add_paddings (rank, behind);
  for (guint axis = 0; axis < rank; axis++)
    shape[axis] += before[axis] + behind[axis];
  if (!property_shape_fits (rank, shape))
    return FALSE;
  output = add_activation (PROPERTY_OUTPUT, type, rank, shape);
  return compare_places (place_mirrored, 0);
}

/* --- TRANSPOSE, SLICE, STRIDED_SLICE --- */

static gint32 axes[FETTLE_MAX_RANK], begin[FETTLE_MAX_RANK], step[FETTLE_MAX_RANK];

static gboolean
place_transposed (const gint32 *at, gint32 *from)
{
  for (guint axis = 0; axis < input->rank; axis++)
    from[axes[axis]] = at[axis];
  return TRUE;
}

static gboolean
try_transpose (void)
{
  const FettleType type = random_type ();
  const guint rank = (guint)random_between (1, 5);
  gint32 shape[FETTLE_MAX_RANK], transposed[FETTLE_MAX_RANK];

  the_case = property_start (FETTLE_OPCODE_TRANSPOSE);
  random_shape (rank, 5, shape);
  for (guint axis = 0; axis < rank; axis++)
    {
      const guint other = (guint)random_between (0, (gint32)axis);

      axes[axis] = axes[other];
      axes[other] = (gint32)axis;
    }
  for (guint axis = 0; axis < rank; axis++)
    transposed[axis] = shape[axes[axis]];
  input = add_activation (PROPERTY_INPUT, type, rank, shape);
  property_add_integers (axes, (gint32)rank);
  output = add_activation (PROPERTY_OUTPUT, type, rank, transposed);
  return compare_places (place_transposed, 0);
}

static gboolean
place_sliced (const gint32 *at, gint32 *from)
{
  for (guint axis = 0; axis < input->rank; axis++)
    from[axis] = begin[axis] + at[axis] * step[axis];
  return TRUE;
}

static gboolean
try_slice (void)
{
  const gboolean is_strided = random_once_in (2);
  const FettleType type = random_type ();
  const guint rank = (guint)random_between (1, 4);
  gint32 shape[FETTLE_MAX_RANK], size[FETTLE_MAX_RANK], end[FETTLE_MAX_RANK];

  the_case =
      property_start (is_strided ? FETTLE_OPCODE_STRIDED_SLICE : FETTLE_OPCODE_SLICE);
  random_shape (rank, 6, shape);
  for (guint axis = 0; axis < rank; axis++)
    {
      gint32 room;

      begin[axis] = random_between (0, shape[axis] - 1);
      step[axis] = is_strided ? random_between (1, 3) * (random_once_in (3) ? -1 : 1) : 1;
      room = step[axis] > 0 ? shape[axis] - begin[axis] : begin[axis] + 1;
      size[axis] = random_between (1, (room + ABS (step[axis]) - 1) / ABS (step[axis]));
      end[axis] = begin[axis] + (size[axis] - 1) * step[axis] + (step[axis] > 0 ? 1 : -1);
      if (end[axis] < 0) /* -1 would count from the end */
        end[axis] -= shape[axis];
    }
  input = add_activation (PROPERTY_INPUT, type, rank, shape);
  property_add_integers (begin, (gint32)rank);
  property_add_integers (is_strided ? end : size, (gint32)rank);
  if (is_strided)
    property_add_integers (step, (gint32)rank);
  output = add_activation (PROPERTY_OUTPUT, type, rank, size);
  return compare_places (place_sliced, 0);
}

/* --- SPACE_TO_DEPTH, DEPTH_TO_SPACE --- */

static gboolean
place_from_space (const gint32 *at, gint32 *from)
{
  const gint32 block = the_case->options.block_size, depth = input->shape[3];

  from[0] = at[0];
  from[1] = at[1] * block + at[3] / depth / block;
  from[2] = at[2] * block + at[3] / depth % block;
  from[3] = at[3] % depth;
  return TRUE;
}

static gboolean
place_from_depth (const gint32 *at, gint32 *from)
{
  const gint32 block = the_case->options.block_size, depth = output->shape[3];

  from[0] = at[0];
  from[1] = at[1] / block;
  from[2] = at[2] / block;
  from[3] = (at[1] % block * block + at[2] % block) * depth + at[3];
  return TRUE;
}

static gboolean
try_blocks (void)
{
  const gboolean is_to_depth = random_once_in (2);
  const FettleType type = is_to_depth ? FETTLE_TYPE_INT8 : FETTLE_TYPE_INT16;
  const gint32 block = random_between (2, 3);
  gint32 deep[4], wide[4];

  the_case = property_start (is_to_depth ? FETTLE_OPCODE_SPACE_TO_DEPTH
                                         : FETTLE_OPCODE_DEPTH_TO_SPACE);
  the_case->options.block_size = block;
  random_shape (4, 3, wide);
  deep[0] = wide[0];
  deep[1] = wide[1];
  deep[2] = wide[2];
  deep[3] = wide[3] * block * block;
  wide[1] *= block;
  wide[2] *= block;
  input = add_activation (PROPERTY_INPUT, type, 4, is_to_depth ? wide : deep);
  output = add_activation (PROPERTY_OUTPUT, type, 4, is_to_depth ? deep : wide);
  return compare_places (is_to_depth ? place_from_space : place_from_depth, 0);
}

/* --- RESIZE_* --- */

static void
add_pictures (FettleOpcode opcode, FettleType type)
{
  gint32 shape[4], size[2];

  the_case = property_start (opcode);
  the_case->options.align_corners = random_once_in (3);
  the_case->options.half_pixel_centers =
      !the_case->options.align_corners && random_once_in (2);
  random_shape (4, 6, shape);
  shape[0] = random_between (1, 2);
  shape[3] = random_between (1, 3);
  input = add_activation (PROPERTY_INPUT, type, 4, shape);
  size[0] = random_between (1, 12);
  size[1] = random_between (1, 12);
  property_add_integers (size, 2);
  shape[1] = size[0];
  shape[2] = size[1];
  output = add_activation (PROPERTY_OUTPUT, type, 4, shape);
}

static gint32
nearest (gint32 at, gint32 in, gint32 out)
{
  const gboolean aligns = the_case->options.align_corners;
  const float scale =
      aligns && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
  const float place =
      ((float)at + (the_case->options.half_pixel_centers ? 0.5f : 0.0f)) * scale;
  const gint32 cell = (gint32)(aligns ? roundf (place) : floorf (place));

  return CLAMP (cell, 0, in - 1);
}

static gboolean
place_nearest (const gint32 *at, gint32 *from)
{
  from[0] = at[0];
  from[1] = nearest (at[1], input->shape[1], output->shape[1]);
  from[2] = nearest (at[2], input->shape[2], output->shape[2]);
  from[3] = at[3];
  return TRUE;
}

static gboolean
try_resize_nearest (void)
{
  add_pictures (FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR,
                random_once_in (2) ? FETTLE_TYPE_INT8 : FETTLE_TYPE_INT16);
  return compare_places (place_nearest, 0);
}

/* Two cells of an axis and 1024ths of the second. */
typedef struct
{
  gint64 low, high, weight;
} Mixture;

static Mixture
mix (gint64 at, gint64 in, gint64 out)
{
  const gboolean aligns = the_case->options.align_corners && out > 1;
  const gint64 scale = aligns ? (1024 * (in - 1) + (out - 1) / 2) / (out - 1)
                              : (1024 * in + out / 2) / out;
  const gint64 v =
      at * scale + (the_case->options.half_pixel_centers ? scale / 2 - 512 : 0);
  Mixture mixture = { .low = MAX (v / 1024, 0), .high = MIN ((v + 1023) / 1024, in - 1) };

  mixture.weight = v - 1024 * mixture.low;
  return mixture;
}

static gint64
mixed (const gint32 *at)
{
  const Mixture rows = mix (at[1], input->shape[1], output->shape[1]);
  const Mixture columns = mix (at[2], input->shape[2], output->shape[2]);
  gint64 sum = 0;

  for (int corner = 0; corner < 4; corner++)
    {
      const gboolean is_low = corner < 2, is_left = corner % 2 == 0;
      const gint32 from[] = { at[0], (gint32)(is_low ? rows.low : rows.high),
                              (gint32)(is_left ? columns.low : columns.high), at[3] };

      sum += value_at (input, from) * (is_low ? 1024 - rows.weight : rows.weight)
             * (is_left ? 1024 - columns.weight : columns.weight);
    }
  return (sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20);
}

static gboolean
try_resize_bilinear (void)
{
  gint32 at[4];

  add_pictures (FETTLE_OPCODE_RESIZE_BILINEAR, FETTLE_TYPE_INT8);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    {
      find_coordinates (i, 4, output->shape, at);
      expected[i] = mixed (at);
    }
  property_expect (0, expected);
  return TRUE;
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "pad", FRT_KERNEL_PAD, try_pad, 1 },
    { "mirror-pad", FRT_KERNEL_REARRANGE, try_mirror_pad, 1 },
    { "transpose", FRT_KERNEL_REARRANGE, try_transpose, 1 },
    { "slice", FRT_KERNEL_REARRANGE, try_slice, 1 },
    { "blocks", FRT_KERNEL_REARRANGE, try_blocks, 1 },
    { "resize-nearest-neighbor", FRT_KERNEL_REARRANGE, try_resize_nearest, 1 },
    { "resize-bilinear-s8", FRT_KERNEL_RESIZE_BILINEAR_S8, try_resize_bilinear, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
