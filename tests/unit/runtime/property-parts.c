/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-parts.c: operators that join, part and pick elements, against their definitions. */
#include "property-broadcast.h"

static PropertyCase *the_case;
static gint64 expected[PROPERTY_MAX_ELEMENTS];

static FettleType
random_type (void)
{
  static const FettleType types[] = { FETTLE_TYPE_INT8, FETTLE_TYPE_INT16,
                                      FETTLE_TYPE_INT32, FETTLE_TYPE_UINT8,
                                      FETTLE_TYPE_INT64 };

  return types[random_between (0, 4)];
}

static PropertyTensor *
add_activation (PropertyRole role, FettleType type, guint rank, const gint32 *shape)
{
  PropertyTensor *tensor = property_add (role, type, rank, shape);

  if (type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16)
    property_set_scale (tensor, 0.5f, type == FETTLE_TYPE_INT8 ? -3 : 0);
  property_fill (tensor);
  return tensor;
}

/* Elements of SHAPE before and behind AXIS. */
static void
measure (const gint32 *shape, guint rank, guint axis, gint32 *outer, gint32 *inner)
{
  *outer = *inner = 1;
  for (guint i = 0; i < axis; i++)
    *outer *= shape[i];
  for (guint i = axis + 1; i < rank; i++)
    *inner *= shape[i];
}

static gint32
name_axis (guint axis, guint rank)
{
  return random_once_in (2) ? (gint32)axis : (gint32)axis - (gint32)rank;
}

/* --- RESHAPE and its like --- */

static gboolean
try_reshape (void)
{
  const FettleType type = random_type ();
  gint32 shape[FETTLE_MAX_RANK], flat = 1;
  const guint rank = (guint)random_between (1, 5);
  PropertyTensor *input;

  the_case = property_start (FETTLE_OPCODE_RESHAPE);
  for (guint axis = 0; axis < rank; axis++)
    flat *= shape[axis] = random_between (1, 4);
  input = add_activation (PROPERTY_INPUT, type, rank, shape);
  if (random_once_in (2))
    property_add_integers ((gint32[]){ -1 }, 1);
  else
    property_add_integers (&flat, 1);
  property_add (PROPERTY_OUTPUT, type, 1, &flat);
  if (!property_lower ())
    return FALSE;
  property_run ();
  property_expect (0, input->values);
  return TRUE;
}

/* --- CONCATENATION and PACK, SPLIT, SPLIT_V and UNPACK --- */

/* A whole and its parts along AXIS; parts of PACK and UNPACK lack the axis. */
typedef struct
{
  FettleType type;
  guint rank, axis, n;
  gint32 shape[FETTLE_MAX_RANK]; /* of the whole */
  gint32 extents[PROPERTY_MAX_OUTPUTS];
  gboolean is_stack;
} Parts;

static Parts
random_parts (gboolean is_even)
{
  Parts parts = { .type = random_type (),
                  .rank = (guint)random_between (1, 4),
                  .n = (guint)random_between (1, PROPERTY_MAX_OUTPUTS) };
  const gint32 extent = random_between (1, 3);

  parts.is_stack = is_even && random_once_in (2);
  parts.axis = (guint)random_between (0, (gint32)parts.rank - 1);
  for (guint i = 0; i < parts.rank; i++)
    parts.shape[i] = random_between (1, 4);
  parts.shape[parts.axis] = 0;
  for (guint k = 0; k < parts.n; k++)
    {
      parts.extents[k] = parts.is_stack ? 1 : is_even ? extent : random_between (1, 4);
      parts.shape[parts.axis] += parts.extents[k];
    }
  return parts;
}

static PropertyTensor *
add_part (const Parts *parts, guint k, PropertyRole role)
{
  gint32 shape[FETTLE_MAX_RANK];
  guint rank = 0;

  for (guint i = 0; i < parts->rank; i++)
    if (i != parts->axis)
      shape[rank++] = parts->shape[i];
    else if (!parts->is_stack)
      shape[rank++] = parts->extents[k];
  return add_activation (role, parts->type, rank, shape);
}

/* The element of the whole that is element INDEX of part K. */
static gint32
find_in_whole (const Parts *parts, guint k, gint32 index)
{
  gint32 outer, inner, start = 0, within;

  measure (parts->shape, parts->rank, parts->axis, &outer, &inner);
  for (guint i = 0; i < k; i++)
    start += parts->extents[i];
  within = index / inner % parts->extents[k];
  return (index / inner / parts->extents[k] * parts->shape[parts->axis] + start + within)
             * inner
         + index % inner;
}

static gboolean
try_join (void)
{
  const Parts parts = random_parts (random_once_in (2));
  PropertyTensor *pieces[PROPERTY_MAX_OUTPUTS];

  the_case =
      property_start (parts.is_stack ? FETTLE_OPCODE_PACK : FETTLE_OPCODE_CONCATENATION);
  the_case->options.axis = name_axis (parts.axis, parts.rank);
  for (guint k = 0; k < parts.n; k++)
    pieces[k] = add_part (
        &parts, k, k > 0 && random_once_in (4) ? PROPERTY_CONSTANT : PROPERTY_INPUT);
  add_activation (PROPERTY_OUTPUT, parts.type, parts.rank, parts.shape);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (guint k = 0; k < parts.n; k++)
    for (gint32 i = 0; i < pieces[k]->n; i++)
      expected[find_in_whole (&parts, k, i)] = pieces[k]->values[i];
  property_expect (0, expected);
  return TRUE;
}

