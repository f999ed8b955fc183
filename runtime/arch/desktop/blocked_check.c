/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_check.c: checks the constants and the scratch of blocked kernels. */
#include "arch/desktop/blocked_f32.h"
#include "arch/desktop/blocked_s8.h"

/* Elements of the weights of all blocks; TAPS may be any number. */
static uint64_t
count_weights (uint64_t taps, int32_t outputs)
{
  return frt_check_product (taps, (uint64_t)frt_count_blocks (outputs) * FRT_BLOCK_LANES);
}

bool
frt_check_block_channels (const frt_image *image, uint32_t offset, int32_t outputs)
{
  const struct frt_block_channels *channels = frt_constant (image, offset);
  const uint32_t blocks = frt_count_blocks (outputs);

  if (!frt_afford (image, blocks * FRT_BLOCK_LANES))
    return false;
  for (uint32_t block = 0; block < blocks; block++)
    for (int lane = 0; lane < FRT_BLOCK_LANES; lane++)
      {
        const int32_t left = channels[block].left_shift[lane];
        const int32_t right = channels[block].right_shift[lane];

        if (channels[block].multiplier[lane] < 0 || left < 0 || left > FRT_MAX_SHIFT
            || right < 0 || right > FRT_MAX_SHIFT)
          return false;
      }
  return true;
}

int
frt_check_blocked_s8 (const frt_image *image, const struct frt_operator *operator_,
                      uint32_t weights_offset, uint32_t channels_offset, uint64_t taps,
                      int32_t outputs, int32_t rows)
{
  const uint64_t even_taps = taps + taps % 2;
  const uint32_t block_words = sizeof (struct frt_block_channels) / sizeof (int32_t);

  if (image->header->packing != FRT_PACKING_DESKTOP)
    return FRT_E_OPERATOR;
  /* So many that EVEN_TAPS may have overflowed. */
  if (taps > FRT_MAX_BYTES
      || !frt_check_block (image, weights_offset, count_weights (even_taps, outputs), 2)
      || !frt_check_block (image, channels_offset,
                           (uint64_t)frt_count_blocks (outputs) * block_words, 4)
      || operator_->scratch_size
             < frt_check_product (even_taps, (uint64_t)rows * sizeof (int16_t)))
    return FRT_E_LAYOUT;
  return frt_check_block_channels (image, channels_offset, outputs) ? FRT_OK
                                                                    : FRT_E_OPERATOR;
}

int
frt_check_blocked_f32 (const frt_image *image, const struct frt_operator *operator_,
                       uint32_t weights_offset, uint32_t bias_offset, uint64_t taps,
                       int32_t outputs, int32_t rows)
{
  if (image->header->packing != FRT_PACKING_DESKTOP)
    return FRT_E_OPERATOR;
  return frt_check_block (image, weights_offset, count_weights (taps, outputs), 4)
                 && frt_check_block (
                     image, bias_offset,
                     (uint64_t)frt_count_blocks (outputs) * FRT_BLOCK_LANES, 4)
                 && operator_->scratch_size
                        >= frt_check_product (taps, (uint64_t)rows * sizeof (float))
             ? FRT_OK
             : FRT_E_LAYOUT;
}
