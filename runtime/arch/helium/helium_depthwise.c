/* SPDX-License-Identifier: Apache-2.0 */
/* helium_depthwise.c: the sums of a depthwise convolution, sixteen channels side by side.
 *
 * There is no instruction that adds products of bytes to sums of 32 bits in their lanes, and widening
 * each product costs more than making it. So each sum is kept twice in 16 bits: modulo 2^16, and
 * 256 times smaller, where every product is rounded down. The second is too small by one per tap at most,
 * so that it tells, with the first, which multiple of 2^16 is missing. */
#include "arch/helium/helium_depthwise.h"

#include <stddef.h>

#define BLOCK FRT_HELIUM_LANES

#if FRT_HAS_MVE
_Static_assert(offsetof (struct frt_helium_depthwise, taps) == 8, "LOAD_LAYER");
_Static_assert(offsetof (struct frt_helium_depthwise, first_step) == 16, "LOAD_LAYER");
_Static_assert(offsetof (struct frt_helium_depthwise, column_step) == 24, "the steps");
_Static_assert(offsetof (struct frt_helium_depthwise, minimum) == 36, "FINISH_BLOCK");

/* In all of the following, r1 points to the weights, r2 to the blocks, r6 is 128, r11 the layer. */
#define LOAD_LAYER                                                                       \
  "ldrd         r1, r2, [%[layer], #0]     \n\t"                                         \
  "movs         r6, #128                   \n\t"

/* The bias: q4 and q5 modulo 2^16, of even and of odd lanes; q6 and q7 in units of 256. */
#define START_BLOCK                                                                      \
  "vldrw.32     q4, [r2], #16              \n\t"                                         \
  "vldrw.32     q5, [r2], #16              \n\t"                                         \
  "vldrw.32     q6, [r2], #16              \n\t"                                         \
  "vldrw.32     q7, [r2], #16              \n\t"

/* Adds the products of the cell at ADDRESS. VQDMLAH doubles and takes the upper half. */
#define ADD_TAP(load, address)                                                           \
  load " q0, [" address "]                 \n\t"                                         \
       "vldrb.8      q1, [r1], #16              \n\t"                                    \
       "vmullb.s8    q2, q0, q1                 \n\t"                                    \
       "vmullt.s8    q0, q0, q1                 \n\t"                                    \
       "vadd.i16     q4, q4, q2                 \n\t"                                    \
       "vqdmlah.s16  q6, q2, r6                 \n\t"                                    \
       "vadd.i16     q5, q5, q0                 \n\t"                                    \
       "vqdmlah.s16  q7, q0, r6                 \n\t"

/* From sums LOW and HIGH of eight lanes the whole ones: of even ones in LOW, of odd ones in HIGH.
 * Their upper halves are HIGH, less the byte that it shares with LOW, to nearest. */
#define JOIN(low, high, scratch)                                                         \
  "vshr.u16     " scratch ", " low ", #8   \n\t"                                         \
  "vsub.i16     " high ", " high ", " scratch "\n\t"                                     \
  "vshr.u32     " scratch ", " low ", #16  \n\t"                                         \
  "vrshr.s16    " high ", " high ", #8     \n\t"                                         \
  "vmovnt.i32   " low ", " high "          \n\t"                                         \
  "vmovnb.i32   " high ", " scratch "      \n\t"

/* Requantizes the sums in EVEN and ODD, as helium_matrix.c does, and narrows both into EVEN. */
#define SCALE(even, odd)                                                                 \
  "vldrw.32     q0, [r2], #16              \n\t"                                         \
  "vqrdmulh.s32 " even ", " even ", q0     \n\t"                                         \
  "vldrw.32     q1, [r2], #16              \n\t"                                         \
  "vqrdmulh.s32 " odd ", " odd ", q1       \n\t"                                         \
  "vshr.s32     q2, " even ", #31          \n\t"                                         \
  "vldrw.32     q0, [r2], #16              \n\t"                                         \
  "vadd.i32     " even ", " even ", q2     \n\t"                                         \
  "vshr.s32     q3, " odd ", #31           \n\t"                                         \
  "vrshl.s32    " even ", " even ", q0     \n\t"                                         \
  "vldrw.32     q1, [r2], #16              \n\t"                                         \
  "vadd.i32     " odd ", " odd ", q3       \n\t"                                         \
  "vrshl.s32    " odd ", " odd ", q1       \n\t"                                         \
  "vqmovnb.s32  " even ", " even "         \n\t"                                         \
  "vqmovnt.s32  " even ", " odd "          \n\t"

