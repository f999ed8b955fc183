/* SPDX-License-Identifier: Apache-2.0 */
/* helium_matrix.c: products of rows of activations with the weights of all output channels.
 *
 * In assembly, since the compiler moves the sums through memory and recomputes addresses. Sums of
 * VMLADAVA are in even registers. */
#include "arch/helium/helium_matrix.h"

#include <stddef.h>

#define BLOCK FRT_HELIUM_CHANNELS

#if FRT_HAS_MVE
/* Pairs of rows under way. The assembly knows where the fields lie. */
struct pairs
{
  struct frt_helium_matrix matrix;
  const int8_t *x[2];
  int8_t *y[2];
  const struct frt_helium_channels *channels; /* of the next block */
  uint32_t blocks;                            /* that are left */
  uint32_t count;
  int32_t step; /* bytes of X from one pair to the next */
};

_Static_assert(offsetof (struct frt_helium_matrix, chunks) == 8, "the assembly");
_Static_assert(offsetof (struct frt_helium_matrix, offset) == 16, "the assembly");
_Static_assert(offsetof (struct pairs, x) == 32, "the assembly");
_Static_assert(offsetof (struct pairs, channels) == 48, "the assembly");
_Static_assert(offsetof (struct pairs, count) == 56, "the assembly");

/* clang-format off */
/* BLOCKS whole blocks, of which there is one at least: 10 instructions for 64 products, 19 for four
 * outputs. Sums begin with the bias. They are scaled by SRDHM and RDBPOT: VQRDMULH rounds ties upwards as
 * SRDHM does; VRSHL does too, so negative values are made smaller by 1 before it, which is right for all shifts
 * but 0. */
static void
multiply_blocks (const struct frt_helium_matrix *matrix, const int8_t *weights,
                 const struct frt_helium_channels *channels, const int8_t *x,
                 uint32_t blocks, int8_t *y)
{
  const int32x4_t minimum = vdupq_n_s32 (matrix->minimum);
  const int32x4_t maximum = vdupq_n_s32 (matrix->maximum);

  __asm__ volatile (
    "1:                                  \n\t"
    "dls           lr, %[chunks]          \n\t"
    "ldrd          r4, r6, [%[channels]], #8 \n\t"
    "ldrd          r8, r10, [%[channels]], #8 \n\t"
    "2:                                  \n\t"
    "vldrb.8       q0, [%[x]], #16        \n\t"
    "vldrb.8       q1, [%[weights]], #16  \n\t"
    "vmladava.s8   r4, q0, q1             \n\t"
    "vldrb.8       q2, [%[weights]], #16  \n\t"
    "vmladava.s8   r6, q0, q2             \n\t"
    "vldrb.8       q1, [%[weights]], #16  \n\t"
    "vmladava.s8   r8, q0, q1             \n\t"
    "vldrb.8       q2, [%[weights]], #16  \n\t"
    "vmladava.s8   r10, q0, q2            \n\t"
    "le            lr, 2b                 \n\t"
    "sub           %[x], %[x], %[chunks], lsl #4 \n\t"
    "vmov          q0[2], q0[0], r4, r8   \n\t"
    "vmov          q0[3], q0[1], r6, r10  \n\t"
    "vldrw.32      q1, [%[channels]], #16 \n\t"
    "vqrdmulh.s32  q0, q0, q1             \n\t"
    "vldrw.32      q2, [%[channels]], #16 \n\t"
    "vshr.s32      q1, q0, #31            \n\t"
    "vqadd.s32     q0, q0, q1             \n\t"
    "vrshl.s32     q0, q0, q2             \n\t"
    "vmax.s32      q0, q0, %q[minimum]    \n\t"
    "vmin.s32      q0, q0, %q[maximum]    \n\t"
    "vadd.i32      q0, q0, %[offset]      \n\t"
    "vstrb.32      q0, [%[y]], #4         \n\t"
    "subs          %[blocks], #1          \n\t"
    "bne           1b                     \n\t"
    : [weights] "+r" (weights), [channels] "+r" (channels), [y] "+l" (y),
      [blocks] "+r" (blocks), [x] "+r" (x)
    : [chunks] "r" (matrix->chunks), [offset] "r" (matrix->offset),
      [minimum] "w" (minimum), [maximum] "w" (maximum)
    : "r4", "r6", "r8", "r10", "lr", "cc", "memory", "q0", "q1", "q2");
}

/* Two rows at once, so that one load of weights serves both. With four sums of each, in r0, r4, r8, r12 and
 * in r2, r6, r10, lr, few registers are left: what the inner loops do not need lies in struct pairs. */

/* The limits into q4 and q5. */
#define LOAD_LIMITS                                                                      \
  "ldrd          r0, r2, [%[pairs], #20] \n\t"                                          \
  "vdup.32       q4, r0 \n\t"                                                            \
  "vdup.32       q5, r2 \n\t"

