/* SPDX-License-Identifier: Apache-2.0 */
/* unary_f32.c: functions of one float. Each has a kernel object of its own, all share a loop. */
#include "elementwise.h"

#include <math.h>

#define KERNEL(name, identifier, function)                                               \
  static void run_##name (const frt_image *image, const struct frt_operator *operator_,  \
                          uint8_t *arena)                                                \
  {                                                                                      \
    frt_map_floats (image, operator_, arena, function);                                  \
  }                                                                                      \
                                                                                         \
  const struct frt_kernel frt_##name = {                                                 \
    .id = identifier,                                                                    \
    .input_count = 1,                                                                    \
    .output_count = 1,                                                                   \
    .in_place = 1 << 0,                                                                  \
    .check = frt_check_unary_float,                                                      \
    .run = run_##name,                                                                   \
  };

static float
negate (float x)
{
  return -x;
}

static float
invert_square_root (float x)
{
  return 1.0f / sqrtf (x);
}

static float
square (float x)
{
  return x * x;
}

static float
logistic (float x)
{
  /* Of the negative magnitude, so that nothing overflows. */
  const float power = expf (-fabsf (x));

  return (x >= 0.0f ? 1.0f : power) / (1.0f + power);
}

static float
exponential_linear (float x)
{
  return x < 0.0f ? expf (x) - 1.0f : x;
}

static float
gaussian_error_linear (float x)
{
  return 0.5f * x * erfcf (x * -0.707106781f);
}

static float
approximate_gaussian_error_linear (float x)
{
  return 0.5f * x * (1.0f + tanhf (0.797884561f * (x + 0.044715f * x * x * x)));
}

static float
hard_swish (float x)
{
  const float gate = x + 3.0f;

  return x * (gate < 0.0f ? 0.0f : gate > 6.0f ? 6.0f : gate) / 6.0f;
}

KERNEL (abs_f32, FRT_KERNEL_ABS_F32, fabsf)
KERNEL (neg_f32, FRT_KERNEL_NEG_F32, negate)
KERNEL (sqrt_f32, FRT_KERNEL_SQRT_F32, sqrtf)
KERNEL (rsqrt_f32, FRT_KERNEL_RSQRT_F32, invert_square_root)
KERNEL (log_f32, FRT_KERNEL_LOG_F32, logf)
KERNEL (exp_f32, FRT_KERNEL_EXP_F32, expf)
KERNEL (square_f32, FRT_KERNEL_SQUARE_F32, square)
KERNEL (floor_f32, FRT_KERNEL_FLOOR_F32, floorf)
KERNEL (ceil_f32, FRT_KERNEL_CEIL_F32, ceilf)
/* Ties go to the even number. */
KERNEL (round_f32, FRT_KERNEL_ROUND_F32, rintf)
KERNEL (sin_f32, FRT_KERNEL_SIN_F32, sinf)
KERNEL (cos_f32, FRT_KERNEL_COS_F32, cosf)
KERNEL (logistic_f32, FRT_KERNEL_LOGISTIC_F32, logistic)
KERNEL (tanh_f32, FRT_KERNEL_TANH_F32, tanhf)
KERNEL (elu_f32, FRT_KERNEL_ELU_F32, exponential_linear)
KERNEL (gelu_f32, FRT_KERNEL_GELU_F32, gaussian_error_linear)
KERNEL (gelu_tanh_f32, FRT_KERNEL_GELU_TANH_F32, approximate_gaussian_error_linear)
KERNEL (hard_swish_f32, FRT_KERNEL_HARD_SWISH_F32, hard_swish)
