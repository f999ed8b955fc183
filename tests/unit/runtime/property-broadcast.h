/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-broadcast.h: two operands whose shapes broadcast, for property tests. */
#pragma once

#include "property.h"

/* Adds two inputs, the second of which may be a constant, and an output; leading ones of the second shape are
 * sometimes left out. */
void property_add_pair (FettleType type, FettleType result, PropertyTensor **a,
                        PropertyTensor **b, PropertyTensor **output);
/* The element of OPERAND that goes into element INDEX of OUTPUT. */
gint64 property_broadcast_value (const PropertyTensor *operand,
                                 const PropertyTensor *output, gint32 index);