/* Sixteen taps of both rows with those of four outputs; MULTIPLY is vmladav, or vmladava to add. */
#define MULTIPLY_CHUNK(multiply, first, second, even, odd)                               \
  "vldrb.8       " even ", [r1], #16 \n\t"                                               \
  multiply ".s8   r0, " first ", " even " \n\t"                                          \
  multiply ".s8   r2, " second ", " even " \n\t"                                         \
  "vldrb.8       " odd ", [r1], #16 \n\t"                                                \
  multiply ".s8   r4, " first ", " odd " \n\t"                                           \
  multiply ".s8   r6, " second ", " odd " \n\t"                                          \
  "vldrb.8       " even ", [r1], #16 \n\t"                                               \
  multiply ".s8   r8, " first ", " even " \n\t"                                          \
  multiply ".s8   r10, " second ", " even " \n\t"                                        \
  "vldrb.8       " odd ", [r1], #16 \n\t"                                                \
  multiply ".s8   r12, " first ", " odd " \n\t"                                          \
  multiply ".s8   lr, " second ", " odd " \n\t"

#define MOVE_SUMS(first, second)                                                         \
  "vmov          " first "[2], " first "[0], r0, r8 \n\t"                                \
  "vmov          " first "[3], " first "[1], r4, r12 \n\t"                               \
  "vmov          " second "[2], " second "[0], r2, r10 \n\t"                             \
  "vmov          " second "[3], " second "[1], r6, lr \n\t"

#define ADD_BIAS(first, second, channels)                                                \
  "vldrw.32      q2, [" channels "], #16 \n\t"                                           \
  "vadd.i32      " first ", " first ", q2 \n\t"                                          \
  "vadd.i32      " second ", " second ", q2 \n\t"

/* Requantizes the sums of two rows, limits and stores them; changes q2 and q3. */
#define STORE_SUMS(first, second, channels, offset, y, other_y)                          \
  "vldrw.32      q2, [" channels "], #16 \n\t"                                           \
  "vqrdmulh.s32  " first ", " first ", q2 \n\t"                                          \
  "vqrdmulh.s32  " second ", " second ", q2 \n\t"                                        \
  "vldrw.32      q2, [" channels "], #16 \n\t"                                           \
  "vshr.s32      q3, " first ", #31 \n\t"                                                \
  "vqadd.s32     " first ", " first ", q3 \n\t"                                          \
  "vshr.s32      q3, " second ", #31 \n\t"                                               \
  "vrshl.s32     " first ", " first ", q2 \n\t"                                          \
  "vqadd.s32     " second ", " second ", q3 \n\t"                                        \
  "vmax.s32      " first ", " first ", q4 \n\t"                                          \
  "vrshl.s32     " second ", " second ", q2 \n\t"                                        \
  "vmin.s32      " first ", " first ", q5 \n\t"                                          \
  "vmax.s32      " second ", " second ", q4 \n\t"                                        \
  "vadd.i32      " first ", " first ", " offset " \n\t"                                  \
  "vmin.s32      " second ", " second ", q5 \n\t"                                        \
  "vstrb.32      " first ", [" y "], #4 \n\t"                                            \
  "vadd.i32      " second ", " second ", " offset " \n\t"                                \
  "vstrb.32      " second ", [" other_y "], #4 \n\t"

/* Every output of a pair is stored: the next one's lie behind them. Y and OTHER_Y are registers. */
#define NEXT_OUTPUTS(y, other_y)                                                         \
  "ldr           r4, [%[pairs], #28] \n\t"                                              \
  "mov           " y ", " other_y " \n\t"                                                \
  "add           " other_y ", r4 \n\t"

/* Two rows further; sets the flags for whether it was the last pair. */
#define NEXT_PAIR                                                                        \
  "ldrd          r6, r8, [%[pairs], #56] \n\t"                                          \
  "ldrd          r0, r2, [%[pairs], #32] \n\t"                                          \
  "add           r0, r8 \n\t"                                                            \
  "add           r2, r8 \n\t"                                                            \
  "strd          r0, r2, [%[pairs], #32] \n\t"                                          \
  "subs          r6, #1 \n\t"                                                            \
  "str           r6, [%[pairs], #56] \n\t"

#define CLOBBERED                                                                        \
  "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc",        \
      "memory", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7"

