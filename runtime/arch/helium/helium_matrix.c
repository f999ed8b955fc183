/* SPDX-License-Identifier: Apache-2.0 */
/* helium_matrix.c: products of a row of activations with the weights of all output channels. */
#include "arch/helium/helium_matrix.h"

#define BLOCK FRT_HELIUM_CHANNELS

#if FRT_HAS_MVE
/* BLOCKS whole blocks, of which there is one at least. In assembly, since the compiler moves the
 * sums through memory and recomputes addresses: 10 instructions for 64 products, 23 for four
 * outputs. Sums of VMLADAVA are in even registers. */
static void
multiply_blocks (const struct frt_helium_matrix *matrix, const int8_t *weights,
                 const struct frt_helium_channels *channels, const int8_t *x,
                 uint32_t blocks, int8_t *y)
{
  const int32_t offset = matrix->range.offset;
  const uint32_t chunks = matrix->taps / FRT_HELIUM_TAPS;
  const int32x4_t minimum = vdupq_n_s32 (matrix->range.minimum - offset);
  const int32x4_t maximum = vdupq_n_s32 (matrix->range.maximum - offset);

  /* clang-format off */
  __asm__ volatile (
    "1:                                 \n\t"
    "dls          lr, %[chunks]         \n\t"
    "movs         r4, #0                \n\t"
    "movs         r6, #0                \n\t"
    "mov          r8, r4                \n\t"
    "mov          r10, r4               \n"
    "2:                                 \n\t"
    "vldrb.8      q0, [%[x]], #16       \n\t"
    "vldrb.8      q1, [%[weights]], #16 \n\t"
    "vmladava.s8  r4, q0, q1            \n\t"
    "vldrb.8      q2, [%[weights]], #16 \n\t"
    "vmladava.s8  r6, q0, q2            \n\t"
    "vldrb.8      q1, [%[weights]], #16 \n\t"
    "vmladava.s8  r8, q0, q1            \n\t"
    "vldrb.8      q2, [%[weights]], #16 \n\t"
    "vmladava.s8  r10, q0, q2           \n\t"
    "le           lr, 2b                \n\t"
    "sub          %[x], %[x], %[chunks], lsl #4 \n\t"
    "vmov         q0[2], q0[0], r4, r8  \n\t"
    "vmov         q0[3], q0[1], r6, r10 \n\t"
    FRT_HELIUM_REQUANTIZE_Q0
    "vmax.s32     q0, q0, %q[minimum]   \n\t"
    "vmin.s32     q0, q0, %q[maximum]   \n\t"
    "vadd.i32     q0, q0, %[offset]     \n\t"
    "vstrb.32     q0, [%[y]], #4        \n\t"
    "subs         %[blocks], #1         \n\t"
    "bne          1b                    \n\t"
    : [weights] "+r" (weights), [channels] "+r" (channels), [y] "+l" (y),
      [blocks] "+r" (blocks), [x] "+r" (x)
    : [chunks] "r" (chunks), [offset] "r" (offset), [minimum] "w" (minimum),
      [maximum] "w" (maximum)
    : "r4", "r6", "r8", "r10", "lr", "cc", "memory", "q0", "q1", "q2");
  /* clang-format on */
}

/* The same for two rows X at once, so that one load of weights serves both: 16 instructions for
 * 128 products, 47 for eight outputs. With eight sums, few registers are left: what the inner loop
 * does not need lies in memory. */
struct pair_work
{
  const int8_t *weights;
  const int8_t *x[2];
  uint32_t chunks;
  const struct frt_helium_channels *channels;
  int8_t *y[2];
  int32_t offset;
  uint32_t taps;
  uint32_t blocks;
  int32_t minimum, maximum;
};

