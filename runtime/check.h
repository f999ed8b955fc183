/* SPDX-License-Identifier: Apache-2.0 */
/* check.h: what the kernels' check functions share. All return whether it is as it must be.
 */
#pragma once

#include <stdbool.h>

#include "window.h"

/* The largest image and the largest arena. Small enough that every index and every
 * coordinate beside a tensor fits in int32_t. */
#define FRT_MAX_BYTES (UINT32_C (1) << 30)

#define FRT_MAX_SHIFT      31
#define FRT_MAX_WIDE_SHIFT 7 /* to the left, of a 64-bit sum */

/* Checking an image takes at most so many steps for each of its bytes, whatever it says; of
 * an image of more than 2^26 bytes, as many as of one of 2^26. */
#define FRT_STEPS_PER_BYTE 64

/* What frt_image_open knows while it runs. */
struct frt_validation
{
  uint32_t steps_left;
  bool gave_up;
  bool has_variables;
};

/* For every check that looks at COUNT entries of a block or list, since operators may share
 * those: false once all checks together have looked at too many. */
bool frt_afford (const frt_image *image, uint32_t count);

/* The first COUNT elements of ELEMENT_SIZE bytes from OFFSET lie inside the image, aligned
 * to their size, not over the header. */
bool frt_check_block (const frt_image *image, uint32_t offset, uint64_t count,
                      uint32_t element_size);

/* The same; or OFFSET is 0 = absent. */
bool frt_check_optional_block (const frt_image *image, uint32_t offset, uint64_t count,
                               uint32_t element_size);

/* A * B, or UINT64_MAX if that is more than any image holds. */
uint64_t frt_check_product (uint64_t a, uint64_t b);

/* Input 0 and output 0 have these types. */
bool frt_check_types (const frt_image *image, const struct frt_operator *operator_,
                      uint8_t input, uint8_t output);

/* Equal rank and dimensions. */
bool frt_check_same_shape (const struct frt_tensor *a, const struct frt_tensor *b);

/* Input 0 and output 0 are NHWC with equal batches, and coordinates cannot overflow. */
bool frt_check_window (const frt_image *image, const struct frt_operator *operator_,
                       const struct frt_window *window);

/* The same; and no position lies wholly before or behind the input. */
bool frt_check_touching_window (const frt_image *image,
                                const struct frt_operator *operator_,
                                const struct frt_window *window);

/* The same for pools: depths are equal, nothing is dilated, and no position reads more than
 * MOST_CELLS. */
bool frt_check_pool (const frt_image *image, const struct frt_operator *operator_,
                     const struct frt_window *window, uint32_t most_cells);

/* Cells of one depth that add up in int32 with room for rounding. */
#define FRT_MOST_CELLS_S8  (UINT32_C (1) << 23)
#define FRT_MOST_CELLS_S16 (UINT32_C (1) << 15)

/* Elements of a convolution's weights, [out][height][width][depth]. */
uint64_t frt_check_weight_count (const struct frt_window *window, int32_t outputs,
                                 int32_t depth);

/* Elements of the weights of CONV_2D and TRANSPOSE_CONV, [out][height][width][in / GROUPS];
 * 0 if the shapes do not fit. */
uint64_t frt_check_convolution (const frt_image *image,
                                const struct frt_operator *operator_,
                                const struct frt_window *window, uint32_t groups);
uint64_t frt_check_transposed (const frt_image *image,
                               const struct frt_operator *operator_,
                               const struct frt_window *window, uint32_t groups);

/* The same of DEPTHWISE_CONV_2D, [height][width][out]. */
uint64_t frt_check_depthwise (const frt_image *image,
                              const struct frt_operator *operator_,
                              const struct frt_window *window);

/* Outputs per row of a fully connected layer that reads rows of INPUT_DEPTH elements; 0 if
 * the tensors do not divide into such rows. */
int32_t frt_check_output_depth (const frt_image *image,
                                const struct frt_operator *operator_,
                                uint32_t input_depth);

/* minus a zero point of int8 */
bool frt_check_input_offset_s8 (int32_t offset);
/* a zero point of int8 */
bool frt_check_output_offset_s8 (int32_t offset);
bool frt_check_range_s8 (int32_t minimum, int32_t maximum);
bool frt_check_range_s16 (int32_t minimum, int32_t maximum);
bool frt_check_range_f32 (float minimum, float maximum);
/* Finite and greater than 0. */
bool frt_check_scale (float scale);
bool frt_check_multiplier (int32_t multiplier, int32_t shift);

/* Multipliers and shifts of COUNT output channels; the blocks were checked before. */
bool frt_check_channel_multipliers (const frt_image *image, uint32_t multiplier_offset,
                                    uint32_t shift_offset, int32_t count);