/* 16 instructions for 128 products, 41 for eight outputs. */
static void
multiply_long_rows (struct pairs *work)
{
  register struct pairs *pairs __asm__("r11") = work;

  __asm__ volatile (
    LOAD_LIMITS
    "3:                                  \n\t"
    "ldrd          r3, r5, [%[pairs], #32] \n\t" /* x */
    "ldrd          r1, r9, [%[pairs]]    \n\t" /* weights, channels */
    "ldr           r8, [%[pairs], #12]   \n\t" /* blocks */
    "strd          r9, r8, [%[pairs], #48] \n\t"
    "1:                                  \n\t"
    "ldr           r9, [%[pairs], #48]   \n\t" /* channels */
    "ldrd          r0, r4, [r9], #8       \n\t" /* biases */
    "ldrd          r8, r12, [r9], #8      \n\t"
    "str           r9, [%[pairs], #48]   \n\t"
    "mov           r2, r0                 \n\t"
    "mov           r6, r4                 \n\t"
    "mov           r10, r8                \n\t"
    "mov           lr, r12                \n\t"
    "ldr           r9, [%[pairs], #8]    \n\t" /* chunks */
    "2:                                  \n\t"
    "vldrb.8       q0, [r3], #16          \n\t"
    "vldrb.8       q1, [r5], #16          \n\t"
    MULTIPLY_CHUNK ("vmladava", "q0", "q1", "q2", "q3")
    "subs          r9, #1                 \n\t"
    "bne           2b                     \n\t"
    MOVE_SUMS ("q0", "q1")
    "ldrd          r4, r6, [%[pairs], #40] \n\t" /* y */
    "ldrd          r9, r8, [%[pairs], #48] \n\t" /* channels, blocks that are left */
    "ldr           r10, [%[pairs], #8]      \n\t" /* chunks */
    "ldr           r12, [%[pairs], #16]  \n\t" /* offset */
    STORE_SUMS ("q0", "q1", "r9", "r12", "r4", "r6")
    "sub           r3, r3, r10, lsl #4    \n\t"
    "sub           r5, r5, r10, lsl #4    \n\t"
    "strd          r4, r6, [%[pairs], #40] \n\t"
    "subs          r8, #1                 \n\t"
    "strd          r9, r8, [%[pairs], #48] \n\t"
    "bne           1b                     \n\t"
    "mov           r0, r6                 \n\t" /* the first y of the next pair */
    "ldr           r4, [%[pairs], #28]   \n\t" /* outputs */
    "add           r2, r6, r4             \n\t"
    "strd          r0, r2, [%[pairs], #40] \n\t"
    NEXT_PAIR
    "bne           3b                     \n\t"
    : [pairs] "+r" (pairs) : : CLOBBERED);
}

/* Rows of one chunk, which stay in q0 and q1: 39 instructions for eight outputs. */
static void
multiply_short_rows (struct pairs *work)
{
  register struct pairs *pairs __asm__("r11") = work;

  __asm__ volatile (
    LOAD_LIMITS
    "ldrd          r3, r5, [%[pairs], #40] \n\t" /* y */
    "3:                                  \n\t"
    "ldrd          r0, r2, [%[pairs], #32] \n\t" /* x */
    "vldrb.8       q0, [r0]               \n\t"
    "vldrb.8       q1, [r2]               \n\t"
    "ldrd          r1, r9, [%[pairs]]    \n\t" /* weights, channels */
    "ldr           r4, [%[pairs], #12]   \n\t" /* blocks */
    "str           r4, [%[pairs], #52]   \n\t"
    "1:                                  \n\t"
    MULTIPLY_CHUNK ("vmladav", "q0", "q1", "q6", "q7")
    MOVE_SUMS ("q6", "q7")
    ADD_BIAS ("q6", "q7", "r9")
    "ldr           r0, [%[pairs], #16]   \n\t" /* offset */
    "ldr           r4, [%[pairs], #52]   \n\t" /* blocks that are left */
    STORE_SUMS ("q6", "q7", "r9", "r0", "r3", "r5")
    "subs          r4, #1                 \n\t"
    "str           r4, [%[pairs], #52]   \n\t"
    "bne           1b                     \n\t"
    NEXT_OUTPUTS ("r3", "r5")
    NEXT_PAIR
    "bne           3b                     \n\t"
    : [pairs] "+r" (pairs) : : CLOBBERED);
}

