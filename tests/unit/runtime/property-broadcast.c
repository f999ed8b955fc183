/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-broadcast.c: two operands whose shapes broadcast. */
#include "property-broadcast.h"

void
property_add_pair (FettleType type, FettleType result, PropertyTensor **a,
                   PropertyTensor **b, PropertyTensor **output)
{
  const guint rank = (guint)random_between (0, FETTLE_MAX_RANK);
  const gboolean is_same = random_once_in (2);
  gint32 first[FETTLE_MAX_RANK], second[FETTLE_MAX_RANK], both[FETTLE_MAX_RANK];
  guint dropped = 0;

  for (guint axis = 0; axis < rank; axis++)
    {
      first[axis] = second[axis] = random_between (1, random_once_in (100) ? 4 : 2);
      if (!is_same && random_once_in (3))
        *(random_once_in (2) ? &first[axis] : &second[axis]) = 1;
      both[axis] = MAX (first[axis], second[axis]);
    }
  if (rank == 1)
    both[0] = first[0] = second[0] = random_between (1, 40);
  while (dropped < rank && second[dropped] == 1 && random_once_in (2))
    dropped++;
  *a = property_add (PROPERTY_INPUT, type, rank, first);
  *b = property_add (random_once_in (4) ? PROPERTY_CONSTANT : PROPERTY_INPUT, type,
                     rank - dropped, second + dropped);
  *output = property_add (PROPERTY_OUTPUT, result, rank, both);
}

gint64
property_broadcast_value (const PropertyTensor *operand, const PropertyTensor *output,
                          gint32 index)
{
  const guint missing = output->rank - operand->rank;
  gint32 at = 0, stride = 1;

  for (guint axis = output->rank; axis-- > missing;)
    {
      const gint32 extent = operand->shape[axis - missing];

      at += extent == 1 ? 0 : index % output->shape[axis] * stride;
      stride *= extent;
      index /= output->shape[axis];
    }
  return operand->values[at];
}