static gboolean
try_part (void)
{
  const gboolean is_even = random_once_in (2);
  const Parts parts = random_parts (is_even);
  const gint32 axis = name_axis (parts.axis, parts.rank);
  const gint32 n_parts = (gint32)parts.n;
  PropertyTensor *whole;

  the_case = property_start (parts.is_stack ? FETTLE_OPCODE_UNPACK
                             : is_even      ? FETTLE_OPCODE_SPLIT
                                            : FETTLE_OPCODE_SPLIT_V);
  the_case->options.axis = axis;
  if (the_case->opcode == FETTLE_OPCODE_SPLIT)
    property_add_integers (&axis, 1);
  whole = add_activation (PROPERTY_INPUT, parts.type, parts.rank, parts.shape);
  if (the_case->opcode == FETTLE_OPCODE_SPLIT_V)
    {
      property_add_integers (parts.extents, n_parts);
      property_add_integers (&axis, 1);
    }
  for (guint k = 0; k < parts.n; k++)
    add_part (&parts, k, PROPERTY_OUTPUT);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (guint k = 0; k < parts.n; k++)
    {
      for (gint32 i = 0; i < the_case->outputs[k]->n; i++)
        expected[i] = whole->values[find_in_whole (&parts, k, i)];
      property_expect (k, expected);
    }
  return TRUE;
}

/* --- GATHER --- */

static gboolean
try_gather (void)
{
  const FettleType type = random_type ();
  const FettleType index_type =
      random_once_in (2) ? FETTLE_TYPE_INT32 : FETTLE_TYPE_INT64;
  const guint rank = (guint)random_between (1, 4);
  const guint axis = (guint)random_between (0, (gint32)rank - 1);
  const gint32 n = random_between (1, 5);
  PropertyTensor *data, *indices, *output;
  gint32 shape[FETTLE_MAX_RANK], outer, inner, extent;

  the_case = property_start (FETTLE_OPCODE_GATHER);
  the_case->options.axis = name_axis (axis, rank);
  for (guint i = 0; i < rank; i++)
    shape[i] = random_between (1, 5);
  extent = shape[axis];
  measure (shape, rank, axis, &outer, &inner);
  data = add_activation (PROPERTY_INPUT, type, rank, shape);
  indices = property_add (random_once_in (2) ? PROPERTY_CONSTANT : PROPERTY_INPUT,
                          index_type, 1, &n);
  for (gint32 i = 0; i < n; i++)
    indices->values[i] = random_between (0, extent - 1);
  shape[axis] = n;
  output = add_activation (PROPERTY_OUTPUT, type, rank, shape);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    expected[i] =
        data->values[(i / inner / n * extent + indices->values[i / inner % n]) * inner
                     + i % inner];
  property_expect (0, expected);
  return TRUE;
}

/* --- SELECT and SELECT_V2 --- */

/* SHAPE with some axes of 1, if the operand may repeat its elements. */
static PropertyTensor *
add_spread (FettleType type, guint rank, const gint32 *shape, gboolean repeats)
{
  gint32 extents[FETTLE_MAX_RANK];
  const guint dropped = repeats ? (guint)random_between (0, (gint32)rank) : 0;

  for (guint axis = 0; axis < rank; axis++)
    extents[axis] = repeats && random_once_in (3) ? 1 : shape[axis];
  return add_activation (PROPERTY_INPUT, type, rank - dropped, extents + dropped);
}

static gboolean
try_select (void)
{
  const gboolean is_second = random_once_in (2);
  const FettleType type = random_type ();
  const guint rank = (guint)random_between (1, 4);
  const gboolean picks_rows = !is_second && rank > 1 && random_once_in (2);
  PropertyTensor *condition, *yes, *no, *output;
  gint32 shape[FETTLE_MAX_RANK];

  the_case = property_start (is_second ? FETTLE_OPCODE_SELECT_V2 : FETTLE_OPCODE_SELECT);
  for (guint axis = 0; axis < rank; axis++)
    shape[axis] = random_between (1, 4);
  condition = add_spread (FETTLE_TYPE_BOOL, picks_rows ? 1 : rank, shape, is_second);
  yes = add_spread (type, rank, shape, is_second);
  no = add_spread (type, rank, shape, FALSE);
  output = add_activation (PROPERTY_OUTPUT, type, rank, shape);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint64 is_true = picks_rows ? condition->values[i / (output->n / shape[0])]
                                        : property_broadcast_value (condition, output, i);

      expected[i] = property_broadcast_value (is_true ? yes : no, output, i);
    }
  property_expect (0, expected);
  return TRUE;
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "reshape", FRT_KERNEL_COPY, try_reshape, 1 },
    { "join", FRT_KERNEL_CONCATENATE, try_join, 1 },
    { "part", FRT_KERNEL_SPLIT, try_part, 1 },
    { "gather", FRT_KERNEL_GATHER, try_gather, 1 },
    { "select", FRT_KERNEL_SELECT, try_select, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