/* Rows of two chunks, of which the second row's are read again for each block: 54 instructions. */
static void
multiply_middle_rows (struct pairs *work)
{
  register struct pairs *pairs __asm__("r11") = work;

  __asm__ volatile (
    LOAD_LIMITS
    "ldrd          r3, r5, [%[pairs], #40] \n\t" /* y */
    "3:                                  \n\t"
    "ldrd          r0, r2, [%[pairs], #32] \n\t" /* x */
    "vldrb.8       q0, [r0]               \n\t"
    "vldrb.8       q1, [r0, #16]          \n\t"
    "ldrd          r1, r9, [%[pairs]]    \n\t" /* weights, channels */
    "ldr           r4, [%[pairs], #12]   \n\t" /* blocks */
    "str           r4, [%[pairs], #52]   \n\t"
    "1:                                  \n\t"
    "vldrb.8       q2, [r2]               \n\t"
    "vldrb.8       q3, [r2, #16]          \n\t"
    MULTIPLY_CHUNK ("vmladav", "q0", "q2", "q6", "q7")
    MULTIPLY_CHUNK ("vmladava", "q1", "q3", "q6", "q7")
    MOVE_SUMS ("q6", "q7")
    ADD_BIAS ("q6", "q7", "r9")
    "ldr           r0, [%[pairs], #16]   \n\t" /* offset */
    "ldr           r4, [%[pairs], #52]   \n\t" /* blocks that are left */
    STORE_SUMS ("q6", "q7", "r9", "r0", "r3", "r5")
    "ldr           r2, [%[pairs], #36]   \n\t"
    "subs          r4, #1                 \n\t"
    "str           r4, [%[pairs], #52]   \n\t"
    "bne           1b                     \n\t"
    NEXT_OUTPUTS ("r3", "r5")
    NEXT_PAIR
    "bne           3b                     \n\t"
    : [pairs] "+r" (pairs) : : CLOBBERED);
}
/* clang-format on */

/* The outputs beyond the last whole block, of which there are some. */
static void
multiply_rest (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  const uint32_t blocks = matrix->blocks;
  const int32_t rest = matrix->outputs % BLOCK;
  int8_t last[BLOCK];

  if (rest == 0)
    return;
  multiply_blocks (matrix,
                   matrix->weights + blocks * BLOCK * matrix->chunks * FRT_HELIUM_TAPS,
                   matrix->channels + blocks, x, 1, last);
  for (int32_t i = 0; i < rest; i++)
    y[blocks * BLOCK + (uint32_t)i] = last[i];
}

void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  if (matrix->blocks > 0)
    multiply_blocks (matrix, matrix->weights, matrix->channels, x, matrix->blocks, y);
  if (matrix->outputs % BLOCK != 0)
    multiply_rest (matrix, x, y);
}

/* COUNT pairs, of which there is one at least; their outputs are whole blocks, so that they lie as the assembly
 * leaves Y, or there is one pair. */
static void
multiply_pairs (const struct frt_helium_matrix *matrix, const int8_t *x, int32_t step,
                uint32_t count, int8_t *y)
{
  struct pairs pairs = {
    .matrix = *matrix,
    .x = { x, x + step },
    .y = { y, y + matrix->outputs },
    .count = count,
    .step = 2 * step,
  };

  if (matrix->chunks == 1)
    multiply_short_rows (&pairs);
  else if (matrix->chunks == 2)
    multiply_middle_rows (&pairs);
  else
    multiply_long_rows (&pairs);
}

void
frt_helium_multiply_pairs (const struct frt_helium_matrix *matrix, const int8_t *x,
                           int32_t step, int32_t count, int8_t *y)
{
  const int32_t outputs = matrix->outputs;

  if (count > 0 && outputs % BLOCK == 0)
    {
      multiply_pairs (matrix, x, step, (uint32_t)count, y);
      return;
    }
  for (; count > 0; count--, x += 2 * step, y += 2 * outputs)
    {
      if (matrix->blocks > 0)
        multiply_pairs (matrix, x, step, 1, y);
      multiply_rest (matrix, x, y);
      multiply_rest (matrix, x + step, y + outputs);
    }
}
#else
void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  const struct frt_helium_range range = { matrix->offset,
                                          matrix->minimum + matrix->offset,
                                          matrix->maximum + matrix->offset };
  const uint32_t taps = matrix->chunks * FRT_HELIUM_TAPS;

  for (int32_t output = 0; output < matrix->outputs; output++)
    {
      const int32_t block = output / BLOCK, lane = output % BLOCK;
      const int8_t *weights =
          matrix->weights + (uint32_t)block * BLOCK * taps + lane * FRT_HELIUM_TAPS;
      uint32_t sum = 0;

      for (uint32_t tap = 0; tap < taps; tap++)
        sum += (uint32_t)(weights[tap / FRT_HELIUM_TAPS * FRT_HELIUM_TAPS * BLOCK
                                  + tap % FRT_HELIUM_TAPS]
                          * x[tap]);
      y[output] = frt_helium_requantize_one (&matrix->channels[block], lane, sum, &range);
    }
}

void
frt_helium_multiply_pairs (const struct frt_helium_matrix *matrix, const int8_t *x,
                           int32_t step, int32_t count, int8_t *y)
{
  for (int32_t i = 0; i < 2 * count; i++)
    frt_helium_multiply (matrix, x + i * step, y + i * matrix->outputs);
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
      if (channels[i].multiplier[lane] < 0 || channels[i].shift[lane] > -1
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
