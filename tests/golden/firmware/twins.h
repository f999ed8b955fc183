/* SPDX-License-Identifier: GPL-3.0-or-later */
/* twins.h: random layers for the kernels of one core, computed by assembly and by its plain C twin.
 *
 * Twins are the same sources without the core's vector instructions; packed-twins.py gives their names the
 * prefix "twin_". Weights and channels are any bits that the kernels' checks let through, so that sums
 * wrap, too.
 */
#pragma once

#include "frt.h"
#include "access.h"

#define IMAGE_SIZE    32768u
#define ARENA_SIZE    20480u
#define OUTPUT_OFFSET 8192u
#define INPUT_2       4096u
#define SCRATCH       12288u

/* The image of one layer. */
struct layer
{
  struct frt_image_header header;
  struct frt_tensor tensors[3];
  uint16_t operands[4];
  union
  {
    struct frt_conv2d_s8_packed_parameters convolution;
    struct frt_depthwise_conv2d_s8_packed_parameters depthwise;
    struct frt_fully_connected_s8_packed_parameters fully_connected;
    struct frt_add_s8_packed_parameters add;
    struct frt_conv2d_s8_helium_parameters helium_convolution;
    struct frt_fully_connected_s8_helium_parameters helium_fully_connected;
    struct frt_binary_s8_parameters binary;
    struct frt_pool2d_s8_parameters pool;
  } parameters;
  _Alignas(16) uint8_t constants[IMAGE_SIZE];
};

/* A kernel, its twin, and what makes the tensors, parameters and constants of a random layer. */
struct twins
{
  const char *name;
  const struct frt_kernel *kernel, *twin;
  void (*make) (void);
};

extern struct layer layer; /* being made */

int32_t between (int32_t low, int32_t high);
int once_in (int32_t n);
void fill_random (void *to, uint32_t size);
int32_t random_depth (void);
struct frt_window random_window (int32_t largest_dilation);

void set_tensor (uint32_t number, uint32_t offset, int32_t n, int32_t height,
                 int32_t width, int32_t depth);

/* Input and output of a layer with WINDOW. Returns the taps of one output channel per channel of
 * the input. */
int32_t set_planes (const struct frt_window *window, int32_t input_depth,
                    int32_t output_depth);

/* SIZE random bytes of the image. */
uint32_t add_constant (uint32_t size);

void make_range (int32_t *minimum, int32_t *maximum);
void make_average_pool (void);

/* Whether all of COUNT agree on CASES layers each, packed for PACKING, and the core's dot products on as many
 * rows; else says what does not. */
int twins_agree (const struct twins *twins, uint32_t count, uint16_t packing);
