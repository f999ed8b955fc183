/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-weighted.c: weights, bias and results of the layers that have them. */
#include "property-weighted.h"
#include "property-range.h"
#include "reference.h"

PropertyTensor *
weighted_add_weights (FettleType type, guint rank, const gint32 *shape, guint axis)
{
  PropertyTensor *weights = property_add (PROPERTY_CONSTANT, type, rank, shape);

  weights->n_scales = random_once_in (3) ? 1 : (guint)shape[axis];
  weights->axis = weights->n_scales > 1 ? axis : 0;
  property_fill (weights);
  return weights;
}

void
weighted_set_scales (PropertyTensor *input, PropertyTensor *weights,
                     PropertyTensor *output)
{
  const gboolean is_s16 = input->type == FETTLE_TYPE_INT16;
  const float typical = property_random_scale ();

  property_set_scale (input, property_random_scale (),
                      is_s16 ? 0 : property_random_zero_point (input->type));
  for (guint i = 0; i < weights->n_scales; i++)
    weights->scales[i] = random_once_in (8)
                             ? property_random_scale ()
                             : typical * (float)random_between (1, 64) / 16.0f;
  property_set_scale (
      output,
      property_output_scale ((double)input->scales[0] * (double)weights->scales[0]
                             * (is_s16 ? 256 : 1)),
      is_s16 ? 0 : property_random_zero_point (output->type));
}

static FettleType
random_bias_type (FettleOpcode opcode, FettleType activations)
{
  if (activations == FETTLE_TYPE_INT8)
    return FETTLE_TYPE_INT32;
  if (opcode == FETTLE_OPCODE_TRANSPOSE_CONV && random_once_in (3))
    return FETTLE_TYPE_INT16;
  return random_once_in (2) ? FETTLE_TYPE_INT32 : FETTLE_TYPE_INT64;
}

PropertyTensor *
weighted_add_bias (PropertyCase *the_case, FettleType activations, gint32 n_channels)
{
  const FettleType type = random_bias_type (the_case->opcode, activations);
  PropertyTensor *bias;

  the_case->options.activation = property_random_activation ();
  if (random_once_in (5))
    {
      if (activations == FETTLE_TYPE_INT16)
        the_case->options.bias_type = type;
      return NULL;
    }
  bias = property_add (PROPERTY_CONSTANT, type, 1, &n_channels);
  for (gint32 i = 0; i < n_channels; i++)
    bias->values[i] = type == FETTLE_TYPE_INT16 ? random_between (-30000, 30000)
                      : random_once_in (20)     ? random_between (-(1 << 30), 1 << 30)
                                                : random_between (-30000, 30000);
  return bias;
}

/* The reference's rule of 16x8. */
static gboolean
is_wide (const PropertyCase *the_case, const PropertyTensor *input,
         const PropertyTensor *bias)
{
  if (input->type == FETTLE_TYPE_INT8)
    return FALSE;
  if (the_case->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D
      || the_case->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    return TRUE;
  return (bias != NULL ? bias->type : the_case->options.bias_type) != FETTLE_TYPE_INT32;
}

gint64
weighted_result (const PropertyCase *the_case, const PropertyTensor *input,
                 const PropertyTensor *weights, const PropertyTensor *bias,
                 const PropertyTensor *output, gint64 sum, gint32 o)
{
  const gboolean is_per_tensor = weights->n_scales == 1;
  const float weight_scale = weights->scales[is_per_tensor ? 0 : o];
  double product = (double)input->scales[0] * (double)weight_scale;
  gint64 value;

  if (is_per_tensor && the_case->opcode == FETTLE_OPCODE_FULLY_CONNECTED)
    product = (double)(input->scales[0] * weight_scale);
  product /= (double)output->scales[0];
  if (bias != NULL)
    sum += bias->values[o];
  value = is_wide (the_case, input, bias) ? reference_scale_wide (sum, product)
                                          : reference_scale (sum, product);
  return property_limit (the_case->options.activation, output,
                         value + output->zero_point);
}
