/* SPDX-License-Identifier: Apache-2.0 */
/* add_s8_packed.c: ADD, int8, packed for ARMv7E-M: equal shapes.
 *
 * In the scale that both inputs share, the one with the larger scale is only shifted: it is
 * the plain one. The other one is scaled, unless it has the same scale. */
#include "arch/packed_requantize.h"
#include "arch/requantize_asm.h"
#include "check.h"

#define PLAIN_BITS  20 /* by which the plain input is shifted: twice the half */
#define SCALED_BITS 21
#define UNROLLED    4

#if FRT_HAS_DSP

/* clang-format off */

/* Limits and stores twice a sum in r3. */
#define FINISH                                                                           \
  "add lr, r10, r3, asr #31\n\t"                                                         \
  "smmlar r3, r3, r9, lr\n\t"                                                            \
  "asr r3, r3, r11\n\t"                                                                  \
  "ssat r3, #8, r3\n\t"                                                                  \
  "strb r3, [r2], #1\n\t"

#define ADD_SCALED                                                                       \
  "ldrsb r12, [r0], #1\n\t"                                                              \
  "ldrsb r3, [r1], #1\n\t"                                                               \
  "add r12, r4, r12, lsl #21\n\t"                                                        \
  "add lr, r6, r12, asr #31\n\t"                                                         \
  "smmlar r12, r12, r5, lr\n\t"                                                          \
  "add r3, r8, r3, lsl #20\n\t"                                                          \
  "asr r12, r12, r7\n\t"                                                                 \
  "add r3, r3, r12, lsl #1\n\t" FINISH

#define ADD_PLAIN                                                                        \
  "ldrsb r12, [r0], #1\n\t"                                                              \
  "ldrsb r3, [r1], #1\n\t"                                                               \
  "add r3, r3, r12\n\t"                                                                  \
  "add r3, r8, r3, lsl #20\n\t" FINISH

/* Four elements a turn, until Y is END. The channels are in r4 to r7 and r8 to r11. */
NAKED static void
add_fours (const int8_t *scaled __attribute__ ((unused)),
           const int8_t *plain __attribute__ ((unused)),
           int8_t *y __attribute__ ((unused)),
           const struct frt_packed_channel channels[2] __attribute__ ((unused)),
           const int8_t *end __attribute__ ((unused)))
{
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "ldmia r3, {r4-r11}\n\t"
      "cmp r5, #0\n\t"
      "beq 2f\n"
      "1:\n\t"
      ".rept 4\n\t"
      ADD_SCALED
      ".endr\n\t"
      "ldr r12, [sp, #36]\n\t"
      "cmp r2, r12\n\t"
      "bne 1b\n\t"
      "pop {r4-r11, pc}\n"
      "2:\n\t"
      ".rept 4\n\t"
      ADD_PLAIN
      ".endr\n\t"
      "ldr r12, [sp, #36]\n\t"
      "cmp r2, r12\n\t"
      "bne 2b\n\t"
      "pop {r4-r11, pc}\n");
}

/* clang-format on */

#endif

static int8_t
add_one (int8_t scaled, int8_t plain, const struct frt_packed_channel channels[2])
{
  const struct frt_packed_channel *term = &channels[0], *output = &channels[1];
  const struct frt_packed_range range = { INT8_MIN, INT8_MAX };
  uint32_t twice_sum = (uint32_t)output->twice_bias + ((uint32_t)plain << PLAIN_BITS);

  if (term->multiplier == 0)
    twice_sum += (uint32_t)scaled << PLAIN_BITS;
  else
    twice_sum +=
        2
        * (uint32_t)frt_packed_scale (
            (uint32_t)term->twice_bias + ((uint32_t)scaled << SCALED_BITS), term);
  return frt_packed_requantize (twice_sum, output, range);
}

#if !FRT_HAS_DSP

static void
add_fours (const int8_t *scaled, const int8_t *plain, int8_t *y,
           const struct frt_packed_channel channels[2], const int8_t *end)
{
  while (y != end)
    *y++ = add_one (*scaled++, *plain++, channels);
}

#endif

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_add_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const uint32_t scaled_input = parameters->scaled_input;
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const int8_t *scaled = frt_input_data (image, operator_, arena, scaled_input);
  const int8_t *plain = frt_input_data (image, operator_, arena, 1 - scaled_input);
  int8_t *y = frt_output_data (image, operator_, arena, 0);
  const int32_t fours = count - count % UNROLLED;

  if (fours > 0)
    add_fours (scaled, plain, y, parameters->channels, y + fours);
  for (int32_t i = fours; i < count; i++)
    y[i] = add_one (scaled[i], plain[i], parameters->channels);
  frt_packed_limit (
      y, count, (struct frt_packed_range){ parameters->minimum, parameters->maximum });
}

static bool
has_elements (const struct frt_tensor *tensor, int32_t count)
{
  return tensor->type == FRT_INT8 && frt_element_count (tensor) == count;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_add_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const int32_t count = frt_element_count (output);

  return image->header->packing == FRT_PACKING_ARMV7E_M
                 && frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && has_elements (frt_input_tensor (image, operator_, 0), count)
                 && has_elements (frt_input_tensor (image, operator_, 1), count)
                 && parameters->scaled_input < operator_->input_count
                 && frt_check_packed_shift (&parameters->channels[0])
                 && frt_check_packed_shift (&parameters->channels[1])
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_add_s8_packed = {
  .id = FRT_KERNEL_ADD_S8_PACKED,
  .parameters_size = sizeof (struct frt_add_s8_packed_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
