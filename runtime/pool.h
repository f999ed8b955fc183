/* SPDX-License-Identifier: Apache-2.0 */
/* pool.h: what the pools of int8 and int16 share; cells outside the input do not count. */
#pragma once

#include "check.h"
#include "requantize.h"
#include "window.h"

struct frt_pool
{
  const struct frt_pool2d_s8_parameters *parameters;
  struct frt_window_shape shape;
};

/* RESULT of the cells so far, and of the next one, VALUE. */
typedef int32_t frt_pool_step (int32_t result, int32_t value);
/* The pool's value, RESULT of all its COUNT cells. */
typedef int32_t frt_pool_end (int32_t result, int32_t count);

/* All channels of one position. TYPE, START and the functions are constants wherever this is inlined. */
static inline void
frt_pool_channels (const struct frt_pool *pool, int32_t row, int32_t column,
                   const void *input, void *output, uint8_t type, int32_t start,
                   frt_pool_step *step, frt_pool_end *end)
{
  const struct frt_window_shape *shape = &pool->shape;
  const struct frt_window *window = &pool->parameters->window;
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t count =
      (place.rows.end - place.rows.first) * (place.columns.end - place.columns.first);

  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    {
      int32_t result = start;

      for (int32_t y = place.rows.first; y < place.rows.end; y++)
        {
          int32_t x =
              channel
              + frt_window_input_index (window, shape, &place, y, place.columns.first);

          for (int32_t i = place.columns.first; i < place.columns.end; i++)
            {
              result = step (result, type == FRT_INT8 ? ((const int8_t *)input)[x]
                                                      : ((const int16_t *)input)[x]);
              x += shape->input_depth;
            }
        }
      result = frt_limit_s32 (end (result, count), pool->parameters->minimum,
                              pool->parameters->maximum);
      if (type == FRT_INT8)
        ((int8_t *)output)[channel] = (int8_t)result;
      else
        ((int16_t *)output)[channel] = (int16_t)result;
    }
}

static inline void
frt_pool_run (const frt_image *image, const struct frt_operator *operator_,
              uint8_t *arena, frt_position_function *pool_channels)
{
  const struct frt_pool pool = {
    .parameters = frt_parameters (image, operator_),
    .shape = frt_window_shape (image, operator_),
  };

  frt_walk_outputs (image, operator_, arena, pool_channels, &pool);
}

static inline int
frt_pool_check (const frt_image *image, const struct frt_operator *operator_,
                uint8_t type)
{
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const int32_t minimum = parameters->minimum, maximum = parameters->maximum;

  return frt_check_types (image, operator_, type, type)
                 && frt_check_pool (image, operator_, &parameters->window,
                                    type == FRT_INT8 ? FRT_MOST_CELLS_S8
                                                     : FRT_MOST_CELLS_S16)
                 && (type == FRT_INT8 ? frt_check_range_s8 (minimum, maximum)
                                      : frt_check_range_s16 (minimum, maximum))
             ? FRT_OK
             : FRT_E_OPERATOR;
}

/* Of average pools. */
static inline int32_t
frt_pool_add (int32_t sum, int32_t value)
{
  return sum + value;
}

/* To nearest, ties away from zero. */
static inline int32_t
frt_pool_average (int32_t sum, int32_t count)
{
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

/* Of maximum pools. */
static inline int32_t
frt_pool_larger (int32_t largest, int32_t value)
{
  return value > largest ? value : largest;
}

static inline int32_t
frt_pool_as_it_is (int32_t largest, int32_t count)
{
  (void)count;
  return largest;
}
