/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output-step.c: how fine a quantized layer's output may be. */
#include "tuner/output-step.h"

#include <math.h>

/* Sums of products of scale STEP. */
static double
limit_sum (gboolean is_wide, double step)
{
  /* A sum of 32 bits is never shifted to the left; one of 64 bits may be, by 7 bits. */
  return is_wide ? step * 0x1p-4 : 2.0 * step;
}

static double
limit_mean (FettleGraph *graph, const FettleOperator *operator_, double scale)
{
  gint32 input = fettle_operator_get_input (operator_, 0);
  gint32 output = fettle_operator_get_output (operator_, 0);
  gsize n_in =
      fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, (guint)input));
  gsize n_out =
      fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, (guint)output));

  return scale * (double)n_out / (double)n_in;
}

double
fettle_find_output_step (FettleGraph *graph, const FettleOperator *operator_,
                         const FettleLayerScales *scales)
{
  gboolean is_wide = scales->first.type == FETTLE_TYPE_INT16;
  double scale = (double)scales->first.scale, other = (double)scales->second.scale;
  double larger = MAX (scale, other);

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      return limit_sum (is_wide, scale * scales->weight_scale);
    case FETTLE_OPCODE_BATCH_MATMUL:
      return limit_sum (is_wide, scale * other);
    case FETTLE_OPCODE_MEAN:
      return limit_mean (graph, operator_, scale);
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_RELU:
    case FETTLE_OPCODE_RELU_N1_TO_1:
    case FETTLE_OPCODE_ABS:
      return scale;
    case FETTLE_OPCODE_LEAKY_RELU:
      return scale * MAX (1.0, fabs ((double)operator_->options.alpha)) * 0x1p-7;
    case FETTLE_OPCODE_PRELU:
      /* Values times slopes, 16 bits, must not be shifted out of 32 bits. */
      return scale * 0x1p-7;
    case FETTLE_OPCODE_HARD_SWISH:
      /* The product is formed on inputs shifted left by 7 bits. */
      return scale * 0x1p-6;
    case FETTLE_OPCODE_MUL:
      return scale * other;
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_SUB:
      /* The sum is formed on inputs shifted left by 20 bits, of int16 by 15. */
      return larger * (is_wide ? 0x1p-13 : 0x1p-18);
    case FETTLE_OPCODE_SQUARED_DIFFERENCE:
      /* The difference is formed on inputs shifted left by 7 bits, of int16 by none. */
      return larger * larger * (is_wide ? 0x1p3 : 0x1p-11);
    default:
      return 0.0;
    }
}