static void
multiply_block_pairs (struct pair_work *work)
{
  register struct pair_work *pair __asm__("r11") = work;

  /* clang-format off */
  __asm__ volatile (
    "ldrd         r0, r2, [%[pair], #40] \n\t" /* minimum, maximum */
    "vdup.32      q4, r0                 \n\t"
    "vdup.32      q5, r2                 \n\t"
    "ldrd         r1, r3, [%[pair], #0]  \n\t" /* weights, x */
    "ldr          r5, [%[pair], #8]      \n"
    "1:                                  \n\t"
    "movs         r0, #0                 \n\t"
    "movs         r2, #0                 \n\t"
    "movs         r4, #0                 \n\t"
    "movs         r6, #0                 \n\t"
    "mov          r8, r0                 \n\t"
    "mov          r10, r0                \n\t"
    "mov          r12, r0                \n\t"
    "mov          lr, r0                 \n\t"
    "ldr          r9, [%[pair], #12]     \n" /* chunks */
    "2:                                  \n\t"
    "vldrb.8      q0, [r3], #16          \n\t"
    "vldrb.8      q2, [r1], #16          \n\t"
    "vmladava.s8  r0, q0, q2             \n\t"
    "vldrb.8      q1, [r5], #16          \n\t"
    "vmladava.s8  r2, q1, q2             \n\t"
    "vldrb.8      q3, [r1], #16          \n\t"
    "vmladava.s8  r4, q0, q3             \n\t"
    "vldrb.8      q2, [r1], #16          \n\t"
    "vmladava.s8  r6, q1, q3             \n\t"
    "vldrb.8      q3, [r1], #16          \n\t"
    "vmladava.s8  r8, q0, q2             \n\t"
    "vmladava.s8  r10, q1, q2            \n\t"
    "vmladava.s8  r12, q0, q3            \n\t"
    "vmladava.s8  lr, q1, q3             \n\t"
    "subs         r9, #1                 \n\t"
    "bne          2b                     \n\t"
    "vmov         q0[2], q0[0], r0, r8   \n\t"
    "vmov         q0[3], q0[1], r4, r12  \n\t"
    "vmov         q1[2], q1[0], r2, r10  \n\t"
    "vmov         q1[3], q1[1], r6, lr   \n\t"
    "ldrd         r0, r2, [%[pair], #16] \n\t" /* channels, y */
    "ldrd         r4, r6, [%[pair], #24] \n\t" /* other y, offset */
    "ldrd         r8, r10, [%[pair], #32] \n\t" /* taps, blocks */
    "vldrw.32     q2, [r0], #16          \n\t"
    "vadd.i32     q0, q0, q2             \n\t"
    "vadd.i32     q1, q1, q2             \n\t"
    "vldrw.32     q2, [r0], #16          \n\t"
    "vqrdmulh.s32 q0, q0, q2             \n\t"
    "vqrdmulh.s32 q1, q1, q2             \n\t"
    "vldrw.32     q2, [r0], #16          \n\t"
    "vand         q3, q0, q2             \n\t"
    "vshr.s32     q3, q3, #31            \n\t"
    "vqadd.s32    q0, q0, q3             \n\t"
    "vrshl.s32    q0, q0, q2             \n\t"
    "vand         q3, q1, q2             \n\t"
    "vshr.s32     q3, q3, #31            \n\t"
    "vqadd.s32    q1, q1, q3             \n\t"
    "vrshl.s32    q1, q1, q2             \n\t"
    "vmax.s32     q0, q0, q4             \n\t"
    "vmin.s32     q0, q0, q5             \n\t"
    "vadd.i32     q0, q0, r6             \n\t"
    "vstrb.32     q0, [r2], #4           \n\t"
    "vmax.s32     q1, q1, q4             \n\t"
    "vmin.s32     q1, q1, q5             \n\t"
    "vadd.i32     q1, q1, r6             \n\t"
    "vstrb.32     q1, [r4], #4           \n\t"
    "sub          r3, r3, r8             \n\t"
    "sub          r5, r5, r8             \n\t"
    "strd         r0, r2, [%[pair], #16] \n\t"
    "str          r4, [%[pair], #24]     \n\t"
    "subs         r10, #1                \n\t"
    "str          r10, [%[pair], #36]    \n\t"
    "bne          1b                     \n\t"
    : [pair] "+r" (pair)
    :
    : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc",
      "memory", "q0", "q1", "q2", "q3", "q4", "q5");
  /* clang-format on */
}