/* The results into q4. What is beyond int16 is limited anyway, and the offset is far smaller. */
#define FINISH_BLOCK                                                                     \
  JOIN ("q4", "q6", "q0")                                                                \
  JOIN ("q5", "q7", "q1")                                                                \
  SCALE ("q4", "q6")                                                                     \
  SCALE ("q5", "q7")                                                                     \
  "ldr          r4, [%[layer], #20]        \n\t"                                         \
  "vqadd.s16    q4, q4, r4                 \n\t"                                         \
  "vqadd.s16    q5, q5, r4                 \n\t"                                         \
  "vldrb.8      q0, [%[layer], #36]        \n\t"                                         \
  "vqmovnb.s16  q4, q4                     \n\t"                                         \
  "vldrb.8      q1, [%[layer], #52]        \n\t"                                         \
  "vqmovnt.s16  q4, q5                     \n\t"                                         \
  "vmax.s8      q4, q4, q0                 \n\t"                                         \
  "vmin.s8      q4, q4, q1                 \n\t"

/* r0 points to the taps, r5 is the first channel of the block, r8 counts blocks, r9 is the step to
 * the next one. */
#define CONVOLVE_TAPS(load, store)                                                       \
  LOAD_LAYER                                                                             \
  "ldrd         r10, r8, [%[layer], #8]    \n\t"                                         \
  "ldr          r9, [%[layer], #16]        \n\t"                                         \
  "movs         r5, #0                     \n"                                           \
  "1:                                      \n\t" START_BLOCK                             \
  "dls          lr, r10                    \n"                                           \
  "2:                                      \n\t"                                         \
  "ldr          r4, [%[taps]], #4          \n\t"                                         \
  "add          r4, r5                     \n\t" ADD_TAP (                               \
      load, "r4") "le           lr, 2b                     \n\t"                         \
                  "sub          %[taps], %[taps], r10, lsl #2 \n\t" FINISH_BLOCK store   \
                  " q4, [%[y]]                       \n\t"                               \
                  "add          %[y], r9                   \n\t"                         \
                  "add          r5, r9                     \n\t"                         \
                  "movs         r9, #16                    \n\t"                         \
                  "subs         r8, #1                     \n\t"                         \
                  "bne          1b                         \n\t"

#define CLOBBERED                                                                        \
  "r1", "r2", "r4", "r5", "r6", "r8", "r9", "r10", "lr", "cc", "memory", "q0", "q1",     \
      "q2", "q3", "q4", "q5", "q6", "q7"

void
frt_helium_convolve_taps (const struct frt_helium_depthwise *layer,
                          const int8_t *const *taps, uint32_t lanes, int8_t *y)
{
  if (lanes == BLOCK)
    __asm__ volatile(CONVOLVE_TAPS ("vldrb.8", "vstrb.8")
                     : [taps] "+r"(taps), [y] "+r"(y)
                     : [layer] "r"(layer)
                     : CLOBBERED);
  else
    __asm__ volatile("vctp.8       %[lanes]               \n\t" CONVOLVE_TAPS (
                         "vpst \n\t vldrbt.8", "vpst \n\t vstrbt.8")
                     : [taps] "+r"(taps), [y] "+r"(y)
                     : [layer] "r"(layer), [lanes] "r"(lanes)
                     : CLOBBERED);
}

