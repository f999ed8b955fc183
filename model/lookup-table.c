/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lookup-table.c: int8 functions that the reference computes in float. */
#include "model/lookup-table.h"

#include <math.h>

/* In double and rounded once, so that no two C libraries differ. */
float
fettle_lookup_function (const FettleOperator *operator_, float x)
{
  double wide = (double)x;

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_ELU:
      return x < 0 ? (float)exp (wide) - 1.0f : x;
    case FETTLE_OPCODE_GELU:
      return operator_->options.is_approximate
                 ? (float)(0.5 * wide
                           * (1
                              + tanh (sqrt (2 / G_PI)
                                      * (wide + 0.044715 * wide * wide * wide))))
                 : (float)(0.5 * wide * erfc (-wide * G_SQRT2 / 2));
    case FETTLE_OPCODE_NEG:
      return -x;
    case FETTLE_OPCODE_SQRT:
      return sqrtf (x);
    case FETTLE_OPCODE_LOG:
      return (float)log (wide);
    case FETTLE_OPCODE_EXP:
      return (float)exp (wide);
    case FETTLE_OPCODE_SQUARE:
      return x * x;
    case FETTLE_OPCODE_FLOOR:
      return floorf (x);
    case FETTLE_OPCODE_CEIL:
      return ceilf (x);
    case FETTLE_OPCODE_ROUND:
      return rintf (x);
    case FETTLE_OPCODE_SIN:
      return (float)sin (wide);
    case FETTLE_OPCODE_COS:
      return (float)cos (wide);
    default:
      g_return_val_if_reached (x);
    }
}

gboolean
fettle_lookup_table_fill (const FettleOperator *operator_,
                          const FettleLookupScales *scales,
                          gint8 table[FETTLE_LOOKUP_LENGTH], GError **error)
{
  float inverse_scale;
  gboolean is_exact, is_filled;

  g_return_val_if_fail (operator_ != NULL && scales != NULL && table != NULL, FALSE);
  is_filled = fettle_lookup_exact_fill (operator_, scales, table, &is_exact, error);
  if (is_exact)
    return is_filled;
  inverse_scale = 1.0f / scales->output_scale;
  for (gint x = G_MININT8; x <= G_MAXINT8; x++)
    {
      float value = scales->input_scale * (float)(x - scales->input_zero);
      float steps = roundf (fettle_lookup_function (operator_, value) * inverse_scale);

      /* Where there is no result, as of a logarithm below 0, the least. */
      steps = isnan (steps) ? -1.0e6f : CLAMP (steps, -1.0e6f, 1.0e6f);
      table[(guint8)x] =
          (gint8)CLAMP ((gint32)steps + scales->output_zero, G_MININT8, G_MAXINT8);
    }
  return TRUE;
}