/* The same of rows of one chunk, which stay in registers: 43 instructions for eight outputs. */
static void
multiply_short_block_pairs (struct pair_work *work)
{
  register struct pair_work *pair __asm__("r11") = work;

  /* clang-format off */
  __asm__ volatile (
    "ldrd         r0, r2, [%[pair], #40] \n\t" /* minimum, maximum */
    "vdup.32      q4, r0                 \n\t"
    "vdup.32      q5, r2                 \n\t"
    "ldrd         r1, r0, [%[pair], #0]  \n\t" /* weights, x */
    "ldr          r2, [%[pair], #8]      \n\t"
    "vldrb.8      q0, [r0]               \n\t"
    "vldrb.8      q1, [r2]               \n\t"
    "ldrd         r9, r3, [%[pair], #16] \n\t" /* channels, y */
    "ldr          r5, [%[pair], #24]     \n" /* other y */
    "1:                                  \n\t"
    "vldrb.8      q2, [r1], #16          \n\t"
    "vmladav.s8   r0, q0, q2             \n\t"
    "vmladav.s8   r2, q1, q2             \n\t"
    "vldrb.8      q3, [r1], #16          \n\t"
    "vmladav.s8   r4, q0, q3             \n\t"
    "vmladav.s8   r6, q1, q3             \n\t"
    "vldrb.8      q2, [r1], #16          \n\t"
    "vmladav.s8   r8, q0, q2             \n\t"
    "vmladav.s8   r10, q1, q2            \n\t"
    "vldrb.8      q3, [r1], #16          \n\t"
    "vmladav.s8   r12, q0, q3            \n\t"
    "vmladav.s8   lr, q1, q3             \n\t"
    "vmov         q6[2], q6[0], r0, r8   \n\t"
    "vmov         q6[3], q6[1], r4, r12  \n\t"
    "vmov         q7[2], q7[0], r2, r10  \n\t"
    "vmov         q7[3], q7[1], r6, lr   \n\t"
    "ldr          r0, [%[pair], #28]     \n\t" /* offset */
    "ldr          r4, [%[pair], #36]     \n\t" /* blocks */
    "vldrw.32     q2, [r9], #16          \n\t"
    "vadd.i32     q6, q6, q2             \n\t"
    "vadd.i32     q7, q7, q2             \n\t"
    "vldrw.32     q2, [r9], #16          \n\t"
    "vqrdmulh.s32 q6, q6, q2             \n\t"
    "vqrdmulh.s32 q7, q7, q2             \n\t"
    "vldrw.32     q2, [r9], #16          \n\t"
    "vand         q3, q6, q2             \n\t"
    "vshr.s32     q3, q3, #31            \n\t"
    "vqadd.s32    q6, q6, q3             \n\t"
    "vrshl.s32    q6, q6, q2             \n\t"
    "vand         q3, q7, q2             \n\t"
    "vshr.s32     q3, q3, #31            \n\t"
    "vqadd.s32    q7, q7, q3             \n\t"
    "vrshl.s32    q7, q7, q2             \n\t"
    "vmax.s32     q6, q6, q4             \n\t"
    "vmin.s32     q6, q6, q5             \n\t"
    "vadd.i32     q6, q6, r0             \n\t"
    "vstrb.32     q6, [r3], #4           \n\t"
    "vmax.s32     q7, q7, q4             \n\t"
    "vmin.s32     q7, q7, q5             \n\t"
    "vadd.i32     q7, q7, r0             \n\t"
    "vstrb.32     q7, [r5], #4           \n\t"
    "subs         r4, #1                 \n\t"
    "str          r4, [%[pair], #36]     \n\t"
    "bne          1b                     \n\t"
    : [pair] "+r" (pair)
    :
    : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc",
      "memory", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7");
  /* clang-format on */
}

/* The outputs beyond the last whole block. */
static void
multiply_rest (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  const uint32_t blocks = (uint32_t)matrix->outputs / BLOCK;
  const int32_t rest = matrix->outputs % BLOCK;
  int8_t last[BLOCK];

  if (rest == 0)
    return;
  multiply_blocks (matrix, matrix->weights + blocks * BLOCK * matrix->taps,
                   matrix->channels + blocks, x, 1, last);
  for (int32_t i = 0; i < rest; i++)
    y[blocks * BLOCK + (uint32_t)i] = last[i];
}

void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  const uint32_t blocks = (uint32_t)matrix->outputs / BLOCK;

  if (blocks > 0)
    multiply_blocks (matrix, matrix->weights, matrix->channels, x, blocks, y);
  multiply_rest (matrix, x, y);
}