void
frt_helium_convolve_inner (const struct frt_helium_depthwise *layer, const int8_t *x,
                           uint32_t count, int8_t *y)
{
  /* r4 walks over the taps, by r5 within rows and r10 between them. */
#define NEXT_COLUMN "add          r4, r5                     \n\t"
#define NEXT_ROW    "add          r4, r10                    \n\t"
#define ADD_NEXT    ADD_TAP ("vldrb.8", "r4")
#define ADD_ROW     ADD_NEXT NEXT_COLUMN ADD_NEXT NEXT_COLUMN ADD_NEXT
  __asm__ volatile("ldrd         r5, r10, [%[layer], #24]   \n\t"
                   "mov          lr, %[count]               \n"
                   "1:                                      \n\t" LOAD_LAYER
                   "ldrd         r8, r9, [%[layer], #12]    \n"
                   "2:                                      \n\t" START_BLOCK
                   "mov          r4, %[x]                   \n\t" ADD_ROW NEXT_ROW ADD_ROW
                       NEXT_ROW ADD_ROW FINISH_BLOCK
                   "vstrb.8      q4, [%[y]]                 \n\t"
                   "add          %[y], r9                   \n\t"
                   "add          %[x], r9                   \n\t"
                   "movs         r9, #16                    \n\t"
                   "subs         r8, #1                     \n\t"
                   "bne          2b                         \n\t"
                   "ldr          r4, [%[layer], #32]        \n\t"
                   "add          %[x], r4                   \n\t"
                   "subs         lr, #1                     \n\t"
                   "bne          1b                         \n\t"
                   : [x] "+r"(x), [y] "+r"(y)
                   : [layer] "r"(layer), [count] "r"(count)
                   : CLOBBERED);
}
#else
/* Lanes from 0 to 15 of BLOCK, taps in weights. */
static int8_t
convolve_lane (const struct frt_helium_depthwise *layer, uint32_t block, uint32_t lane,
               const int8_t *const *taps, int32_t first)
{
  const struct frt_helium_block *channels = &layer->blocks[block];
  const int8_t *weights = layer->weights + block * layer->taps * BLOCK + lane;
  const uint32_t parity = lane % 2, place = lane / 2;
  const struct frt_helium_factors *factors = &channels->factors[parity];
  const struct frt_helium_range range = { layer->offset, layer->minimum[0],
                                          layer->maximum[0] };
  int32_t sum =
      channels->high[parity][place] * 256 + (uint8_t)channels->low[parity][place];

  for (uint32_t tap = 0; tap < layer->taps; tap++)
    sum += weights[tap * BLOCK] * taps[tap][first + (int32_t)lane];
  return frt_helium_scale_one (sum, factors->multiplier[place % 2][place / 2],
                               factors->shift[place % 2][place / 2], &range);
}

void
frt_helium_convolve_taps (const struct frt_helium_depthwise *layer,
                          const int8_t *const *taps, uint32_t lanes, int8_t *y)
{
  int32_t first = 0;

  for (uint32_t block = 0; block < layer->block_count; block++)
    {
      for (uint32_t lane = 0; lane < lanes; lane++)
        y[first + (int32_t)lane] = convolve_lane (layer, block, lane, taps, first);
      first += block == 0 ? layer->first_step : BLOCK;
    }
}

void
frt_helium_convolve_inner (const struct frt_helium_depthwise *layer, const int8_t *x,
                           uint32_t count, int8_t *y)
{
  const int32_t step = layer->first_step + ((int32_t)layer->block_count - 1) * BLOCK;
  const int32_t row = 2 * layer->column_step + layer->row_step;

  for (; count > 0; count--, x += step + layer->skip, y += step)
    {
      const int8_t *taps[9];

      for (int32_t tap = 0; tap < 9; tap++)
        taps[tap] = x + tap / 3 * row + tap % 3 * layer->column_step;
      frt_helium_convolve_taps (layer, taps, BLOCK, y);
    }
}
#endif
