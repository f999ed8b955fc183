/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-range.h: the limits that a type and a fused activation set, for property tests. */
#pragma once

#include "property.h"
#include "reference.h"

/* A real limit in steps of TENSOR: division and rounding in float. */
static inline gint64
property_quantize_limit (const PropertyTensor *tensor, float limit)
{
  return tensor->zero_point + reference_round ((double)(limit / tensor->scales[0]));
}

/* VALUE in the range of TENSOR's type. */
static inline gint64
property_narrow (const PropertyTensor *tensor, gint64 value)
{
  return CLAMP (value, property_lowest (tensor->type), property_highest (tensor->type));
}

/* VALUE in the range of ACTIVATION and of TENSOR's type. */
static inline gint64
property_limit (FettleActivation activation, const PropertyTensor *tensor, gint64 value)
{
  gint64 low = property_lowest (tensor->type), high = property_highest (tensor->type);

  if (activation == FETTLE_ACTIVATION_RELU || activation == FETTLE_ACTIVATION_RELU6)
    low = MAX (low, property_quantize_limit (tensor, 0));
  if (activation == FETTLE_ACTIVATION_RELU_N1_TO_1)
    low = MAX (low, property_quantize_limit (tensor, -1));
  if (activation == FETTLE_ACTIVATION_RELU6)
    high = MIN (high, property_quantize_limit (tensor, 6));
  if (activation == FETTLE_ACTIVATION_RELU_N1_TO_1)
    high = MIN (high, property_quantize_limit (tensor, 1));
  return CLAMP (value, low, high);
}