void
frt_helium_multiply_pair (const struct frt_helium_matrix *matrix, const int8_t *const *x,
                          int8_t *y)
{
  const int32_t offset = matrix->range.offset;
  struct pair_work work = {
    .weights = matrix->weights,
    .x = { x[0], x[1] },
    .chunks = matrix->taps / FRT_HELIUM_TAPS,
    .channels = matrix->channels,
    .y = { y, y + matrix->outputs },
    .offset = offset,
    .taps = matrix->taps,
    .blocks = (uint32_t)matrix->outputs / BLOCK,
    .minimum = matrix->range.minimum - offset,
    .maximum = matrix->range.maximum - offset,
  };

  if (work.blocks > 0 && work.chunks == 1)
    multiply_short_block_pairs (&work);
  else if (work.blocks > 0)
    multiply_block_pairs (&work);
  if (matrix->outputs % BLOCK != 0)
    {
      multiply_rest (matrix, x[0], y);
      multiply_rest (matrix, x[1], y + matrix->outputs);
    }
}
#else
void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  for (int32_t output = 0; output < matrix->outputs; output++)
    {
      const int32_t block = output / BLOCK, lane = output % BLOCK;
      const int8_t *weights = matrix->weights + (uint32_t)block * BLOCK * matrix->taps
                              + lane * FRT_HELIUM_TAPS;
      uint32_t sum = 0;

      for (uint32_t tap = 0; tap < matrix->taps; tap++)
        sum += (uint32_t)(weights[tap / FRT_HELIUM_TAPS * FRT_HELIUM_TAPS * BLOCK
                                  + tap % FRT_HELIUM_TAPS]
                          * x[tap]);
      y[output] =
          frt_helium_requantize_one (&matrix->channels[block], lane, sum, &matrix->range);
    }
}

void
frt_helium_multiply_pair (const struct frt_helium_matrix *matrix, const int8_t *const *x,
                          int8_t *y)
{
  frt_helium_multiply (matrix, x[0], y);
  frt_helium_multiply (matrix, x[1], y + matrix->outputs);
}
#endif

int
frt_check_helium (const frt_image *image, uint32_t weights_offset, uint64_t weights,
                  uint32_t channels_offset, int32_t outputs, int32_t block)
{
  const uint32_t count = frt_helium_blocks (outputs, block) * (uint32_t)block / BLOCK;
  const uint32_t words = sizeof (struct frt_helium_channels) / sizeof (int32_t);
  const struct frt_helium_channels *channels;

  if (image->header->packing != FRT_PACKING_HELIUM)
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, weights_offset, weights, 1)
      || !frt_check_block (image, channels_offset, (uint64_t)count * words, 4))
    return FRT_E_LAYOUT;
  if (!frt_afford (image, count * (uint32_t)BLOCK))
    return FRT_E_OPERATOR;
  channels = frt_constant (image, channels_offset);
  for (uint32_t i = 0; i < count; i++)
    for (int lane = 0; lane < BLOCK; lane++)
      if (channels[i].multiplier[lane] < 0 || channels[i].shift[lane] > 0
          || channels[i].shift[lane] < -FRT_MAX_SHIFT)
        return FRT_E_OPERATOR;
  return FRT_OK;
}

int
frt_check_helium_matrix (const frt_image *image, uint32_t weights_offset,
                         uint32_t channels_offset, uint64_t taps, int32_t outputs)
{
  if (taps > FRT_MAX_BYTES)
    return FRT_E_LAYOUT;
  return frt_check_helium (
      image, weights_offset,
      frt_check_product (frt_helium_taps ((uint32_t)taps),
                         (uint64_t)frt_helium_blocks (outputs, BLOCK) * BLOCK),
      channels_offset, outputs, BLOCK);
}
