/* SPDX-License-Identifier: Apache-2.0 */
/* elementwise.h: loops that compute each element of the output from one element of each input.
 *
 * Inline, so that a kernel whose types are constants gets a loop of its own. */
#pragma once

#include "broadcast.h"
#include "check.h"
#include "requantize.h"

/* Element INDEX of int8, int16, int32 or bool; a bool is 0 or 1, whatever its byte. */
static inline int32_t
frt_load_integer (const void *data, int32_t index, uint8_t type)
{
  switch (type)
    {
    case FRT_INT8:
      return ((const int8_t *)data)[index];
    case FRT_INT16:
      return ((const int16_t *)data)[index];
    case FRT_BOOL:
      return ((const uint8_t *)data)[index] != 0;
    default:
      return ((const int32_t *)data)[index];
    }
}

static inline void
frt_store_integer (void *data, int32_t index, uint8_t type, int32_t value)
{
  switch (type)
    {
    case FRT_INT8:
    case FRT_BOOL:
      ((int8_t *)data)[index] = (int8_t)value;
      break;
    case FRT_INT16:
      ((int16_t *)data)[index] = (int16_t)value;
      break;
    default:
      ((int32_t *)data)[index] = value;
    }
}

typedef int32_t frt_unary_function (const void *parameters, int32_t x);
typedef int32_t frt_binary_function (const void *parameters, int32_t a, int32_t b);

/* y = FUNCTION (x); the input and the output are of TYPE. */
static inline void
frt_map_integers (const frt_image *image, const struct frt_operator *operator_,
                  uint8_t *arena, uint8_t type, frt_unary_function *function)
{
  const void *parameters = frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const void *x = frt_input_data (image, operator_, arena, 0);
  void *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    frt_store_integer (y, i, type, function (parameters, frt_load_integer (x, i, type)));
}

/* y = FUNCTION (a, b), broadcasting; the inputs are of INPUT, the output is of OUTPUT. */
static inline void
frt_map_integer_pairs (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t *arena, uint8_t input, uint8_t output,
                       frt_binary_function *function)
{
  const void *parameters = frt_parameters (image, operator_);
  const void *a = frt_input_data (image, operator_, arena, 0);
  const void *b = frt_input_data (image, operator_, arena, 1);
  void *y = frt_output_data (image, operator_, arena, 0);
  struct frt_broadcast walk;
  int32_t written = 0;

  frt_broadcast_start (&walk, image, operator_);
  while (frt_broadcast_next (&walk))
    {
      int32_t at_a = walk.offset[0], at_b = walk.offset[1];

      for (int32_t i = 0; i < walk.extent[0]; i++)
        {
          frt_store_integer (y, written++, output,
                             function (parameters, frt_load_integer (a, at_a, input),
                                       frt_load_integer (b, at_b, input)));
          at_a += walk.step[0][0];
          at_b += walk.step[1][0];
        }
    }
}

/* clamp (VALUE + OFFSET) for any VALUE; OFFSET and limits have 16 bits. */
static inline int32_t
frt_narrow (int32_t value, int32_t offset, int32_t minimum, int32_t maximum)
{
  return frt_limit_s32 (value, minimum - offset, maximum - offset) + offset;
}

static inline int32_t
frt_wrapping_subtract (int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t
frt_wrapping_multiply (int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* An input of ADD, SUB or SQUARED_DIFFERENCE in the scale that both share. */
static inline int32_t
frt_common_scale (int32_t value, int32_t left_shift, int32_t multiplier, int32_t shift)
{
  return frt_multiply_by_quantized (frt_wrapping_shift_left (value, left_shift),
                                    multiplier, shift);
}

/* A + offset and B + offset in their common scale. */
struct frt_terms
{
  int32_t a, b;
};

static inline struct frt_terms
frt_common_terms (const struct frt_binary_s8_parameters *parameters, int32_t a, int32_t b)
{
  return (struct frt_terms){
    frt_common_scale (a + parameters->input1_offset, parameters->left_shift,
                      parameters->input1_multiplier, parameters->input1_shift),
    frt_common_scale (b + parameters->input2_offset, parameters->left_shift,
                      parameters->input2_multiplier, parameters->input2_shift),
  };
}

static inline int32_t
frt_binary_output (const struct frt_binary_s8_parameters *parameters, int32_t value)
{
  return frt_narrow (frt_multiply_by_quantized (value, parameters->output_multiplier,
                                                parameters->output_shift),
                     parameters->output_offset, parameters->minimum, parameters->maximum);
}

typedef float frt_float_function (float x);
typedef float frt_float_pair_function (float a, float b);

/* y = FUNCTION (x) */
void frt_map_floats (const frt_image *image, const struct frt_operator *operator_,
                     uint8_t *arena, frt_float_function *function);

/* y = clamp (FUNCTION (a, b)), broadcasting; the parameters are those of a float range. */
void frt_map_float_pairs (const frt_image *image, const struct frt_operator *operator_,
                          uint8_t *arena, frt_float_pair_function *function);

/* The input and the output have TYPE and the same shape. */
bool frt_check_unary (const frt_image *image, const struct frt_operator *operator_,
                      uint8_t type);

/* Both inputs have type INPUT, the output type OUTPUT, and their shapes broadcast. */
bool frt_check_binary (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t input, uint8_t output);

/* Minus a zero point of TYPE, int8 or int16; and a zero point of it. */
bool frt_check_input_offset (int32_t offset, uint8_t type);
bool frt_check_output_offset (int32_t offset, uint8_t type);
/* Of int8, int16 or int32. */
bool frt_check_integer_range (int32_t minimum, int32_t maximum, uint8_t type);

/* Kernels' check functions: the tensors and parameters of ADD, SUB, MUL and SQUARED_DIFFERENCE. */
int frt_check_binary_quantized (const frt_image *image,
                                const struct frt_operator *operator_, uint8_t type);
int frt_check_binary_float (const frt_image *image, const struct frt_operator *operator_);
int frt_check_unary_float (const frt_image *image, const struct frt_operator *operator_);
/* REQUANTIZE and ABS. */
int frt_check_requantize (const frt_image *image, const struct frt_operator *operator_,
                          uint8_t type);
